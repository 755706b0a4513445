//! Feedback on accessibility: a form for everybody, which nobody has to sign in for, and what happens with it.

use super::texts::ACCESSIBILITY;
use crate::answer;
use crate::csrf::{FormToken, Posted};
use crate::error::Error;
use crate::faults::Faults;
use crate::i18n::{Key, Locale};
use crate::layout::Frame;
use crate::session::with_cookies;
use crate::visit::Visit;
use askama::Template;
use axum::response::Response;
use domain::feedback::{self, NewFeedback};
use http::{HeaderMap, StatusCode};

/// The form.
pub const PATH: &str = "/saavutettavuus/palaute";
/// The page after it.
pub const THANKS: &str = "/saavutettavuus/palaute/kiitos";

const LABELS: [(&str, Key); 3] =
    [("text", Key("feedback-text")), ("page", Key("feedback-page")), ("mail", Key("feedback-mail"))];

#[derive(Template)]
#[template(path = "texts/feedback.html")]
struct Page {
    l: Locale,
    frame: Frame,
    form: String,
    told: NewFeedback,
    faults: Faults,
}

#[derive(Template)]
#[template(path = "texts/thanks.html")]
struct Thanks {
    l: Locale,
    frame: Frame,
    due: String,
}

/// `GET /saavutettavuus/palaute`
pub async fn ask(visit: Visit, headers: HeaderMap) -> Result<Response, Error> {
    let form = FormToken::of_anybody(&headers, &visit.node().origin);
    page(&visit, form, NewFeedback::default(), Faults::default())
}

/// `POST /saavutettavuus/palaute`
pub async fn tell(posted: Posted) -> Result<Response, Error> {
    let (visit, field) = (&posted.visit, |name: &str| posted.field(name).to_owned());
    let language = visit.l.language();
    let told = NewFeedback { text: field("text"), page: field("page"), mail: field("mail"), language };
    let (new, now) = (told.clone(), visit.now);
    match visit.write(move |conn| feedback::tell(conn, &new, now)).await {
        Ok(_) => Ok(answer::see(visit, THANKS)),
        Err(domain::Error::Invalid(found)) => {
            let faults = Faults::told(visit.l, &found, &LABELS);
            page(&posted.visit, posted.form, told, faults)
        }
        Err(error) => Err(error.into()),
    }
}

/// `GET /saavutettavuus/palaute/kiitos`
pub async fn thanks(visit: Visit) -> Result<Response, Error> {
    let l = visit.l;
    let due = l.date(&visit.now.plus(feedback::ANSWERED_WITHIN));
    let frame = Frame::new(&visit, &l.t("feedback-thanks"), &l.t("accessibility-lead")).unlisted();
    let page = Thanks { l, frame, due };
    answer::html(&page.frame, &page)
}

fn page(visit: &Visit, form: FormToken, told: NewFeedback, faults: Faults) -> Result<Response, Error> {
    let l = visit.l;
    let frame = Frame::new(visit, &l.t("feedback-title"), &l.t("feedback-lead")).unlisted();
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::BAD_REQUEST };
    let page = Page { l, frame, form: form.value().to_owned(), told, faults };
    let mut response = answer::html(&page.frame, &page)?;
    *response.status_mut() = status;
    Ok(with_cookies(response, [form.cookie()]))
}

impl Page {
    fn action(&self) -> String {
        self.l.link(PATH)
    }

    fn back(&self) -> String {
        self.l.link(ACCESSIBILITY)
    }
}
