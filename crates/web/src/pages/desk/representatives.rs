//! Who speaks for the organisations of the region: named here, and here it ends.

use super::{PATH, done, frame, parts, refused};
use crate::answer;
use crate::error::Error;
use crate::faults::Faults;
use crate::i18n::{Key, Locale};
use crate::layout::{Frame, Place};
use crate::staff::{AtDesk, DeskForm, looks_at};
use crate::visit::Visit;
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use domain::audit::Subject;
use domain::desk::Staff;
use domain::organisation::representative::{self, NewRepresentative};
use domain::organisation::{self, OrganisationView};
use domain::person::{Account, MailAddress};
use domain::view::{Filter, Page};
use domain::{FieldError, Role, message};
use http::StatusCode;
use store::Timestamp;
use store::id::{AccountId, OrganisationId};

const LABELS: [(&str, Key); 2] = [("mail", Key("offer-mail")), ("name", Key("offer-name"))];
/// Organisations on a page of the list.
const ROWS: i64 = 100;

/// An organisation in the list.
struct Row {
    link: String,
    name: String,
    people: String,
}

#[derive(Template)]
#[template(path = "desk/organisations.html")]
struct ListPage {
    l: Locale,
    frame: Frame,
    parts: Vec<Place>,
    rows: Vec<Row>,
    more: Option<String>,
}

/// Organisations are content of a region's own node.
fn here(visit: &Visit) -> Result<(), Error> {
    if visit.node().role == Role::Region { Ok(()) } else { Err(Error::NotFound) }
}

/// The id on this node of an organisation of its own.
fn id_of(view: &OrganisationView) -> OrganisationId {
    OrganisationId::from_text(view.source.id.rsplit('/').next().unwrap_or_default())
}

/// `GET /desk/organisations`
pub async fn list(desk: AtDesk) -> Result<Response, Error> {
    let AtDesk { visit, .. } = desk;
    here(&visit)?;
    let (l, now) = (visit.l, visit.now);
    let page: i64 = visit.asked("page").parse().unwrap_or(1).clamp(1, 100_000);
    let shown = Page { offset: (page - 1) * ROWS, limit: ROWS };
    let read = move |conn: &mut store::Conn| {
        let found = organisation::list(conn, &Filter { own: true, page: shown, ..Filter::default() }, now)?;
        let mut rows = Vec::new();
        for view in found.items {
            let people = representative::representatives(conn, &id_of(&view))?;
            rows.push((view, people.len()));
        }
        Ok::<_, store::Error>((rows, found.total))
    };
    let (found, total) = visit.read(read).await?;
    let row = |(view, people): (OrganisationView, usize)| Row {
        link: l.link(&format!("{PATH}/organisations/{}", id_of(&view))),
        people: l.n("representatives-count", &i64::try_from(people).unwrap_or(i64::MAX)),
        name: view.name,
    };
    let page = ListPage {
        l,
        frame: frame(&visit, &l.t("nav-organisations"), &l.t("representatives-list-lead")),
        parts: parts(&visit),
        more: (page * ROWS < total).then(|| l.link(&format!("{PATH}/organisations?page={}", page + 1))),
        rows: found.into_iter().map(row).collect(),
    };
    answer::html(&page.frame, &page)
}

/// Somebody who speaks for it.
struct Holder {
    account: String,
    name: String,
    mail: String,
    since: String,
}

impl Holder {
    fn of(l: Locale, (account, since): &(Account, Timestamp)) -> Holder {
        Holder {
            account: account.id.to_string(),
            name: account.name.clone(),
            mail: account.mail.as_str().to_owned(),
            since: l.t1("held-since", "date", &l.date(since)),
        }
    }
}

#[derive(Template)]
#[template(path = "desk/representatives.html")]
struct OnePage {
    l: Locale,
    frame: Frame,
    parts: Vec<Place>,
    form: String,
    path: String,
    public: String,
    done: Option<String>,
    fault: Option<String>,
    holders: Vec<Holder>,
    mail: String,
    name: String,
    faults: Faults,
}

/// What was typed, and what is wrong with it.
#[derive(Default)]
struct Typed {
    mail: String,
    name: String,
    fault: Option<String>,
    faults: Faults,
}

/// `GET /desk/organisations/{id}`
pub async fn show(Path(id): Path<String>, desk: AtDesk) -> Result<Response, Error> {
    page(&desk.visit, &desk.staff, desk.form.value(), &id, Typed::default()).await
}

async fn page(visit: &Visit, staff: &Staff, form: &str, id: &str, typed: Typed) -> Result<Response, Error> {
    here(visit)?;
    let (l, id) = (visit.l, OrganisationId::from_text(id));
    let read = move |conn: &mut store::Conn| {
        let view = representative::ours(conn, &id)?;
        Ok::<_, store::Error>(view.zip(Some(representative::representatives(conn, &id)?)))
    };
    let (view, people) = visit.read(read).await?.ok_or(Error::NotFound)?;
    looks_at(visit, staff, people.iter().map(|(account, _)| Subject::account(&account.id)).collect()).await?;
    let faulty = typed.fault.is_some() || !typed.faults.is_empty();
    let page = OnePage {
        l,
        frame: frame(visit, &view.name, &l.t("representatives-lead")),
        parts: parts(visit),
        form: form.to_owned(),
        path: l.link(&visit.path),
        public: l.link(&format!("/@{}", view.slug)),
        done: done(visit),
        holders: people.iter().map(|one| Holder::of(l, one)).collect(),
        fault: typed.fault,
        mail: typed.mail,
        name: typed.name,
        faults: typed.faults,
    };
    let mut response = answer::html(&page.frame, &page)?;
    if faulty {
        *response.status_mut() = StatusCode::BAD_REQUEST;
    }
    Ok(response)
}

/// `POST /desk/organisations/{id}`
pub async fn press(Path(id): Path<String>, desk: DeskForm) -> Result<Response, Error> {
    let DeskForm { posted, visitor, staff, form } = desk;
    let (visit, now, caller) = (posted.visit.clone(), posted.visit.now, visitor.caller());
    here(&visit)?;
    let organisation = OrganisationId::from_text(id.clone());
    let field = |name: &str| posted.field(name).chars().take(300).collect::<String>();
    let back = format!("{PATH}/organisations/{id}");
    if posted.field("do") == "dismiss" {
        let account = AccountId::from_text(field("what"));
        visit.write(move |conn| representative::end(conn, staff.by(), &organisation, &account, now)).await?;
        return Ok(answer::see(&visit, &format!("{back}?done=dismissed")));
    }
    let mut typed = Typed { mail: field("mail"), name: field("name"), ..Typed::default() };
    let Some(mail) = MailAddress::parse(&typed.mail) else {
        let reason = domain::Key::new(message::NOT_A_MAIL_ADDRESS).with("value", &typed.mail);
        typed.faults = Faults::told(visit.l, &[FieldError::new("mail", reason)], &LABELS);
        return page(&visit, &staff, form.value(), &id, typed).await;
    };
    let new = NewRepresentative { mail, name: typed.name.clone(), language: visit.l.language() };
    let by = staff.by().clone();
    let named = visit.write(move |conn| representative::name(conn, caller, &by, &organisation, &new, now)).await;
    match named {
        Ok(_) => return Ok(answer::see(&visit, &format!("{back}?done=named"))),
        Err(domain::Error::Invalid(found)) => typed.faults = Faults::told(visit.l, &found, &LABELS),
        Err(error) => typed.fault = Some(refused(visit.l, error)?),
    }
    page(&visit, &staff, form.value(), &id, typed).await
}
