//! The producers' line in the table of slices: everything a person has told about the work.

use super::picture::Portrait;
use super::types::ProducerView;
use super::work::Work;
use super::{KIND, absence, queries};
use crate::learnt::{UNFOLLOWED, UNFOLLOWED_RULE};
use crate::person::absence::Step;
use crate::slice::{self, Person, Retention, Searched, Slice};
use crate::{Caller, Error, Node, json, person};
use diesel::prelude::*;
use serde_json::{Value, json};
use std::time::Duration;
use store::schema::imports;
use store::{Conn, Timestamp};

/// So long a profile is kept that nobody has agreed to publish anything of.
const INVITED: Duration = Duration::from_secs(30 * 24 * 3600);

/// What members who stay away are told by.
const LETTERS: [Step; 2] = [Step::First, Step::Second];

/// Producers.
pub static SLICE: Slice = Slice {
    name: "producer",
    kind: Some(KIND),
    searched: Some(Searched::of::<ProducerView>(queries::after)),
    retention: &[
        Retention {
            class: "copies of other nodes' producers",
            rule: UNFOLLOWED_RULE,
            due: |conn, now| {
                Ok(i64::try_from(queries::unfollowed(conn, now.minus(UNFOLLOWED))?.len()).unwrap_or(i64::MAX))
            },
            apply: |conn, _, now| {
                let urls = queries::unfollowed(conn, now.minus(UNFOLLOWED))?;
                Ok(queries::remove_copies(conn, &urls)?)
            },
        },
        Retention {
            class: "profiles that nothing may be published of",
            rule: "thirty days after they last changed: a profile without consent is an invitation, not a register",
            due: |conn, now| Ok(i64::try_from(queries::stale(conn, now.minus(INVITED))?.len()).unwrap_or(i64::MAX)),
            apply: expire,
        },
        Retention {
            class: "members who stay away",
            rule: "a letter eighteen months after they last signed in, and another after twenty-three: who works as a \
                   producer looks in now and then",
            due: |conn, now| absence::count(conn, &LETTERS, now),
            apply: |conn, node, now| absence::take(conn, node, &LETTERS, now),
        },
        Retention {
            class: "profiles of members who stay away",
            rule: "hidden two years after they last signed in, a month after the second letter at the soonest",
            due: |conn, now| absence::count(conn, &[Step::Hide], now),
            apply: |conn, node, now| absence::take(conn, node, &[Step::Hide], now),
        },
        Retention {
            class: "accounts of members who stay away",
            rule: "thirty months after they last signed in, six months after the profile was hidden at the soonest",
            due: |conn, now| absence::count(conn, &[Step::Go], now),
            apply: |conn, node, now| absence::take(conn, node, &[Step::Go], now),
        },
    ],
    forget,
    readdress: slice::keeps_no_address,
    export,
};

/// The person may still come: a later import with consent makes a new profile, so the old row of the register is not
/// remembered.
fn expire(conn: &mut Conn, node: &Node, now: Timestamp) -> Result<usize, Error> {
    let stale = queries::stale(conn, now.minus(INVITED))?;
    for id in &stale {
        super::delete(conn, node, Caller::Coordinator, id, now)?;
        diesel::delete(imports::table.filter(imports::row_id.eq(id.as_str()))).execute(conn)?;
    }
    Ok(stale.len())
}

fn forget(conn: &mut Conn, node: &Node, person: Person<'_>, now: Timestamp) -> Result<usize, Error> {
    let id = match person {
        Person::Profile(id) => Some(id.clone()),
        Person::Account(account) => queries::find_by_account(conn, account)?.map(|row| row.id),
    };
    let Some(id) = id else { return Ok(0) };
    match super::delete(conn, node, Caller::Coordinator, &id, now) {
        Ok(_) => Ok(1),
        Err(Error::NotFound) => Ok(0),
        Err(error) => Err(error),
    }
}

/// The whole row: the person sees also what nobody else may.
fn export(conn: &mut Conn, person: Person<'_>) -> Result<Option<Value>, Error> {
    // Who asks by an account gets the consents here, too; by a profile, the slice of people has them.
    let (row, consents) = match person {
        Person::Profile(id) => (queries::find_local(conn, id)?, None),
        Person::Account(account) => match queries::find_by_account(conn, account)? {
            Some(row) => {
                let consents = person::history(conn, &row.id)?;
                (Some(row), Some(consents))
            }
            None => (None, None),
        },
    };
    let Some(row) = row else { return Ok(None) };
    let list = |column: &str| -> Vec<String> { json::read(column) };
    let time = |at: Timestamp| vocab::time::utc(at.to_jiff());
    let work: Work = json::read(&row.work);
    let picture: Option<Portrait> = json::read_optional(row.picture.as_deref());
    let mut told = json!({
        "id": row.url, "username": row.slug, "page": row.page, "region": row.region, "state": row.state,
        "name": row.name, "headline": row.headline, "bio": row.bio, "municipality": row.municipality,
        "skills": list(&row.skills), "languages": list(&row.languages), "fields": list(&row.fields),
        "links": list(&row.links), "remote": row.remote, "created": time(row.created_at),
        "updated": time(row.updated_at), "published": row.published_at.map(time),
        "work": work, "picture": picture, "asked": row.asked_at.map(time), "returned": row.returned,
    });
    if let Some(consents) = consents {
        told["consents"] = Value::Array(consents);
    }
    Ok(Some(told))
}
