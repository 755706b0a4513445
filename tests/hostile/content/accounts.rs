//! What is tried against the people of a node: against their pictures, their forms, their sessions and links, and what is said of
//! them. On one node, whose honest requests work after each.
//!
//! The cases go on from one another: what one has published, the next looks at. Each row of the table has tests of its own beside
//! the code as well; here it is asked of a node that runs.

use super::CHROME;
use super::foe::assert_guarded;
use crate::cases;
use crate::harness::{ACTIVITY, Answer, Database, Node, http, until};
use crate::on_both_databases;
use crate::stage::Stage;
use crate::visitor::{Visitor, token_of};
use diesel::prelude::*;
use reqwest::Method;
use serde_json::{Value, json};
use store::schema::actor_keys;

on_both_databases! {
    whose_account_is_attacked;
}

const AINO: &str = "aino@kanariakotka.example";
const KAISA: &str = "kaisa@kulma.example";
const OTSO: &str = "otso@kulma.example";
/// Her page.
const PAGE: &str = "/@aino_esimerkki";
const FORM: &str = "application/x-www-form-urlencoded";
/// What she never publishes.
const KEPT: [&str; 2] = ["kanariakotka", "pajulintu"];

async fn whose_account_is_attacked(database: Database) {
    let stage = Stage::set(database).await;
    stage.node.run(&["people", "appoint", "coordinator", KAISA, "--name", "Kaisa"]).await;
    stage.node.run(&["people", "appoint", "harassment-contact", OTSO, "--name", "Otso"]).await;
    let mut aino = joined(&stage.node).await;
    let profile = [("name", "Aino Esimerkki"), ("headline", "Klubeja"), ("bio", "pajulintu"), ("languages", "fi")];
    fill(&mut aino, "/me/profile", &profile).await;
    cases! { stage;
        c12_c14_c15_what_is_uploaded
        c18_forms_of_other_sites
        c20_sessions
        c21_what_is_for_others
        c22_links
        c25_who_followed_a_person
        c23_c26_somebody_who_is_erased
        c27_keys_stand_nowhere
    }
}

/// Aino joins by the link of a letter.
async fn joined(node: &Node) -> Visitor<'_> {
    let mut aino = Visitor::of(node);
    fill(&mut aino, "/join", &[("mail", AINO)]).await;
    let letter = until("a letter is there", || {
        let files = std::fs::read_dir(node.path("mail")).into_iter().flatten().flatten();
        let files = files.map(|file| file.path()).filter(|file| file.extension().is_some_and(|end| end == "eml"));
        let letters = files.filter_map(|file| std::fs::read_to_string(file).ok());
        let found =
            letters.map(|text| text.replace("=\r\n", "").replace("=3D", "=")).find(|text| text.contains("/join/"));
        async move { found }
    })
    .await;
    let path = letter[letter.find("/join/").unwrap()..].lines().next().unwrap().trim().to_owned();
    fill(&mut aino, &path, &[("name", "Aino Esimerkki"), ("adult", "1"), ("accepted", "1")]).await;
    aino
}

/// Fills in the form of a page that goes to the page itself.
async fn fill(visitor: &mut Visitor<'_>, path: &str, fields: &[(&str, &str)]) {
    let page = visitor.get(path).await;
    let answer = visitor.send(&page, path, fields).await;
    assert_eq!(answer.status, 303, "{path}: {}", answer.body);
}

/// The path of a link that the operator prints.
async fn link(node: &Node, mail: &str) -> String {
    let said = node.run(&["sign-in", mail]).await;
    said[said.find("/sign-in/").unwrap()..].lines().next().unwrap().trim().to_owned()
}

async fn signed_in<'a>(node: &'a Node, mail: &str) -> Visitor<'a> {
    let path = link(node, mail).await;
    let mut visitor = Visitor::of(node);
    fill(&mut visitor, &path, &[]).await;
    visitor
}

/// What the node holds of somebody's work, and what it has sent: what must not change.
async fn state(stage: &Stage, visitor: &mut Visitor<'_>) -> (Value, Value) {
    let held = visitor.get("/me.json").await.json()["producer"].clone();
    (held, stage.counts().await)
}

