//! The search across everything that this node has and knows, of all kinds and regions.

use super::{Listed, event, listed, task};
use crate::answer;
use crate::card::Card;
use crate::error::Error;
use crate::i18n::Locale;
use crate::layout::{Frame, shortened};
use crate::paging::Paging;
use crate::query::Search;
use crate::visit::Visit;
use askama::Template;
use axum::response::{IntoResponse, Response};
use domain::event::Status;
use domain::hits;
use domain::search::Hit;
use domain::view::Filter;
use store::{Conn, Timestamp};

/// Where it is.
pub const PATH: &str = "/search";
/// Most characters of an excerpt.
const EXCERPT: usize = 200;

/// Something that was found.
struct Row {
    card: Card,
    /// What it is.
    kind: String,
    title: String,
    /// When it happens, was published or changed.
    when: String,
    /// The word for a state that is not the usual one.
    state: Option<String>,
    /// It is an event that does not take place.
    off: bool,
    excerpt: String,
    /// The language of the excerpt.
    language: String,
}

impl Row {
    fn of(visit: &Visit, hit: &Hit) -> Row {
        let l = visit.l;
        let card = |path| Card::under(visit, path, &hit.source, &hit.slug, &hit.language);
        let date = l.date(&hit.moment);
        let (card, when, states) = match hit.kind {
            "event" => (card(event::PATH), date, "event-status"),
            "task" => (card(task::PATH), format!("{} {date}", l.t("dates-published")), "task-state"),
            _ => (Card::actor(visit, &hit.source, &hit.slug), format!("{} {date}", l.t("dates-updated")), ""),
        };
        Row {
            card: card.naming([hit.title.as_str()]),
            kind: l.word("search-kind", hit.kind),
            title: hit.title.clone(),
            when,
            state: hit.state.map(|state| l.word(states, state)),
            off: hit.kind == "event" && hit.state == Some(Status::Cancelled.as_str()),
            excerpt: shortened(&hit.about, EXCERPT),
            language: hit.language.clone(),
        }
    }
}

#[derive(Template)]
#[template(path = "search/page.html")]
struct Page {
    l: Locale,
    frame: Frame,
    search: Search,
    paging: Paging,
    total: i64,
    found: Vec<Row>,
}

/// `GET /search`
pub async fn show(visit: Visit) -> Result<Response, Error> {
    let search = Search::read_across(&visit, PATH);
    let kind = search.kind();
    let query = move |conn: &mut Conn, filter: &Filter, now: Timestamp| hits::search(conn, filter, kind, now);
    let (found, status) = match listed(&visit, &search, query).await? {
        Listed::Page(found, status) => (found, status),
        Listed::Answer(answer) => return Ok(answer),
    };
    let l = visit.l;
    let frame = Frame::new(&visit, &l.t("search-title"), &l.t("search-lead")).unlisted().seeking();
    let paging = search.paging(found.total, l);
    let rows = found.items.iter().map(|hit| Row::of(&visit, hit)).collect();
    let page = Page { l, frame, search, paging, total: found.total, found: rows };
    Ok((status, answer::html(&page.frame, &page)?).into_response())
}
