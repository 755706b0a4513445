//! How requests of other servers may be written: chunks, `Expect`, content types, reused connections.

use crate::cases;
use crate::harness::{ACTIVITY, Database, Kind, Node, Post, Signing, Site, Voice, until};
use crate::on_both_databases;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

on_both_databases! {
    requests_of_every_make;
}

struct Stage {
    node: Node,
    inbox: String,
    anna: Voice,
    _site: Site,
}

impl Stage {
    fn like(&self) -> (Value, Post) {
        let like = self.anna.activity("Like", json!(self.inbox.trim_end_matches("/inbox")));
        let post = Post::signed(&self.anna, &self.inbox, &like.to_string(), &Signing::default());
        (like, post)
    }

    async fn has_arrived(&self, activity: &Value) {
        until("it is in the inbox", || async {
            self.node.inbox().await.iter().any(|row| row["activity"] == activity["id"]).then_some(())
        })
        .await;
    }

    async fn connect(&self) -> TcpStream {
        let port = self.node.host().split_once(':').unwrap().1.parse::<u16>().unwrap();
        TcpStream::connect(("127.0.0.1", port)).await.unwrap()
    }
}

async fn requests_of_every_make(database: Database) {
    let node = Node::start(Kind::Region("06"), database).await;
    let site = Site::start().await;
    let anna = site.actor("anna");
    let inbox = format!("{}/inbox", node.actor().await);
    anna.say(&inbox, &anna.activity("Follow", json!(inbox.trim_end_matches("/inbox")))).await;
    let stage = Stage { node, inbox, anna, _site: site };
    cases! { stage;
        bodies_in_chunks
        asking_whether_to_send_the_body
        two_requests_on_one_connection
        content_types
    }
}

fn head(post: &Post, more: &str) -> String {
    let mut head = format!("POST {} HTTP/1.1\r\n{more}", post.target);
    for (name, value) in &post.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head + "\r\n"
}

/// Reads until a text is met; everything that was read.
async fn read_until(stream: &mut TcpStream, end: &str) -> String {
    let mut read = Vec::new();
    let mut part = [0; 1024];
    let whole = async {
        while !String::from_utf8_lossy(&read).contains(end) {
            let length = stream.read(&mut part).await.unwrap();
            assert!(length > 0, "closed after {}", String::from_utf8_lossy(&read));
            read.extend_from_slice(&part[..length]);
        }
    };
    tokio::time::timeout(crate::harness::LIMIT, whole).await.expect("an answer");
    String::from_utf8_lossy(&read).into_owned()
}

async fn bodies_in_chunks(stage: &Stage) {
    let (like, post) = stage.like();
    let mut stream = stage.connect().await;
    stream.write_all(head(&post, "Transfer-Encoding: chunked\r\n").as_bytes()).await.unwrap();
    for chunk in post.body.chunks(50) {
        stream.write_all(format!("{:x}\r\n", chunk.len()).as_bytes()).await.unwrap();
        stream.write_all(chunk).await.unwrap();
        stream.write_all(b"\r\n").await.unwrap();
    }
    stream.write_all(b"0\r\n\r\n").await.unwrap();
    assert!(read_until(&mut stream, "\r\n\r\n").await.starts_with("HTTP/1.1 202 "));
    stage.has_arrived(&like).await;
}

async fn asking_whether_to_send_the_body(stage: &Stage) {
    let (like, post) = stage.like();
    let mut stream = stage.connect().await;
    let more = format!("Expect: 100-continue\r\nContent-Length: {}\r\n", post.body.len());
    stream.write_all(head(&post, &more).as_bytes()).await.unwrap();
    assert!(read_until(&mut stream, "\r\n\r\n").await.starts_with("HTTP/1.1 100 "));
    stream.write_all(&post.body).await.unwrap();
    assert!(read_until(&mut stream, "\r\n\r\n").await.starts_with("HTTP/1.1 202 "));
    stage.has_arrived(&like).await;
}

async fn two_requests_on_one_connection(stage: &Stage) {
    let mut stream = stage.connect().await;
    for _ in 0..2 {
        let (like, post) = stage.like();
        let more = format!("Connection: keep-alive\r\nContent-Length: {}\r\n", post.body.len());
        stream.write_all(head(&post, &more).as_bytes()).await.unwrap();
        stream.write_all(&post.body).await.unwrap();
        let answer = read_until(&mut stream, "\r\n\r\n").await;
        assert!(answer.starts_with("HTTP/1.1 202 ") && answer.to_lowercase().contains("content-length: 0"), "{answer}");
        stage.has_arrived(&like).await;
    }
}

async fn content_types(stage: &Stage) {
    for kind in [
        ACTIVITY,
        "application/activity+json; charset=utf-8",
        "Application/Activity+JSON;charset=UTF-8",
        "application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"",
        "application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"; charset=utf-8",
        "application/ld+json",
        "application/json",
    ] {
        let like = stage.anna.activity("Like", json!(stage.inbox.trim_end_matches("/inbox")));
        let mut post = Post::unsigned(&stage.inbox, &like.to_string());
        post.set("Content-Type", kind);
        let signed = Post::signed(&stage.anna, &stage.inbox, &like.to_string(), &Signing::default());
        for name in ["Date", "Digest"] {
            post.set(name, &signed.get(name));
        }
        post.sign(&stage.anna, &Signing::default());
        let answer = post.send().await;
        assert_eq!((answer.status, answer.body.as_str()), (202, ""), "{kind}");
        stage.has_arrived(&like).await;
    }
}
