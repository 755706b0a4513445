//! The processes that are killed.

use crate::harness::{KILL, Node, Port, http, until};
use std::collections::BTreeMap;
use std::pin::pin;
use std::process::{Child, Command};
use std::time::{Duration, Instant};
use store::failpoint;

/// How long an armed place may take to be reached before the process is killed from outside.
const PATIENCE: Duration = Duration::from_secs(4);

/// Places that every run of the oracle passes, with the highest number of passes to wait for.
pub const PLACES: [(&str, u64); 19] = [
    ("write.begun", 40),
    ("write.before_commit", 40),
    ("write.after_commit", 40),
    ("outbox.entered", 4),
    ("outbox.addressed", 4),
    ("inbox.before_store", 10),
    ("inbox.storing", 10),
    ("inbox.stored", 10),
    ("inbox.claimed", 5),
    ("inbox.prepared", 10),
    ("inbox.in_effect", 10),
    ("inbox.done", 10),
    ("delivery.claiming", 10),
    ("delivery.claimed", 5),
    ("delivery.sending", 60),
    ("delivery.sent", 60),
    ("delivery.marking", 60),
    ("delivery.marked", 10),
    ("serve.before_release", 1),
];

/// What is done to the processes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// SIGKILL at random moments, and an end at each of [`PLACES`].
    Killed,
    /// SIGTERM at random moments.
    ToldToStop,
    /// Their connections to PostgreSQL are ended.
    CutOff,
}

/// Ten seconds are promised; the rest is for a machine with other things to do.
const STOP: Duration = Duration::from_secs(12);

struct Member {
    port: Option<Port>,
    number: u16,
    child: Child,
    armed: Option<&'static str>,
}

/// Processes of one node.
pub struct Fleet<'a> {
    node: &'a Node,
    members: Vec<Member>,
    rounds: usize,
    /// The longest that a process took to stop when it was told to.
    pub slowest_stop: Duration,
    /// How often the process ended at each place; "at random" for a kill from outside.
    pub ended: BTreeMap<&'static str, usize>,
}

