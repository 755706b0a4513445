//! Taking in what another node has sent: the one door for all kinds.
//!
//! A thing is taken in when its author is an actor that this node follows, when its id is not a tombstone, and when it is
//! not older than what is here. The caller has parsed and bounded it; the spine has checked signature and hosts.

use crate::region::{self, RegionCode};
use diesel::prelude::*;
use federation::kind::{Outcome, Reason, Received};
use federation::{Error, follow, object};
use store::id::{ActorUrl, ObjectUrl};
use store::schema::objects;
use store::{Conn, Timestamp};

/// The entry of the index of ids for something of another node.
pub(crate) struct Entry<'a> {
    pub kind: &'static str,
    pub url: &'a ObjectUrl,
    /// The actor that it is attributed to; for an actor, the one that presents it.
    pub author: ActorUrl,
    /// The region that the author's own document tells.
    pub region: &'a str,
    pub page: &'a str,
    pub object_type: &'static str,
    pub published: Timestamp,
    pub updated: Timestamp,
}

/// Enters it in the index and runs `write`, or says why not.
///
/// # Errors
/// Those of the database.
pub(crate) fn take_in(
    conn: &mut Conn,
    received: &Received,
    entry: &Entry<'_>,
    write: impl FnOnce(&mut Conn) -> Result<Outcome, Error>,
) -> Result<Outcome, Error> {
    if !follow::is_followed_here(conn, &received.author)? {
        return Ok(Outcome::Ignored(Reason::NotFollowed));
    }
    if object::find(conn, entry.url)?.is_some_and(|known| !known.is_deleted() && known.author != entry.author) {
        return Ok(Outcome::Ignored(Reason::NotTheOwner));
    }
    if !region::may_speak_for(conn, &received.author, RegionCode::of_column(entry.region))? {
        return Ok(Outcome::Ignored(Reason::NotTheOwner));
    }
    let taken = object::take_in(
        conn,
        &object::Indexed {
            url: entry.url.clone(),
            kind: entry.kind.to_owned(),
            local: false,
            author: entry.author.clone(),
            page: Some(entry.page.to_owned()),
            document: None,
            former_type: entry.object_type.to_owned(),
            published_at: entry.published,
            updated_at: entry.updated.whole_seconds(),
            deleted_at: None,
        },
    )?;
    if taken {
        return write(conn);
    }
    let buried = object::find(conn, entry.url)?.is_some_and(|known| known.is_deleted());
    Ok(Outcome::Ignored(if buried { Reason::Deleted } else { Reason::Outdated }))
}

/// Takes a copy away whose owner now says something that is not for everybody, or not for this node: what is no longer
/// public is not shown on. No tombstone, it may become public again.
///
/// # Errors
/// Those of the database.
pub(crate) fn withdraw(
    conn: &mut Conn,
    received: &Received,
    updated: Timestamp,
    remove: impl FnOnce(&mut Conn, &ObjectUrl) -> QueryResult<bool>,
) -> Result<Outcome, Error> {
    match object::find(conn, &received.url)? {
        Some(known) if known.local || known.author != received.author => Ok(Outcome::Ignored(Reason::NotTheOwner)),
        Some(known) if known.is_deleted() => Ok(Outcome::Ignored(Reason::Deleted)),
        Some(known) if known.updated_at > updated.whole_seconds() => Ok(Outcome::Ignored(Reason::Outdated)),
        Some(_) => {
            remove(conn, &received.url)?;
            leave_index(conn, std::slice::from_ref(&received.url))?;
            Ok(Outcome::Applied)
        }
        None => Ok(Outcome::Ignored(Reason::Unusable)),
    }
}

/// A page for people, if it is of the origin (scheme, host and port) of the thing itself; else its id. A node does not
/// speak for other hosts.
pub(crate) fn page_of(page: Option<&str>, url: &ObjectUrl) -> String {
    page.filter(|page| store::id::is_same_origin(page, url.as_str())).unwrap_or(url.as_str()).to_owned()
}

/// The last part of a page's address as a slug.
pub(crate) fn slug_of(page: &str, fallback: &str) -> String {
    let path = url::Url::parse(page).ok();
    let last = path.as_ref().and_then(|url| url.path_segments()?.next_back().map(str::to_owned)).unwrap_or_default();
    crate::slug::of(&last, fallback)
}

