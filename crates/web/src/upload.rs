//! A form with a file, of somebody who runs the node. The same two fences as of every form ([`crate::csrf`]), and two more:
//! nothing of the body is read before it is known who sends it, and nothing of the file before the token was shown, which
//! stands first in the form.

use crate::Site;
use crate::csrf::{self, FormToken};
use crate::error::Error;
use crate::session::{Cookie, SignedIn};
use crate::staff;
use crate::visit::Visit;
use axum::extract::multipart::MultipartError;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request};
use domain::desk::Staff;
use domain::import::MAX_FILE;
use domain::typed::Typed;
use http::StatusCode;
use std::sync::Arc;

/// Bytes of such a form at most: the file, and what stands around it.
const LARGEST: usize = MAX_FILE + (64 << 10);
/// Parts of it at most.
const MOST: usize = 16;
const KIND: &str = "multipart/form-data";

/// See the module.
pub struct DeskUpload {
    /// The request.
    pub visit: Visit,
    /// As what they act.
    pub staff: Staff,
    /// For the forms of the answer.
    pub form: FormToken,
    /// The fields beside the file.
    pub typed: Typed,
    /// What the file is called, and what is in it.
    pub file: Option<(String, Vec<u8>)>,
}

impl FromRequest<Arc<Site>> for DeskUpload {
    type Rejection = Error;

    async fn from_request(mut request: Request, site: &Arc<Site>) -> Result<Self, Error> {
        let (headers, origin) = (request.headers(), &site.node.origin);
        if !csrf::is_from_here(headers, origin) || !csrf::is_of_kind(headers, KIND) {
            return Err(Error::Forbidden);
        }
        let session = Cookie::Session.read(headers, origin).ok_or(Error::Forbidden)?;
        let visit = Visit::of(site, request.uri(), headers);
        let visitor = SignedIn::of(&visit, &session).await?;
        let staff = staff::let_in(&visitor)?;
        DefaultBodyLimit::max(LARGEST).apply(&mut request);
        let mut parts = Multipart::from_request(request, &()).await.map_err(|_| Error::Forbidden)?;
        let (mut typed, mut file, mut shown) = (Typed::default(), None, false);
        for _ in 0..MOST {
            let Some(part) = parts.next_field().await.map_err(unreadable)? else { break };
            let name = part.name().unwrap_or_default().to_owned();
            let file_name = part.file_name().map(str::to_owned);
            if file_name.is_some() && !shown {
                return Err(Error::Forbidden);
            }
            let content = part.bytes().await.map_err(unreadable)?;
            match file_name {
                Some(file_name) => file = Some((file_name, content.to_vec())),
                None => typed.add(&name, String::from_utf8_lossy(&content).into_owned()),
            }
            shown = shown || csrf::shows_token(&session, typed.first(csrf::FIELD));
        }
        if !shown {
            return Err(Error::Forbidden);
        }
        Ok(DeskUpload { visit, staff, form: FormToken::of_session(&session), typed, file })
    }
}

fn unreadable(error: MultipartError) -> Error {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE { Error::TooLarge } else { Error::Forbidden }
}
