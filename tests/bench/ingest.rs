//! Signed activities on their way in: what a real region says, from twenty actors on nineteen hosts, each with an id of its
//! own, answered with 202 after the commit.

use crate::limits::{CONNECTIONS, Limits};
use crate::load::{Load, Shots, fire, flood};
use crate::report::{Figure, Goal, micros, millis};
use crate::site::{Manner, Sites};
use crate::stage::{self, Stage};
use crate::{Effort, poll, process};
use diesel::prelude::*;
use federation::key::{KeyPair, Signer};
use federation::signature;
use http::{HeaderMap, HeaderValue, Method, header};
use serde_json::{Value, json};
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use store::Clock;
use store::schema::inbox_items;
use url::Url;

/// The end of the address of the template's page.
const SLUG: &str = "iltakahvit";
const HOSTS: usize = 19;
const ACTORS: usize = 20;
/// Requests in flight at a time.
const SENDERS: usize = 2 * CONNECTIONS;

/// Those who send: real regions' documents under hosts of this process.
pub struct Senders {
    /// Their hosts, and their documents for whoever asks.
    sites: Sites,
    actors: Vec<Sender>,
    /// A `Create` as its host serves it.
    create: String,
    /// The host that stands in the texts above.
    host: String,
    /// The actor's id in it.
    author: String,
}

struct Sender {
    host: String,
    id: String,
    signer: Signer,
    document: Value,
}

impl Senders {
    /// Makes them.
    pub async fn make() -> Senders {
        let sites = Sites::open(HOSTS, |_| Manner::After(Duration::ZERO)).await;
        let (host, template, create) = stage::region_speaks().await;
        let author = serde_json::from_str::<Value>(&template).unwrap()["id"].as_str().unwrap().to_owned();
        // Verifying costs the same whoever's key it is.
        let pairs: Vec<KeyPair> = (0..2).map(|_| KeyPair::generate().unwrap()).collect();
        let actors = (0..ACTORS).map(|number| {
            let own = sites.hosts[number % HOSTS].clone();
            let id = author.replace(&host, &own) + &number.to_string();
            let pair = &pairs[number % pairs.len()];
            let mut document: Value =
                serde_json::from_str(&template.replace(&author, &id).replace(&host, &own)).unwrap();
            document["publicKey"]["publicKeyPem"] = json!(pair.public_pem);
            sites.serve(&id, document.to_string());
            Sender { host: own, signer: pair.signer(format!("{id}#main-key")).unwrap(), id, document }
        });
        let actors = actors.collect();
        Senders { sites, actors, create, host, author }
    }

    /// Their documents.
    pub fn documents(&self) -> Vec<Value> {
        self.actors.iter().map(|sender| sender.document.clone()).collect()
    }

    /// `count` signed requests to the shared inbox of a node, each with a `Create` of a region's event that nobody has seen.
    pub fn events(&self, stage: &Stage, count: usize) -> Shots {
        let object = serde_json::from_str::<Value>(&self.create).unwrap()["object"]["id"].as_str().unwrap().to_owned();
        let uuid = object.rsplit('/').next().unwrap().to_owned();
        self.requests(stage, count, &|sender, fresh, number| {
            let body = self.create.replace(&self.author, &sender.id).replace(&self.host, &sender.host);
            body.replace(&uuid, fresh).replace(SLUG, &format!("{SLUG}-{number}"))
        })
    }

    /// The same with what most of the fediverse sends: a `Create` of a short post, in about 1,500 bytes.
    pub fn posts(&self, stage: &Stage, count: usize) -> Shots {
        self.requests(stage, count, &|sender, fresh, _| post_of(sender, fresh))
    }

    /// Signed requests with the bodies that `body` writes for a sender, a fresh id and a number.
    fn requests(&self, stage: &Stage, count: usize, body: &(impl Fn(&Sender, &str, usize) -> String + Sync)) -> Shots {
        let inbox = Url::parse(&stage.node.url("/ap/inbox")).unwrap();
        let now = Clock::System.now();
        let written = |number: usize| {
            let sender = &self.actors[number % ACTORS];
            let fresh = store::id::fresh(now.plus(Duration::from_millis(number as u64)));
            signed(&inbox, &sender.signer, &body(sender, &fresh, number))
        };
        Arc::new(on_all_cores(count, &written))
    }
}

