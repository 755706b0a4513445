//! A task as everybody may see it.

use super::state::State;
use crate::skill::SkillLabel;
use crate::view::{self, Source};
use serde::{Deserialize, Serialize};
use store::Timestamp;
use vocab::SafeHtml;

/// A task, published or about to be.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TaskView {
    /// Where it comes from.
    pub source: Source,
    /// The last part of its page's address.
    pub slug: String,
    /// What is looked for.
    pub title: String,
    /// The whole description.
    pub description: SafeHtml,
    /// The language of the texts (BCP 47).
    pub language: String,
    /// The name of who looks for somebody.
    pub client: Option<String>,
    /// The client's page, when it is an organisation of the network.
    pub client_page: Option<String>,
    /// One of [`super::KINDS`]; empty when another node does not tell.
    pub kind: String,
    /// Which of [`super::ENGAGEMENTS`] are possible.
    pub engagement: Vec<String>,
    /// What is paid.
    pub pay: Option<Pay>,
    /// Why nothing is paid.
    pub unpaid_reason: Option<String>,
    /// The whole work, in hours.
    pub hours: Option<i32>,
    /// First day, `YYYY-MM-DD`, or with the time of day `YYYY-MM-DDTHH:MM`.
    pub starts: Option<String>,
    /// Last day, in the same form.
    pub ends: Option<String>,
    /// The last moment to apply.
    #[serde(serialize_with = "view::optional_time")]
    pub deadline: Option<Timestamp>,
    /// Where the work is done.
    pub municipality: Option<String>,
    /// Whether it may be done remotely.
    pub remote: bool,
    /// What one should know.
    pub skills: Vec<SkillLabel>,
    /// Languages that the work needs (BCP 47).
    pub languages: Vec<String>,
    /// How many people are looked for.
    pub seats: i32,
    /// Where it stands.
    pub state: State,
    /// Since when nobody is looked for any more.
    #[serde(serialize_with = "view::optional_time")]
    pub closed: Option<Timestamp>,
    /// When it was published.
    #[serde(serialize_with = "view::time")]
    pub published: Timestamp,
    /// When it last changed.
    #[serde(serialize_with = "view::time")]
    pub updated: Timestamp,
}

/// What is paid, in euros.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pay {
    /// At least this; a decimal number with a point.
    #[serde(default)]
    pub min: Option<String>,
    /// At most this.
    #[serde(default)]
    pub max: Option<String>,
    /// For which time: one of [`super::PAY_UNITS`].
    pub unit: String,
}

/// Who looks for somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Client {
    /// Its name.
    pub name: String,
    /// Its page, when it is an organisation of this node.
    #[serde(default)]
    pub page: Option<String>,
}
