//! J2 and J11: somebody joins, writes a profile, publishes some of it, takes some of that back, and leaves; what follows it on
//! another server is told each time, and what was not published is nowhere.

use crate::harness::{ACTIVITY, Answer, Database, Kind, Node, Site, until, until_true};
use crate::on_both_databases;
use crate::signing_in::{kept, link_in, log};
use crate::visitor::Visitor;
use serde_json::{Value, json};
use std::time::Duration;

on_both_databases! {
    j2_only_what_was_published_leaves_the_node;
    j11_who_left_is_gone_and_stays_gone;
}

const AINO: &str = "aino@kanariakotka.example";
const WEEK: Duration = Duration::from_secs(7 * 24 * 3600);

/// What stands in the fields that are not published. Each occurs nowhere else.
const CANARIES: [&str; 12] = [
    "kanariakotka",
    "keltasirkku",
    "pajulintu",
    "kuukkeli",
    "tiltaltti",
    "hippiainen",
    "2031-07",
    "7.2031",
    "törmäpääsky",
    "mustavaris",
    "harmaasieppo",
    "urpiainen",
];

/// The same of what is chosen from a list: the words for other servers and those of our own documents, which nothing else here
/// has; and the text of the picture.
const CHOSEN: [&str; 13] = [
    "promoottori",
    "21ae429f-a152-46a6-a73c-9ec65c7803f0",
    "sirkus",
    "\"circus\"",
    "inarinsaame",
    "\"smn\"",
    "osuus tuotosta",
    "revenue_share",
    "\"Etätyö\"",
    "\"remote\":true",
    "kiertuetuotanto 3/4",
    "\"levels\"",
    "nokkavarpunen",
];

/// All that can be published.
const ALL: [&str; 16] = [
    "name",
    "headline",
    "bio",
    "municipality",
    "skills",
    "languages",
    "fields",
    "links",
    "remote",
    "titles",
    "levels",
    "regions",
    "engagement",
    "availability",
    "portfolio",
    "picture",
];

async fn fill(visitor: &mut Visitor<'_>, path: &str, fields: &[(&str, &str)]) {
    let page = visitor.get(path).await;
    let answer = visitor.send(&page, path, fields).await;
    assert_eq!(answer.status, 303, "{path}: {}", answer.body);
}

/// Aino joins by mail and writes everything there is to write.
pub async fn joined(node: &Node) -> Visitor<'_> {
    let mut aino = Visitor::of(node);
    fill(&mut aino, "/join", &[("mail", AINO)]).await;
    let letter = until("a letter is there", || {
        let found = kept(node);
        async move { found.into_iter().next() }
    })
    .await;
    let path = link_in(&letter);
    let page = aino.get(&path).await;
    let answer = aino.send(&page, &path, &[("name", "Aino Keltasirkku"), ("adult", "1"), ("accepted", "1")]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let profile = [
        ("name", "Aino Esimerkki"),
        ("headline", "pajulintu kuiskaa"),
        ("bio", "kuukkeli metsässä"),
        ("municipality", "Tiltaltti"),
        ("links", "https://hippiainen.example/"),
        ("regions", "21"),
        ("titles", "http://data.europa.eu/esco/occupation/21ae429f-a152-46a6-a73c-9ec65c7803f0"),
        ("languages", "fi"),
        ("languages", "smn"),
        ("fields", "circus"),
        ("engagement", "revenue_share"),
        ("remote", "1"),
    ];
    fill(&mut aino, "/me/profile", &profile).await;
    fill(&mut aino, "/me/skills", &[("skill", "tk:touring"), ("level-tk:touring", "3")]).await;
    let work = [
        ("from_0", "2031-07-01"),
        ("until_0", "2031-07-31"),
        ("share_0", "40"),
        ("title_0", "Törmäpääsky"),
        ("url_0", "https://mustavaris.example/"),
        ("role_0", "harmaasieppo"),
        ("title_1", "urpiainen"),
    ];
    fill(&mut aino, "/me/work", &work).await;
    let page = aino.get("/me/picture").await;
    let picture: &[u8] = include_bytes!("../../crates/web/static/pictures/icon.png");
    let answer = aino.upload(&page, "/me/picture", &[("alt", "Nokkavarpunen oksalla")], ("x.png", picture)).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    aino
}

/// The name of her picture in addresses.
async fn picture_of(aino: &mut Visitor<'_>) -> String {
    let all = aino.get("/me.json").await.json();
    all["producer"]["picture"]["path"].as_str().unwrap().rsplit('/').next().unwrap().to_owned()
}

/// Without the choices of a form, which name every word of their list.
fn without_choices(page: &str) -> String {
    let mut parts = page.split("<option");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |all, part| all + part.split_once("</option>").map_or(part, |(_, rest)| rest))
}