/// Whether a document is addressed to everybody.
pub(crate) fn is_public(to: &[String], cc: &[String]) -> bool {
    to.iter().chain(cc).any(|addressee| addressee == vocab::PUBLIC)
}

/// When it was published and last changed, by what it says; now, if it says nothing or a time to come: nothing puts itself
/// first in the lists for ever. Never changed before it was published.
pub(crate) fn times(
    published: Option<jiff::Timestamp>,
    updated: Option<jiff::Timestamp>,
    now: Timestamp,
) -> (Timestamp, Timestamp) {
    let published = published.map_or(now, Timestamp::from).min(now);
    let updated = updated.map_or(published, Timestamp::from).min(now).max(published);
    (published, updated)
}

/// Whether a username of another node can stand in an address and in a handle.
pub(crate) fn is_usable_username(name: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    (1..=64).contains(&name.len()) && name.bytes().all(letter)
}

/// So long copies are kept of what came from a host that nobody here follows any more.
pub(crate) const UNFOLLOWED: std::time::Duration = std::time::Duration::from_secs(30 * 24 * 3600);

/// The rule of [`UNFOLLOWED`] in words.
pub(crate) const UNFOLLOWED_RULE: &str =
    "thirty days after it last came, when its node is not followed any more: there is no reason left to show it";

/// The hosts that this node follows somebody of.
///
/// # Errors
/// Those of the database.
pub(crate) fn followed_hosts(conn: &mut Conn) -> QueryResult<Vec<String>> {
    let all = follow::of_this_node(conn)?;
    Ok(all.into_iter().filter(|(one, _)| one.state != follow::REJECTED).map(|(_, actor)| actor.host).collect())
}

/// Takes copies out of the index of ids. Tombstones stay.
///
/// # Errors
/// Those of the database.
pub(crate) fn leave_index(conn: &mut Conn, urls: &[ObjectUrl]) -> QueryResult<()> {
    for some in urls.chunks(1_000) {
        let copies = objects::table.filter(objects::local.eq(false)).filter(objects::url.eq_any(some));
        diesel::delete(copies.filter(objects::deleted_at.is_null())).execute(conn)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{at, now};

    #[test]
    fn nothing_comes_from_the_future() {
        let time = |text: &str| vocab::time::parse(text);
        for (published, updated, expected) in [
            ("2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z", (at("2026-11-01T00:00:00Z"), at("2026-11-02T00:00:00Z"))),
            ("2026-11-02T00:00:00Z", "2026-11-01T00:00:00Z", (at("2026-11-02T00:00:00Z"), at("2026-11-02T00:00:00Z"))),
            ("9999-01-01T00:00:00Z", "9999-01-01T00:00:00Z", (now(), now())),
            ("", "", (now(), now())),
        ] {
            assert_eq!(times(time(published), time(updated), now()), expected, "{published} {updated}");
        }
    }

    #[test]
    fn pages_and_usernames_of_other_nodes() {
        let url = ObjectUrl::from_text("https://a.example/ap/events/1");
        for (page, expected) in [
            (Some("https://a.example/tapahtumat/x"), "https://a.example/tapahtumat/x"),
            (Some("https://b.example/tapahtumat/x"), "https://a.example/ap/events/1"),
            (Some("http://a.example/tapahtumat/x"), "https://a.example/ap/events/1"),
            (Some("https://a.example:8443/x"), "https://a.example/ap/events/1"),
            (Some("https://a.example.evil.example/x"), "https://a.example/ap/events/1"),
            (Some("javascript:alert(1)"), "https://a.example/ap/events/1"),
            (None, "https://a.example/ap/events/1"),
        ] {
            assert_eq!(page_of(page, &url), expected);
        }
        assert_eq!(slug_of("https://a.example/tapahtumat/k%C3%A4ynti/", "x"), "x");
        assert_eq!(slug_of("https://a.example/tapahtumat/kahvit?lang=sv", "x"), "kahvit");
        for (name, usable) in
            [("aino", true), ("Aino.V-1", true), ("", false), ("a/../b", false), ("ä", false), ("a b", false)]
        {
            assert_eq!(is_usable_username(name), usable, "{name}");
        }
    }
}
