//! Every document that this node sends, as a snapshot and under the rules that hold for all of them.
//!
//! The snapshots in `snapshots/` are the documentation of the wire: one file per document, its bytes as they are served
//! apart from line breaks. The shared context has a snapshot of its own and stands as a word in the others.

mod activities;
mod actors;
mod collections;
mod events;
mod rules;
mod services;
mod tasks;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::{PUBLIC, context, time};

pub(super) const GROUP: &str = "https://pohjois-savo.example/ap/actors/0199d3a4-1f00-7a10-8000-0b9c00000001";
pub(super) const FOLLOWERS: &str =
    "https://pohjois-savo.example/ap/actors/0199d3a4-1f00-7a10-8000-0b9c00000001/followers";
pub(super) const EVENT: &str = "https://pohjois-savo.example/ap/events/0199d3a4-1f00-7a10-8000-7f3e00000001";
pub(super) const NOTE: &str = "https://pohjois-savo.example/ap/notes/0199d3a4-1f00-7a10-8000-07e000000001";
pub(super) const QUOTE: &str = "https://pohjois-savo.example/ap/quotes/0199d3a4-1f00-7a10-8000-900000000001";
pub(super) const TASK: &str = "https://pohjois-savo.example/ap/tasks/0199d3a4-1f00-7a10-8000-51aa00000001";

/// All documents with the names of their snapshots.
fn all() -> Vec<(&'static str, Value)> {
    [actors::all(), events::all(), tasks::all(), activities::all(), collections::all(), services::all()].concat()
}

fn at(text: &str) -> Timestamp {
    time::parse(text).expect("a time")
}

fn to() -> Vec<String> {
    vec![PUBLIC.to_owned()]
}

fn cc() -> Vec<String> {
    vec![FOLLOWERS.to_owned()]
}

#[test]
fn every_snapshot_has_its_document() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/snapshots");
    let names = std::fs::read_dir(folder).expect("the snapshots").map(|entry| entry.expect("an entry").file_name());
    let known =
        |name: &str| ["context", "host_meta_xml"].contains(&name) || all().iter().any(|(known, _)| *known == name);
    for name in names {
        let name = name.to_str().expect("a name");
        assert!(name.strip_suffix(".snap").is_some_and(known), "{name} is of no document: delete it");
    }
}

#[test]
fn every_document_is_as_its_snapshot() {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        insta::assert_snapshot!("context", serde_json::to_string_pretty(context::shared()).expect("JSON"));
        insta::assert_snapshot!("host_meta_xml", crate::webfinger::host_meta_xml("https://pohjois-savo.example"));
        for (name, mut document) in all() {
            if document.get("@context") == Some(context::shared()) {
                document["@context"] = json!("(the shared context)");
            }
            insta::assert_snapshot!(name, serde_json::to_string_pretty(&document).expect("JSON"));
        }
    });
}
