//! Too few file handles: the node refuses, and goes on when there are some again.

use crate::harness::{ACTIVITY, Database, Kind, Node, Site, event, http, until_true};
use crate::on_both_databases;
use crate::process;
use crate::witness::all_delivered;
use serde_json::json;
use std::process::Command;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

on_both_databases! {
    r22_a_node_without_file_handles_refuses_and_goes_on;
}

fn limit(node: &Node, handles: usize) {
    let (pid, limit) = (node.pid().to_string(), format!("--nofile={handles}:"));
    let set = Command::new("prlimit").args(["--pid", &pid, &limit]).status().expect("prlimit of util-linux");
    assert!(set.success());
}

/// One request on a connection that is kept: the status.
async fn ask(line: &mut TcpStream, url: &str) -> u16 {
    let url = url::Url::parse(url).unwrap();
    let (path, host) = (url.path(), url.authority());
    let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept: {ACTIVITY}\r\n\r\n");
    line.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&answer).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            if body.len() >= length.map_or(0, |length| length.parse().unwrap()) {
                return head.split(' ').nth(1).unwrap().parse().unwrap();
            }
        }
        assert!(line.read_buf(&mut answer).await.unwrap() > 0, "it hung up in the middle: {text}");
    }
}

async fn r22_a_node_without_file_handles_refuses_and_goes_on(database: Database) {
    let mut node = Node::start(Kind::Region("06"), database).await;
    let (actor, site) = (node.actor().await, Site::start().await);
    let voice = site.actor("seuraaja");
    node.is_followed_by(vec![voice.document()]).await;
    let address = ("127.0.0.1", node.port().number);
    let mut line = TcpStream::connect(address).await.unwrap();
    assert_eq!(ask(&mut line, &actor).await, 200);

    println!("── more come than there is room for");
    let open = process::handles(node.pid());
    limit(&node, open + 4);
    let mut crowd = Vec::new();
    for _ in 0..40 {
        // The system takes them before the node does.
        crowd.push(TcpStream::connect(address).await.unwrap());
    }
    until_true("it says that it can take none", || async { node.log().contains("no connection can be taken") }).await;
    for _ in 0..20 {
        let status = ask(&mut line, &actor).await;
        assert!([200, 503].contains(&status), "{status}");
    }
    // The command has handles of its own; the delivery has none.
    node.import_bundle(&event("e", "Ahtaalla", "Lyhyesti.")).await;
    until_true("a delivery was tried in vain", || async { node.status().await["peers"]["failing"] == 1 }).await;
    assert!(!node.has_ended(), "{}", node.log());

    println!("── there is room again, without a restart");
    drop(crowd);
    limit(&node, 1024);
    until_true("it answers", || async {
        http().get(node.url("/healthz")).send().await.is_ok_and(|answer| answer.status().is_success())
    })
    .await;
    voice.say(&format!("{actor}/inbox"), &voice.activity("Like", json!(actor))).await;
    site.posted_one("the Create", |body| body["type"] == "Create").await;
    all_delivered(&node).await;
    assert!(!node.has_ended());
}
