//! A producer as everybody may see the person: only what was agreed to.

use super::picture::Portrait;
use super::work::{Period, Piece};
use crate::region::RegionCode;
use crate::skill::{Occupation, SkillLabel};
use crate::view::{self, Source};
use serde::Serialize;
use std::collections::BTreeMap;
use store::Timestamp;
use vocab::SafeHtml;

/// A published profile. What the person has not agreed to publish is not in it. It is made of a row and of what was agreed to,
/// in one place (`queries::view`): no other crate can write one, and a test finds a second place in this one.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
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
    /// What the person is.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub titles: Vec<Occupation>,
    /// How well the person knows which of the skills, from 1 to 4, by their ids.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub levels: BTreeMap<String, u8>,
    /// The regions that the person works for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub regions: Vec<RegionCode>,
    /// The forms in which the person takes work, of [`crate::engagement::ENGAGEMENTS`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub engagement: Vec<String>,
    /// When the person has time.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub availability: Vec<Period>,
    /// What the person has done.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub portfolio: Vec<Piece>,
    /// A picture of the person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub picture: Option<Portrait>,
    /// Whether other servers may suggest the profile and let it be searched.
    pub discoverable: bool,
    /// When it last changed.
    #[serde(serialize_with = "view::time")]
    pub updated: Timestamp,
}
