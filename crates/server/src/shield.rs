//! Around all that answers: the time a request may take, and what becomes of a fault.
//!
//! A panic ends the request in which it happens with a 500 and nothing else: the process unwinds (`panic = "unwind"`, which
//! `cargo xtask tidy` looks after), and no lock of ours stays poisoned. It is counted, and logged by the panic hook.

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use std::any::Any;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tower_http::catch_panic::CatchPanicLayer;

/// Panics in requests since the process began.
static PANICS: AtomicU64 = AtomicU64::new(0);

/// How many requests ended in a panic since the process began.
pub fn panics() -> u64 {
    PANICS.load(Ordering::Relaxed)
}

/// Puts the shield around a router. `patience` is how long a request may take in all.
pub fn around(router: Router, patience: Duration) -> Router {
    router.layer(from_fn_with_state(patience, in_time)).layer(CatchPanicLayer::custom(fault))
}

async fn in_time(State(patience): State<Duration>, request: Request, next: Next) -> Response {
    match tokio::time::timeout(patience, next.run(request)).await {
        Ok(response) => response,
        Err(_) => {
            tracing::warn!("a request took too long and was given up");
            let mut response = problem(StatusCode::SERVICE_UNAVAILABLE, "This node cannot answer just now.");
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("30"));
            response
        }
    }
}

fn fault(_what: Box<dyn Any + Send>) -> Response {
    PANICS.fetch_add(1, Ordering::Relaxed);
    tracing::error!("a request ended in a panic; this is a fault of the program, please report it");
    problem(StatusCode::INTERNAL_SERVER_ERROR, "This is a fault of ours.")
}

/// A problem document (RFC 9457).
fn problem(status: StatusCode, detail: &str) -> Response {
    let title = status.canonical_reason().unwrap_or("Error");
    let body = serde_json::json!({"type": "about:blank", "title": title, "status": status.as_u16(), "detail": detail});
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::routing::get;
    use std::sync::{Arc, Mutex, PoisonError};
    use tower::ServiceExt;

    async fn ask(router: &Router, path: &str) -> Response {
        router.clone().oneshot(Request::get(path).body(Body::empty()).unwrap()).await.unwrap()
    }

    #[tokio::test]
    async fn f45_a_panic_ends_one_request() {
        let shared = Arc::new(Mutex::new(0));
        let (locked, read) = (shared.clone(), shared.clone());
        let router = Router::new()
            .route(
                "/panics",
                get(move || async move {
                    let mut held = locked.lock().unwrap_or_else(PoisonError::into_inner);
                    *held += 1;
                    if *held > 0 {
                        panic!("forced by a test");
                    }
                }),
            )
            .route(
                "/works",
                get(move || async move { read.lock().unwrap_or_else(PoisonError::into_inner).to_string() }),
            );
        let router = around(router, Duration::from_secs(60));
        let before = panics();
        let answer = ask(&router, "/panics").await;
        assert_eq!(answer.status(), 500);
        assert_eq!(answer.headers()["content-type"], "application/problem+json");
        let body = axum::body::to_bytes(answer.into_body(), 4096).await.unwrap();
        assert!(!String::from_utf8_lossy(&body).contains("forced"), "its words are not for others");
        assert_eq!(panics(), before + 1);
        assert_eq!(ask(&router, "/works").await.status(), 200, "the next one");
    }

    #[tokio::test(start_paused = true)]
    async fn who_takes_too_long_is_told_to_come_again() {
        let router = around(Router::new().route("/", get(std::future::pending::<()>)), Duration::from_secs(20));
        let answer = ask(&router, "/").await;
        assert_eq!(answer.status(), 503);
        assert_eq!(answer.headers()["retry-after"], "30");
    }
}
