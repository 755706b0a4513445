//! What the spine counts and times, for `GET /metrics`: of this process, since it began.
//!
//! What the database knows (what waits, and since when) is not counted here but asked for when somebody looks:
//! [`Waiting::read`], in time that grows with the hosts and not with the rows.

use crate::alarm::{self, Alarm};
use crate::delivery::queue::{self, over_waiting_hosts};
use crate::inbox::items;
use crate::kind::Outcome;
use crate::{Error, delivery};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Text};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use std::time::Duration;
use store::schema::{deliveries, inbox_items};
use store::{Conn, Timestamp, each};

/// Upper bounds of the times of one cryptographic operation, in seconds.
const OPERATION: [f64; 8] = [20e-6, 50e-6, 100e-6, 250e-6, 500e-6, 1e-3, 2.5e-3, 10e-3];
/// Upper bounds of how much goes into one transaction.
const TOGETHER: [f64; 8] = [1.0, 2.0, 5.0, 10.0, 25.0, 50.0, 100.0, 256.0];
/// Hosts that are told apart; the rest would only fill the monitoring's disk.
const HOSTS: i64 = 50;

/// What became of a processed activity.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Became {
    outcome: &'static str,
}

/// The spine's own counts. Cheap to clone; all clones count together.
#[derive(Clone)]
pub struct Metrics {
    /// Time to verify a signature.
    pub(crate) verifying: Histogram,
    /// Time to make a signature.
    pub(crate) signing: Histogram,
    /// Received activities stored in one transaction.
    pub(crate) stored_together: Histogram,
    /// Effects written in one transaction.
    pub(crate) effects_together: Histogram,
    processed: Family<Became, Counter>,
}

impl Default for Metrics {
    fn default() -> Metrics {
        Metrics {
            verifying: Histogram::new(OPERATION),
            signing: Histogram::new(OPERATION),
            stored_together: Histogram::new(TOGETHER),
            effects_together: Histogram::new(TOGETHER),
            processed: Family::default(),
        }
    }
}

impl Metrics {
    /// Enters all of them in a registry.
    pub fn register(&self, registry: &mut Registry) {
        let all = [
            ("signature_verify_seconds", "Time to verify one signature", &self.verifying),
            ("signature_sign_seconds", "Time to make one signature", &self.signing),
            ("inbox_stored_together", "Received activities stored in one transaction", &self.stored_together),
            (
                "inbox_effects_together",
                "Received activities that had their effect in one transaction",
                &self.effects_together,
            ),
        ];
        for (name, help, histogram) in all {
            registry.register(name, help, histogram.clone());
        }
        registry.register(
            "inbox_processed",
            "Received activities that were processed, by outcome",
            self.processed.clone(),
        );
    }

    pub(crate) fn processed(&self, outcome: &Result<Outcome, Error>) {
        let outcome = match outcome {
            Ok(Outcome::Applied) => "applied",
            Ok(Outcome::Duplicate) => "duplicate",
            Ok(Outcome::Ignored(_)) => "ignored",
            Err(error) if error.is_temporary() => "again",
            Err(_) => "failed",
        };
        self.processed.get_or_create(&Became { outcome }).inc();
    }
}

/// What one host has not got yet.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct Lag {
    /// The host.
    #[diesel(sql_type = Text)]
    pub host: String,
    /// When the oldest delivery that waits for it was made.
    #[diesel(sql_type = BigInt)]
    pub since: Timestamp,
    /// How often that one was tried.
    #[diesel(sql_type = Integer)]
    pub attempts: i32,
}

/// What waits, as the database has it.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// Deliveries that wait.
    pub deliveries: i64,
    /// How old the oldest of them is.
    pub oldest: Duration,
    /// The hosts that have waited longest, at most fifty.
    pub hosts: Vec<Lag>,
    /// Received activities that wait.
    pub inbox: i64,
    /// Received activities that failed for good.
    pub inbox_failed: i64,
    /// Deliveries that were given up.
    pub given_up: i64,
    /// What the operator has to look at.
    pub alarms: Vec<Alarm>,
}

/// The first waiting row of each lane; walks the index from lane to lane.
const LAGS: &str = over_waiting_hosts!(
    "SELECT hosts.host AS host, first.created_at AS since, first.attempts AS attempts
    FROM hosts JOIN deliveries first ON first.id =
        (SELECT MIN(id) FROM deliveries WHERE state = 'waiting' AND host = hosts.host)
    ORDER BY since LIMIT $1"
);

impl Waiting {
    /// Reads it.
    ///
    /// # Errors
    /// Those of the database.
    pub fn read(conn: &mut Conn, now: Timestamp) -> Result<Waiting, Error> {
        let hosts: Vec<Lag> = each!(conn, c => diesel::sql_query(LAGS).bind::<BigInt, _>(HOSTS).load(c))?;
        let inbox_failed = inbox_items::table.filter(inbox_items::state.eq(items::FAILED));
        let given_up = deliveries::table.filter(deliveries::state.eq(delivery::GIVEN_UP));
        Ok(Waiting {
            oldest: hosts.first().map_or(Duration::ZERO, |lag| now.since(lag.since)),
            hosts,
            alarms: alarm::all(conn)?,
            deliveries: deliveries::table.filter(queue::waiting()).count().get_result(conn)?,
            given_up: given_up.count().get_result(conn)?,
            inbox: inbox_items::table.filter(items::waiting()).count().get_result(conn)?,
            inbox_failed: inbox_failed.count().get_result(conn)?,
        })
    }
}
