//! Every public page, the ways in, and the desk, in a real browser: three languages, 320 and 1280 pixels wide, and an axe scan of each.
//!
//! The pages are those of the demo's network, filled with its example content. `scan.mjs` drives headless Chromium and
//! prints one JSON line a page; what must hold is asserted here.
#![allow(clippy::unwrap_used)] // a test that cannot go on has failed

use serde_json::{Value, json};
use server::demo::network::{Network, Node, Plan};
use server::demo::{follow_one_another, import_everything};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

const LANGUAGES: [&str; 3] = ["fi", "sv", "en"];
const WIDTHS: [u32; 2] = [320, 1280];
/// The dark theme is looked at in one language: colours do not depend on words.
const DARK: &str = "fi";
/// What setting up may cost at most (J1).
const MOST_FIELDS: u64 = 25;
const MOST_SECONDS: f64 = 600.0;

#[tokio::test(flavor = "multi_thread")]
async fn every_page_in_three_languages_and_two_widths() {
    let plan = Plan { program: Path::new(env!("CARGO_BIN_EXE_solmu")), keep: None, server: None, app_nodes: 1 };
    let network = Network::start(&plan).await.expect("the network starts");
    import_everything(&network).await.expect("the content is imported");
    follow_one_another(&network).await.expect("the nodes follow one another");
    let region = &network.regions[0];
    let cancelled = first_slug(region, "/tapahtumat").await;
    region.run(&["cancel", &cancelled]).await.expect("an event is cancelled");

    let mut pages = Vec::new();
    for path in region_pages(region, &cancelled).await {
        pages.push((region.url(&path), 200));
    }
    for path in [
        "/",
        "/tapahtumat",
        "/tapahtumat?view=map",
        "/tehtavat",
        "/tuottajat",
        "/organisaatiot",
        "/alueet",
        "/seuraa",
        "/tietoa",
    ] {
        pages.push((network.national.url(path), 200));
    }
    for (_, status) in pages.iter_mut().filter(|(url, _)| url.ends_with("skill=x")) {
        *status = 400;
    }
    pages.push((region.url("/tapahtumat/ei-ole"), 404));
    pages.push((region.url("/sign-in/x"), 410));
    let cookie = coordinator(region).await;
    pages.extend(desk_pages(region).await.iter().map(|path| (region.url(path), 200)));
    let results = scan(&pages, &cookie);
    assert_eq!(results.len(), pages.len() * (LANGUAGES.len() + 1) * WIDTHS.len(), "every page was looked at");
    let faults: Vec<String> = results.iter().flat_map(|page| faults(page, &pages)).collect();
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    a_coordinator_sets_a_region_up(&network.regions[1]).await;
    network.stop().await.expect("the network stops");
}

/// J1: with the address that the operator was given and nothing else, in a browser.
async fn a_coordinator_sets_a_region_up(region: &Node) {
    let address = region.run(&["setup"]).await.expect("an address for setting up");
    let told = json!({
        "url": address.trim(),
        "language": "fi",
        "told": {
            "name": "Kaisa Koordinaattori",
            "mail": "kaisa@kulma.example",
            "organisation": "Kulman korkeakoulu",
            "business_id": "0112038-9",
            "contact_mail": "solmu@kulma.example",
            "data_name": "Tiina Tietosuoja",
            "data_mail": "tiina@kulma.example",
            "harassment_name": "Heikki Esimerkki",
            "harassment_mail": "heikki@kulma.example",
        },
    });
    let done = drive("setup.mjs", &told);
    let done: Value = serde_json::from_str(done.trim()).expect("one line of JSON");
    assert_eq!(done["path"], "/desk/self-test", "{done}");
    assert!(done["fields"].as_u64().is_some_and(|fields| fields <= MOST_FIELDS), "{done}");
    assert!(done["seconds"].as_f64().is_some_and(|seconds| seconds < MOST_SECONDS), "{done}");
    let states = done["states"].as_array().expect("states");
    assert_eq!(states.len(), 5, "{done}");
    assert!(states.iter().all(|state| state != "Korjattava"), "nothing has to be mended: {done}");
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    for path in ["/tietosuoja", "/saavutettavuus", "/turvallisempi-tila"] {
        for language in LANGUAGES {
            let answer =
                client.get(region.url(path)).header("accept-language", language).send().await.expect("an answer");
            let text = answer.text().await.expect("a page");
            assert!(text.contains("Kulman korkeakoulu"), "{path} in {language} names who answers");
        }
    }
}

