//! J2 and J11 in a browser, in each language: a member joins, publishes some of a profile (in one language after it was given back
//! with a reason), takes a part of it back, reads and downloads what is held, and leaves. (What other servers are told meanwhile: `tests/journeys/members.rs`.)

use crate::harness::{Database, Kind, Node};
use crate::{LANGUAGES, drive, texts};
use serde_json::{Map, Value, json};

const KAISA: &str = "kaisa@kulma.example";
/// Written and never published.
const KEPT: &str = "kanariakotka";
/// Why a profile is given back.
const REASON: &str = "Kerro vielä, missä päin teet töitä.";

struct Member {
    language: &'static str,
    name: &'static str,
    username: &'static str,
    /// What is typed to find a skill.
    asked: &'static str,
    /// The skill that this finds.
    found: &'static str,
    /// A region served, as it is called in this language.
    region: &'static str,
}

const MEMBERS: [Member; 3] = [
    Member {
        language: LANGUAGES[0],
        name: "Aino Esimerkki",
        username: "aino_esimerkki",
        asked: "apuraha",
        found: "löytää apurahoja",
        region: "Ahvenanmaa",
    },
    Member {
        language: LANGUAGES[1],
        name: "Alva Exempel",
        username: "alva_exempel",
        asked: "stipendier",
        found: "hitta bidrag",
        region: "Åland",
    },
    Member {
        language: LANGUAGES[2],
        name: "Alice Example",
        username: "alice_example",
        asked: "scholarship",
        found: "find grants",
        region: "Åland",
    },
];

#[tokio::test(flavor = "multi_thread")]
async fn j2_j11_a_member_joins_publishes_some_and_leaves() {
    let node = Node::start(Kind::Region("06"), Database::Sqlite).await;
    node.run(&["people", "appoint", "coordinator", KAISA, "--name", "Kaisa Koordinaattori"]).await;
    for member in &MEMBERS {
        let link = node.run(&["sign-in", KAISA]).await;
        let words = texts::of(member.language);
        let told = json!({
            "origin": node.url("/"),
            "language": member.language,
            "mail": format!("{}@kulma.example", member.username),
            "name": member.name,
            "username": member.username,
            "skill": member.asked,
            "reason": is_given_back(member).then_some(REASON),
            "letters": node.path("mail"),
            "signIn": link.trim(),
            "words": &words,
        });
        let done: Value = serde_json::from_str(drive("member.mjs", &told).trim()).expect("one line of JSON");
        corrected_what_was_given_back(member, &words, &done);
        published_what_was_chosen(member, &words, &done);
        left_and_stayed_and_left(member, &words, &done);
    }
}

fn is_given_back(member: &Member) -> bool {
    member.language == LANGUAGES[0]
}

fn corrected_what_was_given_back(member: &Member, words: &Map<String, Value>, done: &Value) {
    let returned = &done["returned"];
    if !is_given_back(member) {
        assert!(returned.is_null(), "{done}");
        return;
    }
    let said = returned["said"].as_str().expect("a text");
    assert!(said.contains(words["standing-returned"].as_str().expect("a text")), "{returned}");
    assert!(said.contains(REASON), "its person reads why: {returned}");
    assert_eq!(returned["again"], words["standing-asked"], "{returned}");
    let published = done.pointer("/publicPage/0").and_then(Value::as_str).expect("a text");
    assert!(published.contains("Kiertueita ja klubeja Pirkanmaalla"), "what was corrected is published: {published}");
}

fn published_what_was_chosen(member: &Member, words: &Map<String, Value>, done: &Value) {
    let text = |path: &str| done.pointer(path).and_then(Value::as_str).unwrap_or_else(|| panic!("{path}: {done}"));
    let word = |key: &str| words[key].as_str().expect("a text");
    assert_eq!(text("/skill"), member.found);
    assert_eq!(done["on"], json!([]), "every switch is off until its person turns it on");
    let standings = ["standing-private", "standing-asked", "standing-published"].map(word);
    assert_eq!(done["standings"], json!(standings));
    assert_eq!(text("/previews/0"), word("publication-nothing"));
    // What other servers are sent is in the language of the region.
    assert!(text("/previews/1").contains(member.name) && text("/previews/1").contains("Ahvenanmaa"), "{done}");
    let (before, after) = (text("/publicPage/0"), text("/publicPage/1"));
    assert!(before.contains("Kiertueita ja klubeja") && before.contains(text("/skill")), "{before}");
    assert!(before.contains(member.region), "{before}");
    assert!(!after.contains(member.region) && after.contains(text("/skill")), "what is taken back is gone: {after}");
    for page in [before, after, text("/previews/1")] {
        for kept in [KEPT, "2031-07", ".2031", " 2031"] {
            assert!(!page.contains(kept), "nobody chose to publish {kept}: {page}");
        }
    }
}

fn left_and_stayed_and_left(member: &Member, words: &Map<String, Value>, done: &Value) {
    let text = |path: &str| done.pointer(path).and_then(Value::as_str).unwrap_or_else(|| panic!("{path}: {done}"));
    let position = words["position-coordinator"].as_str().expect("a text");
    let log = text("/log");
    assert!(log.matches(position).count() >= 2, "that the coordinator looked and agreed is told: {log}");
    assert!(text("/held").contains(KEPT), "what is held is read, published or not: {done}");
    let exported = done["exported"].to_string();
    assert!(exported.contains(KEPT) && exported.contains("2031-07-01"), "and downloaded: {exported}");
    let leaving = words["delete-leaving"].as_str().expect("a text");
    let (head, _) = leaving.split_once('{').expect("the day");
    assert!(text("/leaving").contains(head), "{done}");
    assert_eq!(done["statuses"], json!([404, 200, 404, 200, 404]), "{}", member.language);
}
