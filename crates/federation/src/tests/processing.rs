//! What received activities lead to, through the real worker, without network: all actors are known already. What the
//! requests themselves must look like is tested over HTTP in `tests/hostile`.

use super::until::until;
use super::{NOW, Node, nodes, object, person, remote};
use crate::actor::{self, Actor};
use crate::inbox::{items, verbs, worker};
use crate::kind::{Kind, Kinds, Outcome, Preparing, Received, Write};
use crate::object::{self, Indexed};
use crate::state::{Description, Settings, State};
use crate::{Error, backfill, follow};
use futures_util::future::BoxFuture;
use serde_json::{Value, json};
use store::id::{ActivityUrl, ObjectUrl};
use store::{Clock, Conn};
use tokio_util::sync::CancellationToken;

/// A kind that keeps nothing but the entry in the index.
struct Plain;

/// A kind that is slow: before its write runs, another worker has finished the row.
struct Overtaken;

static KINDS: Kinds = &[&Plain, &Overtaken];

impl Kind for Overtaken {
    fn name(&self) -> &'static str {
        "overtaken"
    }

    fn claims(&self, document: &Value) -> bool {
        document["type"] == "Overtaken"
    }

    fn prepare<'a>(&'a self, received: Received, with: Preparing<'a>) -> BoxFuture<'a, Result<Write, Error>> {
        Box::pin(async move {
            let finished = with.store.write(|conn| {
                let waiting = items::newest(conn, 1)?.remove(0);
                items::finish(conn, waiting.id, &Outcome::Applied, NOW).map_err(Error::from)
            });
            assert!(finished.await?);
            Plain.prepare(received, with).await
        })
    }

    fn forget(&self, _: &mut Conn, _: &ObjectUrl) -> Result<(), Error> {
        Ok(())
    }
}

impl Kind for Plain {
    fn name(&self) -> &'static str {
        "event"
    }

    fn claims(&self, document: &Value) -> bool {
        document["type"] == "Event"
    }

    fn prepare<'a>(&'a self, received: Received, _: Preparing<'a>) -> BoxFuture<'a, Result<Write, Error>> {
        let row = Indexed {
            url: received.url,
            kind: "event".to_owned(),
            local: false,
            author: received.author,
            page: None,
            document: None,
            former_type: "Event".to_owned(),
            published_at: received.now,
            updated_at: received.now,
            deleted_at: None,
        };
        let write: Write = Box::new(move |conn| {
            object::take_in(conn, &row).map(|taken| if taken { Outcome::Applied } else { Outcome::Duplicate })
        });
        Box::pin(async { Ok(write) })
    }

    fn forget(&self, _: &mut Conn, _: &ObjectUrl) -> Result<(), Error> {
        Ok(())
    }
}

impl Node {
    pub(super) fn state(&self) -> State {
        self.state.get_or_init(|| self.made()).clone()
    }

    fn made(&self) -> State {
        State::new(Settings {
            origin: self.origin.clone(),
            store: self.scratch.store.clone(),
            clock: Clock::Fixed(NOW),
            kinds: KINDS,
            collections: &[],
            description: Description {
                software: vocab::nodeinfo::Software { name: "test".to_owned(), version: "0.0.0".to_owned() },
                repository: None,
                metadata: json!({}),
            },
            user_agent: "test".to_owned(),
            allow_private_addresses: false,
            passes_on: None,
            port: None,
            limits: crate::Limits::default(),
        })
    }

    pub(super) fn knows(&self, actor: &Actor) {
        self.write(|conn| actor::remember(conn, actor).map_err(Error::from));
    }

    /// What `sender` says has its effect at once, without the worker around it.
    pub(super) async fn hears(&self, sender: &Actor, activity: &Value) -> Outcome {
        self.hears_with(sender, activity, None).await
    }

    /// [`Node::hears`], with a `Collection-Synchronization` header.
    pub(super) async fn hears_with(&self, sender: &Actor, activity: &Value, synchronization: Option<&str>) -> Outcome {
        let item = items::Item {
            id: 0,
            activity: ActivityUrl::from_text(activity["id"].as_str().unwrap()),
            sender: sender.url.clone(),
            recipient: None,
            body: activity.to_string().into_bytes(),
            state: items::WAITING.to_owned(),
            reason: None,
            attempts: 0,
            next_at: NOW,
            leased_until: NOW,
            received_at: NOW,
            finished_at: None,
            synchronization: synchronization.map(str::to_owned),
        };
        let write = verbs::prepare(&self.state(), &item).await;
        let write = write.unwrap_or_else(|error| panic!("{}: {activity}: {error}", self.name));
        self.write(write)
    }