/// With nothing but a finger: a member registers a passkey and signs in by it.
#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_is_made_and_lets_in() {
    let plan = Plan { program: Path::new(env!("CARGO_BIN_EXE_solmu")), keep: None, server: None, app_nodes: 1 };
    let network = Network::start(&plan).await.expect("the network starts");
    let region = &network.regions[0];
    let cookie = coordinator(region).await;
    let told = json!({"url": region.url(""), "language": "fi", "cookie": cookie, "name": "Puhelimeni"});
    let done = drive("passkey.mjs", &told);
    let done: Value = serde_json::from_str(done.trim()).expect("one line of JSON");
    assert_eq!(done["listed"], json!(["Puhelimeni"]), "{done}");
    assert_eq!(done["credentials"], json!([{"rpId": "localhost", "resident": true, "count": 1}]), "{done}");
    assert_eq!(done["path"], "/desk", "she runs the node, and has taken both steps: {done}");
    assert_eq!(done["counted"], 2, "{done}");
    let words = |field: &str| done[field].as_str().expect("words").to_owned();
    assert!(words("again").contains("ei tee toista"), "{done}");
    assert!(words("unverified").starts_with("Se ei onnistunut."), "{done}");
    assert!(words("copied").starts_with("Pääsyavain ei kelvannut."), "{done}");
    // The refusal of the copy is a page with the status 400, which Chromium writes down.
    let refused = |error: &Value| error.as_str().is_some_and(|text| text.contains("400"));
    assert!(done["errors"].as_array().expect("errors").iter().all(refused), "{done}");
    network.stop().await.expect("the network stops");
}

async fn region_pages(region: &Node, cancelled: &str) -> Vec<String> {
    let mut pages: Vec<String> =
        ["/", "/tapahtumat", "/tehtavat", "/tuottajat", "/organisaatiot", "/seuraa", "/tietoa"]
            .into_iter()
            .map(str::to_owned)
            .collect();
    pages.push("/tapahtumat?q=eiosumia".to_owned());
    pages.extend(
        ["/tapahtumat?view=map", "/tuottajat?field=music&language=fi", "/tuottajat?skill=x"].map(str::to_owned),
    );
    pages.push(format!("/tapahtumat?month={}", a_full_month()));
    pages.extend(["/tietosuoja", "/saavutettavuus", "/turvallisempi-tila"].map(str::to_owned));
    pages.extend(["/saavutettavuus/palaute", "/saavutettavuus/palaute/kiitos"].map(str::to_owned));
    pages.extend(["/search", "/search?q=tapahtumia", "/search?q=eiosumia&kind=task"].map(str::to_owned));
    pages.push("/sign-in".to_owned());
    pages.extend(["/sign-in/sent", "/join", "/join/sent"].map(str::to_owned));
    let setup = region.run(&["setup"]).await.expect("an address for setting up");
    pages.push(setup.trim().strip_prefix(&region.url("")).expect("an address of the region").to_owned());
    pages.push(format!("/@{}", region.username));
    pages.push(format!("/tapahtumat/{cancelled}"));
    pages.push(format!("/tehtavat/{}", first_slug(region, "/tehtavat").await));
    pages.push(format!("/@{}", first_slug(region, "/tuottajat").await));
    pages.push(format!("/@{}", first_slug(region, "/organisaatiot").await));
    pages
}

/// A month that some of the example events are in.
fn a_full_month() -> String {
    let now = store::Clock::System.now().to_jiff().to_zoned(jiff::tz::TimeZone::UTC).date();
    now.checked_add(jiff::Span::new().days(20)).unwrap().strftime("%Y-%m").to_string()
}

/// The pages of who runs the node, and those of what is one's own.
async fn desk_pages(region: &Node) -> Vec<String> {
    let mut pages: Vec<String> = [
        "/desk",
        "/desk/events",
        "/desk/tasks",
        "/desk/events/new",
        "/desk/tasks/new",
        "/desk/peers?host=b.example",
        "/desk/import",
        "/desk/positions",
        "/desk/imported",
        "/desk/log",
        "/me",
        "/me/positions",
        "/me/second-step",
        "/me/passkeys",
        "/me/invitation",
    ]
    .map(str::to_owned)
    .to_vec();
    for (things, list) in [("events", "/tapahtumat"), ("tasks", "/tehtavat")] {
        let id = first_own(region, list).await["source"]["id"].as_str().expect("an id").to_owned();
        let id = id.rsplit('/').next().expect("the end of an id");
        pages.extend([format!("/desk/{things}/{id}"), format!("/desk/{things}/{id}/delete")]);
    }
    pages
}

