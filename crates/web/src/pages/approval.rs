//! The coordinator's pages of the profiles that wait to be published: each is shown as everybody will see it.

use crate::answer;
use crate::csrf::FormToken;
use crate::error::Error;
use crate::faults::Faults;
use crate::i18n::{Key, Locale};
use crate::layout::Frame;
use crate::pages::member;
use crate::pages::producer::Row;
use crate::staff::{AtDesk, DeskForm, looks_at};
use crate::visit::Visit;
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use domain::audit::{self, Deed, Subject};
use domain::desk::Staff;
use domain::producer::picture::Reader;
use domain::producer::{self, ActorCard, Waiting, actor_card};
use federation::key::KeyPair;
use http::StatusCode;
use store::{Conn, Timestamp};

const LABELS: [(&str, Key); 1] = [("reason", Key("approval-reason"))];

/// A profile in the queue.
struct Entry {
    link: String,
    row: Row,
    asked_at: Timestamp,
}

#[derive(Template)]
#[template(path = "approval/list.html")]
struct ListPage {
    l: Locale,
    frame: Frame,
    entries: Vec<Entry>,
}

#[derive(Template)]
#[template(path = "approval/page.html")]
struct Page {
    l: Locale,
    frame: Frame,
    form: String,
    publish: String,
    give_back: String,
    preview: ActorCard,
    picture: String,
    asked_at: Timestamp,
    reason: String,
    faults: Faults,
}

/// The profile that waits under this id.
async fn waiting(visit: &Visit, id: &str) -> Result<Waiting, Error> {
    let all = visit.read(producer::waiting).await?;
    all.into_iter().find(|one| one.id.as_str() == id).ok_or(Error::NotFound)
}

/// The line of the log that the person of a profile can read.
fn noted(conn: &mut Conn, staff: &Staff, deed: Deed, one: &Waiting, now: Timestamp) -> Result<(), store::Error> {
    match &one.account {
        Some(account) => Ok(audit::note(conn, staff.by(), deed, &Subject::account(account), "", now)?),
        None => Ok(()),
    }
}

/// `GET /desk/profiles`
pub async fn list(at_desk: AtDesk) -> Result<Response, Error> {
    let AtDesk { visit, staff, .. } = at_desk;
    let waiting = visit.read(producer::waiting).await?;
    looks_at(&visit, &staff, waiting.iter().map(Waiting::person).collect()).await?;
    let l = visit.l;
    let entry = |one: &Waiting| Entry {
        link: l.link(&format!("/desk/profiles/{}", one.id)),
        row: Row::of(&visit, &one.view),
        asked_at: one.asked_at,
    };
    let entries = waiting.iter().map(entry).collect();
    let frame = Frame::new(&visit, &l.t("approval-title"), &l.t("approval-lead")).unlisted();
    let page = ListPage { l, frame, entries };
    answer::html(&page.frame, &page)
}

/// `GET /desk/profiles/{id}`
pub async fn show(at_desk: AtDesk, Path(id): Path<String>) -> Result<Response, Error> {
    let AtDesk { visit, staff, form, .. } = at_desk;
    page(&visit, &staff, &form, &id, "", Faults::default()).await
}

async fn page(
    visit: &Visit,
    staff: &Staff,
    form: &FormToken,
    id: &str,
    reason: &str,
    faults: Faults,
) -> Result<Response, Error> {
    let one = waiting(visit, id).await?;
    looks_at(visit, staff, vec![one.person()]).await?;
    let (l, path) = (visit.l, format!("/desk/profiles/{id}"));
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::BAD_REQUEST };
    let page = Page {
        l,
        frame: Frame::new(visit, &one.view.name, &l.t("approval-lead")).unlisted(),
        form: form.value().to_owned(),
        publish: l.link(&format!("{path}/publish")),
        give_back: l.link(&format!("{path}/return")),
        picture: format!("{path}/picture.jpg"),
        preview: actor_card(&one.view, &visit.node().origin),
        asked_at: one.asked_at,
        reason: reason.chars().take(2_000).collect(),
        faults,
    };
    let mut response = answer::html(&page.frame, &page)?;
    *response.status_mut() = status;
    Ok(response)
}

/// `GET /desk/profiles/{id}/picture.jpg`
pub async fn picture(at_desk: AtDesk, Path(id): Path<String>) -> Result<Response, Error> {
    let AtDesk { visit, staff, .. } = at_desk;
    let one = waiting(&visit, &id).await?;
    let whom = one.person();
    let portrait = one.view.picture.ok_or(Error::NotFound)?;
    looks_at(&visit, &staff, vec![whom]).await?;
    let name = portrait.path.rsplit('/').next().unwrap_or_default().to_owned();
    member::picture::file(&visit, name, Reader::Coordinator).await
}

/// `POST /desk/profiles/{id}/publish`: the key is made before the transaction begins.
pub async fn publish(Path(id): Path<String>, form: DeskForm) -> Result<Response, Error> {
    let DeskForm { posted, visitor, staff, .. } = form;
    let (visit, caller) = (posted.visit.clone(), visitor.caller());
    let (node, now, one) = (visit.node().clone(), visit.now, waiting(&visit, &id).await?);
    let pair = KeyPair::generate_off_thread().await.map_err(|error| {
        tracing::error!(%error, "a key could not be made");
        Error::Internal
    })?;
    let publish = move |conn: &mut Conn| {
        producer::publish(conn, &node, caller, &one.id, &pair, now)?;
        Ok::<_, domain::Error>(noted(conn, &staff, Deed::Approved, &one, now)?)
    };
    visit.write(publish).await?;
    Ok(answer::see(&visit, "/desk/profiles"))
}

/// `POST /desk/profiles/{id}/return`
pub async fn give_back(Path(id): Path<String>, form: DeskForm) -> Result<Response, Error> {
    let DeskForm { posted, visitor, staff, form } = form;
    let (visit, caller) = (posted.visit.clone(), visitor.caller());
    let (reason, now, one) = (posted.field("reason").to_owned(), visit.now, waiting(&visit, &id).await?);
    let (given, by) = (reason.clone(), staff.clone());
    let give_back = move |conn: &mut Conn| {
        producer::give_back(conn, caller, &one.id, &given, now)?;
        Ok::<_, domain::Error>(noted(conn, &by, Deed::Declined, &one, now)?)
    };
    match visit.write(give_back).await {
        Ok(()) => Ok(answer::see(&visit, "/desk/profiles")),
        Err(domain::Error::Invalid(found)) => {
            page(&visit, &staff, &form, &id, &reason, Faults::told(visit.l, &found, &LABELS)).await
        }
        Err(error) => Err(error.into()),
    }
}
