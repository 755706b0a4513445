//! What every slice owes the people whose data it may hold: a line in one table, with no defaults.
//!
//! How long things are kept, how a person is forgotten, what follows a person to another mail address, and what a person gets
//! when asking for everything (GDPR Art. 5(1)(e), 17, 15 and 20). A new slice does not compile before it has answered all of it.

use crate::person::MailAddress;
use crate::search::{self, Findable, Hit};
use crate::{Error, Node};
use diesel::QueryResult;
use federation::kind::Kind;
use serde_json::Value;
use store::id::{AccountId, ObjectUrl, ProducerId};
use store::{Conn, Timestamp};

/// Somebody whom this node knows.
#[derive(Debug, Clone, Copy)]
pub enum Person<'a> {
    /// By a profile.
    Profile(&'a ProducerId),
    /// By an account, with which they sign in.
    Account(&'a AccountId),
}

/// One slice.
pub struct Slice {
    /// Its name: the module's, and the kind's in the index of ids.
    pub name: &'static str,
    /// How it takes part in federation, if it does.
    pub kind: Option<&'static dyn Kind>,
    /// How what it holds can be found by words; nothing when it holds nothing for everybody to see.
    pub searched: Option<Searched>,
    /// How long what is kept. Empty when a slice keeps nothing, or only what somebody deletes by hand.
    pub retention: &'static [Retention],
    /// Removes what the slice holds of a person, and tells the world; how many rows that were.
    pub forget: fn(&mut Conn, &Node, Person<'_>, Timestamp) -> Result<usize, Error>,
    /// Lets what the slice keeps under a mail address follow its person to another one; how many rows did.
    pub readdress: fn(&mut Conn, &MailAddress, &MailAddress) -> QueryResult<usize>,
    /// Everything that the slice holds of a person; nothing when it holds nothing.
    pub export: fn(&mut Conn, Person<'_>) -> Result<Option<Value>, Error>,
}

/// How things of a slice are found by words. What changes is put into the index by the slice itself, in the transaction of
/// the change; `after` and `index` are for what the index does not have yet, as after an upgrade.
pub struct Searched {
    /// Some things that may be found, from an id on, by id.
    pub after: fn(&mut Conn, &str, i64) -> QueryResult<Vec<Version>>,
    /// Brings the index in line with what everybody may see of some things.
    pub index: fn(&mut Conn, &[ObjectUrl]) -> QueryResult<()>,
    /// What a search shows of those among some things that everybody may see, in no order.
    pub hits: fn(&mut Conn, &[ObjectUrl]) -> QueryResult<Vec<Hit>>,
}

impl Searched {
    /// Of a slice whose views are `F`; `after` is [`Searched::after`].
    pub(crate) const fn of<F: Findable>(after: fn(&mut Conn, &str, i64) -> QueryResult<Vec<Version>>) -> Searched {
        Searched { after, index: search::index::<F>, hits: search::hits::<F> }
    }
}

/// The id of a thing within its slice, its ActivityPub id, and when it last changed.
pub type Version = (String, ObjectUrl, Timestamp);

/// How long one class of things is kept.
pub struct Retention {
    /// What it is, as a privacy notice names it.
    pub class: &'static str,
    /// How long it is kept, and why.
    pub rule: &'static str,
    /// How many rows would go now.
    pub due: fn(&mut Conn, Timestamp) -> Result<i64, Error>,
    /// Lets them go; how many went.
    pub apply: fn(&mut Conn, &Node, Timestamp) -> Result<usize, Error>,
}

/// What one rule would take, for a preview.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The slice's name.
    pub slice: &'static str,
    /// The class of things.
    pub class: &'static str,
    /// The rule.
    pub rule: &'static str,
    /// How many rows it would take now.
    pub rows: i64,
}

/// What the rules of all slices would take now.
///
/// # Errors
/// Those of the database.
pub fn due(conn: &mut Conn, now: Timestamp) -> Result<Vec<Due>, Error> {
    let mut all = Vec::new();
    for slice in crate::SLICES {
        for Retention { class, rule, due, .. } in slice.retention {
            all.push(Due { slice: slice.name, class, rule, rows: due(conn, now)? });
        }
    }
    Ok(all)
}

/// Lets everything go whose time is over, in one transaction; how many rows went.
///
/// # Errors
/// Those of the database.
pub fn let_go(conn: &mut Conn, node: &Node, now: Timestamp) -> Result<usize, Error> {
    let mut gone = 0;
    for rule in crate::SLICES.iter().flat_map(|slice| slice.retention) {
        gone += (rule.apply)(conn, node, now)?;
    }
    Ok(gone)
}

/// Forgets a person in every slice; how many rows went.
///
/// # Errors
/// [`Error::NotFound`] when there is no such person here.
pub fn forget(conn: &mut Conn, node: &Node, person: Person<'_>, now: Timestamp) -> Result<usize, Error> {
    let mut gone = 0;
    for slice in crate::SLICES {
        gone += (slice.forget)(conn, node, person, now)?;
    }
    if gone == 0 { Err(Error::NotFound) } else { Ok(gone) }
}

/// Lets what is kept under a mail address, in every slice, follow its person to another one; how many rows did.
///
/// # Errors
/// Those of the database.
pub fn readdress(conn: &mut Conn, old: &MailAddress, new: &MailAddress) -> QueryResult<usize> {
    let mut followed = 0;
    for slice in crate::SLICES {
        followed += (slice.readdress)(conn, old, new)?;
    }
    Ok(followed)
}

/// Everything that this node holds of a person, by slice.
///
/// # Errors
/// [`Error::NotFound`] when there is no such person here.
pub fn export(conn: &mut Conn, person: Person<'_>) -> Result<Value, Error> {
    let mut all = serde_json::Map::new();
    for slice in crate::SLICES {
        all.extend((slice.export)(conn, person)?.map(|part| (slice.name.to_owned(), part)));
    }
    if all.is_empty() { Err(Error::NotFound) } else { Ok(Value::Object(all)) }
}

/// For a slice that holds nothing of any person.
pub(crate) fn forgets_nobody(_: &mut Conn, _: &Node, _: Person<'_>, _: Timestamp) -> Result<usize, Error> {
    Ok(0)
}

/// For a slice that keeps nothing under a mail address.
pub(crate) fn keeps_no_address(_: &mut Conn, _: &MailAddress, _: &MailAddress) -> QueryResult<usize> {
    Ok(0)
}

/// For a slice that holds nothing of any person.
pub(crate) fn exports_nobody(_: &mut Conn, _: Person<'_>) -> Result<Option<Value>, Error> {
    Ok(None)
}
