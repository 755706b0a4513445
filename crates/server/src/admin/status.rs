//! `solmu status`: the node in numbers.

use crate::admin::show::{domain_counts, time};
use crate::app::App;
use crate::ownership::role_word;
use diesel::prelude::*;
use domain::Error;
use federation::delivery::{DELIVERED, GIVEN_UP, SKIPPED, SUPERSEDED, WAITING, queue};
use federation::inbox::items;
use federation::{alarm, backfill, peer, report};
use serde_json::{Map, Value, json};
use store::schema::{actors, follows, objects};
use store::{Conn, Timestamp};

/// What may have become of a delivery.
const DELIVERIES: [&str; 5] = [WAITING, DELIVERED, GIVEN_UP, SUPERSEDED, SKIPPED];

/// Prints it.
///
/// # Errors
/// Those of the database.
pub async fn run(app: &App, as_json: bool) -> anyhow::Result<()> {
    let status = read(app).await?;
    if as_json {
        println!("{status}");
    } else {
        print_text("", &status);
    }
    Ok(())
}

/// What `solmu status --json` prints.
///
/// # Errors
/// Those of the database.
pub async fn read(app: &App) -> anyhow::Result<Value> {
    let now = app.state.now();
    let counts = app.state.store.read_one_moment(move |conn| counts(conn, now)).await?;
    let mut status = json!({
        "version": env!("CARGO_PKG_VERSION"),
        "role": role_word(app.node.role),
        "domain": app.config.domain,
        "database": app.config.database.to_string(),
    });
    if let (Some(all), Value::Object(counts)) = (status.as_object_mut(), counts) {
        all.extend(counts);
    }
    Ok(status)
}

fn counts(conn: &mut Conn, now: Timestamp) -> Result<Value, Error> {
    let live = objects::table.filter(objects::deleted_at.is_null()).filter(objects::kind.ne(""));
    let kinds: Vec<(String, bool, i64)> = live
        .group_by((objects::kind, objects::local))
        .order((objects::kind, objects::local))
        .select((objects::kind, objects::local, diesel::dsl::count_star()))
        .load(conn)?;
    let of = |local: bool| -> Map<String, Value> {
        kinds
            .iter()
            .filter(|(_, ours, _)| *ours == local)
            .map(|(kind, _, count)| (kind.clone(), json!(count)))
            .collect()
    };
    let ours: Vec<String> = actors::table.filter(actors::local).select(actors::url).load(conn)?;
    let accepted = || follows::table.filter(federation::follow::accepted());
    let followers: i64 = accepted().filter(follows::followed.eq_any(&ours)).count().get_result(conn)?;
    let following: i64 = accepted().filter(follows::follower.eq_any(&ours)).count().get_result(conn)?;
    let tombstones: i64 = objects::table.filter(objects::deleted_at.is_not_null()).count().get_result(conn)?;
    let mut peers = std::collections::BTreeMap::from([("ok", 0), ("failing", 0), ("blocked", 0)]);
    for host in peer::all(conn)? {
        *peers.entry(host.health().as_str()).or_insert(0) += 1;
    }
    let oldest = queue::oldest_waiting(conn)?;
    Ok(json!({
        "actors": {
            "own": actors::table.filter(actors::local).filter(actors::deleted_at.is_null()).count().get_result::<i64>(conn)?,
            "remote": actors::table.filter(actors::local.eq(false)).count().get_result::<i64>(conn)?,
        },
        "followers": followers,
        "following": following,
        "objects": {"own": of(true), "remote": of(false), "tombstones": tombstones},
        "inbox": domain_counts(&with_all(items::counts(conn)?, &["waiting", "done", "ignored", "failed"])),
        "deliveries": domain_counts(&with_all(queue::counts(conn)?, &DELIVERIES)),
        "oldest_pending_delivery": oldest.map(time),
        "oldest_pending_seconds": oldest.map(|at| now.since(at).as_secs()),
        "backfills_waiting": backfill::count_waiting(conn)?,
        "peers": peers,
        "reports": {"open": report::count_open(conn)?},
        "alarms": alarms(conn, now)?,
    }))
}

/// What the operator has to look at, by name, with its value and for how long.
fn alarms(conn: &mut Conn, now: Timestamp) -> Result<Value, Error> {
    let all = alarm::all(conn)?.into_iter();
    let one =
        |alarm: alarm::Alarm| (alarm.name, json!({"value": alarm.value, "seconds": now.since(alarm.since).as_secs()}));
    Ok(Value::Object(all.map(one).collect()))
}

/// Every state, also those without rows, so that a reader need not ask whether a key is there.
fn with_all(mut counts: Vec<(String, i64)>, states: &[&str]) -> Vec<(String, i64)> {
    for state in states {
        if !counts.iter().any(|(known, _)| known == state) {
            counts.push(((*state).to_owned(), 0));
        }
    }
    counts
}

fn print_text(indent: &str, value: &Value) {
    let Some(fields) = value.as_object() else { return };
    for (name, value) in fields {
        match value {
            Value::Object(_) => {
                println!("{indent}{name}:");
                print_text(&format!("{indent}  "), value);
            }
            Value::String(text) => println!("{indent}{name}: {text}"),
            Value::Null => println!("{indent}{name}: –"),
            other => println!("{indent}{name}: {other}"),
        }
    }
}
