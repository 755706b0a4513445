//! What somebody does who speaks for an organisation: edits its profile, sees how its tasks stand, and ends it.
//!
//! Invariant: an organisation that is not theirs to speak for is one that is not there.

use crate::answer;
use crate::csrf::{FormToken, SignedForm};
use crate::error::Error;
use crate::faults::Faults;
use crate::fields::{Line, label};
use crate::i18n::{Key, Locale};
use crate::layout::Frame;
use crate::pages::member::is_saved;
use crate::session::SignedIn;
use crate::visit::Visit;
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use domain::audit::By;
use domain::organisation::representative::{self, REPRESENTATIVE};
use domain::organisation::{self, Description, NewOrganisation, OrganisationView};
use domain::task::{self, Standing};
use http::StatusCode;
use store::id::{AccountId, OrganisationId};

/// Tasks that are shown at most.
const MOST_TASKS: i64 = 100;

const LABELS: [(&str, Key); 7] = [
    ("name", Key("representing-name")),
    ("kind", Key("representing-kind")),
    ("municipality", Key("organisation-municipality")),
    ("website", Key("organisation-website")),
    ("description.fi", Key("representing-text-fi")),
    ("description.sv", Key("representing-text-sv")),
    ("description.en", Key("representing-text-en")),
];
const TEXTS: [&str; 3] = ["description.fi", "description.sv", "description.en"];

/// A task, in words.
struct TaskRow {
    title: String,
    link: Option<String>,
    state: String,
    deadline: Option<String>,
}

impl TaskRow {
    fn of(l: Locale, standing: Standing) -> TaskRow {
        TaskRow {
            link: standing.slug.map(|slug| l.link(&format!("{}/{slug}", super::task::PATH))),
            state: l.word("desk-state", standing.state.as_str()),
            deadline: standing.deadline.map(|at| l.t1("task-deadline-by", "date", &l.date(&at))),
            title: standing.title,
        }
    }
}

#[derive(Template)]
#[template(path = "representing/page.html")]
struct Page {
    l: Locale,
    frame: Frame,
    form: String,
    path: String,
    saved: bool,
    public: String,
    lines: Vec<Line>,
    kinds: Vec<(&'static str, String, bool)>,
    kind_label: String,
    texts: Vec<Line>,
    tasks: Vec<TaskRow>,
    faults: Faults,
}

async fn theirs(visit: &Visit, account: &AccountId, id: &str) -> Result<(OrganisationView, Vec<Standing>), Error> {
    let (account, id) = (account.clone(), OrganisationId::from_text(id));
    let read = move |conn: &mut store::Conn| {
        let view = representative::for_representative(conn, &account, &id)?;
        let tasks = task::of_client(conn, &view.source.page, MOST_TASKS)?;
        Ok((view, tasks))
    };
    Ok(visit.look(read).await?)
}

/// `GET /me/organisations/{id}`
pub async fn show(Path(id): Path<String>, signed_in: SignedIn) -> Result<Response, Error> {
    let SignedIn { visit, visitor, form } = signed_in;
    let (view, tasks) = theirs(&visit, &visitor.account.id, &id).await?;
    let told = told_by(&view);
    page(&visit, &form, &view, tasks, &told, Faults::default())
}

/// What the form holds of an organisation.
fn told_by(view: &OrganisationView) -> NewOrganisation {
    NewOrganisation {
        name: view.name.clone(),
        kind: view.kind.clone(),
        municipality: view.municipality.clone(),
        website: view.website.clone(),
        description: view.description.clone(),
        username: None,
    }
}

/// `POST /me/organisations/{id}`
pub async fn save(Path(id): Path<String>, form: SignedForm) -> Result<Response, Error> {
    let SignedForm { posted, visitor, form } = form;
    let (visit, account) = (posted.visit.clone(), visitor.account.id.clone());
    let (node, now, organisation) = (visit.node().clone(), visit.now, OrganisationId::from_text(id.clone()));
    if posted.field("do") == "end" {
        let by = By::holder(&account, REPRESENTATIVE);
        visit.write(move |conn| representative::end(conn, &by, &organisation, &account, now)).await?;
        return Ok(answer::see(&visit, "/me"));
    }
    let field = |name: &str| Some(posted.field(name).trim().to_owned()).filter(|text| !text.is_empty());
    let told = NewOrganisation {
        name: field("name").unwrap_or_default(),
        kind: field("kind").unwrap_or_default(),
        municipality: field("municipality"),
        website: field("website"),
        description: Description {
            fi: field("description.fi"),
            sv: field("description.sv"),
            en: field("description.en"),
        },
        username: None,
    };
    let (given, me) = (told.clone(), account.clone());
    let saved = visit
        .write(move |conn| representative::edit_as_representative(conn, &node, &me, &organisation, &given, now))
        .await;
    match saved {
        Ok(()) => Ok(answer::see(&visit, &format!("{}?saved=1", visit.path))),
        Err(domain::Error::Invalid(found)) => {
            let (view, tasks) = theirs(&visit, &account, &id).await?;
            page(&visit, &form, &view, tasks, &told, Faults::told(visit.l, &found, &LABELS))
        }
        Err(error) => Err(error.into()),
    }
}

fn page(
    visit: &Visit,
    form: &FormToken,
    view: &OrganisationView,
    tasks: Vec<Standing>,
    told: &NewOrganisation,
    faults: Faults,
) -> Result<Response, Error> {
    let l = visit.l;
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::BAD_REQUEST };
    let line =
        |name: &'static str, value: Option<&str>| Line::new(name, label(l, &LABELS, name), value.unwrap_or_default());
    let [fi, sv, en] = TEXTS;
    let description = &told.description;
    let page = Page {
        l,
        frame: Frame::new(visit, &view.name, &l.t("representing-lead")).unlisted(),
        form: form.value().to_owned(),
        path: l.link(&visit.path),
        saved: is_saved(visit),
        public: l.link(&format!("/@{}", view.slug)),
        lines: vec![
            line("name", Some(&told.name)).required().filled_with("organization"),
            line("municipality", told.municipality.as_deref()),
            line("website", told.website.as_deref()).filled_with("url"),
        ],
        kinds: organisation::KINDS
            .iter()
            .map(|kind| (*kind, l.word("organisation-kind", kind), told.kind == *kind))
            .collect(),
        kind_label: label(l, &LABELS, "kind"),
        texts: vec![
            line(fi, description.fi.as_deref()),
            line(sv, description.sv.as_deref()),
            line(en, description.en.as_deref()),
        ],
        tasks: tasks.into_iter().map(|standing| TaskRow::of(l, standing)).collect(),
        faults,
    };
    let mut response = answer::html(&page.frame, &page)?;
    *response.status_mut() = status;
    Ok(response)
}
