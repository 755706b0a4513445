//! Inboxes that answer 404 or 410, or point elsewhere: their owners are asked for again. One that is gone follows nobody
//! any more; one that has moved gets what waits at its new inbox.
//!
//! 410 is believed at once, 404 after ten in a row over three days: servers answer it while they are being rebuilt. What
//! an inbox says is never enough: only when the actor's own address says the same is a follower dropped.

use super::queue::waiting;
use super::results::Tried;
use super::schedule::Next;
use super::{GIVEN_UP, SUPERSEDED};
use crate::actor::{self, Actor};
use crate::state::State;
use crate::{Error, fetch, follow};
use diesel::prelude::*;
use std::collections::BTreeSet;
use std::time::Duration;
use store::id::{ActorUrl, InboxUrl};
use store::schema::{actors, deliveries, missing_inboxes};
use store::{Conn, Timestamp, each};

/// This many in a row, over this long.
const MISSES: i32 = 10;
const OVER: Duration = Duration::from_secs(3 * 86_400);
/// An inbox is looked after this often at most.
const AGAIN: Duration = Duration::from_secs(3600);
/// Owners of a shared inbox that are asked for in one go; the others have their turn an hour later.
const OWNERS: i64 = 20;

/// Notes what was learnt of inboxes. `true` when one of them has to be looked after.
pub(super) fn note(conn: &mut Conn, results: &[Tried]) -> QueryResult<bool> {
    let mut urgent = false;
    let known: Vec<InboxUrl> = missing_inboxes::table.select(missing_inboxes::inbox).load(conn)?;
    let mut found = BTreeSet::new();
    for tried in results {
        let inbox = &tried.delivery.inbox;
        match tried.status {
            Some(410 | 300..=399) => {
                missed(conn, inbox, true, tried.at)?;
                urgent = true;
            }
            Some(404) => urgent |= missed(conn, inbox, false, tried.at)?,
            Some(_) if tried.next == Next::Delivered && known.contains(inbox) => {
                found.insert(inbox);
            }
            _ => {}
        }
    }
    if !found.is_empty() {
        diesel::delete(missing_inboxes::table.filter(missing_inboxes::inbox.eq_any(found))).execute(conn)?;
    }
    Ok(urgent)
}

/// Counts a miss. `true` when it is believed.
fn missed(conn: &mut Conn, inbox: &InboxUrl, urgent: bool, at: Timestamp) -> QueryResult<bool> {
    let row = (
        missing_inboxes::inbox.eq(inbox),
        missing_inboxes::misses.eq(0),
        missing_inboxes::since.eq(at),
        missing_inboxes::urgent.eq(false),
        missing_inboxes::checked_at.eq(Timestamp::default()),
    );
    each!(conn, c => diesel::insert_into(missing_inboxes::table).values(row).on_conflict_do_nothing().execute(c))?;
    let this = missing_inboxes::table.find(inbox);
    diesel::update(this).set(missing_inboxes::misses.eq(missing_inboxes::misses + 1)).execute(conn)?;
    let (misses, since): (i32, Timestamp) =
        this.select((missing_inboxes::misses, missing_inboxes::since)).first(conn)?;
    let believed = urgent || (misses >= MISSES && at.since(since) >= OVER);
    if believed {
        diesel::update(this).set(missing_inboxes::urgent.eq(true)).execute(conn)?;
    }
    Ok(believed)
}

/// What became of an actor.
enum Owner {
    /// It is there, perhaps elsewhere now.
    There(Box<Actor>),
    /// Its own address says that it is gone.
    Gone(ActorUrl),
    /// It could not be asked.
    Unclear,
}

/// Looks after all inboxes that have to be looked after.
pub(super) async fn look_after(state: &State) -> Result<(), Error> {
    let now = state.now();
    let due: Vec<InboxUrl> = state
        .store
        .read(move |conn| {
            missing_inboxes::table
                .filter(missing_inboxes::urgent.eq(true))
                .filter(missing_inboxes::checked_at.le(now.minus(AGAIN)))
                .order(missing_inboxes::checked_at)
                .limit(OWNERS)
                .select(missing_inboxes::inbox)
                .load(conn)
                .map_err(Error::from)
        })
        .await?;
    for inbox in due {
        look_after_one(state, &inbox).await?;
    }
    Ok(())
}

