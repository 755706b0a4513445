//! Atom (RFC 4287). An entry's id is the ActivityPub id, so whoever gets a thing by feed and by federation knows it as one.

use super::{Kind, document, found, time};
use crate::card;
use crate::error::Error;
use crate::i18n::Key;
use crate::query::Search;
use crate::visit::Visit;
use atom_syndication::{Category, Content, Entry, Feed, Generator, Link, Person, Text};
use axum::response::Response;
use domain::view::{Filter, Listing, Source};
use store::{Conn, Timestamp};
use vocab::SafeHtml;

/// This form of a list.
pub const KIND: Kind = Kind { extension: ".atom", media_type: "application/atom+xml", label: Key("feeds-atom") };

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

/// Answers a list as a feed. `query` is one of the domain's `list` functions.
///
/// # Errors
/// As [`found`].
pub async fn list<T, E, F>(
    visit: &Visit,
    search: &Search,
    (title, lead): (Key, Key),
    query: F,
    told: for<'a> fn(&Visit, &'a T) -> Told<'a>,
) -> Result<Response, Error>
where
    T: Send + 'static,
    F: Fn(&mut Conn, &Filter, Timestamp) -> Result<Listing<T>, E> + Send + 'static,
    store::Error: From<E>,
{
    let things = found(visit, search, query).await?;
    let entries = things.iter().map(|thing| told(visit, thing)).collect();
    Ok(document(KIND.media_type, feed(visit, search, &title.text(visit.l), &lead.text(visit.l), entries).to_string()))
}

/// What changed last comes first, as readers expect it.
fn feed(visit: &Visit, search: &Search, title: &str, lead: &str, mut entries: Vec<Told<'_>>) -> Feed {
    let l = visit.l;
    let node = visit.node();
    let address = |path: String| node.origin.url(&path);
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.updated));
    let own = address(search.feed(l, &KIND));
    let name = node.region.name(l.language());
    Feed {
        title: Text::plain(format!("{title} – {name}")),
        subtitle: Some(Text::plain(lead)),
        id: own.clone(),
        updated: time(entries.first().map_or(visit.now, |newest| newest.updated)).fixed_offset(),
        authors: vec![Person { name: name.to_owned(), uri: Some(address(l.link("/"))), ..Person::default() }],
        generator: Some(Generator { value: "Solmu".to_owned(), uri: None, version: Some(visit.site.version.clone()) }),
        links: vec![link("self", own, KIND.media_type), link("alternate", address(search.shown(l)), "text/html")],
        lang: Some(l.code().to_owned()),
        entries: entries.into_iter().map(entry).collect(),
        ..Feed::default()
    }
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
        links: card::web(&told.source.page)
            .map(|page| link("alternate", page.to_owned(), "text/html"))
            .into_iter()
            .collect(),
        published: told.published.map(|at| time(at).fixed_offset()),
        updated: time(told.updated).fixed_offset(),
        ..Entry::default()
    }
}

fn link(rel: &str, href: String, media_type: &str) -> Link {
    Link { href, rel: rel.to_owned(), mime_type: Some(media_type.to_owned()), ..Link::default() }
}
