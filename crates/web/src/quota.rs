//! How often one client address may try a way in: a link is asked for seldom, and nothing else is to be found by trying; and
//! how often it may let this node ask another server.

use crate::error::Error;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use federation::quota::{ClientAddress, PerAddress};
use http::Method;
use std::sync::Arc;

/// Forms of one client address a minute, and at once.
const A_MINUTE: u64 = 20;

/// The bucket of the ways in, of one node.
pub fn of_ways_in() -> Arc<PerAddress> {
    Arc::new(PerAddress::per_minute(A_MINUTE))
}

/// The layer for pages that ask another server when the query names one: counts these questions alone.
pub async fn count_questions(State(quota): State<Arc<PerAddress>>, request: Request, next: Next) -> Response {
    let client = request.extensions().get::<ClientAddress>().and_then(|ClientAddress(address)| *address);
    let asks = request.uri().query().is_some_and(|query| query.contains("server="));
    if asks && let Err(wait) = quota.take(client) {
        return Error::TooOften(wait.as_secs() + 1).into_response();
    }
    next.run(request).await
}

/// The layer: counts what is sent, not what is looked at. Who asks from this machine, past the proxy, is not counted.
pub async fn count(State(quota): State<Arc<PerAddress>>, request: Request, next: Next) -> Response {
    let client = request.extensions().get::<ClientAddress>().and_then(|ClientAddress(address)| *address);
    if request.method() == Method::POST
        && let Err(wait) = quota.take(client)
    {
        return Error::TooOften(wait.as_secs() + 1).into_response();
    }
    next.run(request).await
}
