//! One node, an honest server whose actors it knows, and two servers that are up to no good.

use crate::harness::{Answer, Database, Kind, Node, Post, Signing, Site, Voice, event, until};
use serde_json::{Value, json};

/// See the module.
pub struct Stage {
    pub node: Node,
    /// Where the actors live that the node knows.
    pub site: Site,
    /// Another server.
    pub evil: Site,
    /// Nobody may ever ask this one.
    pub third: Site,
    /// Known to the node: she follows the region.
    pub anna: Voice,
    /// Of the same server, known as well.
    pub bo: Voice,
    /// The id of the region's actor.
    pub region: String,
    /// Its own inbox.
    pub inbox: String,
    /// The inbox of the whole host.
    pub shared: String,
}

/// Whom the node may ask because of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asks {
    /// Nobody at all.
    Nobody,
    /// The sender's own server, for a key, this often at most.
    TheSender(usize),
}

impl Stage {
    pub async fn set(database: Database) -> Stage {
        // The cases come faster than one server may send; `quotas` looks at that.
        Stage::with(database, &[("INBOX_PER_SECOND", "1000"), ("INBOX_BURST", "10000")]).await
    }

    /// With other limits than the standard ones: `(NAME, value)` of the section `limits`, or of another (`SECTION__NAME`).
    pub async fn with(database: Database, limits: &[(&str, &str)]) -> Stage {
        let mut node = Node::init(Kind::Region("06"), database).await;
        for (name, value) in limits {
            let section = if name.contains("__") { "" } else { "LIMITS__" };
            node.set(&format!("SOLMU__{section}{name}"), value);
        }
        node.serve().await;
        let (site, evil, third) = (Site::start().await, Site::start().await, Site::start().await);
        let (anna, bo) = (site.actor("anna"), site.actor("bo"));
        let region = node.actor().await;
        let inbox = format!("{region}/inbox");
        let shared = node.url("/ap/inbox");
        let stage = Stage { node, site, evil, third, anna, bo, region, inbox, shared };
        for voice in [&stage.anna, &stage.bo] {
            voice.say(&stage.inbox, &voice.activity("Follow", json!(stage.region))).await;
        }
        stage
            .site
            .posted_one("both follows are accepted", |body| body["object"]["actor"] == stage.anna.id.as_str())
            .await;
        stage
            .site
            .posted_one("both follows are accepted", |body| body["object"]["actor"] == stage.bo.id.as_str())
            .await;
        stage.settled().await;
        stage
    }

    /// The region follows somebody, who accepts.
    pub async fn follow(&self, site: &Site, voice: &Voice) {
        self.node.follows(&self.inbox, site, voice).await;
    }

    /// Publishes an event and gives its id and slug.
    pub async fn publish(&self, id: &str) -> (String, String) {
        self.node.import_bundle(&event(id, &format!("Tapahtuma {id}"), "Lyhyesti.")).await;
        let slug = format!("tapahtuma-{id}");
        let url = self.node.id_of(&format!("/tapahtumat/{slug}")).await;
        self.settled().await;
        (url, slug)
    }

    /// Waits until everything received is processed and everything to the honest server delivered; the numbers then.
    pub async fn settled(&self) -> Value {
        until("the inbox is processed and the queue is empty", || async {
            let status = self.node.status().await;
            (status["inbox"]["waiting"] == 0 && status["deliveries"]["waiting"] == 0).then_some(status)
        })
        .await
    }

    /// What must not change. Its `met` are the actors of other servers that the node remembers.
    pub async fn counts(&self) -> Value {
        let status = self.settled().await;
        let mut counts = self.node.done_by_others().await;
        for name in ["objects", "followers", "following", "inbox", "deliveries", "backfills_waiting"] {
            counts[name] = status[name].clone();
        }
        counts["met"] = status["actors"]["remote"].clone();
        counts
    }

    /// The paths that each server was asked for. What a host runs (NodeInfo) is asked beside everything else, whatever was
    /// sent, but of hosts alone that the node knows; nobody else is asked that either.
    async fn asked(&self) -> [Vec<String>; 3] {
        let journals = [&self.site, &self.evil, &self.third].map(Site::journal);
        let mut known = [true, self.node.knows(self.evil.host()).await, false].into_iter();
        journals.map(|journal| {
            let known = known.next().unwrap_or_default();
            let gets = journal.into_iter().filter(|seen| seen.method == "GET").map(|seen| seen.path);
            gets.filter(|path| !(known && path.contains("nodeinfo"))).collect()
        })
    }