/// The cookie of the coordinator, who signs in by a link that the operator prints.
async fn coordinator(region: &Node) -> Value {
    let mail = "kaisa@kulma.example";
    let appoint = ["people", "appoint", "coordinator", mail, "--name", "Kaisa Koordinaattori"];
    region.run(&appoint).await.expect("she is appointed");
    let link = region.run(&["sign-in", mail]).await.expect("a link");
    let client =
        reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
    let page = client.get(link.trim()).send().await.expect("the page of the link");
    let form_cookie =
        page.headers()["set-cookie"].to_str().expect("text").split(';').next().expect("a pair").to_owned();
    let body = page.text().await.expect("a page");
    let token = body.split("name=\"form\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a token");
    let press =
        client.post(link.trim()).header("origin", region.url("").trim_end_matches('/')).header("cookie", form_cookie);
    let press = press.header("content-type", "application/x-www-form-urlencoded").body(format!("form={token}"));
    let answer = press.send().await.expect("an answer");
    let session = answer.headers().get_all("set-cookie").iter().filter_map(|line| line.to_str().ok());
    let pair = session
        .filter_map(|line| line.split(';').next()?.split_once('='))
        .find(|(name, _)| name.starts_with("session"));
    let (name, value) = pair.expect("a session");
    json!({"name": name, "value": value})
}

async fn first_slug(region: &Node, list: &str) -> String {
    first_own(region, list).await["slug"].as_str().expect("a slug").to_owned()
}

async fn first_own(region: &Node, list: &str) -> Value {
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    let answer = client.get(region.url(&format!("{list}?region=06"))).header("accept", "application/json").send();
    let list: Value = answer.await.expect("an answer").json().await.expect("JSON");
    let items = list["items"].as_array().expect("items");
    items.iter().find(|item| item["source"]["local"] == true).expect("one of our own").clone()
}

/// Runs the scan over all pages, languages, widths and themes.
fn scan(pages: &[(String, u16)], cookie: &Value) -> Vec<Value> {
    let mut list = Vec::new();
    for (language, scheme) in LANGUAGES.map(|language| (language, "light")).into_iter().chain([(DARK, "dark")]) {
        for width in WIDTHS {
            for (url, _) in pages {
                // What Tab reaches is the same in every language and theme.
                let keyboard = language == LANGUAGES[0] && scheme == "light";
                let mut entry = json!({
                    "url": url, "language": language, "width": width, "scheme": scheme, "keyboard": keyboard
                });
                if url.contains("/desk") || url.contains("/me") {
                    entry["cookie"] = cookie.clone();
                }
                list.push(entry);
            }
        }
    }
    drive("scan.mjs", &Value::Array(list)).lines().map(|line| serde_json::from_str(line).expect(line)).collect()
}

/// Runs one of the scripts that drive the browser; what it prints.
fn drive(script: &str, input: &Value) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/browser");
    let mut command = Command::new("node");
    command.arg(Path::new(folder).join(script)).stdin(Stdio::piped()).stdout(Stdio::piped());
    if let Some(folder) = std::env::var_os("SOLMU_SCREENSHOTS") {
        command.arg(folder);
    }
    let mut child = command.spawn().expect("node runs; `cargo xtask test` installs it");
    let mut pipe = child.stdin.take().expect("its input");
    pipe.write_all(input.to_string().as_bytes()).expect("the input is written");
    drop(pipe);
    let output = child.wait_with_output().expect("the script ends");
    assert!(output.status.success(), "{script} failed: {}", output.status);
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// What is wrong with a page, in words.
fn faults(page: &Value, pages: &[(String, u16)]) -> Vec<String> {
    let url = page["url"].as_str().unwrap_or("?");
    let name = format!("{url} {} {}px {}", page["language"], page["width"], page["scheme"]);
    let expected = pages.iter().find(|(url, _)| page["url"] == url.as_str()).map_or(200, |(_, status)| *status);
    let mut faults = Vec::new();
    let mut check = |holds: bool, what: String| {
        if !holds {
            faults.push(format!("{name}: {what}"));
        }
    };
    check(page["status"] == expected, format!("answers {}", page["status"]));
    check(page["lang"] == page["language"], format!("lang is {}", page["lang"]));
    check(page["title"].as_str().is_some_and(|title| !title.is_empty()), "has no title".to_owned());
    check(page["overflow"] == false, "scrolls sideways".to_owned());
    for (key, found) in [
        ("foreign requests", &page["foreignRequests"]),
        ("console", &page["consoleErrors"]),
        ("axe", &page["violations"]),
    ] {
        check(found.as_array().is_some_and(Vec::is_empty), format!("{key}: {found}"));
    }
    let missed = &page["tab"]["missed"];
    let walked = page["language"] == LANGUAGES[0] && page["scheme"] == "light";
    check(!walked || missed.as_array().is_some_and(Vec::is_empty), format!("not reached by Tab: {missed}"));
    faults
}
