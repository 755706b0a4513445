//! Which pages are looked at, as whom, and what is to be seen there.

use crate::elsewhere::{a_copy, told_from_elsewhere, who_takes_nothing};
use crate::page::Page;
use crate::people::{self, Person};
use crate::{LANGUAGES, harness, refusals};
use serde_json::Value;
use server::demo::network::{Network, Node};

/// A public list of a node, of a region's things.
pub async fn listed(node: &Node, list: &str, region: &str) -> Vec<Value> {
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    let answer = client.get(node.url(&format!("{list}?region={region}"))).header("accept", "application/json").send();
    let list: Value = answer.await.expect("an answer").json().await.expect("JSON");
    list["items"].as_array().expect("items").clone()
}

/// The first thing of a node's own in a list that is as it is wanted.
pub async fn own(region: &Node, list: &str, wanted: fn(&Value) -> bool) -> Value {
    let items = listed(region, list, "06").await;
    items.into_iter().find(|item| item["source"]["local"] == true && wanted(item)).expect("one of our own")
}

fn slug_of(thing: &Value) -> String {
    thing["slug"].as_str().expect("a slug").to_owned()
}

/// The last part of its page's address.
pub async fn first_slug(region: &Node, list: &str) -> String {
    slug_of(&own(region, list, |_| true).await)
}

/// The last part of its id.
async fn first_id(region: &Node, list: &str) -> String {
    let id = own(region, list, |_| true).await["source"]["id"].as_str().expect("an id").to_owned();
    id.rsplit('/').next().expect("the end of an id").to_owned()
}

/// A month that some of the example events are in.
fn a_full_month() -> String {
    let now = store::Clock::System.now().to_jiff().to_zoned(jiff::tz::TimeZone::UTC).date();
    now.checked_add(jiff::Span::new().days(20)).expect("a day").strftime("%Y-%m").to_string()
}

/// An event of a region that will take place.
pub fn is_coming(event: &Value) -> bool {
    event["status"] == "scheduled"
}

/// Every page of the network, for everybody who may see it; the only one of a node that is not set up, at `closed`, and of one
/// with a fault.
pub async fn all(network: &Network, cancelled: &str, closed: String, broken: &harness::Node) -> Vec<Page> {
    let region = &network.regions[0];
    let mut pages = of_everybody(region, cancelled).await;
    for (list, of) in [("/tapahtumat", "14"), ("/tehtavat", "14"), ("/tuottajat", "14")] {
        pages.push(Page::of(region, &a_copy(region, list, of).await));
    }
    pages.extend(of_the_nation(&network.national).await);
    pages.push(Page::named("a node that is not set up".to_owned(), closed).answering(503));
    pages.push(refusals::of_a_broken_one(broken));
    pages.extend(refusals::of(region));
    pages.extend(ways_in(region).await);
    let mut aino = people::writer(region).await;
    let mut kaisa = Person::appointed(region, "coordinator", "kaisa@kulma.example", "Kaisa Koordinaattori").await;
    let offer = [("position", "deputy"), ("mail", "aino@kulma.example"), ("name", ""), ("do", "offer")];
    kaisa.send("/desk/positions", "/desk/positions", &offer).await;
    pages.extend(of_members(region, &mut aino).await);
    pages.extend(of_an_organisation(region, &mut kaisa, &aino).await);
    pages.extend(at_desk(region, &mut kaisa).await);
    let boss = Person::appointed(&network.national, "coordinator", "lea@kulma.example", "Lea Esimerkki").await;
    for path in ["/desk", "/me"] {
        pages.push(Page::of(&network.national, path).seen_by("the coordinator", &boss.session()));
    }
    pages
}

async fn of_the_nation(national: &Node) -> Vec<Page> {
    let mut pages: Vec<Page> = [
        "/",
        "/@kansallinen",
        "/tapahtumat",
        "/tapahtumat?view=map",
        "/tehtavat",
        "/tuottajat",
        "/organisaatiot",
        "/alueet",
        "/search?q=tapahtumia",
        "/seuraa",
        "/tietoa",
    ]
    .map(|path| Page::of(national, path))
    .into();
    for list in ["/tapahtumat", "/tehtavat", "/tuottajat"] {
        pages.push(Page::of(national, &a_copy(national, list, "06").await));
    }
    pages
}

