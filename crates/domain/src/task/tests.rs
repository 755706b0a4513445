use super::incoming;
use super::*;
use crate::testing::{Elsewhere, at, later, now, on_both, on_both_stores, receive, verbs, waiting};
use crate::view::Filter;
use crate::{Caller, Error};
use federation::kind::{Change, Outcome, Reason};
use federation::object;
use serde_json::{Value, json};
use store::Conn;
use store::id::TaskId;
use vocab::SafeHtml;

fn tour() -> NewTask {
    NewTask {
        title: "Tuottaja kiertueelle & klubille".into(),
        description: SafeHtml::clean(
            "<p>Kymmenen kuntaa.</p><p>Ajokortti <a href=\"https://muu.example/\">tarpeen</a>.</p>",
        ),
        language: "fi".into(),
        client: Client { name: "Sininen Silta".into(), page: Some("https://pirkanmaa.example/@sininen_silta".into()) },
        kind: "employment_fixed".into(),
        engagement: vec!["salary".into(), "invoice".into()],
        pay: Some(Pay { min: Some("2750.00".into()), max: Some("2950.50".into()), unit: "month".into() }),
        unpaid_reason: None,
        hours: Some(320),
        starts: Some("2027-01-05".into()),
        ends: Some("2027-03-06T16:00".into()),
        deadline: Some(at("2026-12-15T21:59:59Z")),
        municipality: Some("Valkeakoski".into()),
        remote: true,
        skills: vec![
            "tk:touring".into(),
            "http://data.europa.eu/esco/skill/a4b7f1be-7058-45e4-ac90-66580499187f".into(),
        ],
        languages: vec!["fi".into(), "smn".into()],
        seats: 2,
    }
}

fn internship() -> NewTask {
    NewTask {
        title: "Trainee".into(),
        language: "en".into(),
        client: Client { name: "TAMK".into(), page: None },
        kind: "internship".into(),
        engagement: vec!["unpaid".into()],
        pay: None,
        unpaid_reason: Some("Part of a degree.".into()),
        hours: None,
        starts: None,
        ends: None,
        remote: false,
        skills: Vec::new(),
        languages: Vec::new(),
        seats: 1,
        ..tour()
    }
}

fn gig() -> NewTask {
    NewTask {
        title: "Tour manager".into(),
        kind: "gig".into(),
        engagement: vec!["invoice".into()],
        pay: Some(Pay { min: Some("35.50".into()), max: None, unit: "hour".into() }),
        unpaid_reason: None,
        hours: Some(12),
        ..internship()
    }
}

fn opened(conn: &mut Conn, node: &crate::Node, new: &NewTask) -> TaskId {
    let id = add(conn, node, Caller::Coordinator, new, now()).expect("a task");
    publish(conn, node, Caller::Coordinator, &id, now()).expect("published");
    id
}

fn served(conn: &mut Conn, node: &crate::Node, id: &TaskId) -> Value {
    object::find(conn, &node.origin.object("tasks", id.as_str())).unwrap().unwrap().parsed().unwrap()
}

fn steady(conn: &mut Conn, node: &crate::Node, id: &TaskId) -> Value {
    let region = crate::region::presenter(conn).unwrap();
    let text = served(conn, node, id).to_string().replace(id.as_str(), "UUID");
    serde_json::from_str(&text.replace(region.as_str(), "https://pirkanmaa.example/ap/actors/REGION")).unwrap()
}

#[test]
fn what_followers_get() {
    on_both(|conn, node| {
        let id = opened(conn, node, &tour());
        insta::assert_json_snapshot!("task_open", steady(conn, node, &id));
        close(conn, node, Caller::Coordinator, &id, Closing::Filled, later(3600)).unwrap();
        insta::assert_json_snapshot!("task_filled", steady(conn, node, &id));
        let id = opened(conn, node, &internship());
        insta::assert_json_snapshot!("task_unpaid", steady(conn, node, &id));
        let id = opened(conn, node, &gig());
        insta::assert_json_snapshot!("task_paid_by_the_hour", steady(conn, node, &id));
    });
}

