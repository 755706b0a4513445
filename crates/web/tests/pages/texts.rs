//! The texts that a region has to have, the feedback on them, and what those who run the node see of it.

use crate::browser::{Browser, HONEST};
use crate::members::told_in_words;
use crate::seed::{Seeded, now, seeded};
use crate::setup::set_up;
use crate::staff::{appointed, browser_of, kaisa};
use domain::feedback;
use domain::person::{Position, Secret, link};
use http::StatusCode;
use std::time::Duration;

const TEXTS: [&str; 3] = ["/tietosuoja", "/saavutettavuus", "/turvallisempi-tila"];
const FORM: &str = "/saavutettavuus/palaute";

fn told(node: &Seeded) -> Vec<feedback::Feedback> {
    node.scratch.store.read_now(|conn| feedback::open(conn).map_err(store::Error::from)).unwrap()
}

#[tokio::test]
async fn each_text_names_who_answers_and_its_version() {
    let node = seeded().await;
    let before = node.page("/tietosuoja").await.body;
    assert!(before.contains("Palvelua ei ole vielä otettu käyttöön"), "{before}");
    assert!(!before.contains("Samaan osoitteeseen"), "there is no address yet: {before}");
    let mut browser = Browser::new(&node);
    set_up(&node, &mut browser).await;
    for language in ["fi", "sv", "en"] {
        for path in TEXTS {
            let answer = node.ask(path, "text/html", language).await;
            assert_eq!(answer.status, StatusCode::OK, "{path} {language}");
            assert!(answer.body.contains("mailto:solmu@kulma.example"), "{path} {language}");
            let version = answer.body.split("2026-12 ").nth(1).unwrap_or_default();
            let hash: String = version.chars().take_while(char::is_ascii_hexdigit).collect();
            assert_eq!(hash.len(), 16, "{path} {language}: {}", answer.body);
            assert!(!answer.body.contains("heikki@") && !answer.body.contains("Heikki"), "{path}: a private name");
            assert!(answer.header("set-cookie").is_empty(), "{path}: readers get no cookie");
        }
    }
    let notice = node.page("/tietosuoja").await.body;
    assert!(notice.contains("hyväksynyt juuri tämän version"), "{notice}");
    let rules: usize = domain::SLICES.iter().map(|slice| slice.retention.len()).sum();
    assert_eq!(
        notice.matches("<li><strong>").count(),
        rules + 3,
        "every rule of every slice, and what somebody removes"
    );
    assert!(notice.contains("Samaan osoitteeseen") && notice.contains("<strong>Alueen omat tapahtumat:</strong>"));
    assert!(node.page("/turvallisempi-tila").await.body.contains("Alueella on häirintäyhdyshenkilö"));
    for path in TEXTS {
        assert!(node.page("/").await.body.contains(&format!("href=\"{path}\"")), "{path} in the foot");
        assert!(node.page("/sitemap.xml").await.body.contains(path), "{path} in the map of the site");
    }
}

