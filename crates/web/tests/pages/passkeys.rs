//! Passkeys: registering one, signing in by it, and those who would like to without.

use crate::authenticator::Device;
use crate::browser::{Browser, HONEST, ORIGIN, token_of};
use crate::seed::{Answer, Seeded, now, seeded, seeded_on};
use crate::staff::{appointed, appointed_at, browser_of};
use domain::person::{Account, Position, session};
use http::StatusCode;
use serde_json::Value;

const OWN: &str = "/me/passkeys";
const NEW: &str = "/me/passkeys/new";
const ENTER: &str = "/sign-in/passkey";

/// Asks as the script does, with the token of a form on the page.
async fn question(browser: &mut Browser<'_>, page: &Answer, form: &str, path: &str) -> (String, Value) {
    let token = token_of(page, form);
    let headers = [&HONEST[..], &[("accept", "application/json")]].concat();
    let answer = browser.ask("POST", path, &headers, &format!("form={token}")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let asked = answer.json();
    (asked["question"].as_str().unwrap().to_owned(), asked["options"].clone())
}

/// Registers a device in a browser that is signed in.
async fn register(browser: &mut Browser<'_>, name: &str) -> Device {
    let page = browser.get(OWN).await;
    let (question, options) = question(browser, &page, NEW, "/me/passkeys/begin").await;
    let mut device = Device::at(ORIGIN);
    let answer = device.make(&options);
    let done = browser.send(&page, NEW, &[("question", &question), ("answer", &answer), ("name", name)]).await;
    assert_eq!(
        (done.status, done.header("location")),
        (StatusCode::SEE_OTHER, "/me/passkeys?saved=1"),
        "{}",
        done.body
    );
    device
}

/// Tries to get in; `page` is one with the form for it.
async fn enter(browser: &mut Browser<'_>, page: &Answer, sign: impl FnOnce(&Value) -> String) -> Answer {
    let (question, options) = question(browser, page, ENTER, "/sign-in/passkey/begin").await;
    let answer = sign(&options);
    browser.send(page, ENTER, &[("question", &question), ("answer", &answer)]).await
}

async fn somebody<'a>(node: &'a Seeded, mail: &str) -> (Account, Browser<'a>) {
    let account = appointed(node, Position::DataContact, mail);
    let browser = browser_of(node, &account).await;
    (account, browser)
}

async fn registering_and_signing_in(node: &Seeded) {
    let (_, mut browser) = somebody(node, "aino@kulma.example").await;
    assert!(browser.get("/me").await.body.contains("href=\"/me/passkeys\""));
    let mut device = register(&mut browser, "Puhelin").await;
    let page = browser.get("/me/passkeys?saved=1").await;
    assert!(
        page.body.contains("Puhelin") && page.body.contains("not used yet") && page.body.contains("Saved."),
        "{}",
        page.body
    );

    let mut elsewhere = Browser::new(node);
    let page = elsewhere.get("/sign-in").await;
    let entered = enter(&mut elsewhere, &page, |options| device.sign(options)).await;
    assert_eq!((entered.status, entered.header("location")), (StatusCode::SEE_OTHER, "/me"), "{}", entered.body);
    assert_eq!(elsewhere.cookie("__Host-form"), None, "it has served its turn");
    let me = elsewhere.get("/me").await;
    assert!(me.body.contains("aino@kulma.example") && me.body.contains("registered a passkey"), "{}", me.body);
    assert!(elsewhere.get(OWN).await.body.contains("last used Tue"), "{}", elsewhere.get(OWN).await.body);
    let told = elsewhere.get("/me.json").await.json();
    assert_eq!(told["person"]["passkeys"][0]["name"], "Puhelin");
    let fields = told["person"]["passkeys"][0].as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(fields, ["name", "created", "lastUsed"], "and nothing that a device goes by");
}

