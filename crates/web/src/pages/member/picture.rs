//! A member's picture: uploaded, made anew, and served from here while its person agrees to that.

use super::{Step, is_saved, own, steps};
use crate::answer;
use crate::csrf::{FormToken, SignedForm, SignedUpload};
use crate::error::Error;
use crate::faults::Faults;
use crate::fields::{Line, label};
use crate::i18n::{Key, Locale};
use crate::layout::Frame;
use crate::session::SignedIn;
use crate::visit::Visit;
use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use domain::producer::own::{self as profile, Own};
use domain::producer::picture::{self, Portrait, Reader, Remade};
use domain::{FieldError, message};
use http::StatusCode;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use tokio::sync::Semaphore;

/// Bytes of a form with a picture at most.
pub const LARGEST_FORM: usize = picture::LARGEST + (64 << 10);

/// To read a picture takes memory: one at a time.
static READING: Semaphore = Semaphore::const_new(1);

const LABELS: [(&str, Key); 2] = [("picture", Key("picture-file")), ("alt", Key("picture-alt"))];

#[derive(Template)]
#[template(path = "member/picture.html")]
struct Page {
    l: Locale,
    frame: Frame,
    form: String,
    steps: Vec<Step>,
    saved: bool,
    written: bool,
    picture: Option<Portrait>,
    alt: Line,
    faults: Faults,
}

/// `GET /me/picture`
pub async fn show(signed_in: SignedIn) -> Result<Response, Error> {
    let SignedIn { visit, visitor, form } = signed_in;
    let own = own(&visit, &visitor.account.id).await?;
    let alt = own.as_ref().and_then(|own| own.picture.as_ref()).map_or(String::new(), |picture| picture.alt.clone());
    page(&visit, &form, own.as_ref(), &alt, Faults::default())
}

/// `POST /me/picture`
pub async fn save(upload: SignedUpload) -> Result<Response, Error> {
    let SignedUpload { form: SignedForm { posted, visitor, .. }, file } = upload;
    let (visit, alt) = (posted.visit.clone(), posted.field("alt").to_owned());
    let saved = match remade(file).await? {
        Some(remade) => {
            let (node, now, text, account) = (visit.node().clone(), visit.now, alt.clone(), visitor.account.id.clone());
            let set =
                move |conn: &mut store::Conn| profile::set_picture(conn, &node, &account, Some((&remade, &text)), now);
            visit.write(set).await
        }
        None => Err(domain::Error::Invalid(vec![FieldError::new("picture", message::NOT_A_PICTURE)])),
    };
    match saved {
        Ok(_) => Ok(answer::see(&visit, "/me/picture?saved=1")),
        Err(domain::Error::Invalid(found)) => {
            let own = own(&visit, &visitor.account.id).await?;
            page(&visit, &posted.form, own.as_ref(), &alt, Faults::told(visit.l, &found, &LABELS))
        }
        Err(error) => Err(error.into()),
    }
}

async fn remade(file: Vec<u8>) -> Result<Option<Remade>, Error> {
    let _turn = READING.acquire().await.map_err(|_| Error::Internal)?;
    tokio::task::spawn_blocking(move || picture::remade(&file)).await.map_err(|_| Error::Internal)
}

/// `POST /me/picture/remove`
pub async fn remove(form: SignedForm) -> Result<Response, Error> {
    let SignedForm { posted, visitor, .. } = form;
    let (visit, node, now) = (posted.visit.clone(), posted.visit.node().clone(), posted.visit.now);
    visit.write(move |conn| profile::set_picture(conn, &node, &visitor.account.id, None, now)).await?;
    Ok(answer::see(&visit, "/me/picture?saved=1"))
}

/// `GET /me/picture.jpg`: one's own, whether or not anybody else sees it.
pub async fn own_file(signed_in: SignedIn) -> Result<Response, Error> {
    let account = signed_in.visitor.account.id.clone();
    let portrait = own(&signed_in.visit, &account).await?.and_then(|own| own.picture).ok_or(Error::NotFound)?;
    let name = portrait.path.rsplit('/').next().unwrap_or_default().to_owned();
    file(&signed_in.visit, name, Reader::Member(account)).await
}

/// `GET /media/{name}`: what its person has agreed to show.
pub async fn everybody(visit: Visit, Path(name): Path<String>) -> Result<Response, Error> {
    file(&visit, name, Reader::Anybody).await
}

/// A picture, for who may see it.
///
/// # Errors
/// [`Error::NotFound`] for everybody else.
pub async fn file(visit: &Visit, name: String, reader: Reader) -> Result<Response, Error> {
    let found = visit.read(move |conn| picture::picture(conn, &name, &reader)).await?;
    let bytes = found.ok_or(Error::NotFound)?;
    let headers = [(CONTENT_TYPE, "image/jpeg"), (CONTENT_DISPOSITION, "inline; filename=\"picture.jpg\"")];
    Ok((headers, bytes).into_response())
}

fn page(visit: &Visit, form: &FormToken, own: Option<&Own>, alt: &str, faults: Faults) -> Result<Response, Error> {
    let l = visit.l;
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::BAD_REQUEST };
    let page = Page {
        l,
        frame: Frame::new(visit, &l.t("member-picture"), &l.t("picture-lead")).unlisted(),
        form: form.value().to_owned(),
        steps: steps(visit),
        saved: is_saved(visit),
        written: own.is_some(),
        picture: own.and_then(|own| own.picture.clone()),
        alt: Line::new("alt", label(l, &LABELS, "alt"), alt).required(),
        faults,
    };
    let mut response = answer::html(&page.frame, &page)?;
    *response.status_mut() = status;
    Ok(response)
}
