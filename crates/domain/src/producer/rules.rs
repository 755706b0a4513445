//! What a profile has to be, whether or not any of it is published.

use super::fields::FIELDS;
use crate::check::{Checks, shown};
use crate::error::{FieldError, Key};
use crate::message;
use serde::Serialize;
use vocab::SafeHtml;

/// A profile that somebody wants to add, or as it is to become. None of it is published without consent.
#[derive(Clone, PartialEq, Serialize)]
pub struct NewProducer {
    /// The name the person works under.
    pub name: String,
    /// One line about the work.
    pub headline: Option<String>,
    /// A few paragraphs.
    pub bio: Option<SafeHtml>,
    /// The municipality.
    pub municipality: Option<String>,
    /// Ids of skills and groups.
    pub skills: Vec<String>,
    /// Working languages (BCP 47).
    pub languages: Vec<String>,
    /// Some of [`FIELDS`].
    pub fields: Vec<String>,
    /// Links.
    pub links: Vec<String>,
    /// Whether the person also works remotely.
    pub remote: bool,
    /// The wished username; made from the name when there is none.
    pub username: Option<String>,
}

/// Without what the person has told, so that no log ever has it.
impl std::fmt::Debug for NewProducer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewProducer").finish_non_exhaustive()
    }
}

/// Everything that is wrong with it. The fields have the names of the import formats.
pub(crate) fn check(new: &NewProducer) -> Vec<FieldError> {
    let mut checks = Checks::default();
    checks.text("name", &new.name, 2..=120);
    checks.optional_text("headline", new.headline.as_deref(), 160);
    checks.optional_text("municipality", new.municipality.as_deref(), 80);
    skills(&mut checks, &new.skills);
    checks.entries("languages", &new.languages, 10);
    checks.languages("languages", &new.languages);
    checks.entries("fields", &new.fields, 20);
    for field in &new.fields {
        checks.one_of("fields", field, &FIELDS);
    }
    checks.entries("links", &new.links, 10);
    for link in &new.links {
        checks.link("links", Some(link));
    }
    checks.username("username", new.username.as_deref());
    checks.found()
}

/// What is wrong with a list of skills alone.
pub(super) fn check_skills(ids: &[String]) -> Vec<FieldError> {
    let mut checks = Checks::default();
    skills(&mut checks, ids);
    checks.found()
}

fn skills(checks: &mut Checks, ids: &[String]) {
    checks.entries("skills", ids, 50);
    for skill in ids.iter().filter(|id| crate::skill::find(id).is_none()) {
        checks.fault("skills", Key::new(message::NO_SUCH_SKILL).with("value", shown(skill)));
    }
}
