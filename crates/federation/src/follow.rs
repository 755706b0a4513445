//! Who follows whom, across hosts: the same table for our followers and for those whom we follow.
//!
//! A pair has one row, whatever number of `Follow` activities were sent; the newest one's id counts
//! (ActivityPub §7.5, and Mastodon matches an `Accept` by that id).

use crate::outbox::{self, Audience};
use crate::{Error, Origin, actor};
use diesel::prelude::*;
use serde_json::Value;
use store::id::{ActivityUrl, ActorUrl, InboxUrl};
use store::schema::{actors, follows};
use store::{Conn, Spelt, Timestamp, each, spelt};

/// Waiting for the other side's answer.
pub const PENDING: &str = "pending";
/// In force.
pub const ACCEPTED: &str = "accepted";

/// Follows that are accepted, as the indexes have it.
pub fn accepted() -> Spelt {
    spelt("follows.state = 'accepted'")
}

/// Refused by the followed one.
pub const REJECTED: &str = "rejected";

/// One actor following another.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = follows)]
pub struct Follow {
    /// Who follows.
    pub follower: ActorUrl,
    /// Who is followed.
    pub followed: ActorUrl,
    /// The id of the newest `Follow`.
    pub activity: ActivityUrl,
    /// That `Follow`, verbatim, as an `Accept` has to embed it.
    pub document: String,
    /// [`PENDING`], [`ACCEPTED`] or [`REJECTED`].
    pub state: String,
    /// When the pair first appeared.
    pub created_at: Timestamp,
    /// When it was answered.
    pub answered_at: Option<Timestamp>,
    /// Where a follower on another host is reached, its host's shared inbox if there is one: deliveries are addressed by
    /// this, without a look at each follower. See [`crate::actor::remember`].
    pub inbox: Option<InboxUrl>,
    /// The follower speaks for a server.
    pub server: bool,
}

/// Asks to follow another actor: the row, the `Follow` and its delivery. Asking again sends a new `Follow`.
///
/// # Errors
/// [`Error::Unknown`] when the followed actor was not fetched before.
pub fn request(
    conn: &mut Conn,
    origin: &Origin,
    follower: &ActorUrl,
    followed: &ActorUrl,
    now: Timestamp,
) -> Result<ActivityUrl, Error> {
    let target = actor::find(conn, followed)?.ok_or_else(|| Error::Unknown(followed.to_string()))?;
    let id = origin.activity("follows", &store::id::fresh(now));
    let document = vocab::Activity::follow(id.as_str(), follower.as_str(), followed.as_str());
    let document = vocab::context::embedded(&document);
    put(conn, follower, followed, &id, &document, PENDING, now)?;
    outbox::send(conn, follower, &id, "Follow", followed.as_str(), &document, Audience::Only(vec![target]), now)?;
    Ok(id)
}

/// Ends a follow of ours: the row goes, an `Undo` with the embedded `Follow` is sent.
///
/// # Errors
/// [`Error::Unknown`] when there is none.
pub fn withdraw(
    conn: &mut Conn,
    origin: &Origin,
    follower: &ActorUrl,
    followed: &ActorUrl,
    now: Timestamp,
) -> Result<ActivityUrl, Error> {
    let row = find(conn, follower, followed)?.ok_or_else(|| Error::Unknown(followed.to_string()))?;
    let target = actor::find(conn, followed)?.ok_or_else(|| Error::Unknown(followed.to_string()))?;
    let id = origin.activity("undos", &store::id::fresh(now));
    let undone = vocab::Activity::follow(row.activity.as_str(), follower.as_str(), followed.as_str());
    let undo = vocab::Activity::undo(id.as_str(), vec![followed.to_string()], Vec::new(), &undone);
    let document = vocab::context::embedded(&undo);
    remove(conn, follower, followed)?;
    // About the followed one, as the `Follow` is: the two may not overtake each other.
    outbox::send(conn, follower, &id, "Undo", followed.as_str(), &document, Audience::Only(vec![target]), now)?;
    Ok(id)
}

/// Takes a received `Follow` of a local actor and answers it: the row and an `Accept` that embeds it verbatim.
///
/// # Errors
/// [`Error::Unknown`] when the follower was not fetched before.
pub fn accept(
    conn: &mut Conn,
    origin: &Origin,
    follower: &ActorUrl,
    followed: &ActorUrl,
    received: &Value,
    now: Timestamp,
) -> Result<ActivityUrl, Error> {
    let sender = actor::find(conn, follower)?.ok_or_else(|| Error::Unknown(follower.to_string()))?;
    let activity = ActivityUrl::from_text(vocab::object::id(received).unwrap_or_default());
    put(conn, follower, followed, &activity, received, ACCEPTED, now)?;
    let id = origin.activity("accepts", &store::id::fresh(now));
    let document = vocab::Activity::accept(id.as_str(), followed.as_str(), follower.as_str(), received.clone());
    let document = vocab::context::embedded(&document);
    outbox::send(conn, followed, &id, "Accept", activity.as_str(), &document, Audience::Only(vec![sender]), now)?;
    Ok(id)
}

