//! Collections are counted, paged, and walked without meeting anything twice.

use crate::cases;
use crate::harness::{Database, Site, accepted, event, producer_row, producers, until_true};
use crate::on_both_databases;
use crate::shown::{COMING, OBJECTS, Shown, USER_AGENT};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use store::id::ActorUrl;
use store::{Clock, Conn, Timestamp};

on_both_databases! {
    walking_collections;
}

/// More than two pages.
const MANY: usize = 45;

async fn walking_collections(database: Database) {
    let shown = Shown::on(database).await;
    let mut bundle = event("m-0", "Monta 0", "Lyhyesti.");
    let events: Vec<Value> = (0..MANY)
        .map(|number| {
            let mut one = bundle["events"][0].clone();
            one["id"] = json!(format!("m-{number}"));
            one["name"] = json!(format!("Monta {number}"));
            one
        })
        .collect();
    bundle["events"] = json!(events);
    shown.node.import_bundle(&bundle).await;
    let rows: Vec<String> = (0..25)
        .map(|number| {
            producer_row(&format!("m-{number}"), &format!("Moni {number}"), "Otsikko", &format!("moni{number}"))
        })
        .collect();
    assert_eq!(shown.node.import(&producers(&rows), "producers-csv").await.code, Some(0));
    cases! { shown;
        c29_the_outbox
        c29_a_page_that_grows_while_it_is_read
        c30_featured_and_upcoming
        the_hashtags_of_what_is_coming
        producers_are_presented
        followers_are_counted_and_not_named
        whom_a_region_follows_is_told_page_by_page
        odd_pages
    }
}

/// All items of a collection, page by page.
async fn walk(shown: &Shown, collection: &str) -> Vec<Value> {
    let head = shown.node.document(collection).await;
    assert_eq!(head["type"], "OrderedCollection", "{collection}");
    let (mut next, mut all, mut pages) = (head["first"].as_str().map(str::to_owned), Vec::new(), BTreeSet::new());
    assert!(head["first"].is_string(), "{collection}: first is no address: {head}");
    while let Some(address) = next.take() {
        assert!(pages.insert(address.clone()), "{address} is met twice");
        let page = shown.node.document(&address).await;
        assert_eq!(
            (&page["type"], &page["partOf"]),
            (&json!("OrderedCollectionPage"), &json!(collection)),
            "{address}"
        );
        let items = page["orderedItems"].as_array().unwrap();
        assert!(items.len() <= 20, "{address} has {} items", items.len());
        all.extend(items.iter().cloned());
        next = page["next"].as_str().map(str::to_owned);
    }
    assert_eq!(head["totalItems"].as_u64().unwrap(), all.len() as u64, "{collection}: totalItems");
    all
}

fn ids(items: &[Value]) -> BTreeSet<&str> {
    items.iter().map(|item| item.as_str().or_else(|| item["id"].as_str()).unwrap()).collect()
}

async fn c29_the_outbox(shown: &Shown) {
    let all = walk(shown, &format!("{}/outbox", shown.region)).await;
    assert_eq!(ids(&all).len(), all.len(), "each once");
    assert_eq!(all.len(), MANY + OBJECTS, "some were there before");
    for item in &all {
        assert_eq!((&item["type"], &item["actor"]), (&json!("Create"), &json!(shown.region)));
        assert!(item["object"]["content"].is_string(), "the object itself: {item}");
        assert!(item.get("@context").is_none() && item["object"].get("@context").is_none(), "one context for the page");
    }
    let times: Vec<&str> = all.iter().map(|item| item["published"].as_str().unwrap()).collect();
    assert!(times.is_sorted_by(|one, next| one >= next), "newest first");
    assert!(!ids(&all).contains(format!("{}/activity", shown.deleted).as_str()), "what is gone is not listed");
    let last = shown.node.document(&format!("{}/outbox", shown.region)).await["last"].as_str().unwrap().to_owned();
    let last = shown.node.document(&last).await;
    assert!(
        last.get("next").is_none() && !last["orderedItems"].as_array().unwrap().is_empty(),
        "the last page is the last"
    );
}

async fn c29_a_page_that_grows_while_it_is_read(shown: &Shown) {
    let outbox = format!("{}/outbox", shown.region);
    let head = shown.node.document(&outbox).await;
    let first = shown.node.document(head["first"].as_str().unwrap()).await;
    shown.node.import_bundle(&event("uusi", "Tapahtuma kesken kaiken", "Lyhyesti.")).await;
    let mut seen = first["orderedItems"].as_array().unwrap().clone();
    let mut next = first["next"].as_str().map(str::to_owned);
    while let Some(address) = next.take() {
        let page = shown.node.document(&address).await;
        seen.extend(page["orderedItems"].as_array().unwrap().iter().cloned());
        next = page["next"].as_str().map(str::to_owned);
    }
    assert_eq!(ids(&seen).len(), seen.len(), "nothing is met twice");
    assert_eq!(seen.len(), MANY + OBJECTS, "and nothing that was there is missed");
}