async fn of_everybody(region: &Node, cancelled: &str) -> Vec<Page> {
    let mut pages: Vec<Page> = [
        "/",
        "/tapahtumat",
        "/tapahtumat?q=eiosumia",
        "/tapahtumat?view=map",
        "/tehtavat",
        "/tuottajat",
        "/tuottajat?field=music&language=fi",
        "/organisaatiot",
        "/seuraa",
        "/seuraa?server=mastodon.social",
        "/authorize_interaction?uri=https%3A%2F%2Fkulma.example%2F%40aino",
        "/@relay",
        "/tietoa",
        "/tietosuoja",
        "/saavutettavuus",
        "/saavutettavuus/palaute",
        "/saavutettavuus/palaute/kiitos",
        "/turvallisempi-tila",
        "/search",
        "/search?q=tapahtumia",
        "/search?q=eiosumia&kind=task",
    ]
    .map(|path| Page::of(region, path))
    .into();
    let coming = slug_of(&own(region, "/tapahtumat", is_coming).await);
    for path in [
        format!("/@{}", region.username),
        format!("/tapahtumat/{cancelled}"),
        format!("/tapahtumat/{coming}"),
        format!("/tehtavat/{}", first_slug(region, "/tehtavat").await),
        format!("/@{}", first_slug(region, "/tuottajat").await),
        format!("/@{}", first_slug(region, "/organisaatiot").await),
    ] {
        pages.push(Page::of(region, &path));
    }
    // A table where there is room for one, a list where there is none.
    let month = Page::of(region, &format!("/tapahtumat?month={}", a_full_month()));
    pages.push(month.twofold());
    pages.push(Page::of(region, "/tuottajat?skill=x").answering(400));
    pages.push(Page::of(region, "/tapahtumat?from=eilen").answering(400));
    pages.push(Page::of(region, "/tapahtumat/ei-ole").answering(404));
    pages.push(Page::of(region, "/saavutettavuus/palaute").pressed(SUBMIT, 400));
    pages
}

/// The button of the only form in the middle of a page.
const SUBMIT: &str = "main form button[type=submit]";
/// The button after which the recovery codes are shown.
const CONFIRM: &str = "main button[value=confirm]";

async fn ways_in(region: &Node) -> Vec<Page> {
    let setup = region.run(&["setup"]).await.expect("an address for setting up");
    let setup = setup.trim().strip_prefix(&region.url("")).expect("an address of the region").to_owned();
    let join = Person::invited(region, "eero@kulma.example").await;
    region
        .run(&["people", "appoint", "harassment-contact", "helmi@kulma.example", "--name", "Helmi Esimerkki"])
        .await
        .expect("she is appointed");
    let link = region.run(&["sign-in", "helmi@kulma.example"]).await.expect("a link");
    let link = link.trim().strip_prefix(&region.url("")).expect("an address of the region").to_owned();
    vec![
        Page::of(region, "/sign-in"),
        Page::of(region, "/sign-in").pressed(SUBMIT, 400),
        Page::of(region, "/sign-in/sent"),
        Page::of(region, "/sign-in/x").answering(410),
        Page::of(region, &plain(&link)),
        Page::of(region, "/join"),
        Page::of(region, "/join").pressed(SUBMIT, 400),
        Page::of(region, "/join/sent"),
        Page::of(region, &plain(&join)),
        Page::of(region, &plain(&join)).pressed(SUBMIT, 400),
        Page::of(region, &plain(&setup)),
        Page::of(region, &plain(&setup)).pressed(SUBMIT, 400),
    ]
}

/// A link of a letter says in which language it is read; here the browser says it.
fn plain(path: &str) -> String {
    path.split('?').next().unwrap_or_default().to_owned()
}

