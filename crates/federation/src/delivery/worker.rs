//! Sends what waits: looks for hosts with something due, claims it in batches, gives each host to a [`lane`], and writes
//! results down in batches.

use super::lane::{self, Body, Courier, Lane, Report};
use super::missing;
use super::queue::{self, Claimed, Outlook};
use super::results::{self, Tried};
use crate::Error;
use crate::bell::{LOOK_OVER, QUIET};
use crate::outbox::EMPTIED;
use crate::state::State;
use diesel::prelude::*;
use rand::seq::SliceRandom;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use store::id::{ActivityUrl, ActorUrl};
use store::schema::activities;
use store::{Conn, Timestamp, failpoint};
use tokio::sync::{Notify, mpsc, oneshot};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Hosts claimed in one transaction, so that the first are served before all are claimed.
const HOSTS: usize = 128;
/// Hosts worked on at a time.
const LANES: usize = 1024;
/// Results written down in one transaction at most.
const BATCH: usize = 512;
/// How often leases are renewed.
const RENEW: Duration = Duration::from_secs(3);
/// How often that is given up which a host that is away did not take in all its time.
const GIVE_UP: Duration = Duration::from_secs(3600);

/// What the worker and its lanes share.
struct Office {
    courier: Courier,
    /// Hosts with a lane at work; `true` when there may be more for them.
    busy: Mutex<HashMap<String, bool>>,
    /// Hosts for which there may be something, and that no lane works for yet.
    next: Mutex<HashSet<String>>,
    /// Rows in hand, whose leases are renewed.
    held: Mutex<HashSet<i64>>,
    /// A lane has ended, and somebody is next.
    free: Notify,
    /// An inbox may be gone.
    missing: Notify,
    lanes: TaskTracker,
}

/// Runs until `stop`; then no new row is begun, those in flight are finished and written down, and the rest is given
/// back.
pub async fn run(state: State, stop: CancellationToken) {
    let (reports, collected) = mpsc::channel(BATCH);
    let office = Arc::new(Office {
        courier: Courier::new(state.clone(), stop.clone(), reports),
        busy: Mutex::default(),
        next: Mutex::default(),
        held: Mutex::default(),
        free: Notify::new(),
        missing: Notify::new(),
        lanes: TaskTracker::new(),
    });
    let writer = tokio::spawn(write_down(Arc::clone(&office), collected));
    let (renewal, search) = (tokio::spawn(renew(Arc::clone(&office))), tokio::spawn(search(Arc::clone(&office))));
    let mut given_up_at = None;
    while !stop.is_cancelled() {
        let woken = state.bell.heard();
        let outlook = match look(&office).await {
            Ok(outlook) => outlook,
            Err(error) => {
                tracing::error!(%error, "deliveries cannot be looked for; trying again");
                Outlook { anything: true, ..Outlook::default() }
            }
        };
        let now = state.now();
        if outlook.anything && given_up_at.is_none_or(|last| now.since(last) >= GIVE_UP) {
            given_up_at = Some(now);
            give_up(&state, now).await;
        }
        let nothing_new = nothing_new(&state, &outlook);
        tokio::pin!(woken, nothing_new);
        loop {
            let free = office.free.notified();
            serve(&office).await;
            tokio::select! {
                () = &mut woken => break,
                () = &mut nothing_new => break,
                () = stop.cancelled() => break,
                () = free => {}
            }
        }
    }
    office.lanes.close();
    office.lanes.wait().await;
    for task in [renewal, search] {
        task.abort();
        if let Err(error) = task.await
            && error.is_panic()
        {
            tracing::error!(%error, "a companion of the deliveries broke off");
        }
    }
    drop(office);
    if let Err(error) = writer.await {
        tracing::error!(%error, "the results of the last deliveries were not written down; they will be sent again");
    }
}

/// Waits until something is due by its own clock or, if anything waits, everything has to be looked over: pauses of hosts
/// that are over, leases that ran out.
async fn nothing_new(state: &State, outlook: &Outlook) {
    if !outlook.anything {
        return tokio::time::sleep(QUIET).await;
    }
    let due_in = outlook.next_at.map_or(LOOK_OVER, |at| at.since(state.now()));
    tokio::time::sleep(due_in.clamp(Duration::from_millis(1), LOOK_OVER)).await;
}

