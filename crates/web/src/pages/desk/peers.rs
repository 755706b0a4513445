//! Whom the node follows, the other servers and how they are, and which of them are blocked.

use super::{done, frame, parts, refused};
use crate::answer;
use crate::error::Error;
use crate::i18n::Locale;
use crate::layout::{Frame, Place};
use crate::staff::{AtDesk, DeskForm};
use crate::visit::Visit;
use askama::Template;
use axum::response::Response;
use domain::desk::{self, Host};
use domain::region::{self, FollowedRegion};
use federation::fetch;
use federation::peer::Health;
use http::StatusCode;
use store::id::ActorUrl;

/// Where it is.
const PATH: &str = "/desk/peers";

/// An actor that is followed, in words.
struct FollowRow {
    followed: FollowedRegion,
    state: String,
    health: String,
    well: bool,
}

/// A host, in words.
struct HostRow {
    host: String,
    software: String,
    state: String,
    class: &'static str,
    heard: String,
    waiting: Option<String>,
    reason: Option<String>,
    blocked: bool,
    failing: bool,
}

/// What was typed and what is wrong with it.
#[derive(Default)]
struct Typed {
    follow: String,
    follow_fault: Option<String>,
    host: String,
    reason: String,
    host_fault: Option<String>,
    reason_fault: Option<String>,
}

#[derive(Template)]
#[template(path = "desk/peers.html")]
struct PeersPage {
    l: Locale,
    frame: Frame,
    parts: Vec<Place>,
    form: String,
    done: Option<String>,
    follows: Vec<FollowRow>,
    hosts: Vec<HostRow>,
    typed: Typed,
}

/// `GET /desk/peers`
pub async fn show(desk: AtDesk) -> Result<Response, Error> {
    let AtDesk { visit, form, .. } = desk;
    let typed = Typed { host: visit.asked("host").chars().take(300).collect(), ..Typed::default() };
    page(&visit, form.value(), typed).await
}

async fn page(visit: &Visit, form: &str, typed: Typed) -> Result<Response, Error> {
    let (l, node) = (visit.l, visit.node().clone());
    let read = move |conn: &mut store::Conn| Ok((region::followed(conn, &node)?, desk::hosts(conn)?));
    let (follows, hosts) = visit.look(read).await?;
    let faulty = [&typed.follow_fault, &typed.host_fault, &typed.reason_fault].into_iter().any(Option::is_some);
    let page = PeersPage {
        l,
        frame: frame(visit, &l.t("desk-peers"), &l.t("desk-peers-lead")),
        parts: parts(visit),
        form: form.to_owned(),
        done: done(visit),
        follows: follows.into_iter().map(|followed| FollowRow::of(l, followed)).collect(),
        hosts: hosts.into_iter().map(|host| HostRow::of(visit, host)).collect(),
        typed,
    };
    let mut response = answer::html(&page.frame, &page)?;
    if faulty {
        *response.status_mut() = StatusCode::BAD_REQUEST;
    }
    Ok(response)
}

impl FollowRow {
    fn of(l: Locale, followed: FollowedRegion) -> FollowRow {
        FollowRow {
            state: l.word("follow-state", &followed.state),
            health: l.word("host-state", followed.health.as_str()),
            well: followed.health == Health::Well,
            followed,
        }
    }
}

impl HostRow {
    fn of(visit: &Visit, host: Host) -> HostRow {
        let (l, peer) = (visit.l, host.peer);
        let suspended = peer.is_suspended(visit.now);
        let word = if suspended { "suspended" } else { peer.health().as_str() };
        let class = match peer.health() {
            Health::Well => "well",
            Health::Failing | Health::Blocked => "",
        };
        let heard = peer.last_ok_at.max(peer.last_heard_at);
        HostRow {
            state: l.word("host-state", word),
            class,
            software: peer.software.clone().unwrap_or_default(),
            heard: heard.map_or_else(|| l.t("host-never"), |at| l.t1("host-heard", "age", &l.age(&visit.now, &at))),
            waiting: (host.waiting > 0).then(|| l.n("desk-failing-waiting", &host.waiting)),
            reason: host.block.map(|block| block.detail).filter(|reason| !reason.is_empty()),
            blocked: peer.blocked,
            failing: !peer.blocked && peer.failures > 0,
            host: peer.host,
        }
    }
}

