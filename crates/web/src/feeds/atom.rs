//! Atom (RFC 4287). An entry's id is the ActivityPub id, so whoever gets a thing by feed and by federation knows it as one.

use super::document;
use crate::error::Error;
use crate::query::Search;
use crate::visit::Visit;
use atom_syndication::{Category, Content, Entry, Feed, FixedDateTime, Generator, Link, Person, Text};
use axum::response::Response;
use domain::view::Source;
use store::Timestamp;
use vocab::SafeHtml;

/// The end of a feed's address.
pub const EXTENSION: &str = ".atom";
const MEDIA_TYPE: &str = "application/atom+xml; charset=utf-8";
/// The zone of the clock in our feeds makes no difference to a reader: UTC.
const EPOCH: &str = "1970-01-01T00:00:00Z";

/// One entry, as the slices tell it.
pub struct Told<'a> {
    /// Where it is and comes from.
    pub source: &'a Source,
    /// Its title.
    pub title: &'a str,
    /// What one reads before opening it, in plain words.
    pub summary: String,
    /// All of it.
    pub content: Option<&'a SafeHtml>,
    /// The language of title and content (BCP 47); empty when it is not told.
    pub language: &'a str,
    /// Who it is by.
    pub author: &'a str,
    /// Words for it.
    pub words: Vec<String>,
    /// When it was published, if that is told.
    pub published: Option<Timestamp>,
    /// When it last changed.
    pub updated: Timestamp,
}

/// The feed of a list: what changed last comes first, as readers expect it.
pub fn feed(
    visit: &Visit,
    search: &Search,
    title: &str,
    lead: &str,
    mut entries: Vec<Told<'_>>,
) -> Result<Response, Error> {
    let l = visit.l;
    let node = visit.node();
    let address = |path: String| node.origin.url(&path);
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.updated));
    let own = address(search.feed(l, EXTENSION));
    let name = node.region.name(l.language());
    let feed = Feed {
        title: Text::plain(format!("{title} – {name}")),
        subtitle: Some(Text::plain(lead)),
        id: own.clone(),
        updated: time(entries.first().map_or(visit.now, |newest| newest.updated)),
        authors: vec![Person { name: name.to_owned(), uri: Some(address(l.link("/"))), ..Person::default() }],
        generator: Some(Generator { value: "Solmu".to_owned(), uri: None, version: Some(visit.site.version.clone()) }),
        links: vec![
            link("self", own, "application/atom+xml"),
            link("alternate", address(search.shown(l)), "text/html"),
        ],
        lang: Some(l.code().to_owned()),
        entries: entries.into_iter().map(entry).collect(),
        ..Feed::default()
    };
    Ok(document(MEDIA_TYPE, feed.to_string()))
}

fn entry(told: Told<'_>) -> Entry {
    let lang = (!told.language.is_empty()).then(|| told.language.to_owned());
    let category = |word: String| Category { term: word, ..Category::default() };
    Entry {
        id: told.source.id.clone(),
        title: Text { lang: lang.clone(), ..Text::plain(told.title) },
        summary: (!told.summary.is_empty()).then(|| Text::plain(told.summary)),
        content: told.content.map(|content| Content {
            lang,
            value: Some(content.to_string()),
            content_type: Some("html".to_owned()),
            ..Content::default()
        }),
        authors: vec![Person { name: told.author.to_owned(), ..Person::default() }],
        categories: told.words.into_iter().map(category).collect(),
        links: crate::card::web(&told.source.page)
            .map(|page| link("alternate", page.to_owned(), "text/html"))
            .into_iter()
            .collect(),
        published: told.published.map(time),
        updated: time(told.updated),
        ..Entry::default()
    }
}

fn link(rel: &str, href: String, media_type: &str) -> Link {
    Link { href, rel: rel.to_owned(), mime_type: Some(media_type.to_owned()), ..Link::default() }
}

/// To the second: what is below would look like a change that is none.
fn time(at: Timestamp) -> FixedDateTime {
    vocab::time::utc(at.to_jiff()).parse().or_else(|_| EPOCH.parse()).unwrap_or_default()
}
