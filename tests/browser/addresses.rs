//! That no page is left out: every address that a browser can ask for is looked at, or is no page.

use crate::page::Page;
use std::collections::BTreeSet;
use url::Url;

/// What is asked for by GET and is no page, and what it is instead.
const NO_PAGES: [(&str, &[&str]); 5] = [
    ("a calendar", &["/tapahtumat.ics", "/tehtavat.ics"]),
    ("a feed", &["/tapahtumat.atom", "/tehtavat.atom", "/tuottajat.atom", "/organisaatiot.atom"]),
    ("for programs", &["/sitemap.xml", "/robots.txt", "/.well-known/security.txt", "/me.json"]),
    ("a picture", &["/media/{name}", "/me/picture.jpg", "/desk/profiles/{id}/picture.jpg"]),
    ("a file of the design", &["/static/{*path}", "/favicon.ico", "/apple-touch-icon.png"]),
];

/// Each address is the address of a page of the list, or of no page at all.
pub fn assert_all_are_there(pages: &[Page]) {
    let all: BTreeSet<&str> =
        web::addresses().filter(|address| address.methods.contains(&"get")).map(|address| address.path).collect();
    let looked_at: BTreeSet<&str> = pages.iter().filter_map(|page| address_of(&page.url)).collect();
    let left_out: BTreeSet<&str> = NO_PAGES.iter().flat_map(|(_, paths)| paths.iter().copied()).collect();
    for (what, paths) in NO_PAGES {
        for path in paths {
            assert!(all.contains(path), "{path}, {what}, is no address any more");
            assert!(!looked_at.contains(path), "{path} is said to be {what}");
        }
    }
    let forgotten: Vec<&&str> =
        all.iter().filter(|path| !looked_at.contains(*path) && !left_out.contains(*path)).collect();
    assert!(forgotten.is_empty(), "nobody looks at {forgotten:?}");
}

/// The address that a page is of: of those that fit, the one that names most of it.
fn address_of(url: &str) -> Option<&'static str> {
    let url = Url::parse(url).expect("an address");
    let fits = |path: &&'static str| {
        let (asked, known) = (url.path().split('/'), path.split('/'));
        asked.clone().count() == known.clone().count() && asked.zip(known).all(|(asked, known)| is_part(asked, known))
    };
    web::addresses().map(|address| address.path).filter(fits).min_by_key(|path| path.matches('{').count())
}

/// `{slug}` is any part, `@{username}` any that begins so.
fn is_part(asked: &str, known: &str) -> bool {
    match known.split_once('{') {
        Some((beginning, _)) => asked.len() > beginning.len() && asked.starts_with(beginning),
        None => asked == known,
    }
}
