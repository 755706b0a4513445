//! `solmu publish`, `cancel`, `delete`, `close`: one thing of this node, found by id, slug or address. Each prints the id
//! of the activity that tells the others.

use crate::app::App;
use domain::task::Closing;
use domain::{Caller, Error, Node};
use store::id::ActivityUrl;
use store::{Conn, Timestamp};

/// Publishes a draft.
///
/// # Errors
/// When there is no such thing, or it is published already.
pub async fn publish(app: &App, target: &str) -> anyhow::Result<()> {
    run(app, target, domain::acts::publish).await
}

/// Cancels an event or withdraws a task.
///
/// # Errors
/// When there is no such thing, or it cannot be cancelled.
pub async fn cancel(app: &App, target: &str) -> anyhow::Result<()> {
    run(app, target, domain::acts::cancel).await
}

/// Deletes something for good.
///
/// # Errors
/// When there is no such thing.
pub async fn delete(app: &App, target: &str) -> anyhow::Result<()> {
    run(app, target, domain::acts::delete).await
}
