//! Every address for every role, on both databases: who gets what is a table that is written down, and an address that is in
//! no row of the rules fails the test.

use crate::browser::{Browser, HONEST};
use crate::members::with_profile;
use crate::seed::{Seeded, seeded_on};
use crate::staff::{appointed, browser_of};
use domain::audit::By;
use domain::organisation::representative::{self, NewRepresentative};
use domain::person::{MailAddress, Position, position};
use domain::view::Filter;
use domain::{Caller, Language, organisation};
use std::fmt::Write;
use store::id::OrganisationId;

/// The table, as the reference shows it.
const TABLE: &str = "../../docs/reference/access.md";

/// Whom an address is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum For {
    /// Everybody, and the same for everybody.
    Everybody,
    /// Those who have a link in their hands.
    Link,
    /// Everybody who is signed in.
    SignedIn,
    /// Those who speak for the organisation.
    Representative,
    /// Those who hold a position.
    Position,
    /// Those who run the node.
    Staff,
}

/// One rule for each beginning of an address; the longest counts.
const RULES: [(&str, For); 31] = [
    ("/", For::Everybody),
    ("/tapahtumat", For::Everybody),
    ("/tehtavat", For::Everybody),
    ("/tuottajat", For::Everybody),
    ("/organisaatiot", For::Everybody),
    ("/alueet", For::Everybody),
    ("/search", For::Everybody),
    ("/@", For::Everybody),
    ("/seuraa", For::Everybody),
    ("/authorize_interaction", For::Everybody),
    ("/tietoa", For::Everybody),
    ("/sitemap.xml", For::Everybody),
    ("/static/", For::Everybody),
    ("/sign-in", For::Everybody),
    ("/sign-in/{link}", For::Link),
    ("/sign-in/passkey", For::Everybody),
    ("/join", For::Everybody),
    ("/join/sent", For::Everybody),
    ("/join/{link}", For::Link),
    ("/media/", For::Everybody),
    ("/setup/", For::Link),
    ("/second-step", For::SignedIn),
    ("/sign-out", For::SignedIn),
    ("/me", For::SignedIn),
    ("/me/organisations/", For::Representative),
    ("/me/passkeys", For::SignedIn),
    ("/desk", For::Staff),
    ("/desk/processing", For::Position),
    ("/tietosuoja", For::Everybody),
    ("/saavutettavuus", For::Everybody),
    ("/turvallisempi-tila", For::Everybody),
];
/// Addresses of one file each.
const FILES: [&str; 4] = ["/favicon.ico", "/apple-touch-icon.png", "/robots.txt", "/.well-known/security.txt"];

fn rule(path: &str) -> For {
    if FILES.contains(&path) {
        return For::Everybody;
    }
    let fits = |(start, _): &&(&str, For)| match *start {
        "/" => path == "/",
        start => path.starts_with(start),
    };
    let found = RULES.iter().filter(fits).max_by_key(|(start, _)| start.len());
    found.unwrap_or_else(|| panic!("{path} is in no row: say for whom it is")).1
}

const ROLES: [&str; 9] = [
    "anonymous",
    "member",
    "other member",
    "organisation",
    "data contact",
    "harassment contact",
    "deputy",
    "coordinator",
    "national",
];