/// Refuses a received `Follow`: a `Reject` that embeds it verbatim, and no row.
///
/// # Errors
/// [`Error::Unknown`] when the follower was not fetched before.
pub(crate) fn refuse(
    conn: &mut Conn,
    origin: &Origin,
    follower: &ActorUrl,
    followed: &ActorUrl,
    received: &Value,
    now: Timestamp,
) -> Result<ActivityUrl, Error> {
    let sender = actor::find(conn, follower)?.ok_or_else(|| Error::Unknown(follower.to_string()))?;
    let activity = vocab::object::id(received).unwrap_or_default().to_owned();
    remove(conn, follower, followed)?;
    let id = origin.activity("rejects", &store::id::fresh(now));
    let document = vocab::Activity::reject(id.as_str(), followed.as_str(), follower.as_str(), received.clone());
    let document = vocab::context::embedded(&document);
    outbox::send(conn, followed, &id, "Reject", &activity, &document, Audience::Only(vec![sender]), now)?;
    Ok(id)
}

fn put(
    conn: &mut Conn,
    follower: &ActorUrl,
    followed: &ActorUrl,
    activity: &ActivityUrl,
    document: &Value,
    state: &str,
    now: Timestamp,
) -> QueryResult<()> {
    let answered_at = (state != PENDING).then_some(now);
    let known = actor::find(conn, follower)?;
    let server = known.as_ref().is_some_and(actor::Actor::is_server);
    let inbox = known.filter(|known| !known.local).map(|known| known.delivery_inbox().clone());
    let changed = diesel::update(follows::table.find((follower, followed)))
        .set((
            follows::activity.eq(activity),
            follows::document.eq(document.to_string()),
            follows::state.eq(state),
            follows::answered_at.eq(answered_at),
            follows::inbox.eq(&inbox),
            follows::server.eq(server),
        ))
        .execute(conn)?;
    if changed == 1 {
        return Ok(());
    }
    let row = Follow {
        follower: follower.clone(),
        followed: followed.clone(),
        activity: activity.clone(),
        document: document.to_string(),
        state: state.to_owned(),
        created_at: now,
        answered_at,
        inbox,
        server,
    };
    each!(conn, c => diesel::insert_into(follows::table).values(&row).execute(c)).map(|_| ())
}

/// Notes the answer to a follow of ours. `true` when it changed something.
///
/// # Errors
/// Those of the database.
pub fn answered(
    conn: &mut Conn,
    follower: &ActorUrl,
    followed: &ActorUrl,
    state: &str,
    now: Timestamp,
) -> QueryResult<bool> {
    let row = follows::table.find((follower, followed)).filter(follows::state.ne(state));
    diesel::update(row)
        .set((follows::state.eq(state), follows::answered_at.eq(Some(now))))
        .execute(conn)
        .map(|changed| changed == 1)
}

/// The local actor whose follow of `followed` an answer can only mean, when its id is invented: one that waits for an
/// answer comes first; a `Reject` may also end one that was accepted before.
///
/// # Errors
/// Those of the database.
pub(crate) fn meant_by(conn: &mut Conn, followed: &ActorUrl, answer: &str) -> QueryResult<Option<ActorUrl>> {
    let all: Vec<(ActorUrl, String)> = follows::table
        .inner_join(actors::table.on(actors::url.eq(follows::follower)))
        .filter(follows::followed.eq(followed))
        .filter(actors::local.eq(true))
        .order((follows::created_at, follows::follower))
        .select((follows::follower, follows::state))
        .load(conn)?;
    let in_state = |wanted: &str| all.iter().find(|(_, state)| state == wanted).map(|(follower, _)| follower.clone());
    Ok(in_state(PENDING).or_else(|| in_state(ACCEPTED).filter(|_| answer == REJECTED)))
}

/// The follows of local actors by one of another host, each with the `Follow` as it came.
///
/// # Errors
/// Those of the database.
pub(crate) fn received_from(conn: &mut Conn, follower: &ActorUrl) -> QueryResult<Vec<(ActorUrl, Value)>> {
    let rows: Vec<(ActorUrl, String)> = follows::table
        .inner_join(actors::table.on(actors::url.eq(follows::followed)))
        .filter(follows::follower.eq(follower))
        .filter(actors::local.eq(true))
        .order(follows::followed)
        .select((follows::followed, follows::document))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(followed, document)| (followed, serde_json::from_str(&document).unwrap_or(Value::Null)))
        .collect())
}

/// The local actors that follow, or asked to follow, an actor of another host.
///
/// # Errors
/// Those of the database.
pub(crate) fn followers_here(conn: &mut Conn, followed: &ActorUrl) -> QueryResult<Vec<ActorUrl>> {
    followers_of(conn, followed, &[PENDING, ACCEPTED])
}

/// The local actors that follow an actor of another host, accepted.
///
/// # Errors
/// Those of the database.
pub(crate) fn accepted_here(conn: &mut Conn, followed: &ActorUrl) -> QueryResult<Vec<ActorUrl>> {
    followers_of(conn, followed, &[ACCEPTED])
}

