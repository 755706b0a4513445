//! Announcing by id: what the host's own actor tells the servers that follow it, and what a national node passes on.
//!
//! Invariants: an actor announces a thing once, by its id alone, and only what was published here or by somebody whom this
//! node follows; never in answer to an `Announce`, so nothing goes round in circles. When the thing is deleted, the
//! `Announce` is undone for whoever may have got it.

use crate::actor::{self, Actor};
use crate::collection::Listed;
use crate::delivery::{DELIVERED, GIVEN_UP, WAITING};
use crate::outbox::{self, Addressee, Audience, EMPTIED};
use crate::{Error, Origin};
use diesel::prelude::*;
use std::collections::HashSet;
use std::time::Duration;
use store::id::{ActivityUrl, ActorUrl, InboxUrl, ObjectUrl};
use store::schema::{activities, actors, deliveries, introductions};
use store::{Conn, Timestamp};

/// Milliseconds between announcements that tell a host of servers new to it: fewer than six a minute. Mastodon spreads
/// what it learns of one registrable domain, and all regions may stand under one.
pub(crate) const INTRODUCING: i64 = 10_500;
/// Milliseconds between the announcements that a new follower of the host's actor gets, each of which it fetches.
const PUSHED: i64 = 2_500;
/// How many of those at most, nearest first.
const NEAREST: i64 = 50;
/// The collection from which they come (FEP-8a8e `upcomingEvents`).
const UPCOMING: &str = "upcoming";

/// Announces an object to the followers of `by`, and to its author when that is another server's. `None` when `by` has
/// announced it before.
///
/// # Errors
/// Those of the database.
pub fn announce(
    conn: &mut Conn,
    by: &ActorUrl,
    object: &ObjectUrl,
    author: &ActorUrl,
    now: Timestamp,
) -> Result<Option<ActivityUrl>, Error> {
    if announcement(conn, by, object)?.is_some() {
        return Ok(None);
    }
    let mut inboxes = outbox::inboxes(conn, &Audience::Followers(by.clone()), "Announce", now)?;
    if author.host() != by.host()
        && let Some(author) = actor::find(conn, author)?
    {
        inboxes.extend(outbox::inboxes(conn, &Audience::Only(vec![author]), "Announce", now)?);
    }
    let told = told_of(conn, &object.host(), by)?;
    let addressees: Vec<Addressee> = inboxes
        .into_iter()
        .map(|inbox| {
            let strange = told.as_ref().is_some_and(|told| !told.contains(&inbox.host()));
            Addressee { gap: if strange { INTRODUCING } else { 0 }, inbox, not_before: now }
        })
        .collect();
    let id = enter(conn, by, object, author, now)?;
    outbox::address(conn, by, &id, object.as_str(), addressees, now)?;
    Ok(Some(id))
}

/// The hosts that were told of a server before, that server itself among them. `None` when it is our own, of which
/// everybody may hear.
fn told_of(conn: &mut Conn, subject: &str, by: &ActorUrl) -> QueryResult<Option<HashSet<String>>> {
    if subject == by.host() {
        return Ok(None);
    }
    let mut told: HashSet<String> = introductions::table
        .filter(introductions::subject.eq(subject))
        .select(introductions::peer)
        .load::<String>(conn)?
        .into_iter()
        .collect();
    told.insert(subject.to_owned());
    Ok(Some(told))
}

/// The `Announce` of an object that an actor has made, if there is one.
fn announcement(conn: &mut Conn, by: &ActorUrl, object: &ObjectUrl) -> QueryResult<Option<(ActivityUrl, String)>> {
    activities::table
        .filter(activities::object.eq(object.as_str()))
        .filter(activities::actor.eq(by))
        .filter(activities::verb.eq("Announce"))
        .select((activities::url, activities::document))
        .first(conn)
        .optional()
}

fn enter(
    conn: &mut Conn,
    by: &ActorUrl,
    object: &ObjectUrl,
    author: &ActorUrl,
    now: Timestamp,
) -> Result<ActivityUrl, Error> {
    let id = Origin::new(&by.host()).activity("announces", &store::id::fresh(now));
    let mut cc = outbox::followers_of(by);
    if author.host() != by.host() {
        cc.push(author.to_string());
    }
    let activity =
        vocab::Activity::announce(id.as_str(), by.as_str(), outbox::public(), cc, now.to_jiff(), object.as_str());
    outbox::enter(conn, by, &id, "Announce", object.as_str(), &vocab::context::embedded(&activity), now)?;
    Ok(id)
}

/// Announces something that was just published here, by the host's own actor, when the node has made one.
pub(crate) fn announce_own(
    conn: &mut Conn,
    object: &ObjectUrl,
    author: &ActorUrl,
    now: Timestamp,
) -> Result<(), Error> {
    let relay = Origin::new(&object.host()).relay();
    if actor::find(conn, &relay)?.is_some_and(|relay| relay.local && relay.deleted_at.is_none()) {
        announce(conn, &relay, object, author, now)?;
    }
    Ok(())
}

