//! The other servers' side: each sender posts one activity after the other, and each again until it is answered 202, as
//! every server of the fediverse does.

use super::fleet::random;
use super::ledger::{End, Followed, Ledger};
use super::publisher::{Publisher, hosts_of};
use super::{FOLLOWERS, HOSTS, ORGANISATIONS, REGIONS};
use crate::harness::{Node, Post, Signing, Voice, World, mark, until, until_true};
use federation::follow;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use store::{Clock, Store};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

const BEFORE_THE_NEXT_TRY: Duration = Duration::from_millis(50);
static MARKS: AtomicU64 = AtomicU64::new(1);

/// What all senders share.
#[derive(Clone)]
pub struct Stage {
    world: Arc<World>,
    ledger: Arc<Ledger>,
    /// Where the node's processes listen.
    addresses: Arc<[String]>,
    /// The region's actor.
    pub region: String,
}

impl Stage {
    /// For the node of a region.
    pub async fn new(node: &Node, world: &Arc<World>, ledger: &Arc<Ledger>, addresses: Vec<String>) -> Stage {
        let (world, ledger) = (Arc::clone(world), Arc::clone(ledger));
        Stage { world, ledger, addresses: addresses.into(), region: node.actor().await }
    }

    /// Posts an activity until it is taken, to one process after the other.
    async fn say(&self, voice: &Voice, recipient: &str, activity: &Value) {
        let post = Post::signed(voice, &format!("{recipient}/inbox"), &activity.to_string(), &Signing::default());
        for turn in random(8)..u64::MAX {
            let address = &self.addresses[usize::try_from(turn).unwrap() % self.addresses.len()];
            match post.clone().through(address).attempt().await.map(|answer| answer.status) {
                Some(202) => break,
                None | Some(429 | 500..) => {
                    tokio::time::sleep(BEFORE_THE_NEXT_TRY).await; // the fault itself
                }
                Some(status) => panic!("{status}: {activity}"),
            }
        }
        self.ledger.with(|inside| inside.taken.insert(activity["id"].as_str().unwrap().to_owned()));
    }

    /// A follow, acknowledged.
    async fn follow(&self, host: usize, name: &str, followed: &str) -> Followed {
        let voice = self.world.voice(host, &format!("users/{name}"));
        let activity = voice.activity("Follow", json!(followed));
        self.say(&voice, followed, &activity).await;
        let (id, follower) = (activity["id"].as_str().unwrap().to_owned(), voice.id.clone());
        let followed = Followed { activity: id.clone(), host, follower, followed: followed.to_owned(), undone: false };
        self.ledger.with(|inside| inside.follows.insert(id, followed.clone()));
        followed
    }

    /// Lets the servers follow that have to have everything, and waits until they are answered.
    pub async fn followers(&self, publisher: &Publisher) {
        let mut wanted: Vec<(usize, String)> = (0..FOLLOWERS).map(|host| (host, self.region.clone())).collect();
        for (place, actor) in publisher.actors().iter().enumerate() {
            wanted.extend(hosts_of(place).into_iter().map(|host| (host, actor.clone())));
        }
        assert_eq!(wanted.len(), FOLLOWERS + 2 * ORGANISATIONS);
        let mut following = JoinSet::new();
        for (host, actor) in wanted {
            let stage = self.clone();
            following.spawn(async move { stage.follow(host, "seuraaja", &actor).await });
        }
        let all = following.join_all().await.len();
        let accepts = || self.world.look(|all| all.iter().filter(|one| one.verb == "Accept").count());
        until_true("all follows are answered", || async { accepts() >= all }).await;
    }