#[tokio::test]
async fn registering_and_signing_in_on_sqlite() {
    registering_and_signing_in(&seeded().await).await;
}

#[tokio::test]
async fn registering_and_signing_in_on_postgres() {
    registering_and_signing_in(&seeded_on(store::testing::postgres()).await).await;
}

#[tokio::test]
async fn c22_what_is_wrong_with_a_passkey_is_told_nobody() {
    let node = seeded().await;
    let (_, mut browser) = somebody(&node, "aino@kulma.example").await;
    let mut device = register(&mut browser, "").await;
    assert!(browser.get(OWN).await.body.contains("<p class=\"row-title\">Passkey</p>"), "a name of its own");
    let (mut known, mut stranger) = (Browser::new(&node), Device::at(ORIGIN));
    let page = known.get("/sign-in").await;
    let mut answers = vec![
        enter(&mut known, &page, |options| stranger.sign(options)).await,
        enter(&mut known, &page, |_| "{}".to_owned()).await,
        known.send(&page, ENTER, &[]).await,
    ];
    device.before("https://evil.example");
    answers.push(enter(&mut known, &page, |options| device.sign(options)).await);
    device.before(ORIGIN);
    device.counter = 0;
    answers.push(enter(&mut known, &page, |options| device.sign_again(options)).await);
    for answer in &answers {
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert!(answer.body.contains("The passkey was not accepted."), "{}", answer.body);
        assert_eq!(answer.body, answers[0].body);
    }
    assert_eq!(known.cookie("__Host-session"), None);
}

/// The script's questions are forms like all others: of this node's own pages, as they were given to this browser.
#[tokio::test]
async fn c18_no_other_site_asks_or_signs_in() {
    let node = seeded().await;
    let (_, mut browser) = somebody(&node, "aino@kulma.example").await;
    let mut device = register(&mut browser, "Puhelin").await;
    let mut victim = Browser::new(&node);
    let page = victim.get("/sign-in").await;
    let (name, options) = question(&mut victim, &page, ENTER, "/sign-in/passkey/begin").await;
    let (token, answer) = (token_of(&page, ENTER), device.sign(&options));
    let kind = ("content-type", "application/x-www-form-urlencoded");
    let fields = [("form", token.as_str()), ("question", &name), ("answer", &answer)];
    for headers in [vec![("origin", "https://evil.example"), kind], vec![("origin", "null"), kind], vec![kind]] {
        for path in [ENTER, "/sign-in/passkey/begin", OWN, NEW, "/me/passkeys/begin"] {
            assert_eq!(victim.post(path, &headers, &fields).await.status, StatusCode::FORBIDDEN, "{path}");
        }
    }
    let mut attacker = Browser::new(&node);
    attacker.get("/sign-in").await;
    assert_eq!(attacker.post(ENTER, &HONEST, &fields).await.status, StatusCode::FORBIDDEN, "another browser's token");
    for path in [OWN, NEW, "/me/passkeys/begin"] {
        let answer = victim.post(path, &HONEST, &fields).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}: nobody is signed in");
    }
    assert_eq!(victim.post(ENTER, &HONEST, &fields).await.header("location"), "/me", "the question was not used up");
}

