//! Moves what waits for a time along when the machine's clock is set back.
//!
//! That it was is seen by the lease of the jobs, which then ends later than it can have been taken for. The lease
//! is kept in the database, so it is seen after a restart too. When it is another's, one that is alive, two machines on
//! one database differ, and nothing is moved: each of them would undo what the other does.

use crate::app::App;
use federation::set_back;
use std::time::Duration;
use store::{Conn, Timestamp, lease};

/// A clock that was set back by less is none of our business: nothing waits much longer for it.
const SET_BACK: Duration = Duration::from_secs(600);
/// Another's lease that has not changed in so many looks belongs to nobody who is alive.
const LOOKS: u32 = 4;

/// A lease that ends too late, and how often it was seen like that.
#[derive(Debug, Default)]
pub struct Suspicion {
    ends: Timestamp,
    looks: u32,
}

/// Moves what waits for a time when the clock was set back since the lease `name` was taken, for `ttl` at most.
///
/// # Errors
/// Those of the database.
pub async fn follow_the_clock(
    app: &App,
    (name, holder, ttl): (&'static str, &str, Duration),
    suspicion: &mut Suspicion,
) -> anyhow::Result<()> {
    let now = app.state.now();
    let found = app.state.store.read(move |conn| lease::find(conn, name).map_err(store::Error::from)).await?;
    let back = |ends: Timestamp| ends.since(now.plus(ttl));
    let Some(found) = found.filter(|found| back(found.expires_at) >= SET_BACK) else {
        *suspicion = Suspicion::default();
        return Ok(());
    };
    if suspicion.ends != found.expires_at {
        *suspicion = Suspicion { ends: found.expires_at, looks: 0 };
    }
    suspicion.looks += 1;
    let seconds = back(found.expires_at).as_secs();
    if found.holder != holder && !found.holder.is_empty() && suspicion.looks < LOOKS {
        tracing::warn!(seconds, "the clock was set back, or the clock of another machine on this database is ahead");
        return Ok(());
    }
    let by = back(found.expires_at) + ttl;
    let rows = app.state.write(move |conn: &mut Conn| {
        // Every process that sees it would do it; the first ends the lease by which the others would.
        match lease::find(conn, name)?.filter(|again| again.expires_at == found.expires_at) {
            None => Ok::<usize, store::Error>(0),
            Some(_) => {
                lease::end_beyond(conn, now, ttl)?;
                set_back::move_plans(conn, by, now).map_err(store::Error::from)
            }
        }
    });
    let rows = rows.await?;
    tracing::warn!(seconds, rows, "the clock was set back; what waits for a time was moved with it");
    Ok(())
}
