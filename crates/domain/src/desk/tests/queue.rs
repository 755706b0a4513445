//! What comes to the desk from members and from other servers, and how it is seen to.

use super::{HOUR, an_event, deeds, kaisa};
use crate::desk::{Staff, Step, Then, settle_answer, settle_report, step, today, try_now, write};
use crate::find::Found;
use crate::person::Field;
use crate::producer::own::tests::{member, with_profile};
use crate::producer::{own, publish};
use crate::testing::{follower, key, later, now, on_both, waiting};
use crate::{Caller, Error, Language, Node, leaving};
use diesel::prelude::*;
use federation::kind::{Change, Outcome, Received};
use federation::{object, peer, reply};
use serde_json::{Value, json};
use store::id::{ActorUrl, ObjectUrl};
use store::schema::{peers, reports};
use store::{Conn, Timestamp, each};

const HOST: &str = "mastodon.example";

/// An event that everybody sees, and its id on the wire.
fn an_open_event(conn: &mut Conn, node: &Node, kaisa: &Staff) -> (Found, ObjectUrl) {
    let what = write(conn, node, kaisa, None, &an_event(&[]), Then::Published, now()).unwrap();
    let url = node.origin.object("events", what.id());
    (what, url)
}

/// Somebody of another server writes a text under one of ours.
fn says(conn: &mut Conn, number: u32, parent: &ObjectUrl, text: &str, to: &str) -> ObjectUrl {
    let url = ObjectUrl::from_text(format!("https://{HOST}/notes/{number}"));
    let author = ActorUrl::from_text(format!("https://{HOST}/ap/actors/follower"));
    let document = json!({"id": url.as_str(), "type": "Note", "attributedTo": author.as_str(), "content": text,
                          "inReplyTo": parent.as_str(), "to": [to], "url": format!("https://{HOST}/@anna/{number}")});
    let parent = object::find(conn, parent).unwrap().expect("what it answers");
    let received =
        Received { change: Change::Created, url, author, author_document: Value::Null, document, now: now() };
    let url = received.url.clone();
    let write = reply::kept(reply::Answer { received, parent });
    assert_eq!(write(conn).unwrap(), Outcome::Applied);
    url
}

/// A host fails from a moment on, and is not tried for long.
fn fails(conn: &mut Conn, host: &str, since: Timestamp) {
    peer::meet(conn, host).unwrap();
    diesel::update(peers::table.find(host))
        .set((peers::failures.eq(9), peers::failing_since.eq(Some(since)), peers::probe_at.eq(later(99 * HOUR))))
        .execute(conn)
        .unwrap();
}

#[test]
fn a_profile_waits_until_it_is_published() {
    on_both(|conn, node| {
        let aino = with_profile(conn, node);
        own::consent(conn, node, &aino.id, &[Field::Name].into(), Language::Sv, now()).unwrap();
        assert_eq!(today(conn, later(1)).unwrap().count(), 0, "nobody has asked yet");
        own::ask(conn, &aino.id, later(2)).unwrap();
        let waiting = today(conn, later(3)).unwrap();
        let told: Vec<_> = waiting.profiles.iter().map(|one| (one.view.name.as_str(), one.asked_at)).collect();
        assert_eq!((told, waiting.count()), (vec![("Aino Esimerkki", later(2))], 1));
        publish(conn, node, Caller::Coordinator, &waiting.profiles[0].id, key(), later(4)).unwrap();
        assert_eq!(today(conn, later(5)).unwrap().count(), 0);
    });
}

#[test]
fn answers_are_listed_until_somebody_has_seen_to_them() {
    on_both(|conn, node| {
        let kaisa = kaisa(conn);
        let region = crate::region::presenter(conn).unwrap();
        follower(conn, "Person", HOST, &region);
        let (_, event) = an_open_event(conn, node, &kaisa);
        let open = says(conn, 1, &event, "<p>Onko <b>esteetön</b>?</p>", vocab::PUBLIC);
        says(conn, 2, &event, "Kysyisin lisää", region.as_str());
        let to_us = ObjectUrl::from_text(region.as_str());
        let mention = says(conn, 3, &to_us, "Hei, Pirkanmaa", vocab::PUBLIC);
        let answers = today(conn, later(1)).unwrap().answers;
        let told: Vec<_> = answers.iter().map(|one| (one.text.as_str(), one.private, one.mention)).collect();
        let expected =
            [("Onko esteetön?", false, false), ("Kysyisin lisää", true, false), ("Hei, Pirkanmaa", false, true)];
        assert_eq!(told, expected);
        assert_eq!(answers[0].author, format!("@follower@{HOST}"));
        assert_eq!(answers[0].page.as_deref(), Some("https://mastodon.example/@anna/1"));
        assert_eq!(answers[0].about.as_ref().map(|(title, _)| title.as_str()), Some("Kevätkahvit"));
        assert!(answers[2].about.is_none(), "what mentions the region is about nothing of ours");

        settle_answer(conn, &kaisa, &open, later(2)).unwrap();
        settle_answer(conn, &kaisa, &open, later(2)).unwrap();
        settle_answer(conn, &kaisa, &mention, later(2)).unwrap();
        let left = today(conn, later(3)).unwrap();
        assert_eq!(left.answers.iter().map(|one| one.text.as_str()).collect::<Vec<_>>(), ["Kysyisin lisää"]);
        assert!(reply::find(conn, &open).unwrap().is_some(), "it stays under the event");
        assert_eq!(deeds(conn), ["added", "published", "settled", "settled"], "each once");
        let unknown = settle_answer(conn, &kaisa, &event, later(4));
        assert!(matches!(unknown, Err(Error::NotFound)), "what is no answer is not settled");
        assert!(today(conn, later(31 * 24 * HOUR)).unwrap().answers.is_empty(), "nobody is asked for ever");
    });
}

