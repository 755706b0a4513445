//! When a member has time, and what was done: a few rows of each, and some empty ones.

use super::{Step, is_saved, own};
use crate::answer;
use crate::csrf::{FormToken, Posted, SignedForm};
use crate::error::Error;
use crate::faults::Faults;
use crate::i18n::{Key, Locale};
use crate::layout::Frame;
use crate::session::SignedIn;
use crate::visit::Visit;
use askama::Template;
use axum::response::Response;
use domain::producer::own as profile;
use domain::producer::{MOST_PERIODS, MOST_PIECES, Period, Piece};
use domain::{FieldError, message};
use http::StatusCode;

/// Empty rows behind those that are filled in.
const MORE: usize = 2;

/// The fields without their number.
const LABELS: [(&str, Key); 7] = [
    ("from", Key("work-from")),
    ("until", Key("work-until")),
    ("share", Key("work-share")),
    ("title", Key("work-title")),
    ("url", Key("work-url")),
    ("role", Key("work-role")),
    ("year", Key("work-year")),
];

/// A row as it was typed.
#[derive(Clone, Default)]
struct Row {
    at: i64,
    cells: Vec<Cell>,
}

/// A field of a row.
#[derive(Clone, Default)]
struct Cell {
    name: String,
    label: String,
    value: String,
    kind: &'static str,
}

#[derive(Template)]
#[template(path = "member/work.html")]
struct Page {
    l: Locale,
    frame: Frame,
    form: String,
    steps: Vec<Step>,
    saved: bool,
    written: bool,
    periods: Vec<Row>,
    pieces: Vec<Row>,
    faults: Faults,
}

/// What was typed, by rows: three texts of a period, four of a piece.
#[derive(Clone, Default)]
struct Typed {
    periods: Vec<[String; 3]>,
    pieces: Vec<[String; 4]>,
}

/// `GET /me/work`
pub async fn show(signed_in: SignedIn) -> Result<Response, Error> {
    let SignedIn { visit, visitor, form } = signed_in;
    let own = own(&visit, &visitor.account.id).await?;
    let typed = own.as_ref().map(|own| Typed {
        periods: own
            .work
            .availability
            .iter()
            .map(|one| [one.from.clone(), one.until.clone(), one.share.to_string()])
            .collect(),
        pieces: own.work.portfolio.iter().map(typed_piece).collect(),
    });
    page(&visit, &form, own.is_some(), &typed.unwrap_or_default(), Faults::default())
}

fn typed_piece(piece: &Piece) -> [String; 4] {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    [
        piece.title.clone(),
        text(&piece.url),
        text(&piece.role),
        piece.year.map(|year| year.to_string()).unwrap_or_default(),
    ]
}

/// `POST /me/work`
pub async fn save(form: SignedForm) -> Result<Response, Error> {
    let SignedForm { posted, visitor, .. } = form;
    let visit = posted.visit.clone();
    let typed = typed(&posted);
    let saved = match read(&typed) {
        Ok((periods, pieces)) => {
            let (node, now) = (visit.node().clone(), visit.now);
            let set = move |conn: &mut store::Conn| {
                profile::set_work(conn, &node, &visitor.account.id, &periods, &pieces, now)
            };
            visit.write(set).await
        }
        Err(faults) => Err(domain::Error::Invalid(faults)),
    };
    match saved {
        Ok(_) => Ok(answer::see(&visit, "/me/work?saved=1")),
        Err(domain::Error::Invalid(found)) => page(&visit, &posted.form, true, &typed, told(visit.l, &found)),
        Err(error) => Err(error.into()),
    }
}

/// Rows in which something was typed, moved together.
fn typed(posted: &Posted) -> Typed {
    let cell = |name: &str, at: usize| posted.field(&format!("{name}_{at}")).chars().take(1_000).collect::<String>();
    let periods = (0..MOST_PERIODS).map(|at| ["from", "until", "share"].map(|name| cell(name, at)));
    let pieces = (0..MOST_PIECES).map(|at| ["title", "url", "role", "year"].map(|name| cell(name, at)));
    Typed {
        // A share alone is what an empty row has from the start.
        periods: periods.filter(|[from, until, _]| !from.is_empty() || !until.is_empty()).collect(),
        pieces: pieces.filter(|row| row.iter().any(|cell| !cell.is_empty())).collect(),
    }
}