#[test]
fn a_task_has_no_name_and_its_page_is_the_first_plain_link() {
    on_both(|conn, node| {
        let id = opened(conn, node, &tour());
        let document = served(conn, node, &id);
        assert_eq!((document.get("name"), document.get("summary")), (None, None));
        let content = document["content"].as_str().unwrap();
        let (_, first) = content.split_once("<a href=\"").unwrap();
        assert!(first.starts_with("https://pirkanmaa.example/tehtavat/"), "{content}");
        assert_eq!(document["contentMap"]["fi"], document["content"]);
    });
}

#[test]
fn the_life_of_a_task() {
    on_both(|conn, node| {
        let region = crate::region::presenter(conn).unwrap();
        crate::testing::follower(conn, "Person", "mastodon.example", &region);
        let coordinator = Caller::Coordinator;
        let id = opened(conn, node, &tour());
        assert_eq!(edit(conn, node, coordinator, &id, &tour(), later(1)).unwrap(), None, "nothing changed");
        let new = NewTask { seats: 3, ..tour() };
        assert!(edit(conn, node, coordinator, &id, &new, later(2)).unwrap().is_some());
        close(conn, node, coordinator, &id, Closing::Filled, later(3)).unwrap();
        for refused in [
            close(conn, node, coordinator, &id, Closing::Closed, later(4)),
            withdraw(conn, node, coordinator, &id, later(4)),
            edit(conn, node, coordinator, &id, &tour(), later(4)).map(|_| unreachable!()),
        ] {
            assert!(matches!(refused, Err(Error::Refused(_))), "{refused:?}");
        }
        let view = by_url(conn, node.origin.object("tasks", id.as_str()).as_str()).unwrap().unwrap();
        assert_eq!((view.state, view.closed), (State::Filled, Some(later(3))));
        assert_eq!(verbs(conn), ["Create", "Update", "Update"]);
        assert_eq!(waiting(conn), 2, "the Create and the newest version");
        delete(conn, coordinator, &id, later(5)).unwrap();
        assert_eq!(verbs(conn).last().map(String::as_str), Some("Delete"));
        assert!(!crate::testing::everything_sent(conn).contains("kiertueelle"));
    });
}

#[test]
fn the_clock_closes_what_is_overdue_and_nothing_opens_too_late() {
    on_both(|conn, node| {
        let id = opened(conn, node, &tour());
        let after = at("2026-12-16T10:00:00Z");
        assert_eq!(close_expired(conn, node, Caller::Coordinator, later(60)).unwrap(), []);
        assert!(!any_expired(conn, later(60)).unwrap() && any_expired(conn, after).unwrap());
        assert_eq!(close_expired(conn, node, Caller::Coordinator, after).unwrap().len(), 1);
        assert_eq!(close_expired(conn, node, Caller::Coordinator, after).unwrap(), []);
        let content = served(conn, node, &id)["content"].as_str().unwrap().to_owned();
        assert!(
            content.starts_with("<p><strong>PÄÄTTYNYT: Tuottaja") && !content.contains("Hae viimeistään"),
            "{content}"
        );

        let late = add(conn, node, Caller::Coordinator, &tour(), after).unwrap();
        let refused = publish(conn, node, Caller::Coordinator, &late, after);
        assert!(matches!(refused, Err(Error::Refused(key)) if key.id() == "deadline-passed"));
    });
}

#[test]
fn what_is_over_goes_after_half_a_year() {
    on_both(|conn, node| {
        let id = opened(conn, node, &tour());
        withdraw(conn, node, Caller::Coordinator, &id, now()).unwrap();
        let rule = &SLICE.retention[1];
        let (before, after) = (later(179 * 24 * 3600), later(181 * 24 * 3600));
        assert_eq!((rule.due)(conn, before).unwrap(), 0);
        assert_eq!((rule.due)(conn, after).unwrap(), 1);
        assert_eq!((rule.apply)(conn, node, after).unwrap(), 1);
        assert_eq!(verbs(conn).last().map(String::as_str), Some("Delete"));
    });
}

