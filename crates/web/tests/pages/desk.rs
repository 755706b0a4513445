//! The coordinator writes, previews, publishes and calls off; and what stands in the way is told without loss.

use crate::browser::Browser;
use crate::members::told_in_words;
use crate::seed::{Answer, EVIL, Seeded, seeded};
use crate::staff::kaisa;
use http::StatusCode;

pub const EVENT: [(&str, &str); 9] = [
    ("name", "Kevätkahvit"),
    ("blurb", "Kahvit ja ideat."),
    ("content", "Tule *mukaan*.\n\nToinen kappale."),
    ("language", "fi"),
    ("category", "NETWORKING"),
    ("status", "scheduled"),
    ("starts", "2027-03-12T17:00"),
    ("place.name", "Kulmatalo"),
    ("place.locality", "Tampere"),
];

pub const TASK: [(&str, &str); 13] = [
    ("title", "Kiertueen tuottaja"),
    ("description", "Kolme kaupunkia."),
    ("client", "Kehto"),
    ("kind", "gig"),
    ("language", "fi"),
    ("engagement", "invoice"),
    ("engagement", "salary"),
    ("pay_min", "3200"),
    ("pay_unit", "project"),
    ("deadline", "2027-01-31T16:00"),
    ("municipality", "Tampere"),
    ("skills", "tk:touring"),
    ("seats", "1"),
];

/// A form with some of its fields changed.
pub fn with<'a>(fields: &[(&'a str, &'a str)], other: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = fields.iter().filter(|(name, _)| other.iter().all(|(changed, _)| changed != name));
    kept.chain(other).copied().collect()
}

/// Presses a button of the form at a path.
pub async fn press(browser: &mut Browser<'_>, path: &str, fields: &[(&str, &str)], button: &str) -> Answer {
    let page = browser.get(path).await;
    assert_eq!(page.status, StatusCode::OK, "{path}");
    let version = hidden(&page, "version");
    let all = [fields, &[("do", button), ("version", &version)]].concat();
    browser.send(&page, path, &all).await
}

/// What a hidden field holds.
fn hidden(page: &Answer, name: &str) -> String {
    let rest = page.body.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap_or_default();
    rest.split('"').next().unwrap_or_default().to_owned()
}

/// Where the thing that was saved is edited.
pub fn saved(answer: &Answer) -> String {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    answer.header("location").split('?').next().unwrap().to_owned()
}

fn verbs(node: &Seeded) -> usize {
    let count = |conn: &mut store::Conn| {
        let region = domain::region::presenter(conn)?;
        Ok::<_, domain::Error>(federation::outbox::page(conn, &region, None, 1_000)?.len())
    };
    node.scratch.store.read_now(count).unwrap()
}

