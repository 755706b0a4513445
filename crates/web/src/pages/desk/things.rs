//! The lists of the node's own events and tasks, and the steps that one of them takes: each on a page of its own that says
//! what will come of it, then by a press.

use super::{Row, Things, done, frame, parts, path_of, refused};
use crate::answer;
use crate::error::Error;
use crate::i18n::Locale;
use crate::layout::{Frame, Place};
use crate::staff::{AtDesk, DeskForm};
use crate::visit::Visit;
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use domain::desk::{self, Step};
use domain::find::Found;
use http::StatusCode;

/// Things on a page.
const MOST: i64 = 50;

#[derive(Template)]
#[template(path = "desk/things.html")]
struct ListPage {
    l: Locale,
    frame: Frame,
    parts: Vec<Place>,
    form: String,
    done: Option<String>,
    new: String,
    new_label: String,
    rows: Vec<Row>,
    older: Option<String>,
}

/// `GET /desk/{things}`
pub async fn list(Path(things): Path<String>, desk: AtDesk) -> Result<Response, Error> {
    let AtDesk { visit, form, .. } = desk;
    let (things, l) = (Things::here(&visit, &things)?, visit.l);
    let number: i64 = visit.asked("page").parse().unwrap_or(1).clamp(1, 100_000);
    let offset = (number - 1) * MOST;
    let mut found = visit.read(move |conn| desk::all(conn, things.kind(), false, offset, MOST + 1)).await?;
    let more = found.len() > usize::try_from(MOST).unwrap_or_default();
    found.truncate(usize::try_from(MOST).unwrap_or_default());
    let (heading, new_label) = match things {
        Things::Events => (l.t("nav-events"), l.t("write-new-event")),
        Things::Tasks => (l.t("nav-tasks"), l.t("write-new-task")),
    };
    let page = ListPage {
        l,
        frame: frame(&visit, &heading, &l.t("desk-things-lead")),
        parts: parts(&visit),
        form: form.value().to_owned(),
        done: done(&visit),
        new: l.link(&format!("/desk/{}/new", things.as_str())),
        new_label,
        rows: found.into_iter().map(|thing| Row::of(&visit, thing)).collect(),
        older: more.then(|| l.link(&format!("/desk/{}?page={}", things.as_str(), number + 1))),
    };
    answer::html(&page.frame, &page)
}

/// The steps of a thing beside publishing: each with its word, and where it is taken.
pub fn steps(l: Locale, row: &Row) -> Vec<(Step, String, String)> {
    let others = row.thing.steps.iter().filter(|step| **step != Step::Publish);
    others.map(|step| (*step, l.word("desk-step", step.as_str()), row.step_link(&l, step))).collect()
}

#[derive(Template)]
#[template(path = "desk/step.html")]
struct StepPage {
    l: Locale,
    frame: Frame,
    parts: Vec<Place>,
    form: String,
    path: String,
    back: String,
    title: String,
    consequence: String,
    button: String,
    fault: Option<String>,
}

fn step_of(visit: &Visit, things: String, id: String, word: &str) -> Result<(Found, Step), Error> {
    let (_, what) = Things::one(visit, &Path((things, id)))?;
    Ok((what, Step::parse(word).ok_or(Error::NotFound)?))
}

/// `GET /desk/{things}/{id}/{step}`
pub async fn ask(Path((things, id, word)): Path<(String, String, String)>, desk: AtDesk) -> Result<Response, Error> {
    let AtDesk { visit, form, .. } = desk;
    let (what, step) = step_of(&visit, things, id, &word)?;
    asked(&visit, form.value(), what, step, None).await
}

async fn asked(visit: &Visit, form: &str, what: Found, step: Step, fault: Option<String>) -> Result<Response, Error> {
    let l = visit.l;
    let back = l.link(&path_of(&what));
    let thing = visit.read(move |conn| desk::thing(conn, &what)).await?.ok_or(Error::NotFound)?;
    let draft = thing.page.is_none();
    let consequence = match (step, draft) {
        (Step::Delete, true) => l.t("desk-consequence-delete-draft"),
        _ => l.word("desk-consequence", step.as_str()),
    };
    let button = l.word("desk-step", step.as_str());
    let status = if fault.is_some() { StatusCode::CONFLICT } else { StatusCode::OK };
    let page = StepPage {
        l,
        frame: frame(visit, &button, &consequence),
        parts: parts(visit),
        form: form.to_owned(),
        path: l.link(&visit.path),
        back,
        title: thing.title,
        consequence,
        button,
        fault,
    };
    let mut response = answer::html(&page.frame, &page)?;
    *response.status_mut() = status;
    Ok(response)
}

/// `POST /desk/{things}/{id}/{step}`
pub async fn take(Path((things, id, word)): Path<(String, String, String)>, form: DeskForm) -> Result<Response, Error> {
    let DeskForm { posted, staff, form, .. } = form;
    let visit = posted.visit;
    let (what, step) = step_of(&visit, things, id, &word)?;
    let (node, now, which) = (visit.node().clone(), visit.now, what.clone());
    match visit.write(move |conn| desk::step(conn, &node, &staff, &which, step, now)).await {
        Ok(()) => Ok(answer::see(&visit, &format!("/desk?done={}", word_of(step)))),
        Err(error) => {
            let fault = refused(visit.l, error)?;
            asked(&visit, form.value(), what, step, Some(fault)).await
        }
    }
}

/// What was done.
fn word_of(step: Step) -> &'static str {
    match step {
        Step::Publish => "published",
        Step::Unschedule => "unscheduled",
        Step::Cancel => "cancelled",
        Step::Postpone => "postponed",
        Step::Fill | Step::Close => "closed",
        Step::Delete => "deleted",
    }
}