/// A post as a microblogging server sends it.
fn post_of(sender: &Sender, fresh: &str) -> String {
    let id = format!("http://{}/posts/{fresh}", sender.host);
    let words = "Illan harjoitukset siirtyvät kello kuuteen, tervetuloa mukaan. ";
    json!({
        "@context": vocab::ACTIVITY_STREAMS, "id": format!("{id}/activity"), "type": "Create", "actor": sender.id,
        "published": "2026-06-04T09:00:00Z", "to": [vocab::PUBLIC], "cc": [format!("{}/followers", sender.id)],
        "object": {
            "id": id, "type": "Note", "attributedTo": sender.id, "url": id, "published": "2026-06-04T09:00:00Z",
            "content": format!("<p>{}</p>", words.repeat(5)), "contentMap": {"fi": format!("<p>{}</p>", words.repeat(5))},
            "to": [vocab::PUBLIC], "cc": [format!("{}/followers", sender.id)], "tag": [], "attachment": [], "sensitive": false,
        },
    })
    .to_string()
}

/// Does something for each number on all cores.
fn on_all_cores<T: Send>(count: usize, make: &(impl Fn(usize) -> T + Sync)) -> Vec<T> {
    let part = count.div_ceil(process::cores()).max(1);
    std::thread::scope(|scope| {
        let parts = (0..count)
            .step_by(part)
            .map(|first| scope.spawn(move || (first..(first + part).min(count)).map(make).collect::<Vec<T>>()));
        let parts: Vec<_> = parts.collect();
        parts.into_iter().flat_map(|part| part.join().unwrap()).collect()
    })
}

/// A signed request, byte for byte.
fn signed(inbox: &Url, signer: &Signer, body: &str) -> Vec<u8> {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(vocab::ACTIVITY_JSON));
    signature::sign(&mut headers, &Method::POST, inbox, Some(body.as_bytes()), signer, Clock::System.now()).unwrap();
    post(inbox, &headers, body)
}

fn post(inbox: &Url, headers: &HeaderMap, body: &str) -> Vec<u8> {
    let mut request = format!("POST {} HTTP/1.1\r\n", inbox.path());
    for (name, value) in headers {
        request.push_str(&format!("{name}: {}\r\n", value.to_str().unwrap()));
    }
    request.push_str(&format!("content-length: {}\r\n\r\n{body}", body.len()));
    request.into_bytes()
}

/// Signed `Follow`s of the region by as many actors of the first site.
pub fn follows(stage: &Stage, sites: &Sites, count: usize) -> Vec<Vec<u8>> {
    let pair = KeyPair::generate().unwrap();
    let inbox = Url::parse(&format!("{}/inbox", stage.actor)).unwrap();
    let actor = |number: usize| format!("http://{}/users/follower{number}", sites.hosts[0]);
    let documents = (0..count).map(|number| {
        let url = actor(number);
        json!({
            "@context": vocab::ACTIVITY_STREAMS, "id": url, "type": "Person", "preferredUsername": format!("follower{number}"),
            "inbox": format!("{url}/inbox"),
            "publicKey": {"id": format!("{url}#main-key"), "owner": url, "publicKeyPem": pair.public_pem},
        })
    });
    let documents: Vec<Value> = documents.collect();
    let now = Clock::System.now();
    stage.fill(|conn| {
        for document in &documents {
            federation::actor::remember(conn, &federation::fetch::actor_row(document, now).unwrap())?;
        }
        Ok(())
    });
    let written = |number: usize| {
        let url = actor(number);
        let follow = json!({
            "@context": vocab::ACTIVITY_STREAMS, "id": format!("{url}/follow"), "type": "Follow", "actor": url,
            "object": stage.actor.as_str(),
        });
        signed(&inbox, &pair.signer(format!("{url}#main-key")).unwrap(), &follow.to_string())
    };
    (0..count).map(written).collect()
}

/// What one run of good requests costs.
pub struct Taken {
    /// What the senders saw.
    pub load: Load,
    /// CPU of the node for each activity until the last 202 was out.
    pub answering: Duration,
    /// CPU of the node for each activity until all had their effect.
    pub with_effect: Duration,
    /// Activities that had their effect, a second, once they were let go.
    pub effect_rate: f64,
}

