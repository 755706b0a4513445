//! The list of organisations and the page of one, whose address is `/@username`.

use super::{Listed, event, listed, task};
use crate::answer;
use crate::card::{self, Card, FollowBox};
use crate::error::Error;
use crate::feeds::atom;
use crate::i18n::{Key, Locale};
use crate::layout::{Frame, shortened};
use crate::paging::Paging;
use crate::query::{Dates, Search};
use crate::structured;
use crate::visit::Visit;
use askama::Template;
use axum::response::{IntoResponse, Response};
use domain::Language;
use domain::event::EventView;
use domain::organisation::{self, Description, OrganisationView};
use domain::task::TaskView;
use serde::Serialize;
use store::{Conn, Timestamp};

/// Where the list is.
const PATH: &str = "/organisaatiot";
/// Most characters of a description in a list.
const EXCERPT: usize = 160;
/// Most events, and most tasks, that stand on the page of one.
const MOST: i64 = 20;

/// A description in the reader's language, or in the first that there is.
pub struct Told {
    /// The language that it is in.
    pub lang: &'static str,
    /// The text, plain.
    pub text: String,
}

impl Told {
    fn of(l: Locale, description: &Description) -> Option<Told> {
        let mine = l.language();
        [mine].into_iter().chain(Language::ALL).find_map(|language| {
            let text = description.in_language(language).filter(|text| !text.is_empty())?;
            Some(Told { lang: language.as_str(), text: text.to_owned() })
        })
    }

    /// Its beginning, as a list shows it.
    fn begun(self) -> Told {
        Told { text: shortened(&self.text, EXCERPT), ..self }
    }

    /// Its paragraphs.
    pub fn paragraphs(&self) -> impl Iterator<Item = &str> {
        self.text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty())
    }
}

/// An organisation in a list.
pub struct Row {
    /// Where the profile is and comes from.
    pub card: Card,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: String,
    /// Where it is.
    pub municipality: Option<String>,
    /// What it says of itself.
    pub text: Option<Told>,
}

impl Row {
    /// Of a view.
    pub fn of(visit: &Visit, organisation: &OrganisationView) -> Row {
        Row {
            card: Card::actor(visit, &organisation.source, &organisation.slug).naming([organisation.name.as_str()]),
            name: organisation.name.clone(),
            kind: organisation.kind.clone(),
            municipality: organisation.municipality.clone(),
            text: Told::of(visit.l, &organisation.description).map(Told::begun),
        }
    }
}

#[derive(Template)]
#[template(path = "organisation/list.html")]
struct ListPage {
    l: Locale,
    frame: Frame,
    search: Search,
    paging: Paging,
    total: i64,
    organisations: Vec<Row>,
}

/// `GET /organisaatiot`
pub async fn list(visit: Visit) -> Result<Response, Error> {
    let search = Search::read(&visit, PATH, Dates::Unshown);
    let (found, status) = match listed(&visit, &search, organisation::list).await? {
        Listed::Page(found, status) => (found, status),
        Listed::Answer(answer) => return Ok(answer),
    };
    let l = visit.l;
    let frame =
        Frame::new(&visit, &l.t("organisation-list"), &l.t("organisation-list-lead")).fed(&search, &[atom::KIND]);
    let paging = search.paging(found.total, l);
    let organisations = found.items.iter().map(|organisation| Row::of(&visit, organisation)).collect();
    let page = ListPage { l, frame, search, paging, total: found.total, organisations };
    Ok((status, answer::html(&page.frame, &page)?).into_response())
}

/// `GET /organisaatiot.atom`
pub async fn atom(visit: Visit) -> Result<Response, Error> {
    let search = Search::read(&visit, PATH, Dates::Unshown);
    atom::list(&visit, &search, (Key("organisation-list"), Key("organisation-list-lead")), organisation::list, told)
        .await
}

fn told<'a>(visit: &Visit, organisation: &'a OrganisationView) -> atom::Told<'a> {
    let text = Told::of(visit.l, &organisation.description);
    atom::Told {
        source: &organisation.source,
        title: &organisation.name,
        summary: text.as_ref().map(|told| told.text.clone()).unwrap_or_default(),
        content: None,
        language: text.map_or("", |told| told.lang),
        author: &organisation.name,
        words: Vec::new(),
        published: None,
        updated: organisation.updated,
    }
}

/// An organisation, with what it puts on and whom it looks for.
#[derive(Serialize)]
pub struct Shown {
    /// Itself.
    #[serde(flatten)]
    pub organisation: OrganisationView,
    events: Vec<EventView>,
    tasks: Vec<TaskView>,
}

impl Shown {
    /// By the last part of its page's address.
    ///
    /// # Errors
    /// Those of the database.
    pub fn by_slug(conn: &mut Conn, host: &str, slug: &str, now: Timestamp) -> Result<Option<Shown>, store::Error> {
        let Some(organisation) = organisation::by_slug(conn, host, slug)? else { return Ok(None) };
        let events = domain::event::of_organiser(conn, &organisation.source, now, MOST)?;
        let tasks = domain::task::open_of_client(conn, &organisation.source, now, MOST)?;
        Ok(Some(Shown { organisation, events, tasks }))
    }
}

#[derive(Template)]
#[template(path = "organisation/page.html")]
struct Page {
    l: Locale,
    frame: Frame,
    card: Card,
    organisation: OrganisationView,
    website: Option<String>,
    text: Option<Told>,
    events: Vec<event::Row>,
    tasks: Vec<task::Row>,
    follow: Option<FollowBox>,
}

/// The page of an organisation.
pub fn page(visit: &Visit, shown: Shown) -> Result<Response, Error> {
    let l = visit.l;
    let organisation = shown.organisation;
    let text = Told::of(l, &organisation.description);
    let description = text.as_ref().map_or_else(|| l.t("organisation-list-lead"), |text| text.text.clone());
    let mut frame = Frame::new(visit, &organisation.name, &description).of(
        "profile",
        &organisation.source.id,
        organisation.handle.as_deref(),
    );
    let card = Card::actor(visit, &organisation.source, &organisation.slug).naming([organisation.name.as_str()]);
    frame = frame.within(PATH);
    if card.local {
        frame = frame.described(Some(&structured::organisation(visit, &organisation)));
    } else {
        frame = frame.copy_of(&card.page);
    }
    let website = organisation.website.as_deref().and_then(card::web).map(str::to_owned);
    let follow = organisation.handle.as_deref().map(|handle| FollowBox::new(l, &organisation.name, handle));
    let events = shown.events.iter().map(|event| event::Row::of(visit, event)).collect();
    let tasks = shown.tasks.iter().map(|task| task::Row::of(visit, task)).collect();
    let page = Page { l, frame, card, organisation, website, text, events, tasks, follow };
    answer::html(&page.frame, &page)
}
