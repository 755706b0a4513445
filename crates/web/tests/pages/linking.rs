//! A coordinator invites somebody to take an imported profile over; that person does, or does not.

use crate::browser::Browser;
use crate::seed::{Answer, Seeded, node as this_node, now, seeded, some_producer};
use crate::staff::{appointed, browser_of, kaisa};
use domain::person::{Position, letter};
use domain::{Caller, Role, producer};
use http::StatusCode;

const DESK: &str = "/desk/imported";
const MINE: &str = "/me/invitation";
const AINO: &str = "aino@kulma.example";

/// The id of the profile in the row of this name.
fn id_in(page: &Answer, name: &str) -> String {
    let row = page.body.split("<li>").find(|row| row.contains(&format!("<p class=\"row-title\">{name}</p>")));
    let row = row.unwrap_or_else(|| panic!("{name} is not listed: {}", page.body));
    row.split("name=\"what\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

async fn invited<'a>(node: &'a Seeded, mail: &str) -> Browser<'a> {
    let mut kaisa = kaisa(node).await;
    let page = kaisa.get(DESK).await;
    let id = id_in(&page, "Aino Lehtiranta");
    let fields = [("do", "invite"), ("what", id.as_str()), ("mail", mail), ("language", "sv")];
    let answer = kaisa.send(&page, DESK, &fields).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/desk/imported?done=invited"));
    kaisa
}

fn letters(node: &Seeded) -> usize {
    let claim = |conn: &mut store::Conn| letter::claim(conn, 100, now()).map_err(store::Error::from);
    node.scratch.store.write_now(claim).unwrap().len()
}

