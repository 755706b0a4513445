//! The form of an event or a task: to write it, to see what others will see of it, and to publish it now or at a time.
//!
//! Invariant: whatever is pressed, what was typed stays, unless it was saved.

use super::fields::{self, Draw, Section};
use super::preview::Preview;
use super::things::steps;
use super::{Row, Things, done, frame, parts, path_of, version};
use crate::answer;
use crate::error::Error;
use crate::faults::Faults;
use crate::i18n::Locale;
use crate::layout::{Frame, Place};
use crate::staff::{AtDesk, DeskForm};
use crate::visit::Visit;
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use domain::desk::{self, Known, Staff, Step, Then, Thing, Written};
use domain::event::Status;
use domain::find::Found;
use domain::import::form;
use domain::typed::Typed;
use domain::{FieldError, message, organisation};
use http::StatusCode;
use store::Timestamp;

/// Organisations that are offered by name at most.
const OFFERED: i64 = 500;

#[derive(Template)]
#[template(path = "desk/edit.html")]
struct EditPage {
    l: Locale,
    frame: Frame,
    parts: Vec<Place>,
    form: String,
    path: String,
    done: Option<String>,
    faults: Faults,
    version: String,
    sections: Vec<Section>,
    organisations: Vec<String>,
    preview: Option<Preview>,
    row: Option<Row>,
    steps: Vec<(Step, String, String)>,
    is_draft: bool,
    publish_at: String,
    publish_at_fault: bool,
    publish_at_again: Vec<fields::Choice>,
}

/// What a form is about.
struct About {
    things: Things,
    /// What is edited, and how it stands; nothing for a new one.
    known: Option<(Known, Thing)>,
    organisations: Vec<String>,
}

impl About {
    async fn new(visit: &Visit, things: Things) -> Result<About, Error> {
        let organisations = visit.read(|conn| organisation::names(conn, OFFERED)).await?;
        Ok(About { things, known: None, organisations })
    }

    /// What is there of it, and what its form holds.
    async fn of(visit: &Visit, things: Things, what: Found) -> Result<(About, Typed), Error> {
        let read = move |conn: &mut store::Conn| {
            let known = desk::known(conn, &what)?;
            let thing = desk::thing(conn, &what)?;
            Ok((known, thing, organisation::names(conn, OFFERED)?))
        };
        let (known, thing, organisations) = visit.look(read).await?;
        let ((known, typed), thing) = known.zip(thing).ok_or(Error::NotFound)?;
        Ok((About { things, known: Some((known, thing)), organisations }, typed))
    }

    fn is_draft(&self) -> bool {
        self.known.as_ref().is_none_or(|(_, thing)| thing.page.is_none())
    }
}

/// `GET /desk/{things}/new`
pub async fn new(Path(things): Path<String>, desk: AtDesk) -> Result<Response, Error> {
    let AtDesk { visit, visitor, form, .. } = desk;
    let things = Things::here(&visit, &things)?;
    let mut typed = Typed::default();
    typed.set("language", visitor.account.language.as_str());
    match things {
        Things::Events => typed.set("status", Status::Scheduled.as_str()),
        Things::Tasks => typed.set("seats", "1"),
    }
    let about = About::new(&visit, things).await?;
    page(&visit, form.value(), &about, &typed, Faults::default(), None)
}

/// `GET /desk/{things}/{id}`
pub async fn edit(path: Path<(String, String)>, desk: AtDesk) -> Result<Response, Error> {
    let AtDesk { visit, form, .. } = desk;
    let (things, what) = Things::one(&visit, &path)?;
    let (about, typed) = About::of(&visit, things, what).await?;
    page(&visit, form.value(), &about, &typed, Faults::default(), None)
}

/// `POST /desk/{things}/new`
pub async fn add(Path(things): Path<String>, form: DeskForm) -> Result<Response, Error> {
    let things = Things::here(&form.posted.visit, &things)?;
    let about = About::new(&form.posted.visit, things).await?;
    take(form, about).await
}

/// `POST /desk/{things}/{id}`
pub async fn save(path: Path<(String, String)>, form: DeskForm) -> Result<Response, Error> {
    let (things, what) = Things::one(&form.posted.visit, &path)?;
    let (about, _) = About::of(&form.posted.visit, things, what).await?;
    take(form, about).await
}

/// What was typed, as what it is to be; and what is to become of it.
fn read(visit: &Visit, things: Things, typed: &Typed) -> Result<(Written, Then), Vec<FieldError>> {
    let limits = &visit.site.state.limits;
    let written = match things {
        Things::Events => form::event(typed, limits, visit.now).map(|new| Written::Event(Box::new(new))),
        Things::Tasks => form::task(typed, visit.node(), limits).map(|new| Written::Task(Box::new(new))),
    };
    let then = match typed.first("do") {
        "publish" => Ok(Then::Published),
        "schedule" => match form::moment(typed, "publish_at") {
            Ok(Some(at)) => Ok(Then::PublishedAt(at)),
            Ok(None) => Err(FieldError::new("publish_at", message::MISSING)),
            Err(fault) => Err(fault),
        },
        _ => Ok(Then::Stays),
    };
    match (written, then) {
        (Ok(written), Ok(then)) => Ok((written, then)),
        (Err(mut faults), then) => {
            faults.extend(then.err());
            Err(faults)
        }
        (_, Err(fault)) => Err(vec![fault]),
    }
}

