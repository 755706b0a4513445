//! Profiles that an import has made and that are nobody's own yet: whom the coordinator invites to take one over.
//!
//! Invariant: whether anybody is known by an address shows nowhere here.

use super::{done, frame, parts, refused};
use crate::answer;
use crate::error::Error;
use crate::i18n::Locale;
use crate::layout::{Frame, Place};
use crate::staff::{AtDesk, DeskForm, looks_at};
use crate::visit::Visit;
use askama::Template;
use axum::response::Response;
use domain::audit::Subject;
use domain::desk::Staff;
use domain::person::MailAddress;
use domain::producer::{self, Unlinked};
use domain::{Key, Language, Role, message};
use http::StatusCode;
use store::id::ProducerId;

/// Where they are.
const PATH: &str = "/desk/imported";
/// Profiles on a page.
const ROWS: i64 = 50;

/// What was typed, and what is wrong with it.
#[derive(Default)]
struct Wrong {
    fault: Option<String>,
    what: String,
    mail: String,
}

#[derive(Template)]
#[template(path = "desk/imported.html")]
struct Page {
    l: Locale,
    frame: Frame,
    parts: Vec<Place>,
    form: String,
    done: Option<String>,
    fault: Option<String>,
    rows: Vec<Unlinked>,
    languages: Vec<&'static str>,
    what: String,
    mail: String,
    older: Option<String>,
}

/// `GET /desk/imported`
pub async fn list(desk: AtDesk) -> Result<Response, Error> {
    let AtDesk { visit, staff, form, .. } = desk;
    page(&visit, &staff, form.value(), Wrong::default()).await
}

async fn page(visit: &Visit, staff: &Staff, form: &str, wrong: Wrong) -> Result<Response, Error> {
    if visit.node().role != Role::Region {
        return Err(Error::NotFound);
    }
    let (l, now) = (visit.l, visit.now);
    let number: i64 = visit.asked("page").parse().unwrap_or(1).clamp(1, 100_000);
    let offset = (number - 1) * ROWS;
    let mut rows = visit.read(move |conn| producer::without_person(conn, offset, ROWS + 1, now)).await?;
    let shown = usize::try_from(ROWS).unwrap_or_default();
    let more = rows.len() > shown;
    rows.truncate(shown);
    let kept = rows.iter().filter(|row| !row.published);
    looks_at(visit, staff, kept.map(|row| Subject::producer(&row.id)).collect()).await?;
    let status = if wrong.fault.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    let page = Page {
        l,
        frame: frame(visit, &l.t("imported-title"), &l.t("imported-lead")),
        parts: parts(visit),
        form: form.to_owned(),
        done: done(visit),
        fault: wrong.fault,
        rows,
        languages: Language::ALL.into_iter().map(Language::as_str).collect(),
        what: wrong.what,
        mail: wrong.mail,
        older: more.then(|| l.link(&format!("{PATH}?page={}", number + 1))),
    };
    let mut response = answer::html(&page.frame, &page)?;
    *response.status_mut() = status;
    Ok(response)
}

/// `POST /desk/imported`: invites somebody to take a profile over, or takes that back.
pub async fn press(desk: DeskForm) -> Result<Response, Error> {
    let DeskForm { posted, visitor, staff, form } = desk;
    let (visit, now, caller) = (posted.visit.clone(), posted.visit.now, visitor.caller());
    let (what, typed) = (posted.field("what").to_owned(), posted.field("mail").chars().take(300).collect::<String>());
    let (id, by) = (ProducerId::from_text(what.as_str()), staff.by().clone());
    let (pressed, word) = match posted.field("do") {
        "invite" => {
            let Some(mail) = MailAddress::parse(&typed) else {
                let reason = Key::new(message::NOT_A_MAIL_ADDRESS).with("value", &typed);
                let wrong = Wrong { fault: Some(visit.l.message(&reason)), what, mail: typed };
                return page(&visit, &staff, form.value(), wrong).await;
            };
            let language = Language::parse(posted.field("language")).unwrap_or(visit.l.language());
            let invite =
                move |conn: &mut store::Conn| producer::invite(conn, (caller, &by), &id, (&mail, language), now);
            (visit.write(invite).await, "invited")
        }
        "take-back" => {
            let take_back = move |conn: &mut store::Conn| producer::take_back(conn, (caller, &by), &id, now);
            (visit.write(take_back).await, "taken-back")
        }
        _ => return Err(Error::NotFound),
    };
    match pressed {
        Ok(()) => Ok(answer::see(&visit, &format!("{PATH}?done={word}"))),
        Err(error) => {
            let wrong = Wrong { fault: Some(refused(visit.l, error)?), what, mail: typed };
            page(&visit, &staff, form.value(), wrong).await
        }
    }
}
