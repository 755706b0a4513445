//! What wants to be seen to today: small questions to the slices, put together.

use super::deeds::Thing;
use super::{deeds, schedule};
use crate::error::Key;
use crate::feedback::{self, Feedback};
use crate::find::Found;
use crate::{Error, event, leaving, producer, task};
use diesel::prelude::*;
use federation::delivery::summary;
use federation::report::{self, Report};
use federation::{actor, peer, reply};
use std::collections::HashSet;
use std::time::Duration;
use store::id::{ActorUrl, ObjectUrl};
use store::schema::settled_answers;
use store::{Conn, Timestamp};
use vocab::SafeHtml;

/// A deadline is near for so long.
const NEAR: Duration = Duration::from_secs(7 * 24 * 3600);
/// An answer that nobody has seen to is listed for so long; what was settled is remembered as long.
pub(super) const LISTED: Duration = Duration::from_secs(30 * 24 * 3600);
/// A host that fails for less is no matter of people.
const FAILING: Duration = Duration::from_secs(3600);
/// Entries of one part at most.
const MOST: i64 = 50;

/// A draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The draft.
    pub thing: Thing,
    /// Why it was not published when it was due.
    pub refused: Option<Key>,
}

/// What somebody of another server has written under a thing of ours, or to the region.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// Its id.
    pub url: ObjectUrl,
    /// `@user@host`, or the host alone.
    pub author: String,
    /// Its text.
    pub text: String,
    /// Its language, when it is told.
    pub language: Option<String>,
    /// Its page, where one can answer.
    pub page: Option<String>,
    /// It is for the region alone.
    pub private: bool,
    /// It mentions the region and answers nothing.
    pub mention: bool,
    /// What it is about: the title and the page.
    pub about: Option<(String, String)>,
    /// When it came.
    pub received: Timestamp,
}

/// A host that gets nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failing {
    /// The host.
    pub host: String,
    /// Since when.
    pub since: Option<Timestamp>,
    /// How much waits for it.
    pub waiting: i64,
    /// How much of it are deletions.
    pub deletions: i64,
    /// It is given up on until it shows life.
    pub suspended: bool,
}

/// Who is leaving, without a name, and whether all that was deleted is gone elsewhere too. It happens by itself; the desk only
/// knows of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Erasures {
    /// Accounts that are hidden, and go for good when their week is over.
    pub accounts: i64,
    /// When the first of them goes.
    pub next: Option<Timestamp>,
    /// Hosts that have not confirmed a deletion yet.
    pub hosts: i64,
}

/// Deletions that a host has yet to hear of: which host, how many, and since when.
type Unheard = (String, i64, Option<Timestamp>);

/// See the module.
#[derive(Debug, Clone, Default)]
pub struct Today {
    /// Profiles that wait to be published, the longest waiting first.
    pub profiles: Vec<producer::Waiting>,
    /// Drafts, those that were to be published first.
    pub drafts: Vec<Draft>,
    /// Open tasks whose deadline is near, with it.
    pub closing: Vec<(Thing, Timestamp)>,
    /// Answers that nobody has seen to.
    pub answers: Vec<Answer>,
    /// Reports of other servers.
    pub reports: Vec<Report>,
    /// What people tell of what does not work for them; it has to be answered by a day.
    pub feedback: Vec<Feedback>,
    /// Hosts that get nothing.
    pub failing: Vec<Failing>,
    /// Erasures that are due, and those that others have yet to confirm.
    pub erasures: Erasures,
}

impl Today {
    /// How much there is to do. Erasures happen by themselves.
    pub fn count(&self) -> usize {
        let told = self.answers.len() + self.reports.len() + self.feedback.len();
        self.profiles.len() + self.drafts.len() + self.closing.len() + told + self.failing.len()
    }
}

/// What wants to be seen to.
///
/// # Errors
/// Those of the database.
pub fn today(conn: &mut Conn, now: Timestamp) -> Result<Today, Error> {
    let deletions = summary::deletions_waiting(conn, 1_000)?;
    Ok(Today {
        profiles: producer::waiting(conn)?,
        drafts: drafts(conn)?,
        closing: closing(conn, now)?,
        answers: answers(conn, now)?,
        reports: report::all_open(conn, MOST)?,
        feedback: feedback::open(conn)?,
        failing: failing(conn, &deletions, now)?,
        erasures: erasures(conn, &deletions)?,
    })
}

