//! Somebody is appointed, asks for a link, gets it by mail, signs in and out; and what of it stands nowhere.

use crate::harness::{Database, Kind, Node, until, until_true};
use crate::mail_server::MailServer;
use crate::on_both_databases;
use crate::visitor::Visitor;
use reqwest::Method;
use std::time::Duration;

on_both_databases! {
    a_link_by_mail;
}

const AINO: &str = "aino@kulma.example";

async fn with_nobody() -> Node {
    Node::init(Kind::Region("06"), Database::Sqlite).await
}

/// The path of the link in a letter.
pub fn link_in(letter: &str) -> String {
    let at = ["/sign-in/", "/join/"].iter().find_map(|path| letter.find(path));
    let at = at.unwrap_or_else(|| panic!("no link: {letter}"));
    letter[at..].lines().next().unwrap().trim().to_owned()
}

async fn ask_for_link(node: &Node, mail: &str) {
    let mut visitor = Visitor::of(node);
    let page = visitor.get("/sign-in").await;
    let answer = visitor.send(&page, "/sign-in", &[("mail", mail)]).await;
    assert_eq!((answer.status, answer.header("location")), (303, "/sign-in/sent"), "{}", answer.body);
}

/// The letters that a node has put into its folder, as texts, oldest first.
pub fn kept(node: &Node) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(node.path("mail")) else { return Vec::new() };
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|end| end == "eml"));
    files.sort();
    files.iter().map(|file| std::fs::read_to_string(file).unwrap().replace("=\r\n", "").replace("=3D", "=")).collect()
}

/// The whole log, since a secret may stand in any line.
pub fn log(node: &Node) -> String {
    std::fs::read_to_string(node.path("log")).unwrap()
}

async fn a_link_by_mail(database: Database) {
    let node = Node::start(Kind::Region("06"), database).await;
    let said = node.cli(&["people", "appoint", "coordinator", AINO]).await;
    assert!(said.code == Some(1) && said.err.contains("give --name"), "{}", said.err);
    node.run(&["people", "appoint", "coordinator", AINO, "--name", "Aino Esimerkki", "--language", "sv"]).await;
    assert!(node.run(&["people"]).await.contains("Aino Esimerkki  coordinator"));

    ask_for_link(&node, "nobody@nowhere.example").await;
    ask_for_link(&node, AINO).await;
    let letter = until("a letter is there", || {
        let found = kept(&node);
        async move { found.into_iter().next() }
    })
    .await;
    assert!(letter.contains(&format!("To: {AINO}")) && letter.contains("Aino Esimerkki"), "{letter}");
    let path = link_in(&letter);

    let mut visitor = Visitor::of(&node);
    let page = visitor.get(&path).await;
    let answer = visitor.send(&page, &path, &[]).await;
    assert_eq!((answer.status, answer.header("location")), (303, "/desk?lang=en"), "{}", answer.body);
    let me = visitor.get("/me").await;
    assert!(me.status == 200 && me.body.contains(AINO), "{}", me.body);
    assert_eq!(visitor.get(&path).await.status, 410, "a link is good once");

    // What an operator prints works the same, and being dismissed ends it.
    let address = node.run(&["sign-in", AINO]).await;
    let path = link_in(&address);
    let mut second = Visitor::of(&node);
    let page = second.get(&path).await;
    assert_eq!(second.send(&page, &path, &[]).await.status, 303);
    assert!(second.get("/me.json").await.body.contains("link-made"), "who it lets in can read that it was made");
    node.run(&["people", "dismiss", "coordinator", AINO]).await;
    for browser in [&mut visitor, &mut second] {
        assert_eq!(browser.get("/me").await.header("location"), "/sign-in");
    }
    node.run(&["people", "readdress", AINO, "aino@uusi.example"]).await;
    until_true("the old address is told", || async { kept(&node).len() == 2 }).await;
    assert!(kept(&node)[1].contains(&format!("To: {AINO}")));
    assert!(node.cli(&["sign-in", AINO]).await.err.contains("nobody here has this address"));
    node.run(&["people", "remove", "aino@uusi.example"]).await;
    assert!(node.run(&["people"]).await.starts_with("people (0)"));

    assert_eq!(kept(&node).len(), 2, "a stranger gets no letter");
    let log = log(&node);
    let token = path.split(['/', '?']).nth(2).unwrap();
    for secret in [AINO, "nobody@nowhere", "Esimerkki", token, &link_in(&letter)[9..30]] {
        assert!(!log.contains(secret), "the log tells {secret}");
    }
    let metrics = node.get("/metrics", "").await.body;
    assert!(!metrics.contains(token) && !metrics.contains(AINO));
}

