//! Who speaks for an organisation: named at the desk, edits its profile, sees its tasks, and is nobody to the others.

use crate::browser::Browser;
use crate::members::{told_in_words, with_profile};
use crate::seed::{Answer, Seeded, node as this_node, now, seeded_on, some_event, some_task};
use crate::staff::{browser_of, kaisa};
use domain::event::{self, NewEvent, Organiser};
use domain::person::{MailAddress, account};
use domain::task::{self, Client, NewTask};
use domain::{Caller, Role};
use http::StatusCode;

const KERTTU: &str = "kerttu@kehto.example";

/// The address at the desk of an organisation of this name.
async fn at_desk(kaisa: &mut Browser<'_>, name: &str) -> String {
    let list = kaisa.get("/desk/organisations").await;
    let before = list.body.split(&format!(">{name}</a>")).next().unwrap();
    before.rsplit("href=\"").next().unwrap().split('"').next().unwrap().to_owned()
}

/// Kerttu, signed in.
async fn kerttu(node: &Seeded) -> Browser<'_> {
    let mail = MailAddress::parse(KERTTU).unwrap();
    let find = |conn: &mut store::Conn| account::find_by_mail(conn, &mail).map_err(store::Error::from);
    browser_of(node, &node.scratch.store.read_now(find).unwrap().expect("an account")).await
}

/// Tasks of the organisation: open, and a draft; and one of another client with the same name. One event of its own, and one
/// of another with the same name.
fn with_tasks(node: &Seeded) {
    let page = Some("https://pirkanmaa.example/@kehto".to_owned());
    node.scratch
        .store
        .write_now(|conn| {
            let us = this_node(Role::Region);
            let kehto = domain::organisation::by_slug(conn, us.origin.host(), "kehto")?.expect("it is there");
            for (name, id) in [("Kehdon ilta", Some(kehto.source.id)), ("Muiden ilta", None)] {
                let organiser = Some(Organiser { name: "Kehto".into(), id });
                let new = NewEvent { name: name.into(), organiser, ..some_event() };
                let id = event::add(conn, &us, Caller::Coordinator, &new, now())?;
                event::publish(conn, &us, Caller::Coordinator, &id, now())?;
            }
            for (title, page) in [("Avoin paikka", &page), ("Luonnos paikasta", &page), ("Muiden paikka", &None)] {
                let client = Client { name: "Kehto".into(), page: page.clone() };
                let new = NewTask { title: title.into(), client, ..some_task() };
                let id = task::add(conn, &us, Caller::Coordinator, &new, now())?;
                if title != "Luonnos paikasta" {
                    task::publish(conn, &us, Caller::Coordinator, &id, now())?;
                }
            }
            Ok::<_, domain::Error>(())
        })
        .unwrap();
}

fn blamed(answer: &Answer, field: &str) {
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.body);
    assert!(answer.body.contains(&format!("<a href=\"#{field}\">")), "{field}: {}", answer.body);
}