/// Kaisa, the coordinator, signed in.
pub async fn coordinator(node: &Node) -> Visitor<'_> {
    node.run(&["people", "appoint", "coordinator", "kaisa@kulma.example", "--name", "Kaisa"]).await;
    let path = link_in(&node.run(&["sign-in", "kaisa@kulma.example"]).await);
    let mut kaisa = Visitor::of(node);
    let page = kaisa.get(&path).await;
    assert_eq!(kaisa.send(&page, &path, &[]).await.status, 303);
    kaisa
}

/// Aino publishes some fields and the coordinator agrees. Her actor's id.
pub async fn published(node: &Node, aino: &mut Visitor<'_>, kaisa: &mut Visitor<'_>, fields: &[&str]) -> String {
    let on: Vec<(&str, &str)> = fields.iter().map(|field| ("on", *field)).collect();
    fill(aino, "/me/publication", &on).await;
    let page = aino.get("/me/publication").await;
    assert_eq!(aino.send(&page, "/me/publication/ask", &[]).await.status, 303);
    assert_nobody(node).await;
    let queue = kaisa.get("/desk/profiles").await;
    let link = queue.body.split("href=\"/desk/profiles/").nth(1).expect("one waits").split('"').next().unwrap();
    let path = format!("/desk/profiles/{}", link.split('?').next().unwrap());
    let page = kaisa.get(&path).await;
    assert_eq!(kaisa.send(&page, &format!("{path}/publish"), &[]).await.status, 303);
    let found = webfinger(node).await;
    assert_eq!(found.status, 200, "{}", found.body);
    let links = found.json()["links"].as_array().unwrap().clone();
    let own = links.iter().find(|link| link["rel"] == "self").unwrap();
    own["href"].as_str().unwrap().to_owned()
}

async fn webfinger(node: &Node) -> Answer {
    let path = format!("/.well-known/webfinger?resource=acct:aino_esimerkki@{}", node.host());
    node.get(&path, "application/jrd+json").await
}

/// Before the coordinator agrees, everything answers as for nobody.
async fn assert_nobody(node: &Node) {
    assert_eq!(webfinger(node).await.status, 404);
    assert_eq!(node.get("/@aino_esimerkki", "text/html").await.status, 404);
    assert!(!node.get("/search?q=esimerkki", "text/html").await.body.contains("@aino_esimerkki"));
}

/// Follows, and waits until that is agreed to.
async fn followed(site: &Site, id: &str) {
    let anna = site.actor("anna");
    anna.say(&format!("{id}/inbox"), &anna.activity("Follow", json!(id))).await;
    site.posted_one("the follow is accepted", |body| body["type"] == "Accept").await;
}

fn is_update(body: &Value) -> bool {
    body["type"] == "Update"
}

/// Everything that anybody can ask for, as one text; and what was delivered, and what was logged.
async fn everything(node: &Node, site: &Site, id: &str) -> String {
    let path = |address: &str| address.strip_prefix(&node.url("")).unwrap().to_owned();
    let actor = path(id);
    let region = path(&node.actor().await);
    let mut all = String::new();
    let documents = ["", "/outbox", "/followers", "/following"].map(|end| format!("{actor}{end}"));
    let collections = ["", "/outbox", "/producers"].map(|end| format!("{region}{end}"));
    for path in documents.iter().chain(&collections) {
        let answer = node.get(path, ACTIVITY).await;
        all += &answer.body;
        if let Ok(Value::Object(fields)) = serde_json::from_str::<Value>(&answer.body)
            && let Some(first) = fields.get("first").and_then(Value::as_str)
        {
            all += &node.get(&first[node.url("").len()..], ACTIVITY).await.body;
        }
    }
    for page in [
        "/",
        "/tuottajat",
        "/tuottajat.atom",
        "/@aino_esimerkki",
        "/search?q=aino",
        "/search?q=kiertuetuotanto",
        "/tuottajat?q=esimerkki",
        "/sitemap.xml",
        "/nodeinfo/2.1",
        "/metrics",
        "/tietoa",
    ] {
        for accept in ["text/html", "application/json", ACTIVITY] {
            all += &without_choices(&node.get(page, accept).await.body);
        }
    }
    all += &webfinger(node).await.body;
    for seen in site.journal() {
        all += &format!("{:?} {}", seen.headers, seen.body);
    }
    all + &log(node)
}

fn assert_none(all: &str, words: &[&str]) {
    let all = all.to_lowercase();
    for word in words {
        assert!(!all.contains(&word.to_lowercase()), "{word} left the node");
    }
}