#[tokio::test]
async fn feedback_is_taken_from_everybody_with_the_day_it_is_due() {
    let node = seeded().await;
    let mut browser = Browser::new(&node);
    let page = browser.get(FORM).await;
    assert_eq!((page.status, page.header("cache-control")), (StatusCode::OK, "no-store"));
    let typed = [("text", "<b>Kuva</b> ei kerro mitään"), ("page", "/tapahtumat"), ("mail", "aino")];
    let answer = browser.send(&page, FORM, &typed).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    for part in
        ["“aino” is no e-mail address", "&#60;b&#62;Kuva&#60;/b&#62; ei kerro mitään</textarea>", "href=\"#mail\""]
    {
        assert!(answer.body.contains(part), "{part}: {}", answer.body);
    }
    assert!(told(&node).is_empty());
    let answer = browser.send(&answer, FORM, &[typed[0], typed[1], ("mail", "aino@esimerkki.example")]).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/saavutettavuus/palaute/kiitos"));
    let thanks = browser.get("/saavutettavuus/palaute/kiitos").await;
    assert!(thanks.body.contains("Tue\u{a0}8\u{a0}Dec\u{a0}2026"), "two weeks later: {}", thanks.body);
    let waiting = told(&node);
    assert_eq!(waiting.len(), 1);
    assert_eq!((waiting[0].text.as_str(), waiting[0].told), (typed[0].1, now()));

    // Whose address it is can read that it was looked at.
    let aino = appointed(&node, Position::DataContact, "aino@esimerkki.example");
    let mut aino = browser_of(&node, &aino).await;
    let mut kaisa = kaisa(&node).await;
    let looked = "looked at: feedback on accessibility";
    assert!(!aino.get("/me").await.body.contains(looked));
    assert!(kaisa.get("/desk").await.body.contains("aino@esimerkki.example"));
    assert!(aino.get("/me").await.body.contains(looked), "{}", aino.get("/me").await.body);
    assert!(!kaisa.get("/me").await.body.contains(looked), "it concerns nobody else");
    told_in_words(&mut aino, &["feedback"]).await;
}

#[tokio::test]
async fn c18_feedback_comes_from_its_own_form() {
    let node = seeded().await;
    let mut other = Browser::new(&node);
    assert_eq!(other.post(FORM, &HONEST, &[("text", "Ei toimi")]).await.status, StatusCode::FORBIDDEN);
    let page = other.get(FORM).await;
    let token = crate::browser::token_of(&page, FORM);
    let foreign = [("origin", "https://evil.example"), ("content-type", "application/x-www-form-urlencoded")];
    let answer = other.post(FORM, &foreign, &[("text", "Ei toimi"), ("form", &token)]).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(told(&node).is_empty());
}

#[tokio::test]
async fn those_who_run_the_node_see_whether_it_works_and_what_it_processes() {
    let node = seeded().await;
    let mut browser = Browser::new(&node);
    for path in ["/desk/self-test", "/desk/processing"] {
        assert_eq!(browser.get(path).await.header("location"), "/sign-in", "{path}");
    }
    set_up(&node, &mut browser).await;
    let page = browser.get("/desk/self-test").await;
    assert_eq!((page.status, page.header("cache-control")), (StatusCode::OK, "no-store"), "{}", page.body);
    assert_eq!(page.body.matches("<p class=\"state ").count(), 5, "{}", page.body);
    assert!(page.body.contains("See that the proxy"), "pirkanmaa.example is no host: {}", page.body);
    assert!(page.body.contains("A mail server is set"), "{}", page.body);
    let record = browser.get("/desk/processing").await.body;
    assert!(record.contains("Kulman") && record.contains("Profiles of producers"), "{record}");

    // Before the rules remove anything, the page says what it will be.
    assert!(record.contains("Nothing is due to be removed") && !record.contains("<table"), "{record}");
    let eero = appointed(&node, Position::DataContact, "eero@kulma.example");
    let at = |seconds| now().minus(Duration::from_secs(seconds));
    node.scratch
        .store
        .write_now(|conn| {
            for moment in [at(3_600), at(0)] {
                assert!(link::make(conn, &eero.id, &Secret::fresh(), moment)?);
            }
            Ok::<_, store::Error>(())
        })
        .unwrap();
    let record = browser.get("/desk/processing").await.body;
    assert!(!record.contains("Nothing is due to be removed"), "{record}");
    let table = record.split("<tbody>").nth(1).unwrap().split("</tbody>").next().unwrap();
    assert_eq!(table.matches("<tr>").count(), 1, "rules that remove nothing are not in it: {table}");
    for part in
        ["Links to sign in and to join with", "a quarter of an hour, or until they are used", "<td>1</td><td>2</td>"]
    {
        assert!(table.contains(part), "{part} in {table}");
    }
}
