//! People of the region, signed in.

use crate::browser::Browser;
use crate::seed::{Seeded, now};
use domain::person::{Account, Appointment, MailAddress, Position, Secret, link, position};
use domain::{Caller, Language};
use http::StatusCode;
use store::Timestamp;

/// Somebody who was given a position at a moment.
pub fn appointed_at(node: &Seeded, held: Position, mail: &str, at: Timestamp) -> Account {
    let new = Appointment {
        position: held,
        mail: MailAddress::parse(mail).unwrap(),
        name: format!("Henkilö {}", mail.split('@').next().unwrap()),
        language: Language::Fi,
    };
    node.scratch.store.write_now(|conn| position::appoint(conn, Caller::Coordinator, &new, at)).unwrap()
}

/// Somebody with a position.
pub fn appointed(node: &Seeded, held: Position, mail: &str) -> Account {
    appointed_at(node, held, mail, now())
}

/// A browser in which somebody has used a link; also when a second step is to come.
pub async fn browser_of<'a>(node: &'a Seeded, account: &Account) -> Browser<'a> {
    let secret = Secret::fresh();
    let make = |conn: &mut store::Conn| link::make(conn, &account.id, &secret, now()).map_err(store::Error::from);
    assert!(node.scratch.store.write_now(make).unwrap());
    let path = format!("/sign-in/{}", secret.reveal());
    let mut browser = Browser::new(node);
    let page = browser.get(&path).await;
    assert_eq!(browser.send(&page, &path, &[]).await.status, StatusCode::SEE_OTHER);
    browser
}

/// The coordinator Kaisa, signed in.
pub async fn kaisa(node: &Seeded) -> Browser<'_> {
    let kaisa = appointed(node, Position::Coordinator, "kaisa@kulma.example");
    browser_of(node, &kaisa).await
}
