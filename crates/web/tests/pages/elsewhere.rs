//! Another region's node, as this one knows it: it is followed, and an event and a task of it are shown here.

use crate::seed::{Seeded, node as this_node, now};
use domain::region::{self, actors};
use domain::{Node, RegionCode, Role};
use federation::kind::{Change, Outcome, Preparing, Received};
use federation::{Origin, actor, follow};
use serde_json::{Value, json};
use store::id::{ActorUrl, InboxUrl, ObjectUrl};

/// Where it is.
pub const HOST: &str = "keskisuomi.example";
/// The last part of the address of its event and of its task.
pub const SLUG: &str = "kahvit";

/// Lets the node follow Keski-Suomi and take in an event and a task of it.
pub async fn taken_in(seeded: &Seeded) {
    let (ours, store) = (this_node(Role::Region), &seeded.scratch.store);
    let theirs = Node { origin: Origin::new(HOST), role: Role::Region, region: RegionCode::parse("13").unwrap() };
    let author = theirs.origin.actor("0199d3a4-0000-7000-8000-000000000013");
    let author_document = vocab::context::embedded(&actors::region_document(&theirs, &author, "KEY", now()));
    store.write_now(|conn| followed(conn, &ours, &author, &author_document)).unwrap();
    for document in [event(&author), task(&author)] {
        let kind = domain::kinds().iter().find(|kind| kind.claims(&document)).expect("a kind");
        let received = Received {
            change: Change::Created,
            url: ObjectUrl::from_text(document["id"].as_str().unwrap()),
            author: author.clone(),
            author_document: author_document.clone(),
            document: document.clone(),
            now: now(),
        };
        let write = kind.prepare(received, Preparing { origin: &ours.origin, store }).await.unwrap();
        assert_eq!(store.write_now(write).unwrap(), Outcome::Applied, "{document}");
    }
}

fn followed(conn: &mut store::Conn, ours: &Node, whom: &ActorUrl, document: &Value) -> Result<(), domain::Error> {
    let row = actor::Actor {
        url: whom.clone(),
        local: false,
        slice: String::new(),
        actor_type: "Group".to_owned(),
        username: "keskisuomi".to_owned(),
        host: whom.host(),
        inbox: InboxUrl::from_text(format!("{whom}/inbox")),
        shared_inbox: None,
        outbox: None,
        page: None,
        name: whom.host(),
        key_id: format!("{whom}#main-key"),
        public_key: String::new(),
        document: document.to_string(),
        fetched_at: now(),
        created_at: now(),
        deleted_at: None,
    };
    actor::remember(conn, &row)?;
    let here = region::presenter(conn)?;
    follow::request(conn, &ours.origin, &here, whom, now())?;
    assert!(follow::answered(conn, &here, whom, follow::ACCEPTED, now())?);
    Ok(())
}

fn event(author: &ActorUrl) -> Value {
    json!({
        "type": "Event", "id": format!("https://{HOST}/ap/events/1"), "url": format!("https://{HOST}/tapahtumat/{SLUG}"),
        "attributedTo": author.as_str(), "to": [vocab::PUBLIC], "cc": [], "name": "Kahvit",
        "startTime": "2026-12-11T18:00:00+02:00", "timezone": "Europe/Helsinki", "content": "<p>Tule</p>",
        "published": "2026-11-20T10:00:00Z"
    })
}

fn task(author: &ActorUrl) -> Value {
    json!({
        "type": "Note", "id": format!("https://{HOST}/ap/tasks/1"), "url": format!("https://{HOST}/tehtavat/{SLUG}"),
        "attributedTo": author.as_str(), "to": [vocab::PUBLIC], "content": "<p>Haetaan kahvinkeittäjää</p>",
        "contentMap": {"fi": "<p>Haetaan kahvinkeittäjää</p>"}, "purpose": "request", "published": "2026-11-20T10:00:00Z",
        "publishes": {"type": "Intent", "resourceQuantity": {"hasUnit": "hour", "hasNumericalValue": "4"}}
    })
}
