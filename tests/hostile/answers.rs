//! Servers whose answers are no HTTP, have no end, or are far larger than they look.

use crate::cases;
use crate::harness::{ACTIVITY, Database, Post, Signing, Voice};
use crate::stage::Stage;
use axum::Router;
use axum::response::IntoResponse;
use serde_json::json;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tower_http::compression::CompressionLayer;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_without_end() {
    let stage = Stage::set(Database::Sqlite).await;
    cases! { stage; f27_answers_that_are_no_http f26_an_answer_that_unpacks }
}

/// Somebody whose key is on a host of its own.
fn on(stage: &Stage, host: &str) -> Voice {
    let mut voice = stage.evil.stranger("raw");
    voice.id = format!("http://{host}/users/raw");
    voice.key_id = format!("{}#main-key", voice.id);
    voice
}

/// A like of that somebody: refused within the time for a delivery, and nothing was written.
async fn is_refused(stage: &Stage, what: &str, voice: &Voice, statuses: &[u16]) {
    let before = stage.counts().await;
    let body = voice.activity("Like", json!(stage.region)).to_string();
    let begun = Instant::now();
    let answer = Post::signed(voice, &stage.inbox, &body, &Signing::default()).send().await;
    assert!(statuses.contains(&answer.status), "{what}: {} {}", answer.status, answer.body);
    assert!(begun.elapsed() < Duration::from_secs(13), "{what}: {:?}", begun.elapsed());
    assert_eq!(stage.counts().await, before, "{what}");
}

/// A server that answers each request with `head`, and then with `more` as long as anybody reads.
async fn raw(head: String, more: &'static [u8]) -> (String, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let host = format!("localhost:{}", listener.local_addr().unwrap().port());
    let server = tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let head = head.clone();
            tokio::spawn(async move {
                let mut asked = [0; 4096];
                let _ = stream.read(&mut asked).await;
                let mut open = stream.write_all(head.as_bytes()).await.is_ok();
                while open && !more.is_empty() {
                    open = stream.write_all(more).await.is_ok();
                }
            });
        }
    });
    (host, server)
}

async fn f27_answers_that_are_no_http(stage: &Stage) {
    let ok = format!("HTTP/1.1 200 OK\r\ncontent-type: {ACTIVITY}\r\n");
    for (what, head, more, statuses) in [
        (
            "headers without end",
            ok.clone(),
            &b"X-More: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n"[..],
            &[503][..],
        ),
        ("a header without end", format!("{ok}X-More: "), &[b'x'; 4096], &[503]),
        (
            "chunks without end",
            format!("{ok}transfer-encoding: chunked\r\n\r\n"),
            // Of a size that a slow machine reads in time.
            format!("1000\r\n{{{}\r\n", " ".repeat(4095)).leak().as_bytes(),
            &[401],
        ),
        ("a body without end", format!("{ok}\r\n"), &[b' '; 4096], &[401]),
        ("a larger body than there is", format!("{ok}content-length: 99999\r\n\r\n{{}}"), b"", &[503]),
        ("two lengths", format!("{ok}content-length: 2\r\ncontent-length: 3\r\n\r\n{{}}"), b"", &[401, 503]),
        ("no HTTP", "SSH-2.0-OpenSSH\r\n".to_owned(), b"", &[503]),
        ("nothing", String::new(), b"", &[503]),
    ] {
        let (host, server) = raw(head, more).await;
        is_refused(stage, what, &on(stage, &host), statuses).await;
        server.abort();
    }
}

/// Four kilobytes that become four megabytes: what is counted is what comes out.
async fn f26_an_answer_that_unpacks(stage: &Stage) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let voice = on(stage, &format!("localhost:{}", listener.local_addr().unwrap().port()));
    let text = voice.document().to_string().replacen('{', &format!("{{{}", " ".repeat(4 << 20)), 1);
    let document = move || async move { ([("content-type", ACTIVITY)], text.clone()).into_response() };
    let router = Router::new().fallback(document).layer(CompressionLayer::new());
    let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    is_refused(stage, "four megabytes in four kilobytes", &voice, &[401]).await;
    server.abort();
}
