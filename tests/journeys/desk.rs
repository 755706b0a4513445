//! A coordinator's morning, with real nodes: she signs in, writes an event and a task, looks at them as others will see them,
//! publishes, edits and calls off; another region that follows hers gets all of it. And what was put off happens by itself.

use crate::harness::{Answer, Database, Kind, Net, Node, Reply, Site, until_true};
use crate::on_both_databases;
use crate::visitor::Visitor;
use std::time::Duration;

on_both_databases! {
    a_morning_at_the_desk;
    what_was_put_off_happens_by_itself;
}

const KAISA: &str = "kaisa@kulma.example";

/// The coordinator of a node, signed in by a link that its operator printed.
async fn kaisa(node: &Node) -> Visitor<'_> {
    node.run(&["people", "appoint", "coordinator", KAISA, "--name", "Kaisa Koordinaattori", "--language", "en"]).await;
    let address = node.run(&["sign-in", KAISA]).await;
    let path = address.trim().strip_prefix(&node.url("")).unwrap().to_owned();
    let mut visitor = Visitor::of(node);
    let page = visitor.get(&path).await;
    let answer = visitor.send(&page, &path, &[]).await;
    assert_eq!((answer.status, answer.header("location")), (303, "/desk?lang=en"), "{}", answer.body);
    visitor
}

const EVENT: [(&str, &str); 7] = [
    ("name", "Kevätkahvit"),
    ("blurb", "Kahvit ja ideat."),
    ("content", "Tule *mukaan*."),
    ("category", "NETWORKING"),
    ("starts", "2037-03-12T17:00"),
    ("place.name", "Kulmatalo"),
    ("place.locality", "Tampere"),
];

const TASK: [(&str, &str); 10] = [
    ("title", "Kiertueen tuottaja"),
    ("description", "Kolme kaupunkia."),
    ("client", "Kehto"),
    ("kind", "gig"),
    ("engagement", "invoice"),
    ("pay_min", "3200"),
    ("pay_unit", "project"),
    ("deadline", "2037-01-31T16:00"),
    ("municipality", "Tampere"),
    ("seats", "1"),
];

