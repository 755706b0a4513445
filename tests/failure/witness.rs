//! A server that follows, and remembers what came in which order.

use crate::harness::{Node, Post, Reply, Signing, Site, Voice, until_true};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Connections that a node may have to one host, at most.
pub const PER_HOST: usize = 4;

/// See the module.
pub struct Witness {
    pub site: Site,
    pub voice: Voice,
    region: String,
}

impl Witness {
    /// A follower of the node's own actor, accepted.
    pub async fn following(node: &Node) -> Witness {
        Witness::on(Site::start().await, node).await
    }

    /// One on a server that runs something, which the node knows by now.
    pub async fn running(software: &str, node: &Node) -> Witness {
        let site = Site::start().await;
        site.runs(software);
        let witness = Witness::on(site, node).await;
        until_true("what it runs is known", || async {
            let peer = node.peer(witness.site.host()).await;
            peer.is_some_and(|peer| peer.software.as_deref() == Some(software))
        })
        .await;
        witness
    }

    async fn on(site: Site, node: &Node) -> Witness {
        let voice = site.actor("todistaja");
        let witness = Witness { site, voice, region: node.actor().await };
        witness.speak("Follow", json!(witness.region)).await;
        witness.site.posted_one("the Accept", |body| body["type"] == "Accept").await;
        until_true("the Accept is written down", || async { node.status().await["deliveries"]["waiting"] == 0 }).await;
        witness
    }

    /// Sends something to the node.
    pub async fn speak(&self, verb: &str, object: Value) {
        self.voice.say(&format!("{}/inbox", self.region), &self.voice.activity(verb, object)).await;
    }

    /// What its inbox answers from now on; everything is written down all the same.
    pub fn answers(&self, reply: Reply) {
        self.site.set("/users/todistaja/inbox", reply);
    }

    /// The activities about an object in the order of their first arrival: verbs.
    pub fn story(&self, object: &str) -> Vec<String> {
        let mut seen = BTreeSet::new();
        let about = |body: &Value| body["object"] == object || body["object"]["id"] == object;
        let all = self.site.posted().into_iter().filter(|body| about(body) && seen.insert(body["id"].to_string()));
        all.map(|body| body["type"].as_str().unwrap().to_owned()).collect()
    }

    /// Waits until a story has been told to its end, and checks it.
    pub async fn hears(&self, object: &str, story: &[&str]) {
        let last = *story.last().unwrap();
        self.site
            .posted_one(&format!("{last} of {object}"), |body| {
                body["type"] == last && (body["object"] == object || body["object"]["id"] == object)
            })
            .await;
        until_true(&format!("{story:?} of {object}, not {:?}", self.story(object)), || async {
            self.story(object).len() >= story.len()
        })
        .await;
        assert_eq!(self.story(object), story, "{object}");
    }

    /// How often each activity came.
    pub fn arrivals(&self, verb: &str) -> Vec<(String, usize)> {
        let mut counted: Vec<(String, usize)> = Vec::new();
        for body in self.site.posted().iter().filter(|body| body["type"] == verb) {
            let id = body["object"]["id"].as_str().or(body["object"].as_str()).unwrap_or_default().to_owned();
            match counted.iter_mut().find(|(known, _)| *known == id) {
                Some((_, count)) => *count += 1,
                None => counted.push((id, 1)),
            }
        }
        counted
    }
}

/// Waits until nothing is left to deliver.
pub async fn all_delivered(node: &Node) {
    until_true("nothing waits to be delivered", || async { node.status().await["deliveries"]["waiting"] == 0 }).await;
}

const BEFORE_THE_NEXT_TRY: Duration = Duration::from_millis(20);

/// Sends one `Like` to a region's inbox until it is taken, as every server does it in spite of all faults; its id. Nothing when
/// it is over before.
pub async fn liked(voice: &Voice, region: &str, over: &AtomicBool) -> Option<String> {
    let like = voice.activity("Like", json!(region));
    let post = Post::signed(voice, &format!("{region}/inbox"), &like.to_string(), &Signing::default());
    while !over.load(Ordering::SeqCst) {
        match post.attempt().await.map(|answer| answer.status) {
            Some(202) => return Some(like["id"].as_str().unwrap().to_owned()),
            None | Some(429 | 503) => tokio::time::sleep(BEFORE_THE_NEXT_TRY).await, // the fault itself
            Some(status) => panic!("{status}: {like}"),
        }
    }
    None
}
