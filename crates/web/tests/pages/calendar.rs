//! The events of a month and on the map, and that lists and feeds are of the same.

use crate::seed::{ask, seeded};
use http::StatusCode;
use icalendar::{Calendar, Component};

/// The cell of a day.
fn cell(body: &str, day: &str) -> String {
    let cell = body.split("<td ").find(|cell| cell.contains(&format!("datetime=\"{day}\"")));
    cell.unwrap_or_else(|| panic!("no cell of {day} in {body}")).split("</td>").next().unwrap().to_owned()
}

#[tokio::test]
async fn a_month_is_a_table_of_weeks_from_monday() {
    let node = seeded().await;
    let answer = node.page("/tapahtumat?month=2026-12").await;
    assert_eq!(answer.status, StatusCode::OK);
    let body = &answer.body;
    assert!(body.contains("<title>Tapahtumat · joulukuu 2026 – Pirkanmaa</title>"), "{body}");
    let heads: Vec<&str> = body.split("<th scope=\"col\"><abbr title=\"").skip(1).collect();
    assert!(heads.len() == 7 && heads[0].starts_with("maanantai\">ma<"), "{heads:?}");
    assert_eq!(body.matches("<tr>\n<td").count(), 5, "five weeks");
    assert_eq!(body.matches("<time datetime=\"2026-12-").count(), 31, "each day once");
    let evening = cell(body, "2026-12-11");
    assert!(evening.contains("<span class=\"time\">18.00</span> <a href=\"/tapahtumat/talvifestarit-2026\">"));
    assert!(evening.contains("<span class=\"unseen\">Peruttu</span>"), "what is called off says so: {evening}");
    assert!(cell(body, "2026-12-12").contains("class=\" idle\""));
    for link in [
        "rel=\"prev\" href=\"/tapahtumat?month=2026-11\"",
        "rel=\"next\" href=\"/tapahtumat?month=2027-01\"",
        "href=\"/tapahtumat.ics?month=2026-12&#38;lang=fi\"",
        "href=\"/tapahtumat.atom?month=2026-12&#38;lang=fi\"",
        "<a href=\"/tapahtumat?month=2026-11\">Kalenterina</a>",
        "name=\"month\" value=\"2026-12\"",
    ] {
        assert!(body.contains(link) || body.contains(&link.replace("\">", "\" aria-current=\"page\">")), "{link}");
    }
    let today = node.page("/tapahtumat?month=2026-11").await;
    assert!(cell(&today.body, "2026-11-24").starts_with("class=\"today"), "noon of 24 November");
    let coming = "<a href=\"/tapahtumat?month=2026-12\">Seuraava kuukausi, jossa on tapahtumia: joulukuu 2026</a>";
    assert!(today.body.contains(coming) && !body.contains("ei löytynyt"), "an empty month leads on: {}", today.body);
}

#[tokio::test]
async fn a_day_names_six_and_leads_to_the_list_of_all() {
    let node = seeded().await;
    let answer = node.ask("/tapahtumat?month=2026-12&q=klubi&lang=en", "text/html", "").await;
    assert!(answer.body.contains("3 events"), "one of the four has other tags: {}", answer.body);
    let one = "/tapahtumat?month=2027-01&q=sarja";
    assert!(node.page(one).await.body.contains("9 tapahtumaa"), "as the words of the search narrow it down");
    let list = node.page("/tapahtumat?from=2026-12-11&until=2026-12-11&past=1").await;
    assert!(list.body.contains("4 tapahtumaa"));
}

#[tokio::test]
async fn feeds_and_documents_are_of_the_same_month() {
    let node = seeded().await;
    for (month, count) in [("2026-12", 4), ("2027-01", 9), ("2026-11", 0), ("2027-02", 16)] {
        let json = node.ask(&format!("/tapahtumat?month={month}"), "application/json", "").await.json();
        assert_eq!(json["total"], count, "{month}");
        let calendar: Calendar = node.page(&format!("/tapahtumat.ics?month={month}")).await.body.parse().unwrap();
        assert_eq!(calendar.events().filter_map(|event| event.get_uid()).count(), count, "{month}");
        let atom = node.page(&format!("/tapahtumat.atom?month={month}")).await.body;
        assert_eq!(atom.matches("<entry>").count(), count, "{month}");
    }
}

#[tokio::test]
async fn what_is_no_month_is_said_and_kept() {
    let node = seeded().await;
    for typed in ["2026-13", "joulukuu", "99999-01", "2026-12-01", "%22%3E"] {
        for path in ["/tapahtumat", "/tapahtumat.ics", "/tapahtumat.atom"] {
            let answer = node.page(&format!("{path}?month={typed}")).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path} {typed}");
        }
        assert!(node.page(&format!("/tapahtumat?month={typed}")).await.body.contains("ei ole kuukausi"), "{typed}");
    }
    for (edge, missing) in [("2000-01", "rel=\"prev\""), ("2100-12", "rel=\"next\"")] {
        let answer = node.page(&format!("/tapahtumat?month={edge}")).await;
        assert!(answer.status == StatusCode::OK && !answer.body.contains(missing), "{edge}");
    }
}

#[tokio::test]
async fn the_map_counts_each_region_in_words_as_well() {
    let node = seeded().await;
    for router in [&node.router, &node.national] {
        let answer = ask(router, "/tapahtumat?view=map", "text/html", "fi").await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.body.matches("<path class=\"area ").count(), 19);
        let row = "<th scope=\"row\"><a href=\"/tapahtumat?region=06\">Pirkanmaa</a></th><td>29</td>";
        assert!(answer.body.contains(row), "{}", answer.body);
        assert!(!answer.body.contains("<td>0</td>"), "those without have a line of their own");
        assert!(answer.body.contains("Lappi,") && answer.body.contains("Ei tapahtumia: "), "{}", answer.body);
        assert!(answer.body.contains("<a href=\"/tapahtumat?region=06\" tabindex=\"-1\"><path"), "for a pointer");
        assert!(answer.body.contains("aria-hidden=\"true\" focusable=\"false\""), "the table says it all");
    }
    let some = node.page("/tapahtumat?view=map&q=talvifestarit").await;
    assert!(some.body.contains("href=\"/tapahtumat?q=talvifestarit&#38;region=06\">Pirkanmaa</a></th><td>1</td>"));
    assert!(some.body.contains("name=\"view\" value=\"map\""), "the search stays on the map");
    let front = node.page("/").await;
    assert!(front.body.contains("aria-label=\"Suomen maakunnat, joista Pirkanmaa on korostettu.\""), "{}", front.body);
    assert_eq!(front.body.matches("<path class=\"area own\"").count(), 1);
}
