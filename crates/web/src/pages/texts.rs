//! The pages with the texts that a region has to have: each from the program's words, what the slices declare, and who
//! answers for the node.

use crate::answer;
use crate::error::Error;
use crate::i18n::Locale;
use crate::layout::Frame;
use crate::texts::{self, Processing};
use crate::visit::Visit;
use askama::Template;
use axum::response::Response;
use domain::person::{Position, position};
use domain::region::{self, Controller};

/// The privacy notice.
pub const PRIVACY: &str = "/tietosuoja";
/// The accessibility statement.
pub const ACCESSIBILITY: &str = "/saavutettavuus";
/// The principles of a safer space.
pub const SAFER_SPACE: &str = "/turvallisempi-tila";

#[derive(Template)]
#[template(path = "texts/privacy.html")]
struct Privacy {
    l: Locale,
    frame: Frame,
    controller: Option<Controller>,
    processing: Vec<Processing>,
    texts: &'static str,
}

/// `GET /tietosuoja`
pub async fn privacy(visit: Visit) -> Result<Response, Error> {
    let l = visit.l;
    let controller = visit.read(region::controller).await?;
    let frame = Frame::new(&visit, &l.t("privacy-title"), &l.t("privacy-lead"));
    let page = Privacy { l, frame, controller, processing: texts::processing(l), texts: texts::id() };
    answer::html(&page.frame, &page)
}

#[derive(Template)]
#[template(path = "texts/accessibility.html")]
struct Accessibility {
    l: Locale,
    frame: Frame,
    host: String,
    controller: Option<Controller>,
    texts: &'static str,
}

/// `GET /saavutettavuus`
pub async fn accessibility(visit: Visit) -> Result<Response, Error> {
    let l = visit.l;
    let controller = visit.read(region::controller).await?;
    let frame = Frame::new(&visit, &l.t("accessibility-title"), &l.t("accessibility-lead"));
    let host = visit.node().origin.host().to_owned();
    let page = Accessibility { l, frame, host, controller, texts: texts::id() };
    answer::html(&page.frame, &page)
}

#[derive(Template)]
#[template(path = "texts/safer-space.html")]
struct SaferSpace {
    l: Locale,
    frame: Frame,
    controller: Option<Controller>,
    /// Somebody is there whom people turn to.
    contact: bool,
    texts: &'static str,
}

/// `GET /turvallisempi-tila`
pub async fn safer_space(visit: Visit) -> Result<Response, Error> {
    let l = visit.l;
    let (controller, contact) = visit
        .read(|conn| {
            let contact = position::is_held(conn, Position::HarassmentContact)?;
            Ok::<_, store::Error>((region::controller(conn)?, contact))
        })
        .await?;
    let frame = Frame::new(&visit, &l.t("safer-title"), &l.t("safer-lead"));
    let page = SaferSpace { l, frame, controller, contact, texts: texts::id() };
    answer::html(&page.frame, &page)
}
