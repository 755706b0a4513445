//! What of the own profile is published: a switch for each field, all off, and what Mastodon will show.

use super::{Step, is_saved, own, steps};
use crate::answer;
use crate::csrf::SignedForm;
use crate::error::Error;
use crate::i18n::Locale;
use crate::layout::Frame;
use crate::session::SignedIn;
use crate::visit::Visit;
use askama::Template;
use axum::response::Response;
use domain::person::Field;
use domain::person::texts::{self, Text};
use domain::producer::own::{self as profile, Own, Standing};
use domain::producer::{ActorCard, actor_card, language_word};
use domain::{engagement, region, skill};
use std::collections::BTreeSet;

/// A field and its switch.
pub(super) struct Switch {
    /// The field's word.
    pub field: &'static str,
    /// What it is called.
    pub label: String,
    /// What it holds, in a line; may be empty.
    pub value: String,
    /// It may be published.
    pub on: bool,
}

#[derive(Template)]
#[template(path = "member/publication.html")]
struct Page {
    l: Locale,
    frame: Frame,
    form: String,
    steps: Vec<Step>,
    saved: bool,
    written: bool,
    text: Vec<&'static str>,
    switches: Vec<Switch>,
    preview: Option<ActorCard>,
    picture: &'static str,
    standing: Standing,
    may_ask: bool,
    public: Option<String>,
}

/// `GET /me/publication`
pub async fn show(signed_in: SignedIn) -> Result<Response, Error> {
    let SignedIn { visit, visitor, form } = signed_in;
    let (l, own) = (visit.l, own(&visit, &visitor.account.id).await?);
    let origin = &visit.node().origin;
    let view = own.as_ref().and_then(|own| own.view.as_ref());
    let standing = own.as_ref().map_or(Standing::Private, |own| own.standing.clone());
    let unpublished = matches!(standing, Standing::Private | Standing::Returned(_));
    let page = Page {
        l,
        frame: Frame::new(&visit, &l.t("member-publication"), &l.t("publication-lead")).unlisted(),
        form: form.value().to_owned(),
        steps: steps(&visit),
        saved: is_saved(&visit),
        written: own.is_some(),
        text: texts::words(Text::Publication, l.language()).lines().collect(),
        switches: own.iter().flat_map(|own| Field::ALL.map(|field| switch(l, own, field))).collect(),
        picture: "/me/picture.jpg",
        preview: view.map(|view| actor_card(view, origin)),
        public: view.filter(|_| standing == Standing::Published).map(|view| l.link(&format!("/@{}", view.slug))),
        may_ask: unpublished && view.is_some(),
        standing,
    };
    answer::html(&page.frame, &page)
}

/// The switch of a field of a profile.
pub(super) fn switch(l: Locale, own: &Own, field: Field) -> Switch {
    let label = l.word("publication-field", field.as_str());
    let value: String = told(l, own, field).chars().take(300).collect();
    Switch { field: field.as_str(), label, value, on: own.consented.contains(&field) }
}

/// What a field holds, in a line, so that one sees what the switch is about.
fn told(l: Locale, own: &Own, field: Field) -> String {
    let (told, work, language) = (&own.told, &own.work, l.language());
    let joined = |words: Vec<String>| words.join(", ");
    match field {
        Field::Name => told.name.clone(),
        Field::Headline => told.headline.clone(),
        Field::Bio => told.bio.clone(),
        Field::Municipality => told.municipality.clone(),
        Field::Remote => {
            if told.remote {
                l.t("producer-remote-yes")
            } else {
                String::new()
            }
        }
        Field::Links => joined(told.links.clone()),
        Field::Skills => joined(own.skills.iter().map(|id| skill::label_of(id).label(language).to_owned()).collect()),
        Field::Levels => {
            let level = |(id, level): (&String, &u8)| format!("{} {level}/4", skill::label_of(id).label(language));
            joined(work.levels.iter().map(level).collect())
        }
        Field::Languages => {
            joined(told.languages.iter().map(|code| language_word(code, language).to_owned()).collect())
        }
        Field::Fields => joined(told.fields.iter().map(|id| l.word("field", id)).collect()),
        Field::Titles => {
            joined(told.titles.iter().map(|id| skill::occupation_of(id).label(language).to_owned()).collect())
        }
        Field::Regions => {
            let chosen = region::all().iter().filter(|one| told.regions.contains(&one.code));
            joined(chosen.map(|one| one.name(language).to_owned()).collect())
        }
        Field::Engagement => {
            joined(told.engagement.iter().map(|id| engagement::engagement_word(id, language).to_owned()).collect())
        }
        Field::Availability => {
            let period = |one: &domain::producer::Period| {
                format!("{}–{} ({} %)", l.plain_date(&one.from), l.plain_date(&one.until), one.share)
            };
            joined(work.availability.iter().map(period).collect())
        }
        Field::Portfolio => joined(work.portfolio.iter().map(|piece| piece.title.clone()).collect()),
        Field::Picture => own.picture.as_ref().map_or(String::new(), |picture| picture.alt.clone()),
        Field::Discoverable => l.t("publication-discoverable-hint"),
    }
}

/// `POST /me/publication`: what is on is published, what is off is not.
pub async fn save(form: SignedForm) -> Result<Response, Error> {
    let SignedForm { posted, visitor, .. } = form;
    let visit = posted.visit.clone();
    let on = posted.fields("on");
    let fields: BTreeSet<Field> =
        Field::ALL.into_iter().filter(|field| on.iter().any(|word| word == field.as_str())).collect();
    let (node, language, now) = (visit.node().clone(), visit.l.language(), visit.now);
    visit.write(move |conn| profile::consent(conn, &node, &visitor.account.id, &fields, language, now)).await?;
    Ok(saved(&visit))
}

/// `POST /me/publication/ask`
pub async fn ask(form: SignedForm) -> Result<Response, Error> {
    let SignedForm { posted, visitor, .. } = form;
    let (visit, now) = (posted.visit.clone(), posted.visit.now);
    visit.write(move |conn| profile::ask(conn, &visitor.account.id, now)).await?;
    Ok(saved(&visit))
}

fn saved(visit: &Visit) -> Response {
    answer::see(visit, "/me/publication?saved=1")
}
