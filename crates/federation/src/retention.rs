//! What the spine lets go: received bodies when they have had their effect, what others said, and what nobody needs any
//! more. Each rule is a value, so that who shows how long things are kept reads it where it is applied.
//!
//! Ids outlive the texts: a received id is kept longer than a signature is accepted, so that nothing old has an effect
//! again; tombstones and the deliveries that tell who has an object stay.

use crate::inbox::items::{FAILED, WAITING};
use crate::reply::{self, For};
use crate::{report, taken_back};
use diesel::prelude::*;
use std::time::Duration;
use store::schema::{actors, delivery_attempts, follows, inbox_items, objects};
use store::{Conn, Timestamp};

const DAY: Duration = Duration::from_secs(86_400);
/// How long a received body stays for `solmu inbox retry`.
const BODY_DAYS: u32 = 2;
/// How long finished rows, attempts and strangers' profiles stay; and messages, which are of no use once they are read.
const ROW_DAYS: u32 = 30;
/// How long a report that was settled stays.
const REPORT_DAYS: u32 = 180;
/// How long an answer stays that everybody may read.
const ANSWER_DAYS: u32 = 365;

/// How long one class of things is kept.
pub struct Rule {
    /// What it is.
    pub class: &'static str,
    /// How long it is kept, and why.
    pub rule: &'static str,
    /// How many rows would go at a moment.
    pub due: fn(&mut Conn, Timestamp) -> QueryResult<i64>,
    /// Lets them go; how many went.
    pub apply: fn(&mut Conn, Timestamp) -> QueryResult<usize>,
}

/// All of them, in the order in which they are applied: who said nothing that is kept is a stranger.
pub const RULES: [&Rule; 8] = [&BODIES, &RECEIVED, &ATTEMPTS, &TAKEN_BACK, &REPORTS, &ANSWERS, &MESSAGES, &STRANGERS];

fn before(now: Timestamp, days: u32) -> Timestamp {
    now.minus(DAY * days)
}

/// The rows whose bodies have had their effect.
macro_rules! bodies {
    ($now:expr) => {
        inbox_items::table
            .filter(inbox_items::state.ne_all([WAITING, FAILED]))
            .filter(inbox_items::finished_at.lt(before($now, BODY_DAYS)))
            .filter(inbox_items::body.ne(Vec::<u8>::new()))
    };
}

/// See [`Rule::class`].
pub const BODIES: Rule = Rule {
    class: "texts of what other servers sent",
    rule: "two days after they had their effect: so long the operator can look for what went wrong",
    due: |conn, now| bodies!(now).count().get_result(conn),
    apply: |conn, now| diesel::update(bodies!(now)).set(inbox_items::body.eq(Vec::<u8>::new())).execute(conn),
};

/// See [`Rule::class`].
pub const RECEIVED: Rule = Rule {
    class: "list of what other servers sent",
    rule: "thirty days: longer than a signature counts, so that nothing old has an effect again",
    due: |conn, now| {
        inbox_items::table.filter(inbox_items::finished_at.lt(before(now, ROW_DAYS))).count().get_result(conn)
    },
    apply: |conn, now| {
        diesel::delete(inbox_items::table.filter(inbox_items::finished_at.lt(before(now, ROW_DAYS)))).execute(conn)
    },
};

/// See [`Rule::class`].
pub const ATTEMPTS: Rule = Rule {
    class: "attempts to deliver",
    rule: "thirty days: so long the operator can see why a server did not get something",
    due: |conn, now| {
        delivery_attempts::table.filter(delivery_attempts::at.lt(before(now, ROW_DAYS))).count().get_result(conn)
    },
    apply: |conn, now| {
        diesel::delete(delivery_attempts::table.filter(delivery_attempts::at.lt(before(now, ROW_DAYS)))).execute(conn)
    },
};

/// See [`Rule::class`].
pub const TAKEN_BACK: Rule = Rule {
    class: "ids that were taken back before they came",
    rule: "seven days: longer than most servers go on trying",
    due: taken_back::count_over,
    apply: taken_back::let_go,
};

/// See [`Rule::class`].
pub const REPORTS: Rule = Rule {
    class: "reports of other servers",
    rule: "half a year after they were settled: so long the region can see what was reported before",
    due: |conn, now| report::count_settled(conn, before(now, REPORT_DAYS)),
    apply: |conn, now| report::let_go(conn, before(now, REPORT_DAYS)),
};

/// See [`Rule::class`].
pub const ANSWERS: Rule = Rule {
    class: "public answers of others",
    rule: "a year after they came, or until their author deletes them or what they answer is deleted",
    due: |conn, now| reply::count_older(conn, For::Everybody, before(now, ANSWER_DAYS)),
    apply: |conn, now| reply::let_go(conn, For::Everybody, before(now, ANSWER_DAYS)),
};

/// See [`Rule::class`].
pub const MESSAGES: Rule = Rule {
    class: "answers and messages of others to the region alone",
    rule: "thirty days after they came: so long they are listed at the desk, and they are shown nowhere else",
    due: |conn, now| reply::count_older(conn, For::Us, before(now, ROW_DAYS)),
    apply: |conn, now| reply::let_go(conn, For::Us, before(now, ROW_DAYS)),
};

/// Whom nobody here follows or is followed by, and who presents or authored nothing that is kept.
macro_rules! strangers {
    ($now:expr) => {
        actors::table
            .filter(actors::local.eq(false))
            .filter(actors::fetched_at.lt(before($now, ROW_DAYS)))
            .filter(actors::url.ne_all(follows::table.select(follows::follower)))
            .filter(actors::url.ne_all(follows::table.select(follows::followed)))
            .filter(actors::url.ne_all(objects::table.filter(objects::deleted_at.is_null()).select(objects::author)))
            .filter(actors::url.ne_all(objects::table.filter(objects::deleted_at.is_null()).select(objects::url)))
    };
}

/// See [`Rule::class`].
pub const STRANGERS: Rule = Rule {
    class: "profiles of people on other servers",
    rule: "thirty days after they were last read, when they neither follow nor are followed and nothing of theirs is kept",
    due: |conn, now| strangers!(now).count().get_result(conn),
    apply: |conn, now| diesel::delete(strangers!(now)).execute(conn),
};
