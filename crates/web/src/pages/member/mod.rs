//! What a member does here: writes the own profile, decides what of it is published, and goes again.
//!
//! Invariant: every page here is of the one who is signed in; no address names anybody else's.

pub mod account;
pub mod data;
pub mod invitation;
pub mod picture;
pub mod profile;
pub mod publication;
pub mod rights;
pub mod skills;
pub mod work;

use crate::error::Error;
use crate::i18n::{Key, Locale};
use crate::visit::Visit;
use domain::producer::own::{self, Own};
use store::id::AccountId;

/// A page of one's own, in the row above each of them.
pub struct Step {
    /// Where it is.
    pub link: String,
    /// What it is called.
    pub label: String,
    /// It is this one.
    pub current: bool,
}

const STEPS: [(&str, Key); 6] = [
    ("/me", Key("member-own")),
    ("/me/profile", Key("member-profile")),
    ("/me/skills", Key("member-skills")),
    ("/me/work", Key("member-work")),
    ("/me/picture", Key("member-picture")),
    ("/me/publication", Key("member-publication")),
];

/// The pages of one's own.
pub fn steps(visit: &Visit) -> Vec<Step> {
    let l: Locale = visit.l;
    let step =
        |(path, label): &(&str, Key)| Step { link: l.link(path), label: label.text(l), current: visit.path == *path };
    STEPS.iter().map(step).collect()
}

/// The own profile of an account.
///
/// # Errors
/// Those of the database.
pub async fn own(visit: &Visit, account: &AccountId) -> Result<Option<Own>, Error> {
    let account = account.clone();
    visit.read(move |conn| own::find(conn, &account)).await
}

/// Whether this request comes back from a form that was taken.
pub fn is_saved(visit: &Visit) -> bool {
    visit.asked("saved") == "1"
}
