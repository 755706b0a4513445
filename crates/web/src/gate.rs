//! Until the node is set up, its pages are closed: whoever comes by reads that it is being prepared, and nothing else.
//!
//! Invariant: once open it stays open for as long as the process runs, and costs nothing from then on. Open are always: the
//! ways in, the texts that somebody has to read before agreeing to them, and what other servers ask for, which then says who
//! the node is and nothing else.

use crate::Site;
use crate::error::Error;
use crate::negotiate::{self, Form};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The gate of one node.
#[derive(Clone)]
pub struct Gate {
    site: Arc<Site>,
    open: Arc<AtomicBool>,
}

impl Gate {
    /// Closed, until somebody comes and it turns out otherwise.
    pub fn of(site: &Arc<Site>) -> Gate {
        Gate { site: site.clone(), open: Arc::default() }
    }

    async fn is_open(&self) -> Result<bool, store::Error> {
        if self.open.load(Ordering::Relaxed) {
            return Ok(true);
        }
        let open = self.site.store.read(|conn| domain::setup::is_public(conn).map_err(store::Error::from)).await?;
        self.open.store(open, Ordering::Relaxed);
        Ok(open)
    }
}

/// The layer around the public pages.
pub async fn pass(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    if negotiate::form(request.headers()) == Form::Activity {
        return next.run(request).await;
    }
    match gate.is_open().await {
        Ok(true) => next.run(request).await,
        Ok(false) => Error::NotYet.into_response(),
        Err(error) => Error::from(error).into_response(),
    }
}
