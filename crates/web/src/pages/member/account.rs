//! What somebody corrects of the own account: the name, the language of the mail, and the mail address (GDPR Art. 16).
//!
//! Whoever has the address gets in, so a new one is taken by a link that was sent to it ([`new_address`]).

use super::{Step, is_saved, steps};
use crate::csrf::{FormToken, SignedForm};
use crate::error::Error;
use crate::faults::Faults;
use crate::fields::{Line, label};
use crate::i18n::{Key, Locale};
use crate::layout::Frame;
use crate::session::SignedIn;
use crate::visit::Visit;
use crate::{Post, answer};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use domain::person::{Account, MailAddress, Secret, account, new_address};
use domain::{FieldError, Language, message};
use http::StatusCode;

const LABELS: [(&str, Key); 3] =
    [("name", Key("join-name")), ("language", Key("me-language")), ("mail", Key("address-new"))];

#[derive(Template)]
#[template(path = "member/account.html")]
struct Page {
    l: Locale,
    frame: Frame,
    form: String,
    steps: Vec<Step>,
    saved: bool,
    sent: bool,
    post: Post,
    mail: String,
    name: Line,
    languages: Vec<(&'static str, bool)>,
    new_mail: String,
    faults: Faults,
}

#[derive(Template)]
#[template(path = "member/address.html")]
struct AddressPage {
    l: Locale,
    frame: Frame,
    form: String,
    path: String,
    mail: String,
}

/// What the fields hold.
struct Typed {
    name: String,
    language: String,
    new_mail: String,
}

impl Typed {
    fn of(account: &Account) -> Typed {
        let language = account.language.as_str().to_owned();
        Typed { name: account.name.clone(), language, new_mail: String::new() }
    }
}

/// `GET /me/account`
pub async fn show(signed_in: SignedIn) -> Result<Response, Error> {
    let SignedIn { visit, visitor, form } = signed_in;
    page(&visit, &form, &visitor.account, &Typed::of(&visitor.account), Faults::default())
}

/// `POST /me/account`
pub async fn save(form: SignedForm) -> Result<Response, Error> {
    let SignedForm { posted, visitor, form } = form;
    let (visit, account) = (posted.visit.clone(), visitor.account);
    let field = |name: &str| posted.field(name).chars().take(300).collect::<String>();
    let typed = Typed { name: field("name"), language: field("language"), new_mail: String::new() };
    let (id, name, language) = (account.id.clone(), typed.name.clone(), typed.language.clone());
    match visit.write(move |conn| account::correct(conn, &id, &name, &language)).await {
        Ok(()) => Ok(answer::see(&visit, "/me/account?saved=1")),
        Err(domain::Error::Invalid(found)) => {
            page(&visit, &form, &account, &typed, Faults::told(visit.l, &found, &LABELS))
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /me/address`: a link for the new address is on its way, or would be if nobody had it.
pub async fn ask_address(form: SignedForm) -> Result<Response, Error> {
    let SignedForm { posted, visitor, form } = form;
    let (visit, account) = (posted.visit.clone(), visitor.account);
    if visit.site.post == Post::Missing {
        return Err(Error::NotFound);
    }
    let Some(new) = MailAddress::parse(posted.field("mail")) else {
        let new_mail: String = posted.field("mail").chars().take(300).collect();
        let reason = domain::Key::new(message::NOT_A_MAIL_ADDRESS).with("value", &new_mail);
        let faults = Faults::told(visit.l, &[FieldError::new("mail", reason)], &LABELS);
        return page(&visit, &form, &account, &Typed { new_mail, ..Typed::of(&account) }, faults);
    };
    let now = visit.now;
    match visit.write(move |conn| new_address::ask(conn, &account.id, &new, now)).await? {
        true => Ok(answer::see(&visit, "/me/account?sent=1")),
        false => Err(Error::Away),
    }
}

/// `GET /me/address/{link}`: looks, and uses nothing up.
pub async fn show_address(signed_in: SignedIn, Path(shown): Path<String>) -> Result<Response, Error> {
    let SignedIn { visit, visitor, form } = signed_in;
    let (link, now) = (Secret::parse(&shown).ok_or(Error::LinkOver)?, visit.now);
    let read = move |conn: &mut store::Conn| new_address::read(conn, &visitor.account.id, &link, now);
    let mail = visit.read(read).await?.ok_or(Error::LinkOver)?;
    let l = visit.l;
    let page = AddressPage {
        l,
        frame: Frame::new(&visit, &l.t("address-title"), &l.t("address-lead")).unlisted(),
        form: form.value().to_owned(),
        path: l.link(&visit.path),
        mail: mail.as_str().to_owned(),
    };
    answer::html(&page.frame, &page)
}

/// `POST /me/address/{link}`
pub async fn take_address(Path(shown): Path<String>, form: SignedForm) -> Result<Response, Error> {
    let SignedForm { posted, visitor, .. } = form;
    let (link, visit, now) = (Secret::parse(&shown).ok_or(Error::LinkOver)?, posted.visit.clone(), posted.visit.now);
    let session = posted.own_session().ok_or(Error::Forbidden)?.clone();
    let confirm = move |conn: &mut store::Conn| new_address::confirm(conn, &visitor.account.id, &link, &session, now);
    match visit.write(confirm).await {
        Ok(()) => Ok(answer::see(&visit, "/me/account?saved=1")),
        Err(domain::Error::NotFound) => Err(Error::LinkOver),
        Err(error) => Err(error.into()),
    }
}

fn page(visit: &Visit, form: &FormToken, account: &Account, typed: &Typed, faults: Faults) -> Result<Response, Error> {
    let l = visit.l;
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::BAD_REQUEST };
    let words = Language::ALL.into_iter().map(Language::as_str);
    let page = Page {
        l,
        frame: Frame::new(visit, &l.t("account-title"), &l.t("account-lead")).unlisted(),
        form: form.value().to_owned(),
        steps: steps(visit),
        saved: is_saved(visit),
        sent: visit.asked("sent") == "1",
        post: visit.site.post.clone(),
        mail: account.mail.as_str().to_owned(),
        name: Line::new("name", label(l, &LABELS, "name"), &typed.name).required().filled_with("name"),
        languages: words.map(|word| (word, word == typed.language)).collect(),
        new_mail: typed.new_mail.clone(),
        faults,
    };
    let mut response = answer::html(&page.frame, &page)?;
    *response.status_mut() = status;
    Ok(response)
}
