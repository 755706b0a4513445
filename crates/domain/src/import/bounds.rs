//! What bounds the documents of other servers, for rows: the same numbers ([`Limits`]), told by the field that is to blame.
//!
//! Of a stranger's document what is too long is cut, since nobody could tell the stranger; of a row the person who imports
//! it is told. The rules of the things are mostly stricter, and then speak first.

use super::content::Content;
use crate::Language;
use crate::check::Checks;
use crate::error::{FieldError, Key};
use crate::message;
use federation::Limits;

/// What is too large about a row as it is written in the file.
pub(super) fn size(bytes: usize, limits: &Limits) -> Option<FieldError> {
    let reason = Key::new(message::ROW_TOO_LARGE).with("n", limits.body);
    (bytes > limits.body()).then(|| FieldError::new("", reason))
}

/// Whether a text before it is cleaned is too long for a content.
pub(super) fn content(field: &str, text: &str, limits: &Limits) -> Option<FieldError> {
    let mut checks = Checks::default();
    checks.fault_if(
        text.chars().count() > most(limits.content),
        field,
        Key::new(message::TOO_LONG).with("n", limits.content),
    );
    checks.found().pop()
}

/// What is too long or too many about a row, by the fields of its thing.
pub(super) fn faults(content: &Content, limits: &Limits) -> Vec<FieldError> {
    let mut found = Found::default();
    match content {
        Content::Event(event) => {
            let new = &event.new;
            found.text("name", &new.name, limits.name);
            found.text("blurb", &new.blurb, limits.summary);
            found.text("content", new.content.as_str(), limits.content);
            found.count("tags", new.tags.len(), limits.tags);
            let picture = new.picture.as_ref().map(|picture| &picture.url);
            for (field, address) in [
                ("online_url", &new.online_url),
                ("participation_url", &new.participation_url),
                ("picture.url", &picture.cloned()),
            ] {
                found.text(field, address.as_deref().unwrap_or_default(), limits.address);
            }
            if let Some(place) = &new.place {
                found.text("place.name", &place.name, limits.name);
            }
        }
        Content::Task(task) => {
            found.text("title", &task.new.title, limits.name);
            found.text("description", task.new.description.as_str(), limits.content);
            found.count("skills", task.new.skills.len(), limits.tags);
        }
        Content::Organisation(new) => {
            found.text("name", &new.name, limits.name);
            found.text("website", new.website.as_deref().unwrap_or_default(), limits.address);
            for language in Language::ALL {
                let text = new.description.in_language(language).unwrap_or_default();
                found.text(&format!("description.{}", language.as_str()), text, limits.summary);
            }
        }
        Content::Producer(producer) => {
            let new = &producer.new;
            found.text("name", &new.name, limits.name);
            found.text("headline", new.headline.as_deref().unwrap_or_default(), limits.summary);
            found.text("bio", new.bio.as_ref().map_or("", |bio| bio.as_str()), limits.content);
            found.count("skills", new.skills.len(), limits.tags);
            found.count("links", new.links.len(), limits.attachments);
        }
        Content::EventGone => {}
    }
    found.faults
}

#[derive(Default)]
struct Found {
    faults: Vec<FieldError>,
}

impl Found {
    fn text(&mut self, field: &str, text: &str, most: u64) {
        if text.chars().count() > self::most(most) {
            self.faults.push(FieldError::new(field, Key::new(message::TOO_LONG).with("n", most)));
        }
    }

    fn count(&mut self, field: &str, count: usize, most: u64) {
        if count > self::most(most) {
            self.faults.push(FieldError::new(field, Key::new(message::TOO_MANY).with("n", most)));
        }
    }
}

fn most(limit: u64) -> usize {
    usize::try_from(limit).unwrap_or(usize::MAX)
}
