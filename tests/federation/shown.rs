//! A region with one of everything, to look at; and the snapshots that stand for it in the reference.

use crate::harness::{Database, Kind, Node, event, organisation, producer_row, producers, task};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;

/// Events and tasks that are there.
pub const OBJECTS: usize = 9;
/// Events among them that are not over.
pub const COMING: usize = 6;
/// To whom holes in the node are reported.
pub const CONTACT: &str = "mailto:turva@pirkanmaa.example";
/// How the node introduces itself to other servers.
pub const USER_AGENT: &str = "Pirkanmaan solmu (+https://pirkanmaa.example/)";

/// See the module. All fields but the pages and the node are ids.
pub struct Shown {
    pub node: Node,
    pub region: String,
    pub relay: String,
    pub event: String,
    pub event_page: String,
    pub online: String,
    pub hybrid: String,
    /// In July of next year.
    pub summer: String,
    /// In December of next year.
    pub winter: String,
    /// Over.
    pub past: String,
    /// As long as an event can be, with a bit of everything in its text.
    pub long: String,
    pub task: String,
    pub task_page: String,
    /// As long as a task can be.
    pub long_task: String,
    pub producer: String,
    pub organisation: String,
    /// Was an event once.
    pub deleted: String,
    /// Was a producer once.
    pub deleted_producer: String,
}

impl Shown {
    pub async fn on(database: Database) -> Shown {
        let mut node = Node::init(Kind::Region("06"), database).await;
        node.set("SOLMU__SERVER__SECURITY_CONTACT", CONTACT);
        node.set("SOLMU__FEDERATION__USER_AGENT", USER_AGENT);
        node.serve().await;
        node.import_bundle(&organisation("osuuskunta", "Osuuskunta Esimerkki")).await;
        node.import_bundle(&task("t", "Tuottaja klubi-iltaan", "open")).await;
        let next = event("x", "x", "x")["events"][0]["starts"].as_str().unwrap()[..4].parse::<i32>().unwrap() + 1;
        let on = |day: &str| json!({"starts": format!("{next}-{day}T18:00"), "ends": format!("{next}-{day}T21:00")});
        for (id, change) in [
            ("kesalla", on("07-01")),
            ("talvella", on("12-01")),
            ("mennyt", json!({"starts": "2026-01-10T18:00", "ends": "2026-01-10T21:00"})),
            ("pitka", json!({"content": long_text(20_000), "tags": long_tags()})),
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
        let mut long = task("pitka", "Pitkä tehtävä", "open");
        long["tasks"][0]["description"] = json!(long_text(10_000));
        node.import_bundle(&long).await;
        let rows = [
            producer_row("p", "Maija Esimerkki", "Otsikko", "maija"),
            producer_row("q", "Poistuva Esimerkki", "Otsikko", "poistuva"),
        ];
        let said = node.import(&producers(&rows), "producers-csv").await;
        assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
        let deleted_producer = node.id_of("/@poistuva").await;
        node.run(&["delete", &deleted_producer]).await;
        let deleted = node.id_of("/tapahtumat/tapahtuma-poistettu").await;
        node.run(&["delete", "tapahtuma-poistettu"]).await;
        Shown {
            region: node.actor().await,
            relay: node.url("/ap/relay"),
            event: node.id_of("/tapahtumat/tapahtuma-paikalla").await,
            event_page: node.url("/tapahtumat/tapahtuma-paikalla"),
            online: node.id_of("/tapahtumat/tapahtuma-verkossa").await,
            hybrid: node.id_of("/tapahtumat/tapahtuma-hybridi").await,
            summer: node.id_of("/tapahtumat/tapahtuma-kesalla").await,
            winter: node.id_of("/tapahtumat/tapahtuma-talvella").await,
            past: node.id_of("/tapahtumat/tapahtuma-mennyt").await,
            long: node.id_of("/tapahtumat/tapahtuma-pitka").await,
            long_task: node.id_of("/tehtavat/pitka-tehtava").await,
            task: node.id_of("/tehtavat/tuottaja-klubi-iltaan").await,
            task_page: node.url("/tehtavat/tuottaja-klubi-iltaan"),
            producer: node.id_of("/@maija").await,
            organisation: node.id_of("/@osuuskunta_esimerkki").await,
            deleted,
            deleted_producer,
            node,
        }
    }

    /// Every document that is served as ActivityPub, by its address, deleted ones left out.
    pub fn addresses(&self) -> Vec<String> {
        let mut all = Vec::new();
        for actor in [&self.region, &self.relay, &self.producer, &self.organisation] {
            all.push(actor.clone());
            for collection in ["outbox", "outbox?page=0", "followers", "following", "following?page=0"] {
                all.push(format!("{actor}/{collection}"));
            }
        }
        for collection in ["upcoming", "producers", "organisations"] {
            all.push(format!("{}/{collection}", self.region));
            all.push(format!("{}/{collection}?page=0", self.region));
        }
        for collection in ["featured", "tags"] {
            all.push(format!("{}/{collection}", self.region));
        }
        for object in self.objects() {
            all.push(object.clone());
            for part in ["activity", "replies", "likes", "shares"] {
                all.push(format!("{object}/{part}"));
            }
        }
        all
    }

    /// Every event and task.
    pub fn objects(&self) -> [&String; OBJECTS] {
        [
            &self.event,
            &self.online,
            &self.hybrid,
            &self.summer,
            &self.winter,
            &self.past,
            &self.long,
            &self.task,
            &self.long_task,
        ]
    }
}

/// The type of a document, and the names of its fields; the context is left out, for which snapshots have a word.
pub type Shape = (String, BTreeSet<String>);

fn shape(document: &Value) -> Shape {
    let names = document.as_object().unwrap().keys().filter(|name| *name != "@context").cloned().collect();
    (document["type"].as_str().unwrap_or_default().to_owned(), names)
}

/// The shapes of all documents that have a snapshot.
pub fn shapes() -> Vec<Shape> {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let (mut folders, mut shapes) = (vec![crates.join("vocab/src"), crates.join("domain/src")], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "snap") {
                shapes.extend(shape_of_snapshot(&std::fs::read_to_string(path).unwrap()));
            }
        }
    }
    shapes
}

