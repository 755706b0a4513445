//! Who says what: pages of other hosts, other people's names, names that look alike, and what is not for everybody.

use super::foe::with;
use super::{CHROME, LISTS, Scene};
use crate::harness::{ACTIVITY, Post, Reply, Signing};
use crate::stage::Asks;
use serde_json::{Value, json};

pub(super) async fn o07_pages_of_other_hosts(scene: &Scene) {
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

pub(super) async fn o20_o31_in_the_names_of_others(scene: &Scene) {
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

pub(super) async fn o29_names_that_look_alike(scene: &Scene) {
    let foe = &scene.foe;
    let named = |id: &str, username: &str, name: &str| {
        with(&foe.producer, id, &json!({"preferredUsername": username, "name": name, "url": null}))
    };
    foe.presents(scene, &named("admin", "admin", "Ylläpito")).await;
    foe.presents(scene, &named("same", "maija", "Maija Esimerkki")).await;
    foe.presents(scene, &named("mixed", "maija2", "M\u{430}ija Esimerkki")).await;
    for username in ["ylläpito", "m\u{430}ija", "a/../b", "maija@pirkanmaa.example"] {
        foe.presents(scene, &named("refused", username, "Ei oteta")).await;
    }
    // Who has no name of letters is called by the end of the id.
    foe.presents(scene, &named("nameless", "<b>", "Nimetön")).await;
    let people = scene.learnt("/tuottajat").await;
    assert!(people.iter().all(|one| one["name"] != "Ei oteta"), "{people:?}");
    let host = scene.evil.host();
    for (username, mixed) in [("admin", false), ("maija", false), ("maija2", true), ("nameless", false)] {
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

pub(super) async fn o35_what_is_not_for_everybody(scene: &Scene) {
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

/// Who announces did not write: only what the author's own server says is believed.
pub(super) async fn o17_an_altered_copy_is_read_at_its_source(scene: &Scene) {
    let foe = &scene.foe;
    scene.follow(&scene.site, &scene.anna).await;
    let genuine = with(&foe.event, "announced", &json!({"name": "Aito nimi"}));
    let id = genuine["id"].as_str().unwrap();
    let path = url::Url::parse(id).unwrap().path().to_owned();
    scene.evil.set(&path, Reply::document(&genuine));
    let mut altered = genuine.clone();
    altered["name"] = json!("Väärennetty nimi");
    let wrapped = foe.voice.activity("Create", altered.clone());
    for object in [altered, wrapped] {
        let before = scene.gets().await;
        let announce = scene.anna.activity("Announce", object);
        scene.anna.say(&scene.inbox, &announce).await;
        scene.settled().await;
        let fetched = scene.gets_since(&before).await;
        assert!(fetched.iter().all(|asked| *asked == format!("evil {path}")) && fetched.len() <= 1, "{fetched:?}");
    }
    let names: Vec<Value> = scene.learnt("/tapahtumat").await.iter().map(|event| event["name"].clone()).collect();
    assert!(names.contains(&json!("Aito nimi")) && !names.contains(&json!("Väärennetty nimi")), "{names:?}");
    scene.node.run(&["unfollow", &scene.anna.id]).await;
    scene.settled().await;
}

/// Nobody is a region by saying so: whom this node does not follow is in no list.
pub(super) async fn o34_who_says_to_be_a_region(scene: &Scene) {
    let (foe, node) = (&scene.foe, &scene.node);
    let regions = node.items("/alueet").await;
    let stranger = scene.evil.stranger("uusimaa");
    let mut document = stranger.document();
    for (field, value) in [
        ("type", json!("Group")),
        ("name", json!("Uusimaa")),
        ("attachment", json!([{"type": "PropertyValue", "name": "Maakunta", "value": "Uusimaa"}])),
    ] {
        document[field] = value;
    }
    scene.evil.set("/users/uusimaa", Reply::document(&document));
    let mut event = with(&foe.event, "from-a-stranger", &json!({"name": "Keneltäkään"}));
    event["attributedTo"] = json!(stranger.id);
    let create = stranger.activity("Create", event);
    let post = Post::signed(&stranger, &scene.inbox, &create.to_string(), &Signing::default());
    // Its key is fetched once, to see that it signed; nothing else is.
    scene.ignores("an event of a stranger's region", &post, Asks::TheSender(1)).await;
    let mut add = stranger.activity("Add", json!(stranger.id));
    add["target"] = json!(format!("{}/people", stranger.id));
    let post = Post::signed(&stranger, &scene.inbox, &add.to_string(), &Signing::default());
    scene.ignores("somebody presented by it", &post, Asks::Nobody).await;
    assert_eq!(node.items("/alueet").await, regions);
    for list in LISTS {
        let body = node.get(&format!("{list}?region=01&past=1"), "application/json").await.body;
        assert!(!body.contains(scene.evil.host()), "{list}: {body}");
    }
}
