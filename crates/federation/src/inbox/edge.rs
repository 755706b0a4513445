//! In front of the inboxes, before anything is known of who sends: whether this node has room, whether the address has sent
//! too much without proof, and the body, whole and in time.
//!
//! Invariant: what stands behind here holds a whole body within the limits, and spends from a budget. Each refusal comes
//! with the time after which to come again.

use crate::budget;
use crate::inbox::front::Taken;
use crate::problem::Problem;
use crate::quota::ClientAddress;
use crate::state::State;
use crate::{Error, Limits};
use axum::body::{Body, Bytes, HttpBody, to_bytes};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use diesel::prelude::*;
use http::{HeaderValue, Method, StatusCode, header};
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;
use store::Conn;
use store::schema::inbox_items;
use tokio::time::Instant;
use vocab::json::is_deeper;

/// How often it is looked how much waits.
const LOOK: Duration = Duration::from_secs(1);
/// How long an address that has sent too much without proof waits for its refusal, so that it cannot send more of them than
/// it has connections.
const HELD_BACK: Duration = Duration::from_secs(1);
/// Writes that may wait for their turn.
const WRITES: usize = 4_096;

/// Whether more waits in the inbox than may wait, as of the last look.
#[derive(Default)]
pub(crate) struct Backlog(Mutex<(Option<Instant>, bool)>);

impl Backlog {
    fn lock(&self) -> std::sync::MutexGuard<'_, (Option<Instant>, bool)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks anew when the last look is long ago; of many requests at once, one looks.
    async fn is_too_long(state: &State) -> Result<bool, Error> {
        {
            let mut seen = state.backlog.lock();
            let now = Instant::now();
            if seen.0.is_some_and(|at| now.duration_since(at) < LOOK) {
                return Ok(seen.1);
            }
            seen.0 = Some(now);
        }
        let most = i64::try_from(state.limits.inbox_backlog).unwrap_or(i64::MAX);
        let is_long = state.store.read(move |conn| is_longer(conn, most).map_err(Error::from)).await?;
        state.backlog.lock().1 = is_long;
        Ok(is_long)
    }
}

fn is_longer(conn: &mut Conn, most: i64) -> QueryResult<bool> {
    let waiting = inbox_items::table.filter(super::items::waiting());
    let beyond: Option<i64> =
        waiting.select(inbox_items::id).order(inbox_items::next_at).offset(most).first(conn).optional()?;
    Ok(beyond.is_some())
}

/// The layer.
///
/// # Errors
/// 408, 413, 429 or 503.
pub(crate) async fn guard(
    axum::extract::State(state): axum::extract::State<State>,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    if request.method() != Method::POST {
        return Ok(next.run(request).await);
    }
    let client = request.extensions().get::<ClientAddress>().and_then(|client| client.0);
    let is_signed = request.headers().contains_key("signature");
    let unproven = if is_signed { Ok(()) } else { state.quotas.unproven(client) };
    if let Err(refusal) = state.quotas.check_address(client).and(unproven.map_err(Problem::too_many)) {
        tokio::time::sleep(HELD_BACK).await;
        return Ok(closing(refusal));
    }
    if state.store.waiting_writes() + state.intake.waiting() > WRITES || Backlog::is_too_long(&state).await? {
        return Err(Problem::later("More has arrived than this node can take in just now."));
    }
    let (parts, body) = request.into_parts();
    let body = match whole(&state.limits, body).await {
        Ok(body) => body,
        Err(problem) => return Ok(closing(problem)),
    };
    let request = Request::from_parts(parts, Body::from(body));
    let response = budget::within(&state, client, next.run(request)).await;
    let is_proven = response.status() != StatusCode::UNAUTHORIZED
        && response.extensions().get::<Taken>().is_none_or(|taken| *taken == Taken::Proven);
    if is_signed && !is_proven {
        let _counted = state.quotas.unproven(client);
    }
    Ok(response)
}

/// The body, if it is there in time and not too large.
async fn whole(limits: &Limits, body: Body) -> Result<Bytes, Problem> {
    let most = limits.body();
    let too_large =
        || Problem::new(StatusCode::PAYLOAD_TOO_LARGE, format!("An activity may have {most} bytes at most."));
    if body.size_hint().lower() > limits.body {
        return Err(too_large());
    }
    let read = tokio::time::timeout(limits.body_time(), to_bytes(body, most)).await;
    let body = read.map_err(|_| Problem::new(StatusCode::REQUEST_TIMEOUT, "The body did not come in time."))?;
    let body = body.map_err(|_| too_large())?;
    if is_deeper(&body, usize::try_from(limits.depth).unwrap_or(usize::MAX)) {
        return Err(Problem::new(StatusCode::BAD_REQUEST, "The body is nested too deeply."));
    }
    Ok(body)
}

/// The rest of the body is not waited for.
fn closing(problem: Problem) -> Response {
    let mut response = problem.into_response();
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}