    /// Lets the node follow the other regions, and accepts.
    pub async fn regions(&self, node: &Node, store: &Store) {
        for host in HOSTS - REGIONS..HOSTS {
            let voice = self.world.voice(host, "regions/alue");
            node.run(&["follow", &voice.id]).await;
            let asked = until("the follow arrives", || {
                let found = self.world.look(|all| {
                    all.iter().find(|one| one.host == host && one.verb == "Follow").map(|one| one.activity.clone())
                });
                async { found }
            })
            .await;
            let follow = json!({"id": asked, "type": "Follow", "actor": self.region, "object": voice.id});
            self.say(&voice, &self.region, &voice.activity("Accept", follow)).await;
        }
        until_true("all follows of ours are accepted", || async {
            let ours = |conn: &mut store::Conn| Ok::<_, store::Error>(follow::of_this_node(conn)?);
            let all = store.read(ours).await.unwrap();
            all.len() == REGIONS && all.iter().all(|(one, _)| one.state == follow::ACCEPTED)
        })
        .await;
    }

    /// Starts a sender for each region that the node follows, and one for each server that follows it. They send one
    /// activity for each permit, until the permits are closed.
    pub fn senders(&self, permits: &Arc<Semaphore>) -> JoinSet<()> {
        let mut all = JoinSet::new();
        for host in HOSTS - REGIONS..HOSTS {
            let (stage, permits) = (self.clone(), Arc::clone(permits));
            all.spawn(async move { stage.publishes(host, &permits).await });
        }
        for host in 0..FOLLOWERS {
            let (stage, permits) = (self.clone(), Arc::clone(permits));
            all.spawn(async move { stage.comes_and_goes(host, &permits).await });
        }
        all
    }

    /// A region elsewhere: its events come, change and go.
    async fn publishes(&self, host: usize, permits: &Semaphore) {
        let voice = self.world.voice(host, "regions/alue");
        let mut events: Vec<String> = Vec::new();
        while let Ok(permit) = permits.acquire().await {
            permit.forget();
            let number = MARKS.fetch_add(1, Ordering::SeqCst);
            let some = |many: usize| usize::try_from(random(many as u64)).unwrap();
            let (verb, id, end) = match random(100) {
                50..80 if !events.is_empty() => ("Update", events[some(events.len())].clone(), End::Marked(number)),
                80.. if !events.is_empty() => ("Delete", events.swap_remove(some(events.len())), End::Gone),
                _ => {
                    let id = format!("http://{}/events/{number}", self.world.hosts()[host]);
                    events.push(id.clone());
                    ("Create", id, End::Marked(number))
                }
            };
            let object = if end == End::Gone { json!(id) } else { event(&voice, &id, number) };
            self.say(&voice, &self.region, &voice.activity(verb, object)).await;
            self.ledger.with(|inside| inside.events.insert(id, end));
        }
    }

    /// People who follow the region, and some of them not for long.
    async fn comes_and_goes(&self, host: usize, permits: &Semaphore) {
        let mut followers: Vec<Followed> = Vec::new();
        while let Ok(permit) = permits.acquire().await {
            permit.forget();
            if followers.is_empty() || random(100) < 70 {
                let name = format!("seuraaja-{}", MARKS.fetch_add(1, Ordering::SeqCst));
                followers.push(self.follow(host, &name, &self.region).await);
                continue;
            }
            let gone = followers.swap_remove(usize::try_from(random(followers.len() as u64)).unwrap());
            let path = gone.follower.rsplit_once("/users/").map(|(_, name)| format!("users/{name}")).unwrap();
            let voice = self.world.voice(host, &path);
            let undone =
                json!({"id": gone.activity, "type": "Follow", "actor": gone.follower, "object": gone.followed});
            self.say(&voice, &self.region, &voice.activity("Undo", undone)).await;
            self.ledger.with(|inside| inside.follows.get_mut(&gone.activity).unwrap().undone = true);
        }
    }
}

fn event(voice: &Voice, id: &str, number: u64) -> Value {
    let now = Clock::System.now();
    let starts = now.plus(Duration::from_secs(30 * 24 * 3600)).whole_seconds().to_jiff();
    json!({
        "id": id, "type": "Event", "name": format!("Tapahtuma {}", mark(number)), "attributedTo": voice.id,
        "startTime": starts.to_string(), "timezone": "Europe/Helsinki", "content": "<p>Ohjelmaa.</p>",
        "published": now.to_jiff().to_string(), "updated": now.to_jiff().to_string(), "url": id,
        "to": [vocab::PUBLIC], "cc": [format!("{}/followers", voice.id)],
    })
}
