//! Many small writes in one transaction: a commit costs a synchronisation of the disk, however much is in it.
//!
//! Whoever comes while a transaction runs waits for the next one, which takes all of them; nobody waits for company, so a
//! lone write is as quick as by itself. Invariant: [`Grouped::write`] returns `Ok` only after the commit that holds its item.
//! When a transaction fails, its items are tried one by one, so that a bad one harms only itself; when the database is away
//! they all fail at once.

use crate::{Conn, Error, Failure, Store};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::oneshot;

/// Gives a group of items their effect, in order, and says what came of each. May run several times.
pub type Apply<I, O, E> = fn(&mut Conn, &[I]) -> Result<Vec<O>, E>;

/// Told how many items each committed transaction held.
pub type Observe = Arc<dyn Fn(usize) + Send + Sync>;

/// See the module. Cheap to clone; all clones share one queue.
pub struct Grouped<I, O, E>(Arc<Shared<I, O, E>>);

struct Shared<I, O, E> {
    store: Store,
    apply: Apply<I, O, E>,
    /// Items of one transaction at most.
    most: usize,
    observe: Observe,
    queue: Mutex<Queue<I, O, E>>,
}

struct Queue<I, O, E> {
    waiting: VecDeque<(I, oneshot::Sender<Result<O, E>>)>,
    /// Somebody is writing, and will look again before it stops.
    is_worked_on: bool,
}

impl<I, O, E> Clone for Grouped<I, O, E> {
    fn clone(&self) -> Self {
        Grouped(Arc::clone(&self.0))
    }
}

impl<I, O, E> Grouped<I, O, E>
where
    I: Send + Sync + 'static,
    O: Send + 'static,
    E: Failure + Send + 'static,
{
    /// A queue in front of `store`, with at most `most` items in a transaction.
    pub fn new(store: Store, most: usize, apply: Apply<I, O, E>, observe: Observe) -> Self {
        let queue = Mutex::new(Queue { waiting: VecDeque::new(), is_worked_on: false });
        Grouped(Arc::new(Shared { store, apply, most, observe, queue }))
    }

    /// Writes an item together with others that come at the same time: what came of it, after the commit.
    ///
    /// # Errors
    /// What `apply` returns for it, or the store's own failure. Then nothing of it was written.
    pub async fn write(&self, item: I) -> Result<O, E> {
        let (answer, answered) = oneshot::channel();
        let begins = {
            let mut queue = self.lock();
            queue.waiting.push_back((item, answer));
            !std::mem::replace(&mut queue.is_worked_on, true)
        };
        if begins {
            // A task of its own: a request that is given up must not take the others' commit along.
            tokio::spawn(self.clone().work());
        }
        answered.await.unwrap_or_else(|_| Err(Error::Unreachable("the write was broken off".to_owned()).into()))
    }

    /// How many wait for the next transaction.
    pub fn waiting(&self) -> usize {
        self.lock().waiting.len()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Queue<I, O, E>> {
        self.0.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn work(self) {
        loop {
            let (items, answers): (Vec<I>, Vec<_>) = {
                let mut queue = self.lock();
                let next = queue.waiting.len().min(self.0.most);
                if next == 0 {
                    queue.is_worked_on = false;
                    return;
                }
                queue.waiting.drain(..next).unzip()
            };
            self.write_group(items.into(), answers).await;
        }
    }

    async fn write_group(&self, items: Arc<[I]>, answers: Vec<oneshot::Sender<Result<O, E>>>) {
        let failed = match self.transaction(Arc::clone(&items)).await {
            Some(Ok(outcomes)) => {
                (self.0.observe)(answers.len());
                let outcomes = outcomes.into_iter().map(Ok);
                answers.into_iter().zip(outcomes).for_each(|(answer, outcome)| tell(answer, outcome));
                return;
            }
            Some(Err(error)) => Some(error),
            None => None, // it panicked
        };
        if answers.len() == 1 {
            if let (Some(error), Some(answer)) = (failed, answers.into_iter().next()) {
                tell(answer, Err(error));
            }
            return;
        }
        if let Some(away) = failed.as_ref().and_then(Failure::as_store_error).filter(|error| error.is_temporary()) {
            let away = away.to_string();
            answers.into_iter().for_each(|answer| tell(answer, Err(Error::Unreachable(away.clone()).into())));
            return;
        }
        for (place, answer) in answers.into_iter().enumerate() {
            if let Some(outcome) = self.alone(Arc::clone(&items), place).await {
                tell(answer, outcome);
            }
        }
    }

    /// One transaction. `None` when it panicked: that is its items' misfortune and nobody else's.
    async fn transaction(&self, items: Arc<[I]>) -> Option<Result<Vec<O>, E>> {
        let (store, apply) = (self.0.store.clone(), self.0.apply);
        let written = tokio::spawn(async move { store.write(move |conn| apply(conn, &items)).await });
        written.await.ok()
    }

    async fn alone(&self, items: Arc<[I]>, place: usize) -> Option<Result<O, E>> {
        let (store, apply) = (self.0.store.clone(), self.0.apply);
        let one = async move { store.write(move |conn| apply(conn, &items[place..=place])).await };
        let outcome = tokio::spawn(one).await.ok()?;
        if outcome.is_ok() {
            (self.0.observe)(1);
        }
        Some(outcome.and_then(|mut all| {
            all.pop().ok_or_else(|| Error::Unreachable("the write has no outcome".to_owned()).into())
        }))
    }
}

/// Whoever asked may have gone away meanwhile; what was written stays.
fn tell<O, E>(answer: oneshot::Sender<Result<O, E>>, outcome: Result<O, E>) {
    if answer.send(outcome).is_err() {
        tracing::debug!("nobody waits for this write any more");
    }
}
