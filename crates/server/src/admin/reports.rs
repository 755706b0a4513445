//! `solmu reports`: what other servers report about this node, for whoever moderates it.

use crate::admin::show::time;
use crate::app::App;
use anyhow::bail;
use federation::{Error, report};
use serde_json::{Value, json};

/// Reports listed at most.
const ROWS: i64 = 200;

/// Lists the open ones, oldest first. Of the reporter only the host is shown: it speaks for a person who is not named.
///
/// # Errors
/// Those of the database.
pub async fn list(app: &App, as_json: bool) -> anyhow::Result<()> {
    let rows = app.state.store.read(|conn| report::all_open(conn, ROWS).map_err(Error::from)).await?;
    if as_json {
        let rows: Vec<Value> = rows
            .iter()
            .map(|row| {
                json!({"id": row.id, "host": row.host, "about": row.about(), "content": row.content,
                       "received_at": time(row.received_at)})
            })
            .collect();
        println!("{}", json!({"reports": rows}));
        return Ok(());
    }
    println!("open ({}):", rows.len());
    for row in &rows {
        println!("  {}  {}  from {}", row.id, time(row.received_at), row.host);
        for address in row.about() {
            println!("      {address}");
        }
        for line in row.content.lines() {
            println!("      | {line}");
        }
    }
    Ok(())
}

/// Settles one.
///
/// # Errors
/// When there is no open report of that number.
pub async fn resolve(app: &App, id: i64) -> anyhow::Result<()> {
    let now = app.state.now();
    if !app.state.write(move |conn| report::resolve(conn, id, now).map_err(Error::from)).await? {
        bail!("there is no open report {id}; `solmu reports` lists them");
    }
    println!("{id}");
    Ok(())
}