/// She shows these fields, and the coordinator publishes them for the first time.
async fn published(stage: &Stage, aino: &mut Visitor<'_>, fields: &[&str]) {
    let on: Vec<(&str, &str)> = fields.iter().map(|field| ("on", *field)).collect();
    fill(aino, "/me/publication", &on).await;
    let page = aino.get("/me/publication").await;
    assert_eq!(aino.send(&page, "/me/publication/ask", &[]).await.status, 303);
    let mut kaisa = signed_in(&stage.node, KAISA).await;
    let path = first_waiting(&kaisa.get("/desk/profiles").await);
    let page = kaisa.get(&path).await;
    assert_eq!(kaisa.send(&page, &format!("{path}/publish"), &[]).await.status, 303);
}

fn first_waiting(queue: &Answer) -> String {
    let link = queue.body.split("href=\"/desk/profiles/").nth(1).expect("one waits").split(['"', '?']).next().unwrap();
    format!("/desk/profiles/{link}")
}

/// Sends a file as a picture.
async fn uploaded(node: &Node, visitor: &mut Visitor<'_>, name: &str, file: &[u8]) -> Answer {
    let page = visitor.get("/me/picture").await;
    let token = token_of(&page, "/me/picture");
    let part = |head: &str| format!("--x\r\ncontent-disposition: form-data; {head}\r\n\r\n");
    let fields = format!("{}{token}\r\n{}Aino lumella\r\n", part("name=\"form\""), part("name=\"alt\""));
    let mut body = format!("{fields}{}", part(&format!("name=\"picture\"; filename=\"{name}\""))).into_bytes();
    body.extend_from_slice(file);
    body.extend_from_slice(b"\r\n--x--\r\n");
    let request = http().post(node.url("/me/picture")).header("origin", node.url(""));
    visitor.ask(request.header("content-type", "multipart/form-data; boundary=x").body(body)).await
}

async fn c12_c14_c15_what_is_uploaded(stage: &Stage) {
    let mut aino = signed_in(&stage.node, AINO).await;
    let before = state(stage, &mut aino).await;
    let drawing = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
    let page = b"\x89PNG\r\n\x1a\n<html><script>alert(1)</script>";
    let document = b"{\"@context\": \"https://www.w3.org/ns/activitystreams\", \"type\": \"Person\"}";
    for (what, name, file) in [
        ("a drawing that runs", "a.svg", &drawing[..]),
        ("a page", "a.png", &page[..]),
        ("a document", "a.jpg", &document[..]),
        ("nothing", "a.png", &[][..]),
    ] {
        let answer = uploaded(&stage.node, &mut aino, name, file).await;
        assert_eq!(answer.status, 400, "{what}");
        assert_guarded(what, &answer);
    }
    assert_eq!(state(stage, &mut aino).await, before, "nothing of it is kept");

    let picture = include_bytes!("../../../crates/web/static/pictures/icon.png");
    let answer = uploaded(&stage.node, &mut aino, "../../../etc/passwd.svg", picture).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let held = state(stage, &mut aino).await.0;
    let path = held["picture"]["path"].as_str().expect("a picture").to_owned();
    assert!(path.starts_with("/media/") && path.ends_with(".jpg") && !path.contains("passwd"), "{path}");
    assert_eq!(stage.node.get(&path, CHROME).await.status, 404, "nobody has agreed to it");
    published(stage, &mut aino, &["name", "picture"]).await;
    for accept in [CHROME, ACTIVITY, "application/json"] {
        let answer = stage.node.get(&path, accept).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, "image/jpeg"), "{accept}");
        assert_guarded(&path, &answer);
    }
}

async fn c18_forms_of_other_sites(stage: &Stage) {
    let mut aino = signed_in(&stage.node, AINO).await;
    let token = token_of(&aino.get("/me").await, "/sign-out");
    let (before, own) = (state(stage, &mut aino).await, stage.node.url(""));
    let (token, own) = (token.as_str(), own.as_str());
    for (what, origin, kind, token) in [
        ("of another site", "https://evil.example", FORM, token),
        ("of nowhere", "null", FORM, token),
        ("as text", own, "text/plain", token),
        ("without what only this browser was given", own, FORM, ""),
    ] {
        for path in ["/me/profile", "/me/publication", "/me/delete", "/sign-out-everywhere"] {
            let request = http().post(stage.node.url(path)).header("origin", origin).header("content-type", kind);
            let answer = aino.ask(request.body(format!("form={token}&name=Eve&on=bio"))).await;
            assert_eq!(answer.status, 403, "{what}: {path}");
            assert_guarded(path, &answer);
        }
    }
    for path in ["/sign-out", "/sign-out-everywhere", "/me/stay"] {
        assert_eq!(aino.get(path).await.status, 405, "to look at {path} does nothing");
    }
    assert_eq!(state(stage, &mut aino).await, before);
}

