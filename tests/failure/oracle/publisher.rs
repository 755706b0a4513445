//! Publishes as the command line does: the domain's own actions, on the node's database, in a process that is not killed.
//! What its transaction has committed is acknowledged.

use super::fleet::random;
use super::ledger::{End, Ledger, Thing};
use super::{FOLLOWERS, ORGANISATIONS};
use crate::harness::{Node, mark};
use domain::event::{self, NewEvent, Status};
use domain::organisation::{self, NewOrganisation};
use domain::{Caller, Error, RegionCode, Role};
use federation::Origin;
use federation::key::KeyPair;
use std::sync::Arc;
use std::time::Duration;
use store::id::{EventId, OrganisationId};
use store::{Clock, Conn, Store};
use tokio::sync::Semaphore;
use vocab::SafeHtml;

/// Changes in one transaction, at most.
const TOGETHER: u64 = 6;

/// See the module.
pub struct Publisher {
    node: domain::Node,
    store: Store,
    ledger: Arc<Ledger>,
    organisations: Vec<OrganisationId>,
    events: Vec<EventId>,
    marks: u64,
}

#[derive(Clone)]
enum Change {
    Create(u64),
    Edit(EventId, u64),
    Delete(EventId),
    Profile(usize, OrganisationId, u64),
}

/// What a committed change is: the activity's id, the object's, and what it has to be now.
struct Done {
    activity: String,
    object: String,
    end: End,
    hosts: Vec<usize>,
    made: Option<EventId>,
}

impl Publisher {
    /// Adds the organisations.
    pub async fn start(node: &Node, store: &Store, ledger: Arc<Ledger>) -> Publisher {
        let region = RegionCode::parse("06").unwrap();
        let node = domain::Node { origin: Origin::new(&node.host()), role: Role::Region, region };
        let pair = KeyPair::generate_off_thread().await.unwrap();
        let (ours, now) = (node.clone(), Clock::System.now());
        let organisations = store.write(move |conn| {
            let add = |number| {
                organisation::add(conn, &ours, Caller::Coordinator, &organisation_marked(number, 0), &pair, now)
            };
            (0..ORGANISATIONS).map(add).collect::<Result<Vec<_>, Error>>()
        });
        let organisations = organisations.await.unwrap();
        Publisher { node, store: store.clone(), ledger, organisations, events: Vec::new(), marks: 0 }
    }

    /// The actors of the organisations.
    pub fn actors(&self) -> Vec<String> {
        self.organisations.iter().map(|id| self.node.origin.actor(id.as_str()).to_string()).collect()
    }

    /// Makes so many changes, as fast as it is given permits, one for each.
    pub async fn run(&mut self, permits: &Semaphore, count: usize) {
        let mut left = count;
        while left > 0 {
            let some = u32::try_from(left).unwrap_or(u32::MAX).min(1 + u32::try_from(random(TOGETHER)).unwrap());
            permits.acquire_many(some).await.unwrap().forget();
            let changes: Vec<Change> = (0..some).map(|_| self.next()).collect();
            left -= changes.len();
            self.commit(changes).await;
        }
    }

    fn next(&mut self) -> Change {
        self.marks += 1;
        let some = |many: usize| usize::try_from(random(many as u64)).unwrap();
        match random(100) {
            30..50 if !self.events.is_empty() => Change::Edit(self.events[some(self.events.len())].clone(), self.marks),
            50..60 if !self.events.is_empty() => Change::Delete(self.events.swap_remove(some(self.events.len()))),
            60.. => {
                let place = some(self.organisations.len());
                Change::Profile(place, self.organisations[place].clone(), self.marks)
            }
            _ => Change::Create(self.marks),
        }
    }

    async fn commit(&mut self, changes: Vec<Change>) {
        let node = self.node.clone();
        let change = move |conn: &mut Conn| {
            // What one deletes, the next may not edit.
            let done = changes.iter().filter_map(|change| match make(conn, &node, change) {
                Err(Error::NotFound) => None,
                done => Some(done),
            });
            done.collect::<Result<Vec<_>, Error>>()
        };
        let done = self.store.write(change).await.expect("what cannot be committed is not acknowledged");
        for Done { activity, object, end, hosts, made } in done {
            self.events.extend(made);
            self.ledger.with(|inside| {
                inside.published.insert(activity);
                inside.things.insert(object, Thing { end, hosts });
            });
        }
    }
}

fn make(conn: &mut Conn, node: &domain::Node, change: &Change) -> Result<Done, Error> {
    let (by, now) = (Caller::Coordinator, Clock::System.now());
    let url = |id: &EventId| node.origin.object("events", id.as_str()).to_string();
    let followers = || (0..FOLLOWERS).collect();
    Ok(match change {
        Change::Create(mark) => {
            let id = event::add(conn, node, by, &event_marked(*mark), now)?;
            let activity = event::publish(conn, node, by, &id, now)?.to_string();
            let object = url(&id);
            Done { activity, object, end: End::Marked(*mark), hosts: followers(), made: Some(id) }
        }
        Change::Edit(id, mark) => {
            let activity = event::edit(conn, node, by, id, &event_marked(*mark), now)?.ok_or(Error::NotFound)?;
            let (activity, object) = (activity.to_string(), url(id));
            Done { activity, object, end: End::Marked(*mark), hosts: followers(), made: None }
        }
        Change::Delete(id) => {
            let activity = event::delete(conn, by, id, now)?.ok_or(Error::NotFound)?.to_string();
            Done { activity, object: url(id), end: End::Gone, hosts: followers(), made: None }
        }
        Change::Profile(place, id, mark) => {
            let new = organisation_marked(*place, *mark);
            let activity = organisation::edit(conn, node, by, id, &new, now)?.ok_or(Error::NotFound)?.to_string();
            let object = node.origin.actor(id.as_str()).to_string();
            Done { activity, object, end: End::Marked(*mark), hosts: hosts_of(*place), made: None }
        }
    })
}

/// The servers that follow an organisation.
pub fn hosts_of(organisation: usize) -> Vec<usize> {
    let first = FOLLOWERS + 2 * organisation;
    vec![first, first + 1]
}

fn organisation_marked(number: usize, version: u64) -> NewOrganisation {
    NewOrganisation {
        name: format!("Yhdistys {number}"),
        kind: "association".to_owned(),
        municipality: None,
        website: None,
        description: organisation::Description { fi: Some(mark(version)), ..Default::default() },
        username: Some(format!("yhdistys_{number}")),
    }
}

fn event_marked(number: u64) -> NewEvent {
    let starts = Clock::System.now().plus(Duration::from_secs(20 * 24 * 3600)).whole_seconds();
    NewEvent {
        name: format!("Tapahtuma {number}"),
        blurb: mark(number),
        content: SafeHtml::clean("<p>Ohjelmaa.</p>"),
        language: "fi".to_owned(),
        starts,
        ends: Some(starts.plus(Duration::from_secs(3600))),
        zone: "Europe/Helsinki".to_owned(),
        status: Status::default(),
        category: "NETWORKING".to_owned(),
        place: None,
        online_url: Some("https://etana.example/".to_owned()),
        participation_url: None,
        capacity: None,
        picture: None,
        tags: Vec::new(),
        organiser: None,
    }
}
