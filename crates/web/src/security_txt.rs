//! `/.well-known/security.txt` (RFC 9116): to whom somebody who found a hole in this node writes.
//!
//! Served only when the operator named a contact: an address that nobody reads is worse than none. It expires after half
//! a year from the day of asking, so a copy that somebody keeps does not outlive the operator's word for long.

use crate::Site;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use federation::{Origin, Problem};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use std::sync::Arc;
use std::time::Duration;
use store::Timestamp;

/// Where it is.
pub const PATH: &str = "/.well-known/security.txt";
const DAY: u64 = 86_400;
/// RFC 9116 §2.5.5 asks for less than a year.
const VALID: Duration = Duration::from_secs(183 * DAY);

/// `GET /.well-known/security.txt`; 404 without a page when no contact is configured.
pub async fn show(State(site): State<Arc<Site>>) -> Response {
    match &site.security_contact {
        Some(contact) => {
            let headers = [(CONTENT_TYPE, "text/plain; charset=utf-8"), (CACHE_CONTROL, "public, max-age=86400")];
            (headers, text(contact, &site.node.origin, site.clock.now())).into_response()
        }
        None => Problem::not_found().into_response(),
    }
}

fn text(contact: &str, origin: &Origin, now: Timestamp) -> String {
    let expires = now.plus(VALID).to_jiff().to_zoned(jiff::tz::TimeZone::UTC).date();
    format!(
        "Contact: {contact}\nExpires: {expires}T00:00:00Z\nPreferred-Languages: fi, sv, en\nCanonical: {}\n",
        origin.url(PATH)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_expires_within_the_year_and_is_the_same_all_day() {
        let now: jiff::Timestamp = "2026-11-24T10:00:00Z".parse().unwrap();
        let now = Timestamp::from(now);
        let origin = Origin::new("pirkanmaa.example");
        let said = text("mailto:turva@pirkanmaa.example", &origin, now);
        assert_eq!(
            said,
            "Contact: mailto:turva@pirkanmaa.example\nExpires: 2027-05-26T00:00:00Z\nPreferred-Languages: fi, sv, en\n\
             Canonical: https://pirkanmaa.example/.well-known/security.txt\n"
        );
        assert_eq!(text("mailto:turva@pirkanmaa.example", &origin, now.plus(Duration::from_secs(3600))), said);
    }
}
