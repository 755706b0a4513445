//! A region with one of everything, to look at.

use crate::harness::{Database, Kind, Node, event, organisation, producer_row, producers, task};
use serde_json::{Value, json};

/// See the module. All fields but the pages and the node are ids.
pub struct Shown {
    pub node: Node,
    pub region: String,
    pub relay: String,
    pub event: String,
    pub event_page: String,
    pub online: String,
    pub hybrid: String,
    pub task: String,
    pub task_page: String,
    pub producer: String,
    pub organisation: String,
    /// Was an event once.
    pub deleted: String,
}

impl Shown {
    pub async fn on(database: Database) -> Shown {
        let node = Node::start(Kind::Region("06"), database).await;
        node.import_bundle(&organisation("osuuskunta", "Osuuskunta Esimerkki")).await;
        node.import_bundle(&task("t", "Tuottaja klubi-iltaan", "open")).await;
        for (id, change) in [
            ("paikalla", json!({"organiser": "osuuskunta", "tags": ["tuottajakahvit", "kaksi sanaa", "väli-viiva"]})),
            ("verkossa", json!({"place": null, "online_url": "https://video.example/x"})),
            (
                "hybridi",
                json!({"online_url": "https://video.example/y", "participation_url": "https://ilmo.example/x", "capacity": 20}),
            ),
            ("poistettu", json!({})),
        ] {
            node.import_bundle(&with(event(id, &format!("Tapahtuma {id}"), "Lyhyesti."), &change)).await;
        }
        let row = producer_row("p", "Maija Esimerkki", "Otsikko", "maija");
        let said = node.import(&producers(&[row]), "producers-csv").await;
        assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
        let deleted = node.id_of("/tapahtumat/tapahtuma-poistettu").await;
        node.run(&["delete", "tapahtuma-poistettu"]).await;
        Shown {
            region: node.actor().await,
            relay: node.url("/ap/relay"),
            event: node.id_of("/tapahtumat/tapahtuma-paikalla").await,
            event_page: node.url("/tapahtumat/tapahtuma-paikalla"),
            online: node.id_of("/tapahtumat/tapahtuma-verkossa").await,
            hybrid: node.id_of("/tapahtumat/tapahtuma-hybridi").await,
            task: node.id_of("/tehtavat/tuottaja-klubi-iltaan").await,
            task_page: node.url("/tehtavat/tuottaja-klubi-iltaan"),
            producer: node.id_of("/@maija").await,
            organisation: node.id_of("/@osuuskunta_esimerkki").await,
            deleted,
            node,
        }
    }

    /// Every document that is served as ActivityPub, by its address, deleted ones left out.
    pub fn addresses(&self) -> Vec<String> {
        let mut all = Vec::new();
        for actor in [&self.region, &self.relay, &self.producer, &self.organisation] {
            all.push(actor.clone());
            for collection in ["outbox", "followers", "following"] {
                all.push(format!("{actor}/{collection}"));
            }
        }
        for collection in ["featured", "upcoming", "producers", "organisations", "outbox?page=0"] {
            all.push(format!("{}/{collection}", self.region));
        }
        for object in [&self.event, &self.online, &self.hybrid, &self.task] {
            all.push(object.clone());
            all.push(format!("{object}/activity"));
        }
        all
    }
}

/// A bundle's one event with other fields.
fn with(mut bundle: Value, change: &Value) -> Value {
    let event = bundle["events"][0].as_object_mut().unwrap();
    for (name, value) in change.as_object().unwrap() {
        event.insert(name.clone(), value.clone());
    }
    bundle
}
