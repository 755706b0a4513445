//! What the desk does with things, on both databases.

mod queue;

use super::*;
use crate::audit;
use crate::find::Found;
use crate::import::{Format, form};
use crate::person::{Appointment, MailAddress, Position, Secret, Visitor, position, session};
use crate::testing::{follower, later, now, on_both, verbs};
use crate::typed::Typed;
use crate::{Caller, Error, Language, Node, Role, feedback, slice, task};
use federation::Limits;
use store::{Conn, Timestamp};

const HOUR: u64 = 3600;

/// The coordinator, at the desk.
fn kaisa(conn: &mut Conn) -> Staff {
    let mail = MailAddress::parse("kaisa@kulma.example").unwrap();
    let new = Appointment { position: Position::Coordinator, mail, name: "Kaisa".into(), language: Language::Fi };
    let account = position::appoint(conn, Caller::Coordinator, &new, now()).unwrap();
    let visitor = Visitor {
        positions: position::of(conn, &account.id).unwrap(),
        second: crate::person::Second::Taken,
        to_note: false,
        account,
    };
    Staff::of(&visitor).unwrap()
}

fn typed(fields: &[(&str, &str)]) -> Typed {
    Typed::of(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
}

fn an_event(changes: &[(&str, &str)]) -> Written {
    let mut fields = typed(&[
        ("name", "Kevätkahvit"),
        ("category", "NETWORKING"),
        ("starts", "2027-03-12T17:00"),
        ("ends", "2027-03-12T19:00"),
        ("content", "Moi *kaikki*"),
        ("place.name", "Kulmatalo"),
        ("place.locality", "Tampere"),
    ]);
    changes.iter().for_each(|(name, value)| fields.set(name, *value));
    Written::Event(Box::new(form::event(&fields, &Limits::default(), now()).unwrap()))
}

fn a_task(node: &Node, deadline: &str) -> Written {
    let fields = typed(&[
        ("title", "Kiertueen tuottaja"),
        ("description", "Teksti"),
        ("client", "Kehto"),
        ("kind", "gig"),
        ("engagement", "invoice"),
        ("pay_min", "500"),
        ("pay_unit", "project"),
        ("deadline", deadline),
        ("remote", "1"),
        ("seats", "1"),
    ]);
    Written::Task(Box::new(form::task(&fields, node, &Limits::default()).unwrap()))
}

fn deeds(conn: &mut Conn) -> Vec<String> {
    let mut lines = audit::newest(conn, 0, 50).unwrap();
    lines.reverse();
    lines.into_iter().filter(|line| line.kind != "account").map(|line| line.deed).collect()
}

fn seen(conn: &mut Conn, what: &Found) -> Known {
    known(conn, what).unwrap().unwrap().0
}

#[test]
fn what_is_written_is_logged_and_shown_again_as_it_was_typed() {
    on_both(|conn, node| {
        let kaisa = kaisa(conn);
        let what = write(conn, node, &kaisa, None, &an_event(&[]), Then::Stays, later(1)).unwrap();
        let (first, shown) = known(conn, &what).unwrap().unwrap();
        for (field, value) in [
            ("name", "Kevätkahvit"),
            ("starts", "2027-03-12T17:00"),
            ("content", "Moi *kaikki*"),
            ("place.locality", "Tampere"),
        ] {
            assert_eq!(shown.first(field), value, "{field}");
        }
        assert_eq!(first.version, later(1));
        let again = Written::Event(Box::new(form::event(&shown, &Limits::default(), now()).unwrap()));
        write(conn, node, &kaisa, Some(&first), &again, Then::Published, later(2)).unwrap();
        let published = verbs(conn);
        let newest = seen(conn, &what);
        write(conn, node, &kaisa, Some(&newest), &again, Then::Stays, later(3)).unwrap();
        assert_eq!(verbs(conn), published, "what was not touched is no news");
        let stale = write(conn, node, &kaisa, Some(&first), &an_event(&[("name", "Muu")]), Then::Stays, later(4));
        assert!(matches!(stale, Err(Error::Conflict(key)) if key.id() == "edited-meanwhile"));
        step(conn, node, &kaisa, &what, Step::Cancel, later(5)).unwrap();
        step(conn, node, &kaisa, &what, Step::Delete, later(6)).unwrap();
        assert_eq!(deeds(conn), ["added", "published", "cancelled", "deleted"]);
        assert!(known(conn, &what).unwrap().is_none());
        let national = Node { role: Role::National, ..node.clone() };
        let refused = write(conn, &national, &kaisa, None, &an_event(&[]), Then::Stays, later(7));
        assert!(matches!(refused, Err(Error::NotFound)), "the national node has no content of its own");
    });
}

#[test]
fn what_is_foreseen_is_what_is_sent() {
    on_both(|conn, node| {
        let kaisa = kaisa(conn);
        let (event, before) = (an_event(&[]), verbs(conn));
        let foreseen = foreseen(conn, node, None, &event, later(1)).unwrap();
        assert_eq!(verbs(conn), before, "nothing is written");
        let what = write(conn, node, &kaisa, None, &event, Then::Published, later(1)).unwrap();
        let Found::Event(id) = &what else { panic!("an event") };
        let sent = federation::object::find(conn, &node.origin.object("events", id.as_str())).unwrap().unwrap();
        let sent = sent.parsed().unwrap();
        for field in ["name", "summary", "content", "startTime", "endTime", "location", "url", "attributedTo"] {
            assert_eq!(foreseen[field], sent[field], "{field}");
        }
        let post = vocab::shown::as_post(&foreseen).unwrap();
        assert!(
            post.text.to_text().contains("Kevätkahvit\n\npe 12.3.2027 klo 17–19 · Kulmatalo, Tampere"),
            "{:?}",
            post.text
        );
        assert_eq!(vocab::shown::as_sheet(&foreseen).unwrap().place, ["Kulmatalo", "Tampere"]);
        assert!(
            vocab::shown::as_sheet(&super::foreseen(conn, node, None, &a_task(node, ""), now()).unwrap()).is_none()
        );
    });
}

#[test]
fn a_draft_is_published_by_the_clock() {
    on_both(|conn, node| {
        let kaisa = kaisa(conn);
        let at = |hours| Then::PublishedAt(later(hours * HOUR));
        let early = write(conn, node, &kaisa, None, &an_event(&[]), at(0), later(1));
        assert!(matches!(early, Err(Error::Invalid(_))), "a time that is over");
        let event = write(conn, node, &kaisa, None, &an_event(&[]), at(2), now()).unwrap();
        // Its deadline is before the time of its publication.
        let task = write(conn, node, &kaisa, None, &a_task(node, "2026-11-24T13:00"), at(2), now()).unwrap();
        let gone = write(conn, node, &kaisa, None, &an_event(&[]), at(2), now()).unwrap();
        let moved = write(conn, node, &kaisa, None, &an_event(&[]), at(2), now()).unwrap();
        step(conn, node, &kaisa, &gone, Step::Delete, later(1)).unwrap();
        let newest = seen(conn, &moved);
        write(conn, node, &kaisa, Some(&newest), &an_event(&[]), at(4), later(1)).unwrap();
        let sent = verbs(conn);
        assert!(due(conn, later(2 * HOUR - 1), 9).unwrap().is_empty());
        let all: Vec<Found> = due(conn, later(2 * HOUR), 9).unwrap().into_iter().map(|due| due.what).collect();
        assert_eq!(all.len(), 2, "{all:?}");
        assert!(publish_due(conn, node, &event, later(2 * HOUR)).unwrap());
        assert!(!publish_due(conn, node, &event, later(2 * HOUR)).unwrap(), "two processes: one publishes");
        assert!(!publish_due(conn, node, &task, later(2 * HOUR)).unwrap());
        assert!(!publish_due(conn, node, &moved, later(2 * HOUR)).unwrap(), "it was put off once more");
        assert_eq!(verbs(conn).len(), sent.len() + 2, "told, and passed on by the region");
        assert!(due(conn, later(3 * HOUR), 9).unwrap().is_empty(), "what was refused is not tried for ever");
        let today = today(conn, later(3 * HOUR)).unwrap();
        let refused: Vec<&str> =
            today.drafts.iter().filter_map(|draft| draft.refused.as_ref()).map(|key| key.id()).collect();
        assert_eq!(refused, ["deadline-passed"], "somebody has to see to it");
        assert_eq!(today.drafts[0].thing.what, task, "first of all");
        let by: Vec<String> = audit::newest(conn, 0, 1).unwrap().into_iter().map(|line| line.position).collect();
        assert_eq!(by, ["clock"]);
        step(conn, node, &kaisa, &moved, Step::Unschedule, later(3 * HOUR)).unwrap();
        let twice = step(conn, node, &kaisa, &moved, Step::Unschedule, later(3 * HOUR));
        assert!(matches!(twice, Err(Error::Refused(_))));
    });
}

#[test]
fn today_is_what_wants_to_be_seen_to() {
    on_both(|conn, node| {
        let kaisa = kaisa(conn);
        assert_eq!(today(conn, now()).unwrap().count(), 0);
        let near = write(conn, node, &kaisa, None, &a_task(node, "2026-11-28T12:00"), Then::Published, now()).unwrap();
        write(conn, node, &kaisa, None, &a_task(node, "2027-01-28T12:00"), Then::Published, now()).unwrap();
        let draft = write(conn, node, &kaisa, None, &an_event(&[]), Then::Stays, now()).unwrap();
        let today = today(conn, later(1)).unwrap();
        assert_eq!(today.closing.iter().map(|(thing, _)| thing.what.clone()).collect::<Vec<_>>(), [near]);
        assert_eq!(today.drafts.iter().map(|draft| draft.thing.what.clone()).collect::<Vec<_>>(), [draft]);
        assert_eq!(today.drafts[0].thing.steps, [Step::Publish, Step::Delete]);
    });
}

#[test]
fn a_host_that_fails_is_told_and_one_is_blocked_with_a_reason() {
    on_both(|conn, node| {
        let kaisa = kaisa(conn);
        let region = crate::region::presenter(conn).unwrap();
        follower(conn, "Person", "mastodon.example", &region);
        write(conn, node, &kaisa, None, &an_event(&[]), Then::Published, now()).unwrap();
        federation::peer::meet(conn, "mastodon.example").unwrap();
        assert!(today(conn, later(HOUR)).unwrap().failing.is_empty());
        block(conn, node, &kaisa, "mastodon.example", "roskaa", later(1)).unwrap();
        let again = block(conn, node, &kaisa, "mastodon.example", "roskaa", later(2));
        assert!(matches!(again, Err(Error::Conflict(_))));
        assert!(matches!(block(conn, node, &kaisa, node.origin.host(), "x", later(2)), Err(Error::Refused(_))));
        let hosts = hosts(conn).unwrap();
        assert_eq!(hosts[0].block.as_ref().map(|line| line.detail.as_str()), Some("roskaa"));
        unblock(conn, &kaisa, "mastodon.example", later(3)).unwrap();
        assert!(matches!(unblock(conn, &kaisa, "mastodon.example", later(4)), Err(Error::NotFound)));
    });
}

#[test]
fn a_file_is_its_owners_alone_and_goes() {
    on_both(|conn, node| {
        let kaisa = kaisa(conn);
        let csv = "id,title,description,client,kind,engagement,pay_min,pay_unit,deadline,municipality\n\
                   t-1,Tuotu,Teksti,Kehto,gig,invoice,500,project,2027-01-31,Tampere\n\
                   t-2,X,Teksti,Kehto,gig,invoice,500,project,2027-01-31,Tampere\n";
        let handed = (Format::TasksCsv, "tasks.csv", csv.as_bytes());
        let id = hand_in(conn, node, &kaisa, handed, now()).unwrap();
        let file = in_hand(conn, &kaisa, &id).unwrap().unwrap();
        let told = file.foresee(conn, node, &Limits::default(), now()).unwrap();
        assert_eq!((told.counts.added, told.counts.refused), (1, 1));
        assert_eq!(
            told.rows.iter().filter_map(Told::reason).map(|key| key.to_string()).collect::<Vec<_>>(),
            ["is shorter than 3 characters"]
        );
        assert!(task::list(conn, &crate::view::Filter::default(), now()).unwrap().items.is_empty());
        want(conn, &kaisa, &id, now()).unwrap();
        assert!(matches!(want(conn, &kaisa, &id, now()), Err(Error::NotFound)), "once");
        let taken = next_wanted(conn, now()).unwrap().unwrap();
        assert!(next_wanted(conn, later(1)).unwrap().is_none(), "somebody is at work on it");
        assert!(next_wanted(conn, later(200)).unwrap().is_some(), "who died lets go of it");
        note_outcome(conn, &taken, &told, true, later(201)).unwrap();
        let done = in_hand(conn, &kaisa, &id).unwrap().unwrap();
        assert_eq!((done.state, done.outcome.counts.added), (State::Done, 1));
        assert!(done.read(node, &Limits::default(), now()).is_err(), "what was in it is gone");
        assert_eq!(deeds(conn), ["imported"]);
        let account = kaisa.by().account.clone().unwrap();
        let export = slice::export(conn, slice::Person::Account(&account)).unwrap();
        assert_eq!(export["desk"]["files"][0], "tasks.csv");
        slice::let_go(conn, node, later(25 * HOUR)).unwrap();
        assert!(in_hand(conn, &kaisa, &id).unwrap().is_none());
    });
}

#[test]
fn only_who_runs_the_node_is_staff() {
    on_both(|conn, _| {
        kaisa(conn);
        let mail = MailAddress::parse("kaisa@kulma.example").unwrap();
        let account = crate::person::account::find_by_mail(conn, &mail).unwrap().unwrap();
        let secret = Secret::fresh();
        crate::person::link::make(conn, &account.id, &secret, now()).unwrap();
        let token = Secret::fresh();
        crate::person::link::enter(conn, &secret, &token, now()).unwrap();
        let find = |conn: &mut Conn, at: Timestamp| session::find(conn, &token, at).unwrap().unwrap();
        assert!(Staff::of(&find(conn, now())).is_some());
        session::note(conn, &token, later(6 * 24 * HOUR)).unwrap();
        session::note(conn, &token, later(12 * 24 * HOUR)).unwrap();
        let late = find(conn, later(14 * 24 * HOUR));
        assert!(Staff::of(&late).is_none(), "without a second step only for two weeks");
        for positions in [vec![], vec![Position::DataContact, Position::HarassmentContact]] {
            assert!(Staff::of(&Visitor { positions, ..late.clone() }).is_none());
        }
    });
}

#[test]
fn feedback_waits_at_the_desk_until_it_is_answered() {
    on_both(|conn, _| {
        let kaisa = kaisa(conn);
        let told = feedback::NewFeedback { text: "Kartta ei aukea.".into(), ..Default::default() };
        let due = feedback::tell(conn, &told, now()).unwrap();
        let waiting = today(conn, later(1)).unwrap().feedback;
        assert_eq!(waiting.iter().map(|one| one.due).collect::<Vec<_>>(), [due]);
        answer_feedback(conn, &kaisa, waiting[0].id, later(1)).unwrap();
        assert_eq!(today(conn, later(2)).unwrap().count(), 0);
        let twice = answer_feedback(conn, &kaisa, waiting[0].id, later(3));
        assert!(matches!(twice, Err(Error::NotFound)), "it is answered once");
    });
}
