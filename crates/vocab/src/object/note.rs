//! A short text: what an author says under something of its own. Others' texts are read as they come, by the functions of
//! [`super`].

use jiff::Timestamp;
use serde::Serialize;

use super::media::Attachment;
use super::tag::Hashtag;
use super::{Content, InteractionPolicy};
use crate::time;

/// A `Note`. No `name` and no `summary`: GoToSocial and others would fold the text behind them.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "camelCase")]
pub struct Note {
    /// Its id.
    pub id: String,
    /// Its page for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The id of the actor it is by.
    pub attributed_to: String,
    /// What it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_reply_to: Option<String>,
    /// Addressees, the same as on its activity (ActivityPub §6.2).
    pub to: Vec<String>,
    /// Further addressees.
    pub cc: Vec<String>,
    /// When it was published.
    #[serde(serialize_with = "time::serialize_utc", skip_serializing_if = "Option::is_none")]
    pub published: Option<Timestamp>,
    /// The text.
    #[serde(flatten)]
    pub content: Content,
    /// Hashtags; an empty list is sent too, since Mobilizon fails on a missing one.
    pub tag: Vec<Hashtag>,
    /// Pictures and links; an empty list likewise.
    pub attachment: Vec<Attachment>,
    /// Who may quote it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interaction_policy: Option<InteractionPolicy>,
}

impl Note {
    /// A text with what every one has; the rest is empty, to be set field by field.
    pub fn new(id: impl Into<String>, attributed_to: impl Into<String>, content: Content) -> Self {
        Self {
            id: id.into(),
            url: None,
            attributed_to: attributed_to.into(),
            in_reply_to: None,
            to: Vec::new(),
            cc: Vec::new(),
            published: None,
            content,
            tag: Vec::new(),
            attachment: Vec::new(),
            interaction_policy: None,
        }
    }
}
