//! How far this machine's clock is from those of the other servers, by the `Date` of their answers (RFC 9110 §6.6.1).
//!
//! One server may be wrong; the middle one of several is not. An answer out of a cache tells an old time and is left out.

use http::{HeaderMap, header};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use store::Timestamp;
use url::Url;

/// A clock that is off by more than this is wrong: Mastodon takes signatures within an hour, Gancio within five minutes.
pub const WRONG: Duration = Duration::from_secs(300);
/// Servers whose answers are needed to tell.
const WITNESSES: usize = 3;
/// Servers that are remembered; a new one takes the place of any other.
const KEPT: usize = 64;
/// What was heard so long ago says nothing of now.
const FRESH: Duration = Duration::from_secs(3600);

/// What the servers' answers have told, by host: by how many milliseconds our clock was ahead, and when by our clock.
#[derive(Default)]
pub struct Skew(Mutex<HashMap<String, (i64, Timestamp)>>);

impl Skew {
    /// Notes the `Date` of an answer to a request that was made at `now`.
    pub(crate) fn note(&self, url: &Url, headers: &HeaderMap, now: Timestamp) {
        if headers.contains_key(header::AGE) {
            return;
        }
        let told = headers.get(header::DATE).and_then(|date| crate::signature::date_to_timestamp(date.to_str().ok()?));
        let Some(theirs) = told else { return };
        let ahead = now.as_millis().saturating_sub(theirs.as_millis());
        let mut heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let host = store::id::host_of(url.as_str());
        if heard.len() >= KEPT && !heard.contains_key(&host) {
            let any = heard.keys().next().cloned();
            any.and_then(|any| heard.remove(&any));
        }
        heard.insert(host, (ahead, now));
    }

    /// By how many milliseconds our clock is ahead of the others; `None` while too few have answered lately.
    pub fn ahead(&self, now: Timestamp) -> Option<i64> {
        let heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let lately = |at: Timestamp| now.since(at) < FRESH && at.since(now) < FRESH;
        let mut all: Vec<i64> = heard.values().filter(|(_, at)| lately(*at)).map(|(ahead, _)| *ahead).collect();
        if all.len() < WITNESSES {
            return None;
        }
        all.sort_unstable();
        Some(all[all.len() / 2])
    }
}

/// Whether a clock that is so many milliseconds ahead is wrong.
pub fn is_wrong(ahead: i64) -> bool {
    u128::from(ahead.unsigned_abs()) > WRONG.as_millis()
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);

    fn answer(skew: &Skew, host: &str, behind: i64, cached: bool) {
        let date = crate::signature::timestamp_to_date(Timestamp::from_millis(NOW.as_millis() - behind * 1000));
        let mut headers = HeaderMap::new();
        headers.insert(header::DATE, HeaderValue::from_str(&date).unwrap());
        if cached {
            headers.insert(header::AGE, HeaderValue::from_static("900"));
        }
        skew.note(&Url::parse(&format!("https://{host}/x")).unwrap(), &headers, NOW);
    }

    #[test]
    fn p13_the_middle_one_of_several_tells() {
        for (told, ahead) in [
            (&[][..], None),
            (&[900, 900], None),
            (&[0, 0, 900], Some(0)),
            (&[900, 900, 0], Some(900_000)),
            (&[-900, -600, -700, 0], Some(-600_000)),
        ] {
            let skew = Skew::default();
            for (number, behind) in told.iter().enumerate() {
                answer(&skew, &format!("{number}.example"), *behind, false);
                answer(&skew, &format!("{number}.cached.example"), 900, true);
            }
            assert_eq!(skew.ahead(NOW), ahead, "{told:?}");
        }
    }

    #[test]
    fn p13_one_server_is_one_witness_and_does_not_tell_for_ever() {
        let skew = Skew::default();
        (0..9).for_each(|_| answer(&skew, "a.example", 900, false));
        assert_eq!(skew.ahead(NOW), None);
        (0..200).for_each(|number| answer(&skew, &format!("{number}.example"), 0, false));
        assert_eq!((skew.ahead(NOW), skew.0.lock().unwrap().len()), (Some(0), KEPT));
        assert_eq!(skew.ahead(NOW.plus(FRESH)), None);
    }

    #[test]
    fn p13_five_minutes_are_wrong() {
        for (ahead, wrong) in [(0, false), (300_000, false), (300_001, true), (-300_001, true), (i64::MIN, true)] {
            assert_eq!(is_wrong(ahead), wrong, "{ahead}");
        }
    }
}
