//! Clients that are slow, that are many, or whose requests have no end: cut, while everybody else is served.

use crate::harness::{Database, LIMIT, http, until_true};
use crate::stage::Stage;
use serde_json::Value;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Between two bytes of a client that drips.
const DRIP: Duration = Duration::from_millis(100);

async fn connect(stage: &Stage) -> TcpStream {
    TcpStream::connect(("127.0.0.1", stage.node.port().number)).await.unwrap()
}

/// What the node says until it closes, while `sent` is sent and then `dripped` over and over, byte by byte.
async fn until_closed(stage: &Stage, sent: &[u8], dripped: &[u8]) -> String {
    let mut stream = connect(stage).await;
    let (mut reader, mut writer) = stream.split();
    // A node that has seen enough may close before it has read everything.
    let _ = writer.write_all(sent).await;
    let drip = async {
        for byte in dripped.iter().cycle() {
            if writer.write_all(&[*byte]).await.is_err() {
                break;
            }
            tokio::time::sleep(DRIP).await; // the fault itself
        }
        std::future::pending::<()>().await
    };
    let mut said = Vec::new();
    let closed = async {
        tokio::select! {
            read = reader.read_to_end(&mut said) => drop(read),
            () = drip => {}
        }
    };
    tokio::time::timeout(LIMIT, closed).await.expect("the node never closes");
    String::from_utf8_lossy(&said).into_owned()
}

/// What is written, and who was asked for what.
async fn traces(stage: &Stage) -> (Value, Vec<String>) {
    (stage.counts().await, stage.gets().await)
}

fn status(said: &str) -> u16 {
    said.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0)
}

