//! The form of the own profile.

use super::{Step, is_saved, own, steps};
use crate::answer;
use crate::csrf::{FormToken, Posted, SignedForm};
use crate::error::Error;
use crate::faults::Faults;
use crate::fields::{self, Line, Tick, label, ticks};
use crate::i18n::{Key, Locale};
use crate::layout::Frame;
use crate::session::SignedIn;
use crate::visit::Visit;
use askama::Template;
use axum::response::Response;
use domain::engagement::ENGAGEMENTS;
use domain::producer::own::{self as profile, Told};
use domain::producer::{FIELDS, language_codes, language_word};
use domain::{region, skill};
use http::StatusCode;

const LABELS: [(&str, Key); 11] = [
    ("name", Key("profile-name")),
    ("headline", Key("profile-headline")),
    ("bio", Key("profile-bio")),
    ("municipality", Key("profile-municipality")),
    ("remote", Key("profile-remote")),
    ("links", Key("profile-links")),
    ("titles", Key("profile-titles")),
    ("fields", Key("profile-fields")),
    ("languages", Key("profile-languages")),
    ("regions", Key("profile-regions")),
    ("engagement", Key("profile-engagement")),
];

/// A group of boxes.
struct Group {
    name: &'static str,
    label: String,
    ticks: Vec<Tick>,
}

#[derive(Template)]
#[template(path = "member/profile.html")]
struct Page {
    l: Locale,
    frame: Frame,
    form: String,
    steps: Vec<Step>,
    saved: bool,
    lines: Vec<Line>,
    bio: String,
    municipality: Vec<Line>,
    remote: bool,
    links: String,
    groups: Vec<Group>,
    faults: Faults,
}

/// `GET /me/profile`
pub async fn show(signed_in: SignedIn) -> Result<Response, Error> {
    let SignedIn { visit, visitor, form } = signed_in;
    let known = own(&visit, &visitor.account.id).await?.map(|own| own.told);
    let told = known.unwrap_or_else(|| Told { name: visitor.account.name.clone(), ..Told::default() });
    page(&visit, &form, &told, Faults::default())
}

/// `POST /me/profile`
pub async fn save(form: SignedForm) -> Result<Response, Error> {
    let SignedForm { posted, visitor, .. } = form;
    let visit = posted.visit.clone();
    let (told, node, now) = (told(&posted), visit.node().clone(), visit.now);
    let given = told.clone();
    let saved = visit.write(move |conn| profile::describe(conn, &node, &visitor.account.id, &given, now)).await;
    match saved {
        Ok(_) => Ok(answer::see(&visit, "/me/profile?saved=1")),
        Err(domain::Error::Invalid(found)) => page(&visit, &posted.form, &told, Faults::told(visit.l, &found, &LABELS)),
        Err(error) => Err(error.into()),
    }
}

fn told(posted: &Posted) -> Told {
    let field = |name: &str| posted.field(name).to_owned();
    Told {
        name: field("name"),
        headline: field("headline"),
        bio: field("bio"),
        municipality: field("municipality"),
        languages: posted.fields("languages"),
        fields: posted.fields("fields"),
        links: fields::lines(posted.field("links")),
        remote: !posted.field("remote").is_empty(),
        titles: posted.fields("titles"),
        regions: posted.fields("regions"),
        engagement: posted.fields("engagement"),
    }
}

fn page(visit: &Visit, form: &FormToken, told: &Told, faults: Faults) -> Result<Response, Error> {
    let l = visit.l;
    let frame = Frame::new(visit, &l.t("member-profile"), &l.t("profile-lead")).unlisted();
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::BAD_REQUEST };
    let line = |name: &'static str, value: &str| Line::new(name, label(l, &LABELS, name), value);
    let page = Page {
        l,
        frame,
        form: form.value().to_owned(),
        steps: steps(visit),
        saved: is_saved(visit),
        lines: vec![line("name", &told.name).required().filled_with("name"), line("headline", &told.headline)],
        bio: told.bio.clone(),
        municipality: vec![line("municipality", &told.municipality).filled_with("address-level2")],
        remote: told.remote,
        links: told.links.join("\n"),
        groups: groups(l, told),
        faults,
    };
    let mut response = answer::html(&page.frame, &page)?;
    *response.status_mut() = status;
    Ok(response)
}

fn groups(l: Locale, told: &Told) -> Vec<Group> {
    let language = l.language();
    let group = |name: &'static str, all: Vec<(&'static str, String)>, ticked: &[String]| Group {
        name,
        label: label(l, &LABELS, name),
        ticks: ticks(name, all, ticked),
    };
    let occupations = skill::occupations().iter().map(|one| (one.id.as_str(), one.label(language).to_owned()));
    let regions = region::all().iter().map(|one| (one.code.as_str(), one.name(language).to_owned()));
    let languages = language_codes().map(|code| (code, language_word(code, language).to_owned()));
    vec![
        group("titles", occupations.collect(), &told.titles),
        group("fields", FIELDS.iter().map(|id| (*id, l.word("field", id))).collect(), &told.fields),
        group("languages", languages.collect(), &told.languages),
        group("regions", regions.collect(), &told.regions),
        group(
            "engagement",
            ENGAGEMENTS.iter().map(|id| (*id, l.word("task-engagement", id))).collect(),
            &told.engagement,
        ),
    ]
}
