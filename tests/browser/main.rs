//! Every public page, and the ways in, in a real browser: three languages, 320 and 1280 pixels wide, and an axe scan of each.
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
    for path in ["/", "/tapahtumat", "/tehtavat", "/tuottajat", "/organisaatiot", "/alueet", "/seuraa", "/tietoa"] {
        pages.push((network.national.url(path), 200));
    }
    pages.push((region.url("/tapahtumat/ei-ole"), 404));
    pages.push((region.url("/sign-in/x"), 410));
    let results = scan(&pages);
    assert_eq!(results.len(), pages.len() * LANGUAGES.len() * WIDTHS.len(), "every page was looked at");
    let faults: Vec<String> = results.iter().flat_map(|page| faults(page, &pages)).collect();
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    network.stop().await.expect("the network stops");
}

async fn region_pages(region: &Node, cancelled: &str) -> Vec<String> {
    let mut pages: Vec<String> =
        ["/", "/tapahtumat", "/tehtavat", "/tuottajat", "/organisaatiot", "/seuraa", "/tietoa"]
            .into_iter()
            .map(str::to_owned)
            .collect();
    pages.push("/tapahtumat?q=eiosumia".to_owned());
    pages.extend(["/search", "/search?q=tapahtumia", "/search?q=eiosumia&kind=task"].map(str::to_owned));
    pages.push("/sign-in".to_owned());
    pages.push("/sign-in/sent".to_owned());
    let setup = region.run(&["setup"]).await.expect("an address for setting up");
    pages.push(setup.trim().strip_prefix(&region.url("")).expect("an address of the region").to_owned());
    pages.push(format!("/@{}", region.username));
    pages.push(format!("/tapahtumat/{cancelled}"));
    pages.push(format!("/tehtavat/{}", first_slug(region, "/tehtavat").await));
    pages.push(format!("/@{}", first_slug(region, "/tuottajat").await));
    pages.push(format!("/@{}", first_slug(region, "/organisaatiot").await));
    pages
}

async fn first_slug(region: &Node, list: &str) -> String {
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    let answer = client.get(region.url(&format!("{list}?region=06"))).header("accept", "application/json").send();
    let list: Value = answer.await.expect("an answer").json().await.expect("JSON");
    let items = list["items"].as_array().expect("items");
    let own = items.iter().find(|item| item["source"]["local"] == true).expect("one of our own");
    own["slug"].as_str().expect("a slug").to_owned()
}

/// Runs the scan over all pages, languages and widths.
fn scan(pages: &[(String, u16)]) -> Vec<Value> {
    let mut list = Vec::new();
    for language in LANGUAGES {
        for width in WIDTHS {
            for (url, _) in pages {
                // What Tab reaches is the same in every language.
                let keyboard = language == LANGUAGES[0];
                list.push(json!({"url": url, "language": language, "width": width, "keyboard": keyboard}));
            }
        }
    }
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/browser/scan.mjs");
    let mut command = Command::new("node");
    command.arg(script).stdin(Stdio::piped()).stdout(Stdio::piped());
    if let Some(folder) = std::env::var_os("SOLMU_SCREENSHOTS") {
        command.arg(folder);
    }
    let mut child = command.spawn().expect("node runs; `cargo xtask test` installs it");
    let mut input = child.stdin.take().expect("its input");
    input.write_all(Value::Array(list).to_string().as_bytes()).expect("the list is written");
    drop(input);
    let output = child.wait_with_output().expect("the scan ends");
    assert!(output.status.success(), "the scan failed: {}", output.status);
    String::from_utf8_lossy(&output.stdout).lines().map(|line| serde_json::from_str(line).expect(line)).collect()
}

/// What is wrong with a page, in words.
fn faults(page: &Value, pages: &[(String, u16)]) -> Vec<String> {
    let name = format!("{} {} {}px", page["url"].as_str().unwrap_or("?"), page["language"], page["width"]);
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
    let walked = page["language"] == LANGUAGES[0];
    check(!walked || missed.as_array().is_some_and(Vec::is_empty), format!("not reached by Tab: {missed}"));
    faults
}
