//! Signing in by a link that is sent by mail (for passkeys see [`super::passkey`]), and out.
//!
//! Invariants: whether an address is known shows in no answer; a link is used up by pressing the button, not by looking, since
//! programs look at the links of mail before people do; a browser that signs in gets a token that nobody has seen before.

use crate::Post;
use crate::answer;
use crate::csrf::{FormToken, Posted, SignedForm};
use crate::error::Error;
use crate::i18n::Locale;
use crate::layout::Frame;
use crate::session::{Cookie, SignedIn, with_cookies};
use crate::visit::Visit;
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use domain::person::{LONGEST_MAIL, MailAddress, Position, Secret, letter, link, position, session};
use domain::producer;
use http::{HeaderMap, StatusCode};

#[derive(Template)]
#[template(path = "sign-in/ask.html")]
struct AskPage {
    l: Locale,
    frame: Frame,
    form: String,
    typed: String,
    fault: bool,
    key_fault: bool,
    post: Post,
}

#[derive(Template)]
#[template(path = "sign-in/sent.html")]
struct SentPage {
    l: Locale,
    frame: Frame,
    post: Post,
}

#[derive(Template)]
#[template(path = "sign-in/confirm.html")]
struct ConfirmPage {
    l: Locale,
    frame: Frame,
    form: String,
    path: String,
    name: String,
}

/// `GET /sign-in`
pub async fn ask(visit: Visit, headers: HeaderMap) -> Result<Response, Error> {
    if let Some(token) = Cookie::Session.read(&headers, &visit.node().origin) {
        match SignedIn::of(&visit, &token).await {
            Ok(visitor) => return Ok(answer::see(&visit, home(&visitor.positions))),
            Err(Error::SignInFirst) => {}
            Err(error) => return Err(error),
        }
    }
    let form = FormToken::of_anybody(&headers, &visit.node().origin);
    asked(&visit, form, "", Fault::None)
}

/// What is wrong with the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    None,
    Mail,
    Key,
}

/// The form again, after a passkey that was not taken.
pub(super) fn not_by_key(visit: &Visit, form: FormToken) -> Result<Response, Error> {
    asked(visit, form, "", Fault::Key)
}

/// Where people find what they came for.
pub(super) fn home(positions: &[Position]) -> &'static str {
    if positions.iter().any(|position| position.is_staff()) { super::desk::PATH } else { "/me" }
}

/// The form, for the first time or with what is wrong with it.
fn asked(visit: &Visit, form: FormToken, typed: &str, fault: Fault) -> Result<Response, Error> {
    let l = visit.l;
    let frame = Frame::new(visit, &l.t("sign-in-title"), &l.t("sign-in-lead")).unlisted();
    let typed = typed.chars().take(LONGEST_MAIL).collect();
    let page = AskPage {
        l,
        frame,
        form: form.value().to_owned(),
        typed,
        fault: fault == Fault::Mail,
        key_fault: fault == Fault::Key,
        post: visit.site.post.clone(),
    };
    let mut response = answer::scripted(answer::html(&page.frame, &page)?);
    if fault != Fault::None {
        *response.status_mut() = StatusCode::BAD_REQUEST;
    }
    Ok(with_cookies(response, [form.cookie()]))
}

/// `POST /sign-in`: the same answer after the same work, whoever has the address.
pub async fn send(posted: Posted) -> Result<Response, Error> {
    let visit = posted.visit.clone();
    if visit.site.post == Post::Missing {
        return Err(Error::NotFound);
    }
    let Some(mail) = MailAddress::parse(posted.field("mail")) else {
        let typed = posted.field("mail").to_owned();
        return asked(&visit, posted.form, &typed, Fault::Mail);
    };
    let (language, now) = (visit.l.language(), visit.now);
    match visit.write(move |conn| letter::ask_for_link(conn, &mail, language, now)).await? {
        true => Ok(answer::see(&visit, "/sign-in/sent")),
        false => Err(Error::Away),
    }
}

/// `GET /sign-in/sent`
pub async fn sent(visit: Visit) -> Result<Response, Error> {
    let l = visit.l;
    let frame = Frame::new(&visit, &l.t("sign-in-sent-title"), &l.t("sign-in-sent-lead")).unlisted();
    let page = SentPage { l, frame, post: visit.site.post.clone() };
    answer::html(&page.frame, &page)
}

/// `GET /sign-in/{link}`: looks, and uses nothing up.
pub async fn confirm(visit: Visit, Path(shown): Path<String>, headers: HeaderMap) -> Result<Response, Error> {
    let (link, now) = (Secret::parse(&shown).ok_or(Error::LinkOver)?, visit.now);
    let account = visit.read(move |conn| link::read(conn, &link, now)).await?.ok_or(Error::LinkOver)?;
    let form = FormToken::of_anybody(&headers, &visit.node().origin);
    let l = visit.l;
    let frame = Frame::new(&visit, &l.t("sign-in-confirm-title"), &l.t("sign-in-confirm-lead")).unlisted();
    let (path, name) = (l.link(&visit.path), account.name);
    let page = ConfirmPage { l, frame, form: form.value().to_owned(), path, name };
    Ok(with_cookies(answer::html(&page.frame, &page)?, [form.cookie()]))
}

/// `POST /sign-in/{link}`
pub async fn enter(Path(shown): Path<String>, posted: Posted) -> Result<Response, Error> {
    let Posted { visit, session: before, .. } = posted;
    let (link, now) = (Secret::parse(&shown).ok_or(Error::LinkOver)?, visit.now);
    let (token, node) = (Secret::fresh(), visit.node().clone());
    let new = token.clone();
    let entered = visit.write(move |conn| {
        let entered = link::enter(conn, &link, &new, now)?;
        // Whoever this browser was signed in as is so no more.
        if let (Some(_), Some(before)) = (&entered, &before) {
            session::end(conn, before)?;
        }
        let Some(account) = entered else { return Ok::<_, domain::Error>(None) };
        producer::welcome_back(conn, &node, &account.id, now)?;
        Ok(Some(position::of(conn, &account.id)?))
    });
    let positions = entered.await?.ok_or(Error::LinkOver)?;
    let origin = &visit.node().origin;
    let cookies = [Cookie::Session.set(origin, &token), Cookie::Form.clear(origin)];
    Ok(with_cookies(answer::see(&visit, home(&positions)), cookies))
}

/// `POST /sign-out`
pub async fn leave(posted: Posted) -> Result<Response, Error> {
    let Posted { visit, session: token, .. } = posted;
    if let Some(token) = token {
        visit.write(move |conn| session::end(conn, &token)).await?;
    }
    let cookies = [Cookie::Session.clear(&visit.node().origin)];
    Ok(with_cookies(answer::see(&visit, "/"), cookies))
}

/// `POST /sign-out-everywhere`
pub async fn leave_everywhere(form: SignedForm) -> Result<Response, Error> {
    let SignedForm { posted: Posted { visit, .. }, visitor, .. } = form;
    visit.write(move |conn| session::end_all(conn, &visitor.account.id)).await?;
    let cookies = [Cookie::Session.clear(&visit.node().origin)];
    Ok(with_cookies(answer::see(&visit, "/"), cookies))
}
