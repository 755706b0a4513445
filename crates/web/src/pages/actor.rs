//! `/@username`: the page of whoever has that name here, a producer, an organisation, the region or the host's own
//! account; `/@username@host` is our copy of another node's.

use super::{front, organisation, producer};
use crate::answer;
use crate::error::Error;
use crate::i18n::Locale;
use crate::layout::Frame;
use crate::negotiate::Form;
use crate::visit::Visit;
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use domain::producer::ProducerView;
use domain::region::actors::RELAY_USERNAME;

enum Found {
    Producer(Box<ProducerView>),
    Organisation(Box<organisation::Shown>),
}

/// `GET /@{username}`
pub async fn show(visit: Visit, Path(name): Path<String>) -> Result<Response, Error> {
    let name = name.to_lowercase();
    if name == visit.node().region.username() {
        return front::show(visit).await;
    }
    if name == RELAY_USERNAME {
        return relay(&visit);
    }
    let ours = visit.node().origin.host();
    let (username, host) = name.split_once('@').unwrap_or((&name, ours));
    let (username, host, now) = (username.to_owned(), host.to_owned(), visit.now);
    let found = visit
        .read(move |conn| {
            if let Some(producer) = domain::producer::by_slug(conn, &host, &username)? {
                return Ok::<_, store::Error>(Some(Found::Producer(Box::new(producer))));
            }
            let organisation = organisation::Shown::by_slug(conn, &host, &username, now)?;
            Ok(organisation.map(|organisation| Found::Organisation(Box::new(organisation))))
        })
        .await?;
    match (found, visit.form) {
        (None, _) => Err(Error::NotFound),
        (Some(Found::Producer(producer)), Form::Activity) => answer::see_id(&producer.source.id),
        (Some(Found::Producer(producer)), Form::Json) => Ok(answer::json(&producer)),
        (Some(Found::Producer(producer)), Form::Html) => producer::page(&visit, *producer),
        (Some(Found::Organisation(one)), Form::Activity) => answer::see_id(&one.organisation.source.id),
        (Some(Found::Organisation(one)), Form::Json) => Ok(answer::json(&one)),
        (Some(Found::Organisation(one)), Form::Html) => organisation::page(&visit, *one),
    }
}

#[derive(Template)]
#[template(path = "region/relay.html")]
struct RelayPage {
    l: Locale,
    frame: Frame,
    handle: String,
}

fn relay(visit: &Visit) -> Result<Response, Error> {
    let l = visit.l;
    let id = visit.node().origin.relay();
    if visit.form == Form::Activity {
        return answer::see_id(id.as_str());
    }
    let handle = visit.node().origin.handle(RELAY_USERNAME);
    let frame = Frame::new(visit, &l.t("region-relay"), &l.t("region-relay-lead"));
    let page = RelayPage { l, frame: frame.of("profile", id.as_str(), None).unlisted(), handle };
    answer::html(&page.frame, &page)
}
