//! `solmu import`: reads a file or an address row by row, shows how far it is, and sums up.
//!
//! Each row is one transaction. A row that is refused stops no other; a stop in the middle leaves whole rows, and the
//! next run goes on, since what is there already is unchanged.

use crate::app::App;
use crate::cli::{Format, Import};
use crate::role::Duties;
use anyhow::{Context, bail};
use domain::import::{self, Applied, Row};
use domain::{Caller, Error};
use federation::key::KeyPair;
use indicatif::{ProgressBar, ProgressStyle};
use std::collections::HashSet;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use store::failpoint;
use url::Url;

/// The largest file, in bytes.
const MAX_FILE: usize = 10_000_000;
/// Pages of a Linked Events list at most.
const PAGES: usize = 100;
/// Exit code when some rows were refused.
const SOME_REFUSED: u8 = 3;

/// What came of the rows.
#[derive(Default)]
struct Counts {
    new: usize,
    changed: usize,
    unchanged: usize,
    skipped: usize,
    refused: usize,
}

/// Runs it.
///
/// # Errors
/// When the file cannot be read at all.
pub async fn run(app: &App, arguments: &Import) -> anyhow::Result<ExitCode> {
    if !Duties::of(app.node.role).publishes {
        bail!("the national node has no content of its own; import at a region's node and follow it from here");
    }
    let format = format(arguments.format);
    let mut counts = Counts::default();
    let mut next = Some(arguments.from.clone());
    let mut visited = HashSet::new();
    while let Some(from) = next.take() {
        if visited.len() == PAGES || !visited.insert(from.clone()) {
            break;
        }
        let (name, bytes) = open(app, &from).await?;
        let now = app.state.now();
        let reading = import::read(format, &bytes, &app.node, &app.state.limits, now).with_context(|| name.clone())?;
        for bad in &reading.bad {
            eprintln!("{name}, {bad}");
        }
        counts.refused += reading.refused();
        counts.skipped += reading.skipped;
        apply(app, &name, reading.rows, arguments.dry_run, &mut counts).await?;
        next = reading.next.filter(|next| same_host(&from, next));
    }
    if arguments.dry_run {
        println!("(a dry run: nothing was written)");
    }
    println!(
        "{} new · {} changed · {} unchanged · {} skipped · {} refused",
        counts.new, counts.changed, counts.unchanged, counts.skipped, counts.refused
    );
    Ok(if counts.refused == 0 { ExitCode::SUCCESS } else { ExitCode::from(SOME_REFUSED) })
}

fn format(format: Format) -> import::Format {
    match format {
        Format::Bundle => import::Format::Bundle,
        Format::LinkedEvents => import::Format::LinkedEvents,
        Format::Ics => import::Format::Ics,
        Format::ProducersCsv => import::Format::ProducersCsv,
        Format::TasksCsv => import::Format::TasksCsv,
    }
}

/// The name for messages and the bytes, of a file or of an address.
async fn open(app: &App, from: &str) -> anyhow::Result<(String, Vec<u8>)> {
    if from.starts_with("https://") || from.starts_with("http://") {
        let url = Url::parse(from).with_context(|| format!("{from} is no address"))?;
        let fetched = app.state.client.get_up_to(MAX_FILE, &url, "*/*", None, app.state.now()).await?;
        let name = url.path_segments().and_then(|mut parts| parts.next_back()).filter(|name| !name.is_empty());
        return Ok((name.unwrap_or(from).to_owned(), fetched.body));
    }
    let path = Path::new(from);
    let size = std::fs::metadata(path).with_context(|| format!("{from} cannot be read"))?.len();
    if size > MAX_FILE as u64 {
        bail!("{from} is larger than 10 MB; split it");
    }
    let bytes = std::fs::read(path).with_context(|| format!("{from} cannot be read"))?;
    let name = path.file_name().map_or_else(|| from.to_owned(), |name| name.to_string_lossy().into_owned());
    Ok((name, bytes))
}

fn same_host(from: &str, next: &str) -> bool {
    !store::id::host_of(next).is_empty() && store::id::host_of(from) == store::id::host_of(next)
}

async fn apply(app: &App, name: &str, rows: Vec<Row>, dry_run: bool, counts: &mut Counts) -> anyhow::Result<()> {
    let bar = ProgressBar::new(rows.len() as u64);
    bar.set_style(ProgressStyle::with_template("{bar:40} {pos}/{len} {msg}").context("the progress bar")?);
    for row in rows {
        let row = Arc::new(row);
        failpoint::here("import.before_row");
        let applied = if dry_run { foresee(app, &row).await } else { take(app, &row).await };
        match applied {
            Ok(Applied::Added) => counts.new += 1,
            Ok(Applied::Changed) => counts.changed += 1,
            Ok(Applied::Unchanged) => counts.unchanged += 1,
            Ok(Applied::Skipped(reason)) => {
                counts.skipped += 1;
                bar.suspend(|| eprintln!("{name}, {} ({}): skipped: {reason}", row.place, row.id));
            }
            Err(error) => {
                let bad = import::refusals(&row, &error);
                if bad.is_empty() {
                    bar.abandon();
                    return Err(error).with_context(|| format!("{name}, {} ({})", row.place, row.id));
                }
                counts.refused += 1;
                bar.suspend(|| bad.iter().for_each(|bad| eprintln!("{name}, {bad}")));
            }
        }
        failpoint::here("import.after_row");
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(())
}

async fn foresee(app: &App, row: &Arc<Row>) -> Result<Applied, Error> {
    let (node, row, now) = (app.node.clone(), Arc::clone(row), app.state.now());
    app.state.store.read(move |conn| import::foresee(conn, &node, &row, now)).await
}

/// One row, one transaction; a key for a new actor is made before it.
///
/// # Errors
/// Those of [`import::apply_row`] and of the key generator.
pub async fn take(app: &App, row: &Arc<Row>) -> Result<Applied, Error> {
    let looked_at = Arc::clone(row);
    let key = match app.state.store.read(move |conn| import::needs_key(conn, &looked_at)).await? {
        true => Some(KeyPair::generate_off_thread().await?),
        false => None,
    };
    let (node, row, now) = (app.node.clone(), Arc::clone(row), app.state.now());
    app.state.write(move |conn| import::apply_row(conn, &node, Caller::Coordinator, &row, key.as_ref(), now)).await
}
