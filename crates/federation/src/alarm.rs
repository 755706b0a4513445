//! What the operator has to look at: raised once, shown by `solmu status` and `/metrics` as long as it lasts, cleared when
//! it is over.

use diesel::prelude::*;
use store::schema::alarms;
use store::{Conn, Timestamp, each};

/// The clock differs from those of the other servers. The value is by how many milliseconds it is ahead.
pub const CLOCK: &str = "clock";
/// Something was due long ago for a host that answers. The value is for how many milliseconds.
pub const DELIVERY: &str = "delivery";

/// An alarm.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = alarms)]
pub struct Alarm {
    /// One of the constants of this module.
    pub name: String,
    /// What it is about in a number, by the name.
    pub value: i64,
    /// When it was raised.
    pub since: Timestamp,
}

/// Raises an alarm or notes its new value; without a value, clears it. `true` when it was not so before.
///
/// # Errors
/// Those of the database.
pub fn set(conn: &mut Conn, name: &str, value: Option<i64>, now: Timestamp) -> QueryResult<bool> {
    let Some(value) = value else {
        return diesel::delete(alarms::table.find(name)).execute(conn).map(|gone| gone == 1);
    };
    let known = diesel::update(alarms::table.find(name)).set(alarms::value.eq(value)).execute(conn)?;
    if known == 1 {
        return Ok(false);
    }
    let row = Alarm { name: name.to_owned(), value, since: now };
    each!(conn, c => diesel::insert_into(alarms::table).values(&row).execute(c))?;
    Ok(true)
}

/// All alarms, by name.
///
/// # Errors
/// Those of the database.
pub fn all(conn: &mut Conn) -> QueryResult<Vec<Alarm>> {
    alarms::table.order(alarms::name).select(Alarm::as_select()).load(conn)
}
