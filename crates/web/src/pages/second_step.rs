//! The second step of signing in: taking it, setting it up, and ending it.
//!
//! Invariant: until the step is taken, a session opens this page and no other. The recovery codes are shown once, in the
//! answer to the form that makes them.

use crate::answer;
use crate::csrf::{FormToken, Posted, SignedForm};
use crate::error::Error;
use crate::i18n::Locale;
use crate::layout::Frame;
use crate::qr;
use crate::session::{Cookie, SignedIn};
use crate::visit::Visit;
use askama::Template;
use axum::response::Response;
use domain::audit::{self, By, Deed, Subject};
use domain::person::second_step::{self, Key, Tried};
use domain::person::{Account, Second, Visitor, passkey};
use http::{HeaderMap, StatusCode};

#[derive(Template)]
#[template(path = "second-step/take.html")]
struct TakePage {
    l: Locale,
    frame: Frame,
    form: String,
    fault: Option<String>,
    by_code: bool,
    by_key: bool,
}

/// Where it is set up.
const SET_UP: &str = "/me/second-step";

/// `GET /second-step`
pub async fn ask(visit: Visit, headers: HeaderMap) -> Result<Response, Error> {
    let session = Cookie::Session.read(&headers, &visit.node().origin).ok_or(Error::SignInFirst)?;
    let visitor = SignedIn::by_half(&visit, &session).await?;
    if visitor.second != Second::Awaited {
        return Ok(answer::see(&visit, "/sign-in"));
    }
    asked(&visit, &visitor.account, FormToken::of_session(&session).value(), None).await
}

async fn asked(visit: &Visit, account: &Account, form: &str, fault: Option<String>) -> Result<Response, Error> {
    let (l, id) = (visit.l, account.id.clone());
    let (by_code, by_key) = visit
        .read(move |conn| Ok::<_, store::Error>((second_step::is_set_up(conn, &id)?, passkey::has_any(conn, &id)?)))
        .await?;
    let status = if fault.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    let lead = match (by_code, by_key) {
        (true, true) => l.t("second-lead-either"),
        (false, true) => l.t("second-lead-key"),
        _ => l.t("second-lead"),
    };
    let frame = Frame::new(visit, &l.t("second-title"), &lead).unlisted();
    let page = TakePage { l, frame, form: form.to_owned(), fault, by_code, by_key };
    let mut response = answer::scripted(answer::html(&page.frame, &page)?);
    *response.status_mut() = status;
    Ok(response)
}

/// `POST /second-step`
pub async fn take(posted: Posted) -> Result<Response, Error> {
    let session = posted.own_session().ok_or(Error::Forbidden)?.clone();
    let (visit, code) = (posted.visit.clone(), posted.field("code").to_owned());
    let visitor = SignedIn::by_half(&visit, &session).await?;
    let (account, token, now) = (visitor.account, session.clone(), visit.now);
    let id = account.id.clone();
    let tried = visit.write(move |conn| second_step::take(conn, &id, &token, &code, now)).await?;
    match fault(visit.l, tried) {
        // That page leads everybody who is signed in to where they belong.
        None => Ok(answer::see(&visit, "/sign-in")),
        fault => asked(&visit, &account, FormToken::of_session(&session).value(), fault).await,
    }
}

fn fault(l: Locale, tried: Tried) -> Option<String> {
    match tried {
        Tried::Right => None,
        Tried::Wrong => Some(l.t("second-fault")),
        Tried::TooOften => Some(l.t("second-too-often")),
    }
}

#[derive(Template)]
#[template(path = "second-step/set-up.html")]
struct SetUpPage {
    l: Locale,
    frame: Frame,
    form: String,
    urgent: Option<String>,
    in_use: bool,
    left: i64,
    key: Option<Key>,
    picture: Option<qr::Picture>,
    codes: Vec<String>,
    fault: Option<String>,
}

/// `GET /me/second-step`
pub async fn show(signed_in: SignedIn) -> Result<Response, Error> {
    let SignedIn { visit, visitor, form } = signed_in;
    page(&visit, &visitor, form.value(), Vec::new(), None).await
}

async fn page(
    visit: &Visit,
    visitor: &Visitor,
    form: &str,
    codes: Vec<String>,
    fault: Option<String>,
) -> Result<Response, Error> {
    let (l, account, host) = (visit.l, visitor.account.clone(), visit.node().origin.host().to_owned());
    let (in_use, left, key) = visit
        .read(move |conn| {
            let in_use = second_step::is_set_up(conn, &account.id)?;
            let left = second_step::recoveries_left(conn, &account.id)?;
            Ok::<_, store::Error>((in_use, left, second_step::key(conn, &account, &host)?))
        })
        .await?;
    let status = if fault.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    let page = SetUpPage {
        l,
        frame: Frame::new(visit, &l.t("second-set-up"), &l.t("second-set-up-lead")).unlisted(),
        form: form.to_owned(),
        urgent: urgent(l, visitor).filter(|_| !in_use),
        in_use,
        left,
        picture: key.as_ref().and_then(|key| qr::Picture::of(&key.address)),
        key: key.map(|key| Key { secret: grouped(&key.secret), ..key }),
        codes,
        fault,
    };
    let mut response = answer::html(&page.frame, &page)?;
    *response.status_mut() = status;
    Ok(response)
}

/// By when somebody has to set it up who holds a position, or what rests until then.
pub(super) fn urgent(l: Locale, visitor: &Visitor) -> Option<String> {
    match visitor.second {
        Second::Missing(until) => Some(l.t1("second-until", "time", &l.date_time(&until, ""))),
        Second::Overdue => Some(l.t("second-overdue")),
        Second::None | Second::Taken | Second::Awaited => None,
    }
}

/// In groups of four, as people type it.
fn grouped(secret: &str) -> String {
    let letters: Vec<char> = secret.chars().collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

/// `POST /me/second-step`
pub async fn change(form: SignedForm) -> Result<Response, Error> {
    let SignedForm { posted, visitor, form } = form;
    let session = posted.own_session().ok_or(Error::Forbidden)?.clone();
    let (visit, code, now) = (posted.visit.clone(), posted.field("code").to_owned(), posted.visit.now);
    let by = By::holder(&visitor.account.id, "self");
    let (id, subject) = (visitor.account.id.clone(), Subject::account(&visitor.account.id));
    match posted.field("do") {
        "begin" => {
            visit.write(move |conn| second_step::begin(conn, &id)).await?;
            Ok(answer::see(&visit, SET_UP))
        }
        "confirm" => {
            let confirm = move |conn: &mut store::Conn| {
                let (tried, codes) = second_step::confirm(conn, &id, &session, &code, now)?;
                if tried == Tried::Right {
                    audit::note(conn, &by, Deed::StepAdded, &subject, "", now)?;
                }
                Ok::<_, domain::Error>((tried, codes))
            };
            let (tried, codes) = visit.write(confirm).await?;
            page(&visit, &visitor, form.value(), codes, fault(visit.l, tried)).await
        }
        "remove" => {
            let remove = move |conn: &mut store::Conn| {
                let tried = second_step::remove(conn, &id, &session, &code, now)?;
                if tried == Tried::Right {
                    audit::note(conn, &by, Deed::StepRemoved, &subject, "", now)?;
                }
                Ok::<_, domain::Error>(tried)
            };
            match fault(visit.l, visit.write(remove).await?) {
                None => Ok(answer::see(&visit, SET_UP)),
                fault => page(&visit, &visitor, form.value(), Vec::new(), fault).await,
            }
        }
        _ => Err(Error::NotFound),
    }
}