fn drafts(conn: &mut Conn) -> Result<Vec<Draft>, Error> {
    let mut drafts = Vec::new();
    for kind in ["event", "task"] {
        for thing in deeds::all(conn, kind, true, 0, MOST)? {
            let refused = schedule::of(conn, &thing.what)?.and_then(|due| due.refused);
            drafts.push(Draft { thing, refused });
        }
    }
    drafts.sort_by_key(|draft| {
        let at = draft.thing.publish_at;
        (draft.refused.is_none(), at.is_none(), at, std::cmp::Reverse(draft.thing.changed))
    });
    Ok(drafts)
}

fn closing(conn: &mut Conn, now: Timestamp) -> Result<Vec<(Thing, Timestamp)>, Error> {
    let mut closing = Vec::new();
    for row in task::closing(conn, now.plus(NEAR), MOST)? {
        let deadline = row.deadline_at.unwrap_or(now);
        closing.extend(deeds::thing(conn, &Found::Task(row.id))?.map(|thing| (thing, deadline)));
    }
    Ok(closing)
}

fn answers(conn: &mut Conn, now: Timestamp) -> Result<Vec<Answer>, Error> {
    let lately = reply::lately(conn, now.minus(LISTED), 4 * MOST)?;
    let urls: Vec<&ObjectUrl> = lately.iter().map(|reply| &reply.url).collect();
    let settled: Vec<ObjectUrl> =
        settled_answers::table.filter(settled_answers::url.eq_any(urls)).select(settled_answers::url).load(conn)?;
    let settled: HashSet<ObjectUrl> = settled.into_iter().collect();
    let mut open = Vec::new();
    let unsettled = lately.into_iter().filter(|reply| !settled.contains(&reply.url));
    for reply in unsettled.take(usize::try_from(MOST).unwrap_or_default()) {
        let author = actor::find(conn, &reply.author)?.map_or_else(|| reply.author.host(), |actor| actor.handle());
        open.push(Answer {
            author,
            text: SafeHtml::clean(&reply.content).to_text(),
            language: reply.language,
            page: reply.page,
            private: !reply.public,
            mention: actor::find(conn, &ActorUrl::from_text(reply.object.as_str()))?.is_some(),
            about: about(conn, &reply.object)?,
            received: reply.received_at,
            url: reply.url,
        });
    }
    Ok(open)
}

fn about(conn: &mut Conn, object: &ObjectUrl) -> QueryResult<Option<(String, String)>> {
    if let Some(event) = event::by_url(conn, object.as_str())? {
        return Ok(Some((event.name, event.source.page)));
    }
    Ok(task::by_url(conn, object.as_str())?.map(|task| (task.title, task.source.page)))
}

fn erasures(conn: &mut Conn, deletions: &[Unheard]) -> QueryResult<Erasures> {
    let (accounts, next) = leaving::ahead(conn)?;
    Ok(Erasures { accounts, next, hosts: i64::try_from(deletions.len()).unwrap_or(i64::MAX) })
}

fn failing(conn: &mut Conn, deletions: &[Unheard], now: Timestamp) -> Result<Vec<Failing>, Error> {
    let backlogs = summary::backlogs(conn, 1_000)?;
    let mut failing = Vec::new();
    for peer in peer::failing(conn, MOST)? {
        let waiting = backlogs.iter().find(|backlog| backlog.host == peer.host).map_or(0, |backlog| backlog.waiting);
        let lasting = peer.failing_since.is_some_and(|since| now.since(since) >= FAILING);
        if waiting == 0 || !lasting {
            continue;
        }
        failing.push(Failing {
            since: peer.failing_since,
            waiting,
            deletions: deletions.iter().find(|(host, ..)| *host == peer.host).map_or(0, |(_, count, _)| *count),
            suspended: peer.is_suspended(now),
            host: peer.host,
        });
    }
    Ok(failing)
}
