//! Signing in and out, and those who try to get in otherwise.

use crate::browser::{Browser, HONEST, ORIGIN, token_of};
use crate::seed::{Seeded, now, seeded};
use domain::person::{Account, Appointment, MailAddress, Position, Secret, letter, link, position, session};
use domain::{Caller, Language};
use http::StatusCode;

const SESSION: &str = "__Host-session";
const FORM: &str = "__Host-form";
const AINO: &str = "aino@kulma.example";

fn aino(node: &Seeded) -> Account {
    let new = Appointment {
        position: Position::Coordinator,
        mail: MailAddress::parse(AINO).unwrap(),
        name: "Aino Esimerkki".into(),
        language: Language::Fi,
    };
    node.scratch.store.write_now(|conn| position::appoint(conn, Caller::Coordinator, &new, now())).unwrap()
}

/// A link, as the letter has it.
fn link_for(node: &Seeded, account: &Account, made: store::Timestamp) -> String {
    let secret = Secret::fresh();
    let make = |conn: &mut store::Conn| link::make(conn, &account.id, &secret, made).map_err(store::Error::from);
    assert!(node.scratch.store.write_now(make).unwrap());
    format!("/sign-in/{}", secret.reveal())
}

async fn signed_in<'a>(node: &'a Seeded, account: &Account) -> Browser<'a> {
    let mut browser = Browser::new(node);
    let path = link_for(node, account, now());
    let page = browser.get(&path).await;
    let answer = browser.send(&page, &path, &[]).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/desk"));
    browser
}

fn letters(node: &Seeded) -> usize {
    let claim = |conn: &mut store::Conn| letter::claim(conn, 100, now()).map_err(store::Error::from);
    node.scratch.store.write_now(claim).unwrap().len()
}

fn is_in_force(node: &Seeded, token: &str) -> bool {
    let token = Secret::parse(token).unwrap();
    let find = |conn: &mut store::Conn| session::find(conn, &token, now()).map_err(store::Error::from);
    node.scratch.store.read_now(find).unwrap().is_some()
}

#[tokio::test]
async fn signing_in_and_out() {
    let node = seeded().await;
    let aino = aino(&node);
    let mut browser = Browser::new(&node);
    let page = browser.get("/sign-in").await;
    let answer = browser.send(&page, "/sign-in", &[("mail", " Aino@Kulma.example ")]).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/sign-in/sent"));
    assert!(browser.get("/sign-in/sent").await.body.contains("Check your e-mail"));
    assert_eq!(letters(&node), 1);

    let mut browser = signed_in(&node, &aino).await;
    assert_eq!(browser.cookie(FORM), None, "it has served its turn");
    let me = browser.get("/me").await;
    assert_eq!(me.status, StatusCode::OK);
    assert!(me.body.contains(AINO) && me.body.contains("coordinator"), "{}", me.body);
    let file = browser.get("/me.json").await;
    assert_eq!(file.json()["person"]["mail"], AINO);
    assert!(file.header("content-disposition").starts_with("attachment"));
    assert_eq!(browser.get("/sign-in").await.header("location"), "/desk", "nothing to ask for");

    let token = browser.cookie(SESSION).unwrap().to_owned();
    let answer = browser.send(&me, "/sign-out", &[]).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/"));
    assert_eq!(browser.cookie(SESSION), None);
    assert!(!is_in_force(&node, &token), "not only the cookie is gone");
    assert_eq!(browser.get("/me").await.header("location"), "/sign-in");
}

#[tokio::test]
async fn c20_a_new_session_each_time_and_cookies_for_this_host_alone() {
    let node = seeded().await;
    let aino = aino(&node);
    let mut browser = Browser::new(&node);
    let planted = Secret::fresh();
    browser.cookies.push((SESSION.into(), planted.reveal().into()));
    let path = link_for(&node, &aino, now());
    let page = browser.get(&path).await;
    let form = page.header("set-cookie").to_owned();
    assert!(form.starts_with("__Host-form=") && form.ends_with("; Path=/; HttpOnly; SameSite=Lax; Secure"), "{form}");
    let answer = browser.send(&page, &path, &[]).await;
    let set = answer.header("set-cookie").to_owned();
    assert!(set.starts_with("__Host-session="), "{set}");
    assert!(
        set.contains("; Path=/; HttpOnly; SameSite=Lax; Max-Age=2592000; Secure") && !set.contains("Domain"),
        "{set}"
    );
    let first = browser.cookie(SESSION).unwrap().to_owned();
    assert_ne!(first, planted.reveal(), "what was planted is not what counts");
    assert!(!is_in_force(&node, planted.reveal()));

    let path = link_for(&node, &aino, now());
    let page = browser.get(&path).await;
    browser.send(&page, &path, &[]).await;
    assert_ne!(browser.cookie(SESSION).unwrap(), first);
    assert!(!is_in_force(&node, &first), "the session before it has ended");
}

