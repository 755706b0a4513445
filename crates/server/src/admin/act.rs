//! `solmu publish`, `cancel`, `delete`, `close`: one thing of this node, found by id, slug or address. Each prints the id
//! of the activity that tells the others, or nothing when there was nobody to tell.

use crate::app::App;
use crate::erasures;
use anyhow::Context;
use domain::find::{Found, find};
use domain::task::Closing;
use domain::{Caller, Error, Node, actions};
use federation::key::KeyPair;
use store::id::ActivityUrl;
use store::{Conn, Timestamp};

/// Publishes a draft. A key is made first when that makes a new actor.
///
/// # Errors
/// When there is no such thing, or it is published already.
pub async fn publish(app: &App, target: &str) -> anyhow::Result<()> {
    let (node, text) = (app.node.clone(), target.to_owned());
    let looked_for = app.state.store.read(move |conn| {
        let found = find(conn, &node, &text)?;
        actions::needs_key(conn, &found)
    });
    let key = match looked_for.await.with_context(|| target.to_owned())? {
        true => Some(KeyPair::generate_off_thread().await?),
        false => None,
    };
    act(app, target, move |conn, node, what, now| {
        actions::publish(conn, node, Caller::Coordinator, what, key.as_ref(), now).map(Some)
    })
    .await
}

/// Cancels an event or withdraws a task.
///
/// # Errors
/// When there is no such thing, or it cannot be cancelled.
pub async fn cancel(app: &App, target: &str) -> anyhow::Result<()> {
    act(app, target, |conn, node, what, now| actions::cancel(conn, node, Caller::Coordinator, what, now).map(Some))
        .await
}

/// Deletes something for good. A person is written down in the list of erasures first, so that no restored copy brings the
/// profile back.
///
/// # Errors
/// When there is no such thing.
pub async fn delete(app: &App, target: &str) -> anyhow::Result<()> {
    let (node, text) = (app.node.clone(), target.to_owned());
    let found = app.state.store.read(move |conn| find(conn, &node, &text)).await.with_context(|| target.to_owned())?;
    let person = matches!(found, Found::Producer(_));
    if person {
        erasures::write_down(app, found.id());
    }
    act(app, target, move |conn, node, _, now| actions::delete(conn, node, Caller::Coordinator, &found, now)).await?;
    if person { erasures::scrub(app).await } else { Ok(()) }
}

/// Closes a task, as filled or, when nobody was found, as over.
///
/// # Errors
/// When there is no such task, or it is not open.
pub async fn close(app: &App, target: &str, unfilled: bool) -> anyhow::Result<()> {
    let how = if unfilled { Closing::Closed } else { Closing::Filled };
    act(app, target, move |conn, node, what, now| {
        actions::close(conn, node, Caller::Coordinator, what, how, now).map(Some)
    })
    .await
}

/// Finds the thing and acts on it in one transaction, then prints the activity's id.
async fn act<F>(app: &App, target: &str, action: F) -> anyhow::Result<()>
where
    F: Fn(&mut Conn, &Node, &Found, Timestamp) -> Result<Option<ActivityUrl>, Error> + Send + 'static,
{
    let (node, text, now) = (app.node.clone(), target.to_owned(), app.state.now());
    let activity = app
        .state
        .write(move |conn| {
            let found = find(conn, &node, &text)?;
            action(conn, &node, &found, now)
        })
        .await
        .with_context(|| target.to_owned())?;
    if let Some(id) = activity {
        println!("{id}");
    }
    Ok(())
}
