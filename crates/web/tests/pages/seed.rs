//! A node of Pirkanmaa with something of everything, and a way to ask it.

use axum::Router;
use axum::body::{Body, to_bytes};
use domain::event::{NewEvent, Picture, PlaceView, Status};
use domain::organisation::{Description, NewOrganisation};
use domain::person::{Consent, Field};
use domain::producer::NewProducer;
use domain::task::{Client, NewTask, Pay};
use domain::{Caller, Node, RegionCode, Role, event, organisation, producer, task};
use federation::Origin;
use federation::key::KeyPair;
use http::{HeaderMap, Request, StatusCode};
use std::sync::LazyLock;
use store::testing::Scratch;
use store::{Clock, Timestamp};
use tower::ServiceExt;
use vocab::SafeHtml;

/// What an attacker would call everything.
pub const EVIL: &str = r#"</title><script>alert("1")</script><img src=x onerror=alert(1)>'"&"#;

/// Noon of 24 November 2026 in Finland.
pub fn now() -> Timestamp {
    vocab::time::parse("2026-11-24T10:00:00Z").unwrap().into()
}

fn days(days: i64) -> Timestamp {
    Timestamp::from_millis(now().as_millis() + days * 86_400_000)
}

fn key() -> &'static KeyPair {
    static KEY: LazyLock<KeyPair> =
        LazyLock::new(|| KeyPair::from_pem(include_str!("../../../../tests/harness/keys/one.pem")).unwrap());
    &KEY
}

/// A node whose database goes away with the value.
pub struct Seeded {
    /// Its pages, and what it says to other servers.
    pub router: Router,
    /// The same data as the national node would show it.
    pub national: Router,
    /// Its database.
    pub scratch: Scratch,
}

/// The node, filled.
pub async fn seeded() -> Seeded {
    seeded_on(store::testing::sqlite()).await
}

/// The node on a database, filled.
pub async fn seeded_on(scratch: Scratch) -> Seeded {
    let bare = bare_on(scratch).await;
    fill(&bare.scratch, &node(Role::Region));
    bare
}

/// A node that was just made, with nothing on it.
pub async fn bare() -> Seeded {
    bare_on(store::testing::sqlite()).await
}

async fn bare_on(scratch: Scratch) -> Seeded {
    let node = node(Role::Region);
    domain::region::establish(&scratch.store, &node, now()).await.unwrap();
    let national = Node { region: RegionCode::NATIONAL, role: Role::National, ..node.clone() };
    Seeded { router: router(&scratch, node), national: router(&scratch, national), scratch }
}

impl Seeded {
    /// A browser's question, in Finnish.
    pub async fn page(&self, path: &str) -> Answer {
        self.ask(path, "text/html,*/*;q=0.8", "fi").await
    }

    /// A question to the region's node.
    pub async fn ask(&self, target: &str, accept: &str, language: &str) -> Answer {
        ask(&self.router, target, accept, language).await
    }
}

pub fn node(role: Role) -> Node {
    Node { origin: Origin::new("pirkanmaa.example"), role, region: RegionCode::parse("06").unwrap() }
}

fn router(scratch: &Scratch, node: Node) -> Router {
    let state = state(&scratch.store, &node);
    federation::router(state.clone()).merge(web::router(web::Site {
        state,
        store: scratch.store.clone(),
        node,
        clock: Clock::Fixed(now()),
        version: "0.0.0-test".to_owned(),
        repository: Some("https://code.example/solmu".to_owned()),
        security_contact: Some("mailto:turva@kulma.example".to_owned()),
        post: web::Post::Sent,
        client: federation::client::Client::new("solmu-test", true, &federation::Limits::default()),
    }))
}