/// What a browser says of a session.
async fn asks_with(node: &Node, cookie: &str) -> Answer {
    node.ask(Method::GET, "/me", &[("accept", "text/html"), ("cookie", cookie)]).await
}

async fn c20_sessions(stage: &Stage) {
    let node = &stage.node;
    let path = link(node, AINO).await;
    let mut here = Visitor::of(node);
    let page = here.get(&path).await;
    let answer = here.send(&page, &path, &[]).await;
    let mut lines = answer.headers.get_all("set-cookie").iter().map(|line| line.to_str().unwrap());
    let set = lines.find(|line| line.starts_with("session")).expect("a session");
    assert!(set.contains("; Path=/; HttpOnly; SameSite=Lax") && !set.contains("Domain"), "{set}");
    let cookie = set.split(';').next().unwrap();
    assert_eq!(asks_with(node, cookie).await.status, 200);
    let (name, value) = cookie.split_once('=').unwrap();
    let planted = format!("{name}={}", "0".repeat(value.len()));
    for (what, cookie) in [("planted", planted.clone()), ("two at once", format!("{planted}; {cookie}"))] {
        assert_eq!(asks_with(node, &cookie).await.header("location"), "/sign-in", "{what}");
    }
    let mut there = signed_in(node, AINO).await;
    let page = here.get("/me").await;
    assert_eq!(here.send(&page, "/sign-out-everywhere", &[]).await.status, 303);
    assert_eq!(there.get("/me").await.header("location"), "/sign-in", "everywhere is everywhere");
    assert_eq!(asks_with(node, cookie).await.header("location"), "/sign-in", "what was read before is worth nothing");
}

async fn c21_what_is_for_others(stage: &Stage) {
    let (mut aino, mut otso) = (signed_in(&stage.node, AINO).await, signed_in(&stage.node, OTSO).await);
    let before = state(stage, &mut aino).await;
    for path in ["/desk", "/desk/profiles", "/desk/peers", "/desk/log", "/me/picture.jpg"] {
        assert_eq!(otso.get(path).await.status, 404, "{path}");
    }
    // With a form that is his own, and that another could have sent.
    let token = token_of(&otso.get("/me").await, "/sign-out");
    let blocks = format!("form={token}&do=block&what=third.example&reason=x");
    for path in ["/desk/peers", "/desk/positions", "/desk/profiles/0199d3a4-1f00-7a10-8000-0b9c00000001/publish"] {
        let request = http().post(stage.node.url(path)).header("origin", stage.node.url(""));
        let answer = otso.ask(request.header("content-type", FORM).body(blocks.clone())).await;
        assert_eq!(answer.status, 404, "{path}");
    }
    let mut kaisa = signed_in(&stage.node, KAISA).await;
    assert!(!kaisa.get("/desk/peers").await.body.contains("third.example"), "nobody is blocked");
    assert_eq!(state(stage, &mut aino).await, before);
}

async fn c22_links(stage: &Stage) {
    let node = &stage.node;
    let path = link(node, AINO).await;
    for method in [Method::GET, Method::HEAD, Method::GET] {
        let looked = node.ask(method, &path, &[("accept", "text/html")]).await;
        assert_eq!(looked.status, 200, "to look at it uses nothing up");
        assert_eq!((looked.header("referrer-policy"), looked.header("cache-control")), ("same-origin", "no-store"));
    }
    let mut aino = Visitor::of(node);
    fill(&mut aino, &path, &[]).await;
    let guessed = format!("/sign-in/{}", "0".repeat(64));
    for (what, path) in [("used", &path), ("guessed", &guessed)] {
        let answer = node.get(path, CHROME).await;
        assert_eq!(answer.status, 410, "{what}");
        assert!(!answer.body.contains("Aino"), "{what}");
    }
    let mut answers = Vec::new();
    for mail in [AINO, "nobody@nowhere.example"] {
        let mut visitor = Visitor::of(node);
        let page = visitor.get("/sign-in").await;
        let answer = visitor.send(&page, "/sign-in", &[("mail", mail)]).await;
        answers.push((answer.status, answer.header("location").to_owned(), answer.body));
    }
    assert_eq!(answers[0], answers[1], "who asks learns nothing of who is known");
    let secret = path.split(['/', '?']).nth(2).unwrap();
    for never in [secret, AINO, "nobody@nowhere"] {
        assert!(!log(node).contains(never), "the log tells {never}");
    }
}

