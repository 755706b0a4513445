//! Every order of arrival ends in the same state, also when some of it never comes: what was undone or deleted stays so,
//! and the newest version counts.

use super::processing::activity;
use super::{Node, nodes, object, person};
use crate::actor::Actor;
use crate::{Error, reply};
use serde_json::{Value, json};

const VERBS: [&str; 5] = ["Follow", "Undo", "Create", "Update", "Delete"];

/// Every ordered selection of the five verbs, the empty one among them.
fn orders() -> Vec<Vec<usize>> {
    let mut all = vec![Vec::new()];
    let mut begun = 0;
    while begun < all.len() {
        for verb in (0..VERBS.len()).filter(|verb| !all[begun].contains(verb)).collect::<Vec<_>>() {
            let mut longer = all[begun].clone();
            longer.push(verb);
            all.push(longer);
        }
        begun += 1;
    }
    all
}

fn note(url: &str, author: &Actor, parent: &str, text: &str, updated: &str) -> Value {
    json!({"id": url, "type": "Note", "attributedTo": author.url.as_str(), "inReplyTo": parent, "content": text,
           "published": "2027-01-15T07:00:00Z", "updated": updated, "to": [vocab::PUBLIC]})
}

/// What `sender` sends, for one run of verbs.
fn said(node: &Node, sender: &Actor, run: usize, verb: &str, parent: &str) -> Value {
    let id = |verb: &str| format!("{run}-{verb}");
    let url = format!("https://a.example/notes/{run}");
    match verb {
        "Follow" => activity("Follow", sender, &id("Follow"), json!(node.region.as_str())),
        "Undo" => {
            let follow = activity("Follow", sender, &id("Follow"), json!(node.region.as_str()));
            let undone = if run.is_multiple_of(2) { follow } else { follow["id"].clone() };
            activity("Undo", sender, &id("Undo"), undone)
        }
        "Create" => activity(verb, sender, &id(verb), note(&url, sender, parent, "first", "2027-01-15T07:00:00Z")),
        "Update" => activity(verb, sender, &id(verb), note(&url, sender, parent, "second", "2027-01-15T07:30:00Z")),
        _ => activity(verb, sender, &id(verb), json!({"id": url, "type": "Tombstone"})),
    }
}

#[tokio::test]
async fn r06_every_order_of_follow_undo_create_update_delete_ends_in_the_same_state() {
    let orders = orders();
    assert_eq!(orders.iter().filter(|order| order.len() == VERBS.len()).count(), 120);
    for node in nodes() {
        let ours = node.event("ours");
        node.publish(&ours);
        for (run, order) in orders.iter().enumerate() {
            let anna = person(&format!("anna{run}"), "a.example");
            node.knows(&anna);
            let before = node.followers();
            for verb in order {
                node.hears(&anna, &said(&node, &anna, run, VERBS[*verb], ours.url.as_str())).await;
            }
            let has = |verb: &str| order.iter().any(|one| VERBS[*one] == verb);
            let (follows, kept) = (has("Follow") && !has("Undo"), !has("Delete"));
            let text = match (kept, has("Update"), has("Create")) {
                (true, true, _) => Some("second"),
                (true, false, true) => Some("first"),
                _ => None,
            };
            let order: Vec<&str> = order.iter().map(|verb| VERBS[*verb]).collect();
            assert_eq!(node.followers() - before, i64::from(follows), "{}: {order:?}", node.name);
            let url = object(&format!("https://a.example/notes/{run}"));
            let left = node.read(|conn| reply::find(conn, &url).map_err(Error::from));
            assert_eq!(left.as_ref().map(|reply| reply.content.as_str()), text, "{}: {order:?}", node.name);
            let live = node.indexed(url.as_str()).is_some_and(|known| !known.is_deleted());
            assert_eq!(live, text.is_some(), "{}: {order:?}: the index of ids", node.name);
        }
    }
}
