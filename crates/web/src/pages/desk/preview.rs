//! What others will see of what somebody writes, read from the document that they would get.

use crate::card;
use crate::i18n::Locale;
use crate::visit::Visit;
use serde_json::Value;
use vocab::shown::{self, Post, Sheet};

/// The preview of a document.
pub struct Preview {
    /// Who it is by.
    pub name: String,
    /// `@user@host`.
    pub handle: String,
    /// As a post among others.
    pub post: Post,
    /// The words under which its link stands there.
    pub card: Option<String>,
    /// As the page of an event.
    pub sheet: Option<SheetRow>,
}

/// The page of an event, in words.
pub struct SheetRow {
    /// The page.
    pub sheet: Sheet,
    /// When it is.
    pub when: String,
    /// Where one signs up, for people.
    pub sign_up: Option<String>,
}

impl Preview {
    /// Of a document; nothing for one that nobody would show.
    pub fn of(visit: &Visit, document: &Value) -> Option<Preview> {
        let node = visit.node();
        let post = shown::as_post(document)?;
        Some(Preview {
            name: domain::region::actors::region_name(node.region),
            handle: node.origin.handle(node.region.username()),
            card: post.card.as_deref().map(card::host),
            sheet: shown::as_sheet(document).map(|sheet| SheetRow::of(visit.l, sheet)),
            post,
        })
    }
}

impl SheetRow {
    fn of(l: Locale, sheet: Sheet) -> SheetRow {
        let (starts, zone) = (sheet.starts.at.into(), sheet.starts.zone.as_str());
        let when = match &sheet.ends {
            Some(ends) => l.span(&starts, &ends.at.into(), zone),
            None => l.date_time(&starts, zone),
        };
        SheetRow { when, sign_up: sheet.sign_up.as_deref().map(card::host), sheet }
    }
}
