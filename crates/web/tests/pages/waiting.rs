//! What members and other servers bring to the desk: each thing shows on its first page and is seen to from there.

use crate::members::{coordinator, sent, with_profile};
use crate::seed::{Answer, Seeded, now, seeded};
use domain::Role;
use domain::person::{MailAddress, account};
use federation::actor::{self, Actor};
use federation::kind::{Change, Outcome, Received};
use federation::{follow, object, peer, reply};
use http::StatusCode;
use serde_json::{Value, json};
use std::time::Duration;
use store::id::{ActorUrl, InboxUrl, ObjectUrl};

const HOST: &str = "mastodon.example";
const NOTE: &str = "https://mastodon.example/notes/1";

fn anna() -> Actor {
    let url = ActorUrl::from_text(format!("https://{HOST}/users/anna"));
    Actor {
        local: false,
        slice: String::new(),
        actor_type: "Person".to_owned(),
        username: "anna".to_owned(),
        host: HOST.to_owned(),
        inbox: InboxUrl::from_text(format!("{url}/inbox")),
        shared_inbox: None,
        outbox: None,
        page: None,
        name: "Anna".to_owned(),
        key_id: format!("{url}#main-key"),
        public_key: String::new(),
        document: json!({"id": url.as_str(), "type": "Person"}).to_string(),
        fetched_at: now(),
        created_at: now(),
        deleted_at: None,
        url,
    }
}

/// What Mastodon has sent: Anna follows the region, and asks something under an event; her server reports a page.
fn heard(node: &Seeded) {
    let origin = federation::Origin::new("pirkanmaa.example");
    let page = origin.url("/tapahtumat/talvifestarit-2026");
    let hear = |conn: &mut store::Conn| {
        let anna = anna();
        actor::remember(conn, &anna)?;
        let region = domain::region::presenter(conn).unwrap();
        let asked = json!({"id": format!("{}/follows/1", anna.url), "type": "Follow", "actor": anna.url.as_str(),
                           "object": region.as_str()});
        follow::accept(conn, &origin, &anna.url, &region, &asked, now()).unwrap();
        let parent = object::find_by_page(conn, &page)?.expect("the event");
        let document = json!({"id": NOTE, "type": "Note", "attributedTo": anna.url.as_str(),
                              "inReplyTo": parent.url.as_str(), "content": "<p>Onko <script>x</script>esteetön?</p>",
                              "url": "https://mastodon.example/@anna/1", "to": [vocab::PUBLIC]});
        let received = Received {
            change: Change::Created,
            url: ObjectUrl::from_text(NOTE),
            author: anna.url,
            author_document: Value::Null,
            document,
            now: now(),
        };
        assert_eq!(reply::kept(reply::Answer { received, parent })(conn).unwrap(), Outcome::Applied);
        let flag = format!(
            "INSERT INTO reports (activity, reporter, host, objects, content, received_at)
             VALUES ('https://{HOST}/flags/1', 'https://{HOST}/actor', '{HOST}', '[\"{page}\"]', 'Roskaa', {})",
            now().as_millis()
        );
        store::testing::execute(conn, &flag)?;
        Ok::<_, store::Error>(())
    };
    node.scratch.store.write_now(hear).unwrap();
}

/// Anna's server has not answered for two hours.
fn fails(node: &Seeded) {
    let since = now().minus(Duration::from_secs(2 * 3600)).as_millis();
    let fail = |conn: &mut store::Conn| {
        peer::meet(conn, HOST)?;
        let failing = format!("UPDATE peers SET failures = 3, failing_since = {since} WHERE host = '{HOST}'");
        store::testing::execute(conn, &failing)?;
        Ok::<_, store::Error>(())
    };
    node.scratch.store.write_now(fail).unwrap();
}

/// A part of the desk's first page; empty when it is not there.
fn part<'a>(page: &'a Answer, name: &str) -> &'a str {
    let rest = page.body.split(&format!("<section aria-labelledby=\"{name}\">")).nth(1).unwrap_or_default();
    rest.split("</section>").next().unwrap_or_default()
}

