//! Joining: an address, a letter, and then a name. Nothing that is written here is public.
//!
//! Invariants: as with signing in, whether an address is known shows in no answer, and a link is used up by the form, not by
//! looking at it.

use crate::Post;
use crate::answer;
use crate::csrf::{FormToken, Posted};
use crate::error::Error;
use crate::faults::Faults;
use crate::fields::{self, Line};
use crate::i18n::{Key, Locale};
use crate::layout::{Frame, Sections};
use crate::session::{Cookie, with_cookies};
use crate::visit::Visit;
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use domain::person::join::{self, Joining};
use domain::person::letter::{self, Kind};
use domain::person::texts::{self, Text};
use domain::person::{LONGEST_MAIL, MailAddress, Secret};
use http::{HeaderMap, StatusCode};

const LABELS: [(&str, Key); 3] =
    [("name", Key("join-name")), ("adult", Key("join-adult")), ("accepted", Key("join-accepted"))];

#[derive(Template)]
#[template(path = "join/ask.html")]
struct AskPage {
    l: Locale,
    frame: Frame,
    form: String,
    typed: String,
    fault: bool,
    post: Post,
}

#[derive(Template)]
#[template(path = "join/sent.html")]
struct SentPage {
    l: Locale,
    frame: Frame,
    post: Post,
}

#[derive(Template)]
#[template(path = "join/complete.html")]
struct CompletePage {
    l: Locale,
    frame: Frame,
    form: String,
    path: String,
    name: Line,
    told: Joining,
    terms: Vec<&'static str>,
    faults: Faults,
}

/// Whether this node has members.
fn welcomes(visit: &Visit) -> Result<(), Error> {
    if Sections::of(visit.node().role).members { Ok(()) } else { Err(Error::NotFound) }
}

/// `GET /join`
pub async fn ask(visit: Visit, headers: HeaderMap) -> Result<Response, Error> {
    welcomes(&visit)?;
    let form = FormToken::of_anybody(&headers, &visit.node().origin);
    asked(&visit, form, "", false)
}

fn asked(visit: &Visit, form: FormToken, typed: &str, fault: bool) -> Result<Response, Error> {
    let l = visit.l;
    let frame = Frame::new(visit, &l.t("join-title"), &l.t("join-lead")).unlisted();
    let typed = typed.chars().take(LONGEST_MAIL).collect();
    let page = AskPage { l, frame, form: form.value().to_owned(), typed, fault, post: visit.site.post.clone() };
    let mut response = answer::html(&page.frame, &page)?;
    if fault {
        *response.status_mut() = StatusCode::BAD_REQUEST;
    }
    Ok(with_cookies(response, [form.cookie()]))
}

/// `POST /join`: the same answer after the same work, whoever has the address.
pub async fn send(posted: Posted) -> Result<Response, Error> {
    let visit = posted.visit.clone();
    welcomes(&visit)?;
    if visit.site.post == Post::Missing {
        return Err(Error::NotFound);
    }
    let Some(mail) = MailAddress::parse(posted.field("mail")) else {
        let typed = posted.field("mail").to_owned();
        return asked(&visit, posted.form, &typed, true);
    };
    let (language, now) = (visit.l.language(), visit.now);
    match visit.write(move |conn| letter::ask(conn, Kind::Join, &mail, language, None, now)).await? {
        true => Ok(answer::see(&visit, "/join/sent")),
        false => Err(Error::Away),
    }
}

/// `GET /join/sent`
pub async fn sent(visit: Visit) -> Result<Response, Error> {
    let l = visit.l;
    let frame = Frame::new(&visit, &l.t("sign-in-sent-title"), &l.t("join-sent-lead")).unlisted();
    let page = SentPage { l, frame, post: visit.site.post.clone() };
    answer::html(&page.frame, &page)
}

/// `GET /join/{link}`: looks, and uses nothing up.
pub async fn show(visit: Visit, Path(shown): Path<String>, headers: HeaderMap) -> Result<Response, Error> {
    let (link, now) = (Secret::parse(&shown).ok_or(Error::LinkOver)?, visit.now);
    visit.read(move |conn| join::read(conn, &link, now)).await?.ok_or(Error::LinkOver)?;
    let form = FormToken::of_anybody(&headers, &visit.node().origin);
    page(&visit, form, Joining::default(), Faults::default())
}

/// `POST /join/{link}`
pub async fn complete(Path(shown): Path<String>, posted: Posted) -> Result<Response, Error> {
    let link = Secret::parse(&shown).ok_or(Error::LinkOver)?;
    let visit = posted.visit.clone();
    let told = Joining {
        name: posted.field("name").to_owned(),
        language: visit.l.language(),
        adult: !posted.field("adult").is_empty(),
        accepted: !posted.field("accepted").is_empty(),
    };
    let (given, token, now) = (told.clone(), Secret::fresh(), visit.now);
    let new = token.clone();
    match visit.write(move |conn| join::complete(conn, &link, &given, &new, now)).await {
        Ok(_) => {
            let origin = &visit.node().origin;
            let cookies = [Cookie::Session.set(origin, &token), Cookie::Form.clear(origin)];
            Ok(with_cookies(answer::see(&visit, "/me"), cookies))
        }
        Err(domain::Error::Invalid(found)) => page(&visit, posted.form, told, Faults::told(visit.l, &found, &LABELS)),
        Err(domain::Error::NotFound) => Err(Error::LinkOver),
        Err(error) => Err(error.into()),
    }
}

fn page(visit: &Visit, form: FormToken, told: Joining, faults: Faults) -> Result<Response, Error> {
    let l = visit.l;
    let frame = Frame::new(visit, &l.t("join-complete-title"), &l.t("join-complete-lead")).unlisted();
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::BAD_REQUEST };
    let name = Line::new("name", fields::label(l, &LABELS, "name"), &told.name).required().filled_with("name");
    let page = CompletePage {
        l,
        frame,
        form: form.value().to_owned(),
        path: l.link(&visit.path),
        name,
        told,
        terms: texts::words(Text::Terms, l.language()).lines().collect(),
        faults,
    };
    let mut response = answer::html(&page.frame, &page)?;
    *response.status_mut() = status;
    Ok(with_cookies(response, [form.cookie()]))
}