impl Fleet<'_> {
    /// Starts so many, and waits until all answer.
    pub async fn start(node: &Node, count: usize) -> Fleet<'_> {
        let (slowest_stop, ended) = (Duration::ZERO, BTreeMap::new());
        let mut fleet = Fleet { node, members: Vec::new(), rounds: 0, slowest_stop, ended };
        for place in 0..count {
            let port = (place > 0).then(Port::take);
            let listen = port.as_ref().unwrap_or(node.port());
            let (number, child) = (listen.number, node.launch(listen, &[]));
            fleet.members.push(Member { port, number, child, armed: None });
            assert!(fleet.answers(place).await, "it does not start: {}", node.log());
        }
        fleet
    }

    /// Where they listen.
    pub fn addresses(&self) -> Vec<String> {
        self.members.iter().map(|member| format!("localhost:{}", member.number)).collect()
    }

    /// The numbers of the processes.
    pub fn processes(&self) -> Vec<u32> {
        self.members.iter().map(|member| member.child.id()).collect()
    }

    /// How many faults there were.
    pub fn faults(&self) -> usize {
        self.ended.values().sum()
    }

    /// Lets one process suffer a fault. Ends it, where it was armed to end or at a random moment, and starts it again: every
    /// other time armed.
    pub async fn round(&mut self, fault: Fault) {
        let who = self.rounds % self.members.len();
        self.rounds += 1;
        match self.members[who].armed {
            Some(place) => self.ends_at(who, place).await,
            None => {
                tokio::time::sleep(Duration::from_millis(30 + random(400))).await; // the fault itself
                match fault {
                    Fault::Killed => self.kill(who, "at random"),
                    Fault::ToldToStop => self.stop(who).await,
                    Fault::CutOff => {
                        self.node.end_connections_except(super::OURS);
                        *self.ended.entry("cut off").or_default() += 1;
                        return;
                    }
                }
            }
        }
        let armed = (fault == Fault::Killed && (self.rounds / self.members.len()).is_multiple_of(2)).then(|| {
            let (name, most) = PLACES[(self.rounds / 2) % PLACES.len()];
            (name, 1 + random(most))
        });
        self.restart(who, armed).await;
    }

    async fn ends_at(&mut self, who: usize, place: &'static str) {
        let child = &mut self.members[who].child;
        let ended = async {
            while child.try_wait().unwrap().is_none() {
                tokio::time::sleep(Duration::from_millis(10)).await; // the fault itself
            }
        };
        match tokio::time::timeout(PATIENCE, ended).await {
            Ok(()) => *self.ended.entry(place).or_default() += 1,
            Err(_) => self.kill(who, "at random"),
        }
    }

    /// Waits for something that needs every process: who ends where it was armed to end is started again, unarmed.
    pub async fn keeps_serving_until(&mut self, done: impl Future<Output = ()>) {
        let mut done = pin!(done);
        loop {
            let (who, place) = tokio::select! {
                () = &mut done => return,
                ended = self.ended_at_its_place() => ended,
            };
            *self.ended.entry(place).or_default() += 1;
            self.restart(who, None).await;
        }
    }

    async fn ended_at_its_place(&mut self) -> (usize, &'static str) {
        loop {
            for (who, member) in self.members.iter_mut().enumerate() {
                if let Some(place) = member.armed
                    && member.child.try_wait().unwrap().is_some()
                {
                    return (who, place);
                }
            }
            tokio::time::sleep(Duration::from_millis(10)).await; // the fault itself
        }
    }

    fn kill(&mut self, who: usize, place: &'static str) {
        let child = &mut self.members[who].child;
        child.kill().unwrap();
        child.wait().unwrap();
        *self.ended.entry(place).or_default() += 1;
    }

    async fn stop(&mut self, who: usize) {
        let child = &mut self.members[who].child;
        let (begun, id) = (Instant::now(), child.id().to_string());
        assert!(Command::new("sh").args(KILL).args(["-TERM", &id]).status().unwrap().success());
        let status = until("it stops", || {
            let ended = child.try_wait().unwrap();
            async move { ended }
        })
        .await;
        self.slowest_stop = self.slowest_stop.max(begun.elapsed());
        assert_eq!(status.code(), Some(0), "{}", self.node.log());
        assert!(begun.elapsed() < STOP, "it took {:?} to stop", begun.elapsed());
        *self.ended.entry("told to stop").or_default() += 1;
    }

    async fn restart(&mut self, who: usize, armed: Option<(&'static str, u64)>) {
        let place = armed.map(|(name, passes)| format!("{name}:{passes}"));
        let environment: Vec<(&str, &str)> = place.iter().map(|place| (failpoint::VARIABLE, place.as_str())).collect();
        self.launch(who, &environment);
        self.members[who].armed = armed.map(|(name, _)| name);
        if self.answers(who).await {
            return;
        }
        // It ended before it served: that was its place. Once more, unarmed.
        let place = self.members[who].armed.take().unwrap_or_else(|| panic!("it does not start: {}", self.node.log()));
        *self.ended.entry(place).or_default() += 1;
        self.launch(who, &[]);
        assert!(self.answers(who).await, "it does not start: {}", self.node.log());
    }

    fn launch(&mut self, who: usize, environment: &[(&str, &str)]) {
        let member = &mut self.members[who];
        member.child = self.node.launch(member.port.as_ref().unwrap_or(self.node.port()), environment);
    }

    /// Whether it comes to serve; `false` when it has ended before.
    async fn answers(&mut self, who: usize) -> bool {
        let (client, member) = (http(), &mut self.members[who]);
        let url = format!("http://127.0.0.1:{}/healthz", member.number);
        until(&format!("{url} answers"), || {
            let (asked, ended) = (client.get(&url).send(), member.child.try_wait().unwrap().is_some());
            async move {
                match asked.await {
                    _ if ended => Some(false),
                    Ok(answer) if answer.status().is_success() => Some(true),
                    _ => None,
                }
            }
        })
        .await
    }

    /// Starts everything anew, unarmed.
    pub async fn recover(&mut self) {
        for who in 0..self.members.len() {
            if self.members[who].armed.is_some() {
                self.kill(who, "at random");
                self.restart(who, None).await;
            }
        }
    }
}

impl Drop for Fleet<'_> {
    fn drop(&mut self) {
        for member in &mut self.members {
            let _ = member.child.kill();
            let _ = member.child.wait();
        }
    }
}

/// A number below `end`.
pub fn random(end: u64) -> u64 {
    uuid::Uuid::new_v4().as_u64_pair().0 % end
}