/// A browser for each role, in their order: a member with a profile; one who held a position once; who speaks for an
/// organisation; those who hold positions; and a coordinator, who asks the national node.
async fn browsers<'a>(node: &'a Seeded, organisation: &OrganisationId) -> Vec<Browser<'a>> {
    let mut all = vec![Browser::new(node), with_profile(node).await];
    let former = appointed(node, Position::DataContact, "former@kulma.example");
    let dismiss = |conn: &mut store::Conn| {
        let now = crate::seed::now();
        position::dismiss(conn, Caller::Coordinator, Position::DataContact, &former.mail, now)
    };
    node.scratch.store.write_now(dismiss).unwrap();
    all.push(browser_of(node, &former).await);
    let new = NewRepresentative {
        mail: MailAddress::parse("kehto@kulma.example").unwrap(),
        name: "Kerttu Kehto".into(),
        language: Language::Fi,
    };
    let name = |conn: &mut store::Conn| {
        representative::name(conn, Caller::Coordinator, &By::OPERATOR, organisation, &new, crate::seed::now())
    };
    let speaker = node.scratch.store.write_now(name).unwrap();
    all.push(browser_of(node, &speaker).await);
    for (held, mail) in [
        (Position::DataContact, "data@kulma.example"),
        (Position::HarassmentContact, "harassment@kulma.example"),
        (Position::Deputy, "deputy@kulma.example"),
        (Position::Coordinator, "coordinator@kulma.example"),
    ] {
        let account = appointed(node, held, mail);
        all.push(browser_of(node, &account).await);
    }
    let mut national = browser_of(node, &appointed(node, Position::Coordinator, "national@kulma.example")).await;
    national.at_national();
    all.push(national);
    all
}

/// An address with something in its parts: an organisation, or a draft of an event.
fn filled(path: &str, organisation: &OrganisationId, draft: &str) -> String {
    let id = if path.contains("/organisations/") { organisation.as_str() } else { draft };
    path.replace("{things}", "events")
        .replace("{step}", "publish")
        .replace("{id}", id)
        .replace("{link}", "x")
        .replace("{name}", "x.jpg")
        .replace("{host}", "keskisuomi.example")
        .replace("{slug}", "talvifestarit-2026")
        .replace("{username}", "pirkanmaa")
        .replace("{*path}", "solmu.css")
}

fn draft(node: &Seeded) -> String {
    let list = |conn: &mut store::Conn| domain::desk::all(conn, "event", true, 0, 1).map_err(store::Error::from);
    node.scratch.store.read_now(list).unwrap()[0].what.id().to_owned()
}

fn first_organisation(node: &Seeded) -> OrganisationId {
    let list = |conn: &mut store::Conn| organisation::list(conn, &Filter::default(), crate::seed::now());
    let found = node.scratch.store.read_now(|conn| list(conn).map_err(store::Error::from)).unwrap();
    OrganisationId::from_text(found.items[0].source.id.rsplit('/').next().unwrap())
}

async fn answers(node: &Seeded) -> Vec<(String, For, Vec<u16>)> {
    let (draft, organisation) = (draft(node), first_organisation(node));
    let mut browsers = browsers(node, &organisation).await;
    let mut rows = Vec::new();
    for address in web::addresses() {
        for method in address.methods {
            let mut row = Vec::new();
            for browser in &mut browsers {
                let path = filled(address.path, &organisation, &draft);
                // A form without its token: nothing may be written, so the table can be gone through in any order.
                let answer = match *method {
                    "get" => browser.get(&path).await,
                    _ => browser.post(&path, &HONEST, &[]).await,
                };
                row.push(answer.status.as_u16());
            }
            rows.push((format!("{} {}", method.to_uppercase(), address.path), rule(address.path), row));
        }
    }
    rows
}

fn expected(method: &str, rule: For, role: usize, path: &str) -> Vec<u16> {
    let role = ROLES[role];
    let signed_in = role != "anonymous";
    let staff = matches!(role, "deputy" | "coordinator" | "national");
    let position = staff || role.ends_with("contact");
    if method == "POST" {
        return vec![403]; // no form is taken without its token
    }
    match rule {
        For::Everybody if path == "/sign-in" && signed_in => vec![303],
        For::Everybody => vec![200, 404],
        For::Link => vec![410],
        For::SignedIn if path == "/second-step" || !signed_in => vec![303],
        For::SignedIn if path == "/me/picture.jpg" => vec![404], // nobody has one
        For::SignedIn => vec![200],
        For::Representative if role == "organisation" => vec![200],
        For::Position if position => vec![200],
        For::Representative | For::Position if signed_in => vec![404],
        For::Staff if staff => vec![200, 404],
        For::Staff if signed_in => vec![404],
        For::Representative | For::Position | For::Staff => vec![303],
    }
}

