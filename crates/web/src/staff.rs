//! The door to the desk: a request, or a form, of somebody who runs the node. To all others there is nothing behind it.

use crate::Site;
use crate::csrf::{FormToken, Posted, SignedForm};
use crate::error::Error;
use crate::session::SignedIn;
use crate::visit::Visit;
use axum::extract::{FromRequest, FromRequestParts, Request};
use domain::desk::Staff;
use domain::person::{Second, Visitor};
use http::request::Parts;
use std::sync::Arc;

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
/// [`Error::NotFound`] for all others; [`Error::SetUpSecondStep`] for those who run the node and have not done it in time.
pub fn let_in(visitor: &Visitor) -> Result<Staff, Error> {
    if visitor.second == Second::Overdue {
        return Err(Error::SetUpSecondStep);
    }
    Staff::of(visitor).ok_or(Error::NotFound)
}