async fn j2_only_what_was_published_leaves_the_node(database: Database) {
    let node = Node::start(Kind::Region("06"), database).await;
    let (site, mut kaisa) = (Site::start().await, coordinator(&node).await);
    let mut aino = joined(&node).await;
    assert_nobody(&node).await;
    let id = published(&node, &mut aino, &mut kaisa, &["name", "skills", "regions"]).await;
    followed(&site, &id).await;
    let all = everything(&node, &site, &id).await;
    assert!(all.contains("Ahvenanmaa") && all.contains("kiertuetuotanto") && all.contains("Aino Esimerkki"));
    let picture = picture_of(&mut aino).await;
    let unpublished = [&CANARIES[..], &CHOSEN[..], &[picture.as_str()][..]].concat();
    assert_none(&all, &unpublished);
    let is_word = |word: &&str| word.chars().all(char::is_alphabetic);
    for canary in CANARIES.into_iter().chain(CHOSEN.into_iter().filter(is_word)) {
        let found = node.get(&format!("/search?q={canary}"), "text/html").await;
        assert!(!found.body.contains("@aino_esimerkki"), "{canary} is found");
    }
    assert!(aino.get("/me.json").await.body.contains("pajulintu"), "she sees all of it");

    // What is taken back goes with the next delivery.
    fill(&mut aino, "/me/publication", &[("on", "name"), ("on", "skills")]).await;
    let update = site.posted_one("an Update", is_update).await;
    assert_eq!(update["object"]["id"], id.as_str());
    let text = update.to_string();
    assert!(text.contains("kiertuetuotanto") && !text.contains("Ahvenanmaa"), "{text}");
    let page = node.get("/@aino_esimerkki", "text/html").await.body;
    assert!(!page.contains("Ahvenanmaa"), "{page}");
    assert_none(&everything(&node, &site, &id).await, &unpublished);
    assert_eq!(node.get(&format!("/media/{picture}"), "image/jpeg").await.status, 404);

    // With every switch on, all of it is there to be found: this is where it would be.
    fill(&mut aino, "/me/publication", &ALL.map(|field| ("on", field))).await;
    let all = everything(&node, &site, &id).await.to_lowercase();
    for word in CHOSEN.into_iter().chain([picture.as_str()]) {
        assert!(all.contains(&word.to_lowercase()), "{word} would not have been found");
    }
    assert_eq!(node.get(&format!("/media/{picture}"), "image/jpeg").await.status, 200);
}

async fn j11_who_left_is_gone_and_stays_gone(database: Database) {
    let mut node = Node::init(Kind::Region("06"), database).await;
    node.has_a_clock_to_turn();
    node.serve().await;
    let site = Site::start().await;
    let written = ["Aino Esimerkki", "kanariakotka", "pajulintu", "kuukkeli", "harmaasieppo", "Nokkavarpunen"];
    let everywhere = [&written[..], &["aino_esimerkki"][..]].concat();
    let (id, backup) = {
        let (mut kaisa, mut aino) = (coordinator(&node).await, joined(&node).await);
        let id = published(&node, &mut aino, &mut kaisa, &["name", "headline"]).await;
        followed(&site, &id).await;
        let before = node.held();
        assert!(everywhere.iter().all(|word| before.holds(word)), "the test looks in the right place");
        let backup = node.backup().await;
        fill(&mut aino, "/me/delete", &[]).await;
        assert_eq!(node.get("/@aino_esimerkki", "text/html").await.status, 404);
        (id, backup)
    };
    let emptied = site.posted_one("an Update that says nothing", is_update).await;
    assert!(!emptied.to_string().contains("pajulintu") && !emptied.to_string().contains("Aino Esimerkki"), "{emptied}");

    node.wait_virtually(WEEK + Duration::from_secs(60));
    let delete = site.posted_one("a Delete", |body| body["type"] == "Delete").await;
    assert_eq!(delete["object"], id.as_str(), "{delete}");
    assert_eq!(node.get(&id[node.url("").len()..], ACTIVITY).await.status, 410);
    until_true("she is not listed", || async { !node.run(&["people"]).await.contains("kanariakotka") }).await;
    until_true("it is written down", || async { log(&node).contains("deleted for good") }).await;
    assert_none(&log(&node), &written);
    let list = std::fs::read_to_string(node.path("erased")).unwrap();
    assert_eq!((list.lines().count(), list.len()), (1, 65), "{list}");

    node.terminate().await;
    let after = node.held();
    for word in &everywhere {
        assert!(!after.holds(word), "{word} is still in the database");
    }
    node.restore(&backup);
    let restored = node.held();
    assert!(everywhere.iter().all(|word| restored.holds(word)), "yesterday's copy is of before");
    node.serve().await;
    assert!(!node.run(&["people"]).await.contains("kanariakotka"), "yesterday's copy does not bring her back");
    assert_eq!(node.get(&id[node.url("").len()..], ACTIVITY).await.status, 410);
    node.terminate().await;
    let after = node.held();
    for word in &everywhere {
        assert!(!after.holds(word), "{word} is in the database again");
    }
    assert_none(&log(&node), &written);
}