#[tokio::test]
async fn what_others_bring_to_the_desk_is_seen_to_from_its_first_page() {
    let node = seeded().await;
    let mut aino = with_profile(&node).await;
    let page = sent(&mut aino, "/me/publication", &[("on", "name")]).await;
    assert_eq!(aino.send(&page, "/me/publication/ask", &[]).await.status, StatusCode::SEE_OTHER);
    let mut kaisa = coordinator(&node).await;
    for name in ["answers", "reports", "failing", "erasures"] {
        assert_eq!(part(&kaisa.get("/desk").await, name), "", "{name}: nothing came yet");
    }
    heard(&node);
    fails(&node);
    let desk = kaisa.get("/desk").await;
    assert!(!desk.body.contains("<script>x"), "{}", desk.body);
    for (name, words) in [
        ("profiles", vec![">Aino Esimerkki</a>", "href=\"/desk/profiles/"]),
        ("answers", vec!["@anna@mastodon.example", "Onko esteetön?", ">Talvifestarit 2026</a>", "/@anna/1"]),
        ("reports", vec!["Report from mastodon.example", "Roskaa", "/tapahtumat/talvifestarit-2026"]),
        ("failing", vec!["mastodon.example", "1 delivery is waiting.", "No answer since"]),
    ] {
        for words in words {
            assert!(part(&desk, name).contains(words), "{name}: {words} in {}", part(&desk, name));
        }
    }

    // Each button takes its own thing away, once.
    let report = part(&desk, "reports").split("name=\"what\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    for (button, what, name, done, again) in [
        ("settle-answer", NOTE, "answers", "settled", StatusCode::SEE_OTHER),
        ("settle-report", report, "reports", "settled", StatusCode::NOT_FOUND),
        ("try", HOST, "failing", "tried", StatusCode::SEE_OTHER),
    ] {
        let pressed = kaisa.send(&desk, "/desk", &[("do", button), ("what", what)]).await;
        assert_eq!(pressed.header("location"), format!("/desk?done={done}"), "{button}: {}", pressed.body);
        assert_eq!(part(&kaisa.get("/desk").await, name), "", "{button}");
        let twice = kaisa.send(&desk, "/desk", &[("do", button), ("what", what)]).await;
        assert_eq!(twice.status, again, "{button} again");
    }
    for (button, what) in [("settle-answer", "https://x.example/1"), ("settle-report", "x"), ("explode", NOTE)] {
        let pressed = kaisa.send(&desk, "/desk", &[("do", button), ("what", what)]).await;
        assert_eq!(pressed.status, StatusCode::NOT_FOUND, "{button} {what}");
    }
    let log = kaisa.get("/desk/log").await.body;
    for line in ["</strong> marked as done: answer", "</strong> marked as done: report"] {
        assert_eq!(log.matches(line).count(), 1, "{line} in {log}");
    }
    assert!(!log.contains(HOST), "to try again changes nothing: {log}");
}

#[tokio::test]
async fn the_desk_tells_of_erasures_without_a_name() {
    let node = seeded().await;
    heard(&node);
    with_profile(&node).await;
    let mut kaisa = coordinator(&node).await;
    let leave = |conn: &mut store::Conn| {
        let mail = MailAddress::parse("aino@kulma.example").unwrap();
        let aino = account::find_by_mail(conn, &mail)?.expect("an account");
        domain::leaving::ask(conn, &crate::seed::node(Role::Region), &aino.id, now())
    };
    node.scratch.store.write_now(leave).unwrap();
    let desk = kaisa.get("/desk").await;
    let told = part(&desk, "erasures");
    for words in ["1 account is being deleted.", "Tue\u{a0}1\u{a0}Dec\u{a0}2026", "You need not do anything."] {
        assert!(told.contains(words), "{words} in {told}");
    }
    assert!(!desk.body.contains("Aino Esimerkki") && !desk.body.contains("aino@"), "{}", desk.body);
    assert!(!told.contains("confirmed"), "no deletion is on its way: {told}");

    // What was deleted is told until every host has it.
    let page = federation::Origin::new("pirkanmaa.example").url("/tapahtumat/perutut-karkelot");
    let find = |conn: &mut store::Conn| object::find_by_page(conn, &page).map_err(store::Error::from);
    let url = node.scratch.store.read_now(find).unwrap().expect("the event").url;
    let path = format!("/desk/events/{}/delete", url.as_str().rsplit('/').next().unwrap());
    let page = kaisa.get(&path).await;
    assert_eq!(kaisa.send(&page, &path, &[]).await.status, StatusCode::SEE_OTHER);
    fails(&node);
    let desk = kaisa.get("/desk").await;
    assert!(part(&desk, "erasures").contains("1 server has not confirmed all deletions yet."), "{}", desk.body);
    assert!(part(&desk, "failing").contains("1 of them is a deletion that has to arrive."), "{}", desk.body);
}
