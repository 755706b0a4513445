//! What the node holds of somebody who is signed in, for that person alone.

use super::desk::LogRow;
use super::second_step;
use crate::answer;
use crate::error::Error;
use crate::i18n::Locale;
use crate::layout::Frame;
use crate::negotiate::Form;
use crate::pages::member::{self, Step};
use crate::session::SignedIn;
use askama::Template;
use axum::response::Response;
use domain::audit;
use domain::organisation::representative;
use domain::person::offer;
use domain::producer;
use domain::producer::own::Standing;
use domain::slice::{self, Person};
use http::HeaderValue;
use http::header::CONTENT_DISPOSITION;
use store::Timestamp;

/// Lines of the log on the page; all are in the file.
const LINES: i64 = 50;

#[derive(Template)]
#[template(path = "me/page.html")]
struct Page {
    l: Locale,
    frame: Frame,
    form: String,
    urgent: Option<String>,
    mail: String,
    language: &'static str,
    positions: Vec<&'static str>,
    is_staff: bool,
    offers: usize,
    invited: bool,
    lines: Vec<LogRow>,
    steps: Vec<Step>,
    standing: Option<Standing>,
    leaves: Option<Timestamp>,
    organisations: Vec<(String, String)>,
}

/// `GET /me`
pub async fn show(signed_in: SignedIn) -> Result<Response, Error> {
    if signed_in.visit.form != Form::Html {
        return everything(&signed_in).await;
    }
    let SignedIn { visit, visitor, form } = signed_in;
    let l = visit.l;
    let (account, now) = (visitor.account.clone(), visit.now);
    let (lines, offers, organisations, invited) = visit
        .read(move |conn| {
            let lines = audit::concerning(conn, &account.id, LINES)?;
            let offers = offer::concerning(conn, &account.id, now)?;
            let offers = offers.iter().filter(|offer| offer.receiver.id == account.id).count();
            let theirs = representative::represented(conn, &account.id)?;
            Ok::<_, store::Error>((lines, offers, theirs, !producer::offered(conn, &account, now)?.is_empty()))
        })
        .await?;
    let frame = Frame::new(&visit, &visitor.account.name, &l.t("me-lead")).unlisted();
    let own = member::own(&visit, &visitor.account.id).await?;
    let page = Page {
        l,
        frame,
        steps: member::steps(&visit),
        standing: own.map(|own| own.standing),
        leaves: visitor.account.leaves_at,
        organisations: organisations
            .into_iter()
            .map(|(id, view)| (l.link(&format!("/me/organisations/{id}")), view.name))
            .collect(),
        form: form.value().to_owned(),
        urgent: second_step::urgent(l, &visitor),
        mail: visitor.account.mail.as_str().to_owned(),
        language: visitor.account.language.as_str(),
        is_staff: visitor.positions.iter().any(|position| position.is_staff()),
        positions: visitor.positions.into_iter().map(|position| position.as_str()).collect(),
        offers,
        invited,
        lines: lines.iter().map(|line| LogRow::of(l, line)).collect(),
    };
    answer::html(&page.frame, &page)
}

/// `GET /me.json`: the same as a file (GDPR Art. 15 and 20).
pub async fn export(signed_in: SignedIn) -> Result<Response, Error> {
    let mut response = everything(&signed_in).await?;
    let as_file = HeaderValue::from_static("attachment; filename=\"solmu.json\"");
    response.headers_mut().insert(CONTENT_DISPOSITION, as_file);
    Ok(response)
}

async fn everything(signed_in: &SignedIn) -> Result<Response, Error> {
    let id = signed_in.visitor.account.id.clone();
    let all = signed_in.visit.site.store.read(move |conn| slice::export(conn, Person::Account(&id))).await?;
    Ok(answer::json(&all))
}
