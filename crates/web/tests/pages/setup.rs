//! Setting a node up, and those who would like to.

use crate::browser::{Browser, HONEST, token_of};
use crate::seed::{Answer, PAGES, Seeded, bare, now, seeded};
use domain::person::{MailAddress, Secret, account};
use domain::setup;
use http::StatusCode;

const TOLD: [(&str, &str); 8] = [
    ("name", "Kaisa Koordinaattori"),
    ("mail", "kaisa@kulma.example"),
    ("organisation", "Kulman <b>korkeakoulu</b>"),
    ("business_id", "0112038-9"),
    ("contact_mail", "solmu@kulma.example"),
    ("harassment_name", "Heikki Esimerkki"),
    ("harassment_mail", "heikki@kulma.example"),
    ("accepted", "1"),
];

/// What somebody reads before agreeing to it.
const OPEN: [&str; 3] = ["/tietosuoja", "/saavutettavuus", "/turvallisempi-tila"];

/// The path of an address that the operator was given.
fn offered(node: &Seeded, at: store::Timestamp) -> String {
    let secret = Secret::fresh();
    let offer = |conn: &mut store::Conn| setup::offer(conn, &secret, false, at).map_err(store::Error::from);
    assert!(node.scratch.store.write_now(offer).unwrap());
    format!("/setup/{}", secret.reveal())
}

fn is_known(node: &Seeded, mail: &str) -> bool {
    let mail = MailAddress::parse(mail).unwrap();
    let find = |conn: &mut store::Conn| account::find_by_mail(conn, &mail).map_err(store::Error::from);
    node.scratch.store.read_now(find).unwrap().is_some()
}

fn fields(page: &Answer) -> usize {
    page.body.matches("<input").count() - page.body.matches("type=\"hidden\"").count()
}

/// The version of the texts that the form shows.
fn texts_of(page: &Answer) -> String {
    page.body.split("name=\"texts\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

/// Sets the node up, and leaves the browser signed in as its coordinator.
pub async fn set_up(node: &Seeded, browser: &mut Browser<'_>) {
    let path = offered(node, now());
    let page = browser.get(&path).await;
    let answer = browser.send(&page, &path, &[&TOLD[..], &[("texts", &texts_of(&page))]].concat()).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
}

#[tokio::test]
async fn a_coordinator_sets_the_region_up() {
    let node = seeded().await;
    assert!(!node.page("/tietoa").await.body.contains("Y-tunnus"));
    let path = offered(&node, now());
    let mut browser = Browser::new(&node);
    let page = browser.get(&path).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(
        page.body.contains("Pirkanmaa / Birkaland / Pirkanmaa") && page.body.contains("@pirkanmaa@pirkanmaa.example")
    );
    assert!(page.body.contains("<dd>06</dd>") && page.body.contains("Satakunta"), "filled in: {}", page.body);
    assert!((1..=25).contains(&fields(&page)), "{}", fields(&page));
    let older = browser.send(&page, &path, &[&TOLD[..], &[("texts", "2026-10 0123456789abcdef")]].concat()).await;
    assert_eq!(older.status, StatusCode::BAD_REQUEST, "other texts than those that it shows");
    let texts = texts_of(&page);
    let accepted = [&TOLD[..], &[("texts", &texts)]].concat();
    let answer = browser.send(&page, &path, &accepted).await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (StatusCode::SEE_OTHER, "/desk/self-test"),
        "{}",
        answer.body
    );
    let me = browser.get("/me").await;
    assert!(me.body.contains("Kaisa Koordinaattori") && me.body.contains("coordinator"), "{}", me.body);

    let about = node.page("/tietoa").await.body;
    assert!(about.contains("Kulman &#60;b&#62;korkeakoulu") || about.contains("Kulman korkeakoulu"), "{about}");
    assert!(about.contains("Y-tunnus 0112038-9") && about.contains("mailto:solmu@kulma.example"), "{about}");
    for private in ["kaisa@", "heikki@", "Kaisa", "Heikki"] {
        assert!(!about.contains(private), "{private} is nobody's business");
    }
    assert!(is_known(&node, "heikki@kulma.example"));
    let mut late = Browser::new(&node);
    assert_eq!(late.get(&path).await.status, StatusCode::GONE, "an address is good once");
}

#[tokio::test]
async fn what_is_wrong_is_told_and_what_was_typed_stays() {
    let node = seeded().await;
    let path = offered(&node, now());
    let mut browser = Browser::new(&node);
    let page = browser.get(&path).await;
    let typed = [("name", "Kaisa \"K\""), ("mail", "kaisa"), ("business_id", "123"), ("organisation", "Kulma")];
    let answer = browser.send(&page, &path, &typed).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    for (field, words) in [
        ("mail", "Your e-mail address: “kaisa” is no e-mail address."),
        ("business_id", "Business ID (optional): “123” is not a Business ID."),
        ("contact_mail", "Contact address, e-mail: this is missing."),
        ("accepted", "the service cannot be published without these texts."),
    ] {
        assert!(answer.body.contains(words), "{words} in {}", answer.body);
        assert!(answer.body.contains(&format!("href=\"#{field}\"")), "{field}");
        assert!(answer.body.contains(&format!(" aria-invalid=\"true\" aria-describedby=\"{field}-fault\"")), "{field}");
        assert!(answer.body.contains(&format!("id=\"{field}-fault\"")), "{field}");
    }
    assert!(
        answer.body.contains("value=\"Kaisa &#34;K&#34;\"") && answer.body.contains("value=\"Kulma\""),
        "{}",
        answer.body
    );
    assert!(!is_known(&node, "kaisa@kulma.example"));
    let texts = texts_of(&answer);
    let accepted = [&TOLD[..], &[("texts", &texts)]].concat();
    let answer = browser.send(&answer, &path, &accepted).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "the same form, put right: {}", answer.body);
}