fn head(stage: &Stage, more: &str) -> String {
    let path = stage.inbox.split_once(&stage.node.host()).unwrap().1;
    format!("POST {path} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/activity+json\r\n{more}", stage.node.host())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slow_and_many() {
    let limits = [
        ("HEADER_SECONDS", "2"),
        ("BODY_SECONDS", "2"),
        ("ANSWER_SECONDS", "2"),
        ("CONNECTIONS_PER_ADDRESS", "12"),
        ("SERVER__TRUSTED_PROXIES", "192.0.2.1"),
        ("UNPROVEN_PER_SECOND", "10000"),
    ];
    let stage = Stage::with(Database::Sqlite, &limits).await;
    crate::cases! { stage;
        f30_heads_and_bodies_that_drip
        f30_readers_that_take_nothing
        f30_more_connections_than_one_address_may_have
        f24_sizes_that_lie
        f32_heads_that_are_too_large
        f43_f44_requests_that_two_readers_read_differently
    }
}

async fn f30_heads_and_bodies_that_drip(stage: &Stage) {
    let before = traces(stage).await;
    let request = head(stage, "Content-Length: 1000\r\nSignature: x\r\n\r\n{");
    let (nothing, a_head, a_body, half_a_body, others) = tokio::join!(
        until_closed(stage, b"", b""),
        until_closed(stage, b"POST /ap/inbox HTTP/1.1\r\nHost: ", b"x"),
        until_closed(stage, request.as_bytes(), b" "),
        until_closed(stage, request.as_bytes(), b""),
        async {
            // Meanwhile others are served.
            for _ in 0..5 {
                stage.honest_request_works().await;
            }
        },
    );
    let () = others;
    assert_eq!(nothing, "", "a connection on which nothing is said");
    assert!([0, 408].contains(&status(&a_head)), "{a_head}");
    for said in [a_body, half_a_body] {
        assert_eq!(status(&said), 408, "{said}");
        assert!(said.contains("application/problem+json"), "{said}");
    }
    let mut after = traces(stage).await;
    after.0["inbox"] = before.0["inbox"].clone(); // the honest requests
    assert_eq!(after, before);
}

/// Asks for more than a connection holds, and reads nothing: the seat is free again after a while.
async fn f30_readers_that_take_nothing(stage: &Stage) {
    let before = traces(stage).await;
    let asked = format!("GET /static/pictures/default.png HTTP/1.1\r\nHost: {}\r\n\r\n", stage.node.host());
    let mut greedy = Vec::new();
    for _ in 0..12 {
        let mut stream = connect(stage).await;
        stream.write_all(asked.repeat(400).as_bytes()).await.unwrap();
        greedy.push(stream);
    }
    until_true("there is room again", || async {
        let mut stream = connect(stage).await;
        let said = format!("GET /healthz HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", stage.node.host());
        let mut answer = String::new();
        stream.write_all(said.as_bytes()).await.is_ok()
            && stream.read_to_string(&mut answer).await.is_ok()
            && answer.starts_with("HTTP/1.1 200")
    })
    .await;
    drop(greedy);
    assert_eq!(traces(stage).await, before);
}

async fn f30_more_connections_than_one_address_may_have(stage: &Stage) {
    let before = traces(stage).await;
    let mut idle = Vec::new();
    let mut refused = None;
    for _ in 0..40 {
        let mut stream = connect(stage).await;
        // Somebody who was let in and says nothing hears nothing for two seconds; somebody who was not, at once.
        let mut said = [0; 512];
        match tokio::time::timeout(Duration::from_millis(40), stream.read(&mut said)).await {
            Ok(Ok(read)) => {
                refused = Some(String::from_utf8_lossy(&said[..read]).into_owned());
                break;
            }
            Ok(Err(_)) => {
                refused = Some(String::new());
                break;
            }
            Err(_) => idle.push(stream),
        }
    }
    let refused = refused.expect("there is no end of connections");
    assert!(refused.is_empty() || (status(&refused) == 503 && refused.contains("retry-after")), "{refused}");
    drop(idle);
    // Until the node has seen that they hung up, who asks may be cut off.
    let (client, url) = (http(), stage.node.url("/healthz"));
    until_true("there is room again", || async {
        client.get(&url).send().await.is_ok_and(|answer| answer.status().is_success())
    })
    .await;
    assert_eq!(traces(stage).await, before);
}

async fn f24_sizes_that_lie(stage: &Stage) {
    let before = traces(stage).await;
    for (more, body) in [
        ("Content-Length: 10737418240\r\n\r\n", "{}".to_owned()),
        ("Content-Length: 1100000\r\n\r\n", "{".to_owned()),
        ("Transfer-Encoding: chunked\r\n\r\n", format!("200000\r\n{}", "x".repeat(0x20_0000))),
    ] {
        let said = until_closed(stage, format!("{}{body}", head(stage, more)).as_bytes(), b"").await;
        // A client that is still sending when the node closes may see the connection reset before the answer.
        assert!([413, 0].contains(&status(&said)), "{more}: {said}");
    }
    let said = until_closed(stage, head(stage, "Content-Length: 10737418240\r\n\r\n").as_bytes(), b"").await;
    assert_eq!(status(&said), 413, "{said}");
    assert_eq!(traces(stage).await, before);
}

async fn f32_heads_that_are_too_large(stage: &Stage) {
    let before = traces(stage).await;
    for more in [format!("X: {}\r\n\r\n", "x".repeat(20_000)), "X: x\r\n".repeat(4_000) + "\r\n"] {
        let said = until_closed(stage, head(stage, &more).as_bytes(), b"").await;
        assert!([431, 400, 0].contains(&status(&said)), "{said}");
    }
    let long = format!("GET /{} HTTP/1.1\r\nHost: {}\r\n\r\n", "x".repeat(70_000), stage.node.host());
    let said = until_closed(stage, long.as_bytes(), b"").await;
    assert!([414, 431, 0].contains(&status(&said)), "{said}");
    assert_eq!(traces(stage).await, before);
}

async fn f43_f44_requests_that_two_readers_read_differently(stage: &Stage) {
    let before = traces(stage).await;
    let get = |more: &str| format!("GET / HTTP/1.1\r\nHost: {}\r\n{more}", stage.node.host());
    for request in [
        head(stage, "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        head(stage, "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}"),
        head(stage, "Content-Length: +2\r\n\r\n{}"),
        head(stage, "Content-Length: -1\r\n\r\n{}"),
        head(stage, "Transfer-Encoding: gzip, identity\r\n\r\n{}"),
        head(stage, "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n"),
        get("X: a\r\n b\r\n\r\n"),
        get("X : a\r\n\r\n"),
        get("X\0: a\r\n\r\n"),
        get("X: a\0b\r\n\r\n"),
        // A line that ends without CR is none, or one like the others; never a part of the line before.
        head(stage, "X: a\nContent-Length: 3\r\nContent-Length: 2\r\n\r\n{}"),
        head(stage, "Transfer-Encoding: chunked\r\n\r\n2\n{}\r\n0\r\n\r\n"),
        "GET http://[ HTTP/1.1\r\n\r\n".to_owned(),
        "GET / HTTP/3.7\r\n\r\n".to_owned(),
        "\r\n\r\nnonsense\r\n\r\n".to_owned(),
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_owned(),
    ] {
        let said = until_closed(stage, request.as_bytes(), b"").await;
        assert!([0, 400, 401, 408, 413, 501, 505].contains(&status(&said)), "{request:?}: {said}");
        assert!(!said.contains("HTTP/1.1 2"), "{request:?}: {said}");
        assert_eq!(said.matches("HTTP/1.1 ").count().max(1), 1, "two answers to one request: {said}");
    }
    // The body of a GET is nobody's request.
    let inner = format!("GET /healthz HTTP/1.1\r\nHost: {}\r\n\r\n", stage.node.host());
    let head = inner.replacen("\r\n\r\n", &format!("\r\nContent-Length: {}\r\n\r\n", inner.len()), 1);
    let said = until_closed(stage, format!("{head}{inner}").as_bytes(), b"").await;
    assert_eq!(said.matches("HTTP/1.1 ").count(), 1, "{said}");
    assert_eq!(traces(stage).await, before);
}
