//! The pages of a node: what people, browsers and link previews see, in Finnish, Swedish and English.
//!
//! A handler reads the request, asks `domain` for views, and answers; it holds no rule and no SQL. Invariants: a page
//! needs no script and loads nothing from another host; one URL serves every language and every form, chosen by the
//! request's headers; nothing that an error says comes from the inside of the program; what is for one person alone is in no
//! cache, and no page of another site can make a reader's browser change anything here ([`csrf`]).

mod answer;
mod assets;
mod card;
mod choices;
mod csrf;
mod error;
mod faults;
mod feeds;
mod fields;
mod gate;
mod i18n;
mod layout;
mod letter;
mod map;
mod moment;
mod month;
mod negotiate;
mod pages;
mod paging;
mod qr;
mod query;
mod quota;
mod router;
mod security_txt;
mod session;
mod staff;
mod structured;
mod texts;
mod upload;
mod visit;

pub use letter::{Letter, letter, setup_address, sign_in_address};
pub use router::{addresses, guard, router};
pub use session::is_secret_path;

/// How the node's mail reaches people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Post {
    /// It is sent.
    Sent,
    /// It is put into this folder: on a test network nobody sends mail.
    Kept(String),
    /// It does not: the operator has named no mail server.
    Missing,
}

/// What the pages need to know of the node that they belong to.
#[derive(Clone)]
pub struct Site {
    /// What its part in the network works with.
    pub state: federation::State,
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
    /// How its mail reaches people.
    pub post: Post,
    /// For the few questions to other servers that a page asks: where somebody follows from, whether this node is reached.
    pub client: federation::client::Client,
}