/// The pages of what is one's own.
async fn of_members(region: &Node, aino: &mut Person) -> Vec<Page> {
    let address = aino.readdressed(region, "aino.uusi@kulma.example").await;
    let cookie = aino.session();
    let member = |path: &str| Page::of(region, path).seen_by("a member", &cookie);
    let mut pages: Vec<Page> = [
        "/me",
        "/me/profile",
        "/me/skills",
        "/me/skills?q=raha",
        "/me/work",
        "/me/picture",
        "/me/publication",
        "/me/publication?saved=1",
        "/me/account",
        "/me/data",
        "/me/delete",
        "/me/positions",
        "/me/second-step",
        "/me/passkeys",
        "/me/invitation",
    ]
    .map(member)
    .into();
    pages.push(member(&plain(&address)));
    let upload = "main form[enctype] button[type=submit]";
    pages.push(member("/me/picture").pressed(upload, 400));
    let leaver = people::leaver(region).await.session();
    for path in ["/me", "/me/delete", "/me/profile", "/me/work", "/me/publication"] {
        pages.push(Page::of(region, path).seen_by("somebody who leaves", &leaver));
    }
    for language in LANGUAGES {
        let (person, key) = people::about_to_confirm(region, language).await;
        let confirms = Page::of(region, "/me/second-step").seen_by(language, &person.session());
        pages.push(confirms.with_code_of(key, language).pressed(CONFIRM, 200));
    }
    let key = people::with_a_key(region).await.session();
    let (whole, half) = people::with_a_second_step(region).await;
    let half = half.session();
    pages.push(Page::of(region, "/me/second-step").seen_by("the deputy", &key));
    pages.push(Page::of(region, "/me/second-step").seen_by("the deputy", &key).pressed(CONFIRM, 400));
    pages.push(Page::of(region, "/me/second-step").seen_by("who has a second step", &whole.session()));
    pages.push(Page::of(region, "/me/invitation").seen_by("the deputy", &key)); // the coordinator invites him
    pages.push(Page::of(region, "/second-step").seen_by("half signed in", &half));
    pages.push(Page::of(region, "/second-step").seen_by("half signed in", &half).pressed(SUBMIT, 400));
    pages
}

/// Who speaks for an organisation: at the desk, and for the member who does.
async fn of_an_organisation(region: &Node, kaisa: &mut Person, aino: &Person) -> Vec<Page> {
    let list = kaisa.get("/desk/organisations").await;
    let path = links(&list, "/desk/organisations/").pop().expect("an organisation");
    kaisa.send(&path, &path, &[("mail", "aino@kulma.example"), ("do", "name")]).await;
    let (desk, member) = (kaisa.session(), aino.session());
    let at_desk = |path: &str| Page::of(region, path).seen_by("the coordinator", &desk);
    let theirs = Page::of(region, &path.replace("/desk/", "/me/")).seen_by("a member", &member);
    vec![at_desk("/desk/organisations"), at_desk(&path), at_desk(&path).pressed("button[value=name]", 400), theirs]
}

/// Tasks for the import; the second one has too short a title.
const TASKS: &str = "id,title,description,client,kind,engagement,pay_min,pay_unit,deadline,municipality\n\
                     t-1,Tuotu tehtävä,Teksti,Kehto,gig,invoice,500,project,2037-01-31,Tampere\n\
                     t-2,X,Teksti,Kehto,gig,invoice,500,project,2037-01-31,Tampere\n";

