//! When a delivery is tried again, and when it is given up. Pure; the table below is the test.

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

/// What follows from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// It is through.
    Delivered,
    /// Once more after this pause.
    Retry(Duration),
    /// Never again.
    GiveUp,
    /// It need not be sent any more: its object was deleted meanwhile.
    Drop,
}

const MINUTE: u64 = 60;
const HOUR: u64 = 3600;
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
/// Tries when the other side does not believe us: on first contact its fetch of our key may have failed.
const UNBELIEVED: u32 = 3;
/// A `Retry-After` is honoured up to this.
const LONGEST: Duration = Duration::from_secs(72 * HOUR);

/// `made` counts the tries so far, this one included. `spread` is a random number in 0..1 that keeps many deliveries to
/// one host from coming back together.
pub fn next(made: u32, attempt: &Attempt, spread: f64) -> Next {
    let pause = || match PAUSES.get(made.saturating_sub(1) as usize) {
        Some(seconds) => Next::Retry(spread_out(*seconds, spread)),
        None => Next::GiveUp,
    };
    let (status, retry_after) = match attempt {
        Attempt::Forbidden => return Next::GiveUp,
        Attempt::Unanswered => return pause(),
        Attempt::Answered { status, retry_after } => (*status, *retry_after),
    };
    match status.as_u16() {
        200..=299 => Next::Delivered,
        401 | 403 if made < UNBELIEVED => pause(),
        408 | 429 | 500 | 502..=599 => match (pause(), retry_after) {
            (Next::Retry(ours), Some(theirs)) => Next::Retry(ours.max(theirs.min(LONGEST))),
            (next, _) => next,
        },
        300..=399 => pause(), // nobody follows a redirected POST; the inbox may be found again
        _ => Next::GiveUp,
    }
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

    #[test]
    fn what_follows_from_an_answer() {
        let after = |seconds| Next::Retry(Duration::from_secs(seconds));
        for (made, attempt, expected) in [
            (1, answered(202, None), Next::Delivered),
            (1, answered(200, None), Next::Delivered),
            (1, answered(500, None), after(60)),
            (2, answered(500, None), after(180)),
            (3, answered(503, None), after(600)),
            (1, answered(501, None), Next::GiveUp),
            (11, Attempt::Unanswered, after(72 * 3600)),
            (12, Attempt::Unanswered, Next::GiveUp),
            (1, Attempt::Unanswered, after(60)),
            (1, answered(429, Some(120)), after(120)),
            (1, answered(429, Some(5)), after(60)),
            (1, answered(503, Some(10_000_000)), after(72 * 3600)),
            (1, answered(401, None), after(60)),
            (2, answered(403, None), after(180)),
            (3, answered(401, None), Next::GiveUp),
            (1, answered(301, None), after(60)),
            (1, answered(404, None), Next::GiveUp),
            (1, answered(410, None), Next::GiveUp),
            (1, answered(400, None), Next::GiveUp),
            (1, answered(413, None), Next::GiveUp),
            (1, answered(408, None), after(60)),
            (1, Attempt::Forbidden, Next::GiveUp),
        ] {
            assert_eq!(next(made, &attempt, 0.0), expected, "try {made}: {attempt:?}");
        }
    }

    #[test]
    fn pauses_are_spread_by_a_fifth_at_most() {
        assert_eq!(next(1, &Attempt::Unanswered, 1.0), Next::Retry(Duration::from_secs(72)));
        assert_eq!(next(1, &Attempt::Unanswered, 9.0), Next::Retry(Duration::from_secs(72)));
    }
}