#[tokio::test]
async fn the_person_takes_the_profile_over_and_agrees_anew() {
    let node = seeded().await;
    let mut kaisa = invited(&node, "Aino@Kulma.example").await;
    assert!(kaisa.get(DESK).await.body.contains("invited Tue"), "{}", kaisa.get(DESK).await.body);
    assert_eq!(letters(&node), 1);
    let before = node.page("/@aino_lehtiranta").await.body;
    assert!(before.contains("koivunkannon sormenpää"));

    let aino = appointed(&node, Position::DataContact, AINO);
    let mut browser = browser_of(&node, &aino).await;
    assert!(browser.get("/me").await.body.contains("href=\"/me/invitation\""));
    let page = browser.get(MINE).await;
    assert!(page.body.contains("Aino Lehtiranta") && page.body.contains("koivunkannon sormenpää"), "{}", page.body);
    assert!(page.body.contains("public now") && !page.body.contains(" checked"), "every switch is off: {}", page.body);
    assert_eq!(node.page("/@aino_lehtiranta").await.body, before, "looking changes nothing");
    let what = page.body.split("name=\"what\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let accepted =
        browser.send(&page, MINE, &[("do", "accept"), ("what", &what), ("on", "name"), ("on", "skills")]).await;
    assert_eq!(accepted.header("location"), "/me/publication?saved=1", "{}", accepted.body);

    let after = node.page("/@aino_lehtiranta").await;
    assert!(after.status == StatusCode::OK && !after.body.contains("koivunkannon sormenpää"), "{}", after.body);
    let own = browser.get("/me/profile").await.body;
    assert!(own.contains("koivunkannon sormenpää"), "it is hers to write: {own}");
    let me = browser.get("/me").await.body;
    assert!(me.contains("took over the imported profile"), "{me}");
    assert!(
        me.contains("invited somebody to take over: producer’s profile"),
        "also what was done before it was hers: {me}"
    );
    assert!(browser.get(MINE).await.body.contains("There is no invitation for you."));
    let page = kaisa.get(DESK).await;
    assert!(!page.body.contains("Aino Lehtiranta"), "{}", page.body);
    assert!(kaisa.get("/desk/log").await.body.contains("invited somebody to take over"));
}

#[tokio::test]
async fn it_is_declined_taken_back_and_for_nobody_else() {
    let node = seeded().await;
    let mut kaisa = invited(&node, AINO).await;
    let before = node.page("/@aino_lehtiranta").await.body;
    let aino = appointed(&node, Position::DataContact, AINO);
    let mut browser = browser_of(&node, &aino).await;
    let page = browser.get(MINE).await;
    let what = page.body.split("name=\"what\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();

    let eve = appointed(&node, Position::HarassmentContact, "eve@evil.example");
    let mut eve = browser_of(&node, &eve).await;
    assert!(!eve.get("/me").await.body.contains(MINE));
    let empty = eve.get("/me").await;
    let token = crate::browser::token_of(&empty, "/sign-out");
    for deed in ["accept", "decline"] {
        let fields = [("form", token.as_str()), ("do", deed), ("what", &what), ("on", "name")];
        assert_eq!(eve.post(MINE, &crate::browser::HONEST, &fields).await.status, StatusCode::NOT_FOUND, "{deed}");
    }

    assert_eq!(browser.send(&page, MINE, &[("do", "decline"), ("what", &what)]).await.header("location"), "/me");
    assert!(browser.get(MINE).await.body.contains("There is no invitation for you."));
    assert_eq!(node.page("/@aino_lehtiranta").await.body, before);

    let page = kaisa.get(DESK).await;
    let id = id_in(&page, "Aino Lehtiranta");
    let refused = kaisa.send(&page, DESK, &[("do", "invite"), ("what", &id), ("mail", "aino")]).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert!(
        refused.body.contains("value=\"aino\"") && refused.body.contains("is no e-mail address"),
        "{}",
        refused.body
    );
    kaisa.send(&page, DESK, &[("do", "invite"), ("what", &id), ("mail", AINO)]).await;
    assert!(browser.get("/me").await.body.contains(MINE));
    let page = kaisa.get(DESK).await;
    let answer = kaisa.send(&page, DESK, &[("do", "take-back"), ("what", &id)]).await;
    assert_eq!(answer.header("location"), "/desk/imported?done=taken-back");
    assert!(!browser.get("/me").await.body.contains(MINE));
    let nobody = kaisa.send(&page, DESK, &[("do", "invite"), ("what", "x"), ("mail", AINO)]).await;
    assert_eq!(nobody.status, StatusCode::NOT_FOUND);
}

/// Who is listed without being published has not agreed to be read about; once the profile is theirs, they can read who did.
#[tokio::test]
async fn reading_the_list_is_in_the_log() {
    let node = seeded().await;
    let mut kaisa = kaisa(&node).await;
    let looked = "looked at: producer’s profile";
    assert!(kaisa.get(DESK).await.body.contains("Aino Lehtiranta"));
    assert!(!kaisa.get("/desk/log").await.body.contains(looked), "who is published is everybody's to read about");
    let add = |conn: &mut store::Conn| {
        producer::add(
            conn,
            &this_node(Role::Region),
            Caller::Coordinator,
            &some_producer("Aino Kaislikko"),
            None,
            now(),
        )
    };
    node.scratch.store.write_now(add).unwrap();
    for _ in 0..2 {
        assert!(kaisa.get(DESK).await.body.contains("Aino Kaislikko"));
        assert_eq!(kaisa.get("/desk/log").await.body.matches(looked).count(), 1, "one line a day");
    }
    let page = kaisa.get(DESK).await;
    let id = id_in(&page, "Aino Kaislikko");
    kaisa.send(&page, DESK, &[("do", "invite"), ("what", &id), ("mail", AINO)]).await;
    let aino = appointed(&node, Position::DataContact, AINO);
    let mut browser = browser_of(&node, &aino).await;
    assert!(!browser.get("/me").await.body.contains(looked), "it is not hers yet");
    let page = browser.get(MINE).await;
    let what = page.body.split("name=\"what\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    browser.send(&page, MINE, &[("do", "accept"), ("what", &what)]).await;
    assert!(browser.get("/me").await.body.contains(looked), "{}", browser.get("/me").await.body);
}

#[tokio::test]
async fn who_has_a_profile_keeps_that_one() {
    let node = seeded().await;
    let aino = appointed(&node, Position::DataContact, AINO);
    let mut browser = browser_of(&node, &aino).await;
    let page = browser.get("/me/profile").await;
    assert_eq!(browser.send(&page, "/me/profile", &[("name", "Aino Oma")]).await.status, StatusCode::SEE_OTHER);
    invited(&node, AINO).await;
    let page = browser.get(MINE).await;
    assert!(page.body.contains("You have a profile of your own already") && !page.body.contains("value=\"accept\""));
    let what = page.body.split("name=\"what\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let refused = browser.send(&page, MINE, &[("do", "accept"), ("what", &what), ("on", "name")]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(node.page("/@aino_lehtiranta").await.body.contains("koivunkannon sormenpää"));
}
