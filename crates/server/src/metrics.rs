//! `GET /metrics`: the node in numbers, as Prometheus reads them (OpenMetrics text).
//!
//! Only for a program on this machine, or one that knows the token: what waits for whom is the operator's to know. A request
//! that a proxy hands on is not from this machine, although its connection is; it tells so by a header, and by a `Host` that
//! is the node's own.

use crate::app::App;
use crate::config::Token;
use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use federation::metrics::Waiting;
use http::{HeaderMap, StatusCode, header};
use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::{ConstCounter, Counter};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
/// Headers by which a proxy tells that it hands on.
const FORWARDED: [&str; 4] = ["x-forwarded-for", "forwarded", "x-real-ip", "via"];

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Class {
    class: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfState {
    state: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfName {
    name: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfHost {
    host: String,
}

const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

/// What this process counts. Cheap to clone; all clones count together.
#[derive(Clone)]
pub struct Metrics {
    registry: Arc<Registry>,
    answers: [Counter; 5],
}

impl Metrics {
    /// With those of the spine.
    pub fn new(spine: &federation::metrics::Metrics) -> Metrics {
        let mut registry = Registry::with_prefix("solmu");
        spine.register(&mut registry);
        let classes = Family::<Class, Counter>::default();
        let answers = CLASSES.map(|class| classes.get_or_create(&Class { class }).clone());
        registry.register("http_answers", "Answers to requests, by class of status", classes);
        Metrics { registry: Arc::new(registry), answers }
    }
}

/// The layer that counts answers.
pub async fn count(State(metrics): State<Metrics>, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let class = usize::from(response.status().as_u16() / 100).saturating_sub(1);
    if let Some(counter) = metrics.answers.get(class) {
        counter.inc();
    }
    response
}

/// `GET /metrics`
pub async fn show(State((app, metrics)): State<(App, Metrics)>, request: Request) -> Response {
    let client = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|client| client.0.ip());
    let token = app.config.metrics_token.as_ref().map(Token::as_str);
    if !may_see(client, request.headers(), token) {
        let refused = "For programs on this machine, or with the token of the configuration.\n";
        let status = if token.is_some() { StatusCode::UNAUTHORIZED } else { StatusCode::FORBIDDEN };
        return (status, [(header::WWW_AUTHENTICATE, "Bearer")], refused).into_response();
    }
    let now = app.state.now();
    let mut written = String::new();
    let waiting = match app.state.store.read(move |conn| Waiting::read(conn, now)).await {
        Ok(waiting) => Some(waiting),
        Err(error) => {
            tracing::warn!(%error, "metrics: the database does not answer");
            None
        }
    };
    let present = present(waiting.as_ref(), app.state.client.skew.ahead(now), now);
    let encoded = text::encode_registry(&mut written, &metrics.registry)
        .and_then(|()| text::encode_registry(&mut written, &present))
        .and_then(|()| text::encode_eof(&mut written));
    match encoded {
        Ok(()) => {
            ([(header::CONTENT_TYPE, CONTENT_TYPE), (header::CACHE_CONTROL, "no-store")], written).into_response()
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// What is so at the moment.
fn present(waiting: Option<&Waiting>, ahead: Option<i64>, now: store::Timestamp) -> Registry {
    let mut registry = Registry::with_prefix("solmu");
    let gauge = |value: i64| {
        let gauge: Gauge = Gauge::default();
        gauge.set(value);
        gauge
    };
    registry.register("panics", "Requests whose handler panicked", ConstCounter::new(crate::shield::panics()));
    registry.register("database_up", "Whether the database answers", gauge(i64::from(waiting.is_some())));
    if let Some(millis) = ahead {
        let help = "By how much this machine's clock is ahead of those of other servers";
        registry.register("clock_ahead_seconds", help, gauge(millis / 1000));
    }
    let Some(waiting) = waiting else { return registry };
    let seconds = |time: std::time::Duration| i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
    registry.register(
        "delivery_oldest_seconds",
        "Age of the oldest delivery that waits",
        gauge(seconds(waiting.oldest)),
    );
    let rows = |states: [(&'static str, i64); 2]| {
        let family = Family::<OfState, Gauge>::default();
        for (state, count) in states {
            family.get_or_create(&OfState { state }).set(count);
        }
        family
    };
    let deliveries = rows([("waiting", waiting.deliveries), ("given_up", waiting.given_up)]);
    registry.register("deliveries", "Deliveries that wait or were given up", deliveries);
    let inbox = rows([("waiting", waiting.inbox), ("failed", waiting.inbox_failed)]);
    registry.register("inbox_items", "Received activities that wait or have failed", inbox);
    let alarms = Family::<OfName, Gauge>::default();
    for alarm in &waiting.alarms {
        alarms.get_or_create(&OfName { name: alarm.name.clone() }).set(1);
    }
    registry.register("alarm", "What the operator has to look at: 1 as long as it lasts", alarms);
    let (lags, attempts) = (Family::<OfHost, Gauge>::default(), Family::<OfHost, Gauge>::default());
    for lag in &waiting.hosts {
        let of = OfHost { host: lag.host.clone() };
        lags.get_or_create(&of).set(seconds(now.since(lag.since)));
        attempts.get_or_create(&of).set(i64::from(lag.attempts));
    }
    let lag = "Age of the oldest delivery that waits for a host; of the fifty hosts that have waited longest";
    registry.register("host_lag_seconds", lag, lags);
    registry.register("host_attempts", "How often that delivery was tried", attempts);
    registry
}

fn may_see(client: Option<IpAddr>, headers: &HeaderMap, token: Option<&str>) -> bool {
    if let Some(token) = token {
        let shown = headers.get(header::AUTHORIZATION).and_then(|value| value.as_bytes().strip_prefix(b"Bearer "));
        if shown.is_some_and(|shown| is_same(shown, token.as_bytes())) {
            return true;
        }
    }
    let handed_on = FORWARDED.iter().any(|name| headers.contains_key(*name));
    client.is_some_and(|client| client.to_canonical().is_loopback()) && !handed_on && asks_this_machine(headers)
}

/// `Host` is a name of the machine itself, as a program on it writes.
fn asks_this_machine(headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = host.rsplit_once(':').filter(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()));
    let name = name.map_or(host, |(name, _)| name).trim_matches(['[', ']']);
    name == "localhost" || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Compares without telling by its time where the first difference is.
fn is_same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && one.iter().zip(other).fold(0, |difference, (a, b)| difference | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_may_see_it() {
        let here = Some("127.0.0.1".parse().unwrap());
        let six = Some("::1".parse().unwrap());
        let mapped = Some("::ffff:127.0.0.1".parse().unwrap());
        let there = Some("192.0.2.1".parse().unwrap());
        let local = ("host", "localhost:8080");
        for (client, headers, token, sees) in [
            (here, vec![local], None, true),
            (here, vec![("host", "127.0.0.1:8080")], None, true),
            (six, vec![("host", "[::1]:8080")], None, true),
            (mapped, vec![("host", "127.0.0.1")], None, true),
            (here, vec![("host", "pirkanmaa.example")], None, false),
            (here, vec![("host", "localhost.example")], None, false),
            (here, vec![local, ("x-forwarded-for", "127.0.0.1")], None, false),
            (here, vec![local, ("forwarded", "for=127.0.0.1")], None, false),
            (there, vec![local], None, false),
            (None, vec![local], None, false),
            (there, vec![local, ("authorization", "Bearer one-long-secret")], Some("one-long-secret"), true),
            (there, vec![local, ("authorization", "Bearer one-long-secreT")], Some("one-long-secret"), false),
            (there, vec![local, ("authorization", "Bearer ")], Some("one-long-secret"), false),
            (there, vec![local, ("authorization", "Bearer one-long-secret")], None, false),
            (here, vec![local], Some("one-long-secret"), true),
        ] {
            let mut map = HeaderMap::new();
            for (name, value) in &headers {
                map.append(*name, value.parse().unwrap());
            }
            assert_eq!(may_see(client, &map, token), sees, "{client:?} {headers:?} {token:?}");
        }
    }
}
