//! What strangers write, and what of it people and programs get to see.

use crate::cases;
use crate::foe::{Foe, LEFT, assert_guarded, assert_harmless_json, assert_harmless_page, poisoned, with};
use crate::harness::{ACTIVITY, Database, Post, Signing, http};
use crate::on_both_databases;
use crate::stage::{Asks, Stage};
use reqwest::Method;
use serde_json::{Value, json};
use std::ops::Deref;

on_both_databases! {
    what_strangers_write;
}

/// A stage with the foe on it.
struct Scene {
    stage: Stage,
    foe: Foe,
}

impl Deref for Scene {
    type Target = Stage;

    fn deref(&self) -> &Stage {
        &self.stage
    }
}

/// The lists, asked for what came from the foe.
const LISTS: [&str; 4] = ["/tapahtumat", "/tehtavat", "/tuottajat", "/organisaatiot"];
const CHROME: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8";

async fn what_strangers_write(database: Database) {
    let stage = Stage::set(database).await;
    let foe = Foe::followed_by(&stage).await;
    let scene = Scene { stage, foe };
    cases! { scene;
        c01_c02_nothing_becomes_markup
        c03_addresses_that_run
        c05_links_that_lie
        o07_pages_of_other_hosts
        o20_o31_in_the_names_of_others
        o29_names_that_look_alike
        o35_what_is_not_for_everybody
        c10_c11_caches_and_browsers
        c17_following_from_elsewhere
        nobody_learns_what_is_hidden
    }
}

impl Scene {
    fn id(&self, document: &Value, name: &str) -> String {
        let (place, _) = document["id"].as_str().unwrap().rsplit_once('/').unwrap();
        format!("{place}/{name}")
    }

    /// All that came from the foe, as programs get it.
    async fn learnt(&self, list: &str) -> Vec<Value> {
        let all = self.node.items(&format!("{list}?region=18&past=1")).await;
        all.into_iter().filter(|item| item["source"]["local"] == false).collect()
    }

    /// The page of a thing that came from the foe.
    fn page_of(&self, list: &str, item: &Value) -> String {
        let (slug, host) = (item["slug"].as_str().unwrap(), item["source"]["host"].as_str().unwrap());
        match list {
            "/tapahtumat" | "/tehtavat" => format!("{list}/{host}/{slug}"),
            _ => format!("/@{slug}@{host}"),
        }
    }

    /// Reads every page and every JSON that shows what strangers wrote.
    async fn nothing_harms(&self) {
        let mut paths = vec!["/".to_owned(), "/alueet".to_owned()];
        for list in LISTS {
            paths.push(format!("{list}?region=18&past=1"));
            paths.extend(self.learnt(list).await.iter().map(|item| self.page_of(list, item)));
        }
        for path in &paths {
            for language in ["fi", "sv", "en"] {
                let joint = if path.contains('?') { '&' } else { '?' };
                let answer = self.node.get(&format!("{path}{joint}lang={language}"), CHROME).await;
                assert_eq!(answer.status, 200, "{path}");
                assert_guarded(path, &answer);
                assert_harmless_page(path, &self.node.host(), &answer.body);
            }
            let answer = self.node.get(path, "application/json").await;
            assert_guarded(path, &answer);
            assert_harmless_json(path, &answer.json());
        }
        assert!(self.third.journal().is_empty(), "a third server was asked");
    }
}