/// Presses a button of the form at a path.
async fn press(visitor: &mut Visitor<'_>, path: &str, fields: &[(&str, &str)], button: &str) -> Answer {
    let page = visitor.get(path).await;
    let version = page.body.split("name=\"version\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    visitor.send(&page, path, &[fields, &[("do", button), ("version", version.as_str())]].concat()).await
}

fn saved(answer: &Answer) -> String {
    assert_eq!(answer.status, 303, "{}", answer.body);
    answer.header("location").split('?').next().unwrap().to_owned()
}

async fn step(visitor: &mut Visitor<'_>, path: &str, step: &str) {
    let path = format!("{path}/{step}");
    let page = visitor.get(&path).await;
    let answer = visitor.send(&page, &path, &[]).await;
    assert_eq!(answer.status, 303, "{path}: {}", answer.body);
}

/// What a node tells of its copy, by a field and a value of it.
async fn copy(node: &Node, list: &str, field: &str, value: &str) -> bool {
    node.items(list).await.iter().any(|item| item[field] == value)
}

async fn a_morning_at_the_desk(database: Database) {
    let net = Net::start(database, &[Kind::Region("06"), Kind::Region("13")]).await;
    let mut other = kaisa(&net[1]).await;
    let page = other.get("/desk/peers").await;
    let handle = net[0].handle();
    let answer = other.send(&page, "/desk/peers", &[("do", "follow"), ("what", &handle)]).await;
    assert_eq!(answer.header("location"), "/desk/peers?done=followed", "{}", answer.body);
    net.settle().await;
    assert!(other.get("/desk/peers").await.body.contains("accepted"));

    let mut kaisa = kaisa(&net[0]).await;
    let preview = press(&mut kaisa, "/desk/events/new", &EVENT, "preview").await;
    assert!(
        preview.status == 200 && preview.body.contains("to 12.3.2037 klo 17 · Kulmatalo, Tampere"),
        "{}",
        preview.body
    );
    let event = saved(&press(&mut kaisa, "/desk/events/new", &EVENT, "save").await);
    let task = saved(&press(&mut kaisa, "/desk/tasks/new", &TASK, "publish").await);
    net.settle().await;
    let (events, tasks) = ("/tapahtumat?region=06", "/tehtavat?region=06");
    assert!(copy(&net[1], tasks, "title", "Kiertueen tuottaja").await);
    assert!(!copy(&net[1], events, "name", "Kevätkahvit").await, "a draft is the node's own");
    step(&mut kaisa, &event, "publish").await;
    net.settle().await;
    assert!(copy(&net[1], events, "blurb", "Kahvit ja ideat.").await);
    let changed: Vec<(&str, &str)> = EVENT
        .iter()
        .map(|(name, value)| (*name, if *name == "blurb" { "Kahvit ja pullaa." } else { *value }))
        .collect();
    saved(&press(&mut kaisa, &event, &changed, "save").await);
    step(&mut kaisa, &task, "fill").await;
    net.settle().await;
    assert!(copy(&net[1], events, "blurb", "Kahvit ja pullaa.").await);
    assert!(copy(&net[1], tasks, "state", "filled").await);
    step(&mut kaisa, &event, "cancel").await;
    net.settle().await;
    assert!(copy(&net[1], events, "status", "cancelled").await);
    let log = kaisa.get("/desk/log").await.body;
    for deed in ["added", "published", "changed", "closed", "cancelled"] {
        assert!(log.contains(&format!("</strong> {deed}: ")), "{deed}: {log}");
    }
    net[0].run(&["people", "dismiss", "coordinator", KAISA]).await;
    assert_eq!(kaisa.get("/desk").await.header("location"), "/sign-in");
}

async fn what_was_put_off_happens_by_itself(database: Database) {
    let mut node = Node::init(Kind::Region("06"), database).await;
    node.has_a_clock_to_turn();
    node.serve().await;
    let mut kaisa = kaisa(&node).await;
    let at = (node.now().to_jiff() + jiff::SignedDuration::from_hours(2))
        .to_zoned(jiff::tz::TimeZone::get("Europe/Helsinki").unwrap());
    let at = at.strftime("%Y-%m-%dT%H:%M").to_string();
    let timed = [&EVENT[..], &[("publish_at", at.as_str())]].concat();
    saved(&press(&mut kaisa, "/desk/events/new", &timed, "schedule").await);
    assert!(!copy(&node, "/tapahtumat", "name", "Kevätkahvit").await);
    node.wait_virtually(Duration::from_secs(3 * 3600));
    until_true("it is published", || copy(&node, "/tapahtumat", "name", "Kevätkahvit")).await;
    assert!(kaisa.get("/desk/log").await.body.contains("<strong>schedule</strong> published: event: Kevätkahvit"));

    let csv = "id,title,description,client,kind,engagement,pay_min,pay_unit,deadline,municipality\n\
               t-1,Tuotu tehtävä,Teksti,Kehto,gig,invoice,500,project,2037-01-31,Tampere\n\
               t-2,X,Teksti,Kehto,gig,invoice,500,project,2037-01-31,Tampere\n";
    let page = kaisa.get("/desk/import").await;
    let handed = kaisa.upload(&page, "/desk/import", &[("format", "tasks-csv")], ("tasks.csv", csv.as_bytes())).await;
    let path = saved(&handed);
    let look = kaisa.get(&path).await;
    assert!(look.body.contains("<strong>1</strong> new"), "{}", look.body);
    saved(&kaisa.send(&look, &path, &[("do", "put-in")]).await);
    until_true("it is put in", || copy(&node, "/tehtavat", "title", "Tuotu tehtävä")).await;
    let kaisa = tokio::sync::Mutex::new(kaisa);
    until_true("the file is done", || async {
        kaisa.lock().await.get("/desk/log").await.body.contains("imported: file: tasks.csv")
    })
    .await;
    let done = kaisa.lock().await.get(&path).await;
    assert!(done.body.contains("The import is done."), "{}", done.body);

    // The same list at an address; and an address at which nothing is.
    let site = Site::start().await;
    site.set("/lists/tasks.csv", Reply { body: csv.to_owned(), ..Reply::status(200) });
    let mut kaisa = kaisa.into_inner();
    let mut by_address = async |address: &str| {
        let fields = [("format", "tasks-csv"), ("address", address)];
        kaisa.upload(&page, "/desk/import", &fields, ("", b"")).await
    };
    let missing = by_address(&site.url("/lists/missing.csv")).await;
    assert!(missing.status == 400 && missing.body.contains("The address could not be read."), "{}", missing.body);
    let path = saved(&by_address(&site.url("/lists/tasks.csv")).await);
    let look = kaisa.get(&path).await;
    for words in ["tasks.csv", "<strong>1</strong> unchanged", "<strong>1</strong> refused"] {
        assert!(look.body.contains(words), "{words}: {}", look.body);
    }
}
