//! When a delivery is tried again, when its host is, and when it is given up. Pure; the tables below are the test.
//!
//! Two clocks. A delivery that its host *answers* badly has a clock of its own, and others go on: one activity that a
//! server chokes on must not keep everything behind it. A host that does not answer, or whose proxy says that nobody is
//! behind it, has one clock for all that waits for it: one probe, however much there is.

use http::StatusCode;
use std::time::Duration;

/// What came of one try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attempt {
    /// The other side answered.
    Answered {
        /// With this status.
        status: StatusCode,
        /// Asking for this pause.
        retry_after: Option<Duration>,
    },
    /// It did not: time-out, TLS, DNS, refused connection.
    Unanswered,
    /// It must not be sent: the address is not allowed.
    Forbidden,
}

/// What is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Case {
    /// Tries so far, this one included.
    pub made: u32,
    /// How long ago the delivery was made.
    pub age: Duration,
    /// It takes something back that may concern a person (`Delete`, `Undo`, a changed profile): tried for longer.
    pub takes_back: bool,
    /// That no answer comes says something of the host. Gancio answers some activities never and is well all the same.
    pub silence_counts: bool,
}

/// What follows from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// It is through.
    Delivered,
    /// This one once more after this pause; others of its host go on.
    Retry(Duration),
    /// The host is not there: nothing goes to it before [`probe`] says so, nor before the pause it asked for itself.
    Away(Option<Duration>),
    /// The host asks to be left alone for so long.
    Pause(Duration),
    /// Never again.
    GiveUp,
    /// It need not be sent any more: its object was deleted meanwhile.
    Drop,
    /// It is not for this software.
    Skip,
}

const MINUTE: u64 = 60;
const HOUR: u64 = 3600;
const DAY: u64 = 24 * HOUR;
/// The pauses between tries. Dense at first: Mastodon shows nothing in home timelines that arrives after six hours.
const PAUSES: [u64; 11] = [
    MINUTE,
    3 * MINUTE,
    10 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
    5 * HOUR,
    12 * HOUR,
    24 * HOUR,
    48 * HOUR,
    72 * HOUR,
];
/// The pauses when the other side does not believe us: on first contact its fetch of our key may have failed. Three
/// tries within an hour.
const UNBELIEVED: [u64; 2] = [MINUTE, 59 * MINUTE];
/// A pause that a host asks for is honoured up to this.
const LONGEST: Duration = Duration::from_secs(72 * HOUR);
/// The least pause after 429 (Too Many Requests).
const TOO_MANY: Duration = Duration::from_secs(MINUTE);
/// How long something is tried: for seven days in which its host is away, and the hour in which it is found to be back.
const PATIENCE: Duration = Duration::from_secs(7 * DAY + HOUR);
/// How long something is tried that takes back.
const LONG_PATIENCE: Duration = Duration::from_secs(30 * DAY + HOUR);
/// A host that failed for so long gets nothing new any more, until it shows life.
pub const SUSPENDED_AFTER: Duration = Duration::from_secs(14 * DAY);

impl Case {
    /// How long it is tried.
    pub fn patience(&self) -> Duration {
        if self.takes_back { LONG_PATIENCE } else { PATIENCE }
    }
}

/// What follows from a try. `spread` is a random number in 0..1 that keeps many deliveries to one host from coming back
/// together.
pub fn next(case: &Case, attempt: &Attempt, spread: f64) -> Next {
    let (status, retry_after) = match attempt {
        Attempt::Forbidden => return Next::GiveUp,
        Attempt::Unanswered if case.silence_counts => return away(case, None),
        Attempt::Unanswered => return later(case, spread),
        Attempt::Answered { status, retry_after } => (status.as_u16(), retry_after.map(|pause| pause.min(LONGEST))),
    };
    match status {
        200..=299 => Next::Delivered,
        401 | 403 => match UNBELIEVED.get(case.made.saturating_sub(1) as usize) {
            Some(seconds) => Next::Retry(spread_out(*seconds, spread)),
            None => Next::GiveUp,
        },
        429 => Next::Pause(retry_after.unwrap_or_default().max(TOO_MANY)),
        // Nobody follows a redirected POST; the inbox may be found again.
        300..=399 | 408 | 500 => later(case, spread),
        501 | 505 => Next::GiveUp,
        502..=599 => away(case, retry_after),
        _ => Next::GiveUp,
    }
}

fn away(case: &Case, asked: Option<Duration>) -> Next {
    if case.age > case.patience() { Next::GiveUp } else { Next::Away(asked) }
}

/// The delivery's own clock.
fn later(case: &Case, spread: f64) -> Next {
    let pause = match PAUSES.get(case.made.saturating_sub(1) as usize) {
        Some(seconds) => *seconds,
        None => PAUSES[PAUSES.len() - 1],
    };
    if case.age + Duration::from_secs(pause) > case.patience() {
        return Next::GiveUp;
    }
    Next::Retry(spread_out(pause, spread))
}

/// How long a host that does not answer is left alone, by how long it has not. So the first delivery after it is back
/// comes within a minute when it was away for an hour at most, within a quarter of an hour on the first day, within an
/// hour later.
pub fn probe(failing_for: Duration, spread: f64) -> Duration {
    let seconds = match failing_for.as_secs() {
        0..10 => 10,
        10..HOUR => 45,
        HOUR..DAY => 12 * MINUTE,
        _ if failing_for < SUSPENDED_AFTER => 48 * MINUTE,
        _ => 20 * HOUR,
    };
    spread_out(seconds, spread)
}

/// Whether an activity takes something back that may concern a person.
pub fn takes_back(verb: &str, actor: &str, object: &str) -> bool {
    matches!(verb, "Delete" | "Undo") || (verb == "Update" && actor == object)
}