async fn c01_c02_nothing_becomes_markup(scene: &Scene) {
    let (foe, leave) = (&scene.foe, &Value::Null);
    foe.says(scene, "Create", poisoned(&with(&foe.event, "markup", leave), leave)).await;
    foe.says(scene, "Create", poisoned(&with(&foe.task, "markup", leave), leave)).await;
    for (honest, id) in [(&foe.producer, "markup"), (&foe.organisation, "markup-too")] {
        let mut actor = poisoned(&with(honest, id, leave), leave);
        // The titles of the fields are what they are known by.
        let fields = actor["attachment"].as_array_mut().unwrap().iter_mut();
        for (field, honest) in fields.zip(honest["attachment"].as_array().unwrap()) {
            field["name"] = honest["name"].clone();
        }
        assert_eq!(foe.presents(scene, &actor).await, "done", "{}", actor["attachment"]);
    }
    // The same text is here on both databases, whatever was in it: one form, nothing hidden.
    let event = &scene.learnt("/tapahtumat").await[0];
    let plain = format!("Tapahtuma paikallax\" onmouseover=\"alert(1)\" '><svg onload=alert(4)>{LEFT}");
    assert_eq!(event["name"], plain.as_str());
    assert_eq!(event["place"]["name"], plain.replace("Tapahtuma paikalla", "Kulttuuritalo").as_str());
    assert!(event["content"].as_str().unwrap().ends_with(LEFT) || event["content"].as_str().unwrap().contains(LEFT));
    assert!(event["tags"].to_string().contains("Hän"), "{}", event["tags"]);
    let task = &scene.learnt("/tehtavat").await[0];
    assert!(
        task["title"].as_str().unwrap().ends_with(LEFT) && task["client"].as_str().unwrap().ends_with(LEFT),
        "{task}"
    );
    let producer = &scene.learnt("/tuottajat").await[0];
    for field in ["name", "headline", "municipality"] {
        assert!(producer[field].as_str().unwrap().ends_with(LEFT), "{field}: {producer}");
    }
    assert!(producer["bio"].as_str().unwrap().contains(LEFT), "{producer}");
    assert!(scene.learnt("/organisaatiot").await[0]["name"].as_str().unwrap().ends_with(LEFT));
    assert_eq!(scene.learnt("/tapahtumat").await.len(), 1);
    scene.nothing_harms().await;
    // The markup of the corpus, as the text of an event.
    let html = "<p onclick=alert(1) style=\"background:url(//evil.example)\">Teksti</p><svg><a><set attributeName=href \
                to=javascript:alert(1)></set></a></svg><math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img \
                src=1 onerror=alert(1)&gt;\"><iframe srcdoc=\"<script>alert(1)</script>\"></iframe><base href=//evil.example><form \
                action=//evil.example><input name=password></form><meta http-equiv=refresh content=\"0;url=//evil.example\">";
    for (name, html) in [
        ("corpus", html.to_owned()),
        ("deep", "<b>".repeat(100_000)),
        ("long", format!("<p {}>x", "a ".repeat(200_000))),
    ] {
        let changes = json!({"content": html, "contentMap": null, "name": name, "summary": html});
        foe.says(scene, "Create", with(&foe.event, name, &changes)).await;
    }
    assert_eq!(scene.learnt("/tapahtumat").await.len(), 4);
    scene.nothing_harms().await;
}

async fn c03_addresses_that_run(scene: &Scene) {
    let foe = &scene.foe;
    let addresses = [
        "javascript:alert(1)",
        "jAvAscript&colon;alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:msgbox(1)",
        "file:///etc/passwd",
        "//third.example/x",
        "https://user:password@third.example/",
        "https://third.example/\" onclick=\"alert(1)",
    ];
    for (at, address) in addresses.iter().enumerate() {
        let named = |document: &Value| with(document, &format!("runs{at}"), &json!({"name": format!("Osoite {at}")}));
        let mut event = poisoned(&named(&foe.event), &json!(address));
        event["location"] = json!([{"type": "VirtualLocation", "url": address}, {"type": "Link", "href": address}]);
        event["content"] = json!(format!("<p><a href=\"{address}\">tästä</a><img src=\"{address}\"></p>"));
        foe.says(scene, "Create", event).await;
        foe.says(scene, "Create", poisoned(&named(&foe.task), &json!(address))).await;
        for (honest, kind) in [(&foe.producer, "person"), (&foe.organisation, "company")] {
            let named = with(honest, &format!("runs-{kind}{at}"), &json!({"name": format!("Osoite {at}")}));
            let mut actor = poisoned(&named, &json!(address));
            for field in actor["attachment"].as_array_mut().unwrap() {
                field["value"] = json!(format!("<a href=\"{address}\">Pirkanmaa</a>"));
            }
            let titles = honest["attachment"].as_array().unwrap().iter().map(|field| field["name"].clone());
            for (field, title) in actor["attachment"].as_array_mut().unwrap().iter_mut().zip(titles) {
                field["name"] = title;
            }
            assert_eq!(foe.presents(scene, &actor).await, "done", "{}", actor["attachment"]);
        }
    }
    let events = scene.learnt("/tapahtumat").await;
    let of_here: Vec<&Value> =
        events.iter().filter(|event| event["name"].as_str().unwrap().starts_with("Osoite")).collect();
    assert_eq!(of_here.len(), addresses.len());
    for event in of_here {
        for field in ["online_url", "participation_url", "picture"] {
            assert_eq!(event[field], Value::Null, "{event}");
        }
        assert_eq!(event["source"]["page"], event["source"]["id"], "{event}");
    }
    scene.nothing_harms().await;
}