fn followers_of(conn: &mut Conn, followed: &ActorUrl, states: &[&str]) -> QueryResult<Vec<ActorUrl>> {
    follows::table
        .inner_join(actors::table.on(actors::url.eq(follows::follower)))
        .filter(follows::followed.eq(followed))
        .filter(follows::state.eq_any(states))
        .filter(actors::local.eq(true))
        .order(follows::follower)
        .select(follows::follower)
        .load(conn)
}

/// The accepted followers of a local actor that live on one host.
///
/// # Errors
/// Those of the database.
pub(crate) fn followers_on(conn: &mut Conn, followed: &ActorUrl, host: &str) -> QueryResult<Vec<ActorUrl>> {
    follows::table
        .inner_join(actors::table.on(actors::url.eq(follows::follower)))
        .filter(follows::followed.eq(followed))
        .filter(accepted())
        .filter(actors::host.eq(host))
        .order(follows::follower)
        .select(follows::follower)
        .load(conn)
}

/// One pair.
///
/// # Errors
/// Those of the database.
pub fn find(conn: &mut Conn, follower: &ActorUrl, followed: &ActorUrl) -> QueryResult<Option<Follow>> {
    follows::table.find((follower, followed)).select(Follow::as_select()).first(conn).optional()
}

/// The pair that a `Follow` activity made.
///
/// # Errors
/// Those of the database.
pub(crate) fn find_by_activity(conn: &mut Conn, activity: &str) -> QueryResult<Option<Follow>> {
    follows::table.filter(follows::activity.eq(activity)).select(Follow::as_select()).first(conn).optional()
}

/// Removes a pair. `true` when there was one.
///
/// # Errors
/// Those of the database.
pub fn remove(conn: &mut Conn, follower: &ActorUrl, followed: &ActorUrl) -> QueryResult<bool> {
    diesel::delete(follows::table.find((follower, followed))).execute(conn).map(|gone| gone == 1)
}

/// Removes every pair with this actor on either side.
///
/// # Errors
/// Those of the database.
pub(crate) fn remove_all(conn: &mut Conn, actor: &ActorUrl) -> QueryResult<usize> {
    diesel::delete(follows::table.filter(follows::follower.eq(actor).or(follows::followed.eq(actor)))).execute(conn)
}

/// Whether any actor of this node follows `followed`, accepted.
///
/// # Errors
/// Those of the database.
pub fn is_followed_here(conn: &mut Conn, followed: &ActorUrl) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(
        follows::table
            .inner_join(actors::table.on(actors::url.eq(follows::follower)))
            .filter(follows::followed.eq(followed))
            .filter(accepted())
            .filter(actors::local.eq(true)),
    ))
    .get_result(conn)
}

/// Whether any actor of this node follows somebody of a host, accepted.
///
/// # Errors
/// Those of the database.
pub fn is_host_followed_here(conn: &mut Conn, host: &str) -> QueryResult<bool> {
    let ours: Vec<ActorUrl> = actors::table.filter(actors::local).select(actors::url).load(conn)?;
    diesel::select(diesel::dsl::exists(
        follows::table
            .inner_join(actors::table.on(actors::url.eq(follows::followed)))
            .filter(accepted())
            .filter(follows::follower.eq_any(ours))
            .filter(actors::host.eq(host)),
    ))
    .get_result(conn)
}

/// The follows of the local actors, with the followed actor's row, oldest first.
///
/// # Errors
/// Those of the database.
pub fn of_this_node(conn: &mut Conn) -> QueryResult<Vec<(Follow, actor::Actor)>> {
    let ours: Vec<ActorUrl> = actors::table.filter(actors::local).select(actors::url).load(conn)?;
    follows::table
        .inner_join(actors::table.on(actors::url.eq(follows::followed)))
        .filter(follows::follower.eq_any(ours))
        .order((follows::created_at, follows::followed))
        .select((Follow::as_select(), actor::Actor::as_select()))
        .load(conn)
}

/// How many accepted followers an actor has.
///
/// # Errors
/// Those of the database.
pub fn count_followers(conn: &mut Conn, followed: &ActorUrl) -> QueryResult<i64> {
    follows::table.filter(follows::followed.eq(followed)).filter(accepted()).count().get_result(conn)
}

/// How many actors an actor follows, accepted.
///
/// # Errors
/// Those of the database.
pub fn count_following(conn: &mut Conn, follower: &ActorUrl) -> QueryResult<i64> {
    follows::table.filter(follows::follower.eq(follower)).filter(accepted()).count().get_result(conn)
}

/// A page of those whom an actor follows, accepted, oldest first.
///
/// # Errors
/// Those of the database.
pub fn following(conn: &mut Conn, follower: &ActorUrl, offset: i64, limit: i64) -> QueryResult<Vec<ActorUrl>> {
    follows::table
        .filter(follows::follower.eq(follower))
        .filter(accepted())
        .order((follows::created_at, follows::followed))
        .offset(offset)
        .limit(limit)
        .select(follows::followed)
        .load(conn)
}
