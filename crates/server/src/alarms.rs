//! Looks whether there is something that the operator has to look at ([`federation::alarm`]).

use crate::app::App;
use federation::delivery::queue;
use federation::{alarm, skew};
use std::time::Duration;
use store::{Conn, Error};

/// What is due for a host that answers is sent within seconds. When it is not for so long, something is wrong here.
const STUCK: Duration = Duration::from_secs(600);

/// Whether this machine's clock differs from those of the other servers, which would refuse what it signs.
///
/// # Errors
/// Those of the database.
pub async fn clock(app: &App) -> anyhow::Result<()> {
    let Some(ahead) = app.state.client.skew.ahead(app.state.now()) else { return Ok(()) };
    match set(app, alarm::CLOCK, skew::is_wrong(ahead).then_some(ahead)).await? {
        Some(true) => {
            tracing::error!(seconds = ahead / 1000, "this machine's clock is ahead of other servers' by so much")
        }
        Some(false) => tracing::info!("this machine's clock is right again"),
        None => {}
    }
    Ok(())
}

/// Whether something is not sent although its host answers.
///
/// # Errors
/// Those of the database.
pub async fn deliveries(app: &App) -> anyhow::Result<()> {
    let now = app.state.now();
    let due = app.state.store.read(move |conn| queue::due_since(conn, now.minus(STUCK)).map_err(Error::from)).await?;
    let due_for = due.map(|since| now.since(since));
    let millis = due_for.map(|time| i64::try_from(time.as_millis()).unwrap_or(i64::MAX));
    match set(app, alarm::DELIVERY, millis).await? {
        Some(true) => {
            tracing::error!(seconds = due_for.unwrap_or_default().as_secs(), "deliveries are due and not sent")
        }
        Some(false) => tracing::info!("deliveries are sent again"),
        None => {}
    }
    Ok(())
}

/// Sets an alarm, or clears it. What is new about it: `true` when it was raised, `false` when it was cleared.
async fn set(app: &App, name: &'static str, value: Option<i64>) -> Result<Option<bool>, Error> {
    let known = app.state.store.read(|conn| alarm::all(conn).map_err(Error::from)).await?;
    if value.is_none() && known.iter().all(|alarm| alarm.name != name) {
        return Ok(None);
    }
    let now = app.state.now();
    let change = move |conn: &mut Conn| alarm::set(conn, name, value, now).map_err(Error::from);
    Ok(app.state.store.write(change).await?.then_some(value.is_some()))
}