async fn c05_links_that_lie(scene: &Scene) {
    let foe = &scene.foe;
    let html = "<p>Kirjaudu: <a href=\"https://evil.example/login\">https://bank.example/<b>tili</b></a></p>";
    let changes = json!({"content": html, "contentMap": null, "name": "Linkki valehtelee"});
    foe.says(scene, "Create", with(&foe.event, "lies", &changes)).await;
    let events = scene.learnt("/tapahtumat").await;
    let event = events.iter().find(|event| event["name"] == "Linkki valehtelee").unwrap();
    assert!(event["content"].as_str().unwrap().contains("https://bank.example/tili (evil.example)</a>"), "{event}");
    let page = scene.node.get(&scene.page_of("/tapahtumat", event), CHROME).await.body;
    assert!(page.contains("https://bank.example/tili (evil.example)</a>"), "{page}");
}

async fn o07_pages_of_other_hosts(scene: &Scene) {
    let (foe, elsewhere) = (&scene.foe, scene.third.url("/tapahtumat/x"));
    let changes = json!({"url": [{"type": "Link", "href": elsewhere, "mediaType": "text/html"}], "name": "Muualla"});
    foe.says(scene, "Create", with(&foe.event, "page", &changes)).await;
    foe.says(
        scene,
        "Create",
        with(&foe.task, "page", &json!({"url": scene.node.url("/tehtavat/tuottaja-klubi-iltaan")})),
    )
    .await;
    foe.presents(scene, &with(&foe.producer, "page", &json!({"url": elsewhere, "name": "Muualla"}))).await;
    foe.presents(scene, &with(&foe.organisation, "page-too", &json!({"url": elsewhere, "name": "Muualla"}))).await;
    for list in LISTS {
        for item in scene.learnt(list).await {
            let (page, id) = (item["source"]["page"].as_str().unwrap(), item["source"]["id"].as_str().unwrap());
            assert_eq!(store::id::host_of(page), store::id::host_of(id), "{item}");
            let answer = scene.node.get(&scene.page_of(list, &item), CHROME).await;
            let canonical =
                answer.body.split("<link rel=\"canonical\" href=\"").nth(1).unwrap().split('"').next().unwrap();
            assert_eq!(store::id::host_of(canonical), store::id::host_of(id), "{item}");
        }
    }
    let regions = scene.node.items("/alueet").await;
    assert_eq!(regions[0]["page"], scene.foe.voice.id.as_str(), "the page of the region itself: {regions:?}");
}