/// Sends good requests and waits until all have their effect. Meanwhile they wait behind one that is to be tried later, so
/// that the cost of answering is seen by itself.
pub async fn take(stage: &Stage, senders: &Senders, shots: &Shots) -> Taken {
    hold(stage, senders);
    let before = stage.cpu();
    let load = fire(stage.port(), SENDERS, shots, shots.len()).await;
    load.must_all_be(202);
    let answering = stage.cpu() - before;
    let begun = Instant::now();
    let_go(stage);
    stage.processed().await;
    let count = u32::try_from(shots.len()).unwrap();
    let effect_rate = f64::from(count) / begun.elapsed().as_secs_f64();
    Taken { load, answering: answering / count, with_effect: (stage.cpu() - before) / count, effect_rate }
}

const HELD: &str = "not due before tomorrow";

/// Puts one row of each sender in front of all that will come.
fn hold(stage: &Stage, senders: &Senders) {
    let now = Clock::System.now();
    stage.fill(|conn| {
        for sender in &senders.actors {
            let row = (
                inbox_items::activity.eq(format!("{}/held", sender.id)),
                inbox_items::sender.eq(&sender.id),
                inbox_items::body.eq(Vec::<u8>::new()),
                inbox_items::state.eq("waiting"),
                inbox_items::reason.eq(HELD),
                inbox_items::attempts.eq(1),
                inbox_items::next_at.eq(now.plus(Duration::from_secs(86_400))),
                inbox_items::leased_until.eq(now),
                inbox_items::received_at.eq(now),
            );
            store::each!(conn, c => diesel::insert_into(inbox_items::table).values(row).execute(c))?;
        }
        Ok(())
    });
}

fn let_go(stage: &Stage) {
    stage
        .fill(|conn| diesel::delete(inbox_items::table.filter(inbox_items::reason.eq(HELD))).execute(conn).map(|_| ()));
}

/// All of it.
pub async fn measure(effort: Effort, limits: &Limits) -> Vec<Figure> {
    let senders = Senders::make().await;
    let small = post_of(&senders.actors[0], &store::id::fresh(Clock::System.now())).len();
    println!("   a post has {small} bytes, an event {}", senders.create.len());
    let count = effort.pick(4_000, 20_000);
    let mut stage = Stage::make().await;
    stage.serve().await;
    // Known, so that no key is fetched; and strangers, so that what they say is kept and has no effect.
    fill_known(&stage, &senders);
    let posts = take(&stage, &senders, &senders.posts(&stage, count)).await;
    let mut figures = answering(&posts, limits);
    let events = take(&stage, &senders, &senders.events(&stage, count / 2)).await;
    let size = senders.create.len() as f64 / 1000.0;
    figures.push(Figure::new(
        "B6",
        format!("ingest of regions' events of {size:.1} kB, CPU of an activity"),
        micros(events.answering),
        "µs",
    ));
    figures.push(
        Figure::new("B15", "memory under ingest, the most", process::memory(stage.pid()).1, "MiB")
            .goal(Goal::AtMost(64.0)),
    );
    figures.extend(junk(&stage, &senders, count / 2).await);
    drop(stage);
    let mut stage = Stage::make().await;
    stage.follows(senders.documents());
    stage.serve().await;
    let followed = take(&stage, &senders, &senders.events(&stage, count / 2)).await;
    figures.push(Figure::new(
        "B6",
        "ingest of followed regions' events, until taken in, CPU",
        micros(followed.with_effect),
        "µs",
    ));
    figures.push(Figure::new("B6", "events taken in a second, by the clock", followed.effect_rate, "/s"));
    assert_eq!(senders.sites.count(), 0, "nobody was to be written to");
    figures
}

/// Known, so that no key is fetched, and not followed.
fn fill_known(stage: &Stage, senders: &Senders) {
    let (documents, now) = (senders.documents(), Clock::System.now());
    stage.fill(|conn| {
        for document in &documents {
            federation::actor::remember(conn, &federation::fetch::actor_row(document, now).unwrap())?;
        }
        Ok(())
    });
}