/// The whole log.
fn log(node: &Node) -> String {
    std::fs::read_to_string(node.path("log")).unwrap()
}

async fn c25_who_followed_a_person(stage: &Stage) {
    let (node, evil) = (&stage.node, &stage.evil);
    let id = node.id_of(PAGE).await;
    let (eve, inbox) = (evil.actor("eve"), format!("{id}/inbox"));
    let follow = eve.activity("Follow", json!(id));
    eve.say(&inbox, &follow).await;
    evil.posted_one("the Accept", |body| body["type"] == "Accept" && body["object"]["id"] == follow["id"]).await;
    let head = node.document(&format!("{id}/followers")).await;
    for told in ["totalItems", "first", "orderedItems"] {
        assert!(head.get(told).is_none(), "{told}: {head}");
    }
    for (path, accept) in [(PAGE, CHROME), (PAGE, "application/json"), (id.as_str(), ACTIVITY)] {
        assert!(!node.get(path, accept).await.body.contains(evil.host()), "{path} as {accept}");
    }

    // She hears of a change, and follows no more.
    let mut aino = signed_in(node, AINO).await;
    fill(&mut aino, "/me/publication", &[("on", "name"), ("on", "headline")]).await;
    evil.posted_one("the Update", |body| body["type"] == "Update" && body["object"]["id"] == id.as_str()).await;
    let undo = eve.activity("Undo", follow);
    eve.say(&inbox, &undo).await;
    assert_eq!(node.processed(&undo).await.0, "done");
}

async fn c23_c26_somebody_who_is_erased(stage: &Stage) {
    let (node, id) = (&stage.node, stage.node.id_of(PAGE).await);
    let picture = signed_in(node, AINO).await.get("/me.json").await.json()["producer"]["picture"]["path"].clone();
    node.run(&["people", "remove", AINO]).await;
    // C26: also to who follows no more.
    stage.evil.posted_one("the Delete", |body| body["type"] == "Delete" && body["object"] == id.as_str()).await;
    let gone = node.get(&id, ACTIVITY).await;
    assert_eq!((gone.status, gone.json()["type"].clone()), (410, json!("Tombstone")), "{}", gone.body);
    let name = format!("/.well-known/webfinger?resource=acct:aino_esimerkki@{}", node.host());
    let mut said = gone.body + &log(node);
    for path in [PAGE, picture.as_str().expect("a picture"), name.as_str()] {
        let answer = node.get(path, CHROME).await;
        assert!([404, 410].contains(&answer.status), "{path}: {}", answer.status);
    }
    for path in
        ["/", "/tuottajat", "/tuottajat.atom", "/search?q=aino", "/search?q=klubeja", "/sitemap.xml", name.as_str()]
    {
        for accept in [CHROME, "application/json"] {
            said += &node.get(path, accept).await.body;
        }
    }
    for word in KEPT.into_iter().chain(["Aino Esimerkki"]) {
        assert!(!said.contains(word), "{word} is still told");
    }
    assert!(!node.run(&["people"]).await.contains("kanariakotka"));
}

async fn c27_keys_stand_nowhere(stage: &Stage) {
    let node = &stage.node;
    let read = |conn: &mut store::Conn| {
        let keys: Vec<String> = actor_keys::table.select(actor_keys::private_key).load(conn)?;
        Ok::<_, store::Error>(keys)
    };
    let keys = node.store().read_now(read).unwrap();
    assert!(keys.len() >= 2, "the region's and the host's own");
    let mut said = log(node);
    for command in [&["status", "--json"][..], &["queue", "--json"], &["inbox", "--json"], &["peers"], &["people"]] {
        said += &node.run(command).await;
    }
    for path in [stage.region.as_str(), "/ap/relay", "/metrics", "/nodeinfo/2.1", "/tietoa"] {
        said += &node.get(path, ACTIVITY).await.body;
    }
    said += &signed_in(node, KAISA).await.get("/me.json").await.body;
    assert!(!said.contains("PRIVATE KEY"), "{said}");
    for line in keys.iter().flat_map(|key| key.lines()).filter(|line| line.len() > 32 && !line.starts_with('-')) {
        assert!(!said.contains(line), "a key is told");
    }
}