/// The document stands behind a head between two lines of dashes. What is no object has no shape.
fn shape_of_snapshot(text: &str) -> Option<Shape> {
    let document: Value = serde_json::from_str(text.splitn(3, "---\n").nth(2)?).ok()?;
    document.is_object().then(|| shape(&document))
}

/// Whether a snapshot shows a document of this type with all fields of this one.
pub fn has_snapshot(shapes: &[Shape], document: &Value) -> bool {
    let (kind, names) = shape(document);
    shapes.iter().any(|(known, all)| *known == kind && names.is_subset(all))
}

/// More than fits on the wire, with everything that a text may have in it and some that it may not.
fn long_text(most: usize) -> String {
    let part = "# Otsikko\n\n## Väliotsikko\n\n**Lihavaa** ja *vinoa*, \"lainattua\" ja `koodia`, 5 < 6 & 7.\n\n                - yksi [linkki](https://ohjelma.example/?a=1&b=2)\n- kaksi\n\n1. eka\n2. toka\n\n> Sitaatti\n\n                ![kuva](https://kuva.example/1.png) kuvan jälkeen  \nrivinvaihto\n\n<table><tr><td>taulukko</td></tr></table>\n\n";
    part.repeat(most / part.chars().count())
}

fn long_tags() -> Vec<String> {
    (0..20).map(|number| format!("{number} {}", "ä".repeat(47 - number / 10))).collect()
}

/// A bundle's one event with other fields.
fn with(mut bundle: Value, change: &Value) -> Value {
    let event = bundle["events"][0].as_object_mut().unwrap();
    for (name, value) in change.as_object().unwrap() {
        event.insert(name.clone(), value.clone());
    }
    bundle
}