#[tokio::test]
async fn it_is_both_steps_for_who_runs_the_node() {
    let node = seeded().await;
    let long_ago = now().minus(session::GRACE);
    let kaisa = appointed_at(&node, Position::Coordinator, "kaisa@kulma.example", long_ago);
    let mut first = browser_of(&node, &kaisa).await;
    assert_eq!(first.get("/desk").await.header("location"), "/me/second-step", "none is set up");
    let mut device = register(&mut first, "Avain").await;
    assert_eq!(first.get("/desk").await.status, StatusCode::OK, "her device has just checked her");

    let mut by_mail = browser_of(&node, &kaisa).await;
    assert_eq!(by_mail.get("/desk").await.header("location"), "/second-step");
    let page = by_mail.get("/second-step").await;
    assert!(!page.body.contains("name=\"code\""), "there are no codes: {}", page.body);
    assert!(page.header("content-security-policy").contains("script-src 'self'"));
    let entered = enter(&mut by_mail, &page, |options| device.sign(options)).await;
    assert_eq!(entered.header("location"), "/desk", "{}", entered.body);
    assert_eq!(by_mail.get("/desk").await.status, StatusCode::OK);

    let page = by_mail.get(OWN).await;
    let key = page.body.split("name=\"key\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert_eq!(by_mail.send(&page, OWN, &[("do", "remove"), ("key", &key)]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(first.get("/me").await.header("location"), "/sign-in", "other browsers are signed out");
    assert_eq!(by_mail.get("/desk").await.header("location"), "/me/second-step", "and it is to be set up again");
}

#[tokio::test]
async fn names_are_typed_and_keys_are_ones_own() {
    let node = seeded().await;
    let (_, mut aino) = somebody(&node, "aino@kulma.example").await;
    let (_, mut eve) = somebody(&node, "eve@evil.example").await;
    register(&mut aino, "<script>alert(1)</script>").await;
    let page = aino.get(OWN).await;
    assert!(
        page.body.contains("<p class=\"row-title\">Passkey</p>") && !page.body.contains("alert(1)"),
        "{}",
        page.body
    );
    let key = page.body.split("name=\"key\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let renamed = aino.send(&page, OWN, &[("do", "rename"), ("key", &key), ("name", " Kello ")]).await;
    assert_eq!(renamed.status, StatusCode::SEE_OTHER);
    let nameless = aino.send(&page, OWN, &[("do", "rename"), ("key", &key), ("name", " ")]).await;
    assert_eq!(nameless.status, StatusCode::BAD_REQUEST);
    assert!(nameless.body.contains("<p class=\"row-title\">Kello</p>"), "{}", nameless.body);
    register(&mut eve, "Oma").await;
    let page = eve.get(OWN).await;
    for (what, name) in [("rename", "Eve"), ("remove", "")] {
        let answer = eve.send(&page, OWN, &[("do", what), ("key", &key), ("name", name)]).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{what}");
    }
    assert!(aino.get(OWN).await.body.contains("<p class=\"row-title\">Kello</p>"));
}

/// One script of our own on the pages that need it, and none anywhere else; without it the pages say what is left.
#[tokio::test]
async fn c01_a_script_runs_on_the_pages_for_passkeys_alone() {
    let node = seeded().await;
    let (_, mut browser) = somebody(&node, "aino@kulma.example").await;
    let own = browser.get(OWN).await;
    let signing_in = Browser::new(&node).get("/sign-in").await;
    for page in [&own, &signing_in] {
        let policy = page.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none';") && policy.contains("script-src 'self'; connect-src 'self'"));
        assert!(!policy.contains("unsafe") && !policy.contains("http"), "{policy}");
        assert_eq!(page.body.matches("<script").count(), 1);
        let address = page.body.split("<script src=\"").nth(1).unwrap().split('"').next().unwrap();
        assert!(address.starts_with("/static/passkey.js?v="), "{address}");
        let script = node.page(address).await;
        assert_eq!(script.header("content-type"), "text/javascript; charset=utf-8");
        assert!(script.header("cache-control").contains("immutable"));
    }
    assert!(own.body.contains("data-passkey=\"create\" data-begin=\"/me/passkeys/begin\" hidden"), "{}", own.body);
    assert!(signing_in.body.contains("data-passkey=\"get\" data-begin=\"/sign-in/passkey/begin\" hidden"));
    for path in ["/", "/me", "/join", "/me/second-step", "/me/positions", "/nothing"] {
        let page = browser.get(path).await;
        assert!(!page.header("content-security-policy").contains("script-src"), "{path}");
        assert!(!page.body.contains("<script src"), "{path}");
    }
}
