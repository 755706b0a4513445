//! Every address for every role, on both databases: who gets what is a table that is written down, and an address that is in
//! no row of the rules fails the test.

use crate::between_servers;
use crate::browser::{Browser, HONEST, token_of};
use crate::members::with_profile;
use crate::seed::{Answer, Seeded, seeded_on};
use crate::shown::Shown;
use crate::staff::{appointed, browser_of};
use domain::audit::By;
use domain::organisation::representative::{self, NewRepresentative};
use domain::person::{MailAddress, Position, position, session};
use domain::view::Filter;
use domain::{Caller, Language, organisation};
use std::fmt::Write;
use store::id::OrganisationId;

/// The tables, as the reference shows them.
const TABLE: &str = "../../docs/reference/access.md";
/// Where the part begins that a test of the program writes.
const OF_THE_PROGRAM: &str = "## The program itself\n";

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

/// Forms with a file.
const UPLOADS: [&str; 2] = ["/me/picture", "/desk/import"];

pub const ROLES: [&str; 9] = [
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

fn first_organisation(node: &Seeded) -> OrganisationId {
    let list = |conn: &mut store::Conn| organisation::list(conn, &Filter::default(), crate::seed::now());
    let found = node.scratch.store.read_now(|conn| list(conn).map_err(store::Error::from)).unwrap();
    OrganisationId::from_text(found.items[0].source.id.rsplit('/').next().unwrap())
}

/// What a role was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Answered {
    status: u16,
    /// It is led to signing in.
    signs_in: bool,
}

impl Answered {
    fn of(answer: &Answer) -> Answered {
        Answered { status: answer.status.as_u16(), signs_in: answer.header("location") == "/sign-in" }
    }
}

/// An address with a method, and what each role was answered.
struct Row {
    method: &'static str,
    path: &'static str,
    roles: Vec<Answered>,
}

/// Those of the pages, and what is said to other servers.
async fn answers(node: &Seeded) -> (Vec<Row>, String) {
    let organisation = first_organisation(node);
    let mut browsers = browsers(node, &organisation).await;
    let shown = Shown::on(node, organisation, &mut browsers).await;
    let mut rows = looked_at(&shown, &mut browsers).await;
    let between_servers = between_servers::table(node, &mut browsers).await;
    rows.extend(written(node, &shown, browsers).await);
    (rows, between_servers)
}

