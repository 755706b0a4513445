//! Time as the database keeps it: epoch milliseconds UTC, the same number on both.

use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::BigInt;
use serde::{Deserialize, Serialize};
use std::sync::atomic::AtomicI64;
use std::time::Duration;

/// A moment, in milliseconds since 1970-01-01T00:00:00Z. Functions take `now` as an argument; only [`Clock`] reads it.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, AsExpression, FromSqlRow,
)]
#[diesel(sql_type = BigInt)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// From milliseconds since the epoch.
    pub const fn from_millis(millis: i64) -> Self {
        Timestamp(millis)
    }

    /// Milliseconds since the epoch.
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// The same moment in calendar terms.
    pub fn to_jiff(self) -> jiff::Timestamp {
        jiff::Timestamp::from_millisecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }

    /// This moment plus a duration.
    pub fn plus(self, by: Duration) -> Self {
        Timestamp(self.0.saturating_add(i64::try_from(by.as_millis()).unwrap_or(i64::MAX)))
    }

    /// This moment less a duration.
    pub fn minus(self, by: Duration) -> Self {
        Timestamp(self.0.saturating_sub(i64::try_from(by.as_millis()).unwrap_or(i64::MAX)))
    }

    /// How long ago `earlier` was; zero when it lies ahead.
    pub fn since(self, earlier: Timestamp) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// Cut to whole seconds, as the wire carries it.
    pub fn whole_seconds(self) -> Self {
        Timestamp(self.0.div_euclid(1000) * 1000)
    }
}

impl From<jiff::Timestamp> for Timestamp {
    fn from(at: jiff::Timestamp) -> Self {
        Timestamp(at.as_millisecond())
    }
}

impl<DB> FromSql<BigInt, DB> for Timestamp
where
    DB: Backend,
    i64: FromSql<BigInt, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
        i64::from_sql(bytes).map(Timestamp)
    }
}

impl<DB> ToSql<BigInt, DB> for Timestamp
where
    DB: Backend,
    i64: ToSql<BigInt, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        self.0.to_sql(out)
    }
}

/// The one place that reads the time of day. Handed to what must know it; a fixed clock stands in for tests.
#[derive(Clone, Copy, Debug, Default)]
pub enum Clock {
    /// The machine's own clock.
    #[default]
    System,
    /// A clock that stands still.
    Fixed(Timestamp),
    /// The machine's own clock and so many milliseconds, which somebody else may change at any time.
    Turned(&'static AtomicI64),
}

impl Clock {
    /// The present moment.
    #[allow(clippy::disallowed_methods)] // this is the place
    pub fn now(self) -> Timestamp {
        match self {
            Clock::System => jiff::Timestamp::now().into(),
            Clock::Fixed(at) => at,
            Clock::Turned(by) => {
                Timestamp(Clock::System.now().0.saturating_add(by.load(std::sync::atomic::Ordering::SeqCst)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arithmetic_ends_at_the_ends_of_time() {
        let (first, last) = (Timestamp::from_millis(i64::MIN), Timestamp::from_millis(i64::MAX));
        let second = Duration::from_secs(1);
        assert_eq!(Timestamp::from_millis(500).plus(second), Timestamp::from_millis(1500));
        assert_eq!(Timestamp::from_millis(500).minus(second), Timestamp::from_millis(-500));
        assert_eq!((last.plus(second), first.minus(second)), (last, first));
        assert_eq!((last.plus(Duration::MAX), last.since(first)), (last, Duration::from_millis(i64::MAX as u64)));
        assert_eq!(Timestamp::from_millis(1500).since(Timestamp::from_millis(500)), second);
        assert_eq!(Timestamp::from_millis(500).since(Timestamp::from_millis(1500)), Duration::ZERO);
    }

    #[test]
    fn whole_seconds_are_cut_downwards() {
        for (millis, cut) in [(0, 0), (999, 0), (1000, 1000), (1999, 1000), (-1, -1000), (-1000, -1000)] {
            assert_eq!(Timestamp::from_millis(millis).whole_seconds(), Timestamp::from_millis(cut), "{millis}");
        }
    }

    #[test]
    fn calendar_and_database_mean_the_same_moment() {
        let at: jiff::Timestamp = "2027-07-01T12:00:00.123Z".parse().unwrap();
        assert_eq!(Timestamp::from(at).to_jiff(), at);
        assert_eq!(Clock::Fixed(Timestamp::from(at)).now().to_jiff(), at);
    }
}
