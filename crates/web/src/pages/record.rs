//! The record of processing activities (GDPR Art. 30), for those who hold a position: the same declarations of the slices as
//! in the privacy notice, with what only the authority asks for, and what the rules of retention are about to remove.

use crate::answer;
use crate::error::Error;
use crate::i18n::Locale;
use crate::layout::Frame;
use crate::session::SignedIn;
use crate::staff;
use crate::texts::{self, Going, Processing};
use askama::Template;
use axum::response::Response;
use domain::region::{self, Controller};
use domain::slice;
use std::time::Duration;

/// How far ahead the preview of the rules of retention looks.
const SOON: Duration = Duration::from_secs(24 * 3600);

#[derive(Template)]
#[template(path = "desk/processing.html")]
struct Page {
    l: Locale,
    frame: Frame,
    controller: Option<Controller>,
    going: Vec<Going>,
    processing: Vec<Processing>,
    texts: &'static str,
}

/// `GET /desk/processing`
pub async fn show(signed_in: SignedIn) -> Result<Response, Error> {
    let SignedIn { visit, visitor, .. } = signed_in;
    staff::in_time(&visitor)?;
    // Whoever has a position may read it: who answers for personal data is not of the staff.
    if visitor.positions.is_empty() {
        return Err(Error::NotFound);
    }
    let l = visit.l;
    let controller = visit.read(region::controller).await?;
    let (now, later) = (visit.now, visit.now.plus(SOON));
    let (due, soon) = visit.look(move |conn| Ok((slice::due(conn, now)?, slice::due(conn, later)?))).await?;
    let frame = Frame::new(&visit, &l.t("record-title"), &l.t("record-lead")).unlisted();
    let going = texts::going(l, &due, &soon);
    let page = Page { l, frame, controller, going, processing: texts::processing(l), texts: texts::id() };
    answer::html(&page.frame, &page)
}
