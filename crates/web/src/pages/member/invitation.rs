//! A profile that the region has made of somebody, for that person to take over or not.
//!
//! Invariant: every switch is off. What was agreed to elsewhere is shown as what is public now, and is not taken for an answer.

use super::publication::{Switch, switch};
use crate::answer;
use crate::csrf::SignedForm;
use crate::error::Error;
use crate::i18n::Locale;
use crate::layout::Frame;
use crate::session::SignedIn;
use crate::visit::Visit;
use askama::Template;
use axum::response::Response;
use domain::person::texts::{self, Text};
use domain::person::{Account, Field};
use domain::producer::own::{self as profile, Own, Standing};
use domain::producer::{self, Offered};
use http::StatusCode;
use std::collections::BTreeSet;

/// A profile that is offered, as the page shows it.
struct Entry {
    id: String,
    name: String,
    published: bool,
    switches: Vec<Switch>,
}

impl Entry {
    fn of(l: Locale, offered: &Offered) -> Entry {
        let asked = Field::PROFILE.into_iter().map(|field| switch(l, &offered.own, field));
        Entry {
            id: offered.id.clone(),
            name: offered.own.told.name.clone(),
            published: offered.own.standing == Standing::Published,
            // What is empty is not asked about.
            switches: asked.filter(|switch| !switch.value.is_empty()).collect(),
        }
    }
}

#[derive(Template)]
#[template(path = "member/invitation.html")]
struct Page {
    l: Locale,
    frame: Frame,
    form: String,
    fault: Option<String>,
    has_own: bool,
    text: Vec<&'static str>,
    entries: Vec<Entry>,
}

/// `GET /me/invitation`
pub async fn show(signed_in: SignedIn) -> Result<Response, Error> {
    let SignedIn { visit, visitor, form } = signed_in;
    page(&visit, &visitor.account, form.value(), None).await
}

async fn page(visit: &Visit, account: &Account, form: &str, fault: Option<String>) -> Result<Response, Error> {
    let (l, known, now) = (visit.l, account.clone(), visit.now);
    let read = move |conn: &mut store::Conn| {
        let own: Option<Own> = profile::find(conn, &known.id)?;
        Ok::<_, store::Error>((producer::offered(conn, &known, now)?, own.is_some()))
    };
    let (offered, has_own) = visit.read(read).await?;
    let status = if fault.is_some() { StatusCode::CONFLICT } else { StatusCode::OK };
    let page = Page {
        l,
        frame: Frame::new(visit, &l.t("invitation-title"), &l.t("invitation-lead")).unlisted(),
        form: form.to_owned(),
        fault,
        has_own,
        text: texts::words(Text::Publication, l.language()).lines().collect(),
        entries: offered.iter().map(|one| Entry::of(l, one)).collect(),
    };
    let mut response = answer::html(&page.frame, &page)?;
    *response.status_mut() = status;
    Ok(response)
}

/// `POST /me/invitation`: takes the profile over, with what is switched on; or does not.
pub async fn reply(form: SignedForm) -> Result<Response, Error> {
    let SignedForm { posted, visitor, form } = form;
    let (visit, id, what) = (posted.visit.clone(), visitor.account.id.clone(), posted.field("what").to_owned());
    let (node, language, now) = (visit.node().clone(), visit.l.language(), visit.now);
    let on = posted.fields("on");
    let fields: BTreeSet<Field> =
        Field::PROFILE.into_iter().filter(|field| on.iter().any(|word| word == field.as_str())).collect();
    let (answered, path) = match posted.field("do") {
        "accept" => {
            let accept = move |conn: &mut store::Conn| {
                producer::accept(conn, &node, &id, &what, (&fields, language), now).map(|_| ())
            };
            (visit.write(accept).await, "/me/publication?saved=1")
        }
        "decline" => (visit.write(move |conn| producer::decline(conn, &id, &what, now)).await, "/me"),
        _ => return Err(Error::NotFound),
    };
    match answered {
        Ok(()) => Ok(answer::see(&visit, path)),
        Err(domain::Error::Conflict(reason)) => {
            page(&visit, &visitor.account, form.value(), Some(visit.l.message(&reason))).await
        }
        Err(error) => Err(error.into()),
    }
}
