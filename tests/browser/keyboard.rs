//! A member and a coordinator without a mouse: from the front page to a published profile and a published task.

use crate::drive;
use crate::harness::{Database, Kind, Node};
use serde_json::{Value, json};

const KAISA: &str = "kaisa@kulma.example";

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_and_a_task_by_the_keyboard_alone() {
    let node = Node::start(Kind::Region("06"), Database::Sqlite).await;
    node.run(&["people", "appoint", "coordinator", KAISA, "--name", "Kaisa Koordinaattori"]).await;
    let link = node.run(&["sign-in", KAISA]).await;
    let told = json!({
        "origin": node.url("/"),
        "language": "fi",
        "mail": "aino@kulma.example",
        "letters": node.path("mail"),
        "signIn": link.trim(),
    });
    let done: Value = serde_json::from_str(drive("keyboard.mjs", &told).trim()).expect("one line of JSON");
    assert_eq!(done["unmarked"], json!([]), "the focus is seen wherever it is");
    assert_eq!(done["pointers"], 0, "{done}");
    assert_eq!(done["published"], json!(["name", "headline", "skills"]), "a switch that is turned twice is off");
    assert!(done["stops"].as_u64().is_some_and(|stops| stops > 100), "{done}");

    // What they did is there for everybody.
    let profile = node.get(done["profile"].as_str().expect("a path"), "text/html").await;
    assert_eq!(profile.status, 200, "{done}");
    assert!(profile.body.contains("Kiertueita ja klubeja") && !profile.body.contains("Toinen."), "{}", profile.body);
    let task = node.get(done["task"].as_str().expect("a path"), "application/json").await.json();
    assert_eq!(task["title"], "Tuottaja näppäimistölle");
    assert_eq!((&task["pay"]["min"], &task["pay"]["unit"]), (&json!("500.00"), &json!("project")));
    assert!(task["deadline"].as_str().is_some_and(|day| day.starts_with("2037-01-01T")), "{task}");
}
