//! The second step of signing in, and those who would like to do without.

use crate::browser::Browser;
use crate::seed::{Answer, Seeded, now, seeded};
use crate::staff::{appointed, appointed_at, browser_of};
use domain::person::{Account, Position, second_step};
use http::StatusCode;
use std::time::Duration;

const PATH: &str = "/me/second-step";

/// The key that the page shows.
fn key_of(page: &Answer) -> String {
    let rest = page.body.split("<code class=\"handle\" translate=\"no\">").nth(1).unwrap();
    rest.split('<').next().unwrap().replace(' ', "")
}

fn codes_of(page: &Answer) -> Vec<String> {
    let parts = page.body.split("<li><code translate=\"no\">").skip(1);
    parts.map(|rest| rest.split('<').next().unwrap().to_owned()).collect()
}

/// Sets it up; the key and the recovery codes.
async fn set_up(browser: &mut Browser<'_>) -> (String, Vec<String>) {
    let page = browser.get(PATH).await;
    let begun = browser.send(&page, PATH, &[("do", "begin")]).await;
    assert_eq!(begun.header("location"), PATH, "{}", begun.body);
    let page = browser.get(PATH).await;
    assert!(page.body.contains("<svg class=\"qr\""), "{}", page.body);
    let key = key_of(&page);
    let wrong = browser.send(&page, PATH, &[("do", "confirm"), ("code", "000000")]).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST, "{}", wrong.body);
    let code = second_step::code_of(&key, now());
    let done = browser.send(&page, PATH, &[("do", "confirm"), ("code", &code)]).await;
    let codes = codes_of(&done);
    assert_eq!(codes.len(), 8, "{}", done.body);
    (key, codes)
}

async fn half_signed_in<'a>(node: &'a Seeded, account: &Account) -> Browser<'a> {
    let mut browser = browser_of(node, account).await;
    assert_eq!(browser.get("/desk").await.header("location"), "/second-step");
    browser
}

async fn try_code(browser: &mut Browser<'_>, code: &str) -> Answer {
    let page = browser.get("/second-step").await;
    browser.send(&page, "/second-step", &[("code", code)]).await
}

#[tokio::test]
async fn c22_a_link_alone_opens_nothing_to_who_has_a_second_step() {
    let node = seeded().await;
    let aino = appointed(&node, Position::Coordinator, "aino@kulma.example");
    let mut first = browser_of(&node, &aino).await;
    let (key, codes) = set_up(&mut first).await;
    assert_eq!(first.get("/desk").await.status, StatusCode::OK, "this browser has taken the step");
    assert!(!first.get(PATH).await.body.contains(&codes[0]), "the codes are shown once");

    let mut thief = half_signed_in(&node, &aino).await;
    for path in ["/me", "/me.json", "/desk/events/new", "/desk/peers", PATH, "/me/positions"] {
        assert_eq!(thief.get(path).await.header("location"), "/second-step", "{path}");
    }
    let page = thief.get("/second-step").await;
    let token = crate::browser::token_of(&page, "/second-step");
    for path in [PATH, "/desk", "/me/positions", "/sign-out-everywhere"] {
        let answer = thief.post(path, &crate::browser::HONEST, &[("form", &token), ("do", "remove")]).await;
        assert_eq!(answer.header("location"), "/second-step", "{path}");
    }
    // The code that was used to set it up, and none but the right one.
    for code in [second_step::code_of(&key, now()).as_str(), "", "123456", "000000"] {
        assert_eq!(try_code(&mut thief, code).await.status, StatusCode::BAD_REQUEST, "{code}");
    }
    assert_eq!(thief.get("/desk").await.header("location"), "/second-step");

    let mut second = half_signed_in(&node, &aino).await;
    let answer = try_code(&mut second, &codes[0].to_uppercase()).await;
    assert_eq!(answer.header("location"), "/sign-in", "{}", answer.body);
    assert_eq!(second.get("/sign-in").await.header("location"), "/desk");
    assert_eq!(second.get("/desk").await.status, StatusCode::OK);
    let mut third = half_signed_in(&node, &aino).await;
    assert_eq!(try_code(&mut third, &codes[0]).await.status, StatusCode::BAD_REQUEST, "a recovery code works once");
}

