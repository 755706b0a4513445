//! The map of the site (sitemaps.org) for search engines: the lists, and everything of this node's own that they may show.
//! Copies are left out: they are found where they come from.

use super::{document, found};
use crate::error::Error;
use crate::layout::Sections;
use crate::query::{Dates, Search};
use crate::visit::Visit;
use askama::Template;
use axum::response::Response;
use domain::view::Source;
use domain::{event, organisation, producer, task};
use store::Timestamp;

/// Where it is.
pub const PATH: &str = "/sitemap.xml";
const MEDIA_TYPE: &str = "application/xml; charset=utf-8";
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
    let lists = Sections::of(node.role).navigation.iter().map(|(path, _)| *path).chain(["/", "/tietoa"]);
    let mut places: Vec<Place> = lists.map(|path| Place { address: node.origin.url(path), changed: None }).collect();
    let search = Search::read(&visit, "", Dates::Unshown);
    let events = found(&visit, &search, MOST, event::list).await?;
    let tasks = found(&visit, &search, MOST, task::list).await?;
    let producers = found(&visit, &search, MOST, producer::list).await?;
    let organisations = found(&visit, &search, MOST, organisation::list).await?;
    let seen = producers.iter().filter(|producer| producer.discoverable);
    places.extend(events.iter().filter_map(|event| own(&event.source, event.updated)));
    places.extend(tasks.iter().filter_map(|task| own(&task.source, task.updated)));
    places.extend(seen.filter_map(|producer| own(&producer.source, producer.updated)));
    places.extend(organisations.iter().filter_map(|one| own(&one.source, one.updated)));
    Ok(document(MEDIA_TYPE, Map { places }.render()?))
}

fn own(source: &Source, updated: Timestamp) -> Option<Place> {
    let changed = Some(vocab::time::utc(updated.to_jiff()));
    source.local.then(|| Place { address: source.page.clone(), changed })
}
