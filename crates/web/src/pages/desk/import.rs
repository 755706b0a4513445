//! Importing at the desk: a file or an address is handed in, what would come of it is shown, and then it is put in or put
//! away.

use super::{frame, parts};
use crate::answer;
use crate::error::Error;
use crate::i18n::Locale;
use crate::layout::{Frame, Place};
use crate::staff::{AtDesk, DeskForm};
use crate::upload::DeskUpload;
use crate::visit::Visit;
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use domain::desk::{self, Counts, Outcome, State};
use domain::import::{self, Format};
use domain::{FieldError, Role};
use http::StatusCode;
use url::Url;

/// Where it is.
const PATH: &str = "/desk/import";

#[derive(Template)]
#[template(path = "desk/import.html")]
struct ImportPage {
    l: Locale,
    frame: Frame,
    parts: Vec<Place>,
    form: String,
    done: Option<String>,
    formats: Vec<(&'static str, String, bool)>,
    address: String,
    fault: Option<String>,
}

/// `GET /desk/import`
pub async fn show(desk: AtDesk) -> Result<Response, Error> {
    let AtDesk { visit, form, .. } = desk;
    must_have_content(&visit)?;
    page(&visit, form.value(), None, "", None)
}

fn must_have_content(visit: &Visit) -> Result<(), Error> {
    if visit.node().role == Role::Region { Ok(()) } else { Err(Error::NotFound) }
}

fn page(
    visit: &Visit,
    form: &str,
    format: Option<Format>,
    address: &str,
    fault: Option<String>,
) -> Result<Response, Error> {
    let l = visit.l;
    let status = if fault.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    let choice = |one: Format| (one.as_str(), l.word("import-format", one.as_str()), format == Some(one));
    let page = ImportPage {
        l,
        frame: frame(visit, &l.t("desk-import"), &l.t("desk-import-lead")),
        parts: parts(visit),
        form: form.to_owned(),
        done: super::done(visit),
        formats: Format::ALL.map(choice).to_vec(),
        address: address.chars().take(500).collect(),
        fault,
    };
    let mut response = answer::html(&page.frame, &page)?;
    *response.status_mut() = status;
    Ok(response)
}

/// `POST /desk/import`
pub async fn hand_in(upload: DeskUpload) -> Result<Response, Error> {
    let DeskUpload { visit, staff, form, typed, file } = upload;
    must_have_content(&visit)?;
    let (l, address) = (visit.l, typed.first("address").to_owned());
    let format = Format::parse(typed.first("format"));
    let again = |fault: String| page(&visit, form.value(), format, &address, Some(fault));
    let Some(kind) = format else { return again(l.t("desk-import-format-fault")) };
    let handed = match file.filter(|(_, content)| !content.is_empty()) {
        Some(file) => Ok(file),
        None => fetched(&visit, &address).await,
    };
    let (name, content) = match handed {
        Ok(handed) => handed,
        Err(fault) => return again(fault),
    };
    if let Err(error) = import::read(kind, &content, visit.node(), &visit.site.state.limits, visit.now) {
        return again(l.message(&error.0.reason));
    }
    let (node, now) = (visit.node().clone(), visit.now);
    let id = visit.write(move |conn| desk::hand_in(conn, &node, &staff, (kind, &name, &content), now)).await?;
    Ok(answer::see(&visit, &format!("{PATH}/{id}")))
}

/// What an address answers: its name and its bytes.
async fn fetched(visit: &Visit, address: &str) -> Result<(String, Vec<u8>), String> {
    let l = visit.l;
    let url = Url::parse(address).ok().filter(|url| matches!(url.scheme(), "https" | "http"));
    let Some(url) = url else { return Err(l.t("desk-import-nothing")) };
    let state = &visit.site.state;
    let fetched = state.client.get_up_to(import::MAX_FILE, &url, "*/*", None, visit.now).await;
    let name = url.path_segments().and_then(|mut parts| parts.next_back()).filter(|name| !name.is_empty());
    let name = name.unwrap_or(address).to_owned();
    fetched.map(|fetched| (name, fetched.body)).map_err(|_| l.t("desk-import-not-fetched"))
}

/// One row of what comes of it, in words.
struct ToldRow {
    place: String,
    what: String,
    reason: String,
    refused: bool,
}

#[derive(Template)]
#[template(path = "desk/in-hand.html")]
struct InHandPage {
    l: Locale,
    frame: Frame,
    parts: Vec<Place>,
    form: String,
    path: String,
    name: String,
    format: String,
    state: State,
    counts: Counts,
    rows: Vec<ToldRow>,
    fault: Option<String>,
}

/// `GET /desk/import/{id}`
pub async fn look(Path(id): Path<String>, desk: AtDesk) -> Result<Response, Error> {
    let AtDesk { visit, staff, form, .. } = desk;
    must_have_content(&visit)?;
    let (node, limits, now) = (visit.node().clone(), visit.site.state.limits.clone(), visit.now);
    let looked = visit.look(move |conn| {
        let file = desk::in_hand(conn, &staff, &id)?.ok_or(domain::Error::NotFound)?;
        let outcome = match file.state {
            State::Read => file.foresee(conn, &node, &limits, now),
            State::Wanted | State::Done => Ok(file.outcome.clone()),
        };
        match outcome {
            Ok(outcome) => Ok((file, Ok(outcome))),
            Err(domain::Error::Invalid(faults)) => Ok((file, Err(faults))),
            Err(error) => Err(error),
        }
    });
    let (file, outcome): (desk::InHand, Result<Outcome, Vec<FieldError>>) = looked.await?;
    let l = visit.l;
    let fault = outcome.as_ref().err().and_then(|faults| faults.first()).map(|fault| l.message(&fault.reason));
    let outcome = outcome.unwrap_or_default();
    let lead = match file.state {
        State::Read => l.t("desk-import-foreseen"),
        State::Wanted => l.t("desk-import-running"),
        State::Done => l.t("desk-import-done"),
    };
    let page = InHandPage {
        l,
        frame: frame(&visit, &l.t("desk-import"), &lead),
        parts: parts(&visit),
        form: form.value().to_owned(),
        path: l.link(&visit.path),
        name: file.name,
        format: l.word("import-format", file.format.as_str()),
        state: file.state,
        counts: outcome.counts,
        rows: outcome.rows.iter().map(|row| ToldRow::of(l, row)).collect(),
        fault,
    };
    answer::html(&page.frame, &page)
}

impl ToldRow {
    fn of(l: Locale, told: &desk::Told) -> ToldRow {
        let reason = told.reason().map(|reason| l.message(&reason)).unwrap_or_default();
        let field = if told.field.is_empty() { String::new() } else { format!("{}: ", told.field) };
        ToldRow {
            place: if told.id.is_empty() { told.place.clone() } else { format!("{} ({})", told.place, told.id) },
            what: l.word("import-what", &told.what),
            reason: if reason.is_empty() { reason } else { format!("{field}{reason}") },
            refused: told.what == "refused",
        }
    }
}

/// `POST /desk/import/{id}`
pub async fn press(Path(id): Path<String>, form: DeskForm) -> Result<Response, Error> {
    let DeskForm { posted, staff, .. } = form;
    let (visit, now) = (posted.visit.clone(), posted.visit.now);
    must_have_content(&visit)?;
    let path = format!("{PATH}/{id}");
    match posted.field("do") {
        "put-in" => {
            visit.write(move |conn| desk::want(conn, &staff, &id, now)).await?;
            Ok(answer::see(&visit, &path))
        }
        "put-away" => {
            visit.write(move |conn| desk::put_away(conn, &staff, &id)).await?;
            Ok(answer::see(&visit, &format!("{PATH}?done=put-away")))
        }
        _ => Err(Error::NotFound),
    }
}