    /// Every document that was asked for so far, by the server's part on this stage and the path.
    pub async fn gets(&self) -> Vec<String> {
        let asked = ["site", "evil", "third"].into_iter().zip(self.asked().await);
        asked.flat_map(|(name, paths)| paths.into_iter().map(move |path| format!("{name} {path}"))).collect()
    }

    /// What of it is new, server by server and in order.
    pub async fn gets_since(&self, before: &[String]) -> Vec<String> {
        let mut before = before.to_vec();
        let is_new = |asked: &String| match before.iter().position(|known| known == asked) {
            Some(at) => {
                before.swap_remove(at);
                false
            }
            None => true,
        };
        self.gets().await.into_iter().filter(is_new).collect()
    }

    /// Sends an activity of somebody who is followed, waits until it was tried, and tells its state, its reason and what was
    /// asked for because of it.
    pub async fn hears(&self, post: &Post, activity: &Value) -> (String, String, Vec<String>) {
        let before = self.gets().await;
        let answer = post.send().await;
        assert_eq!(answer.status, 202, "{activity}: {}", answer.body);
        let row = until("the activity was tried", || async {
            let rows = self.node.inbox().await;
            let row = rows.into_iter().find(|row| row["activity"] == activity["id"])?;
            (row["state"] != "waiting").then_some(row)
        })
        .await;
        let text = |field: &str| row[field].as_str().unwrap_or_default().to_owned();
        (text("state"), text("reason"), self.gets_since(&before).await)
    }

    /// Sends a request that has to be refused with one of the statuses, without a trace.
    pub async fn refuses(&self, what: &str, post: &Post, statuses: &[u16], asks: Asks) -> Answer {
        let (mut before, asked) = (self.counts().await, self.asked().await);
        let answer = post.send().await;
        assert!(statuses.contains(&answer.status), "{what}: answered {} {}", answer.status, answer.body);
        if answer.status >= 400 {
            assert_eq!(answer.header("content-type"), "application/problem+json", "{what}: {}", answer.body);
            let told = answer.body.to_lowercase();
            for inside in ["sql", "diesel", "panick", "/tmp", "serde", "no such"] {
                assert!(!told.contains(inside), "{what} tells of our insides: {}", answer.body);
            }
        }
        self.check_asked(what, asked, asks).await;
        let after = self.counts().await;
        if asks != Asks::Nobody {
            before["met"] = after["met"].clone(); // who was asked for a key is remembered with it
        }
        assert_eq!(after, before, "{what}: something was written");
        answer
    }

    /// Sends a request that is taken (202) and has no effect: at most a row in the inbox tells of it.
    pub async fn ignores(&self, what: &str, post: &Post, asks: Asks) {
        let (mut before, asked) = (self.counts().await, self.asked().await);
        let answer = post.send().await;
        assert_eq!(answer.status, 202, "{what}: {}", answer.body);
        let mut after = self.counts().await;
        self.check_asked(what, asked, asks).await;
        for state in ["done", "failed"] {
            assert_eq!(after["inbox"][state], before["inbox"][state], "{what}: {:?}", self.node.inbox().await.first());
        }
        let may_change: &[&str] = if asks == Asks::Nobody { &["inbox"] } else { &["inbox", "met"] };
        for name in may_change {
            before[name] = after[name].take();
            after[name] = before[name].clone();
        }
        assert_eq!(after, before, "{what}: something was written");
    }

    async fn check_asked(&self, what: &str, before: [Vec<String>; 3], asks: Asks) {
        let now = self.asked().await;
        let [site, evil, third] = [0, 1, 2].map(|place| now[place].len().saturating_sub(before[place].len()));
        assert_eq!(third, 0, "{what}: a third server was asked");
        match asks {
            Asks::Nobody => assert_eq!((site, evil), (0, 0), "{what}: somebody was asked"),
            Asks::TheSender(most) => assert!(site + evil <= most, "{what}: {} requests, {most} expected", site + evil),
        }
    }

    /// An activity of anna's that means nothing here, signed in some way.
    pub fn like(&self, how: &Signing) -> Post {
        Post::signed(&self.anna, &self.inbox, &self.anna.activity("Like", json!(self.region)).to_string(), how)
    }

    /// An honest request after all that: taken, and processed.
    pub async fn honest_request_works(&self) {
        let like = self.anna.activity("Like", json!(self.region));
        let status = Post::signed(&self.anna, &self.inbox, &like.to_string(), &Signing::default()).send().await.status;
        assert_eq!(status, 202, "the next honest request");
        let state = until("the honest request is processed", || async {
            let rows = self.node.inbox().await;
            let row = rows.into_iter().find(|row| row["activity"] == like["id"])?;
            (row["state"] != "waiting").then_some(row)
        });
        assert_eq!(state.await["state"], "ignored", "a Like means nothing here");
    }
}