/// The node's part in the network, which reaches nobody.
pub fn state(store: &store::Store, node: &Node) -> federation::State {
    let settings = federation::Settings {
        origin: node.origin.clone(),
        store: store.clone(),
        clock: Clock::Fixed(now()),
        kinds: domain::kinds(),
        collections: domain::COLLECTIONS,
        description: federation::Description {
            software: vocab::nodeinfo::Software { name: "solmu".to_owned(), version: "0.0.0-test".to_owned() },
            repository: None,
            metadata: serde_json::json!({}),
        },
        user_agent: "solmu-test".to_owned(),
        allow_private_addresses: false,
        passes_on: None,
        port: None,
        limits: federation::Limits::default(),
    };
    federation::State::new(settings)
}

pub fn some_event() -> NewEvent {
    NewEvent {
        name: "Talvifestarit 2026".into(),
        blurb: "Kolme esitystä ja pikkujoulut.".into(),
        content: SafeHtml::clean("<p>Ovet aukeavat kello <strong>18</strong>.</p>"),
        language: "fi".into(),
        starts: vocab::time::parse("2026-12-11T16:00:00Z").unwrap().into(),
        ends: Some(vocab::time::parse("2026-12-11T20:00:00Z").unwrap().into()),
        zone: "Europe/Helsinki".into(),
        status: Status::Scheduled,
        category: "MUSIC".into(),
        place: Some(PlaceView {
            name: "Pääkirjasto Metso".into(),
            street: Some("Pirkankatu 2".into()),
            postal_code: Some("33210".into()),
            locality: Some("Tampere".into()),
            latitude: Some(61.4981),
            longitude: Some(23.7502),
        }),
        online_url: None,
        participation_url: Some("https://ilmo.example/talvi".into()),
        capacity: Some(120),
        picture: Some(Picture { url: "/static/pictures/default.png".into(), alt: "Piirros: lava".into() }),
        tags: vec!["klubi".into()],
        organiser: None,
    }
}

pub fn some_task() -> NewTask {
    NewTask {
        title: "Tuottaja klubisarjaan".into(),
        description: SafeHtml::clean("<p>Neljä iltaa.</p>"),
        language: "fi".into(),
        client: Client { name: "Kehto".into(), page: Some("https://kehto.example/".into()) },
        kind: "gig".into(),
        engagement: vec!["invoice".into()],
        pay: Some(Pay { min: Some("3200.00".into()), max: Some("3800.00".into()), unit: "project".into() }),
        unpaid_reason: None,
        hours: Some(110),
        starts: Some("2027-01-11".into()),
        ends: None,
        deadline: Some(days(10)),
        municipality: Some("Tampere".into()),
        remote: true,
        skills: vec!["G01".into()],
        languages: vec!["fi".into()],
        seats: 1,
    }
}

pub fn some_producer(name: &str) -> NewProducer {
    NewProducer {
        name: name.into(),
        headline: Some("Klubit ja festivaalit".into()),
        bio: Some(SafeHtml::clean("<p>koivunkannon sormenpää</p>")),
        municipality: Some("Tampere".into()),
        skills: vec!["G01".into()],
        languages: vec!["fi".into(), "sv".into()],
        fields: vec!["music".into()],
        links: vec!["https://aino.example/".into()],
        remote: true,
        username: None,
    }
}

fn some_organisation(name: &str) -> NewOrganisation {
    NewOrganisation {
        name: name.into(),
        kind: "association".into(),
        municipality: Some("Tampere".into()),
        website: Some("https://kehto.example/".into()),
        description: Description { fi: Some("Osuuskunta.".into()), ..Description::default() },
        username: None,
    }
}

fn consent(fields: &[Field]) -> Consent {
    Consent {
        fields: fields.iter().copied().collect(),
        text: "1".into(),
        channel: "import".into(),
        given: days(-10),
        shown: None,
    }
}

