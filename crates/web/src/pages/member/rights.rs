//! Leaving: what somebody is told of it, and the week to think better of it (GDPR Art. 17). What the node holds of them they
//! read at [`super::data`].

use super::{Step, steps};
use crate::answer;
use crate::csrf::SignedForm;
use crate::error::Error;
use crate::i18n::Locale;
use crate::layout::Frame;
use crate::session::SignedIn;
use askama::Template;
use axum::response::Response;
use domain::leaving;
use store::Timestamp;

#[derive(Template)]
#[template(path = "member/delete.html")]
struct DeletePage {
    l: Locale,
    frame: Frame,
    form: String,
    steps: Vec<Step>,
    leaves: Option<Timestamp>,
    holds_position: bool,
}

/// `GET /me/delete`
pub async fn leave(signed_in: SignedIn) -> Result<Response, Error> {
    let SignedIn { visit, visitor, form } = signed_in;
    let l = visit.l;
    let page = DeletePage {
        l,
        frame: Frame::new(&visit, &l.t("delete-title"), &l.t("delete-lead")).unlisted(),
        form: form.value().to_owned(),
        steps: steps(&visit),
        leaves: visitor.account.leaves_at,
        holds_position: !visitor.positions.is_empty(),
    };
    answer::html(&page.frame, &page)
}

/// `POST /me/delete`
pub async fn delete(form: SignedForm) -> Result<Response, Error> {
    let SignedForm { posted, visitor, .. } = form;
    let (visit, node, now) = (posted.visit.clone(), posted.visit.node().clone(), posted.visit.now);
    visit.write(move |conn| leaving::ask(conn, &node, &visitor.account.id, now)).await?;
    Ok(answer::see(&visit, "/me/delete"))
}

/// `POST /me/stay`
pub async fn stay(form: SignedForm) -> Result<Response, Error> {
    let SignedForm { posted, visitor, .. } = form;
    let (visit, node, now) = (posted.visit.clone(), posted.visit.node().clone(), posted.visit.now);
    visit.write(move |conn| leaving::stay(conn, &node, &visitor.account.id, now)).await?;
    Ok(answer::see(&visit, "/me"))
}
