//! Setting the node up, by the address that the operator was given.

use super::self_test;
use crate::answer;
use crate::csrf::{FormToken, Posted};
use crate::error::Error;
use crate::faults::Faults;
use crate::i18n::{Key, Locale};
use crate::layout::Frame;
use crate::session::{Cookie, with_cookies};
use crate::texts;
use crate::visit::Visit;
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use domain::RegionCode;
use domain::person::Secret;
use domain::setup::{self, SetUp};
use http::{HeaderMap, StatusCode};

/// The fields that something can be wrong with, and what they are called.
const LABELS: [(&str, Key); 10] = [
    ("name", Key("setup-name")),
    ("mail", Key("setup-mail")),
    ("organisation", Key("setup-organisation")),
    ("business_id", Key("setup-business-id")),
    ("contact_mail", Key("setup-contact-mail")),
    ("data_name", Key("setup-data-name")),
    ("data_mail", Key("setup-data-mail")),
    ("harassment_name", Key("setup-harassment-name")),
    ("harassment_mail", Key("setup-harassment-mail")),
    ("accepted", Key("setup-accepted")),
];

/// A field of one line, as the page draws it.
struct Line {
    name: &'static str,
    label: String,
    value: String,
    kind: &'static str,
    fills: &'static str,
    required: bool,
}

#[derive(Template)]
#[template(path = "setup/page.html")]
struct Page {
    l: Locale,
    frame: Frame,
    form: String,
    path: String,
    names: Vec<String>,
    code: &'static str,
    neighbours: String,
    handle: String,
    coordinator: Vec<Line>,
    controller: Vec<Line>,
    contacts: Vec<Line>,
    accepted: bool,
    texts: &'static str,
    faults: Faults,
}

/// `GET /setup/{link}`
pub async fn show(visit: Visit, Path(shown): Path<String>, headers: HeaderMap) -> Result<Response, Error> {
    let (link, now) = (Secret::parse(&shown).ok_or(Error::SetUpOver)?, visit.now);
    let (good, known) = visit
        .read(move |conn| {
            let good = setup::is_good(conn, &link, now)?;
            Ok::<_, store::Error>((good, domain::region::controller(conn)?))
        })
        .await?;
    if !good {
        return Err(Error::SetUpOver);
    }
    let told = known.map(|known| SetUp {
        organisation: known.name,
        business_id: known.business_id.unwrap_or_default(),
        contact_mail: known.mail,
        ..SetUp::default()
    });
    let form = FormToken::of_anybody(&headers, &visit.node().origin);
    page(&visit, form, &told.unwrap_or_default(), Faults::default())
}

/// `POST /setup/{link}`
pub async fn complete(Path(shown): Path<String>, posted: Posted) -> Result<Response, Error> {
    let link = Secret::parse(&shown).ok_or(Error::SetUpOver)?;
    let (told, token) = (told(&posted), Secret::fresh());
    let (given, new, now) = (told.clone(), token.clone(), posted.visit.now);
    let done = posted.visit.write(move |conn| setup::complete(conn, &link, &given, &new, now)).await;
    match done {
        Ok(_) => {
            let origin = &posted.visit.node().origin;
            let cookies = [Cookie::Session.set(origin, &token), Cookie::Form.clear(origin)];
            Ok(with_cookies(answer::see(&posted.visit, self_test::PATH), cookies))
        }
        Err(domain::Error::Invalid(found)) => {
            let faults = Faults::told(posted.visit.l, &found, &LABELS);
            page(&posted.visit, posted.form, &told, faults)
        }
        Err(domain::Error::NotFound) => Err(Error::SetUpOver),
        Err(error) => Err(error.into()),
    }
}

fn told(posted: &Posted) -> SetUp {
    let field = |name: &str| posted.field(name).to_owned();
    SetUp {
        name: field("name"),
        mail: field("mail"),
        language: posted.visit.l.language(),
        organisation: field("organisation"),
        business_id: field("business_id"),
        contact_mail: field("contact_mail"),
        data_name: field("data_name"),
        data_mail: field("data_mail"),
        harassment_name: field("harassment_name"),
        harassment_mail: field("harassment_mail"),
        // Exactly those that the page showed, in case the program changed meanwhile.
        accepted: !field("accepted").is_empty() && field("texts") == texts::id(),
        texts: texts::id().to_owned(),
    }
}

/// The names of the regions next to this one.
fn neighbours(visit: &Visit) -> String {
    let codes = visit.node().region.region().neighbours.iter().filter_map(|code| RegionCode::parse(code));
    codes.map(|code| code.name(visit.l.language())).collect::<Vec<_>>().join(", ")
}

fn page(visit: &Visit, form: FormToken, told: &SetUp, faults: Faults) -> Result<Response, Error> {
    let (l, node) = (visit.l, visit.node());
    let frame = Frame::new(visit, &l.t("setup-title"), &l.t("setup-lead")).unlisted();
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::BAD_REQUEST };
    let line = |name: &'static str, value: &str, kind: &'static str, fills: &'static str, required: bool| {
        let label = LABELS.iter().find(|(field, _)| *field == name).map_or(String::new(), |(_, label)| label.text(l));
        Line { name, label, value: value.chars().take(300).collect(), kind, fills, required }
    };
    let page = Page {
        l,
        form: form.value().to_owned(),
        path: l.link(&visit.path),
        names: domain::Language::ALL.map(|language| node.region.name(language).to_owned()).to_vec(),
        code: node.region.code(),
        neighbours: neighbours(visit),
        handle: node.origin.handle(node.region.username()),
        coordinator: vec![
            line("name", &told.name, "text", "name", true),
            line("mail", &told.mail, "email", "email", true),
        ],
        controller: vec![
            line("organisation", &told.organisation, "text", "organization", true),
            line("business_id", &told.business_id, "text", "off", false),
            line("contact_mail", &told.contact_mail, "email", "off", true),
        ],
        contacts: vec![
            line("data_name", &told.data_name, "text", "off", false),
            line("data_mail", &told.data_mail, "email", "off", false),
            line("harassment_name", &told.harassment_name, "text", "off", false),
            line("harassment_mail", &told.harassment_mail, "email", "off", false),
        ],
        accepted: told.accepted,
        texts: texts::id(),
        faults,
        frame,
    };
    let mut response = answer::html(&page.frame, &page)?;
    *response.status_mut() = status;
    Ok(with_cookies(response, [form.cookie()]))
}