fn all(method: &'static str) -> impl DoubleEndedIterator<Item = &'static str> {
    let has = move |address: &federation::Address| address.methods.contains(&method);
    web::addresses().filter(has).map(|address| address.path).collect::<Vec<_>>().into_iter()
}

/// What is asked for is answered; and no form is taken without its token.
async fn looked_at(shown: &Shown, browsers: &mut [Browser<'_>]) -> Vec<Row> {
    for address in all("post") {
        for (role, browser) in ROLES.into_iter().zip(browsers.iter_mut()) {
            let answer = browser.post(&shown.path("post", address, role), &HONEST, told(address)).await;
            assert_eq!(answer.status.as_u16(), 403, "POST {address} for {role}, without a token");
        }
    }
    let mut rows = Vec::new();
    for path in all("get") {
        let mut roles = Vec::new();
        for (role, browser) in ROLES.into_iter().zip(browsers.iter_mut()) {
            roles.push(Answered::of(&browser.get(&shown.path("get", path, role)).await));
        }
        rows.push(Row { method: "GET", path, roles });
    }
    rows
}

/// Every form, from every role, with the token that is good for its own forms. Whoever is nobody here has the cookie and the
/// token of a session that has ended.
async fn written<'a>(node: &'a Seeded, shown: &Shown, mut browsers: Vec<Browser<'a>>) -> Vec<Row> {
    let (ended, token) = ended(node).await;
    browsers[0] = ended;
    let mut tokens = vec![token];
    for browser in &mut browsers[1..] {
        tokens.push(token_of(&browser.get("/me").await, "/sign-out"));
    }
    // Those that end the sessions come last, and of these the one for which a session is needed first.
    let (ends, stays): (Vec<_>, Vec<_>) = all("post").partition(|path| path.starts_with("/sign-out"));
    let mut rows = Vec::new();
    for path in stays.into_iter().chain(ends.into_iter().rev()) {
        let mut roles = Vec::new();
        for ((role, browser), token) in ROLES.into_iter().zip(&mut browsers).zip(&tokens) {
            let kept = browser.cookies.clone();
            let answer = sent(browser, path, &shown.path("post", path, role), token).await;
            browser.cookies = kept;
            roles.push(Answered::of(&answer));
        }
        rows.push(Row { method: "POST", path, roles });
    }
    rows
}

async fn ended(node: &Seeded) -> (Browser<'_>, String) {
    let account = appointed(node, Position::HarassmentContact, "ended@kulma.example");
    let mut browser = browser_of(node, &account).await;
    let token = token_of(&browser.get("/me").await, "/sign-out");
    let end = |conn: &mut store::Conn| session::end_all(conn, &account.id).map_err(store::Error::from);
    node.scratch.store.write_now(end).unwrap();
    (browser, token)
}

async fn sent(browser: &mut Browser<'_>, address: &str, path: &str, token: &str) -> Answer {
    if !UPLOADS.contains(&address) {
        return browser.post(path, &HONEST, &[told(address), &[("form", token)]].concat()).await;
    }
    let kind = ("content-type", "multipart/form-data; boundary=x");
    let headers = [HONEST[0], HONEST[1], kind, ("accept", "text/html"), ("accept-language", "en")];
    let body = format!("--x\r\ncontent-disposition: form-data; name=\"form\"\r\n\r\n{token}\r\n--x--\r\n");
    browser.ask("POST", path, &headers, &body).await
}

/// What a form is sent with: as little as shows that it was read, and nothing that a later row would miss.
fn told(address: &str) -> &'static [(&'static str, &'static str)] {
    match address {
        "/me/profile" => &[("name", "Aino Esimerkki")],
        "/me/publication" => &[("on", "name")],
        "/me/invitation" => &[("do", "decline")],
        "/me/second-step" => &[("do", "begin")],
        "/me/passkeys" => &[("do", "rename")],
        "/me/positions" | "/desk/positions" => &[("do", "offer"), ("position", "deputy")],
        "/desk" | "/desk/peers" => &[("do", "try"), ("what", "nobody.example")],
        "/desk/import/{id}" => &[("do", "put-in")],
        "/desk/imported" => &[("do", "invite")],
        "/desk/{things}/new" | "/desk/{things}/{id}" => &[("do", "save")],
        _ => &[],
    }
}

fn is_staff(role: &str) -> bool {
    matches!(role, "deputy" | "coordinator" | "national")
}

/// Whether an address is for a role at all.
fn may(role: &str, rule: For) -> bool {
    match rule {
        For::Everybody | For::Link => true,
        For::SignedIn => role != "anonymous",
        For::Representative => role == "organisation",
        For::Position => is_staff(role) || role.ends_with("contact"),
        For::Staff => is_staff(role),
    }
}

/// Whether that is the answer for a role. To those whom an address is not for there is nothing, and who is not signed in is
/// sent to do that; everybody else gets the page, or has the form read, whatever is found wrong with it then.
fn is_right(row: &Row, role: &str, Answered { status, signs_in }: Answered) -> bool {
    let rule = rule(row.path);
    if !may(role, rule) && row.path != "/sign-out" {
        return if role == "anonymous" { signs_in } else { status == 404 };
    }
    // The national node has no content of its own, and no members.
    let absent = status == 404 && role == "national";
    match (row.method, row.path) {
        _ if rule == For::Link => status == 410,
        ("GET", "/sign-in") if role != "anonymous" => status == 303 && !signs_in,
        ("GET", "/second-step") => status == 303,
        (_, "/me/address/{link}") => status == 410, // also a link of one's own
        ("GET", "/me/picture.jpg") => status == if role == "member" { 200 } else { 404 },
        ("GET", _) => status == 200 || absent,
        // They have no second step to take, and nobody has invited them.
        (_, "/second-step" | "/me/invitation") => status == 404,
        _ => absent || (!signs_in && status < 500 && ![403, 404].contains(&status)),
    }
}