/// What was pressed: it is looked for skills, looked at, or kept.
async fn take(desk: DeskForm, about: About) -> Result<Response, Error> {
    let DeskForm { posted, staff, form, .. } = desk;
    let writing = Writing { visit: posted.visit.clone(), form: form.value().to_owned(), typed: posted.typed(), about };
    if writing.typed.first("do") == "find" {
        return writing.again(Faults::default(), None);
    }
    match read(&writing.visit, writing.about.things, &writing.typed) {
        Ok((written, then)) if matches!(writing.typed.first("do"), "save" | "publish" | "schedule") => {
            writing.keep(staff, written, then).await
        }
        Ok((written, _)) => writing.preview(written).await,
        Err(found) => writing.again(writing.told(&found), None),
    }
}

/// A form in hand.
struct Writing {
    visit: Visit,
    form: String,
    typed: Typed,
    about: About,
}

impl Writing {
    fn told(&self, found: &[FieldError]) -> Faults {
        fields::told(self.visit.l, self.about.things, found)
    }

    /// The form as it was typed, with what is wrong with it, or with what others will see.
    fn again(&self, faults: Faults, preview: Option<Preview>) -> Result<Response, Error> {
        page(&self.visit, &self.form, &self.about, &self.typed, faults, preview)
    }

    async fn preview(self, written: Written) -> Result<Response, Error> {
        let (node, now) = (self.visit.node().clone(), self.visit.now);
        let what = self.about.known.as_ref().map(|(known, _)| known.what.clone());
        let seen = self.visit.look(move |conn| desk::foreseen(conn, &node, what.as_ref(), &written, now)).await;
        match seen {
            Ok(document) => self.again(Faults::default(), Preview::of(&self.visit, &document)),
            Err(domain::Error::Invalid(found)) => self.again(self.told(&found), None),
            Err(error) => Err(error.into()),
        }
    }

    async fn keep(mut self, staff: Staff, written: Written, then: Then) -> Result<Response, Error> {
        let (node, now, seen) = (self.visit.node().clone(), self.visit.now, seen(&self.typed));
        let known = self.about.known.as_ref().map(|(known, _)| Known { what: known.what.clone(), version: seen });
        let saved =
            self.visit.write(move |conn| desk::write(conn, &node, &staff, known.as_ref(), &written, then, now)).await;
        let found = match saved {
            Ok(what) => return Ok(kept(&self.visit, &what, then)),
            Err(domain::Error::Invalid(found)) => found,
            Err(domain::Error::Conflict(reason) | domain::Error::Refused(reason)) => vec![FieldError::new("", reason)],
            Err(error) => return Err(error.into()),
        };
        if let Some((known, _)) = &self.about.known {
            // Its version may be another one by now: who saves again has been told.
            self.about = About::of(&self.visit, self.about.things, known.what.clone()).await?.0;
        }
        self.again(self.told(&found), None)
    }
}

/// The version that the writer has seen.
fn seen(typed: &Typed) -> Timestamp {
    Timestamp::from_millis(typed.first("version").parse().unwrap_or_default())
}

fn kept(visit: &Visit, what: &Found, then: Then) -> Response {
    let word = match then {
        Then::Stays => "saved",
        Then::Published => "published",
        Then::PublishedAt(_) => "scheduled",
    };
    answer::see(visit, &format!("{}?done={word}", path_of(what)))
}

fn page(
    visit: &Visit,
    form: &str,
    about: &About,
    typed: &Typed,
    faults: Faults,
    preview: Option<Preview>,
) -> Result<Response, Error> {
    let l = visit.l;
    let title = match (about.things, &about.known) {
        (Things::Events, None) => l.t("write-new-event"),
        (Things::Tasks, None) => l.t("write-new-task"),
        (_, Some((_, thing))) => thing.title.clone(),
    };
    let path = match &about.known {
        None => format!("{}/{}/new", super::PATH, about.things.as_str()),
        Some((known, _)) => path_of(&known.what),
    };
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::BAD_REQUEST };
    let row = about.known.as_ref().map(|(_, thing)| Row::of(visit, thing.clone()));
    let page = EditPage {
        l,
        frame: frame(visit, &title, &l.t("write-lead")),
        parts: parts(visit),
        form: form.to_owned(),
        path: l.link(&path),
        done: done(visit),
        version: about.known.as_ref().map(|(known, _)| version(known.version)).unwrap_or_default(),
        sections: fields::sections(l, about.things, typed, &faults),
        organisations: about.organisations.clone(),
        preview,
        steps: row.as_ref().map(|row| steps(l, row)).unwrap_or_default(),
        row,
        is_draft: about.is_draft(),
        publish_at: typed.first("publish_at").to_owned(),
        publish_at_fault: faults.concern("publish_at"),
        publish_at_again: fields::again(l, "publish_at", typed, &faults),
        faults,
    };
    let mut response = answer::html(&page.frame, &page)?;
    *response.status_mut() = status;
    Ok(response)
}
