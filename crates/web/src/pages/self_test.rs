//! Whether the node works, for those who run it: name, encryption, clock, mail and the way out, each in plain words with
//! the one thing to do.
//!
//! Invariant: it asks nobody but this node itself. What it says of other servers it knows from what was sent and answered
//! anyway.

use crate::answer;
use crate::error::Error;
use crate::i18n::Locale;
use crate::layout::Frame;
use crate::session::SignedIn;
use crate::visit::Visit;
use crate::{Post, Site};
use askama::Template;
use axum::response::Response;
use domain::person::letter;
use federation::peer::{self, Peer};
use std::time::Duration;
use store::Timestamp;

/// Where it is.
pub const PATH: &str = "/desk/self-test";
/// A clock that is off by less is right enough, in milliseconds.
const RIGHT: u64 = 30_000;
/// Another server that answered within this time shows that the way out is open.
const LATELY: Duration = Duration::from_secs(7 * 24 * 3600);

/// How something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Good,
    Bad,
    /// There is nothing yet to tell it by.
    Unknown,
}

impl State {
    fn as_str(self) -> &'static str {
        match self {
            State::Good => "good",
            State::Bad => "bad",
            State::Unknown => "unknown",
        }
    }

    /// For the style sheet.
    fn class(self) -> &'static str {
        match self {
            State::Good => "well",
            State::Bad => "failing",
            State::Unknown => "pending",
        }
    }
}

/// One thing that was looked at.
struct Check {
    name: String,
    state: State,
    word: String,
    said: String,
}

#[derive(Template)]
#[template(path = "desk/self-test.html")]
struct Page {
    l: Locale,
    frame: Frame,
    front: String,
    checks: Vec<Check>,
    bad: i64,
}

/// `GET /desk/self-test`
pub async fn show(signed_in: SignedIn) -> Result<Response, Error> {
    let SignedIn { visit, visitor, .. } = signed_in;
    if !visitor.positions.iter().any(|position| position.is_staff()) {
        return Err(Error::NotFound);
    }
    let l = visit.l;
    let found = [
        ("dns", name_is_known(&visit).await),
        ("tls", is_reached(&visit).await),
        ("clock", clock(visit.site.client.skew.ahead(visit.now))),
        ("mail", mail(&visit).await?),
        ("out", way_out(&visit.read(peer::all).await?, visit.now)),
    ];
    let check = |(name, state): (&'static str, State)| Check {
        name: l.word("self-test-name", name),
        state,
        word: l.word("self-test-state", state.as_str()),
        said: l.word("self-test-said", &format!("{name}-{}", state.as_str())),
    };
    let checks: Vec<Check> = found.into_iter().map(check).collect();
    let bad = checks.iter().filter(|check| check.state == State::Bad).count();
    let frame = Frame::new(&visit, &l.t("self-test-title"), &l.t("self-test-lead")).unlisted();
    let front = visit.node().origin.url("/");
    let page = Page { l, frame, front, checks, bad: i64::try_from(bad).unwrap_or(i64::MAX) };
    answer::html(&page.frame, &page)
}

/// Whether the node's name leads somewhere.
async fn name_is_known(visit: &Visit) -> State {
    let host = visit.node().origin.host();
    let name = host.split_once(':').map_or(host, |(name, _)| name);
    match tokio::net::lookup_host((name, 443)).await.map(|mut found| found.next().is_some()) {
        Ok(true) => State::Good,
        _ => State::Bad,
    }
}

/// Whether the node answers under its own address, as others ask it.
async fn is_reached(visit: &Visit) -> State {
    let Site { node, client, .. } = &*visit.site;
    let account = format!("acct:{}@{}", node.region.username(), node.origin.host());
    let Ok(mut url) = url::Url::parse(&node.origin.url("/.well-known/webfinger")) else { return State::Bad };
    url.query_pairs_mut().append_pair("resource", &account);
    match client.get(&url, "application/jrd+json", None, visit.now).await {
        Ok(found) if String::from_utf8_lossy(&found.body).contains(&account) => State::Good,
        _ => State::Bad,
    }
}

/// By how many milliseconds the clock is ahead of the others', when that is known.
fn clock(ahead: Option<i64>) -> State {
    match ahead {
        None => State::Unknown,
        Some(ahead) if ahead.unsigned_abs() < RIGHT => State::Good,
        Some(_) => State::Bad,
    }
}

async fn mail(visit: &Visit) -> Result<State, Error> {
    Ok(match visit.site.post {
        Post::Missing => State::Bad,
        Post::Kept(_) => State::Unknown,
        Post::Sent if visit.read(letter::is_stuck).await? => State::Bad,
        Post::Sent => State::Good,
    })
}

/// Whether requests to other servers arrive, by what came of those that were made.
fn way_out(peers: &[Peer], now: Timestamp) -> State {
    let lately = |peer: &&Peer| peer.last_ok_at.is_some_and(|at| now.since(at) < LATELY);
    if peers.iter().any(|peer| lately(&peer)) {
        return State::Good;
    }
    if peers.iter().any(|peer| peer.failures > 0) { State::Bad } else { State::Unknown }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks() {
        for (ahead, expected) in [
            (None, State::Unknown),
            (Some(0), State::Good),
            (Some(29_999), State::Good),
            (Some(-29_999), State::Good),
            (Some(30_000), State::Bad),
            (Some(-3_600_000), State::Bad),
        ] {
            assert_eq!(clock(ahead), expected, "{ahead:?}");
        }
    }

    #[test]
    fn the_way_out_is_open_when_somebody_answered_lately() {
        let now = Timestamp::from_millis(1_000_000_000_000);
        let peer = |ok: Option<u64>, failures: i32| Peer {
            last_ok_at: ok.map(|days| now.minus(Duration::from_secs(days * 24 * 3600))),
            failures,
            ..Peer::stranger("b.example")
        };
        for (peers, expected) in [
            (vec![], State::Unknown),
            (vec![peer(None, 0)], State::Unknown),
            (vec![peer(None, 3)], State::Bad),
            (vec![peer(Some(8), 3)], State::Bad),
            (vec![peer(Some(1), 3)], State::Good),
            (vec![peer(None, 3), peer(Some(1), 0)], State::Good),
        ] {
            assert_eq!(way_out(&peers, now), expected, "{peers:?}");
        }
    }
}
