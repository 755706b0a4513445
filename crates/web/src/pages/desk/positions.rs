//! Positions: who holds which, and how one changes hands. What is everybody's own is at `/me/positions`; at the desk the
//! coordinator offers further ones and takes them back.

use super::{done, frame, parts, refused};
use crate::answer;
use crate::csrf::SignedForm;
use crate::error::Error;
use crate::faults::Faults;
use crate::i18n::{Key, Locale};
use crate::layout::{Frame, Place};
use crate::session::SignedIn;
use crate::staff::{AtDesk, DeskForm};
use crate::visit::Visit;
use askama::Template;
use axum::response::Response;
use domain::person::offer::{self, NewOffer, Offer};
use domain::person::{Account, MailAddress, Position, Visitor, position};
use domain::{FieldError, message};
use http::StatusCode;
use store::Timestamp;
use store::id::AccountId;

/// Where everybody's own are.
const MINE: &str = "/me/positions";
/// Where all are.
const ALL: &str = "/desk/positions";

const LABELS: [(&str, Key); 2] = [("mail", Key("offer-mail")), ("name", Key("offer-name"))];

/// An offer, in words.
pub struct OfferRow {
    /// Its id.
    pub id: String,
    /// What is said of it.
    pub words: String,
    /// It is to the reader.
    pub to_me: bool,
}

impl OfferRow {
    fn of(l: Locale, offer: &Offer, me: &AccountId) -> OfferRow {
        let to_me = offer.receiver.id == *me;
        let position = l.word("position", offer.position.as_str());
        let who = if to_me { &offer.giver.name } else { &offer.receiver.name };
        let words = match to_me {
            true => format!("{position} · {}", l.t1("offer-from", "name", who)),
            false => format!("{position} · {}", l.t1("offer-to", "name", who)),
        };
        OfferRow { id: offer.id.clone(), words, to_me }
    }
}

/// Somebody who holds a position.
struct HolderRow {
    position: &'static str,
    word: String,
    name: String,
    account: String,
    since: String,
    dismissible: bool,
}

/// What was typed into the form of an offer.
#[derive(Default)]
struct Typed {
    position: String,
    mail: String,
    name: String,
}