#[test]
fn reports_are_settled_once() {
    on_both(|conn, _| {
        let kaisa = kaisa(conn);
        let row = (
            reports::activity.eq("https://mastodon.example/flags/1"),
            reports::reporter.eq("https://mastodon.example/actor"),
            reports::host.eq(HOST),
            reports::objects.eq(r#"["https://pirkanmaa.example/tapahtumat/x"]"#),
            reports::content.eq("Roskaa"),
            reports::received_at.eq(now()),
        );
        each!(conn, c => diesel::insert_into(reports::table).values(row).execute(c)).unwrap();
        let open = today(conn, later(1)).unwrap();
        assert_eq!((open.reports.len(), open.count()), (1, 1));
        let report = &open.reports[0];
        assert_eq!((report.host.as_str(), report.content.as_str()), (HOST, "Roskaa"));
        assert_eq!(report.about(), ["https://pirkanmaa.example/tapahtumat/x"]);
        settle_report(conn, &kaisa, report.id, later(2)).unwrap();
        assert_eq!(today(conn, later(3)).unwrap().count(), 0);
        assert!(matches!(settle_report(conn, &kaisa, report.id, later(4)), Err(Error::NotFound)));
        assert_eq!(deeds(conn), ["settled"], "what was refused is no deed");
    });
}

#[test]
fn a_host_that_gets_nothing_is_tried_again_and_its_deletions_are_counted() {
    on_both(|conn, node| {
        let kaisa = kaisa(conn);
        let region = crate::region::presenter(conn).unwrap();
        follower(conn, "Person", HOST, &region);
        let (event, _) = an_open_event(conn, node, &kaisa);
        assert_eq!(today(conn, later(1)).unwrap().erasures.hosts, 0, "what is published is no deletion");
        step(conn, node, &kaisa, &event, Step::Delete, later(1)).unwrap();
        fails(conn, HOST, now());
        assert!(today(conn, later(HOUR - 1)).unwrap().failing.is_empty(), "an hour is no matter of people");
        let told = today(conn, later(HOUR)).unwrap();
        assert_eq!((told.failing.len(), told.count()), (1, 1));
        let one = &told.failing[0];
        assert_eq!((one.host.as_str(), one.since, one.suspended), (HOST, Some(now()), false));
        assert_eq!((one.waiting, one.deletions), (waiting(conn), 1));
        assert_eq!(told.erasures.hosts, 1);

        let before = deeds(conn);
        try_now(conn, &kaisa, HOST, later(HOUR)).unwrap();
        let tried = peer::find(conn, HOST).unwrap().expect("a host");
        assert_eq!((tried.probe_at, tried.failures), (later(HOUR), 9), "it is asked at once, and is not well by that");
        assert!(today(conn, later(HOUR + 1)).unwrap().failing.is_empty(), "it gets its time");
        assert_eq!(deeds(conn), before, "nothing changed");
    });
}

#[test]
fn erasures_are_told_without_a_name_until_they_are_done() {
    on_both(|conn, node| {
        let (aino, otso) = (member(conn, "aino@kulma.example"), member(conn, "otso@kulma.example"));
        let told = |conn: &mut Conn| today(conn, later(9)).unwrap().erasures;
        assert_eq!(told(conn), super::Erasures::default());
        let first = leaving::ask(conn, node, &aino.id, later(5)).unwrap();
        let second = leaving::ask(conn, node, &otso.id, later(7)).unwrap();
        assert_eq!((told(conn).accounts, told(conn).next), (2, Some(first)));
        assert_eq!(today(conn, later(9)).unwrap().count(), 0, "nobody has to do anything");
        leaving::finish(conn, node, &aino.id, first).unwrap();
        assert_eq!((told(conn).accounts, told(conn).next), (1, Some(second)));
        leaving::stay(conn, node, &otso.id, later(8)).unwrap();
        assert_eq!(told(conn), super::Erasures::default());
    });
}
