//! J1: with the address that the operator was given and nothing else, a coordinator sets a region up in a browser.

use crate::harness::{Database, Kind, Node, http};
use crate::{LANGUAGES, drive, texts};
use serde_json::{Value, json};

/// What setting up may cost at most.
const MOST_FIELDS: u64 = 25;
const MOST_SECONDS: f64 = 600.0;

#[tokio::test(flavor = "multi_thread")]
async fn j1_a_coordinator_sets_a_region_up() {
    for language in LANGUAGES {
        let node = Node::start(Kind::Region("13"), Database::Sqlite).await;
        set_up(&node, language).await;
    }
}

async fn set_up(node: &Node, language: &str) {
    let told = json!({
        "url": node.address_by_init(),
        "language": language,
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
    let texts = texts::of(language);
    assert_eq!(done["heading"], texts["self-test-title"], "{done}");
    assert!(states.iter().all(|state| *state != texts["self-test-state-bad"]), "nothing has to be mended: {done}");
    answers_other_servers(node).await;
    for path in ["/tietosuoja", "/saavutettavuus", "/turvallisempi-tila"] {
        for language in LANGUAGES {
            let answer = http().get(node.url(path)).header("accept-language", language).send().await.unwrap();
            let text = answer.text().await.unwrap();
            assert!(text.contains("Kulman korkeakoulu"), "{path} in {language} names who answers");
        }
    }
}

/// From the button on, other servers find the region: its WebFinger leads to its actor, and NodeInfo says what answers.
async fn answers_other_servers(node: &Node) {
    let id = node.actor().await;
    let actor = node.document(&id).await;
    assert_eq!((actor["id"].as_str(), actor["type"].as_str()), (Some(id.as_str()), Some("Group")), "{actor}");
    assert_eq!(actor["preferredUsername"], node.username(), "{actor}");
    assert!(actor["publicKey"]["publicKeyPem"].as_str().is_some_and(|pem| pem.contains("PUBLIC KEY")), "{actor}");
    let outbox = node.document(actor["outbox"].as_str().expect("an outbox")).await;
    assert_eq!(outbox["type"], "OrderedCollection", "{outbox}");
    let links = node.get("/.well-known/nodeinfo", "application/json").await.json();
    let info = node.get(links["links"][0]["href"].as_str().expect("an address"), "application/json").await;
    assert_eq!((info.status, info.json()["software"]["name"].as_str()), (200, Some("solmu")), "{}", info.body);
}
