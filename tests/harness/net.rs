//! Several nodes that know one another.

use super::{Database, Kind, Node, until};
use serde_json::{Value, json};
use std::ops::{Index, IndexMut};

/// Nodes. Dropping it waits until everything is delivered that is for a node which is up, and fails the test when that does not come.
pub struct Net {
    nodes: Vec<Node>,
    /// Other servers that are up, and have to get what is meant for them.
    pub others: Vec<String>,
}

impl Net {
    /// Makes and starts nodes.
    pub async fn start(database: Database, kinds: &[Kind]) -> Net {
        let mut starting = tokio::task::JoinSet::new();
        for (place, kind) in kinds.iter().copied().enumerate() {
            starting.spawn(async move { (place, Node::start(kind, database).await) });
        }
        let mut nodes = starting.join_all().await;
        nodes.sort_by_key(|(place, _)| *place);
        Net { nodes: nodes.into_iter().map(|(_, node)| node).collect(), others: Vec::new() }
    }

    fn live(&self) -> impl Iterator<Item = &Node> {
        self.nodes.iter().filter(|node| node.is_alive())
    }

    fn is_up(&self, inbox: &str) -> bool {
        let host = store::id::host_of(inbox);
        self.others.contains(&host) || self.live().any(|node| node.host() == host)
    }

    /// What of a node's queue is meant for somebody who is up.
    fn due(&self, queue: Vec<Value>) -> Vec<Value> {
        queue.into_iter().filter(|row| self.is_up(row["inbox"].as_str().unwrap())).collect()
    }

    /// Waits until every node that is up has processed what it received, read what it wanted to read, and delivered what
    /// is for others that are up; and until a second look finds the same.
    pub async fn settle(&self) {
        let mut last = None;
        loop {
            let now = until("all queues are empty", || self.quiet()).await;
            if last.as_ref() == Some(&now) {
                return;
            }
            last = Some(now);
        }
    }

    /// The numbers of all nodes when nothing waits.
    async fn quiet(&self) -> Option<Value> {
        let mut all = Vec::new();
        for node in self.live() {
            let status = node.status().await;
            if status["inbox"]["waiting"] != 0
                || status["backfills_waiting"] != 0
                || !self.due(node.queue(false).await).is_empty()
            {
                return None;
            }
            all.push(json!([status["inbox"], status["deliveries"], status["objects"], status["following"]]));
        }
        Some(json!(all))
    }

    /// Lets one node follow another, and waits until the follow is in force and the past is read.
    pub async fn follow(&self, follower: usize, followed: usize) {
        self[follower].run(&["follow", &self[followed].handle()]).await;
        self.settle().await;
        let peers: Value = serde_json::from_str(&self[follower].run(&["peers", "--json"]).await).unwrap();
        let handle = self[followed].handle();
        let state = peers["following"].as_array().unwrap().iter().find(|row| row["handle"] == handle.as_str()).cloned();
        assert_eq!(state.unwrap_or_default()["state"], "accepted", "{peers}");
    }
}

impl Index<usize> for Net {
    type Output = Node;

    fn index(&self, place: usize) -> &Node {
        &self.nodes[place]
    }
}

impl IndexMut<usize> for Net {
    fn index_mut(&mut self, place: usize) -> &mut Node {
        &mut self.nodes[place]
    }
}

impl Drop for Net {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let delivered = async {
            for node in self.live() {
                until(&format!("{} has delivered everything", node.host()), || async {
                    self.due(node.queue(false).await).is_empty().then_some(())
                })
                .await;
            }
        };
        tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(delivered));
    }
}