/// Looks for whom something is due. A lane that works for such a host goes on with it when it is through.
async fn look(office: &Arc<Office>) -> Result<Outlook, Error> {
    let state = &office.courier.state;
    let now = state.now();
    let outlook = state.store.read(move |conn| queue::look(conn, now).map_err(Error::from)).await?;
    let mut busy = office.busy();
    let idle = outlook.hosts.iter().filter(|host| match busy.get_mut(*host) {
        Some(more) => {
            *more = true;
            false
        }
        None => true,
    });
    office.next().extend(idle.cloned());
    Ok(outlook)
}

/// Begins with those who are next. To look anew for each lane that ends would cost more than to send.
async fn serve(office: &Arc<Office>) {
    while let Some(hosts) = office.some_of_next() {
        if let Err(error) = claim(office, hosts).await {
            tracing::error!(%error, "deliveries cannot be claimed; trying again"); // at the next look
            return;
        }
    }
}

/// Claims what is due for these hosts, and begins with it.
async fn claim(office: &Arc<Office>, hosts: Vec<String>) -> Result<(), Error> {
    let state = &office.courier.state;
    let now = state.now();
    let claimed = state.store.write_lightly(move |conn| queue::claim(conn, &hosts, now).map_err(Error::from)).await?;
    begin(office, claimed, now).await
}

/// Begins one lane for each host. What cannot be begun is given back by its lease.
async fn begin(office: &Arc<Office>, claimed: Vec<Claimed>, claimed_at: Timestamp) -> Result<(), Error> {
    if claimed.is_empty() {
        return Ok(());
    }
    failpoint::here("delivery.claimed");
    let state = office.courier.state.clone();
    let urls: BTreeSet<ActivityUrl> =
        claimed.iter().flat_map(|lane| lane.rows.iter().map(|row| row.activity.clone())).collect();
    let actors: BTreeSet<ActorUrl> =
        claimed.iter().flat_map(|lane| lane.rows.iter().map(|row| row.actor.clone())).collect();
    let reading = state.clone();
    let (bodies, signers) = state
        .store
        .read(move |conn| {
            let mut signers = HashMap::with_capacity(actors.len());
            for actor in actors {
                match reading.keyring.signer(conn, &actor) {
                    Ok(signer) => drop(signers.insert(actor.as_str().to_owned(), signer)),
                    Err(Error::Unknown(_)) => {} // its deliveries are refused one by one
                    Err(error) => return Err(error),
                }
            }
            Ok::<_, Error>((bodies(conn, &urls)?, signers))
        })
        .await?;
    let (bodies, signers) = (Arc::new(bodies), Arc::new(signers));
    for claimed in claimed {
        let ids: Vec<i64> = claimed.rows.iter().map(|row| row.id).collect();
        office.busy().insert(claimed.host.clone(), claimed.more);
        office.held().extend(&ids);
        let lane = Lane { claimed, claimed_at, bodies: Arc::clone(&bodies), signers: Arc::clone(&signers) };
        let office = Arc::clone(office);
        let lanes = office.lanes.clone();
        lanes.spawn(async move {
            let host = lane.claimed.host.clone();
            lane::send(&office.courier, lane).await;
            {
                let mut held = office.held();
                for id in ids {
                    held.remove(&id);
                }
            }
            office.is_through(host);
        });
    }
    Ok(())
}

/// The activities, written and digested once for all their hosts; without those whose object was deleted.
fn bodies(conn: &mut Conn, urls: &BTreeSet<ActivityUrl>) -> Result<HashMap<String, Arc<Body>>, Error> {
    let rows: Vec<(ActivityUrl, String, String)> = activities::table
        .filter(activities::url.eq_any(urls))
        .filter(activities::document.ne(EMPTIED))
        .select((activities::url, activities::verb, activities::document))
        .load(conn)?;
    rows.into_iter()
        .map(|(url, verb, document)| Ok((url.as_str().to_owned(), Arc::new(Body::new(verb, &document)?))))
        .collect()
}

