//! `solmu block` and `solmu unblock`: a host, or one actor. What is known here decides; nothing is asked for, since whom one
//! blocks may be gone or mute.

use crate::app::App;
use anyhow::{Context, bail};
use federation::{Error, actor, block, fetch};
use store::id::ActorUrl;
use url::Url;

/// Who is meant by a text.
enum Whom {
    Host(String),
    Actor(ActorUrl),
}

/// Blocks.
///
/// # Errors
/// When the text names nobody, or this node itself.
pub async fn block(app: &App, text: &str) -> anyhow::Result<()> {
    let whom = whom(app, text).await?;
    let (origin, kinds, now) = (app.node.origin.clone(), app.state.kinds, app.state.now());
    let (new, name) = match whom {
        Whom::Host(host) => {
            let name = host.clone();
            (app.state.write(move |conn| block::host(conn, &origin, kinds, &host, now)).await?, name)
        }
        Whom::Actor(actor) => {
            let name = actor.to_string();
            (app.state.write(move |conn| block::actor(conn, &origin, kinds, &actor, now)).await?, name)
        }
    };
    println!("{name}");
    let said = if new { "is blocked; what came from it is removed" } else { "was blocked already" };
    eprintln!("{name} {said}");
    Ok(())
}

/// Ends a block. What was removed comes back only when it is sent again.
///
/// # Errors
/// When the text names nobody who is blocked.
pub async fn unblock(app: &App, text: &str) -> anyhow::Result<()> {
    let origin = app.node.origin.clone();
    let (ended, name) = match whom(app, text).await? {
        Whom::Host(host) => {
            let name = host.clone();
            (app.state.write(move |conn| block::unblock_host(conn, &host).map_err(Error::from)).await?, name)
        }
        Whom::Actor(actor) => {
            let name = actor.to_string();
            let ended = move |conn: &mut store::Conn| block::unblock_actor(conn, &origin, &actor).map_err(Error::from);
            (app.state.write(ended).await?, name)
        }
    };
    if !ended {
        bail!("{name} is not blocked; `solmu peers` lists who is");
    }
    println!("{name}");
    Ok(())
}

/// An address is an actor's, a name with `@` is a handle, anything else is a host.
async fn whom(app: &App, text: &str) -> anyhow::Result<Whom> {
    let text = text.trim();
    if text.contains("://") {
        let wanted = text.to_owned();
        let known = app.state.store.read(move |conn| actor::known_as(conn, &wanted).map_err(Error::from)).await?;
        let address = vocab::one_or_many::web_address(text).with_context(|| format!("{text} is no address"))?;
        return Ok(Whom::Actor(known.map_or_else(|| ActorUrl::from_text(address), |known| known.url)));
    }
    let handle = text.strip_prefix("acct:").unwrap_or(text).trim_start_matches('@');
    if handle.contains('@') {
        let wanted = handle.to_owned();
        let known = app.state.store.read(move |conn| actor::known_as(conn, &wanted).map_err(Error::from)).await?;
        return match known {
            Some(known) => Ok(Whom::Actor(known.url)),
            None => Ok(Whom::Actor(fetch::find(&app.state, text).await?.url)),
        };
    }
    let url = Url::parse(&format!("https://{text}/")).ok().filter(|url| url.path() == "/");
    let host = url.map(|url| store::id::host_of(url.as_str())).filter(|host| !host.is_empty());
    Ok(Whom::Host(host.with_context(|| format!("{text} is neither a host, a handle nor an address"))?))
}