async fn c30_featured_and_upcoming(shown: &Shown) {
    let featured = shown.node.document(&format!("{}/featured", shown.region)).await;
    assert_eq!(featured["type"], "OrderedCollection");
    let pinned = featured["orderedItems"].as_array().unwrap();
    assert!((1..=10).contains(&pinned.len()), "{}", pinned.len());
    let origin = shown.node.url("/ap/");
    assert!(pinned.iter().all(|one| one.as_str().is_some_and(|id| id.starts_with(&origin))), "{pinned:?}");
    let upcoming = walk(shown, &format!("{}/upcoming", shown.region)).await;
    assert_eq!(upcoming.len(), MANY + COMING + 1);
    let moment = |event: &Value, field: &str| event[field].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
    assert!(upcoming.is_sorted_by_key(|event| moment(event, "startTime")), "the next one first");
    let now = Clock::System.now().to_jiff();
    for one in &upcoming {
        assert!(one["type"] == "Event" && moment(one, "endTime") > now, "{one}");
    }
    assert!(!ids(&upcoming).contains(shown.past.as_str()), "what is over is not coming");
    let over = pinned.iter().any(|one| one == shown.past.as_str() || one == shown.deleted.as_str());
    assert!(!over, "neither what is over nor what is gone is pinned: {pinned:?}");
}

async fn the_hashtags_of_what_is_coming(shown: &Shown) {
    let tags = shown.node.document(&format!("{}/tags", shown.region)).await;
    assert_eq!((&tags["type"], &tags["totalItems"]), (&json!("Collection"), &json!(10)));
    let items = tags["items"].as_array().unwrap();
    assert_eq!((items.len(), &items[0]["name"]), (10, &json!("#tuottajakahvit")), "those of most events first");
    assert!(items.iter().all(|one| one["type"] == "Hashtag" && one["href"].is_string()), "{items:?}");
}

async fn producers_are_presented(shown: &Shown) {
    let all = walk(shown, &format!("{}/producers", shown.region)).await;
    assert_eq!((all.len(), ids(&all).len()), (26, 26));
    assert!(ids(&all).contains(shown.producer.as_str()));
    let organisations = walk(shown, &format!("{}/organisations", shown.region)).await;
    assert_eq!(ids(&organisations), BTreeSet::from([shown.organisation.as_str()]));
}

async fn followers_are_counted_and_not_named(shown: &Shown) {
    let site = Site::start().await;
    let anna = site.actor("anna");
    let inbox = format!("{}/inbox", shown.region);
    anna.say(&inbox, &anna.activity("Follow", json!(shown.region))).await;
    let followers = format!("{}/followers", shown.region);
    until_true("the follower is counted", || async { shown.node.document(&followers).await["totalItems"] == 1 }).await;
    let head = shown.node.document(&followers).await;
    assert!(head.get("first").is_none() && head.get("orderedItems").is_none(), "who follows is not told: {head}");
    site.posted_one("the Accept", |body| body["type"] == "Accept").await;
    for seen in site.journal() {
        assert_eq!(seen.headers["user-agent"], USER_AGENT, "{} {}: as it is set", seen.method, seen.path);
    }

    // How many follow a person is told nobody.
    let follow = anna.activity("Follow", json!(shown.producer));
    anna.say(&format!("{}/inbox", shown.producer), &follow).await;
    site.posted_one("her Accept", |body| body["object"]["id"] == follow["id"]).await;
    let head = shown.node.document(&format!("{}/followers", shown.producer)).await;
    assert_eq!(head["type"], "OrderedCollection");
    for told in ["totalItems", "first", "orderedItems"] {
        assert!(head.get(told).is_none(), "{told}: {head}");
    }
}

async fn whom_a_region_follows_is_told_page_by_page(shown: &Shown) {
    let (region, now) = (ActorUrl::from_text(shown.region.clone()), Clock::System.now());
    let followed: Vec<ActorUrl> =
        (0..MANY).map(|number| ActorUrl::from_text(format!("https://alue{number}.example/ap/actors/1"))).collect();
    let expected = followed.clone();
    let enter = move |conn: &mut Conn| {
        for (age, url) in (0..).zip(&followed) {
            accepted(conn, &region, url, Timestamp::from_millis(now.as_millis() - age))?;
        }
        Ok::<_, store::Error>(())
    };
    shown.node.store().write(enter).await.unwrap();
    let all = walk(shown, &format!("{}/following", shown.region)).await;
    let told: Vec<&str> = all.iter().map(|one| one.as_str().unwrap()).collect();
    let oldest_first: Vec<&str> = expected.iter().rev().map(ActorUrl::as_str).collect();
    assert_eq!(told, oldest_first, "each once, the oldest follow first");
}

async fn odd_pages(shown: &Shown) {
    for collection in ["outbox", "following", "producers", "organisations", "upcoming", "featured", "tags"] {
        odd_pages_of(shown, &format!("{}/{collection}", shown.region)).await;
    }
}

async fn odd_pages_of(shown: &Shown, outbox: &str) {
    for page in ["-1", "0", "1", "9223372036854775807"] {
        let answer = shown.node.get(&format!("{outbox}?page={page}"), crate::harness::ACTIVITY).await;
        assert_eq!(answer.status, 200, "{outbox} page={page}: {}", answer.body);
    }
    for page in ["x", "9223372036854775808", "1e3", ""] {
        let answer = shown.node.get(&format!("{outbox}?page={page}"), crate::harness::ACTIVITY).await;
        assert!([200, 400].contains(&answer.status), "page={page}: {}", answer.status);
        assert!(
            !answer.body.to_lowercase().contains("deserialize"),
            "page={page} tells of our insides: {}",
            answer.body
        );
    }
}
