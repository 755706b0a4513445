//! What others say about an object of ours: reactions, answers, quotes. Counted once, by their own authors alone, and gone
//! with their object, their author, or their author's word.

use super::processing::activity;
use super::{NOW, Node, after, nodes, object, person};
use crate::actor::{self, Actor};
use crate::kind::{Outcome, Reason};
use crate::outbox::{self, Publication};
use crate::{Error, quote, reaction, reply, retention};
use diesel::prelude::*;
use serde_json::{Value, json};
use store::schema::activities;
use vocab::object::Content;
use vocab::{SafeHtml, Verb};

impl Node {
    fn count(&self, what: &Publication, verb: &Verb) -> i64 {
        self.read(|conn| reaction::count(conn, &what.url, verb).map_err(Error::from))
    }

    fn answers(&self, what: &Publication) -> Vec<String> {
        let page = self.read(|conn| reply::page(conn, &what.url, 0, 100).map_err(Error::from));
        page.into_iter().map(|reply| reply.content).collect()
    }

    /// The activities of ours that answer one of others', oldest first.
    pub(super) fn answers_to(&self, asked: &str) -> Vec<Value> {
        let texts: Vec<String> = self.read(|conn| {
            let rows = activities::table.filter(activities::object.eq(asked)).order(activities::id);
            rows.select(activities::document).load(conn).map_err(Error::from)
        });
        texts.iter().map(|text| serde_json::from_str(text).unwrap()).collect()
    }

    pub(super) fn ours(&self, uuid: &str) -> Publication {
        let ours = self.event(uuid);
        self.publish(&ours);
        ours
    }
}

fn note(id: &str, author: &Actor, parent: &str, text: &str) -> Value {
    json!({"id": format!("https://{}/notes/{id}", author.host), "type": "Note", "attributedTo": author.url.as_str(),
           "inReplyTo": parent, "content": text, "published": "2027-01-15T07:00:00Z", "to": [vocab::PUBLIC]})
}