#[test]
fn open_ones_come_first() {
    on_both(|conn, node| {
        let mut ids = Vec::new();
        for (at, title) in ["Ensimmäinen", "Toinen", "Kolmas", "Peruttu"].into_iter().enumerate() {
            let new = NewTask { title: title.into(), ..tour() };
            let moment = later(at as u64);
            let id = add(conn, node, Caller::Coordinator, &new, moment).unwrap();
            publish(conn, node, Caller::Coordinator, &id, moment).unwrap();
            ids.push(id);
        }
        add(conn, node, Caller::Coordinator, &NewTask { title: "Luonnos: salainen".into(), ..tour() }, now()).unwrap();
        close(conn, node, Caller::Coordinator, &ids[2], Closing::Closed, later(10)).unwrap();
        withdraw(conn, node, Caller::Coordinator, &ids[3], later(10)).unwrap();
        let mut titles = |filter: &Filter, now| -> Vec<String> {
            let all = list(conn, filter, now).unwrap();
            assert_eq!(count(conn, filter, now).unwrap(), all.total);
            all.items.into_iter().map(|task| task.title).collect()
        };
        let past = Filter { past: true, ..Filter::default() };
        let search = |text: &str| Filter { text: Some(text.into()), ..Filter::default() };
        assert_eq!(titles(&Filter::default(), later(20)), ["Toinen", "Ensimmäinen", "Kolmas"]);
        assert_eq!(titles(&Filter::default(), later(40 * 24 * 3600)), ["Toinen", "Ensimmäinen"]);
        assert_eq!(titles(&past, later(40 * 24 * 3600)), ["Toinen", "Ensimmäinen", "Peruttu", "Kolmas"]);
        assert_eq!(titles(&search("ENSIMMÄINEN turneproduktion"), later(20)), ["Ensimmäinen"]);
        assert_eq!(titles(&search("salainen"), later(20)), Vec::<String>::new());
    });
}

#[test]
fn what_another_node_sends_is_read_back_as_it_was() {
    on_both(|conn, node| {
        for (new, closing) in [
            (tour(), None),
            (internship(), None),
            (tour(), Some(Closing::Filled)),
            (NewTask { remote: true, municipality: None, ..tour() }, Some(Closing::Closed)),
        ] {
            let id = opened(conn, node, &new);
            if let Some(closing) = closing {
                close(conn, node, Caller::Coordinator, &id, closing, later(60)).unwrap();
            }
            let url = node.origin.object("tasks", id.as_str());
            let ours = by_url(conn, url.as_str()).unwrap().unwrap();
            let region = crate::region::actors::region(conn).unwrap().unwrap();
            let received = federation::kind::Received {
                change: Change::Created,
                document: served(conn, node, &id),
                url,
                author: region.url.clone(),
                author_document: region.parsed(),
                now: later(90),
            };
            let task = vocab::Task::parse(&received.document).unwrap();
            let read = queries::view(incoming::row(&task, &received, node.region), ours.source.handle.clone());
            let mut expected = ours.clone();
            expected.source.local = false;
            expected.source.received = Some(later(90));
            assert_eq!(read, expected);
        }
    });
}

#[test]
fn tasks_of_other_programs_are_read_as_far_as_they_tell() {
    on_both_stores(|store, node| {
        store
            .write_now(|conn| {
                let elsewhere = Elsewhere::known_to(conn, node, true);
                let document = json!({
                    "type": "Note", "id": "https://keskisuomi.example/ap/tasks/1", "attributedTo": elsewhere.actor.as_str(),
                    "to": "as:Public", "content": "<p>Haetaan tuottajaa</p><script>alert(1)</script><p>Tule!</p>",
                    "contentMap": {"fi": "x"}, "purpose": "request", "published": "2026-11-20T10:00:00Z",
                    "publishes": {"type": "Intent", "resourceQuantity": {"hasUnit": "hour", "hasNumericalValue": "40"}},
                    "reciprocal": {"type": "Intent", "resourceConformsTo": "http://www.wikidata.org/entity/Q4916",
                        "resourceQuantity": {"hasUnit": "one", "hasNumericalValue": "1800"}}
                });
                let mut take = |document: &Value| {
                    let received = elsewhere.sends(document, Change::Created, later(60));
                    receive(store, node, conn, KIND, received).unwrap()
                };
                assert_eq!(take(&document), Outcome::Applied);
                let mut closed = document.clone();
                closed["updated"] = json!("2026-11-21T10:00:00Z");
                closed["closed"] = json!("2026-11-21T10:00:00Z");
                assert_eq!(take(&closed), Outcome::Applied);
                let mut offer = document.clone();
                offer["purpose"] = json!("offer");
                offer["id"] = json!("https://keskisuomi.example/ap/tasks/2");
                assert_eq!(take(&offer), Outcome::Ignored(Reason::Unusable));

                let view = by_url(conn, "https://keskisuomi.example/ap/tasks/1").unwrap().unwrap();
                assert_eq!((view.title.as_str(), view.state), ("Haetaan tuottajaa", State::Closed));
                let counts = [false, true].map(|own| count(conn, &Filter { own, past: true, ..Filter::default() }, now()).unwrap());
                assert_eq!(counts, [1, 0], "all, and our own");
                assert_eq!(view.description.as_str(), "<p>Haetaan tuottajaa</p><p>Tule!</p>");
                assert_eq!((view.hours, view.kind.as_str(), view.seats), (Some(40), "", 1));
                assert_eq!(view.pay.unwrap().min.as_deref(), Some("1800.00"));
                Ok::<_, store::Error>(())
            })
            .unwrap();
    });
}

