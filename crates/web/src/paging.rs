//! The links between the pages of a list, and which page this is.

use crate::i18n::Locale;

/// The links between the pages of a list.
pub struct Paging {
    /// Which page this is, from 1 on.
    pub page: i64,
    /// How many pages there are.
    pub pages: i64,
    /// The link to the page before.
    pub previous: Option<String>,
    /// The link to the page after.
    pub next: Option<String>,
}

impl Paging {
    /// Which page this is, in words.
    pub fn words(&self, l: &Locale) -> String {
        l.t1("paging-of", "page", &format!("{}/{}", self.page, self.pages))
    }
}