async fn o20_o31_in_the_names_of_others(scene: &Scene) {
    let (foe, node) = (&scene.foe, &scene.node);
    let (maija, company) = (node.id_of("/@maija").await, node.id_of("/@osuuskunta_esimerkki").await);
    let pages = ["/@maija", "/@osuuskunta_esimerkki", "/", "/tapahtumat", "/tehtavat", "/tuottajat", "/organisaatiot"];
    let mut before = Vec::new();
    for page in pages {
        before.push(node.get(page, "application/json").await.body);
    }
    let mut task = with(&foe.task, "names", &json!({}));
    task["schema:about"]["schema:hiringOrganization"] = json!({"type": "schema:Organization", "name": "Osuuskunta Esimerkki", "url": node.url("/@osuuskunta_esimerkki")});
    task["publishes"]["name"] = json!("Toisen nimissä");
    foe.says(scene, "Create", task).await;
    let region = json!([{"type": "PropertyValue", "name": "Maakunta", "value": "Pirkanmaa"}]);
    let event = json!({
        "name": "Toisen nimissä", "organizers": [company], "contributors": [maija], "tag": [{"type": "Hashtag", "name": "#Pirkanmaa"}],
        "location": {"type": "Place", "name": "Tori", "address": {"addressRegion": "Pirkanmaa", "addressCountry": "FI"}},
        "content": "<p>Teksti</p><p>Järjestäjä: Osuuskunta Esimerkki</p>", "contentMap": null, "inLanguage": "fi", "attachment": region,
    });
    foe.says(scene, "Create", with(&foe.event, "names", &event)).await;
    for author in [json!(scene.region), json!(maija), json!(scene.third.url("/users/x"))] {
        let changes = json!({"attributedTo": author, "name": "Väärä tekijä"});
        for document in [&foe.event, &foe.task] {
            let activity = foe.voice.activity("Create", with(document, "author", &changes));
            let post = Post::signed(&foe.voice, &scene.inbox, &activity.to_string(), &Signing::default());
            scene.ignores("attributed to others", &post, Asks::Nobody).await;
        }
    }
    // Who presents somebody decides the region, not what that somebody says.
    foe.presents(scene, &with(&foe.producer, "names", &json!({"name": "Toisen maakunnan", "attachment": region})))
        .await;
    let events = scene.learnt("/tapahtumat").await;
    let event = events.iter().find(|event| event["name"] == "Toisen nimissä").unwrap();
    assert_eq!((&event["source"]["region"], &event["organiser_id"]), (&json!("18"), &Value::Null), "{event}");
    assert_eq!(event["organiser"], "Osuuskunta Esimerkki");
    let page = node.get(&scene.page_of("/tapahtumat", event), CHROME).await.body;
    let (_, facts) = page.split_once("<article").unwrap();
    assert!(!facts.contains("osuuskunta_esimerkki"), "no link to whom the event names: {facts}");
    assert!(facts.contains(scene.evil.host()), "it says whose claim it is");
    let tasks = scene.learnt("/tehtavat").await;
    let task = tasks.iter().find(|task| task["title"] == "Toisen nimissä").unwrap();
    let page = node.get(&scene.page_of("/tehtavat", task), CHROME).await.body;
    assert!(!page.split_once("<article").unwrap().1.contains("osuuskunta_esimerkki"), "no link to whom the task names");
    assert!(scene.learnt("/tuottajat").await.iter().any(|one| one["name"] == "Toisen maakunnan"));
    for (page, before) in pages.iter().zip(before) {
        let mut after = node.get(page, "application/json").await.json();
        let mut before: Value = serde_json::from_str(&before).unwrap();
        for list in [&mut before, &mut after] {
            list.as_object_mut().unwrap().remove("profile");
        }
        assert_eq!(after, before, "{page} changed");
    }
}

async fn o29_names_that_look_alike(scene: &Scene) {
    let foe = &scene.foe;
    let named = |id: &str, username: &str, name: &str| {
        with(&foe.producer, id, &json!({"preferredUsername": username, "name": name, "url": null}))
    };
    foe.presents(scene, &named("admin", "admin", "Ylläpito")).await;
    foe.presents(scene, &named("same", "maija", "Maija Esimerkki")).await;
    foe.presents(scene, &named("mixed", "maija2", "M\u{430}ija Esimerkki")).await;
    for username in ["ylläpito", "m\u{430}ija", "a/../b", "maija@pirkanmaa.example", "<b>"] {
        foe.presents(scene, &named("refused", username, "Ei oteta")).await;
    }
    let people = scene.learnt("/tuottajat").await;
    assert!(people.iter().all(|one| one["name"] != "Ei oteta"), "{people:?}");
    let host = scene.evil.host();
    for (username, mixed) in [("admin", false), ("maija", false), ("maija2", true)] {
        let page = scene.node.get(&format!("/@{username}@{host}?lang=en"), CHROME).await;
        assert_eq!(page.status, 200, "{username}");
        assert!(page.body.contains(&format!("@{username}@{host}")), "{username} with its host");
        assert!(page.body.contains(&format!("Original: {host}")), "{username} is a copy");
        assert_eq!(page.body.contains("mixes letters"), mixed, "{username}");
    }
    let list = scene.node.get("/tuottajat?region=18&lang=en", CHROME).await.body;
    assert!(list.contains("mixes letters"), "the list marks it too");
    // Nothing takes the place of our own.
    let ours = scene.node.get("/@maija", "application/json").await.json();
    assert_eq!((&ours["source"]["local"], &ours["name"]), (&json!(true), &json!("Maija Esimerkki")));
    assert_eq!(scene.node.get("/@admin", CHROME).await.status, 404);
}