fn table(rows: &[(String, For, Vec<u16>)]) -> String {
    let mut text = "# Who gets what\n\nEvery address of the pages, and what each role is answered: the status of a request that a browser makes, of a `POST` without\n\
                    the token of a form. Written by a test from the list of the router's own addresses, and compared on both databases. `303` leads to\n\
                    signing in or to where somebody belongs; 404 is what the desk is to those who do not run the node. The national node has the same\n\
                    addresses; those of content of its own answer 404 there. *member* has written a profile, *other member* held a position once,\n\
                    *organisation* speaks for the one that is asked for, *national* is a coordinator at the national node.\n\n"
        .to_owned();
    let _ok = writeln!(text, "| address | for | {} |", ROLES.join(" | "));
    let _ok = writeln!(text, "|---|---|{}", "--:|".repeat(ROLES.len()));
    for (address, rule, row) in rows {
        let whom = match rule {
            For::Everybody => "everybody",
            For::Link => "who has the link",
            For::SignedIn => "who is signed in",
            For::Representative => "who speaks for it",
            For::Position => "who holds a position",
            For::Staff => "who runs the node",
        };
        let row: Vec<String> = row.iter().map(u16::to_string).collect();
        let _ok = writeln!(text, "| `{address}` | {whom} | {} |", row.join(" | "));
    }
    text
}

async fn every_address_for_every_role(scratch: store::testing::Scratch) -> String {
    let node = seeded_on(scratch).await;
    let rows = answers(&node).await;
    for (address, rule, row) in &rows {
        let (method, path) = address.split_once(' ').unwrap();
        for (role, status) in row.iter().enumerate() {
            let expected = expected(method, *rule, role, path);
            assert!(expected.contains(status), "{address} for {}: {status}, not {expected:?}", ROLES[role]);
        }
        if *rule == For::Everybody && path != "/sign-in" {
            let here = &row[..row.len() - 1];
            assert!(here.iter().all(|status| *status == row[0]), "{address} is the same for everybody: {row:?}");
        }
    }
    table(&rows)
}

#[tokio::test]
async fn c21_every_address_for_every_role_on_sqlite() {
    let found = every_address_for_every_role(store::testing::sqlite()).await;
    if std::env::var("INSTA_UPDATE").is_ok_and(|value| value == "always") {
        std::fs::write(TABLE, &found).unwrap();
    }
    assert_eq!(std::fs::read_to_string(TABLE).unwrap_or_default(), found, "INSTA_UPDATE=always writes {TABLE}");
}

#[tokio::test]
async fn c21_every_address_for_every_role_on_postgres() {
    let found = every_address_for_every_role(store::testing::postgres()).await;
    assert_eq!(std::fs::read_to_string(TABLE).unwrap_or_default(), found);
}

/// On the national node there is nothing to write, for nobody.
#[tokio::test]
async fn c21_the_national_node_has_a_desk_without_content() {
    let node = seeded_on(store::testing::sqlite()).await;
    let new = domain::person::Appointment {
        position: Position::Coordinator,
        mail: MailAddress::parse("kaisa@kulma.example").unwrap(),
        name: "Kaisa".into(),
        language: Language::Fi,
    };
    let appoint = |conn: &mut store::Conn| position::appoint(conn, Caller::Coordinator, &new, crate::seed::now());
    let kaisa = node.scratch.store.write_now(appoint).unwrap();
    let mut browser = browser_of(&node, &kaisa).await;
    browser.at_national();
    for (path, status) in [
        ("/desk", 200),
        ("/desk/peers", 200),
        ("/desk/positions", 200),
        ("/desk/log", 200),
        ("/desk/events", 404),
        ("/desk/events/new", 404),
        ("/desk/tasks", 404),
        ("/desk/import", 404),
        ("/desk/imported", 404),
    ] {
        assert_eq!(browser.get(path).await.status.as_u16(), status, "{path}");
    }
    let page = browser.get("/desk").await;
    assert!(!page.body.contains("href=\"/desk/events\"") && page.body.contains("/desk/peers"), "{}", page.body);
}