fn read(typed: &Typed) -> Result<(Vec<Period>, Vec<Piece>), Vec<FieldError>> {
    let mut faults = Vec::new();
    let mut number = |field: String, text: &str| -> Option<i16> {
        let read = text.parse().ok();
        if read.is_none() {
            faults.push(FieldError::new(field, domain::Key::new(message::NOT_A_NUMBER).with("value", text)));
        }
        read
    };
    let mut periods = Vec::new();
    for (at, [from, until, share]) in typed.periods.iter().enumerate() {
        let share = if share.is_empty() { "100" } else { share };
        let share = number(format!("share_{at}"), share).unwrap_or(100);
        let share = u8::try_from(share).unwrap_or(0); // which the rule refuses
        periods.push(Period { from: from.clone(), until: until.clone(), share });
    }
    let mut pieces = Vec::new();
    for (at, [title, url, role, year]) in typed.pieces.iter().enumerate() {
        let some = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        let year = if year.is_empty() { None } else { number(format!("year_{at}"), year) };
        pieces.push(Piece { title: title.clone(), url: some(url), role: some(role), year });
    }
    if faults.is_empty() { Ok((periods, pieces)) } else { Err(faults) }
}

/// The faults, each with the label of its field and the number of its row.
fn told(l: Locale, found: &[FieldError]) -> Faults {
    let labels: Vec<(&str, Key)> = found
        .iter()
        .filter_map(|fault| {
            let (name, _) = fault.field.rsplit_once('_')?;
            let (_, label) = LABELS.iter().find(|(known, _)| *known == name)?;
            Some((fault.field.as_str(), *label))
        })
        .collect();
    Faults::told(l, found, &labels)
}

fn page(visit: &Visit, form: &FormToken, written: bool, typed: &Typed, faults: Faults) -> Result<Response, Error> {
    let l = visit.l;
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::BAD_REQUEST };
    let cell = |name: &str, at: usize, value: &str| {
        let label = LABELS.iter().find(|(known, _)| *known == name).map_or(String::new(), |(_, label)| label.text(l));
        let kind = match name {
            "from" | "until" => "date",
            "share" | "year" => "number",
            "url" => "url",
            _ => "text",
        };
        Cell { name: format!("{name}_{at}"), label, value: value.to_owned(), kind }
    };
    let row = |names: &[&str], values: &[String], at: usize| Row {
        at: i64::try_from(at).unwrap_or_default() + 1,
        cells: names
            .iter()
            .enumerate()
            .map(|(i, name)| cell(name, at, values.get(i).map_or("", String::as_str)))
            .collect(),
    };
    let rows = |names: &[&str], filled: Vec<Vec<String>>, most: usize| -> Vec<Row> {
        let count = (filled.len() + MORE).min(most);
        (0..count).map(|at| row(names, filled.get(at).map_or(&[][..], Vec::as_slice), at)).collect()
    };
    let page = Page {
        l,
        frame: Frame::new(visit, &l.t("member-work"), &l.t("work-lead")).unlisted(),
        form: form.value().to_owned(),
        steps: super::steps(visit),
        saved: is_saved(visit),
        written,
        periods: rows(
            &["from", "until", "share"],
            typed.periods.iter().map(|row| row.to_vec()).collect(),
            MOST_PERIODS,
        ),
        pieces: rows(
            &["title", "url", "role", "year"],
            typed.pieces.iter().map(|row| row.to_vec()).collect(),
            MOST_PIECES,
        ),
        faults,
    };
    let mut response = answer::html(&page.frame, &page)?;
    *response.status_mut() = status;
    Ok(response)
}