async fn an_organisation_speaks_for_itself(scratch: store::testing::Scratch) {
    let node = seeded_on(scratch).await;
    with_tasks(&node);
    let mut kaisa = kaisa(&node).await;
    let desk = at_desk(&mut kaisa, "Kehto").await;
    let own = desk.replace("/desk/", "/me/");
    let page = kaisa.get(&desk).await;
    assert!(page.body.contains("There is no representative yet."), "{}", page.body);
    blamed(&kaisa.send(&page, &desk, &[("mail", "kerttu"), ("do", "name")]).await, "mail");
    blamed(&kaisa.send(&page, &desk, &[("mail", KERTTU), ("name", ""), ("do", "name")]).await, "name");
    let new = [("mail", KERTTU), ("name", "Kerttu Kehto"), ("do", "name")];
    assert_eq!(kaisa.send(&page, &desk, &new).await.header("location"), format!("{desk}?done=named"));
    let again = kaisa.send(&page, &desk, &new).await;
    assert!(
        again.status == StatusCode::BAD_REQUEST && again.body.contains("They represent it already"),
        "{}",
        again.body
    );
    assert!(kaisa.get("/desk/organisations").await.body.contains("one representative"));
    assert!(kaisa.get(&desk).await.body.contains(KERTTU));

    // She finds it among what is hers, and sees the tasks of this client, drafts too.
    let mut kerttu = kerttu(&node).await;
    let me = kerttu.get("/me").await.body;
    assert!(me.contains(&format!("<a href=\"{own}\">Kehto</a>")), "{me}");
    assert!(me.contains("looked at: a person’s account"), "the list of representatives shows her address: {me}");
    let page = kerttu.get(&own).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("Avoin paikka</a>") && page.body.contains("Luonnos paikasta</p>"), "{}", page.body);
    assert!(!page.body.contains("Muiden paikka"), "that is another client's");
    for (field, value) in [("name", ""), ("website", "kehto"), ("kind", "x")] {
        let told = [("name", "Kehto"), ("kind", "company"), ("do", "save")];
        let told: Vec<_> =
            told.iter().map(|(name, usual)| (*name, if *name == field { value } else { usual })).collect();
        let more = if field == "website" { vec![("website", value)] } else { Vec::new() };
        let answer = kerttu.send(&page, &own, &[&told[..], &more].concat()).await;
        blamed(&answer, field);
    }
    let told = [
        ("name", "Kehto ry"),
        ("kind", "association"),
        ("municipality", "Nokia"),
        ("website", "https://kehto.example/"),
        ("description.fi", "Uusi kuvaus."),
        ("do", "save"),
    ];
    assert_eq!(kerttu.send(&page, &own, &told).await.header("location"), format!("{own}?saved=1"));
    let public = node.page("/@kehto").await.body;
    for (what, shown) in [
        ("Kehdon ilta</a>", true),
        ("Avoin paikka</a>", true),
        ("Luonnos paikasta", false),
        ("Muiden ilta", false),
        ("Muiden paikka", false),
    ] {
        assert_eq!(public.contains(what), shown, "{what}: {public}");
    }
    let json = node.ask("/@kehto", "application/json", "").await.json();
    assert_eq!(json["events"][0]["name"], "Kehdon ilta");
    assert_eq!(json["tasks"][0]["title"], "Avoin paikka");
    assert_eq!(json["slug"], "kehto", "beside its own fields");
    assert!(public.contains("Kehto ry") && public.contains("Uusi kuvaus.") && !public.contains("Kerttu"), "{public}");
    let log = kaisa.get("/desk/log").await.body;
    assert!(log.contains("representative of an organisation</strong> changed: organisation: Kehto ry"), "{log}");
    assert!(log.contains("appointed: organisation: Kehto"), "{log}");
    let file = kerttu.get("/me.json").await.json();
    assert_eq!(file["organisation"]["represents"][0]["name"], "Kehto ry");
    told_in_words(&mut kerttu, &["organisation"]).await;

    // Nobody else: no other member, no coordinator by this way; and she is nobody at the desk.
    let mut aino = with_profile(&node).await;
    for browser in [&mut aino, &mut kaisa] {
        assert_eq!(browser.get(&own).await.status, StatusCode::NOT_FOUND);
    }
    let me = aino.get("/me").await;
    let token = crate::browser::token_of(&me, "/sign-out");
    for fields in [&told[..], &[("do", "end")]] {
        let fields = [fields, &[("form", token.as_str())]].concat();
        let answer = aino.post(&own, &crate::browser::HONEST, &fields).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{}", answer.body);
    }
    assert_eq!(kerttu.get(&desk).await.status, StatusCode::NOT_FOUND);
    assert_eq!(kerttu.get("/desk").await.status, StatusCode::NOT_FOUND);

    // It ends by the coordinator's word; named anew, by her own.
    let page = kaisa.get(&desk).await;
    let account = page.body.split("name=\"what\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let ended = kaisa.send(&page, &desk, &[("what", &account), ("do", "dismiss")]).await;
    assert_eq!(ended.header("location"), format!("{desk}?done=dismissed"));
    assert_eq!(kerttu.get(&own).await.status, StatusCode::NOT_FOUND);
    kaisa.send(&page, &desk, &new).await;
    let page = kerttu.get(&own).await;
    assert_eq!(kerttu.send(&page, &own, &[("do", "end")]).await.header("location"), "/me");
    assert_eq!(kerttu.get(&own).await.status, StatusCode::NOT_FOUND);
    let me = kerttu.get("/me").await.body;
    assert!(me.contains("(representative of an organisation)"), "what was done to her is hers to read: {me}");
}

#[tokio::test]
async fn c21_an_organisation_speaks_for_itself_on_sqlite() {
    an_organisation_speaks_for_itself(store::testing::sqlite()).await;
}

#[tokio::test]
async fn c21_an_organisation_speaks_for_itself_on_postgres() {
    an_organisation_speaks_for_itself(store::testing::postgres()).await;
}