/// The pause, up to a fifth longer.
fn spread_out(seconds: u64, spread: f64) -> Duration {
    Duration::from_secs(seconds).mul_f64(1.0 + 0.2 * spread.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(status: u16, retry_after: Option<u64>) -> Attempt {
        Attempt::Answered {
            status: StatusCode::from_u16(status).unwrap(),
            retry_after: retry_after.map(Duration::from_secs),
        }
    }

    fn case(made: u32) -> Case {
        Case { made, age: Duration::from_secs(1), takes_back: false, silence_counts: true }
    }

    fn after(seconds: u64) -> Next {
        Next::Retry(Duration::from_secs(seconds))
    }

    #[test]
    fn what_follows_from_an_answer() {
        let pause = |seconds| Next::Pause(Duration::from_secs(seconds));
        let away = |seconds: u64| Next::Away(Some(Duration::from_secs(seconds)));
        for (made, attempt, expected) in [
            (1, answered(202, None), Next::Delivered),
            (1, answered(200, None), Next::Delivered),
            (1, answered(500, None), after(60)),
            (2, answered(500, None), after(180)),
            (3, answered(500, None), after(600)),
            (11, answered(500, None), after(72 * 3600)),
            (1, answered(501, None), Next::GiveUp),
            (1, answered(502, None), Next::Away(None)),
            (1, answered(503, None), Next::Away(None)),
            (1, answered(530, None), Next::Away(None)),
            (1, Attempt::Unanswered, Next::Away(None)),
            (9, Attempt::Unanswered, Next::Away(None)),
            (1, answered(429, None), pause(60)),
            (1, answered(429, Some(120)), pause(120)),
            (1, answered(429, Some(5)), pause(60)),
            (1, answered(503, Some(600)), away(600)),
            (1, answered(503, Some(10_000_000)), away(72 * 3600)),
            (1, answered(401, None), after(60)),
            (2, answered(403, None), after(59 * 60)),
            (3, answered(401, None), Next::GiveUp),
            (1, answered(301, None), after(60)),
            (1, answered(404, None), Next::GiveUp),
            (1, answered(410, None), Next::GiveUp),
            (1, answered(400, None), Next::GiveUp),
            (1, answered(413, None), Next::GiveUp),
            (1, answered(408, None), after(60)),
            (1, Attempt::Forbidden, Next::GiveUp),
        ] {
            assert_eq!(next(&case(made), &attempt, 0.0), expected, "try {made}: {attempt:?}");
        }
    }

    #[test]
    fn c63_silence_of_a_server_that_never_answers_says_nothing_of_the_host() {
        let quiet = |made| Case { silence_counts: false, ..case(made) };
        for (made, expected) in [(1, after(60)), (2, after(180)), (20, after(72 * 3600))] {
            assert_eq!(next(&quiet(made), &Attempt::Unanswered, 0.0), expected, "try {made}");
        }
    }

    #[test]
    fn p02_seven_days_for_everything_thirty_for_what_takes_back() {
        let days = |days: u64| Duration::from_secs(days * DAY);
        let over = |days: u64| Duration::from_secs(days * DAY + HOUR + 1);
        let aged = |age, takes_back| Case { age, takes_back, ..case(12) };
        for (age, takes_back, attempt, expected) in [
            (days(7), false, Attempt::Unanswered, Next::Away(None)),
            (over(7), false, Attempt::Unanswered, Next::GiveUp),
            (days(8), true, Attempt::Unanswered, Next::Away(None)),
            (over(30), true, Attempt::Unanswered, Next::GiveUp),
            (days(3), false, answered(500, None), after(72 * 3600)),
            (days(5), false, answered(500, None), Next::GiveUp),
            (days(26), true, answered(500, None), after(72 * 3600)),
            (days(28), true, answered(500, None), Next::GiveUp),
        ] {
            assert_eq!(next(&aged(age, takes_back), &attempt, 0.0), expected, "{age:?}, {attempt:?}");
        }
    }

    #[test]
    fn what_takes_back() {
        let (actor, object) = ("https://a.example/ap/actors/1", "https://a.example/ap/events/1");
        for (verb, about, expected) in [
            ("Delete", object, true),
            ("Undo", object, true),
            ("Update", actor, true),
            ("Update", object, false),
            ("Create", object, false),
        ] {
            assert_eq!(takes_back(verb, actor, about), expected, "{verb} of {about}");
        }
    }

    /// A host that was away gets its first delivery within the time that is promised for how long it was away.
    #[test]
    fn p03_a_host_that_is_back_is_found_soon() {
        for (away_seconds, within) in [(5, 60), (60, 60), (HOUR, 60), (DAY, 15 * MINUTE), (7 * DAY, HOUR)] {
            for spread in [0.0, 0.5, 1.0] {
                let (away, mut failing_for, mut tries) = (Duration::from_secs(away_seconds), Duration::ZERO, 0_u32);
                while failing_for < away {
                    failing_for += probe(failing_for, spread);
                    tries += 1;
                }
                let late = failing_for - away;
                assert!(late <= Duration::from_secs(within), "{away:?} away: found after {late:?}");
                assert!(u64::from(tries) <= 2 + away_seconds / 45, "{away:?} away: {tries} probes");
            }
        }
        assert!(probe(SUSPENDED_AFTER, 0.0) >= Duration::from_secs(20 * HOUR), "a suspended host is left in peace");
    }

    #[test]
    fn pauses_are_spread_by_a_fifth_at_most() {
        for spread in [1.0, 9.0] {
            assert_eq!(next(&case(1), &answered(500, None), spread), after(72));
        }
    }
}
