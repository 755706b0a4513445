//! `Flag`: a report about something of this node, for whoever moderates it.

use super::ignore;
use crate::inbox::items::Item;
use crate::kind::{Outcome, Reason, Write};
use crate::report::{self, Filed};
use crate::state::State;
use crate::{Error, actor, object};
use store::Conn;
use store::id::{ActorUrl, ObjectUrl};
use vocab::{Envelope, Reference, SafeHtml};

/// Most things that one report is about.
const MAX_ABOUT: usize = 50;

/// The object is one address or a list, of actors and objects, of ids and pages (Mastodon mixes all of them).
pub(super) fn flagged(state: &State, item: &Item, envelope: &Envelope) -> Write {
    let mut about: Vec<String> = Vec::new();
    for address in envelope.object.iter().filter_map(Reference::id).filter(|id| state.origin.owns(id)) {
        if about.len() < MAX_ABOUT && !about.iter().any(|known| known == address) {
            about.push(address.to_owned());
        }
    }
    if about.is_empty() {
        return ignore(Reason::Unknown);
    }
    let said = vocab::one_or_many::natural(&envelope.raw, "content").unwrap_or_default();
    let content: String = SafeHtml::clean(said).to_text().chars().take(report::MAX_TEXT).collect();
    let new = report::New { activity: item.activity.clone(), reporter: item.sender.clone(), about, content };
    let now = state.now();
    Box::new(move |conn| {
        if !is_about_us(conn, &new.about)? {
            return Ok(Outcome::Ignored(Reason::Unknown));
        }
        Ok(match report::file(conn, &new, now)? {
            Filed::New => Outcome::Applied,
            Filed::Known => Outcome::Duplicate,
            Filed::TooMany => Outcome::Ignored(Reason::TooMany),
        })
    })
}

/// Whether one of the addresses is an actor, an object or a page of this node.
fn is_about_us(conn: &mut Conn, about: &[String]) -> Result<bool, Error> {
    for address in about {
        let found = object::find(conn, &ObjectUrl::from_text(address.as_str()))?.is_some_and(|known| known.local)
            || object::find_by_page(conn, address)?.is_some()
            || actor::find(conn, &ActorUrl::from_text(address.as_str()))?.is_some_and(|actor| actor.local);
        if found {
            return Ok(true);
        }
    }
    Ok(false)
}
