//! The approval of a quote (FEP-044f): a stamp that anybody can look up who is shown the quoting text.

use serde::Serialize;

/// That the author of an object agrees to a text that quotes it. Its terms are GoToSocial's, whose namespace the proposal
/// uses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "camelCase")]
pub struct QuoteAuthorization {
    /// Where the approval is served; it is on the host of [`QuoteAuthorization::attributed_to`], or counts for nothing.
    pub id: String,
    /// Who approved: the author of what is quoted.
    pub attributed_to: String,
    /// The text that quotes.
    pub interacting_object: String,
    /// What is quoted.
    pub interaction_target: String,
}