fn answering(taken: &Taken, limits: &Limits) -> Vec<Figure> {
    let floor = micros(limits.post) + 1_000_000.0 / limits.verifications;
    let cpu = micros(taken.answering);
    vec![
        Figure::new("B6", "ingest of posts of 1.5 kB, CPU of an activity", cpu, "µs")
            .goal(Goal::AtMost(90.0))
            .beside(format!("{:.1}× of an empty POST and a verification ({floor:.0} µs)", cpu / floor)),
        Figure::new(
            "B6",
            "ingest, activities a second by the clock, the sender on the same cores",
            taken.load.rate(),
            "/s",
        )
        .goal(Goal::AtLeast(10_000.0))
        .beside(format!("{:.0} a second if the node had both cores to itself", 2.0 * 1_000_000.0 / cpu)),
        Figure::new("B6", "ingest, time to the 202, p50", millis(taken.load.within(0.5)), "ms"),
        Figure::new("B6", "ingest, time to the 202, p99", millis(taken.load.within(0.99)), "ms")
            .goal(Goal::AtMost(25.0)),
        Figure::new("B6", "ingest of strangers' posts, CPU until handled and ignored", micros(taken.with_effect), "µs"),
    ]
}

/// Addresses that send junk, each over as many connections as the good ones have together.
const BAD_ADDRESSES: u8 = 9;

/// Good requests beside a flood of others: nine times as many connections send junk from other addresses, as fast as they are
/// answered. What is told is a lasting state: each address has used up by then what it may send without proof.
async fn junk(stage: &Stage, senders: &Senders, count: usize) -> Vec<Figure> {
    let alone = good_ones(stage, senders, count).await;
    stage.processed().await;
    let mut figures = Vec::new();
    for what in ["duplicates", "wrongly signed", "not signed"] {
        let old = senders.posts(stage, 20);
        if what == "duplicates" {
            fire(stage.port(), SENDERS, &old, old.len()).await.must_all_be(202);
        }
        let spoilt = Arc::new(old.iter().map(|shot| spoil(shot, what)).collect::<Vec<_>>());
        let addresses = (0..BAD_ADDRESSES).map(|number| Ipv4Addr::new(127, 0, 0, 2 + number));
        let flood = flood(stage.port(), addresses, SENDERS, &spoilt);
        poll::rest(Duration::from_secs(2)).await;
        let beside = good_ones(stage, senders, count).await;
        drop(flood);
        let named = |of: &str| format!("nine of ten connections send requests that are {what}: {of}");
        figures.push(
            Figure::new("B7", named("good ones a second, of the rate without"), beside.0 / alone.0 * 100.0, "%")
                .goal(Goal::AtLeast(80.0))
                .beside(format!("{:.0} against {:.0} a second", beside.0, alone.0)),
        );
        figures.push(Figure::new("B7", named("CPU of the node, times that without"), beside.1 / alone.1, "×").beside(
            format!("{:.0} against {:.0} µs for each good one, all that is refused included", beside.1, alone.1),
        ));
        stage.processed().await;
    }
    figures
}

/// Sends good requests: how many a second, and the microseconds of CPU that the node used meanwhile for each.
async fn good_ones(stage: &Stage, senders: &Senders, count: usize) -> (f64, f64) {
    let fresh = senders.posts(stage, count);
    hold(stage, senders);
    let before = stage.cpu();
    let load = fire(stage.port(), SENDERS, &fresh, count).await;
    let used = micros(stage.cpu() - before) / count as f64;
    load.must_all_be(202);
    let_go(stage);
    (load.rate(), used)
}

fn spoil(shot: &[u8], how: &str) -> Vec<u8> {
    let text = String::from_utf8(shot.to_vec()).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let lines = head.lines().filter_map(|line| match (how, line.starts_with("signature:")) {
        ("not signed", true) => None,
        // Another signature of the right length, so that only verifying tells.
        ("wrongly signed", true) => {
            let (before, signature) = line.split_once("signature=\"").unwrap();
            let (turned, rest) = signature.split_at(300);
            Some(format!("{before}signature=\"{}{rest}", turned.chars().rev().collect::<String>()))
        }
        _ => Some(line.to_owned()),
    });
    format!("{}\r\n\r\n{body}", lines.collect::<Vec<_>>().join("\r\n")).into_bytes()
}
