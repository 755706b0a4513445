//! The door to the desk: a request, or a form, of somebody who runs the node. To all others there is nothing behind it. What
//! they are shown of a person is written into the log ([`looks_at`]).

use crate::Site;
use crate::csrf::{FormToken, Posted, SignedForm};
use crate::error::Error;
use crate::session::SignedIn;
use crate::visit::Visit;
use axum::extract::{FromRequest, FromRequestParts, Request};
use domain::audit::{self, Deed, Subject};
use domain::desk::Staff;
use domain::person::{Second, Visitor};
use http::request::Parts;
use std::sync::Arc;
use store::Conn;

/// A request of somebody who runs the node.
pub struct AtDesk {
    /// The request.
    pub visit: Visit,
    /// Who it is.
    pub visitor: Visitor,
    /// As what they act.
    pub staff: Staff,
    /// For the forms of the answer.
    pub form: FormToken,
}

impl FromRequestParts<Arc<Site>> for AtDesk {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, site: &Arc<Site>) -> Result<Self, Error> {
        let SignedIn { visit, visitor, form } = SignedIn::from_request_parts(parts, site).await?;
        let staff = let_in(&visitor)?;
        Ok(AtDesk { visit, visitor, staff, form })
    }
}

/// A form of somebody who runs the node.
pub struct DeskForm {
    /// The form.
    pub posted: Posted,
    /// Who it is.
    pub visitor: Visitor,
    /// As what they act.
    pub staff: Staff,
    /// For the forms of the answer.
    pub form: FormToken,
}

impl FromRequest<Arc<Site>> for DeskForm {
    type Rejection = Error;

    async fn from_request(request: Request, site: &Arc<Site>) -> Result<Self, Error> {
        let SignedForm { posted, visitor, form } = SignedForm::from_request(request, site).await?;
        let staff = let_in(&visitor)?;
        Ok(DeskForm { posted, visitor, staff, form })
    }
}

/// The visitor as staff.
///
/// # Errors
/// [`Error::NotFound`] for all others; [`Error::SetUpSecondStep`] for those who hold a position and have not done it in time.
pub fn let_in(visitor: &Visitor) -> Result<Staff, Error> {
    in_time(visitor)?;
    Staff::of(visitor).ok_or(Error::NotFound)
}

/// Leads those whose positions rest to what they have to do about it.
///
/// # Errors
/// [`Error::SetUpSecondStep`] for those who hold a position and have not set the second step up in time.
pub fn in_time(visitor: &Visitor) -> Result<(), Error> {
    if visitor.second == Second::Overdue { Err(Error::SetUpSecondStep) } else { Ok(()) }
}

/// Writes down whose data somebody who runs the node is about to be shown. They can read it, and are not shown when it cannot
/// be written.
///
/// # Errors
/// Those of the database.
pub async fn looks_at(visit: &Visit, staff: &Staff, whom: Vec<Subject>) -> Result<(), Error> {
    if whom.is_empty() {
        return Ok(());
    }
    let (by, now) = (staff.by().clone(), visit.now);
    let unseen = visit.read(move |conn| audit::unseen(conn, &by, whom, now)).await?;
    if unseen.is_empty() {
        return Ok(());
    }
    let by = staff.by().clone();
    let note = move |conn: &mut Conn| {
        for one in &unseen {
            audit::note(conn, &by, Deed::LookedAt, one, "", now)?;
        }
        Ok::<_, store::Error>(())
    };
    Ok(visit.write(note).await?)
}