/// What the coordinator has in hand: feedback, a server that is blocked and one that fails, somebody invited; and, at these paths,
/// a draft and a file.
async fn at_work(region: &Node, kaisa: &mut Person) -> Vec<String> {
    let event = [
        ("name", "Kevätkahvit"),
        ("starts", "2037-03-12T17:00"),
        ("place.name", "Kulmatalo"),
        ("place.locality", "Tampere"),
        ("content", "Tule *mukaan*."),
        ("do", "save"),
    ];
    let draft = kaisa.send("/desk/events/new", "/desk/events/new", &event).await;
    let file = ("file", TASKS.as_bytes());
    let import = kaisa.upload("/desk/import", &[("format", "tasks-csv"), ("address", "")], file).await;
    let block = [("what", "ilkea.example"), ("reason", "roskapostia"), ("do", "block")];
    kaisa.send("/desk/peers", "/desk/peers", &block).await;
    let told = [("text", "Kartta ei toimi ruudunlukijalla."), ("page", "/tapahtumat?view=map"), ("mail", "")];
    kaisa.send("/saavutettavuus/palaute", "/saavutettavuus/palaute", &told).await;
    let imported = kaisa.get("/desk/imported").await;
    let profile = imported.split("name=\"what\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let profile = profile.expect("a profile that is nobody's own");
    let invited = [("what", profile), ("mail", "heikki@kulma.example"), ("language", "fi"), ("do", "invite")];
    kaisa.send("/desk/imported", "/desk/imported", &invited).await;
    let words = told_from_elsewhere(region).await;
    let failing = who_takes_nothing(region).await;
    let desk = kaisa.get("/desk").await;
    assert!(words.iter().all(|said| desk.contains(said)), "an answer and a report wait at the desk: {desk}");
    assert!(desk.contains(&failing), "so does what a server does not take: {desk}");
    assert!(kaisa.get("/desk/peers").await.contains("name=\"do\" value=\"try\""), "it can be tried at once");
    [draft, import].map(|path| path.split('?').next().unwrap_or_default().to_owned()).into()
}

/// The pages of who runs the node.
async fn at_desk(region: &Node, kaisa: &mut Person) -> Vec<Page> {
    let in_hand = at_work(region, kaisa).await;
    let mut paths: Vec<String> = [
        "/desk",
        "/desk?done=published",
        "/desk/events",
        "/desk/tasks",
        "/desk/events/new",
        "/desk/tasks/new",
        "/desk/peers",
        "/desk/peers?host=b.example",
        "/desk/import",
        "/desk/positions",
        "/desk/log",
        "/desk/self-test",
        "/desk/processing",
        "/desk/profiles",
        "/desk/imported",
        "/me",
        "/me/positions",
    ]
    .map(str::to_owned)
    .into();
    let event = format!("/desk/events/{}", first_id(region, "/tapahtumat").await);
    let task = format!("/desk/tasks/{}", first_id(region, "/tehtavat").await);
    let queue = kaisa.get("/desk/profiles").await;
    let profile = links(&queue, "/desk/profiles/").pop().expect("one waits");
    for path in [event.as_str(), task.as_str(), in_hand[0].as_str()] {
        let page = kaisa.get(path).await;
        paths.extend(links(&page, &format!("{path}/")));
    }
    paths.extend(in_hand);
    paths.extend([event.clone(), task.clone(), profile.clone()]);
    let cookie = kaisa.session();
    let desk = |path: &str| Page::of(region, path).seen_by("the coordinator", &cookie);
    let mut pages: Vec<Page> = paths.iter().map(|path| desk(path)).collect();
    for (path, button, status) in [
        ("/desk/events/new", "button.button[value=publish]", 400),
        ("/desk/tasks/new", "button.button[value=publish]", 400),
        ("/desk/import", SUBMIT, 400),
        ("/desk/peers", "button[value=follow]", 400),
        ("/desk/peers", "button[value=block]", 400),
        ("/desk/positions", "button[value=offer]", 400),
        (event.as_str(), "button.button[value=preview]", 200),
        (task.as_str(), "button.button[value=preview]", 200),
    ] {
        pages.push(desk(path).pressed(button, status));
    }
    // Everybody has one file in hand, so it is somebody else's that was put in.
    let mut matti = Person::appointed(region, "deputy", "matti@kulma.example", "Matti Esimerkki").await;
    let put_in = matti.put_in(&TASKS.replace("t-1,Tuotu", "t-3,Toinen").replace("t-2", "t-4")).await;
    pages.push(Page::of(region, &put_in).seen_by("the other deputy", &matti.session()));
    let give_back = desk(&profile).pressed("main form[action$=return] button", 400);
    pages.push(give_back.leading_to("/return"));
    pages
}

/// The links of a page that begin like this, each once.
fn links(page: &str, beginning: &str) -> Vec<String> {
    let links = page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let mut found: Vec<String> = links.filter(|link| link.starts_with(beginning)).map(str::to_owned).collect();
    found.sort();
    found.dedup();
    found
}
