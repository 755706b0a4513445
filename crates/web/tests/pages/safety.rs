//! Nothing that people or other servers write becomes markup, and no page needs anything from elsewhere.

use crate::seed::{Answer, PAGES, Seeded, ask, seeded};
use http::StatusCode;

/// The attacker's event, task and organisation are in these lists; their own pages are found there.
async fn hostile_pages(node: &Seeded) -> Vec<String> {
    let mut pages = Vec::new();
    for list in ["/tapahtumat", "/tehtavat", "/organisaatiot"] {
        let answer = node.ask(list, "application/json", "").await.json();
        let evil = answer["items"].as_array().unwrap().iter().find(|item| item.to_string().contains("onerror"));
        let address = evil.unwrap()["source"]["page"].as_str().unwrap();
        pages.push(address.strip_prefix("https://pirkanmaa.example").unwrap().to_owned());
    }
    pages
}

/// The page without its schema.org document, which is data and JSON.
fn without_data(path: &str, body: &str) -> String {
    let Some((before, rest)) = body.split_once("<script type=\"application/ld+json\">") else { return body.to_owned() };
    let (data, after) = rest.split_once("</script>").unwrap();
    let document: serde_json::Value =
        serde_json::from_str(data).unwrap_or_else(|error| panic!("{path}: {error}\n{data}"));
    assert_eq!(document["@context"], "https://schema.org", "{path}");
    assert!(!data.contains(['<', '>', '&']), "{path}\n{data}");
    format!("{before}{after}")
}

fn harmless(path: &str, answer: &Answer) {
    let body = &without_data(path, &answer.body);
    for bad in [
        "<script",
        "<img src=x",
        "onerror=alert(1)>",
        " style=",
        "<style",
        "javascript:",
        "<iframe",
        "<base",
        " onclick",
    ] {
        assert!(!body.contains(bad), "{bad} in {path}\n{body}");
    }
    let (outside, pictures) = (body.matches("</title>").count(), body.matches("</title></path>").count());
    assert_eq!(outside - pictures, 1, "{path}");
    for tag in ["src=\"", "srcset=\"", "<link rel=\"stylesheet\" href=\"", "<link rel=\"icon\" href=\""] {
        for address in body.split(tag).skip(1).map(|rest| rest.split('"').next().unwrap_or_default()) {
            let ours = address.starts_with('/') && !address.starts_with("//");
            assert!(ours || address.starts_with("https://pirkanmaa.example/"), "{path} loads {address}");
        }
    }
}

#[tokio::test]
async fn nothing_becomes_markup_and_nothing_is_loaded_from_elsewhere() {
    let node = seeded().await;
    let hostile = hostile_pages(&node).await;
    let mut paths: Vec<String> = PAGES.iter().map(|path| (*path).to_owned()).collect();
    paths.extend(hostile.iter().cloned());
    let typed = "q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E&from=%22%3E%3Cimg%20src=x%20onerror=alert(1)%3E";
    paths.extend(["/tapahtumat", "/tehtavat", "/tuottajat"].map(|list| format!("{list}?{typed}")));
    paths.push("/tuottajat?skill=%22%3E%3Cscript%3E&field=%22%3E%3Cscript%3E".to_owned());
    paths.push("/tapahtumat?month=2026-12&q=%22%3E%3Cscript%3E".to_owned());
    paths.push("/tapahtumat?view=map&q=%22%3E%3Cscript%3Ex".to_owned());
    paths.push("/seuraa?server=%22%3E%3Cscript%3E&uri=%22%3E%3Cscript%3E".to_owned());
    paths.push("/ei/%3Cscript%3E".to_owned());
    paths.push("/tapahtumat/produktion-pa-natet".to_owned());
    for path in &paths {
        for router in [&node.router, &node.national] {
            harmless(path, &ask(router, path, "text/html", "fi").await);
        }
    }
    let event = node.page(&hostile[0]).await;
    assert_eq!(event.status, StatusCode::OK);
    assert!(event.body.contains("<title>&#60;/title&#62;&#60;script&#62;"), "{}", event.body);
    assert!(event.body.contains("og:title\" content=\"&#60;/title&#62;"));
}

#[tokio::test]
async fn every_answer_carries_the_headers_that_protect() {
    let node = seeded().await;
    for path in PAGES.into_iter().chain(["/nothing", "/static/solmu.css", "/tapahtumat/mennytta"]) {
        let answer = node.page(path).await;
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; style-src 'self'; img-src 'self';"), "{path}");
        assert!(!policy.contains("unsafe"));
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "strict-origin-when-cross-origin", "{path}");
    }
}

#[tokio::test]
async fn only_what_a_person_agreed_to_is_shown() {
    let node = seeded().await;
    let careful = node.page("/@otso_varovainen").await;
    assert_eq!(careful.status, StatusCode::OK);
    assert!(careful.body.contains("Otso Varovainen") && careful.body.contains("Tampere"));
    assert!(careful.body.contains("<meta name=\"robots\" content=\"noindex\">"));
    let json = node.ask("/@otso_varovainen", "application/json", "").await;
    for unpublished in ["koivunkannon", "Klubit ja festivaalit", "aino.example"] {
        assert!(!careful.body.contains(unpublished), "{unpublished}");
        assert!(!json.body.contains(unpublished), "{unpublished}");
    }
    let open = node.page("/@aino_lehtiranta").await;
    assert!(open.body.contains("koivunkannon sormenpää"));
    assert!(open.body.contains("<a href=\"https://aino.example/\" rel=\"me nofollow noopener\">aino.example</a>"));
}

#[tokio::test]
async fn c13_a_picture_of_another_host_is_not_loaded() {
    let node = seeded().await;
    let event = node.page("/tapahtumat/produktion-pa-natet").await;
    assert!(!event.body.contains("elsewhere.example"));
    let own = node.page("/tapahtumat/talvifestarit-2026").await;
    assert!(own.body.contains("src=\"https://pirkanmaa.example/static/pictures/default.png\" alt=\"Piirros: lava\""));
}

#[tokio::test]
async fn what_does_not_take_place_says_so_and_takes_no_one_in() {
    let node = seeded().await;
    let cancelled = node.page("/tapahtumat/perutut-karkelot").await;
    assert!(cancelled.body.contains("Peruttu"));
    assert!(!cancelled.body.contains("ilmo.example"));
    assert!(node.page("/tapahtumat/talvifestarit-2026").await.body.contains("https://ilmo.example/talvi"));
}

#[tokio::test]
async fn without_a_database_the_page_says_to_come_back() {
    let scratch = store::testing::sqlite();
    let store::DatabaseUrl::Sqlite(file) = scratch.url.clone() else { panic!("an SQLite file") };
    let node = crate::seed::node(domain::Role::Region);
    let router = web::router(web::Site {
        state: crate::seed::state(&scratch.store, &node),
        store: scratch.store.clone(),
        node,
        clock: store::Clock::Fixed(crate::seed::now()),
        version: "0".to_owned(),
        repository: None,
        security_contact: None,
        post: web::Post::Sent,
        client: federation::client::Client::new("test", false, &federation::Limits::default()),
    });
    std::fs::remove_dir_all(file.parent().unwrap()).unwrap();
    let answer = ask(&router, "/tapahtumat", "text/html", "en").await;
    assert!(answer.status.is_server_error(), "{}", answer.status);
    assert!(!answer.body.contains("sqlite") && !answer.body.to_lowercase().contains("no such"), "{}", answer.body);
}
