//! `solmu peers`, `solmu queue`, `solmu inbox`: lists for the operator, as text or as JSON.

use crate::app::App;
use anyhow::bail;
use domain::Error;
use federation::delivery::{self, queue};
use federation::inbox::items;
use federation::{block, follow, peer};
use serde_json::{Value, json};
use store::Timestamp;

/// Rows listed at most.
const ROWS: i64 = 200;

/// The other hosts, and whom this node follows.
///
/// # Errors
/// Those of the database.
pub async fn peers(app: &App, as_json: bool) -> anyhow::Result<()> {
    let node = app.node.clone();
    let (hosts, followed) = app
        .state
        .store
        .read(move |conn| {
            let followed = domain::region::followed(conn, &node)?;
            Ok::<_, Error>((peer::all(conn)?, followed))
        })
        .await?;
    let origin = app.node.origin.clone();
    let (follows, blocked) = app
        .state
        .store
        .read(move |conn| {
            Ok::<_, federation::Error>((follow::of_this_node(conn)?, block::blocked_actors(conn, &origin)?))
        })
        .await?;
    if as_json {
        let hosts: Vec<Value> = hosts.iter().map(host_json).collect();
        let follows: Vec<Value> = follows
            .iter()
            .map(|(follow, actor)| json!({"id": actor.url.as_str(), "handle": actor.handle(), "name": actor.name, "state": follow.state}))
            .collect();
        println!(
            "{}",
            json!({"hosts": hosts, "following": follows, "regions": followed.len(),
            "blocked": blocked.iter().map(|actor| actor.as_str()).collect::<Vec<_>>()})
        );
        return Ok(());
    }
    println!("following ({}):", follows.len());
    for (follow, actor) in &follows {
        println!("  {:<9} {}  {}", follow.state, actor.handle(), actor.name);
    }
    println!("blocked actors ({}):", blocked.len());
    for actor in &blocked {
        println!("  {actor}");
    }
    println!("hosts ({}):", hosts.len());
    for host in &hosts {
        let last = host.last_error.as_deref().map(|error| format!("  {error}")).unwrap_or_default();
        println!("  {:<8} {}  last answer {}{last}", host.health().as_str(), host.host, when(host.last_ok_at));
    }
    Ok(())
}

fn host_json(host: &peer::Peer) -> Value {
    json!({
        "host": host.host, "state": host.health().as_str(), "software": host.software,
        "failures": host.failures, "failing_since": host.failing_since.map(time),
        "last_ok_at": host.last_ok_at.map(time), "last_heard_at": host.last_heard_at.map(time),
        "last_error": host.last_error,
    })
}

/// What waits to be delivered, or was given up.
///
/// # Errors
/// Those of the database.
pub async fn queue(app: &App, failed: bool, as_json: bool) -> anyhow::Result<()> {
    let state = if failed { delivery::GIVEN_UP } else { delivery::WAITING };
    let (rows, counts) = app
        .state
        .store
        .read(move |conn| Ok::<_, Error>((queue::newest(conn, &[state], ROWS)?, queue::counts(conn)?)))
        .await?;
    if as_json {
        let rows: Vec<Value> = rows
            .iter()
            .map(|row| {
                json!({
                    "id": row.id, "activity": row.activity.as_str(), "inbox": row.inbox.as_str(), "state": row.state,
                    "attempts": row.attempts, "next_at": time(row.next_at), "last_status": row.last_status,
                    "last_error": row.last_error, "created_at": time(row.created_at),
                })
            })
            .collect();
        println!("{}", json!({"deliveries": rows, "counts": domain_counts(&counts)}));
        return Ok(());
    }
    for (state, count) in &counts {
        println!("{state:<10} {count}");
    }
    for row in &rows {
        let answer = match (row.last_status, &row.last_error) {
            (Some(status), _) => format!("answered {status}"),
            (None, Some(error)) => error.clone(),
            (None, None) => "not tried yet".to_owned(),
        };
        println!(
            "{:>8}  {}  → {}  tries {}  {answer}  next {}",
            row.id,
            row.activity,
            row.inbox,
            row.attempts,
            when(Some(row.next_at))
        );
    }
    Ok(())
}

/// Counts by state as a JSON object.
pub fn domain_counts(counts: &[(String, i64)]) -> Value {
    Value::Object(counts.iter().map(|(state, count)| (state.clone(), json!(count))).collect())
}

/// What was received, failed ones first.
///
/// # Errors
/// Those of the database.
pub async fn inbox(app: &App, as_json: bool) -> anyhow::Result<()> {
    let rows = app.state.store.read(|conn| items::newest(conn, ROWS).map_err(Error::from)).await?;
    if as_json {
        let rows: Vec<Value> = rows
            .iter()
            .map(|row| {
                json!({
                    "id": row.id, "activity": row.activity.as_str(), "sender": row.sender.as_str(), "state": row.state,
                    "reason": row.reason, "attempts": row.attempts, "received_at": time(row.received_at),
                })
            })
            .collect();
        println!("{}", json!({"items": rows}));
        return Ok(());
    }
    for row in &rows {
        let reason = row.reason.as_deref().map(|reason| format!("  ({reason})")).unwrap_or_default();
        println!(
            "{:>8}  {:<8} {}  {}  from {}{reason}",
            row.id,
            row.state,
            when(Some(row.received_at)),
            row.activity,
            row.sender
        );
    }
    Ok(())
}

/// Processes a received activity once more.
///
/// # Errors
/// When there is none of that number.
pub async fn retry(app: &App, id: i64) -> anyhow::Result<()> {
    let now = app.state.now();
    if !app.state.write(move |conn| items::retry(conn, id, now).map_err(Error::from)).await? {
        bail!("there is no received activity number {id}, or its text was let go already; `solmu inbox` lists them");
    }
    println!("{id} will be processed once more");
    Ok(())
}

/// A time as JSON carries it.
pub fn time(at: Timestamp) -> String {
    vocab::time::utc(at.to_jiff())
}

fn when(at: Option<Timestamp>) -> String {
    at.map_or_else(|| "never".to_owned(), time)
}