/// J1: whoever runs the node passes an address on, and the coordinator does the rest without a shell.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_region_is_set_up_by_its_coordinator() {
    let mut node = with_nobody().await;
    let (first, second) = (node.address_by_init(), node.run(&["setup"]).await);
    node.serve().await;
    let third = node.address_by_serve().await;
    let path = |address: &str| address.strip_prefix(&node.url("")).unwrap_or_else(|| panic!("{address}")).to_owned();
    let mut visitor = Visitor::of(&node);
    let [first, second, path] = [&first, &second, &third].map(|address| path(address));
    assert_eq!(visitor.get(&first).await.status, 410, "who asks for a new one ends those before");
    assert_eq!(visitor.get(&second).await.status, 200, "a start does not");
    let page = visitor.get(&path).await;
    let texts = page.body.split("name=\"texts\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let told = [
        ("texts", texts.as_str()),
        ("name", "Aino Esimerkki"),
        ("mail", AINO),
        ("organisation", "Kulmateatteri ry"),
        ("contact_mail", "toimisto@kulma.example"),
        ("accepted", "1"),
    ];
    let answer = visitor.send(&page, &path, &told).await;
    assert_eq!((answer.status, answer.header("location")), (303, "/desk/self-test"), "{}", answer.body);
    let works = visitor.get("/desk/self-test").await;
    assert!(works.body.contains("The service answers under its own address"), "{}", works.body);
    assert!(visitor.get("/me").await.body.contains("coordinator"));
    assert!(node.get("/tietoa", "text/html").await.body.contains("Kulmateatteri ry"));
    assert!(node.run(&["people"]).await.contains("Aino Esimerkki  coordinator"));
    assert!(node.cli(&["setup"]).await.err.contains("set up already"));
    assert_eq!(visitor.get(&second).await.status, 410, "it is set up once");
    for secret in [&first, &second, &path].map(|path| path.rsplit('/').next().unwrap()).into_iter().chain([AINO]) {
        assert!(!log(&node).contains(secret), "{secret}: {}", log(&node));
    }
}

/// C07: a letter leaves by the configured server, for its recipient alone, and is tried again when it did not.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn c07_a_letter_leaves_by_the_mail_server() {
    let server = MailServer::start().await;
    let mut node = with_nobody().await;
    node.set("SOLMU__MAIL__SMTP", &format!("smtp://127.0.0.1:{}", server.port));
    node.set("SOLMU__MAIL__FROM", "Solmu Pirkanmaa <solmu@pirkanmaa.example>");
    node.has_a_clock_to_turn();
    node.serve().await;
    let name = "Aino\r\nBcc: eve@evil.example";
    node.run(&["people", "appoint", "coordinator", AINO, "--name", name]).await;

    server.refuse_next(451);
    ask_for_link(&node, AINO).await;
    until_true("the server refuses", || async { server.refused() == 1 }).await;
    assert_eq!(server.letters().len(), 0);
    until_true("it is tried again", || {
        node.wait_virtually(Duration::from_secs(40));
        async { !server.letters().is_empty() }
    })
    .await;
    let letter = &server.letters()[0];
    assert_eq!(letter.recipients, [AINO]);
    let (head, body) = letter.data.split_once("\n\n").unwrap();
    assert!(head.contains("From: \"Solmu Pirkanmaa\" <solmu@pirkanmaa.example>"), "{head}");
    assert!(!head.to_lowercase().contains("bcc"), "{head}");
    let body = body.replace("=\n", "").replace("=3D", "=");
    let mut visitor = Visitor::of(&node);
    assert_eq!(visitor.get(&link_in(&body)).await.status, 200);

    server.refuse_next(550);
    ask_for_link(&node, AINO).await;
    until_true("it is given up", || async { log(&node).contains("is given up") }).await;
    assert_eq!(server.letters().len(), 1);
    assert!(log(&node).contains("451") && !log(&node).contains("aino"), "{}", log(&node));
}

/// C22: a node that cannot send mail says so to its operator and to its visitors.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn c22_without_a_mail_server_nobody_is_kept_waiting() {
    let mut node = with_nobody().await;
    node.set("SOLMU__FEDERATION__ALLOW_PRIVATE_ADDRESSES", "false");
    node.serve().await;
    assert!(log(&node).contains("`solmu sign-in ADDRESS` prints one"), "{}", log(&node));
    let page = node.ask(Method::GET, "/sign-in", &[("accept-language", "en")]).await;
    assert!(
        page.body.contains("This server does not send mail yet") && !page.body.contains("name=\"mail\""),
        "{}",
        page.body
    );
    node.run(&["people", "appoint", "deputy", AINO, "--name", "Aino"]).await;
    let path = link_in(&node.run(&["sign-in", AINO]).await);
    let mut visitor = Visitor::of(&node);
    let page = visitor.get(&path).await;
    assert_eq!(visitor.send(&page, &path, &[]).await.status, 303);
    assert!(!node.path("mail").exists());
}
