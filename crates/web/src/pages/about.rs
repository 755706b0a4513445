//! What the service is, its privacy and its accessibility.

use crate::answer;
use crate::error::Error;
use crate::i18n::Locale;
use crate::layout::Frame;
use crate::visit::Visit;
use askama::Template;
use axum::response::Response;

#[derive(Template)]
#[template(path = "about/page.html")]
struct Page {
    l: Locale,
    frame: Frame,
    source: Option<String>,
}

/// `GET /tietoa`
pub async fn show(visit: Visit) -> Result<Response, Error> {
    let l = visit.l;
    let frame = Frame::new(&visit, &l.t("about-title"), &l.t("about-lead"));
    let source = visit.site.repository.clone();
    let page = Page { l, frame, source };
    answer::html(&page.frame, &page)
}
