//! A producer as everybody may see the person: only what was agreed to.

use crate::skill::SkillLabel;
use crate::view::{self, Source};
use serde::Serialize;
use store::Timestamp;
use vocab::SafeHtml;

/// A published profile. What the person has not agreed to publish is not in it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ProducerView {
    /// Where it comes from.
    pub source: Source,
    /// The username, which is the last part of its page's address.
    pub slug: String,
    /// `@user@host`.
    pub handle: String,
    /// The name the person works under.
    pub name: String,
    /// One line about the work.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub headline: Option<String>,
    /// A few paragraphs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bio: Option<SafeHtml>,
    /// The municipality.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub municipality: Option<String>,
    /// Skills.
    pub skills: Vec<SkillLabel>,
    /// Working languages (BCP 47).
    pub languages: Vec<String>,
    /// Fields of art, of [`super::FIELDS`], or another node's words.
    pub fields: Vec<String>,
    /// Links.
    pub links: Vec<String>,
    /// Whether the person also works remotely.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remote: Option<bool>,
    /// Whether other servers may suggest the profile and let it be searched.
    pub discoverable: bool,
    /// When it last changed.
    #[serde(serialize_with = "view::time")]
    pub updated: Timestamp,
}