async fn look_after_one(state: &State, inbox: &InboxUrl) -> Result<(), Error> {
    let (asked, now) = (inbox.clone(), state.now());
    let owners: Vec<ActorUrl> = state
        .store
        .write(move |conn| {
            diesel::update(missing_inboxes::table.find(&asked))
                .set(missing_inboxes::checked_at.eq(now))
                .execute(conn)?;
            let reached =
                actors::shared_inbox.eq(&asked).or(actors::shared_inbox.is_null().and(actors::inbox.eq(&asked)));
            actors::table
                .filter(actors::host.eq(asked.host()))
                .filter(actors::local.eq(false))
                .filter(reached.assume_not_null())
                .order(actors::fetched_at)
                .limit(OWNERS)
                .select(actors::url)
                .load(conn)
                .map_err(Error::from)
        })
        .await?;
    let (mut clear, mut anybody) = (owners.len() < usize::try_from(OWNERS).unwrap_or(usize::MAX), owners.is_empty());
    for owner in owners {
        let found = ask_for(state, &owner).await;
        clear &= !matches!(found, Owner::Unclear);
        anybody |= !matches!(found, Owner::Gone(_));
        settle(state, inbox, found).await?;
    }
    if clear {
        let settled = inbox.clone();
        let now = state.now();
        state
            .write(move |conn| {
                if !anybody {
                    give_up(conn, &settled, now)?;
                }
                Ok::<_, Error>(diesel::delete(missing_inboxes::table.find(&settled)).execute(conn)?)
            })
            .await?;
    }
    Ok(())
}

async fn ask_for(state: &State, owner: &ActorUrl) -> Owner {
    match fetch::actor(state, owner).await {
        Ok(actor) => Owner::There(Box::new(actor)),
        Err(Error::Refused { reason, .. }) if reason == "answered 404" || reason == "answered 410" => {
            Owner::Gone(owner.clone())
        }
        Err(error) => {
            tracing::debug!(actor.id = %owner, %error, "the owner of an inbox that is missing cannot be asked");
            Owner::Unclear
        }
    }
}

async fn settle(state: &State, inbox: &InboxUrl, owner: Owner) -> Result<(), Error> {
    let (inbox, now) = (inbox.clone(), state.now());
    match owner {
        Owner::There(actor) if *actor.delivery_inbox() != inbox => {
            let new = actor.delivery_inbox().clone();
            tracing::info!(actor.id = %actor.url, "has another inbox now");
            state.write(move |conn| redirect(conn, &inbox, &new, now)).await
        }
        Owner::There(_) | Owner::Unclear => Ok(()),
        Owner::Gone(actor) => {
            tracing::info!(actor.id = %actor, "is gone, and follows nobody any more");
            state
                .write(move |conn| {
                    follow::remove_all(conn, &actor)?;
                    actor::forget(conn, &actor)?;
                    Ok(())
                })
                .await
        }
    }
}

/// Everybody behind an inbox is gone: what waits for it is sent to nobody. What is in a worker's hands too: what comes of
/// it is not written down any more.
fn give_up(conn: &mut Conn, inbox: &InboxUrl, now: Timestamp) -> QueryResult<()> {
    let rows = deliveries::table
        .filter(deliveries::host.eq(inbox.host()))
        .filter(waiting())
        .filter(deliveries::inbox.eq(inbox));
    diesel::update(rows)
        .set((deliveries::state.eq(GIVEN_UP), deliveries::finished_at.eq(Some(now))))
        .execute(conn)
        .map(|_| ())
}

/// Sends what waits for one inbox to another one, where it does not wait or was sent already.
fn redirect(conn: &mut Conn, from: &InboxUrl, to: &InboxUrl, now: Timestamp) -> Result<(), Error> {
    let rows: Vec<(i64, String)> = deliveries::table
        .filter(deliveries::host.eq(from.host()))
        .filter(waiting())
        .filter(deliveries::inbox.eq(from))
        .filter(deliveries::leased_until.le(now))
        .select((deliveries::id, deliveries::activity))
        .load(conn)?;
    for (id, activity) in rows {
        let there = deliveries::table.filter(deliveries::activity.eq(&activity)).filter(deliveries::inbox.eq(to));
        let there: bool = diesel::select(diesel::dsl::exists(there)).get_result(conn)?;
        let row = deliveries::table.find(id);
        if there {
            diesel::update(row)
                .set((deliveries::state.eq(SUPERSEDED), deliveries::finished_at.eq(Some(now))))
                .execute(conn)?;
        } else {
            diesel::update(row)
                .set((deliveries::inbox.eq(to), deliveries::host.eq(to.host()), deliveries::next_at.eq(now)))
                .execute(conn)?;
        }
    }
    Ok(())
}
