//! What is left of our texts on the strictest server.

use crate::harness::Database;
use crate::on_both_databases;
use crate::shown::Shown;
use serde_json::Value;
use std::collections::{BTreeSet, HashSet};

on_both_databases! {
    c34_texts_survive_other_servers;
}

/// What Mastodon keeps; of other elements it keeps the text.
const KEPT: [&str; 20] = [
    "p",
    "br",
    "span",
    "a",
    "del",
    "s",
    "pre",
    "blockquote",
    "code",
    "b",
    "strong",
    "u",
    "i",
    "em",
    "ul",
    "ol",
    "li",
    "ruby",
    "rt",
    "rp",
];
/// What our texts may consist of.
const OURS: [&str; 12] = ["p", "br", "a", "ul", "ol", "li", "strong", "em", "h2", "h3", "h4", "blockquote"];

async fn c34_texts_survive_other_servers(database: Database) {
    let shown = Shown::on(database).await;
    let mastodon = {
        let mut cleaner = ammonia::Builder::new();
        cleaner.tags(HashSet::from(KEPT)).rm_clean_content_tags([] as [&str; 0]);
        cleaner
    };
    let mut elements = BTreeSet::new();
    for address in shown.addresses().iter().filter(|address| !address.contains('?')) {
        let document = shown.node.document(address).await;
        for html in texts(&document) {
            let cleaned = mastodon.clean(html).to_string();
            assert_eq!(visible(&cleaned), visible(html), "{address}");
            for tag in
                html.split('<').skip(1).filter_map(|tag| tag.split([' ', '>', '/']).find(|name| !name.is_empty()))
            {
                elements.insert(tag.to_owned());
            }
        }
    }
    assert!(elements.iter().all(|tag| OURS.contains(&tag.as_str())), "{elements:?}");
    let long = shown.node.document(&shown.long).await;
    let text = visible(long["content"].as_str().unwrap());
    for word in [
        "Otsikko",
        "Väliotsikko",
        "Lihavaa",
        "\"lainattua\"",
        "koodia",
        "5 &lt; 6 &amp; 7",
        "linkki",
        "kaksi",
        "toka",
        "Sitaatti",
        "kuvan jälkeen",
        "rivinvaihto",
    ] {
        assert!(text.contains(word), "{word}: {text:.600}");
    }
    for (what, id, least) in [("event", &shown.long, 15_000), ("task", &shown.long_task, 10_000)] {
        let content = shown.node.document(id).await["content"].as_str().unwrap().len();
        assert!((least..21_000).contains(&content), "the {what} is as long as can be: {content}");
        let create = shown.node.get(&format!("{id}/activity"), crate::harness::ACTIVITY).await.body.len();
        assert!(create < 90_000, "{create}: Gancio takes 100 kB");
    }
}

/// What a document has to say as HTML, wherever it stands.
fn texts(document: &Value) -> Vec<&str> {
    let mut found: Vec<&str> = document["content"].as_str().into_iter().collect();
    if document.get("preferredUsername").is_some() {
        found.extend(document["summary"].as_str());
    }
    found.extend(document["object"]["content"].as_str());
    found
}

/// The text without its elements, on one line.
fn visible(html: &str) -> String {
    let mut text = String::new();
    for part in html.split('<') {
        let (_, words) = part.split_once('>').unwrap_or(("", part));
        text.push(' ');
        text.push_str(words);
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
