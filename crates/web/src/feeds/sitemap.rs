//! The map of the site (sitemaps.org) for search engines: the lists, and everything of this node's own that they may show.
//! Copies are left out: they are found where they come from.

use super::{all, document};
use crate::error::Error;
use crate::layout::Sections;
use crate::pages::texts::{ACCESSIBILITY, PRIVACY, SAFER_SPACE};
use crate::visit::Visit;
use askama::Template;
use axum::response::Response;
use domain::view::{Filter, Source};
use domain::{event, organisation, producer, task};
use store::{Conn, Timestamp};

/// Where it is.
pub const PATH: &str = "/sitemap.xml";
const MEDIA_TYPE: &str = "application/xml";
const TEXTS: [&str; 3] = [PRIVACY, ACCESSIBILITY, SAFER_SPACE];
/// Things of one kind at most; a map may have 50,000 addresses in all.
const MOST: i64 = 10_000;

struct Place {
    address: String,
    changed: Option<String>,
}

#[derive(Template)]
#[template(path = "sitemap.xml")]
struct Map {
    places: Vec<Place>,
}

/// `GET /sitemap.xml`
pub async fn show(visit: Visit) -> Result<Response, Error> {
    let node = visit.node();
    let lists = Sections::of(node.role).navigation.iter().map(|(path, _)| *path).chain(["/", "/tietoa"]).chain(TEXTS);
    let mut places: Vec<Place> = lists.map(|path| Place { address: node.origin.url(path), changed: None }).collect();
    let now = visit.now;
    places.extend(visit.read(move |conn| own(conn, now)).await?);
    Ok(document(MEDIA_TYPE, Map { places }.render()?))
}

fn own(conn: &mut Conn, now: Timestamp) -> Result<Vec<Place>, store::Error> {
    let filter = || Filter { own: true, ..Filter::default() };
    let mut places = Vec::new();
    let events = all(conn, filter(), MOST, now, event::list)?;
    places.extend(events.iter().map(|event| place(&event.source, event.updated)));
    let tasks = all(conn, filter(), MOST, now, task::list)?;
    places.extend(tasks.iter().map(|task| place(&task.source, task.updated)));
    let producers = all(conn, filter(), MOST, now, producer::list)?;
    let seen = producers.iter().filter(|producer| producer.discoverable);
    places.extend(seen.map(|producer| place(&producer.source, producer.updated)));
    let organisations = all(conn, filter(), MOST, now, organisation::list)?;
    places.extend(organisations.iter().map(|one| place(&one.source, one.updated)));
    Ok(places)
}

fn place(source: &Source, updated: Timestamp) -> Place {
    Place { address: source.page.clone(), changed: Some(vocab::time::utc(updated.to_jiff())) }
}
