//! `solmu import` of an address: a Linked Events list as a city's server answers it, page after page. The cases run on the
//! node of [`crate::verbs`].

use crate::harness::{Reply, Said, Site};
use crate::verbs::Scene;
use serde_json::{Value, json};

/// One byte more than a file may have.
const TOO_LARGE: usize = 10_000_001;

/// A page of the list, with one event and the address of the next page.
fn page(number: u32, next: Option<&str>) -> Reply {
    let event = json!({
        "id": format!("kaupunki:{number}"), "name": {"fi": format!("Kaupungin ilta {number}")},
        "short_description": {"fi": "Lyhyesti."}, "description": {"fi": "<p>Ohjelmaa.</p>"},
        "start_time": "2037-05-01T15:00:00Z", "end_time": "2037-05-01T18:00:00Z",
        "location": {"id": "kaupunki:9", "name": {"fi": "Kulttuuritalo"}, "address_locality": {"fi": "Tampere"}},
    });
    let page = json!({"meta": {"count": 2, "next": next, "previous": null}, "data": [event]});
    Reply { body: page.to_string(), ..Reply::status(200) }.with("content-type", "application/json")
}

async fn import(scene: &Scene, address: &str, more: &[&str]) -> Said {
    scene.node.cli(&[&["import", address, "--as", "linked-events"][..], more].concat()).await
}

/// The events of the list that are there.
async fn listed(scene: &Scene) -> Vec<String> {
    let name = |item: Value| item["name"].as_str().unwrap().to_owned();
    let names = scene.node.items("/tapahtumat").await.into_iter().map(name);
    let mut names: Vec<String> = names.filter(|name| name.starts_with("Kaupungin ilta")).collect();
    names.sort();
    names
}

pub async fn a_list_is_imported_page_by_page(scene: &Scene) {
    let (city, other) = (Site::start().await, Site::start().await);
    let (first, second, third) = (city.url("/v1/event"), city.url("/v1/event/2"), other.url("/v1/event/3"));
    city.set("/v1/event", page(1, Some(&second)));
    city.set("/v1/event/2", page(2, Some(&third)));
    other.set("/v1/event/3", page(3, None));
    let before = scene.node.status().await["objects"].clone();

    println!("── in a dry run");
    let said = import(scene, &first, &["--dry-run"]).await;
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    assert!(said.out.contains("(a dry run: nothing was written)"), "{}", said.out);
    assert!(said.out.contains("2 new · 0 changed"), "{}", said.out);
    assert_eq!(scene.node.status().await["objects"], before);
    assert_eq!(listed(scene).await, Vec::<String>::new());

    println!("── in earnest: to the last page of the same host");
    let said = import(scene, &first, &[]).await;
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    assert!(said.out.contains("2 new · 0 changed") && !said.out.contains("dry run"), "{}", said.out);
    assert_eq!(listed(scene).await, ["Kaupungin ilta 1", "Kaupungin ilta 2"]);
    assert_eq!(other.journal().len(), 0, "a list leads to no other host");

    println!("── pages that lead in a circle are read once");
    city.set("/v1/event/2", page(2, Some(&first)));
    let said = import(scene, &first, &[]).await;
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    assert!(said.out.contains("0 new · 0 changed · 2 unchanged"), "{}", said.out);

    println!("── what is too large is not read, and nothing of it is written");
    let mut large = page(4, None);
    large.body.push_str(&" ".repeat(TOO_LARGE - large.body.len()));
    city.set("/v1/large", large);
    let said = import(scene, &city.url("/v1/large"), &[]).await;
    assert_eq!(said.code, Some(1), "{}{}", said.out, said.err);
    assert!(said.err.contains("/v1/large") && said.err.contains("is larger than"), "{}", said.err);
    assert_eq!(listed(scene).await, ["Kaupungin ilta 1", "Kaupungin ilta 2"]);
}
