//! The pages of a node: what people, browsers and link previews see, in Finnish, Swedish and English.
//!
//! A handler reads the request, asks `domain` for views, and answers; it holds no rule and no SQL. Invariants: a page
//! needs no script and loads nothing from another host; one URL serves every language and every form, chosen by the
//! request's headers; nothing that an error says comes from the inside of the program. Left out: signing in, and with it
//! every form that changes something.

mod answer;
mod assets;
mod card;
mod error;
mod feeds;
mod i18n;
mod layout;
mod moment;
mod negotiate;
mod pages;
mod query;
mod router;
mod security_txt;
mod structured;
mod visit;

pub use router::{guard, router};

/// What the pages need to know of the node that they belong to.
#[derive(Clone)]
pub struct Site {
    /// Its database.
    pub store: store::Store,
    /// Whose node it is.
    pub node: domain::Node,
    /// Its clock.
    pub clock: store::Clock,
    /// The version of the program, for the foot of the page.
    pub version: String,
    /// Where the source code of the running version is offered (AGPL-3.0 §13), if the operator has said so.
    pub repository: Option<String>,
    /// To whom holes in the node are reported (RFC 9116): a `mailto:` or `https:` address, if the operator has named one.
    pub security_contact: Option<String>,
}
