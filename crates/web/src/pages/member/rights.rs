//! What somebody can do with what the node holds of them: read it, take it along, and have it deleted (GDPR Art. 15, 17, 20).

use super::{Step, steps};
use crate::answer;
use crate::csrf::SignedForm;
use crate::error::Error;
use crate::i18n::Locale;
use crate::layout::Frame;
use crate::session::SignedIn;
use askama::Template;
use axum::response::Response;
use domain::leaving;
use domain::slice::{self, Person};
use serde_json::Value;
use store::Timestamp;

/// A line of the readable copy.
struct Line {
    name: String,
    value: String,
    depth: usize,
}

#[derive(Template)]
#[template(path = "member/data.html")]
struct DataPage {
    l: Locale,
    frame: Frame,
    steps: Vec<Step>,
    parts: Vec<(String, Vec<Line>)>,
}

#[derive(Template)]
#[template(path = "member/delete.html")]
struct DeletePage {
    l: Locale,
    frame: Frame,
    form: String,
    steps: Vec<Step>,
    leaves: Option<Timestamp>,
    holds_position: bool,
}

/// `GET /me/data`: everything, for people.
pub async fn show(signed_in: SignedIn) -> Result<Response, Error> {
    let SignedIn { visit, visitor, .. } = signed_in;
    let id = visitor.account.id;
    let all = visit.site.store.read(move |conn| slice::export(conn, Person::Account(&id))).await?;
    let l = visit.l;
    let parts = all.as_object().into_iter().flatten().map(|(part, value)| {
        let mut lines = Vec::new();
        read("", value, 0, &mut lines);
        (l.word("data-part", part), lines)
    });
    let page = DataPage {
        l,
        frame: Frame::new(&visit, &l.t("data-title"), &l.t("data-lead")).unlisted(),
        steps: steps(&visit),
        parts: parts.collect(),
    };
    answer::html(&page.frame, &page)
}

/// One line for each value, under the names that the file has.
fn read(name: &str, value: &Value, depth: usize, lines: &mut Vec<Line>) {
    let mut line = |value: String| lines.push(Line { name: name.to_owned(), value, depth });
    match value {
        Value::Null => {}
        Value::Bool(yes) => line(yes.to_string()),
        Value::Number(number) => line(number.to_string()),
        Value::String(text) => line(text.clone()),
        Value::Array(list) if list.iter().all(|one| !one.is_object()) => {
            let words: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
            line(words.join(", "));
        }
        Value::Array(list) => {
            for (at, one) in list.iter().enumerate() {
                read(&format!("{name} {}", at + 1), one, depth, lines);
            }
        }
        Value::Object(fields) => {
            if !name.is_empty() {
                line(String::new());
            }
            for (name, value) in fields {
                read(name, value, depth + 1, lines);
            }
        }
    }
}

/// `GET /me/delete`
pub async fn leave(signed_in: SignedIn) -> Result<Response, Error> {
    let SignedIn { visit, visitor, form } = signed_in;
    let l = visit.l;
    let page = DeletePage {
        l,
        frame: Frame::new(&visit, &l.t("delete-title"), &l.t("delete-lead")).unlisted(),
        form: form.value().to_owned(),
        steps: steps(&visit),
        leaves: visitor.account.leaves_at,
        holds_position: !visitor.positions.is_empty(),
    };
    answer::html(&page.frame, &page)
}

/// `POST /me/delete`
pub async fn delete(form: SignedForm) -> Result<Response, Error> {
    let SignedForm { posted, visitor, .. } = form;
    let (visit, node, now) = (posted.visit.clone(), posted.visit.node().clone(), posted.visit.now);
    visit.write(move |conn| leaving::ask(conn, &node, &visitor.account.id, now)).await?;
    Ok(answer::see(&visit, "/me/delete"))
}

/// `POST /me/stay`
pub async fn stay(form: SignedForm) -> Result<Response, Error> {
    let SignedForm { posted, visitor, .. } = form;
    let (visit, node, now) = (posted.visit.clone(), posted.visit.node().clone(), posted.visit.now);
    visit.write(move |conn| leaving::stay(conn, &node, &visitor.account.id, now)).await?;
    Ok(answer::see(&visit, "/me"))
}