#[tokio::test]
async fn c20_everywhere_is_everywhere() {
    let node = seeded().await;
    let aino = aino(&node);
    let (mut here, mut there) = (signed_in(&node, &aino).await, signed_in(&node, &aino).await);
    let me = here.get("/me").await;
    let answer = here.send(&me, "/sign-out-everywhere", &[]).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/"));
    assert_eq!(there.get("/me").await.header("location"), "/sign-in");
}

#[tokio::test]
async fn c22_a_link_is_pressed_once_and_looked_at_for_nothing() {
    let node = seeded().await;
    let aino = aino(&node);
    let path = link_for(&node, &aino, now());
    let (mut scanner, mut browser) = (Browser::new(&node), Browser::new(&node));
    for method in ["GET", "HEAD", "GET"] {
        assert_eq!(scanner.ask(method, &path, &[], "").await.status, StatusCode::OK, "{method}");
    }
    let page = browser.get(&path).await;
    assert!(page.body.contains("Sign in: Aino Esimerkki"), "{}", page.body);
    assert_eq!(browser.send(&page, &path, &[]).await.status, StatusCode::SEE_OTHER);

    let mut thief = Browser::new(&node);
    let form = thief.get("/sign-in").await;
    let token = token_of(&form, "/sign-in");
    let old = link_for(&node, &aino, now().minus(link::LIFE));
    let guessed = format!("/sign-in/{}", "0".repeat(64));
    for (what, path) in [("used", &path), ("too old", &old), ("guessed", &guessed), ("none", &"/sign-in/x".to_owned())]
    {
        let looked = thief.get(path).await;
        assert_eq!(looked.status, StatusCode::GONE, "{what}");
        assert!(looked.body.contains("The link does not work any more") && !looked.body.contains("Aino"), "{what}");
        let answer = thief.post(path, &HONEST, &[("form", &token)]).await;
        assert_eq!(answer.status, StatusCode::GONE, "{what}");
        assert_eq!(thief.cookie(SESSION), None, "{what}");
    }
}

#[tokio::test]
async fn c22_the_answer_tells_nobody_who_is_known() {
    let node = seeded().await;
    aino(&node);
    let mut answers = Vec::new();
    for mail in [AINO, "nobody@nowhere.example"] {
        let mut browser = Browser::new(&node);
        let page = browser.get("/sign-in").await;
        let mut answer = browser.send(&page, "/sign-in", &[("mail", mail)]).await;
        answer.headers.remove("date");
        answers.push((answer.status, answer.headers, answer.body));
        assert_eq!(letters(&node), 1, "{mail}: the same work is done");
    }
    assert_eq!(answers[0], answers[1]);
    let mut browser = Browser::new(&node);
    let page = browser.get("/sign-in").await;
    let long = "x".repeat(5000);
    for typed in ["", "aino", "aino@kulma.example\r\nBcc: eve@evil.example", "\"><script>alert(1)</script>", &long] {
        let answer = browser.send(&page, "/sign-in", &[("mail", typed)]).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{typed}");
        assert!(answer.body.contains("href=\"#mail\"") && answer.body.contains("aria-invalid"), "{}", answer.body);
        assert!(!answer.body.contains("<script>") && answer.body.matches("<script").count() == 1, "our own alone");
    }
    assert_eq!(letters(&node), 0);
}

/// C22: the address of a link is told to nobody, and what is for one person is kept by nobody.
#[tokio::test]
async fn c22_what_is_personal_is_kept_nowhere() {
    let node = seeded().await;
    let aino = aino(&node);
    let path = link_for(&node, &aino, now());
    let mut browser = signed_in(&node, &aino).await;
    for page in [path.as_str(), "/me", "/me.json", "/sign-in/sent", "/sign-in/x"] {
        let answer = browser.get(page).await;
        assert_eq!(answer.header("cache-control"), "no-store", "{page}");
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{page}");
        let outward =
            answer.body.split("href=\"").skip(1).find(|link| link.starts_with("http") && !link.starts_with(ORIGIN));
        assert_eq!(outward.map(|link| &link[..40]), None, "{page} leads elsewhere");
    }
    let page = node.page("/tapahtumat").await;
    assert_eq!(page.header("cache-control"), "no-cache");
    assert!(page.headers.get("set-cookie").is_none(), "who only reads gets no cookie");
}