fn fill(scratch: &Scratch, node: &Node) {
    let us = Caller::Coordinator;
    scratch
        .store
        .write_now(|conn| {
            let publish = |conn: &mut store::Conn, new: &NewEvent| {
                let id = event::add(conn, node, us, new, now())?;
                event::publish(conn, node, us, &id, now())?;
                Ok::<_, domain::Error>(id)
            };
            publish(conn, &some_event())?;
            publish(conn, &NewEvent { name: "Perutut karkelot".into(), status: Status::Cancelled, ..some_event() })?;
            publish(
                conn,
                &NewEvent { name: EVIL.into(), blurb: EVIL.into(), tags: vec!["<b>\"'".into()], ..some_event() },
            )?;
            publish(
                conn,
                &NewEvent {
                    name: "Produktion på nätet".into(),
                    language: "sv".into(),
                    place: None,
                    online_url: Some("https://stream.example/rum".into()),
                    picture: Some(Picture { url: "https://elsewhere.example/p.png".into(), alt: "Kuva".into() }),
                    ..some_event()
                },
            )?;
            let gone = publish(conn, &NewEvent { name: "Mennyttä".into(), ..some_event() })?;
            event::delete(conn, us, &gone, now())?;
            event::add(conn, node, us, &NewEvent { name: "Luonnos".into(), ..some_event() }, now())?;
            for number in 0..25 {
                let new = NewEvent {
                    name: format!("Sarja {number:02}"),
                    starts: days(60 + number),
                    ends: None,
                    ..some_event()
                };
                publish(conn, &new)?;
            }
            let unpaid = NewTask {
                title: "Avustaja talkoisiin".into(),
                kind: "volunteer".into(),
                engagement: vec!["unpaid".into()],
                pay: None,
                unpaid_reason: Some("Talkoot.".into()),
                ..some_task()
            };
            let filled = NewTask { title: "Täytetty paikka".into(), ..some_task() };
            for new in [some_task(), NewTask { title: EVIL.into(), ..some_task() }, unpaid, filled] {
                let id = task::add(conn, node, us, &new, now())?;
                task::publish(conn, node, us, &id, now())?;
                if new.title.starts_with("Täytetty") {
                    task::close(conn, node, us, &id, task::Closing::Filled, now())?;
                }
            }
            let everything = Field::PROFILE.into_iter().chain([Field::Discoverable]).collect::<Vec<_>>();
            for (name, fields) in
                [("Aino Lehtiranta", &everything[..]), ("Otso Varovainen", &[Field::Name, Field::Municipality][..])]
            {
                let id = producer::add(conn, node, us, &some_producer(name), Some(&consent(fields)), now())?;
                producer::publish(conn, node, us, &id, key(), now())?;
            }
            organisation::add(conn, node, us, &some_organisation("Kehto"), key(), now())?;
            organisation::add(conn, node, us, &some_organisation(EVIL), key(), now())?;
            Ok::<_, domain::Error>(())
        })
        .unwrap();
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

/// Asks by GET, or by another method that stands before the path (`HEAD /`).
pub async fn ask(router: &Router, target: &str, accept: &str, language: &str) -> Answer {
    let (method, path) = target.split_once(' ').unwrap_or(("GET", target));
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in [("accept", accept), ("accept-language", language)] {
        if !value.is_empty() {
            request = request.header(name, value);
        }
    }
    let response = router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, 10_000_000).await.unwrap();
    let body = String::from_utf8_lossy(&body).into_owned();
    Answer { status: parts.status, headers: parts.headers, body }
}

pub const PAGES: [&str; 19] = [
    "/",
    "/tapahtumat",
    "/tapahtumat/talvifestarit-2026",
    "/tapahtumat/perutut-karkelot",
    "/tehtavat",
    "/tehtavat/tuottaja-klubisarjaan",
    "/tuottajat",
    "/@aino_lehtiranta",
    "/organisaatiot",
    "/@kehto",
    "/search",
    "/search?q=klubit",
    "/seuraa",
    "/tietoa",
    "/tapahtumat?month=2026-12",
    "/tapahtumat?view=map",
    "/tietosuoja",
    "/saavutettavuus",
    "/turvallisempi-tila",
];
