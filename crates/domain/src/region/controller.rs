//! The controller: the organisation that answers for the node and for the personal data on it (GDPR Art. 4(7), 13(1)(a)).
//! Everything here is shown to everybody; it is given for that.

use diesel::prelude::*;
use store::schema::controller as table;
use store::{Conn, Timestamp, each};

/// The one row.
const ONLY: i16 = 1;

/// See the module.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Controller {
    /// The organisation's name.
    pub name: String,
    /// Its business id (`1234567-1`), if it has one.
    pub business_id: Option<String>,
    /// The address at which anybody reaches it.
    pub mail: String,
    /// Which version of the program's texts it has agreed to.
    pub texts: String,
}

/// Who answers for this node; nobody until it is set up.
///
/// # Errors
/// Those of the database.
pub fn controller(conn: &mut Conn) -> QueryResult<Option<Controller>> {
    let columns = (table::name, table::business_id, table::mail, table::texts);
    table::table.find(ONLY).select(columns).first(conn).optional()
}

/// Names who answers for this node, in place of whoever did.
pub(crate) fn name(conn: &mut Conn, new: &Controller, now: Timestamp) -> QueryResult<()> {
    let values = (
        table::name.eq(&new.name),
        table::business_id.eq(new.business_id.as_deref()),
        table::mail.eq(&new.mail),
        table::texts.eq(&new.texts),
        table::updated_at.eq(now),
    );
    if diesel::update(table::table.find(ONLY)).set(values).execute(conn)? == 1 {
        return Ok(());
    }
    each!(conn, c => diesel::insert_into(table::table).values((table::id.eq(ONLY), values)).execute(c)).map(|_| ())
}

/// Whether a text is a Finnish business id, by its form and its check digit.
pub(crate) fn is_business_id(text: &str) -> bool {
    const WEIGHTS: [u32; 7] = [7, 9, 10, 5, 8, 4, 2];
    let Some((number, check)) = text.split_once('-') else { return false };
    let digits: Vec<u32> = number.chars().filter_map(|c| c.to_digit(10)).collect();
    if number.len() != 7 || digits.len() != 7 || check.len() != 1 {
        return false;
    }
    let rest = digits.iter().zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum::<u32>() % 11;
    let expected = match rest {
        0 => Some(0),
        1 => None, // no such number is given out
        rest => Some(11 - rest),
    };
    expected.is_some() && check.chars().next().and_then(|c| c.to_digit(10)) == expected
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn business_ids() {
        for (text, expected) in [
            ("0112038-9", true),
            ("1572860-0", true),
            ("0112038-8", false),
            ("112038-9", false),
            ("01120389", false),
            ("0112038-", false),
            ("0112038-99", false),
            ("011203A-9", false),
            ("FI01120389", false),
            ("", false),
        ] {
            assert_eq!(is_business_id(text), expected, "{text}");
        }
    }
}