/// Nothing is written by a form that is not this node's own, as it was given to this browser.
#[tokio::test]
async fn c18_forms_of_other_sites_write_nothing() {
    let node = seeded().await;
    let aino = aino(&node);
    let mut browser = signed_in(&node, &aino).await;
    let me = browser.get("/me").await;
    let token = token_of(&me, "/sign-out");
    let session = browser.cookie(SESSION).unwrap().to_owned();
    let kind = ("content-type", "application/x-www-form-urlencoded");
    let stranger = Secret::fresh().derived("form");
    type Said<'a> = Vec<(&'a str, &'a str)>;
    let foreign: [(&str, Said<'_>, &str); 9] = [
        ("cross-site", vec![("origin", "https://evil.example"), ("sec-fetch-site", "cross-site"), kind], &token),
        (
            "of a sister site",
            vec![("origin", "https://x.pirkanmaa.example"), ("sec-fetch-site", "same-site"), kind],
            &token,
        ),
        ("of nowhere", vec![("origin", "null"), kind], &token),
        ("of nowhere in a frame", vec![("origin", "null"), ("sec-fetch-site", "same-origin"), kind], &token),
        ("without a word", vec![kind], &token),
        ("as text", vec![("origin", ORIGIN), ("content-type", "text/plain")], &token),
        ("as JSON", vec![("origin", ORIGIN), ("content-type", "application/json")], &token),
        ("without a token", HONEST.to_vec(), ""),
        ("with another's token", HONEST.to_vec(), stranger.reveal()),
    ];
    for (what, headers, token) in &foreign {
        for path in ["/sign-out", "/sign-out-everywhere"] {
            let answer = browser.post(path, headers, &[("form", token)]).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{what}: {path}");
            assert!(answer.body.contains("The form was not taken"), "{what}: {}", answer.body);
        }
    }
    assert!(is_in_force(&node, &session));
    for path in ["/sign-out", "/sign-out-everywhere"] {
        assert_eq!(browser.get(path).await.status, StatusCode::METHOD_NOT_ALLOWED, "a GET has no effect");
    }

    // Nor is anybody signed in as somebody else by it, or mail sent.
    let mut victim = Browser::new(&node);
    let link = link_for(&node, &aino, now());
    victim.get(&link).await;
    let mut attacker = Browser::new(&node);
    let page = attacker.get(&link).await;
    let theirs = token_of(&page, &link);
    let answer = victim.post(&link, &HONEST, &[("form", &theirs)]).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "a token that another browser was given");
    for (what, headers, _) in &foreign[..7] {
        let page = victim.get("/sign-in").await;
        let token = token_of(&page, "/sign-in");
        for path in ["/sign-in", &link] {
            let answer = victim.post(path, headers, &[("form", &token), ("mail", AINO)]).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{what}: {path}");
        }
    }
    assert_eq!((victim.cookie(SESSION), letters(&node)), (None, 0));
    assert!(victim.get(&link).await.status.is_success(), "the link is as good as before");

    // A token of before signing in does nothing for a session.
    let page = victim.get(&link).await;
    let before = token_of(&page, &link);
    victim.send(&page, &link, &[]).await;
    let answer = victim.post("/sign-out-everywhere", &HONEST, &[("form", &before)]).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn c21_what_is_for_those_who_signed_in() {
    let node = seeded().await;
    for path in ["/me", "/me.json"] {
        let page = node.page(path).await;
        assert_eq!((page.status, page.header("location")), (StatusCode::SEE_OTHER, "/sign-in"), "{path}");
        assert_eq!(node.ask(path, "application/json", "").await.status, StatusCode::UNAUTHORIZED, "{path}");
    }
    let mut browser = Browser::new(&node);
    for value in ["", "x", &"0".repeat(64)] {
        browser.cookies = vec![(SESSION.into(), value.into())];
        assert_eq!(browser.get("/me").await.header("location"), "/sign-in", "{value}");
        assert_eq!(browser.get("/sign-in").await.status, StatusCode::OK, "{value}");
    }
}

#[tokio::test]
async fn c22_ways_in_are_not_tried_without_end() {
    let node = seeded().await;
    let tries = |address: &'static str| {
        let router = node.router.clone();
        async move {
            let client = federation::quota::ClientAddress(Some(address.parse().unwrap()));
            let mut statuses = Vec::new();
            for _ in 0..40 {
                let request = http::Request::post("/sign-in").extension(client);
                let answer =
                    tower::ServiceExt::oneshot(router.clone(), request.body(axum::body::Body::empty()).unwrap());
                statuses.push(answer.await.unwrap());
            }
            statuses
        }
    };
    let answers = tries("203.0.113.7").await;
    let refused = answers.iter().position(|answer| answer.status() == StatusCode::TOO_MANY_REQUESTS).unwrap();
    assert!((20..=22).contains(&refused), "{refused}");
    assert!(answers[refused].headers().contains_key("retry-after"));
    assert_eq!(tries("203.0.113.8").await[0].status(), StatusCode::FORBIDDEN, "another address is let through");
    assert_eq!(node.page("/sign-in").await.status, StatusCode::OK, "looking is not counted");
}