    /// Stores what `sender` sent, lets the worker take it, and gives the state and reason of the row.
    pub(super) async fn takes(&self, sender: &Actor, activity: &Value) -> (String, String) {
        let id = ActivityUrl::from_text(activity["id"].as_str().unwrap());
        self.write(|conn| {
            let body = activity.to_string();
            items::put(conn, &id, &sender.url, None, body.as_bytes(), NOW).map_err(Error::from)
        });
        let stop = CancellationToken::new();
        let running = tokio::spawn(worker::run(self.state(), stop.clone()));
        let row = until(|| {
            let rows = self.read(|conn| items::newest(conn, 1000).map_err(Error::from));
            rows.into_iter().find(|row| row.activity == id && row.state != items::WAITING)
        });
        let row = row.await.unwrap_or_else(|| panic!("{}: {activity} was not processed", self.name));
        stop.cancel();
        running.await.unwrap();
        (row.state, row.reason.unwrap_or_default())
    }

    pub(super) fn indexed(&self, url: &str) -> Option<Indexed> {
        self.read(|conn| object::find(conn, &object(url)).map_err(Error::from))
    }

    /// The region follows somebody, accepted.
    pub(super) fn follows(&self, actor: &Actor) {
        self.write(|conn| {
            actor::remember(conn, actor)?;
            follow::request(conn, &self.origin, &self.region, &actor.url, NOW)?;
            follow::answered(conn, &self.region, &actor.url, follow::ACCEPTED, NOW)?;
            Ok(())
        });
    }

    pub(super) fn followers(&self) -> i64 {
        self.read(|conn| follow::count_followers(conn, &self.region).map_err(Error::from))
    }
}

pub(super) fn event(url: &str, author: &Actor) -> Value {
    json!({"id": url, "type": "Event", "name": "x", "attributedTo": author.url.as_str()})
}

pub(super) fn activity(verb: &str, sender: &Actor, id: &str, object: Value) -> Value {
    let id = id.replace(' ', "-");
    json!({"id": format!("https://{}/activities/{id}", sender.host), "type": verb, "actor": sender.url.as_str(), "object": object})
}

pub(super) fn done() -> (String, String) {
    ("done".to_owned(), String::new())
}

pub(super) fn ignored(reason: &str) -> (String, String) {
    ("ignored".to_owned(), reason.to_owned())
}

#[tokio::test]
async fn a_deletion_wins_in_every_order() {
    let anna = person("anna", "a.example");
    let verbs = ["Create", "Update", "Delete"];
    for node in nodes() {
        node.follows(&anna);
        for order in ["012", "021", "102", "120", "201", "210"] {
            let url = format!("https://a.example/events/{order}");
            for number in order.chars() {
                let verb = verbs[number.to_digit(10).unwrap() as usize];
                let object = if verb == "Delete" { json!(url) } else { event(&url, &anna) };
                node.takes(&anna, &activity(verb, &anna, &format!("{order}-{verb}"), object)).await;
            }
            let left = node.indexed(&url).unwrap_or_else(|| panic!("{}: {order} leaves no tombstone", node.name));
            assert!(left.is_deleted(), "{}: {order}", node.name);
        }
    }
}

#[tokio::test]
async fn strangers_leave_no_tombstones() {
    let (anna, eve) = (person("anna", "a.example"), person("eve", "a.example"));
    for node in nodes() {
        node.follows(&anna);
        node.knows(&eve);
        let url = "https://a.example/events/1";
        for (number, target) in [url, anna.url.as_str(), "https://a.example/users/somebody"].into_iter().enumerate() {
            let delete = activity("Delete", &eve, &number.to_string(), json!(target));
            assert_eq!(node.takes(&eve, &delete).await, ignored("not known here"), "{}: {target}", node.name);
        }
        assert_eq!(
            node.takes(&anna, &activity("Create", &anna, "c", event(url, &anna))).await,
            done(),
            "{}",
            node.name
        );
    }
}

