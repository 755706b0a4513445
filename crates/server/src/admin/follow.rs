//! `solmu follow` and `solmu unfollow`.

use crate::app::App;
use anyhow::Context;
use federation::{Error, actor, fetch, follow};
use store::id::ActorUrl;

/// Finds an actor by handle or address and asks to follow it.
///
/// # Errors
/// When it cannot be found.
pub async fn follow(app: &App, text: &str) -> anyhow::Result<()> {
    let found = fetch::find(&app.state, text).await.with_context(|| format!("{text} cannot be followed"))?;
    let (origin, now) = (app.node.origin.clone(), app.state.now());
    let target = found.url.clone();
    let id = app
        .state
        .write(move |conn| {
            let ours = domain::region::presenter(conn)?;
            Ok::<_, domain::Error>(follow::request(conn, &origin, &ours, &target, now)?)
        })
        .await?;
    println!("{id}");
    eprintln!("asked to follow {} ({}); `solmu peers` shows the answer", found.handle(), found.name);
    Ok(())
}

/// Ends a follow. Works from what this node knows, since the other side may be gone.
///
/// # Errors
/// When nothing of that name is followed.
pub async fn unfollow(app: &App, text: &str) -> anyhow::Result<()> {
    let wanted = text.trim().to_ascii_lowercase();
    let handle = format!("@{}", wanted.trim_start_matches("acct:").trim_start_matches('@'));
    let followed = app.state.store.read(|conn| follow::of_this_node(conn).map_err(Error::from)).await?;
    let is_it = |actor: &actor::Actor| {
        actor.url.as_str() == text.trim()
            || actor.page.as_deref() == Some(text.trim())
            || actor.handle().to_ascii_lowercase() == handle
    };
    let target: ActorUrl = followed
        .into_iter()
        .find(|(_, actor)| is_it(actor))
        .map(|(_, actor)| actor.url)
        .with_context(|| format!("{text} is not followed by this node; `solmu peers` lists who is"))?;
    let (origin, now) = (app.node.origin.clone(), app.state.now());
    let id = app
        .state
        .write(move |conn| {
            let ours = domain::region::presenter(conn)?;
            Ok::<_, domain::Error>(follow::withdraw(conn, &origin, &ours, &target, now)?)
        })
        .await?;
    println!("{id}");
    Ok(())
}
