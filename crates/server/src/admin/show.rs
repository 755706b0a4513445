//! `solmu peers`, `solmu queue`, `solmu inbox`: lists for the operator, as text or as JSON.

use crate::app::App;
use anyhow::bail;
use domain::Error;
use federation::delivery;
use federation::delivery::queue::Delivery;
use federation::delivery::summary::{self, Backlog, Progress};
use federation::inbox::items::{self, Item};
use federation::{block, follow, peer};
use serde_json::{Value, json};
use store::{Conn, Timestamp};

/// Rows listed at most.
const ROWS: i64 = 200;
/// Activities listed at most.
const ACTIVITIES: i64 = 20;
/// Hosts listed at most.
const HOSTS: usize = 100;

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
    let (origin, now) = (app.node.origin.clone(), app.state.now());
    let (follows, blocked) = app
        .state
        .store
        .read(move |conn| {
            Ok::<_, federation::Error>((follow::of_this_node(conn)?, block::blocked_actors(conn, &origin)?))
        })
        .await?;
    if as_json {
        let hosts: Vec<Value> = hosts.iter().map(|host| host_json(host, now)).collect();
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
        println!("  {:<9} {}  last answer {}{last}", state_of(host, now), host.host, when(host.last_ok_at));
    }
    Ok(())
}

/// The health of a host in one word, with the one that only its age tells.
fn state_of(host: &peer::Peer, now: Timestamp) -> &'static str {
    if host.is_suspended(now) { "suspended" } else { host.health().as_str() }
}

fn host_json(host: &peer::Peer, now: Timestamp) -> Value {
    json!({
        "host": host.host, "state": state_of(host, now), "software": host.software,
        "failures": host.failures, "failing_since": host.failing_since.map(time),
        "last_ok_at": host.last_ok_at.map(time), "last_heard_at": host.last_heard_at.map(time),
        "last_error": host.last_error,
    })
}

/// How far everything is.
struct Queue {
    state: &'static str,
    rows: Vec<Delivery>,
    counts: Vec<(String, i64)>,
    activities: Vec<Progress>,
    hosts: Vec<Backlog>,
}

impl Queue {
    /// With the rows that wait, or those that were given up.
    async fn read(app: &App, failed: bool) -> anyhow::Result<Queue> {
        let state = if failed { delivery::GIVEN_UP } else { delivery::WAITING };
        let read = move |conn: &mut Conn| {
            Ok::<_, Error>(Queue {
                state,
                rows: summary::newest(conn, &[state], ROWS)?,
                counts: summary::counts(conn)?,
                activities: summary::progress(conn, ACTIVITIES)?,
                hosts: summary::backlogs(conn, HOSTS)?,
            })
        };
        Ok(app.state.store.read(read).await?)
    }

    fn json(&self) -> Value {
        json!({
            "deliveries": self.rows.iter().map(row_json).collect::<Vec<_>>(),
            "counts": domain_counts(&self.counts),
            "activities": self.activities.iter().map(progress_json).collect::<Vec<_>>(),
            "hosts": self.hosts.iter().map(backlog_json).collect::<Vec<_>>(),
        })
    }

    fn print(&self) {
        for (state, count) in &self.counts {
            println!("{state:<10} {count}");
        }
        println!("activities, newest first (hosts that have it / wait / failed / need not have it):");
        self.activities.iter().for_each(print_progress);
        println!("hosts that something waits for ({}):", self.hosts.len());
        self.hosts.iter().for_each(print_backlog);
        println!("{} deliveries:", if self.state == delivery::GIVEN_UP { "given up" } else { "waiting" });
        self.rows.iter().for_each(print_row);
    }
}

/// How far everything is: by activity, by host, and the rows that wait or were given up.
///
/// # Errors
/// Those of the database.
pub async fn queue(app: &App, failed: bool, as_json: bool) -> anyhow::Result<()> {
    let queue = Queue::read(app, failed).await?;
    if as_json {
        println!("{}", queue.json());
    } else {
        queue.print();
    }
    Ok(())
}

/// What `solmu queue --json` prints, with or without `--failed`.
///
/// # Errors
/// Those of the database.
pub async fn queue_json(app: &App, failed: bool) -> anyhow::Result<Value> {
    Ok(Queue::read(app, failed).await?.json())
}

fn row_json(row: &Delivery) -> Value {
    json!({
        "id": row.id, "activity": row.activity.as_str(), "inbox": row.inbox.as_str(), "state": row.state,
        "attempts": row.attempts, "next_at": time(row.next_at), "last_status": row.last_status,
        "last_error": row.last_error, "created_at": time(row.created_at),
    })
}

fn progress_json(one: &Progress) -> Value {
    json!({
        "activity": one.activity.as_str(), "actor": one.actor.as_str(), "verb": one.verb, "object": one.object,
        "published_at": time(one.published_at), "delivered": one.delivered, "waiting": one.waiting,
        "failed": one.failed, "not_needed": one.not_needed,
    })
}

fn backlog_json(host: &Backlog) -> Value {
    let peer = host.peer.as_ref();
    json!({
        "host": host.host, "waiting": host.waiting, "oldest": host.oldest.map(time),
        "failing_since": peer.and_then(|peer| peer.failing_since).map(time),
        "next_probe_at": peer.map(|peer| peer.probe_at).filter(|at| *at > Timestamp::default()).map(time),
        "last_error": peer.and_then(|peer| peer.last_error.as_deref()),
    })
}

fn print_progress(one: &Progress) {
    println!(
        "  {}  {:<8} {} / {} / {} / {}  {}",
        when(Some(one.published_at)),
        one.verb,
        one.delivered,
        one.waiting,
        one.failed,
        one.not_needed,
        one.object
    );
}

fn print_backlog(host: &Backlog) {
    let peer = host.peer.as_ref();
    let error = peer.and_then(|peer| peer.last_error.as_deref()).map(|error| format!("  {error}"));
    println!("  {:>6}  {}  oldest {}{}", host.waiting, host.host, when(host.oldest), error.unwrap_or_default());
}

fn print_row(row: &Delivery) {
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

/// Counts by state as a JSON object.
pub fn domain_counts(counts: &[(String, i64)]) -> Value {
    Value::Object(counts.iter().map(|(state, count)| (state.clone(), json!(count))).collect())
}

/// What was received, failed ones first.
///
/// # Errors
/// Those of the database.
pub async fn inbox(app: &App, as_json: bool) -> anyhow::Result<()> {
    let rows = received(app).await?;
    if as_json {
        println!("{}", received_json(&rows));
    } else {
        rows.iter().for_each(print_received);
    }
    Ok(())
}

/// What `solmu inbox --json` prints.
///
/// # Errors
/// Those of the database.
pub async fn inbox_json(app: &App) -> anyhow::Result<Value> {
    Ok(received_json(&received(app).await?))
}

async fn received(app: &App) -> anyhow::Result<Vec<Item>> {
    Ok(app.state.store.read(|conn| items::newest(conn, ROWS).map_err(Error::from)).await?)
}

fn received_json(rows: &[Item]) -> Value {
    let one = |row: &Item| {
        json!({
            "id": row.id, "activity": row.activity.as_str(), "sender": row.sender.as_str(), "state": row.state,
            "reason": row.reason, "attempts": row.attempts, "received_at": time(row.received_at),
        })
    };
    json!({"items": rows.iter().map(one).collect::<Vec<_>>()})
}

fn print_received(row: &Item) {
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
