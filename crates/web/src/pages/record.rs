//! The record of processing activities (GDPR Art. 30), for those who run the node: the same declarations of the slices as
//! in the privacy notice, with what only the authority asks for.

use crate::answer;
use crate::error::Error;
use crate::i18n::Locale;
use crate::layout::Frame;
use crate::session::SignedIn;
use crate::texts::{self, Processing};
use askama::Template;
use axum::response::Response;
use domain::region::{self, Controller};

#[derive(Template)]
#[template(path = "desk/processing.html")]
struct Page {
    l: Locale,
    frame: Frame,
    controller: Option<Controller>,
    processing: Vec<Processing>,
    texts: &'static str,
}

/// `GET /desk/processing`
pub async fn show(signed_in: SignedIn) -> Result<Response, Error> {
    let SignedIn { visit, visitor, .. } = signed_in;
    // Whoever has a position may read it: who answers for personal data is not of the staff.
    if visitor.positions.is_empty() {
        return Err(Error::NotFound);
    }
    let l = visit.l;
    let controller = visit.read(region::controller).await?;
    let frame = Frame::new(&visit, &l.t("record-title"), &l.t("record-lead")).unlisted();
    let page = Page { l, frame, controller, processing: texts::processing(l), texts: texts::id() };
    answer::html(&page.frame, &page)
}
