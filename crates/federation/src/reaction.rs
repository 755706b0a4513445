//! What actors of other servers say about an object of ours with one word: `Like`, `Dislike`, `EmojiReact`, `Announce`.
//!
//! Invariant: one row for each actor, object and verb, however often it is said. Served as numbers alone, in `likes` and
//! `shares` (ActivityPub §5.7, §5.8): who reacted is for the others to tell. They go with their object and their actor.

use diesel::prelude::*;
use store::id::{ActivityUrl, ActorUrl, ObjectUrl};
use store::schema::reactions;
use store::{Conn, Timestamp, each};
use vocab::Verb;

/// A row of the table.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = reactions)]
pub struct Reaction {
    /// Who reacted.
    pub actor: ActorUrl,
    /// To which object of ours.
    pub object: ObjectUrl,
    /// The verb, as on the wire.
    pub verb: String,
    /// The id of the newest activity that said so.
    pub activity: ActivityUrl,
    /// The sign, of an `EmojiReact` or of a `Like` that carries one (Misskey).
    pub content: Option<String>,
    /// When it came.
    pub received_at: Timestamp,
}

/// Whether a verb is a reaction.
pub(crate) fn is_reaction(verb: &Verb) -> bool {
    matches!(verb, Verb::Like | Verb::Dislike | Verb::EmojiReact | Verb::Announce)
}

/// Keeps a reaction. `false` when the actor had said the same before; the newest id counts then.
///
/// # Errors
/// Those of the database.
pub(crate) fn put(conn: &mut Conn, row: &Reaction) -> QueryResult<bool> {
    let known = diesel::update(reactions::table.find((&row.actor, &row.object, &row.verb)))
        .set((reactions::activity.eq(&row.activity), reactions::content.eq(&row.content)))
        .execute(conn)?;
    if known == 1 {
        return Ok(false);
    }
    each!(conn, c => diesel::insert_into(reactions::table).values(row).execute(c)).map(|_| true)
}

/// Takes a reaction away by what it says. `false` when there was none.
///
/// # Errors
/// Those of the database.
pub(crate) fn remove(conn: &mut Conn, actor: &ActorUrl, object: &ObjectUrl, verb: &str) -> QueryResult<bool> {
    diesel::delete(reactions::table.find((actor, object, verb))).execute(conn).map(|gone| gone == 1)
}

/// Takes a reaction of an actor away by the id of the activity. `false` when there was none.
///
/// # Errors
/// Those of the database.
pub(crate) fn remove_by_activity(conn: &mut Conn, actor: &ActorUrl, activity: &str) -> QueryResult<bool> {
    let row = reactions::table.filter(reactions::activity.eq(activity)).filter(reactions::actor.eq(actor));
    diesel::delete(row).execute(conn).map(|gone| gone > 0)
}

/// How many actors reacted to an object with a verb.
///
/// # Errors
/// Those of the database.
pub fn count(conn: &mut Conn, object: &ObjectUrl, verb: &Verb) -> QueryResult<i64> {
    reactions::table
        .filter(reactions::object.eq(object))
        .filter(reactions::verb.eq(verb.as_str()))
        .count()
        .get_result(conn)
}

/// Lets go of every reaction to an object.
///
/// # Errors
/// Those of the database.
pub(crate) fn forget_object(conn: &mut Conn, object: &ObjectUrl) -> QueryResult<usize> {
    diesel::delete(reactions::table.filter(reactions::object.eq(object))).execute(conn)
}

/// Lets go of every reaction of an actor.
///
/// # Errors
/// Those of the database.
pub(crate) fn forget_actor(conn: &mut Conn, actor: &ActorUrl) -> QueryResult<usize> {
    diesel::delete(reactions::table.filter(reactions::actor.eq(actor))).execute(conn)
}
