//! No page is a dead end: each leads on to what its words speak of.

use crate::seed::{ask, seeded};

#[tokio::test]
async fn whoever_wants_to_take_part_is_led_to_where_one_can() {
    let node = seeded().await;
    let region = node.page("/tietoa").await.body;
    assert!(region.contains("<a class=\"button\" href=\"/join\">Liity</a>"), "{region}");
    let national = ask(&node.national, "/tietoa", "text/html", "fi").await.body;
    assert!(national.contains("<a class=\"button\" href=\"/alueet\">Valitse alueesi</a>"), "{national}");
    assert!(!national.contains("href=\"/join\""), "there is no such page here");
}