async fn o35_what_is_not_for_everybody(scene: &Scene) {
    let (foe, node) = (&scene.foe, &scene.node);
    let secret = "Salainen kokous";
    let before = (scene.learnt("/tapahtumat").await.len(), scene.learnt("/tehtavat").await.len());
    let only = |to: Value, cc: Value| json!({"to": to, "cc": cc, "name": secret, "content": secret, "contentMap": null, "summary": secret});
    for (at, changes) in [
        only(json!([scene.region]), json!([])),
        only(json!([]), json!([format!("{}/followers", foe.voice.id)])),
        only(Value::Null, Value::Null),
        only(json!("https://www.w3.org/ns/activitystreams#public"), json!("https://www.w3.org/ns/activitystreams")),
    ]
    .iter()
    .enumerate()
    {
        let mut activity = foe.voice.activity("Create", with(&foe.event, &format!("secret{at}"), changes));
        for field in ["to", "cc"] {
            activity[field] = changes[field].clone();
        }
        let at_shared = Post::signed(&foe.voice, &scene.shared, &activity.to_string(), &Signing::default());
        scene.ignores("an event for some", &at_shared, Asks::Nobody).await;
        let task = foe.voice.activity("Create", with(&foe.task, &format!("secret{at}"), changes));
        assert_eq!(foe.sends(scene, &task).await["state"], "ignored", "a task for some");
    }
    // Was for everybody, and is not any more.
    let shown = json!({"name": "Ensin julkinen", "updated": "2026-11-20T10:00:00Z"});
    foe.says(scene, "Create", with(&foe.event, "secret-later", &shown)).await;
    assert_eq!(scene.learnt("/tapahtumat").await.len(), before.0 + 1);
    let mut changes = only(json!([scene.region]), json!([]));
    changes["updated"] = json!("2026-11-20T11:00:00Z");
    foe.says(scene, "Update", with(&foe.event, "secret-later", &changes)).await;
    assert_eq!((scene.learnt("/tapahtumat").await.len(), scene.learnt("/tehtavat").await.len()), before);
    for list in LISTS.iter().flat_map(|list| [format!("{list}?region=18"), format!("{list}?region=18&q=salainen")]) {
        for accept in [CHROME, "application/json"] {
            let body = node.get(&list, accept).await.body;
            assert!(!body.contains(secret) && !body.contains("Ensin julkinen"), "{list}");
        }
    }
    for path in [scene.id(&foe.event, "secret0"), scene.id(&foe.event, "secret-later")] {
        let ours = path.replace(scene.evil.host(), &node.host());
        assert_eq!(node.get(&ours, ACTIVITY).await.status, 404, "{ours}");
    }
}

async fn c10_c11_caches_and_browsers(scene: &Scene) {
    let node = &scene.node;
    let (event, page) =
        (node.id_of("/tapahtumat/tapahtuma-paikalla").await, "/tapahtumat/tapahtuma-paikalla".to_owned());
    let unknown = node.url("/ap/events/01900000-0000-7000-8000-000000000000");
    let copy = scene.page_of("/tapahtumat", &scene.learnt("/tapahtumat").await[0]);
    let outbox = format!("{}/outbox", scene.region);
    for address in [
        &event,
        &page,
        &unknown,
        &copy,
        &outbox,
        &scene.region,
        "/",
        "/nothing",
        "/tapahtumat?from=x",
        "/ap/inbox",
        "/nodeinfo/2.1",
        "/.well-known/x",
        "/static/solmu.css",
        "/healthz",
    ] {
        for accept in [CHROME, ACTIVITY, "application/json", "*/*"] {
            for encoding in ["identity", "gzip"] {
                let headers = [("accept", accept), ("accept-encoding", encoding)];
                let get = node.ask(Method::GET, address, &headers).await;
                let what = format!("{address} as {accept}");
                assert_guarded(&what, &get);
                let varies = get.header("vary").to_lowercase();
                let shared =
                    !get.header("cache-control").contains("no-store") && !get.header("cache-control").is_empty();
                let two_forms =
                    address.contains("/ap/") || (!address.starts_with("/static") && !address.starts_with("/nodeinfo"));
                assert!(!shared || !two_forms || varies.contains("accept"), "{what}: {varies:?}");
                if !get.header("content-encoding").is_empty() {
                    assert!(varies.contains("accept-encoding"), "{what}: {varies}");
                }
                let html = get.header("content-type").starts_with("text/html");
                let plain = get.header("content-encoding").is_empty();
                assert!(
                    !plain || html == get.body.starts_with("<!DOCTYPE html>"),
                    "{what}: {}",
                    get.header("content-type")
                );
                assert!(!html || accept == CHROME || accept == "*/*", "{what} is a page");
                let head = node.ask(Method::HEAD, address, &headers).await;
                assert_eq!((head.status, head.body.as_str()), (get.status, ""), "HEAD {what}");
                for name in ["content-type", "vary", "cache-control", "location"] {
                    assert_eq!(head.header(name), get.header(name), "HEAD {what}: {name}");
                }
            }
        }
    }
    // A cache that keeps what it may, under what the answer says that it depends on, never gives one for the other.
    let mut kept = std::collections::HashMap::new();
    for round in 0..2 {
        for accept in [ACTIVITY, CHROME, "application/json"] {
            for address in [&node.url(&page), &event] {
                let answer = node.get(address, accept).await;
                let depends = answer.header("vary").to_lowercase().contains("accept").then_some(accept);
                let key = (address.clone(), depends);
                let form =
                    (answer.status, answer.header("content-type").to_owned(), answer.header("location").to_owned());
                assert_eq!(
                    kept.entry(key).or_insert_with(|| form.clone()),
                    &form,
                    "round {round}: {address} as {accept}"
                );
            }
        }
    }
    // A browser that gets a document all the same does not take it for a page.
    let document = http().get(&outbox).header("accept", CHROME).send().await.unwrap();
    assert_eq!(document.headers()["content-type"], ACTIVITY);
    assert_eq!(document.headers()["x-content-type-options"], "nosniff");
}