#[tokio::test]
async fn c22_nobody_sets_a_node_up_who_was_not_asked_to() {
    let node = seeded().await;
    let path = offered(&node, now());
    let old = offered(&node, now().minus(setup::LIFE));
    let mut thief = Browser::new(&node);
    let form = thief.get("/sign-in").await;
    let token = token_of(&form, "/sign-in");
    for (what, path) in
        [("too old", old.as_str()), ("guessed", &format!("/setup/{}", "0".repeat(64))), ("none", "/setup/x")]
    {
        assert_eq!(thief.get(path).await.status, StatusCode::GONE, "{what}");
        let answer = thief.post(path, &HONEST, &[&TOLD[..], &[("form", &token)]].concat()).await;
        assert_eq!(answer.status, StatusCode::GONE, "{what}");
    }
    for headers in [
        vec![("origin", "https://evil.example"), ("content-type", "application/x-www-form-urlencoded")],
        vec![("origin", "null"), ("content-type", "application/x-www-form-urlencoded")],
    ] {
        let answer = thief.post(&path, &headers, &[&TOLD[..], &[("form", &token)]].concat()).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{headers:?}");
    }
    assert_eq!(thief.post(&path, &HONEST, &TOLD).await.status, StatusCode::FORBIDDEN, "without a token");
    assert!(!is_known(&node, "kaisa@kulma.example"));
    let page = thief.get(&path).await;
    assert_eq!((page.header("cache-control"), page.header("referrer-policy")), ("no-store", "same-origin"));
}

#[tokio::test]
async fn nothing_is_public_before_the_node_is_set_up() {
    let node = bare().await;
    for path in PAGES.into_iter().filter(|path| !OPEN.contains(path)).chain(["/sitemap.xml", "/tapahtumat.ics"]) {
        let answer = node.ask(path, "text/html", "en").await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
        assert!(answer.body.contains("The service is being prepared"), "{path}: {}", answer.body);
        let json = node.ask(path, "application/json", "en").await;
        assert_eq!(json.status, StatusCode::SERVICE_UNAVAILABLE, "{path} as JSON");
    }
    for path in OPEN.into_iter().chain(["/sign-in", "/robots.txt"]) {
        assert_eq!(node.page(path).await.status, StatusCode::OK, "{path} has to be read before");
    }
    let asked = node.ask("/", "application/activity+json", "").await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER, "other servers are told who it is");
    let mut browser = Browser::new(&node);
    set_up(&node, &mut browser).await;
    for path in ["/", "/tapahtumat", "/tapahtumat.ics", "/sitemap.xml"] {
        assert_eq!(node.page(path).await.status, StatusCode::OK, "{path}, from then on");
    }
}
