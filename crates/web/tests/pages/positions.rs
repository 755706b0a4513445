//! A position changes hands when both sides say so.

use crate::seed::{Answer, seeded};
use crate::staff::{appointed, browser_of};
use domain::person::{MailAddress, Position, account, letter};
use http::StatusCode;

const MINE: &str = "/me/positions";

fn offered(page: &Answer) -> String {
    page.body.split("name=\"what\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn c21_both_sides_confirm_a_hand_over() {
    let node = seeded().await;
    let aino = appointed(&node, Position::Coordinator, "aino@kulma.example");
    let mut old = browser_of(&node, &aino).await;
    let page = old.get(MINE).await;
    let nameless = [("do", "offer"), ("position", "coordinator"), ("mail", "uusi@kulma.example")];
    let answer = old.send(&page, MINE, &nameless).await;
    assert!(answer.status == StatusCode::BAD_REQUEST && answer.body.contains("href=\"#name\""), "{}", answer.body);
    assert!(answer.body.contains("value=\"uusi@kulma.example\""), "what was typed stays");
    let answer = old.send(&page, MINE, &[&nameless[..], &[("name", "Uuno Uusi")]].concat()).await;
    assert_eq!(answer.header("location"), "/me/positions?done=offered", "{}", answer.body);
    assert_eq!(old.get("/desk").await.status, StatusCode::OK, "nothing has changed hands yet");
    let claim = |conn: &mut store::Conn| letter::claim(conn, 9, crate::seed::now()).map_err(store::Error::from);
    assert_eq!(node.scratch.store.write_now(claim).unwrap().len(), 1, "the receiver gets a link");

    let mail = MailAddress::parse("uusi@kulma.example").unwrap();
    let find = |conn: &mut store::Conn| account::find_by_mail(conn, &mail).map_err(store::Error::from);
    let uuno = node.scratch.store.read_now(find).unwrap().unwrap();
    let (mut elsewhere, mut new) = (browser_of(&node, &uuno).await, browser_of(&node, &uuno).await);
    assert!(new.get("/me").await.body.contains("new offer"));
    assert_eq!(new.get("/desk").await.status, StatusCode::NOT_FOUND, "not before it is taken");
    let page = new.get(MINE).await;
    let id = offered(&page);
    let eve = appointed(&node, Position::DataContact, "eve@kulma.example");
    let mut eve = browser_of(&node, &eve).await;
    let theirs = eve.get(MINE).await;
    let stolen = eve.send(&theirs, MINE, &[("do", "take"), ("what", &id)]).await;
    assert_eq!(stolen.status, StatusCode::NOT_FOUND, "another's offer");
    let taken = new.send(&page, MINE, &[("do", "take"), ("what", &id)]).await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.body);
    assert_eq!(new.get("/desk").await.status, StatusCode::OK);
    assert_eq!(elsewhere.get("/desk").await.header("location"), "/sign-in", "an older session does not get the desk");
    assert_eq!(old.get("/desk").await.header("location"), "/sign-in", "what was open is open no more");
    let log = new.get("/desk/log").await.body;
    assert!(log.contains("took over the position") && log.contains("offered the position"), "{log}");
}

#[tokio::test]
async fn c21_nobody_offers_what_is_not_theirs() {
    let node = seeded().await;
    let aino = appointed(&node, Position::Coordinator, "aino@kulma.example");
    let eero = appointed(&node, Position::Deputy, "eero@kulma.example");
    let (mut aino, mut deputy) = (browser_of(&node, &aino).await, browser_of(&node, &eero).await);
    let offer =
        |position| [("do", "offer"), ("position", position), ("mail", "x@kulma.example"), ("name", "Ihminen X")];
    let page = deputy.get(MINE).await;
    for position in ["coordinator", "data-contact"] {
        let answer = deputy.send(&page, MINE, &offer(position)).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{position}");
        let answer = deputy.send(&page, "/me/positions", &offer("king")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
    }
    assert!(!deputy.get("/desk/positions").await.body.contains("name=\"mail\""), "the coordinator alone offers more");
    let token = crate::browser::token_of(&page, MINE);
    let told = [("form", token.as_str()), ("do", "dismiss"), ("position", "deputy"), ("what", eero.id.as_str())];
    assert_eq!(deputy.post("/desk/positions", &crate::browser::HONEST, &told).await.status, StatusCode::NOT_FOUND);

    let page = aino.get("/desk/positions").await;
    let answer = aino.send(&page, "/desk/positions", &offer("harassment-contact")).await;
    assert_eq!(answer.header("location"), "/desk/positions?done=offered", "{}", answer.body);
    assert!(aino.get("/desk/positions").await.body.contains("offered to Ihminen X"));
    let dismiss = [("do", "dismiss"), ("position", "deputy"), ("what", eero.id.as_str())];
    assert_eq!(
        aino.send(&page, "/desk/positions", &dismiss).await.header("location"),
        "/desk/positions?done=dismissed"
    );
    assert_eq!(deputy.get("/desk").await.header("location"), "/sign-in");
    let me = browser_of(&node, &eero).await.get("/me").await.body;
    assert!(me.contains("dismissed: a person’s account"), "whom it concerns reads it: {me}");
}