#[tokio::test]
async fn a_reaction_counts_once_and_is_undone_in_all_forms_by_its_actor_alone() {
    let (anna, eve) = (person("anna", "a.example"), person("eve", "a.example"));
    for node in nodes() {
        let ours = node.ours("ours");
        node.knows(&anna);
        node.knows(&eve);
        for verb in [Verb::Like, Verb::Announce, Verb::Dislike, Verb::EmojiReact] {
            let word = verb.as_str();
            let id = |number: usize| format!("{word}-{number}");
            let said = |number: usize| activity(word, &anna, &id(number), json!(ours.url.as_str()));
            type Form = (&'static str, fn(&Value) -> Value);
            let forms: [Form; 4] = [
                ("embedded", |said| said.clone()),
                ("by its id alone", |said| said["id"].clone()),
                ("without its actor", |said| json!({"id": said["id"], "type": said["type"], "object": said["object"]})),
                (
                    "without its id",
                    |said| json!({"type": said["type"], "actor": said["actor"], "object": said["object"]}),
                ),
            ];
            for (number, (form, form_of)) in forms.into_iter().enumerate() {
                assert_eq!(node.hears(&anna, &said(number)).await, Outcome::Applied, "{}: {word}", node.name);
                let again = node.hears(&anna, &said(number + 10)).await;
                assert_eq!(again, Outcome::Duplicate, "{}: {word}", node.name);
                assert_eq!(node.count(&ours, &verb), 1, "{}: {word}", node.name);
                let undone = form_of(&said(number + 10));
                let foreign = activity("Undo", &eve, &format!("{word}-e{number}"), undone.clone());
                assert!(matches!(node.hears(&eve, &foreign).await, Outcome::Ignored(_)), "{}: {form}", node.name);
                assert_eq!(node.count(&ours, &verb), 1, "{}: {word} {form}: not hers", node.name);
                let undo = activity("Undo", &anna, &format!("{word}-u{number}"), undone);
                assert_eq!(node.hears(&anna, &undo).await, Outcome::Applied, "{}: {word} {form}", node.name);
                assert_eq!(node.count(&ours, &verb), 0, "{}: {word} {form}", node.name);
            }
        }
    }
}

#[tokio::test]
async fn o12_an_undo_of_an_undo_or_of_the_unknown_does_nothing_and_a_late_reaction_is_void() {
    let anna = person("anna", "a.example");
    for node in nodes() {
        let ours = node.ours("ours");
        node.knows(&anna);
        let like = activity("Like", &anna, "l", json!(ours.url.as_str()));
        let undo = activity("Undo", &anna, "u", like.clone());
        assert_eq!(node.hears(&anna, &undo).await, Outcome::Ignored(Reason::Unknown), "{}", node.name);
        let twice = activity("Undo", &anna, "uu", undo);
        assert_eq!(node.hears(&anna, &twice).await, Outcome::Ignored(Reason::NotUnderstood), "{}", node.name);
        assert_eq!(node.hears(&anna, &like).await, Outcome::Ignored(Reason::TakenBack), "{}", node.name);
        assert_eq!(node.count(&ours, &Verb::Like), 0, "{}", node.name);
    }
}

#[tokio::test]
async fn what_cannot_be_reacted_to() {
    let anna = person("anna", "a.example");
    for node in nodes() {
        let (gone, theirs) = (node.ours("gone"), "https://a.example/notes/1");
        node.write(|conn| outbox::delete(conn, &gone.url, NOW));
        node.knows(&anna);
        for (what, object, reason) in [
            ("our region", node.region.as_str(), Reason::Unknown),
            ("something that never was", "https://here.example/ap/events/never", Reason::Unknown),
            ("something deleted", gone.url.as_str(), Reason::Deleted),
            ("something of others", theirs, Reason::Unknown),
        ] {
            let like = activity("Like", &anna, &format!("l-{what}"), json!(object));
            assert_eq!(node.hears(&anna, &like).await, Outcome::Ignored(reason), "{}: {what}", node.name);
        }
    }
}

#[tokio::test]
async fn c53_o35_answers_are_cleaned_and_only_public_ones_are_shown() {
    let (anna, eve) = (person("anna", "a.example"), person("eve", "e.example"));
    for node in nodes() {
        let ours = node.ours("ours");
        node.knows(&anna);
        node.knows(&eve);
        let parent = ours.url.as_str();
        let script = note("1", &anna, parent, "<p onclick=x>Hei<script>alert(1)</script><img src=x onerror=y></p>");
        assert_eq!(node.hears(&anna, &activity("Create", &anna, "1", script)).await, Outcome::Applied, "{}", node.name);
        assert_eq!(node.answers(&ours), ["<p>Hei</p>"], "{}", node.name);
        for (what, field, value) in [
            ("to nobody", "to", json!([])),
            ("to her followers", "to", json!("https://a.example/users/anna/followers")),
            ("to our region", "to", json!(node.region.as_str())),
        ] {
            let mut private = note(what, &anna, parent, "Vain teille");
            private["id"] = json!(format!("https://a.example/notes/{}", what.len()));
            private[field] = value;
            let create = activity("Create", &anna, what, private);
            assert_eq!(node.hears(&anna, &create).await, Outcome::Applied, "{}: {what}", node.name);
            assert_eq!(node.answers(&ours).len(), 1, "{}: {what} is shown", node.name);
        }
        // An answer to the answer belongs to the same object; nobody else can change or delete one.
        let first = "https://a.example/notes/1";
        let second = note("2", &eve, first, "Ja minäkin");
        assert_eq!(node.hears(&eve, &activity("Create", &eve, "2", second)).await, Outcome::Applied, "{}", node.name);
        assert_eq!(node.answers(&ours).len(), 2, "{}", node.name);
        let not_hers = Outcome::Ignored(Reason::NotTheOwner);
        assert_eq!(node.hears(&eve, &activity("Delete", &eve, "3", json!(first))).await, not_hers, "{}", node.name);
        let bo = person("bo", "a.example");
        node.knows(&bo);
        let stolen = note("1", &bo, parent, "Minun");
        assert_eq!(node.hears(&bo, &activity("Update", &bo, "4", stolen)).await, not_hers, "{}", node.name);
        assert_eq!(node.answers(&ours)[0], "<p>Hei</p>", "{}", node.name);
    }
}

#[tokio::test]
async fn answers_that_are_none() {
    let anna = person("anna", "a.example");
    for node in nodes() {
        let ours = node.ours("ours");
        node.knows(&anna);
        let mut vote = note("v", &anna, ours.url.as_str(), "");
        vote["name"] = json!("Kyllä");
        let elsewhere = note("e", &anna, "https://third.example/notes/1", "Hei");
        let to_the_region = note("r", &anna, node.region.as_str(), "Hei");
        for (what, object, reason) in [
            ("a vote", vote, Reason::Unusable),
            ("to a third server", elsewhere, Reason::NotUnderstood),
            ("to an actor", to_the_region, Reason::NotUnderstood),
        ] {
            let create = activity("Create", &anna, what, object);
            assert_eq!(node.hears(&anna, &create).await, Outcome::Ignored(reason), "{}: {what}", node.name);
        }
        let mut old = note("o", &anna, ours.url.as_str(), "Vanha");
        old["published"] = json!("2027-01-01T00:00:00Z");
        let update = activity("Update", &anna, "o", old.clone());
        assert_eq!(node.hears(&anna, &update).await, Outcome::Ignored(Reason::TooOld), "{}", node.name);
        assert_eq!(node.answers(&ours).len(), 0, "{}", node.name);
        let create = activity("Create", &anna, "o2", old);
        assert_eq!(node.hears(&anna, &create).await, Outcome::Applied, "{}: it may be late", node.name);
    }
}

#[tokio::test]
async fn a_mention_of_the_region_is_kept_for_the_region_alone() {
    let (anna, bo) = (person("anna", "a.example"), person("bo", "a.example"));
    for node in nodes() {
        node.knows(&anna);
        node.knows(&bo);
        let producer = node.producer("aino");
        let (region, relay) = (node.region.as_str().to_owned(), node.origin.relay().as_str().to_owned());
        let message = |id: &str, to: &str, text: &str| {
            let mut said = note(id, &anna, "https://third.example/notes/1", text);
            said["tag"] = json!([{"type": "Mention", "href": to, "name": "@pirkanmaa@here.example"}]);
            said
        };
        let url = |id: &str| object(&format!("https://a.example/notes/{id}"));
        let kept = |id: &str| node.read(|conn| reply::find(conn, &url(id)).map_err(Error::from));
        let article = {
            let mut article = message("x4", &region, "Hei");
            article["type"] = json!("Article");
            article
        };
        for (what, said, reason) in [
            ("of the relay", message("x1", &relay, "Hei"), Reason::NotUnderstood),
            ("of a producer", message("x2", producer.as_str(), "Hei"), Reason::NotUnderstood),
            ("of a third server", message("x3", "https://third.example/region", "Hei"), Reason::NotUnderstood),
            ("in an article", article, Reason::NotUnderstood),
            ("without a word", message("x5", &region, "<script>x</script>"), Reason::Unusable),
        ] {
            let create = activity("Create", &anna, what, said);
            assert_eq!(node.hears(&anna, &create).await, Outcome::Ignored(reason), "{}: {what}", node.name);
        }

        // One that answers somebody else, one that answers nothing, and one to the region alone.
        let mut alone = message("2", &region, "Hei taas");
        alone.as_object_mut().unwrap().remove("inReplyTo");
        let mut private = message("3", &region, "Vain teille");
        private["to"] = json!(region);
        let cleaned = message("1", &region, "<p onclick=x>Hei<script>alert(1)</script></p>");
        for (id, said, text, public) in
            [("1", cleaned, "<p>Hei</p>", true), ("2", alone, "Hei taas", true), ("3", private, "Vain teille", false)]
        {
            let create = activity("Create", &anna, id, said);
            assert_eq!(node.hears(&anna, &create).await, Outcome::Applied, "{}: {id}", node.name);
            assert_eq!(node.hears(&anna, &create).await, Outcome::Duplicate, "{}: {id} again", node.name);
            let row = kept(id).unwrap_or_else(|| panic!("{}: {id}", node.name));
            assert_eq!((row.content.as_str(), row.public), (text, public), "{}: {id}", node.name);
            assert_eq!((row.object.as_str(), row.parent.as_str()), (region.as_str(), region.as_str()), "{}", node.name);
        }

        // A later version stays a message, and is its author's own.
        let mut changed = note("1", &anna, "https://third.example/notes/1", "Moi");
        changed["updated"] = json!("2027-01-15T07:30:00Z");
        let stolen = activity("Update", &bo, "u0", changed.clone());
        assert_eq!(node.hears(&bo, &stolen).await, Outcome::Ignored(Reason::NotTheOwner), "{}", node.name);
        let update = activity("Update", &anna, "u1", changed);
        assert_eq!(node.hears(&anna, &update).await, Outcome::Applied, "{}", node.name);
        assert_eq!(kept("1").unwrap().content, "Moi", "{}", node.name);

        // What is deleted is gone and does not come late; what mentions the region under its own event is an answer.
        let delete = activity("Delete", &anna, "d1", json!(url("1").as_str()));
        assert_eq!(node.hears(&anna, &delete).await, Outcome::Applied, "{}", node.name);
        assert!(kept("1").is_none(), "{}", node.name);
        let late = activity("Create", &anna, "late", message("1", &region, "Hei"));
        assert_eq!(node.hears(&anna, &late).await, Outcome::Ignored(Reason::Deleted), "{}", node.name);
        let ours = node.ours("ours");
        let mut answer = message("4", &region, "Tulen");
        answer["inReplyTo"] = json!(ours.url.as_str());
        assert_eq!(node.hears(&anna, &activity("Create", &anna, "4", answer)).await, Outcome::Applied, "{}", node.name);
        assert_eq!(node.answers(&ours), ["Tulen"], "{}", node.name);
        let gone = activity("Delete", &anna, "leaves", json!(anna.url.as_str()));
        assert_eq!(node.hears(&anna, &gone).await, Outcome::Applied, "{}", node.name);
        assert!(["2", "3", "4"].iter().all(|id| kept(id).is_none()), "{}: they go with her", node.name);
    }
}

#[tokio::test]
async fn answers_go_after_a_year_and_what_is_for_the_region_alone_after_thirty_days() {
    const DAY: u64 = 86_400;
    let anna = person("anna", "a.example");
    for node in nodes() {
        let ours = node.ours("ours");
        node.knows(&anna);
        let own = Publication { kind: reply::KIND, object_type: "Note", announced: false, ..node.event("own") };
        let content = Content::new(SafeHtml::clean("Siirtyy"), Some("fi"));
        node.write(|conn| reply::publish(conn, &own, &ours.url, &content, NOW));
        let public = note("1", &anna, ours.url.as_str(), "Kaikille");
        let mut private = note("2", &anna, ours.url.as_str(), "Vain teille");
        private["to"] = json!(node.region.as_str());
        let mut message = note("3", &anna, "https://third.example/notes/1", "Alueelle");
        message["tag"] = json!([{"type": "Mention", "href": node.region.as_str()}]);
        for (id, said) in [("1", public), ("2", private), ("3", message)] {
            let create = activity("Create", &anna, id, said);
            assert_eq!(node.hears(&anna, &create).await, Outcome::Applied, "{}: {id}", node.name);
        }
        let url = |id: &u32| object(&format!("https://a.example/notes/{id}"));
        let due = |seconds: u64| -> Vec<i64> {
            let rules = [&retention::ANSWERS, &retention::MESSAGES].into_iter();
            rules.map(|rule| node.read(|conn| (rule.due)(conn, after(seconds)).map_err(Error::from))).collect()
        };
        let left = |seconds: u64| -> Vec<u32> {
            node.let_go(after(seconds));
            let is_kept = |id: &u32| {
                let kept = node.read(|conn| reply::find(conn, &url(id)).map_err(Error::from)).is_some();
                assert_eq!(node.indexed(url(id).as_str()).is_some(), kept, "{}: {id} in the index", node.name);
                kept
            };
            (1..=3).filter(is_kept).collect()
        };
        assert_eq!(left(30 * DAY), [1, 2, 3], "{}", node.name);
        assert_eq!(due(30 * DAY + 1), [0, 2], "{}", node.name);
        assert_eq!(left(30 * DAY + 1), [1], "{}", node.name);
        assert_eq!(due(365 * DAY + 1), [1, 0], "{}", node.name);
        assert_eq!(left(365 * DAY), [1], "{}: and its author with it", node.name);
        assert!(node.read(|conn| actor::find(conn, &anna.url).map_err(Error::from)).is_some(), "{}", node.name);
        assert!(left(365 * DAY + 1).is_empty(), "{}", node.name);
        assert!(node.read(|conn| actor::find(conn, &anna.url).map_err(Error::from)).is_none(), "{}", node.name);
        assert_eq!(node.answers(&ours), ["Siirtyy"], "{}: what the region says itself stays", node.name);
    }
}

#[tokio::test]
async fn everything_goes_with_the_object_and_with_the_author() {
    let (anna, eve) = (person("anna", "a.example"), person("eve", "e.example"));
    for node in nodes() {
        for (run, leave) in [(1, false), (2, true)] {
            let ours = node.ours(&format!("ours{run}"));
            node.knows(&anna);
            node.knows(&eve);
            for (actor, name) in [(&anna, "anna"), (&eve, "eve")] {
                let id = |what: &str| format!("{run}-{name}-{what}");
                node.hears(actor, &activity("Like", actor, &id("l"), json!(ours.url.as_str()))).await;
                let answer = note(&id("n"), actor, ours.url.as_str(), "Hei");
                node.hears(actor, &activity("Create", actor, &id("c"), answer)).await;
                let mut request = activity("QuoteRequest", actor, &id("q"), json!(ours.url.as_str()));
                request["instrument"] = json!(format!("https://{}/notes/{}", actor.host, id("i")));
                assert_eq!(node.hears(actor, &request).await, Outcome::Applied, "{}", node.name);
            }
            let quotes = || node.read(|conn| quote::count(conn, &ours.url).map_err(Error::from));
            let all = || (node.count(&ours, &Verb::Like), node.answers(&ours).len(), quotes());
            assert_eq!(all(), (2, 2, 2), "{}", node.name);
            if leave {
                let delete = activity("Delete", &anna, "leaves", json!(anna.url.as_str()));
                assert_eq!(node.hears(&anna, &delete).await, Outcome::Applied, "{}", node.name);
                assert_eq!(all(), (1, 1, 1), "{}: anna's go with her", node.name);
                let quoting = format!("https://e.example/notes/{run}-eve-i");
                let delete = activity("Delete", &eve, "quote", json!(quoting));
                assert_eq!(node.hears(&eve, &delete).await, Outcome::Applied, "{}", node.name);
                assert_eq!(all(), (1, 1, 0), "{}: the quoting text was deleted", node.name);
            } else {
                node.write(|conn| outbox::delete(conn, &ours.url, NOW));
                assert_eq!(all(), (0, 0, 0), "{}", node.name);
                let answer = object(&format!("https://a.example/notes/{run}-anna-n"));
                assert!(node.indexed(answer.as_str()).is_none(), "{}: no id of others is kept", node.name);
            }
        }
    }
}

#[tokio::test]
async fn c54_a_quote_is_approved_once_or_refused() {
    let anna = person("anna", "a.example");
    for node in nodes() {
        let (ours, gone) = (node.ours("ours"), node.ours("gone"));
        node.write(|conn| outbox::delete(conn, &gone.url, NOW));
        node.knows(&anna);
        let ask = |id: &str, object: &str, instrument: &str| {
            let mut request = activity("QuoteRequest", &anna, id, json!(object));
            request["instrument"] = json!(instrument);
            request
        };
        let answers = |id: &str| {
            let asked = format!("https://a.example/activities/{id}");
            node.answers_to(&asked)
                .into_iter()
                .next_back()
                .unwrap_or_else(|| panic!("{}: no answer to {id}", node.name))
        };
        let mut approvals = Vec::new();
        for id in ["1", "2"] {
            let request = ask(id, ours.url.as_str(), "https://a.example/notes/q");
            assert_eq!(node.hears(&anna, &request).await, Outcome::Applied, "{}", node.name);
            let accept = answers(id);
            assert_eq!((&accept["type"], &accept["object"]), (&json!("Accept"), &request), "{}", node.name);
            assert_eq!(accept["actor"], node.region.as_str(), "{}", node.name);
            approvals.push(accept["result"].as_str().unwrap().to_owned());
        }
        assert_eq!(approvals[0], approvals[1], "{}: the same one", node.name);
        let approval = node.read(|conn| quote::find(conn, &object(&approvals[0])).map_err(Error::from)).unwrap();
        assert_eq!(
            approval.document(),
            json!({"type": "QuoteAuthorization", "id": approvals[0], "attributedTo": node.region.as_str(),
                   "interactingObject": "https://a.example/notes/q", "interactionTarget": ours.url.as_str()}),
            "{}",
            node.name
        );
        let request = ask("3", gone.url.as_str(), "https://a.example/notes/q");
        assert_eq!(node.hears(&anna, &request).await, Outcome::Applied, "{}", node.name);
        assert_eq!(answers("3")["type"], "Reject", "{}: of something deleted", node.name);
        for (id, object, instrument, reason) in [
            ("4", ours.url.as_str(), "https://third.example/notes/q", Reason::NotTheOwner),
            ("5", "https://here.example/ap/events/never", "https://a.example/notes/q", Reason::Unknown),
            ("6", "https://third.example/notes/1", "https://a.example/notes/q", Reason::Unknown),
        ] {
            assert_eq!(node.hears(&anna, &ask(id, object, instrument)).await, Outcome::Ignored(reason), "{id}");
        }
    }
}
