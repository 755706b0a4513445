//! What an organisation has to be.

use super::types::Description;
use crate::Language;
use crate::check::Checks;
use crate::error::FieldError;
use serde::Serialize;

/// Kinds of organisation.
pub const KINDS: [&str; 7] =
    ["company", "association", "working_group", "institution", "municipality", "education", "other_sector"];

/// An organisation that somebody wants to add, or as it is to become.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NewOrganisation {
    /// Its name.
    pub name: String,
    /// One of [`KINDS`].
    pub kind: String,
    /// The municipality.
    pub municipality: Option<String>,
    /// Its own site.
    pub website: Option<String>,
    /// What it is, by language.
    pub description: Description,
    /// The wished username; made from the name when there is none.
    pub username: Option<String>,
}

/// Everything that is wrong with it. The fields have the names of the bundle format.
pub(crate) fn check(new: &NewOrganisation) -> Vec<FieldError> {
    let mut checks = Checks::default();
    checks.text("name", &new.name, 2..=200);
    checks.one_of("kind", &new.kind, &KINDS);
    checks.optional_text("municipality", new.municipality.as_deref(), 80);
    checks.link("website", new.website.as_deref());
    for language in Language::ALL {
        let field = format!("description.{}", language.as_str());
        checks.optional_text(&field, new.description.in_language(language), 2_000);
    }
    checks.username("username", new.username.as_deref());
    checks.found()
}
