//! Rows to write and count. `consents` serves, since nothing but its number tells its rows apart: a doubled write shows.

use diesel::prelude::*;
use store::schema::consents;
use store::{Conn, Timestamp, each};

/// Any moment; these tests do not read the clock.
pub const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);

/// Adds a row named `person`.
pub fn add(conn: &mut Conn, person: &str) -> QueryResult<()> {
    add_long(conn, person, "")
}

/// Adds a row that takes some room.
pub fn add_long(conn: &mut Conn, person: &str, text: &str) -> QueryResult<()> {
    let row = (
        consents::person.eq(person),
        consents::field.eq("name"),
        consents::scope.eq("public"),
        consents::consent_text.eq(text),
        consents::channel.eq("test"),
        consents::given_at.eq(NOW),
    );
    each!(conn, c => diesel::insert_into(consents::table).values(row).execute(c)).map(|_| ())
}

/// How many rows are named `person`.
pub fn count(conn: &mut Conn, person: &str) -> QueryResult<i64> {
    consents::table.filter(consents::person.eq(person)).count().get_result(conn)
}

/// How many rows there are.
pub fn count_all(conn: &mut Conn) -> QueryResult<i64> {
    consents::table.count().get_result(conn)
}