/// Passes on what somebody whom this node follows has published, by the node's own actor of the slice `by`.
pub(crate) fn pass_on(
    conn: &mut Conn,
    by: &str,
    object: &ObjectUrl,
    author: &ActorUrl,
    now: Timestamp,
) -> Result<(), Error> {
    if let Some(ours) = actor::local_of_slice(conn, by)?.into_iter().next() {
        announce(conn, &ours.url, object, author, now)?;
    }
    Ok(())
}

/// Tells a server that now follows the host's actor what is coming up: one `Announce` for each, nearest first, to its
/// inbox alone, at a distance. This is Mobilizon's only way to list what was there before. Not for people, whose
/// timelines it would flood.
///
/// # Errors
/// Those of the database.
pub(crate) fn welcome(
    conn: &mut Conn,
    origin: &Origin,
    collections: &[Listed],
    follower: &Actor,
    now: Timestamp,
) -> Result<(), Error> {
    if !follower.is_server() {
        return Ok(());
    }
    let relay = origin.relay();
    let mut pushed = 0_u64;
    for listed in collections.iter().filter(|listed| listed.name == UPCOMING) {
        for owner in actor::local_of_slice(conn, listed.of)? {
            let upcoming = (listed.read)(conn, &owner.url, now, 0, NEAREST)?;
            for object in upcoming.items.iter().filter_map(vocab::one_or_many::id_of).map(ObjectUrl::from_text) {
                let id = match announcement(conn, &relay, &object)? {
                    Some((_, document)) if document == EMPTIED => continue,
                    Some((id, _)) => id,
                    None => enter(conn, &relay, &object, &owner.url, now)?,
                };
                pushed += 1;
                let addressee = Addressee {
                    inbox: follower.delivery_inbox().clone(),
                    gap: PUSHED,
                    not_before: now.plus(Duration::from_millis(PUSHED.unsigned_abs() * pushed)),
                };
                outbox::address(conn, &relay, &id, object.as_str(), vec![addressee], now)?;
            }
        }
    }
    Ok(())
}

/// An `Announce` of ours about something that is gone now, with the inboxes that may have got it.
struct Announced {
    by: ActorUrl,
    id: ActivityUrl,
    published_at: Timestamp,
    inboxes: Vec<InboxUrl>,
}

/// Undoes every `Announce` of ours about an object that is deleted, and forgets what was said about it.
///
/// # Errors
/// Those of the database.
pub(crate) fn take_back(conn: &mut Conn, object: &ObjectUrl, now: Timestamp) -> Result<(), Error> {
    let announced = announced(conn, object, now)?;
    outbox::forget_activities(conn, object.as_str(), now)?;
    for one in announced {
        let undone = vocab::Activity::announce(
            one.id.as_str(),
            one.by.as_str(),
            Vec::new(),
            Vec::new(),
            one.published_at.to_jiff(),
            object.as_str(),
        );
        let id = ActivityUrl::from_text(format!("{}/undo", one.id));
        let (to, cc) = (outbox::public(), outbox::followers_of(&one.by));
        let undo = vocab::context::embedded(&vocab::Activity::undo(id.as_str(), to, cc, &undone));
        outbox::enter(conn, &one.by, &id, "Undo", object.as_str(), &undo, now)?;
        let addressees = one.inboxes.into_iter().map(|inbox| Addressee { inbox, gap: 0, not_before: now }).collect();
        outbox::address(conn, &one.by, &id, object.as_str(), addressees, now)?;
    }
    Ok(())
}

fn announced(conn: &mut Conn, object: &ObjectUrl, now: Timestamp) -> QueryResult<Vec<Announced>> {
    let rows: Vec<(ActorUrl, ActivityUrl, Timestamp)> = activities::table
        .inner_join(actors::table.on(actors::url.eq(activities::actor)))
        .filter(activities::object.eq(object.as_str()))
        .filter(activities::verb.eq("Announce"))
        .filter(activities::document.ne(EMPTIED))
        .filter(actors::local.eq(true))
        .select((activities::actor, activities::url, activities::published_at))
        .load(conn)?;
    let mut all = Vec::with_capacity(rows.len());
    for (by, id, published_at) in rows {
        let tried = deliveries::attempts.gt(0).or(deliveries::leased_until.gt(now));
        let inboxes = deliveries::table
            .filter(deliveries::activity.eq(&id))
            .filter(deliveries::state.eq(DELIVERED).or(deliveries::state.eq_any([WAITING, GIVEN_UP]).and(tried)))
            .select(deliveries::inbox)
            .load(conn)?;
        all.push(Announced { by, id, published_at, inboxes });
    }
    Ok(all)
}
