//! The people's line in the table of slices: their consents, and the accounts with what hangs on them.

use super::{
    absence, account, consent, invitation, join, letter, link, offer, passkey, position, second_step, session,
};
use crate::slice::{Person, Retention, Slice};
use crate::{Error, Node};
use serde_json::{Value, json};
use std::time::Duration;
use store::id::AccountId;
use store::{Conn, Timestamp};

/// So long a consent that has ended can still be shown.
const SHOWN_FOR: Duration = Duration::from_secs(3 * 365 * 24 * 3600);
/// So long an account is kept that nothing is done with.
const IDLE: Duration = Duration::from_secs(30 * 24 * 3600);

/// People.
pub static SLICE: Slice = Slice {
    name: "person",
    kind: None,
    searched: None,
    retention: &[
        Retention {
            class: "consents that have ended",
            rule: "three years after they ended: so long the node must be able to show that it had them (GDPR Art. 7(1))",
            due: |conn, now| Ok(consent::count_ended(conn, now.minus(SHOWN_FOR))?),
            apply: |conn, _, now| Ok(consent::remove_ended(conn, now.minus(SHOWN_FOR))?),
        },
        Retention {
            class: "links to sign in and to join by",
            rule: "a quarter of an hour, or until they are used",
            due: |conn, now| Ok(link::count_ended(conn, now)? + join::count_ended(conn, now)?),
            apply: |conn, _, now| Ok(link::remove_ended(conn, now)? + join::remove_ended(conn, now)?),
        },
        Retention {
            class: "sessions",
            rule: "a week after they were last used, a month after they were begun, or until their person ends them",
            due: |conn, now| Ok(session::count_ended(conn, now)?),
            apply: |conn, _, now| Ok(session::remove_ended(conn, now)?),
        },
        Retention {
            class: "what the devices of passkeys are asked",
            rule: "five minutes, or until they have answered",
            due: |conn, now| Ok(passkey::count_ended(conn, now)?),
            apply: |conn, _, now| Ok(passkey::remove_ended(conn, now)?),
        },
        Retention {
            class: "offers of positions",
            rule: "two weeks, or until they are taken",
            due: |conn, now| Ok(offer::count_ended(conn, now)?),
            apply: |conn, _, now| Ok(offer::remove_ended(conn, now)?),
        },
        Retention {
            class: "invitations to take over a profile",
            rule: "thirty days, or until they are answered",
            due: |conn, now| Ok(invitation::count_ended(conn, now)?),
            apply: |conn, _, now| Ok(invitation::remove_ended(conn, now)?),
        },
        Retention {
            class: "mail that could not be sent",
            rule: "a day after it was written: what it was for is long over",
            due: |conn, now| Ok(letter::count_older(conn, now.minus(letter::KEPT))?),
            apply: |conn, _, now| Ok(letter::remove_older(conn, now.minus(letter::KEPT))?),
        },
        Retention {
            class: "accounts without a position or a profile that speak for no organisation",
            rule: "thirty days after their person last signed in or lost a position: nothing is done with such an account",
            due: |conn, now| Ok(i64::try_from(position::idle(conn, now.minus(IDLE))?.len()).unwrap_or(i64::MAX)),
            apply: |conn, _, now| {
                let idle = position::idle(conn, now.minus(IDLE))?;
                idle.iter().try_fold(0, |gone, id| Ok(gone + account::remove(conn, id)?))
            },
        },
    ],
    forget,
    readdress: invitation::readdress,
    export,
};

/// Consents are ended, not removed: the proof outlives the profile, under an id that names nobody any more. An account goes
/// whole, with its positions, links, passkeys, sessions, and the mail and the
/// invitations that wait for it.
fn forget(conn: &mut Conn, _: &Node, person: Person<'_>, now: Timestamp) -> Result<usize, Error> {
    match person {
        Person::Profile(id) => Ok(consent::end(conn, id, now)?),
        Person::Account(id) => {
            let Some(account) = account::find(conn, id)? else { return Ok(0) };
            letter::remove_to(conn, &account.mail)?;
            letter::remove_asked_by(conn, id)?;
            invitation::remove_to(conn, &account.mail)?;
            Ok(account::remove(conn, id)?)
        }
    }
}

fn export(conn: &mut Conn, person: Person<'_>) -> Result<Option<Value>, Error> {
    match person {
        Person::Profile(id) => {
            let all = consent::history(conn, id)?;
            Ok((!all.is_empty()).then(|| Value::Array(all)))
        }
        Person::Account(id) => account_of(conn, id),
    }
}

/// An account as its person gets it. Tokens are not kept, so there are none to tell.
fn account_of(conn: &mut Conn, id: &AccountId) -> Result<Option<Value>, Error> {
    let Some(account) = account::find(conn, id)? else { return Ok(None) };
    let time = |at: Timestamp| vocab::time::utc(at.to_jiff());
    let positions: Vec<&str> = position::of(conn, id)?.into_iter().map(position::Position::as_str).collect();
    let sessions: Vec<Value> = session::of(conn, id)?
        .into_iter()
        .map(|(begun, seen)| json!({"begun": time(begun), "lastUsed": time(seen)}))
        .collect();
    let passkeys: Vec<Value> = passkey::list(conn, id)?
        .into_iter()
        .map(|one| json!({"name": one.name, "created": time(one.created_at), "lastUsed": one.used_at.map(time)}))
        .collect();
    let warned: Vec<String> = absence::moments(conn, id)?.into_iter().map(time).collect();
    let invited: Vec<String> = invitation::moments(conn, &account.mail)?.into_iter().map(time).collect();
    Ok(Some(json!({
        "id": account.id, "mail": account.mail.as_str(), "name": account.name, "language": account.language.as_str(),
        "created": time(account.created_at), "lastSeen": time(account.seen_at), "positions": positions,
        "terms": account.terms, "leaves": account.leaves_at.map(time),
        "sessions": sessions, "secondStep": second_step::is_set_up(conn, id)?, "passkeys": passkeys,
        "invited": invited, "warned": warned,
    })))
}
