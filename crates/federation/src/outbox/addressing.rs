//! The deliveries of an activity: one for each inbox of its audience.

use super::audience::{self, Audience};
use crate::delivery::schedule;
use diesel::prelude::*;
use std::collections::BTreeSet;
use store::id::{ActivityUrl, ActorUrl, InboxUrl};
use store::schema::deliveries;
use store::{Conn, Timestamp, failpoint};

/// Where an activity goes, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Addressee {
    pub inbox: InboxUrl,
    /// Milliseconds in which no other that has a gap goes to the same host; 0 for none.
    pub gap: i64,
    pub not_before: Timestamp,
}

/// The inboxes of an audience for a verb: without blocked hosts, and without those that have not answered for two weeks
/// unless something is taken back.
pub(crate) fn inboxes(
    conn: &mut Conn,
    audience: &Audience,
    verb: &str,
    now: Timestamp,
) -> QueryResult<BTreeSet<InboxUrl>> {
    let shut = crate::peer::shut(conn, schedule::takes_back(verb, "", "-"), now)?;
    let mut found = audience::all(conn, audience)?;
    if !shut.is_empty() {
        found.retain(|inbox| !shut.contains(&inbox.host()));
    }
    Ok(found)
}

pub(super) fn at_once(inboxes: BTreeSet<InboxUrl>, now: Timestamp) -> Vec<Addressee> {
    inboxes.into_iter().map(|inbox| Addressee { inbox, gap: 0, not_before: now }).collect()
}

/// One delivery for each inbox. One that was addressed before is not addressed again.
pub(crate) fn address(
    conn: &mut Conn,
    actor: &ActorUrl,
    id: &ActivityUrl,
    topic: &str,
    addressees: Vec<Addressee>,
    now: Timestamp,
) -> QueryResult<()> {
    let rows: Vec<_> = addressees
        .into_iter()
        .map(|to| {
            (
                deliveries::activity.eq(id.clone()),
                deliveries::actor.eq(actor.clone()),
                deliveries::host.eq(to.inbox.host()),
                deliveries::inbox.eq(to.inbox),
                deliveries::topic.eq(topic),
                deliveries::gap.eq(to.gap),
                deliveries::state.eq(crate::delivery::WAITING),
                deliveries::attempts.eq(0),
                deliveries::next_at.eq(to.not_before),
                deliveries::leased_until.eq(Timestamp::default()),
                deliveries::created_at.eq(now),
            )
        })
        .collect();
    // PostgreSQL takes 65 535 parameters a statement at most.
    for rows in rows.chunks(1000) {
        match conn {
            Conn::Postgres(conn) => {
                let insert = diesel::insert_into(deliveries::table).values(rows.to_vec());
                insert.on_conflict_do_nothing().execute(conn)?;
            }
            Conn::Sqlite(conn) => {
                for row in rows {
                    let insert = diesel::insert_into(deliveries::table).values(row.clone());
                    insert.on_conflict_do_nothing().execute(conn)?;
                }
            }
        }
        failpoint::here("outbox.addressed");
    }
    Ok(())
}