/// Renews the leases of what is in hand.
async fn renew(office: Arc<Office>) {
    loop {
        tokio::time::sleep(RENEW).await;
        let ids: Vec<i64> = office.held().iter().copied().collect();
        if ids.is_empty() {
            continue;
        }
        let state = &office.courier.state;
        let now = state.now();
        if let Err(error) =
            state.store.write_lightly(move |conn| queue::renew(conn, &ids, now).map_err(Error::from)).await
        {
            tracing::warn!(%error, "leases of deliveries could not be renewed");
        }
    }
}

/// Looks after inboxes that may be gone, when one turned up.
async fn search(office: Arc<Office>) {
    loop {
        office.missing.notified().await;
        if let Err(error) = missing::look_after(&office.courier.state).await {
            tracing::warn!(%error, "inboxes that are missing cannot be looked after");
        }
    }
}

/// Collects reports for a moment and writes them in one transaction. Tries until the database takes them: what is not
/// written down would be sent again.
async fn write_down(office: Arc<Office>, mut collected: mpsc::Receiver<Report>) {
    let state = office.courier.state.clone();
    // It holds the sending end: as long as somebody else does too, more may come.
    let office = {
        let held = office;
        Arc::downgrade(&held)
    };
    let mut batch = Vec::with_capacity(BATCH);
    while collected.recv_many(&mut batch, BATCH).await > 0 {
        let (results, back, written) = sorted(batch.drain(..));
        let now = state.now();
        let gone = loop {
            let (results, back) = (Arc::clone(&results), Arc::clone(&back));
            let write = move |conn: &mut Conn| {
                let gone = results::finish(conn, &results)?;
                if !back.is_empty() {
                    queue::release(conn, &back, now)?;
                }
                Ok::<_, Error>(gone)
            };
            match state.store.write_lightly(write).await {
                Ok(gone) => break gone,
                Err(error) => {
                    tracing::error!(%error, "results of deliveries cannot be written down; trying again");
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
            }
        };
        failpoint::here("delivery.marked");
        for lane in written {
            // A lane that is gone needs no word.
            if lane.send(()).is_err() {
                tracing::debug!("a lane ended before its result was written down");
            }
        }
        if gone && let Some(office) = office.upgrade() {
            office.missing.notify_one();
        }
    }
}

/// Reports by what is done with them: results to write down, rows to give back, and who waits to hear that it is done.
type Sorted = (Arc<[Tried]>, Arc<[i64]>, Vec<oneshot::Sender<()>>);

fn sorted(reports: impl Iterator<Item = Report>) -> Sorted {
    let (mut results, mut back, mut written) = (Vec::new(), Vec::new(), Vec::new());
    for report in reports {
        match report {
            Report::Tried(tried, done) => {
                results.push(*tried);
                written.push(done);
            }
            Report::Back(ids) => back.extend(ids),
        }
    }
    (results.into(), back.into(), written)
}

/// Gives up what hosts that are away did not take in all its time.
async fn give_up(state: &State, now: Timestamp) {
    let given = state.store.write(move |conn| queue::give_up_overdue(conn, now).map_err(Error::from)).await;
    match given {
        Ok(0) => {}
        Ok(rows) => tracing::info!(rows, "given up: their hosts did not answer in all that time"),
        Err(error) => tracing::warn!(%error, "what is overdue cannot be given up; trying again"),
    }
}

impl Office {
    /// Some of those who are next, at random, as many as there are lanes for.
    fn some_of_next(&self) -> Option<Vec<String>> {
        if self.courier.stop.is_cancelled() {
            return None;
        }
        let (busy, mut next) = (self.busy(), self.next());
        let mut some: Vec<String> = next.iter().filter(|host| !busy.contains_key(*host)).cloned().collect();
        some.shuffle(&mut rand::thread_rng());
        some.truncate(HOSTS.min(LANES.saturating_sub(busy.len())));
        for host in &some {
            next.remove(host);
        }
        (!some.is_empty()).then_some(some)
    }

    /// The lane of a host has ended.
    fn is_through(&self, host: String) {
        let more = self.busy().remove(&host) == Some(true);
        let mut next = self.next();
        if more {
            next.insert(host);
        }
        if !next.is_empty() {
            self.free.notify_one();
        }
    }

    fn next(&self) -> MutexGuard<'_, HashSet<String>> {
        self.next.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn busy(&self) -> MutexGuard<'_, HashMap<String, bool>> {
        self.busy.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn held(&self) -> MutexGuard<'_, HashSet<i64>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
