//! Every page in a real browser: those of everybody, the ways in, what is one's own, and the desk; in three languages, 320 and
//! 1280 pixels wide, light and dark, by axe. And what people do there by the keyboard alone.
//!
//! The pages are those of the demo's network, filled with its example content. The scripts drive headless Chromium and print
//! JSON; what must hold is asserted here.
#![allow(clippy::unwrap_used)] // a test that cannot go on has failed

mod addresses;
mod elsewhere;
#[path = "../harness/mod.rs"]
mod harness;
mod keyboard;
mod members;
mod page;
mod pages;
mod people;
mod refusals;
mod setting_up;
mod texts;

use page::Page;
use pages::first_slug;
use people::Person;
use serde_json::{Value, json};
use server::demo::network::{Network, Plan};
use server::demo::{follow_one_another, import_everything};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

const LANGUAGES: [&str; 3] = ["fi", "sv", "en"];
/// What Tab reaches is the same in every language: it is looked at in this one.
const WALKED: &str = "fi";
/// And in this one all rules are asked in the dark.
const DARK: &str = "sv";

#[tokio::test(flavor = "multi_thread")]
async fn every_page_in_three_languages_and_two_widths() {
    let plan = Plan { program: Path::new(env!("CARGO_BIN_EXE_solmu")), keep: None, server: None, app_nodes: 1 };
    let network = Network::start(&plan).await.expect("the network starts");
    import_everything(&network).await.expect("the content is imported");
    follow_one_another(&network).await.expect("the nodes follow one another");
    let region = &network.regions[0];
    let cancelled = first_slug(region, "/tapahtumat").await;
    region.run(&["cancel", &cancelled]).await.expect("an event is cancelled");

    let closed = harness::Node::start(harness::Kind::Region("13"), harness::Database::Sqlite).await;
    let broken = refusals::broken().await;
    let pages = pages::all(&network, &cancelled, closed.url("/"), &broken).await;
    addresses::assert_all_are_there(&pages);
    let results = scan(&pages);
    let wanted: usize = pages.iter().map(|page| page.languages().count()).sum();
    assert_eq!(results.len(), wanted, "every page was looked at");
    let mut faults = Vec::new();
    for page in &pages {
        for language in page.languages() {
            let is_it = |found: &&Value| found["name"] == page.name.as_str() && found["language"] == language;
            let found: Vec<&Value> = results.iter().filter(is_it).collect();
            assert_eq!(found.len(), 1, "{} in {language}", page.name);
            faults.extend(faults_of(page, found[0]));
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    network.stop().await.expect("the network stops");
}

/// With nothing but a finger: a member registers a passkey and signs in by it.
#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_is_made_and_lets_in() {
    let plan = Plan { program: Path::new(env!("CARGO_BIN_EXE_solmu")), keep: None, server: None, app_nodes: 1 };
    let network = Network::start(&plan).await.expect("the network starts");
    let region = &network.regions[0];
    let kaisa = Person::appointed(region, "coordinator", "kaisa@kulma.example", "Kaisa Koordinaattori").await;
    let told = json!({"url": region.url(""), "language": "fi", "cookie": kaisa.session(), "name": "Puhelimeni"});
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

/// Looks at all pages in all languages.
fn scan(pages: &[Page]) -> Vec<Value> {
    let list = LANGUAGES.into_iter().flat_map(|language| {
        let wanted = pages.iter().filter(move |page| page.languages().any(|one| one == language));
        wanted.map(move |page| page.asked(language))
    });
    let said = drive("scan.mjs", &Value::Array(list.collect()));
    said.lines().map(|line| serde_json::from_str(line).expect(line)).collect()
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

/// What is wrong with a page in one language, in words.
fn faults_of(page: &Page, found: &Value) -> Vec<String> {
    let name = format!("{} {}", page.name, found["language"]);
    let mut faults = Vec::new();
    let mut check = |holds: bool, what: String| {
        if !holds {
            faults.push(format!("{name}: {what}"));
        }
    };
    check(found["error"].is_null(), format!("cannot be opened: {}", found["error"]));
    check(found["status"] == page.status, format!("answers {}", found["status"]));
    // Who is not signed in is sent away, and that page would be a good one too.
    check(found["at"] == page.at.as_str(), format!("is seen to be {}", found["at"]));
    check(found["lang"] == found["language"], format!("lang is {}", found["lang"]));
    check(found["title"].as_str().is_some_and(|title| !title.is_empty()), "has no title".to_owned());
    for (key, list) in [("foreign requests", &found["foreignRequests"]), ("console", &found["consoleErrors"])] {
        check(is_empty(list), format!("{key}: {list}"));
    }
    let looks = found["looks"].as_array().map(Vec::as_slice).unwrap_or_default();
    check(
        looks.len() == page.looks(found["language"].as_str().unwrap_or_default()).len(),
        format!("was looked at {} times", looks.len()),
    );
    for look in looks {
        let how = format!("{}px {}", look["width"], look["scheme"]);
        check(look["overflow"] == false, format!("{how}: scrolls sideways: {}", look["overflowing"]));
        check(is_empty(&look["violations"]), format!("{how}: axe: {}", look["violations"]));
    }
    let walk = &found["tab"];
    let walked = found["language"] == WALKED;
    check(!walked || is_empty(&walk["missed"]), format!("not reached by Tab: {}", walk["missed"]));
    check(!walked || is_empty(&walk["unmarked"]), format!("the focus is not seen at {}", walk["unmarked"]));
    faults
}

fn is_empty(list: &Value) -> bool {
    list.as_array().is_some_and(Vec::is_empty)
}