#[tokio::test]
async fn the_same_id_has_one_effect() {
    let anna = person("anna", "a.example");
    for node in nodes() {
        node.knows(&anna);
        let follow = activity("Follow", &anna, "1", json!(node.region.as_str()));
        for _ in 0..2 {
            assert_eq!(node.takes(&anna, &follow).await, done(), "{}", node.name);
        }
        assert_eq!(node.followers(), 1, "{}", node.name);
        let accepts = node.read(|conn| {
            use diesel::prelude::*;
            use store::schema::activities;
            activities::table.filter(activities::verb.eq("Accept")).count().get_result::<i64>(conn).map_err(Error::from)
        });
        assert_eq!(accepts, 1, "{}", node.name);
    }
}

#[tokio::test]
async fn a_worker_that_was_overtaken_has_no_effect() {
    let anna = person("anna", "a.example");
    for node in nodes() {
        node.knows(&anna);
        let url = "https://a.example/slow/1";
        let object = json!({"id": url, "type": "Overtaken", "attributedTo": anna.url.as_str()});
        assert_eq!(node.takes(&anna, &activity("Create", &anna, "1", object)).await, done(), "{}", node.name);
        assert!(node.indexed(url).is_none(), "{}: a second effect", node.name);
    }
}

#[tokio::test]
async fn a_follow_is_undone_in_all_forms_by_its_owner_alone() {
    let (anna, eve) = (person("anna", "a.example"), person("eve", "e.example"));
    for node in nodes() {
        node.knows(&anna);
        node.knows(&eve);
        let region = node.region.as_str().to_owned();
        let follow_id = |number: usize| format!("https://a.example/activities/follow-{number}");
        let forms = |number: usize| {
            [
                (
                    "embedded",
                    json!({"id": follow_id(number), "type": "Follow", "actor": anna.url.as_str(), "object": region}),
                ),
                ("without its actor", json!({"id": "https://a.example/other", "type": "Follow", "object": region})),
                ("without its id", json!({"type": "Follow", "actor": anna.url.as_str(), "object": region})),
                ("by its id alone", json!(follow_id(number))),
            ]
        };
        for number in 0..4 {
            let (form, undone) = forms(number)[number].clone();
            let follow = activity("Follow", &anna, &format!("follow-{number}"), json!(region));
            assert_eq!(node.takes(&anna, &follow).await, done(), "{}: {form}", node.name);
            let foreign = activity("Undo", &eve, &format!("undo-{number}"), undone.clone());
            assert_eq!(node.takes(&eve, &foreign).await.0, "ignored", "{}: {form}: not hers", node.name);
            assert_eq!(node.followers(), 1, "{}: {form}", node.name);
            let undo = activity("Undo", &anna, &format!("undo-{number}"), undone);
            assert_eq!(node.takes(&anna, &undo).await, done(), "{}: {form}", node.name);
            assert_eq!(node.followers(), 0, "{}: {form}", node.name);
        }
        let unknown = activity("Undo", &anna, "undo-unknown", json!("https://a.example/never"));
        assert_eq!(node.takes(&anna, &unknown).await, ignored("not known here"), "{}", node.name);
        let like = json!({"id": "https://a.example/l", "type": "Like", "object": region});
        let unliked = activity("Undo", &anna, "undo-like", like);
        assert_eq!(node.takes(&anna, &unliked).await, ignored("not known here"), "{}", node.name);
    }
}