#[derive(Template)]
#[template(path = "desk/positions.html")]
struct PositionsPage {
    l: Locale,
    frame: Frame,
    parts: Vec<Place>,
    form: String,
    path: &'static str,
    done: Option<String>,
    fault: Option<String>,
    faults: Faults,
    holders: Vec<HolderRow>,
    offers: Vec<OfferRow>,
    choices: Vec<(&'static str, String, bool)>,
    typed: Typed,
}

/// What is wrong with a form, to be shown with it.
#[derive(Default)]
struct Wrong {
    fault: Option<String>,
    faults: Faults,
    typed: Typed,
}

/// `GET /me/positions`
pub async fn mine(signed_in: SignedIn) -> Result<Response, Error> {
    let SignedIn { visit, visitor, form } = signed_in;
    page(&visit, &visitor, form.value(), false, Wrong::default()).await
}

/// `GET /desk/positions`
pub async fn all(desk: AtDesk) -> Result<Response, Error> {
    let AtDesk { visit, visitor, form, .. } = desk;
    page(&visit, &visitor, form.value(), true, Wrong::default()).await
}

async fn page(visit: &Visit, visitor: &Visitor, form: &str, all: bool, wrong: Wrong) -> Result<Response, Error> {
    let (l, me, now) = (visit.l, visitor.account.id.clone(), visit.now);
    let read = move |conn: &mut store::Conn| {
        Ok::<_, store::Error>((position::holders(conn)?, offer::concerning(conn, &me, now)?))
    };
    let (holders, offers) = visit.read(read).await?;
    let me = &visitor.account.id;
    let dismisses = all && visitor.positions.contains(&Position::Coordinator);
    let shown = holders.iter().filter(|(_, account, _)| all || account.id == *me);
    let (heading, lead) = match all {
        true => (l.t("desk-positions"), l.t("desk-positions-lead")),
        false => (l.t("my-positions"), l.t("my-positions-lead")),
    };
    let faulty = wrong.fault.is_some() || !wrong.faults.is_empty();
    let page = PositionsPage {
        l,
        frame: frame(visit, &heading, &lead),
        parts: if all { parts(visit) } else { Vec::new() },
        form: form.to_owned(),
        path: if all { ALL } else { MINE },
        done: done(visit),
        choices: choices(l, visitor, all, &wrong.typed),
        holders: shown.map(|holder| HolderRow::of(l, holder, dismisses)).collect(),
        offers: offers.iter().map(|offer| OfferRow::of(l, offer, me)).collect(),
        fault: wrong.fault,
        faults: wrong.faults,
        typed: wrong.typed,
    };
    let mut response = answer::html(&page.frame, &page)?;
    if faulty {
        *response.status_mut() = StatusCode::BAD_REQUEST;
    }
    Ok(response)
}

/// The positions that somebody may offer: their own, or at the desk, the coordinator alone, all.
fn choices(l: Locale, visitor: &Visitor, all: bool, typed: &Typed) -> Vec<(&'static str, String, bool)> {
    let offered: Vec<Position> = match (all, visitor.positions.contains(&Position::Coordinator)) {
        (true, true) => Position::ALL.to_vec(),
        (true, false) => Vec::new(),
        (false, _) => visitor.positions.clone(),
    };
    let choice = |one: &Position| (one.as_str(), l.word("position", one.as_str()), typed.position == one.as_str());
    offered.iter().map(choice).collect()
}

impl HolderRow {
    fn of(l: Locale, (position, account, since): &(Position, Account, Timestamp), dismisses: bool) -> HolderRow {
        HolderRow {
            position: position.as_str(),
            word: l.word("position", position.as_str()),
            name: account.name.clone(),
            account: account.id.to_string(),
            since: l.date(since),
            dismissible: dismisses && *position != Position::Coordinator,
        }
    }
}

/// `POST /me/positions`
pub async fn change_mine(form: SignedForm) -> Result<Response, Error> {
    let SignedForm { posted, visitor, form } = form;
    let (visit, me, now) = (posted.visit.clone(), visitor.account.id.clone(), posted.visit.now);
    let what = posted.field("what").to_owned();
    let (changed, word) = match posted.field("do") {
        "offer" => return make(&posted, &visitor, form.value(), false).await,
        "take" => {
            let session = posted.own_session().ok_or(Error::Forbidden)?.clone();
            let taken = visit.write(move |conn| offer::take(conn, &me, &what, &session, now)).await;
            (taken.map(|_| ()), "saved")
        }
        "end" => (visit.write(move |conn| offer::end(conn, &me, &what, now)).await, "withdrawn"),
        _ => return Err(Error::NotFound),
    };
    after(&visit, &visitor, form.value(), false, changed, word).await
}

/// `POST /desk/positions`
pub async fn change_all(desk: DeskForm) -> Result<Response, Error> {
    let DeskForm { posted, visitor, form, .. } = desk;
    let (visit, me, now) = (posted.visit.clone(), visitor.account.id.clone(), posted.visit.now);
    let what = posted.field("what").to_owned();
    let (changed, word) = match posted.field("do") {
        "offer" => return make(&posted, &visitor, form.value(), true).await,
        "end" => (visit.write(move |conn| offer::end(conn, &me, &what, now)).await, "withdrawn"),
        "dismiss" => {
            let from = AccountId::from_text(what);
            let position = Position::parse(posted.field("position")).ok_or(Error::NotFound)?;
            (visit.write(move |conn| offer::dismiss(conn, &me, position, &from, now)).await, "dismissed")
        }
        _ => return Err(Error::NotFound),
    };
    after(&visit, &visitor, form.value(), true, changed, word).await
}

async fn after(
    visit: &Visit,
    visitor: &Visitor,
    form: &str,
    all: bool,
    changed: Result<(), domain::Error>,
    word: &str,
) -> Result<Response, Error> {
    let path = if all { ALL } else { MINE };
    match changed {
        Ok(()) => Ok(answer::see(visit, &format!("{path}?done={word}"))),
        Err(error) => {
            let wrong = Wrong { fault: Some(refused(visit.l, error)?), ..Wrong::default() };
            page(visit, visitor, form, all, wrong).await
        }
    }
}

async fn make(posted: &crate::csrf::Posted, visitor: &Visitor, form: &str, all: bool) -> Result<Response, Error> {
    let (visit, l, now) = (&posted.visit, posted.visit.l, posted.visit.now);
    let field = |name: &str| posted.field(name).chars().take(300).collect::<String>();
    let typed = Typed { position: field("position"), mail: field("mail"), name: field("name") };
    let position = Position::parse(&typed.position).ok_or(Error::NotFound)?;
    let Some(mail) = MailAddress::parse(&typed.mail) else {
        let reason = domain::Key::new(message::NOT_A_MAIL_ADDRESS).with("value", &typed.mail);
        let faults = Faults::told(l, &[FieldError::new("mail", reason)], &LABELS);
        return page(visit, visitor, form, all, Wrong { fault: None, faults, typed }).await;
    };
    let new = NewOffer { position, gives_up: !all, mail, name: typed.name.clone(), language: l.language() };
    let giver = visitor.account.id.clone();
    let wrong = match visit.write(move |conn| offer::make(conn, &giver, &new, now)).await {
        Ok(_) => return Ok(answer::see(visit, &format!("{}?done=offered", if all { ALL } else { MINE }))),
        Err(domain::Error::Invalid(found)) => Wrong { faults: Faults::told(l, &found, &LABELS), fault: None, typed },
        Err(error) => Wrong { fault: Some(refused(l, error)?), faults: Faults::default(), typed },
    };
    page(visit, visitor, form, all, wrong).await
}