async fn c17_following_from_elsewhere(scene: &Scene) {
    let node = &scene.node;
    let resource = format!("/.well-known/webfinger?resource=acct:{}@{}", node.username(), node.host());
    let answer = node.get(&resource, "application/jrd+json").await.json();
    let template = answer["links"].as_array().unwrap().iter().find_map(|link| link["template"].as_str()).unwrap();
    assert_eq!(template, node.url("/authorize_interaction?uri={uri}"), "our own page");
    for (server, uri) in [
        ("javascript:alert(1)", ""),
        ("javascript:alert(1)//a.example", "javascript:alert(1)"),
        ("https://a.example@third.example:1/", "data:text/html,x"),
        ("a.example/%0d%0aSet-Cookie:x", "//third.example/"),
        ("\"><script>", "\"><script>alert(1)</script>"),
        ("mastodon.example", "javascript:{uri}"),
        ("mastodon.example", "https://b.example/\"onmouseover=\"alert(1)"),
    ] {
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("server", server)
            .append_pair("uri", uri)
            .finish();
        for page in ["/seuraa", "/authorize_interaction"] {
            let answer = node.get(&format!("{page}?{query}"), CHROME).await;
            assert_guarded(page, &answer);
            assert_harmless_page(page, &node.host(), &answer.body);
            assert_eq!((answer.status, answer.header("location")), (200, ""), "{query}");
            for link in answer.body.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
                if let Some((server, uri)) = link.split_once("/authorize_interaction?uri=")
                    && !server.is_empty()
                    && server != node.url("")
                {
                    assert!(server.starts_with("https://") && uri.starts_with("http"), "{link}");
                }
            }
        }
    }
}

/// What is kept inside the node answers like what never was.
async fn nobody_learns_what_is_hidden(scene: &Scene) {
    let node = &scene.node;
    node.import_bundle(&crate::harness::task("luonnos", "Salainen luonnos", "draft")).await;
    for (hidden, never) in [
        ("/tehtavat/salainen-luonnos", "/tehtavat/salainen-luonnoz"),
        ("/tehtavat/salainen-luonnos?lang=en", "/tehtavat/salainen-luonnoz?lang=en"),
    ] {
        for accept in [CHROME, ACTIVITY, "application/json"] {
            let (hidden_answer, never_answer) = (node.get(hidden, accept).await, node.get(never, accept).await);
            assert_eq!(hidden_answer.status, 404, "{hidden}");
            assert_eq!(hidden_answer.status, never_answer.status);
            let path = |path: &str| path.split('?').next().unwrap().to_owned();
            let same = hidden_answer.body.replace(&path(hidden), "X") == never_answer.body.replace(&path(never), "X");
            assert!(same, "{hidden} as {accept}");
            assert_guarded(hidden, &hidden_answer);
        }
    }
    for list in ["/tehtavat", "/tehtavat?q=salainen&past=1", "/"] {
        for accept in [CHROME, "application/json"] {
            let body = node.get(list, accept).await.body;
            assert!(!body.contains("Salainen luonnos"), "{list}");
        }
    }
}
