//! No page is a dead end: each leads on to what its words speak of.

use crate::browser::Browser;
use crate::seed::{ask, node as this_node, now, seeded, some_task};
use crate::setup::set_up;
use domain::task::{self, Client, NewTask};
use domain::{Caller, Role};

#[tokio::test]
async fn whoever_wants_to_take_part_is_led_to_where_one_can() {
    let node = seeded().await;
    let region = node.page("/tietoa").await.body;
    assert!(region.contains("<a class=\"button\" href=\"/join\">Liity</a>"), "{region}");
    let national = ask(&node.national, "/tietoa", "text/html", "fi").await.body;
    assert!(national.contains("<a class=\"button\" href=\"/alueet\">Valitse alueesi</a>"), "{national}");
    assert!(!national.contains("href=\"/join\""), "there is no such page here");
}

#[tokio::test]
async fn a_task_whose_client_has_no_page_tells_whom_to_ask() {
    let node = seeded().await;
    let client = Client { name: "Hiljainen tilaaja".into(), page: None };
    let new = NewTask { title: "Kenelle haen".into(), client, ..some_task() };
    let us = this_node(Role::Region);
    let publish = |conn: &mut store::Conn| {
        let id = task::add(conn, &us, Caller::Coordinator, &new, now())?;
        task::publish(conn, &us, Caller::Coordinator, &id, now())
    };
    node.scratch.store.write_now(publish).unwrap();
    let before = node.page("/tehtavat/kenelle-haen").await.body;
    assert!(before.contains("<a class=\"button\" href=\"/tietoa#contact\">"), "{before}");
    let mut browser = Browser::new(&node);
    set_up(&node, &mut browser).await;
    let after = node.page("/tehtavat/kenelle-haen").await.body;
    let section = after.split("id=\"apply\"").nth(1).unwrap().split("</section>").next().unwrap();
    assert!(section.contains("href=\"mailto:solmu@kulma.example\""), "{section}");
    assert!(!section.contains("/organisaatiot"), "{section}");
}

#[tokio::test]
async fn a_list_of_another_region_says_so_and_stays_there() {
    let node = seeded().await;
    for path in ["/tapahtumat?region=13", "/tapahtumat?view=map&region=13", "/tehtavat?region=13"] {
        let body = node.page(path).await.body;
        assert!(body.contains("<p class=\"chosen\">Alue: <strong>Keski-Suomi</strong></p>"), "{path}: {body}");
        assert!(body.contains("<input type=\"hidden\" name=\"region\" value=\"13\">"), "{path}: a search stays there");
    }
    for path in ["/tapahtumat", "/tapahtumat?region=06"] {
        assert!(!node.page(path).await.body.contains("class=\"chosen\""), "{path} is of its own region");
    }
}

#[tokio::test]
async fn the_navigation_marks_the_list_that_a_profile_is_in() {
    let node = seeded().await;
    for (path, list) in [("/@aino_lehtiranta", "/tuottajat"), ("/@kehto", "/organisaatiot")] {
        let body = node.page(path).await.body;
        assert!(body.contains(&format!("<a href=\"{list}\" aria-current=\"page\">")), "{path}: {body}");
        assert_eq!(body.matches("aria-current=\"page\"").count(), 1, "{path}");
    }
}

#[tokio::test]
async fn a_page_that_is_not_there_leads_to_all_lists() {
    let node = seeded().await;
    for (router, lists) in [
        (&node.router, &["/tapahtumat", "/tehtavat", "/tuottajat", "/organisaatiot"][..]),
        (&node.national, &["/alueet", "/organisaatiot"][..]),
    ] {
        let body = ask(router, "/nothing", "text/html", "fi").await.body;
        let links = body.split("<ul class=\"plain-links\">").nth(1).unwrap().split("</ul>").next().unwrap();
        for list in lists {
            assert!(links.contains(&format!("href=\"{list}\"")), "{list}: {links}");
        }
    }
}
