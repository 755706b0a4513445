//! What the service is, who answers for it, its privacy and its accessibility.

use crate::answer;
use crate::error::Error;
use crate::i18n::Locale;
use crate::layout::Frame;
use crate::visit::Visit;
use askama::Template;
use axum::response::Response;
use domain::region::Controller;

#[derive(Template)]
#[template(path = "about/page.html")]
struct Page {
    l: Locale,
    frame: Frame,
    source: Option<String>,
    controller: Option<Controller>,
}

/// `GET /tietoa`
pub async fn show(visit: Visit) -> Result<Response, Error> {
    let l = visit.l;
    let frame = Frame::new(&visit, &l.t("about-title"), &l.t("about-lead"));
    let source = visit.site.repository.clone();
    let controller = visit.read(domain::region::controller).await?;
    let page = Page { l, frame, source, controller };
    answer::html(&page.frame, &page)
}
