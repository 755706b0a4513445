//! Whom a node in production would connect to at all: nobody on a private address, however it is written.

use crate::harness::{Database, Kind, Node, Post, Signing, Site};
use federation::Limits;
use federation::client::Client;
use store::Clock;
use url::Url;

/// Everything that the one client is given, in production: refused without a connection.
#[tokio::test]
async fn f01_to_f18_private_addresses() {
    let site = Site::start().await;
    let (_, port) = site.host().split_once(':').unwrap();
    let client = Client::new("test", false, &Limits::default());
    let hosts = [
        "127.0.0.1",
        "127.1",
        "0x7f000001",
        "2130706433",
        "0177.0.0.1",
        "localhost",
        "localhost.",
        "0.0.0.0",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::7f00:1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[fe80::1]",
        "[fc00::1]",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.0.1",
        "100.64.0.1",
        "169.254.169.254",
        "0.0.0.1",
        "240.0.0.1",
        "224.0.0.1",
        "192.0.0.1",
        "198.18.0.1",
        "192.88.99.1",
        "[2001::1]",
        "[100::1]",
    ];
    for host in hosts {
        for scheme in ["https", "http"] {
            for port in ["", &format!(":{port}"), ":22", ":25", ":6379"] {
                let Ok(url) = Url::parse(&format!("{scheme}://{host}{port}/x")) else { continue };
                let refused = client.get(&url, "application/activity+json", None, Clock::System.now()).await;
                assert!(matches!(refused, Err(federation::Error::Refused { .. })), "{url}: {refused:?}");
            }
        }
    }
    assert!(site.journal().is_empty(), "it was connected to");
}

/// A whole node as in production: whoever is on a private address is not asked, and so not believed.
#[tokio::test]
async fn f15_a_node_in_production_asks_no_private_address() {
    let mut node = Node::init(Kind::Region("06"), Database::Sqlite).await;
    node.set("SOLMU__FEDERATION__ALLOW_PRIVATE_ADDRESSES", "false");
    node.serve().await;
    let site = Site::start().await;
    let anna = site.actor("anna");
    let region = node.actor().await;
    let inbox = format!("{region}/inbox");
    let follow = anna.activity("Follow", serde_json::json!(region)).to_string();
    let answer = Post::signed(&anna, &inbox, &follow, &Signing::default()).send().await;
    assert_eq!(answer.status, 401, "{}", answer.body);
    for target in
        [anna.id.clone(), format!("@anna@{}", site.host()), site.url("/users/anna").replace("localhost", "127.0.0.1")]
    {
        let said = node.cli(&["follow", &target]).await;
        assert_eq!(said.code, Some(1), "{target}: {}", said.out);
        assert!(said.err.contains("refused"), "{target}: {}", said.err);
    }
    assert!(site.journal().is_empty(), "it was connected to: {:?}", site.journal());
    assert_eq!(node.status().await["actors"]["remote"], 0);
}

#[test]
fn f16_schemes_and_ports() {
    let client = Client::new("test", false, &Limits::default());
    for (address, allowed) in [
        ("https://region.example/ap/x", true),
        ("https://region.example:443/ap/x", true),
        ("https://region.example:8443/ap/x", false),
        ("http://region.example/ap/x", false),
        ("https://user:secret@region.example/", false),
        ("ftp://region.example/", false),
        ("file:///etc/passwd", false),
        ("data:text/plain,x", false),
        ("https://region/", false),
    ] {
        assert_eq!(client.check(&Url::parse(address).unwrap()).is_ok(), allowed, "{address}");
    }
}