/// `POST /desk/peers`
pub async fn press(form: DeskForm) -> Result<Response, Error> {
    let DeskForm { posted, staff, form, .. } = form;
    let visit = posted.visit.clone();
    let (node, now) = (visit.node().clone(), visit.now);
    let what = posted.field("what").to_owned();
    let (done, word) = match posted.field("do") {
        "follow" => return follow(visit, staff, form.value(), what).await,
        "unfollow" => {
            let whom = ActorUrl::from_text(what);
            let ended = visit.write(move |conn| desk::unfollow(conn, &node, &staff, &whom, now)).await;
            (ended.map(|_| ()), "unfollowed")
        }
        "block" => return block(visit, staff, form.value(), what, posted.field("reason").to_owned()).await,
        "unblock" => (visit.write(move |conn| desk::unblock(conn, &staff, &what, now)).await, "unblocked"),
        "try" => (visit.write(move |conn| desk::try_now(conn, &staff, &what, now)).await, "tried"),
        _ => return Err(Error::NotFound),
    };
    done?;
    Ok(answer::see(&visit, &format!("{PATH}?done={word}")))
}

/// The network first, then one transaction.
async fn follow(visit: Visit, staff: desk::Staff, form: &str, typed: String) -> Result<Response, Error> {
    let (node, now, l) = (visit.node().clone(), visit.now, visit.l);
    let fault = |fault: String| Typed {
        follow: typed.chars().take(300).collect(),
        follow_fault: Some(fault),
        ..Typed::default()
    };
    let found = match fetch::find(&visit.site.state, &typed).await {
        Ok(found) => found.url,
        Err(federation::Error::Store(error)) => return Err(error.into()),
        Err(_) => return page(&visit, form, fault(l.t("desk-follow-fault"))).await,
    };
    match visit.write(move |conn| desk::follow(conn, &node, &staff, &found, now)).await {
        Ok(_) => Ok(answer::see(&visit, &format!("{PATH}?done=followed"))),
        Err(error) => {
            let why = refused(l, error)?;
            page(&visit, form, fault(why)).await
        }
    }
}

async fn block(visit: Visit, staff: desk::Staff, form: &str, host: String, reason: String) -> Result<Response, Error> {
    let (node, now, l) = (visit.node().clone(), visit.now, visit.l);
    let short = |text: &str| text.chars().take(500).collect::<String>();
    let typed = Typed { host: short(&host), reason: short(&reason), ..Typed::default() };
    let Some(read) = host_of(&host) else {
        let host_fault = Some(l.t("desk-block-fault"));
        return page(&visit, form, Typed { host_fault, ..typed }).await;
    };
    if reason.is_empty() {
        let reason_fault = Some(l.t("desk-block-reason-fault"));
        return page(&visit, form, Typed { reason_fault, ..typed }).await;
    }
    let why = reason.clone();
    match visit.write(move |conn| desk::block(conn, &node, &staff, &read, &why, now)).await {
        Ok(()) => Ok(answer::see(&visit, &format!("{PATH}?done=blocked"))),
        Err(error) => {
            let host_fault = Some(refused(l, error)?);
            page(&visit, form, Typed { host_fault, ..typed }).await
        }
    }
}

/// The host in what people type: `other.example`, `@who@other.example`, `https://other.example/@who`.
fn host_of(typed: &str) -> Option<String> {
    let typed = typed.trim();
    let bare = typed.split_once("://").map_or(typed, |(_, rest)| rest).split('/').next().unwrap_or_default();
    let host = bare.rsplit('@').next().unwrap_or_default();
    let host = store::id::host_of(&format!("https://{host}/"));
    (host.contains('.') || host.starts_with("localhost")).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_as_people_type_them() {
        for (typed, expected) in [
            ("Other.example", Some("other.example")),
            ("@who@other.example", Some("other.example")),
            ("https://other.example/@who", Some("other.example")),
            ("käpy.example", Some("xn--kpy-qla.example")),
            ("localhost:7001", Some("localhost:7001")),
            ("other", None),
            ("", None),
            ("a b.example", None),
        ] {
            assert_eq!(host_of(typed).as_deref(), expected, "{typed}");
        }
    }
}
