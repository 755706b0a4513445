//! What somebody corrects of the own account: the name, and the language of the mail (GDPR Art. 16).
//!
//! Left out: the mail address. Whoever has it gets in, so it is changed by who runs the node.

use super::{Step, is_saved, steps};
use crate::answer;
use crate::csrf::{FormToken, SignedForm};
use crate::error::Error;
use crate::faults::Faults;
use crate::fields::{Line, label};
use crate::i18n::{Key, Locale};
use crate::layout::Frame;
use crate::session::SignedIn;
use crate::visit::Visit;
use askama::Template;
use axum::response::Response;
use domain::Language;
use domain::person::account;
use http::StatusCode;

const LABELS: [(&str, Key); 2] = [("name", Key("join-name")), ("language", Key("me-language"))];

#[derive(Template)]
#[template(path = "member/account.html")]
struct Page {
    l: Locale,
    frame: Frame,
    form: String,
    steps: Vec<Step>,
    saved: bool,
    mail: String,
    name: Line,
    languages: Vec<(&'static str, bool)>,
    faults: Faults,
}

/// What the fields hold.
struct Typed {
    name: String,
    language: String,
}

/// `GET /me/account`
pub async fn show(signed_in: SignedIn) -> Result<Response, Error> {
    let SignedIn { visit, visitor, form } = signed_in;
    let account = visitor.account;
    let typed = Typed { name: account.name, language: account.language.as_str().to_owned() };
    page(&visit, &form, account.mail.as_str(), &typed, Faults::default())
}

/// `POST /me/account`
pub async fn save(form: SignedForm) -> Result<Response, Error> {
    let SignedForm { posted, visitor, form } = form;
    let (visit, account) = (posted.visit.clone(), visitor.account);
    let field = |name: &str| posted.field(name).chars().take(300).collect::<String>();
    let typed = Typed { name: field("name"), language: field("language") };
    let (id, name, language) = (account.id, typed.name.clone(), typed.language.clone());
    match visit.write(move |conn| account::correct(conn, &id, &name, &language)).await {
        Ok(()) => Ok(answer::see(&visit, "/me/account?saved=1")),
        Err(domain::Error::Invalid(found)) => {
            page(&visit, &form, account.mail.as_str(), &typed, Faults::told(visit.l, &found, &LABELS))
        }
        Err(error) => Err(error.into()),
    }
}

fn page(visit: &Visit, form: &FormToken, mail: &str, typed: &Typed, faults: Faults) -> Result<Response, Error> {
    let l = visit.l;
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::BAD_REQUEST };
    let words = Language::ALL.into_iter().map(Language::as_str);
    let page = Page {
        l,
        frame: Frame::new(visit, &l.t("account-title"), &l.t("account-lead")).unlisted(),
        form: form.value().to_owned(),
        steps: steps(visit),
        saved: is_saved(visit),
        mail: mail.to_owned(),
        name: Line::new("name", label(l, &LABELS, "name"), &typed.name).required().filled_with("name"),
        languages: words.map(|word| (word, word == typed.language)).collect(),
        faults,
    };
    let mut response = answer::html(&page.frame, &page)?;
    *response.status_mut() = status;
    Ok(response)
}