#[tokio::test]
async fn who_speaks_for_what() {
    let (anna, eve) = (person("anna", "a.example"), person("eve", "a.example"));
    for node in nodes() {
        let ours = node.event("ours");
        node.publish(&ours);
        node.knows(&anna);
        node.knows(&eve);
        let known = "https://a.example/events/known";
        assert_eq!(
            node.takes(&anna, &activity("Create", &anna, "c", event(known, &anna))).await,
            done(),
            "{}",
            node.name
        );
        let third = "https://third.example/events/1";
        let not_hers = "the sender does not own it";
        let cases = [
            ("an object of a third host", activity("Create", &anna, "1", event(third, &anna)), not_hers),
            (
                "in somebody else's name",
                activity("Create", &anna, "2", event("https://a.example/events/2", &eve)),
                not_hers,
            ),
            (
                "in nobody's name",
                activity("Create", &anna, "3", json!({"id": "https://a.example/events/3", "type": "Event"})),
                not_hers,
            ),
            (
                "without an id",
                activity("Create", &anna, "4", json!({"type": "Event", "attributedTo": anna.url.as_str()})),
                "incomplete or not public",
            ),
            ("another one's event", activity("Update", &eve, "5", event(known, &eve)), not_hers),
            (
                "another one's event, signed by her own name inside",
                activity("Update", &eve, "6", event(known, &anna)),
                not_hers,
            ),
            ("another one's event deleted", activity("Delete", &eve, "7", json!(known)), not_hers),
            ("our event deleted", activity("Delete", &eve, "8", json!(ours.url.as_str())), not_hers),
            ("our event changed", activity("Update", &eve, "9", event(ours.url.as_str(), &eve)), not_hers),
            ("our region deleted", activity("Delete", &eve, "10", json!(node.region.as_str())), not_hers),
            (
                "a third host's announced by a stranger",
                activity("Announce", &eve, "11", json!(third)),
                "its author is not followed",
            ),
            (
                "something unknown",
                activity(
                    "Create",
                    &anna,
                    "13",
                    json!({"id": "https://a.example/v", "type": "Video", "attributedTo": anna.url.as_str()}),
                ),
                "not understood",
            ),
            ("an unknown verb", activity("Frobnicate", &anna, "14", json!(known)), "not understood"),
            (
                "a follow of nobody here",
                activity("Follow", &anna, "15", json!("https://here.example/ap/actors/nobody")),
                "not known here",
            ),
        ];
        for (what, activity, reason) in cases {
            let sender = if activity["actor"] == anna.url.as_str() { &anna } else { &eve };
            assert_eq!(node.takes(sender, &activity).await, ignored(reason), "{}: {what}", node.name);
        }
        assert!(!node.indexed(known).unwrap().is_deleted(), "{}", node.name);
        assert!(!node.indexed(ours.url.as_str()).unwrap().is_deleted(), "{}", node.name);
        for absent in [third, "https://a.example/events/2", "https://a.example/events/3", "https://a.example/v"] {
            assert!(node.indexed(absent).is_none(), "{}: {absent}", node.name);
        }
    }
}

#[tokio::test]
async fn an_actor_that_leaves_takes_everything_along() {
    let anna = person("anna", "a.example");
    for node in nodes() {
        node.follower(&anna, &node.region);
        let url = "https://a.example/events/1";
        node.takes(&anna, &activity("Create", &anna, "c", event(url, &anna))).await;
        let leave = activity("Delete", &anna, "d", json!(anna.url.as_str()));
        assert_eq!(node.takes(&anna, &leave).await, done(), "{}", node.name);
        assert_eq!(node.followers(), 0, "{}", node.name);
        assert!(node.indexed(url).unwrap().is_deleted(), "{}", node.name);
        assert!(node.read(|conn| actor::find(conn, &anna.url).map_err(Error::from)).is_none(), "{}", node.name);
    }
}

#[tokio::test]
async fn only_the_followed_one_answers_a_follow() {
    let (other, eve) = (remote("ks", "ks.example", "Group", false), person("eve", "e.example"));
    for node in nodes() {
        node.knows(&other);
        node.knows(&eve);
        let asked = node.write(|conn| follow::request(conn, &node.origin, &node.region, &other.url, NOW));
        let embedded =
            |id: &str| json!({"id": id, "type": "Follow", "actor": node.region.as_str(), "object": other.url.as_str()});
        let followed = || node.read(|conn| follow::is_followed_here(conn, &other.url).map_err(Error::from));
        for (what, id, object) in [("by id", "1", json!(asked.as_str())), ("embedded", "2", embedded(asked.as_str()))] {
            let forged = activity("Accept", &eve, id, object);
            node.takes(&eve, &forged).await;
            assert!(!followed(), "{}: {what}", node.name);
        }
        let invented = activity("Accept", &other, "3", embedded("https://ks.example/invented"));
        assert_eq!(node.takes(&other, &invented).await, done(), "{}: servers make up ids", node.name);
        assert!(followed(), "{}", node.name);
        let planned = node.read(|conn| backfill::find(conn, &other.url).map_err(Error::from)).unwrap();
        assert_eq!(planned.state, backfill::WAITING, "{}: its past is read", node.name);
        let again = activity("Accept", &other, "4", json!(asked.as_str()));
        assert_eq!(node.takes(&other, &again).await, ("done".into(), "known already".into()), "{}", node.name);
        let thrown_out = activity("Reject", &other, "5", json!(asked.as_str()));
        assert_eq!(node.takes(&other, &thrown_out).await, done(), "{}", node.name);
        assert!(!followed(), "{}", node.name);
        let unknown = activity("Accept", &other, "6", json!("https://elsewhere.example/follow"));
        assert_eq!(node.takes(&other, &unknown).await, ignored("not known here"), "{}", node.name);
    }
}
