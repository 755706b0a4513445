//! Passkeys: signing in by one, and one's own.
//!
//! The page's script fetches the question as JSON and sends the device's answer as a form. Invariants: nothing is typed to sign
//! in, so no answer tells who is known; what is wrong with an answer is not told either. Without the script there is the link
//! by mail.

use super::sign_in;
use crate::answer;
use crate::csrf::{Posted, SignedForm};
use crate::error::Error;
use crate::i18n::Locale;
use crate::layout::Frame;
use crate::pages::member::is_saved;
use crate::session::{Cookie, SignedIn, with_cookies};
use crate::visit::Visit;
use askama::Template;
use axum::response::Response;
use domain::Node;
use domain::person::passkey::{self, Answer, Party, Passkey};
use domain::person::{Account, Secret, position, session};
use domain::producer;
use http::StatusCode;
use serde_json::{Value, json};

/// Where one's own are, after one was changed.
const CHANGED: &str = "/me/passkeys?saved=1";

#[derive(Template)]
#[template(path = "passkey/page.html")]
struct Page {
    l: Locale,
    frame: Frame,
    form: String,
    saved: bool,
    fault: Option<String>,
    needs_step: bool,
    keys: Vec<Passkey>,
}

fn party(node: &Node) -> Result<Party, domain::Error> {
    Party::of(node).ok_or(domain::Error::NotFound)
}

fn question(name: &Secret, options: &Value) -> Response {
    answer::json(&json!({"question": name.reveal(), "options": options}))
}

/// What the device has answered; nothing when the form was sent without the script.
fn answered(posted: &Posted) -> Option<Answer> {
    let question = Secret::parse(posted.field("question"))?;
    Some(Answer { question, text: posted.field("answer").to_owned() })
}

/// `POST /sign-in/passkey/begin`: the question, for the script.
pub async fn ask(posted: Posted) -> Result<Response, Error> {
    let (visit, name) = (posted.visit, Secret::fresh());
    let (node, kept, now) = (visit.node().clone(), name.clone(), visit.now);
    let asked = visit.write(move |conn| passkey::ask(conn, &party(&node)?, &kept, now)).await?;
    asked.map(|options| question(&name, &options)).ok_or(Error::Away)
}

/// `POST /sign-in/passkey`
pub async fn enter(posted: Posted) -> Result<Response, Error> {
    let (visit, before, token) = (posted.visit.clone(), posted.session.clone(), Secret::fresh());
    let Some(answer) = answered(&posted) else { return sign_in::not_by_key(&visit, posted.form) };
    let (node, new, now) = (visit.node().clone(), token.clone(), visit.now);
    let entered = visit.write(move |conn| {
        let Some(account) = passkey::enter(conn, &party(&node)?, &answer, &new, now)? else { return Ok(None) };
        // Whoever this browser was signed in as is so no more.
        if let Some(before) = &before {
            session::end(conn, before)?;
        }
        producer::welcome_back(conn, &node, &account.id, now)?;
        Ok::<_, domain::Error>(Some(position::of(conn, &account.id)?))
    });
    let Some(positions) = entered.await? else { return sign_in::not_by_key(&visit, posted.form) };
    let origin = &visit.node().origin;
    let cookies = [Cookie::Session.set(origin, &token), Cookie::Form.clear(origin)];
    Ok(with_cookies(answer::see(&visit, sign_in::home(&positions)), cookies))
}

/// `GET /me/passkeys`
pub async fn show(signed_in: SignedIn) -> Result<Response, Error> {
    let SignedIn { visit, visitor, form } = signed_in;
    page(&visit, &visitor.account, form.value(), None).await
}

async fn page(visit: &Visit, account: &Account, form: &str, fault: Option<String>) -> Result<Response, Error> {
    let (l, id) = (visit.l, account.id.clone());
    let (keys, positions) =
        visit.read(move |conn| Ok::<_, store::Error>((passkey::list(conn, &id)?, position::of(conn, &id)?))).await?;
    let status = if fault.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    let page = Page {
        l,
        frame: Frame::new(visit, &l.t("passkey-title"), &l.t("passkey-lead")).unlisted(),
        form: form.to_owned(),
        saved: is_saved(visit) && fault.is_none(),
        fault,
        needs_step: !positions.is_empty(),
        keys,
    };
    let mut response = answer::scripted(answer::html(&page.frame, &page)?);
    *response.status_mut() = status;
    Ok(response)
}

/// `POST /me/passkeys/begin`: the question for a new key, for the script.
pub async fn begin(form: SignedForm) -> Result<Response, Error> {
    let (visit, account, name) = (form.posted.visit, form.visitor.account, Secret::fresh());
    let (node, kept, now) = (visit.node().clone(), name.clone(), visit.now);
    let begin = move |conn: &mut store::Conn| passkey::begin(conn, &party(&node)?, &account, &kept, now);
    Ok(question(&name, &visit.write(begin).await?))
}

/// `POST /me/passkeys/new`
pub async fn register(form: SignedForm) -> Result<Response, Error> {
    let SignedForm { posted, visitor, form } = form;
    let session = posted.own_session().ok_or(Error::Forbidden)?.clone();
    let (visit, account) = (posted.visit.clone(), visitor.account);
    let not_made = || Some(visit.l.t("passkey-not-made"));
    let Some(answer) = answered(&posted) else { return page(&visit, &account, form.value(), not_made()).await };
    // What is left of it as a line: markup alone is no name.
    let typed = vocab::text::line(posted.field("name"), passkey::LONGEST_NAME);
    let name = if typed.is_empty() { visit.l.t("passkey-unnamed") } else { typed };
    let (node, id, now) = (visit.node().clone(), account.id.clone(), visit.now);
    let register =
        move |conn: &mut store::Conn| passkey::register(conn, &party(&node)?, &id, &answer, &name, &session, now);
    match visit.write(register).await? {
        true => Ok(answer::see(&visit, CHANGED)),
        false => page(&visit, &account, form.value(), not_made()).await,
    }
}

/// `POST /me/passkeys`: another name for one, or one fewer.
pub async fn change(form: SignedForm) -> Result<Response, Error> {
    let SignedForm { posted, visitor, form } = form;
    let session = posted.own_session().ok_or(Error::Forbidden)?.clone();
    let (visit, account, now) = (posted.visit.clone(), visitor.account, posted.visit.now);
    let (id, key, name) = (account.id.clone(), posted.field("key").to_owned(), posted.field("name").to_owned());
    let changed = match posted.field("do") {
        "rename" => visit.write(move |conn| passkey::rename(conn, &id, &key, &name)).await,
        "remove" => visit.write(move |conn| passkey::remove(conn, &id, &key, &session, now)).await,
        _ => return Err(Error::NotFound),
    };
    match changed {
        Ok(()) => Ok(answer::see(&visit, CHANGED)),
        Err(domain::Error::Invalid(found)) => {
            let reasons: Vec<String> = found.iter().map(|fault| visit.l.message(&fault.reason)).collect();
            let fault = format!("{}: {}", visit.l.t("passkey-name"), reasons.join(" "));
            page(&visit, &account, form.value(), Some(fault)).await
        }
        Err(error) => Err(error.into()),
    }
}