#[test]
fn what_is_wrong_with_a_task() {
    type Changes = fn(&mut NewTask);
    let cases: [(Changes, &str); 19] = [
        (|task| task.title.clear(), "title: is missing"),
        (|task| task.description = SafeHtml::default(), "description: is missing"),
        (|task| task.client.name.clear(), "client: is missing"),
        (
            |task| task.kind = "seikkailu".into(),
            "kind: \"seikkailu\" is not one of: assignment, gig, employment_fixed, employment_permanent, project_lead, consulting, substitute, internship, volunteer, working_group_seat, residency, call",
        ),
        (|task| task.engagement.clear(), "engagement: is missing"),
        (|task| task.pay = None, "pay_min: pay is missing"),
        (
            |task| task.pay.as_mut().unwrap().min = Some("3000".into()),
            "pay_min: the smallest pay is larger than the largest",
        ),
        (|task| task.pay.as_mut().unwrap().min = Some("0".into()), "pay_min: may be 0 only with revenue_share"),
        (|task| task.pay.as_mut().unwrap().min = Some("-5".into()), "pay_min: \"-5\" is not a number"),
        (
            |task| task.pay.as_mut().unwrap().unit = "year".into(),
            "pay_unit: \"year\" is not one of: hour, day, week, month, project",
        ),
        (|task| task.engagement = vec!["unpaid".into()], "engagement: unpaid work is not allowed for this kind"),
        (
            |task| {
                task.kind = "volunteer".into();
                task.engagement = vec!["unpaid".into()];
                task.pay = None
            },
            "unpaid_reason: the reason for unpaid work is missing",
        ),
        (
            |task| {
                task.kind = "volunteer".into();
                task.engagement = vec!["expenses_only".into()];
                task.unpaid_reason = Some("Talkoot".into())
            },
            "pay_min: unpaid work has no pay",
        ),
        (|task| task.ends = Some("2027-01-04".into()), "ends: ends before it starts"),
        (|task| task.deadline = None, "deadline: is missing"),
        (
            |task| {
                task.remote = false;
                task.municipality = None
            },
            "municipality: is missing",
        ),
        (|task| task.skills.push("pyrotekniikka".into()), "skills: \"pyrotekniikka\" is not a known skill"),
        (|task| task.seats = 100, "seats: is larger than 99"),
        (|task| task.hours = Some(0), "hours: is smaller than 1"),
    ];
    assert_eq!(check(&tour(), true), []);
    assert_eq!(check(&internship(), true), []);
    for (change, expected) in cases {
        let mut task = tour();
        change(&mut task);
        let found: Vec<String> = check(&task, true).iter().map(ToString::to_string).collect();
        assert_eq!(found, [expected]);
    }
    let draft = NewTask { deadline: None, ..tour() };
    assert_eq!(check(&draft, false), []);
    let share = NewTask {
        engagement: vec!["revenue_share".into()],
        pay: Some(Pay { min: Some("0".into()), max: None, unit: "project".into() }),
        ..tour()
    };
    assert_eq!(check(&share, true), []);
}

#[test]
fn sums_of_euros() {
    for (text, expected) in [
        ("45", "45.00"),
        ("45,5", "45.50"),
        ("45.50", "45.50"),
        ("1000000", "1000000.00"),
        ("45.505", "45.505"),
        ("-1", "-1"),
        ("", ""),
        ("1e3", "1e3"),
        ("٤٥", "٤٥"),
    ] {
        assert_eq!(sum_of(text), expected, "{text}");
    }
}