#[tokio::test]
async fn c22_codes_are_not_tried_without_end() {
    let node = seeded().await;
    let aino = appointed(&node, Position::Coordinator, "aino@kulma.example");
    let mut first = browser_of(&node, &aino).await;
    let (_, codes) = set_up(&mut first).await;
    let mut thief = half_signed_in(&node, &aino).await;
    for number in 0..5 {
        assert!(
            try_code(&mut thief, &format!("00000{number}")).await.body.contains("The code is not valid"),
            "{number}"
        );
    }
    let answer = try_code(&mut thief, &codes[1]).await;
    assert!(
        answer.status == StatusCode::BAD_REQUEST && answer.body.contains("Too many wrong codes"),
        "{}",
        answer.body
    );
}

#[tokio::test]
async fn who_holds_a_position_has_two_weeks_to_set_it_up() {
    let node = seeded().await;
    let fresh = appointed(&node, Position::Coordinator, "fresh@kulma.example");
    let mut fresh = browser_of(&node, &fresh).await;
    for path in [PATH, "/me"] {
        let page = fresh.get(path).await;
        assert!(page.body.contains("Set it up by Tue"), "{path}: {}", page.body);
    }
    let long_ago = now().minus(Duration::from_secs(14 * 24 * 3600));
    let late = appointed_at(&node, Position::Deputy, "late@kulma.example", long_ago);
    let mut late = browser_of(&node, &late).await;
    assert_eq!(late.get("/desk").await.header("location"), PATH);
    assert_eq!(late.get("/me").await.status, StatusCode::OK, "what is their own stays open");
    set_up(&mut late).await;
    assert_eq!(late.get("/desk").await.status, StatusCode::OK);
    for (held, mail) in
        [(Position::DataContact, "data@kulma.example"), (Position::HarassmentContact, "contact@kulma.example")]
    {
        let contact = appointed_at(&node, held, mail, long_ago);
        let mut contact = browser_of(&node, &contact).await;
        assert_eq!(contact.get("/desk/processing").await.header("location"), PATH, "{held:?}: it rests");
        let me = contact.get("/me").await.body;
        assert!(me.contains("Yours rests until you have set it up"), "and its holder is told: {me}");
        set_up(&mut contact).await;
        assert_eq!(contact.get("/desk/processing").await.status, StatusCode::OK, "{held:?}");
        assert!(!contact.get("/me").await.body.contains("Yours rests"));
        assert_eq!(contact.get("/desk").await.status, StatusCode::NOT_FOUND, "{held:?} does not run the node");
    }
}

#[tokio::test]
async fn it_is_removed_by_a_code_and_logged() {
    let node = seeded().await;
    let aino = appointed(&node, Position::Coordinator, "aino@kulma.example");
    let mut browser = browser_of(&node, &aino).await;
    let (_, codes) = set_up(&mut browser).await;
    let page = browser.get(PATH).await;
    assert!(page.body.contains("8 recovery codes left"), "{}", page.body);
    assert_eq!(browser.send(&page, PATH, &[("do", "remove"), ("code", "x")]).await.status, StatusCode::BAD_REQUEST);
    let mut thief = half_signed_in(&node, &aino).await;
    assert_eq!(browser.send(&page, PATH, &[("do", "remove"), ("code", &codes[3])]).await.status, StatusCode::SEE_OTHER);
    assert!(browser.get(PATH).await.body.contains("value=\"begin\""));
    for path in ["/me", "/me.json", "/desk"] {
        assert_eq!(thief.get(path).await.header("location"), "/sign-in", "{path}: who read the mail waited for this");
    }
    let me = browser.get("/me").await.body;
    assert!(me.contains("set up the second step") && me.contains("removed the second step"), "{me}");
    let told = browser.get("/me.json").await.json();
    assert_eq!(told["person"]["secondStep"], false);
}