fn table(rows: &[Row]) -> String {
    let mut text = "# Who gets what\n\nEvery address of the pages, and what each role is answered: the status of a request that a browser makes (`GET`), or of a form\n\
                    with the token of the role's own session (`POST`), and *sign-in* where it is led to signing in. Without the token every form is\n\
                    answered 403. A form holds as little as shows that it was read: what is missing is answered 400, what cannot be done now 409; 303\n\
                    leads on after something was done, or to where somebody belongs. Written by a test from the list of the router's own addresses, and\n\
                    compared on both databases. 404 is what the desk is to those who do not run the node. The national node has the same addresses; those\n\
                    of content of its own answer 404 there. *anonymous* sends forms of a session that has ended, *member* has a profile with a picture,\n\
                    *other member* held a position once, *organisation* speaks for the one that is asked for, *national* is a coordinator at the national\n\
                    node.\n\n"
        .to_owned();
    let _ok = writeln!(text, "| address | for | {} |", ROLES.join(" | "));
    let _ok = writeln!(text, "|---|---|{}", "--:|".repeat(ROLES.len()));
    for row in rows {
        let whom = match rule(row.path) {
            For::Everybody => "everybody",
            For::Link => "who has the link",
            For::SignedIn => "who is signed in",
            For::Representative => "who speaks for it",
            For::Position => "who holds a position",
            For::Staff => "who runs the node",
        };
        let word = |answered: &Answered| match answered.signs_in {
            true => "sign-in".to_owned(),
            false => answered.status.to_string(),
        };
        let roles: Vec<String> = row.roles.iter().map(word).collect();
        let _ok = writeln!(text, "| `{} {}` | {whom} | {} |", row.method, row.path, roles.join(" | "));
    }
    text
}

async fn every_address_for_every_role(scratch: store::testing::Scratch) -> String {
    let node = seeded_on(scratch).await;
    let (rows, between_servers) = answers(&node).await;
    for row in &rows {
        let Row { method, path, roles } = row;
        assert_eq!(roles.len(), ROLES.len());
        for (role, answered) in ROLES.into_iter().zip(roles) {
            assert!(is_right(row, role, *answered), "{method} {path} for {role}: {answered:?}");
        }
        if rule(path) == For::Everybody && *path != "/sign-in" {
            let here = &roles[..roles.len() - 1];
            assert!(here.iter().all(|one| *one == roles[0]), "{method} {path} is the same for everybody: {roles:?}");
        }
    }
    table(&rows) + &between_servers
}

/// What the reference says now: our part, and that of the program's own test.
fn written_down() -> (String, String) {
    let text = std::fs::read_to_string(TABLE).unwrap_or_default();
    let ours = text.find(OF_THE_PROGRAM).unwrap_or(text.len());
    (text[..ours].to_owned(), text[ours..].to_owned())
}

#[tokio::test]
async fn c21_every_address_for_every_role_on_sqlite() {
    let found = every_address_for_every_role(store::testing::sqlite()).await;
    if std::env::var("INSTA_UPDATE").is_ok_and(|value| value == "always") {
        std::fs::write(TABLE, found.clone() + &written_down().1).unwrap();
    }
    assert_eq!(written_down().0, found, "INSTA_UPDATE=always writes {TABLE}");
}

#[tokio::test]
async fn c21_every_address_for_every_role_on_postgres() {
    let found = every_address_for_every_role(store::testing::postgres()).await;
    assert_eq!(written_down().0, found);
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