#[tokio::test]
async fn an_event_from_the_first_line_to_its_end() {
    let node = seeded().await;
    let mut kaisa = kaisa(&node).await;
    let before = verbs(&node);
    let preview = press(&mut kaisa, "/desk/events/new", &EVENT, "preview").await;
    assert_eq!(preview.status, StatusCode::OK, "{}", preview.body);
    for words in
        ["Mastodon", "Mobilizon", "pe 12.3.2027 klo 17 · Kulmatalo, Tampere · Kahvit ja ideat.", "<em>mukaan</em>"]
    {
        assert!(preview.body.contains(words), "{words} in {}", preview.body);
    }
    assert!(preview.body.contains("value=\"Kevätkahvit\"") && preview.body.contains("Toinen kappale."), "it stays");
    assert_eq!(verbs(&node), before, "nothing is sent");

    let path = saved(&press(&mut kaisa, "/desk/events/new", &EVENT, "save").await);
    assert_eq!(verbs(&node), before, "a draft is the node's own");
    let desk = kaisa.get("/desk").await;
    assert!(
        desk.body.contains("href=\"/me\"") && !desk.body.contains("/join\""),
        "who is here has joined: {}",
        desk.body
    );
    assert!(
        desk.body.contains("Kevätkahvit") && desk.body.contains(&format!("action=\"{path}/publish\"")),
        "{}",
        desk.body
    );
    assert_eq!(node.page("/tapahtumat/kevatkahvit").await.status, StatusCode::NOT_FOUND);
    let answer = kaisa.send(&desk, &format!("{path}/publish"), &[]).await;
    assert_eq!(answer.header("location"), "/desk?done=published");
    assert_eq!(verbs(&node), before + 1);
    let page = node.page("/tapahtumat/kevatkahvit").await;
    assert!(page.body.contains("<em>mukaan</em>") && page.body.contains("Kulmatalo"), "{}", page.body);

    let changed = with(&EVENT, &[("blurb", "Kahvit, ideat ja pullaa.")]);
    saved(&press(&mut kaisa, &path, &changed, "save").await);
    assert!(node.page("/tapahtumat/kevatkahvit").await.body.contains("Kahvit, ideat ja pullaa."));
    for (step, words) in [("postpone", "Siirretty"), ("cancel", "Peruttu")] {
        let page = kaisa.get(&format!("{path}/{step}")).await;
        assert_eq!(page.status, StatusCode::OK, "{step}");
        let answer = kaisa.send(&page, &format!("{path}/{step}"), &[]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{step}: {}", answer.body);
        assert!(node.page("/tapahtumat/kevatkahvit").await.body.contains(words), "{step}");
    }
    let page = kaisa.get(&format!("{path}/cancel")).await;
    let answer = kaisa.send(&page, &format!("{path}/cancel"), &[]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT, "once is enough");
    assert!(answer.body.contains("It is cancelled already."), "{}", answer.body);
    let page = kaisa.get(&format!("{path}/delete")).await;
    assert!(page.body.contains("cannot be undone"));
    kaisa.send(&page, &format!("{path}/delete"), &[]).await;
    assert_eq!(kaisa.get(&path).await.status, StatusCode::NOT_FOUND);
    let log = kaisa.get("/desk/log").await.body;
    for deed in ["added", "published", "changed", "postponed", "cancelled", "deleted"] {
        assert!(log.contains(&format!("</strong> {deed}: event: Kevätkahvit")), "{deed} in {log}");
    }
    assert_eq!(log.matches("added: ").count(), 1, "what was refused is not in the log");
}

#[tokio::test]
async fn a_task_with_its_skills_and_its_client() {
    let node = seeded().await;
    let mut kaisa = kaisa(&node).await;
    let found = press(&mut kaisa, "/desk/tasks/new", &with(&TASK, &[("skill_words", "rahoitu")]), "find").await;
    assert!(found.body.contains("value=\"tk:touring\" checked"), "what was ticked stays: {}", found.body);
    assert!(found.body.matches("name=\"skills\"").count() > 2, "{}", found.body);
    let preview = press(&mut kaisa, "/desk/tasks/new", &TASK, "preview").await;
    assert!(preview.body.contains("<strong>Kiertueen tuottaja</strong>"), "{}", preview.body);
    assert!(preview.body.contains("Mobilizon shows events only"), "{}", preview.body);
    let path = saved(&press(&mut kaisa, "/desk/tasks/new", &TASK, "publish").await);
    let task = node.ask("/tehtavat/kiertueen-tuottaja", "application/json", "").await.json();
    assert_eq!(task["client_page"], "https://pirkanmaa.example/@kehto", "an organisation of the region, by its name");
    assert_eq!((&task["pay"]["min"], &task["deadline"]), (&"3200.00".into(), &"2027-01-31T14:00:00Z".into()));
    assert_eq!(task["engagement"], serde_json::json!(["invoice", "salary"]));
    let page = kaisa.get(&path).await;
    assert!(page.body.contains("value=\"2027-01-31T16:00\"") && page.body.contains("value=\"3200\""), "{}", page.body);
    let page = kaisa.get(&format!("{path}/fill")).await;
    kaisa.send(&page, &format!("{path}/fill"), &[]).await;
    assert!(node.page("/tehtavat/kiertueen-tuottaja").await.body.contains("Täytetty"));
    let answer = press(&mut kaisa, &path, &TASK, "save").await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(answer.body.contains("cannot be edited any more"), "{}", answer.body);
}

#[tokio::test]
async fn what_is_wrong_is_told_by_field_and_what_was_typed_stays() {
    let node = seeded().await;
    let mut kaisa = kaisa(&node).await;
    let wrong = [
        ("name", "X"),
        ("starts", "huomenna"),
        ("capacity", "monta"),
        ("online_url", "ftp://x"),
        ("content", "Pitkä\n\nteksti"),
    ];
    for button in ["preview", "save", "publish"] {
        let answer = press(&mut kaisa, "/desk/events/new", &wrong, button).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{button}");
        for field in ["name", "starts", "capacity", "online_url"] {
            assert!(answer.body.contains(&format!("href=\"#{field}\"")), "{field}: {}", answer.body);
            assert!(answer.body.contains(&format!("id=\"{field}-fault\"")), "{field}");
        }
        assert!(
            answer.body.contains("value=\"huomenna\"") && answer.body.contains("Pitkä\n\nteksti"),
            "{}",
            answer.body
        );
        assert!(answer.body.contains("value=\"monta\""), "{}", answer.body);
    }
    let answer = press(&mut kaisa, "/desk/tasks/new", &[("title", "Ilman palkkaa"), ("kind", "gig")], "save").await;
    for field in ["description", "client", "engagement", "municipality"] {
        assert!(answer.body.contains(&format!("href=\"#{field}\"")), "{field}: {}", answer.body);
    }
    let unpaid = with(&TASK, &[("pay_min", ""), ("pay_unit", "")]);
    assert!(press(&mut kaisa, "/desk/tasks/new", &unpaid, "save").await.body.contains("state the pay"));
    let undated = with(&TASK, &[("deadline", "")]);
    let answer = press(&mut kaisa, "/desk/tasks/new", &undated, "publish").await;
    assert!(answer.body.contains("Apply by: this is missing."), "{}", answer.body);
    assert!(
        !kaisa.get("/desk").await.body.contains("Kiertueen tuottaja"),
        "not even a draft is left of what was refused"
    );
    saved(&press(&mut kaisa, "/desk/tasks/new", &undated, "save").await);
}

#[tokio::test]
async fn times_that_are_not_or_are_twice() {
    let node = seeded().await;
    let mut kaisa = kaisa(&node).await;
    let gap = press(&mut kaisa, "/desk/events/new", &with(&EVENT, &[("starts", "2027-03-28T03:30")]), "save").await;
    assert!(gap.body.contains("does not exist: the clock is put forward"), "{}", gap.body);
    let autumn = with(&EVENT, &[("starts", "2027-10-31T03:30")]);
    let fold = press(&mut kaisa, "/desk/events/new", &autumn, "save").await;
    assert!(fold.body.contains("is there twice") && fold.body.contains("name=\"starts_again\""), "{}", fold.body);
    for (which, starts) in [("first", "2027-10-31T00:30:00Z"), ("second", "2027-10-31T01:30:00Z")] {
        let name = format!("Yö {which}");
        let fields = with(&autumn, &[("starts_again", which), ("name", &name)]);
        saved(&press(&mut kaisa, "/desk/events/new", &fields, "publish").await);
        let event = node.ask(&format!("/tapahtumat/yo-{which}"), "application/json", "").await.json();
        assert_eq!(event["starts"], starts, "{which}");
    }
}

#[tokio::test]
async fn two_who_edit_the_same_are_told() {
    let node = seeded().await;
    let mut kaisa = kaisa(&node).await;
    let path = saved(&press(&mut kaisa, "/desk/events/new", &EVENT, "save").await);
    let early = kaisa.get(&path).await;
    // The clock of the test stands still, so the other's save is another version by its own number.
    let version = hidden(&early, "version");
    let stale = (version.parse::<i64>().unwrap() - 1).to_string();
    let late = with(&EVENT, &[("name", "Toisen nimi"), ("version", &stale), ("do", "save")]);
    let answer = kaisa.send(&early, &path, &late).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(
        answer.body.contains("Somebody else has changed this") && answer.body.contains("value=\"Toisen nimi\""),
        "{}",
        answer.body
    );
    assert_eq!(hidden(&answer, "version"), version, "who saves again has been told");
    let again = with(&EVENT, &[("name", "Toisen nimi"), ("version", &version), ("do", "save")]);
    saved(&kaisa.send(&answer, &path, &again).await);
    assert!(kaisa.get(&path).await.body.contains("value=\"Toisen nimi\""));
}

#[tokio::test]
async fn a_draft_on_the_clock() {
    let node = seeded().await;
    let mut kaisa = kaisa(&node).await;
    for (at, words) in
        [("", "this is missing"), ("2026-11-01T10:00", "Choose a later one"), ("pian", "is not a day and a time")]
    {
        let answer = press(&mut kaisa, "/desk/events/new", &with(&EVENT, &[("publish_at", at)]), "schedule").await;
        assert!(answer.status == StatusCode::BAD_REQUEST && answer.body.contains(words), "{at}: {}", answer.body);
    }
    let timed = with(&EVENT, &[("publish_at", "2027-02-01T09:00")]);
    let path = saved(&press(&mut kaisa, "/desk/events/new", &timed, "schedule").await);
    assert!(kaisa.get("/desk").await.body.contains("will be published Mon"), "{}", kaisa.get("/desk").await.body);
    let page = kaisa.get(&format!("{path}/unschedule")).await;
    kaisa.send(&page, &format!("{path}/unschedule"), &[]).await;
    assert!(!kaisa.get("/desk").await.body.contains("will be published Mon"));
}

#[tokio::test]
async fn nothing_that_is_typed_or_sent_becomes_markup_at_the_desk() {
    let node = seeded().await;
    let mut kaisa = kaisa(&node).await;
    let evil =
        with(&EVENT, &[("name", EVIL), ("blurb", EVIL), ("content", EVIL), ("place.name", EVIL), ("organiser", EVIL)]);
    let preview = press(&mut kaisa, "/desk/events/new", &evil, "preview").await;
    let path = saved(&press(&mut kaisa, "/desk/events/new", &evil, "save").await);
    let pages = [
        preview,
        kaisa.get(&path).await,
        kaisa.get("/desk").await,
        kaisa.get("/desk/log").await,
        kaisa.get("/desk/events").await,
    ];
    for page in pages {
        for bad in ["<script", "<img src=x", " style=", " onerror=alert(1)>"] {
            assert!(!page.body.contains(bad), "{bad} in {}", page.body);
        }
    }
    for odd in ["/desk/events/nothing", "/desk/things", "/desk/events/x/explode", "/desk/import/x"] {
        assert_eq!(kaisa.get(odd).await.status, StatusCode::NOT_FOUND, "{odd}");
    }
}

#[tokio::test]
async fn hosts_are_blocked_with_a_reason() {
    let node = seeded().await;
    let mut kaisa = kaisa(&node).await;
    let page = kaisa.get("/desk/peers").await;
    for (fields, words) in [
        (vec![("what", "x"), ("do", "block")], "Write the name of the server"),
        (vec![("what", "ilkea.example"), ("do", "block")], "Write a reason"),
        (vec![("what", "pirkanmaa.example"), ("reason", "x"), ("do", "block")], "this server itself"),
        (vec![("what", "javascript:alert(1)"), ("do", "follow")], "Nobody was found"),
    ] {
        let answer = kaisa.send(&page, "/desk/peers", &fields).await;
        assert!(answer.status == StatusCode::BAD_REQUEST && answer.body.contains(words), "{fields:?}: {}", answer.body);
    }
    let unreasoned = kaisa.send(&page, "/desk/peers", &[("what", "ilkea.example"), ("do", "block")]).await.body;
    for part in ["aria-describedby=\"reason-fault\"", "id=\"reason-fault\"", "value=\"ilkea.example\""] {
        assert!(unreasoned.contains(part), "{part}: the field at fault is marked, and the other keeps what was typed");
    }
    assert!(!unreasoned.contains("host-fault"), "{unreasoned}");
    let told = [("what", "@x@Ilkea.example"), ("reason", "roskapostia"), ("do", "block")];
    assert_eq!(kaisa.send(&page, "/desk/peers", &told).await.header("location"), "/desk/peers?done=blocked");
    let page = kaisa.get("/desk/peers").await;
    assert!(page.body.contains("Blocked because: roskapostia"), "{}", page.body);
    let again = kaisa.send(&page, "/desk/peers", &told).await;
    assert!(again.body.contains("blocked already"), "{}", again.body);
    let ended = kaisa.send(&page, "/desk/peers", &[("what", "ilkea.example"), ("do", "unblock")]).await;
    assert_eq!(ended.header("location"), "/desk/peers?done=unblocked");
    let log = kaisa.get("/desk/log").await.body;
    assert!(log.contains("unblocked: server: ilkea.example") && log.contains("(roskapostia)"), "{log}");
}

pub const CSV: &str = "id,title,description,client,kind,engagement,pay_min,pay_unit,deadline,municipality\n\
                   t-1,Tuotu tehtävä,Teksti,Kehto,gig,invoice,500,project,2027-01-31,Tampere\n\
                   t-2,X,Teksti,Kehto,gig,invoice,500,project,2027-01-31,Tampere\n";

/// A form with a file, as browsers send it.
pub async fn upload(browser: &mut Browser<'_>, token: &str, format: &str, file: &str) -> Answer {
    let part =
        |name: &str, value: &str| format!("--x\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    let body = format!(
        "{}{}--x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"tasks.csv\"\r\ncontent-type: text/csv\r\n\r\n{file}\r\n--x--\r\n",
        part("form", token),
        part("format", format),
    );
    let headers = [
        ("origin", crate::browser::ORIGIN),
        ("sec-fetch-site", "same-origin"),
        ("content-type", "multipart/form-data; boundary=x"),
        ("accept", "text/html"),
        ("accept-language", "en"),
    ];
    browser.ask("POST", "/desk/import", &headers, &body).await
}

#[tokio::test]
async fn a_file_is_looked_at_before_it_is_put_in() {
    let node = seeded().await;
    let mut kaisa = kaisa(&node).await;
    let page = kaisa.get("/desk/import").await;
    let token = crate::browser::token_of(&page, "/desk/import");
    assert!(upload(&mut kaisa, &token, "", CSV).await.body.contains("Choose the format"));
    let odd = upload(&mut kaisa, &token, "bundle", CSV).await;
    assert!(odd.status == StatusCode::BAD_REQUEST && odd.body.contains("not JSON"), "{}", odd.body);
    let answer = upload(&mut kaisa, &token, "tasks-csv", CSV).await;
    let path = saved(&answer);
    told_in_words(&mut kaisa, &["desk"]).await;
    let look = kaisa.get(&path).await;
    assert!(
        look.body.contains("<strong>1</strong> new") && look.body.contains("<strong>1</strong> refused"),
        "{}",
        look.body
    );
    assert!(
        look.body.contains("line 3 (t-2)") && look.body.contains("title: write 3 characters at least."),
        "{}",
        look.body
    );
    assert!(!node.page("/tehtavat").await.body.contains("Tuotu tehtävä"), "nothing is written by looking");
    let wanted = kaisa.send(&look, &path, &[("do", "put-in")]).await;
    assert_eq!(wanted.header("location"), path);
    assert!(kaisa.get(&path).await.body.contains("under way"));
    assert_eq!(kaisa.send(&look, &path, &[("do", "put-in")]).await.status, StatusCode::NOT_FOUND, "once");

    // Nobody else sees it, and nothing is read of a stranger's file.
    let eero = crate::staff::appointed(&node, domain::person::Position::Deputy, "eero@kulma.example");
    let mut eero = crate::staff::browser_of(&node, &eero).await;
    assert_eq!(eero.get(&path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(upload(&mut eero, &token, "tasks-csv", CSV).await.status, StatusCode::FORBIDDEN, "another's token");
    let mut nobody = Browser::new(&node);
    assert_eq!(upload(&mut nobody, &token, "tasks-csv", CSV).await.status, StatusCode::FORBIDDEN);
    let large = "x".repeat(11_000_000);
    assert_eq!(upload(&mut kaisa, &token, "tasks-csv", &large).await.status, StatusCode::PAYLOAD_TOO_LARGE);
}
