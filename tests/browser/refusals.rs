//! The pages that say why there is no other one, which no link leads to.

use crate::harness;
use crate::page::Page;
use server::demo::network::Node;

/// Where one may ask too often for another server's page: here for none.
const ASKS: &str = "/seuraa?server=";
/// An address for documentation (RFC 5737), of a reader behind the proxy.
const READER: &str = "198.51.100.7";

/// Of a region's node: a form that has lost its cookie, and a question that was asked too often.
pub fn of(region: &Node) -> Vec<Page> {
    let stale = Page::of(region, "/sign-in").without_cookies().pressed("main form button[type=submit]", 403);
    vec![stale, Page::of(region, ASKS).too_often(READER)]
}

/// Of a node whose database is not as it should be.
pub fn of_a_broken_one(broken: &harness::Node) -> Page {
    Page::named("a node with a fault".to_owned(), broken.url("/")).answering(500)
}

/// A node that lacks a table.
pub async fn broken() -> harness::Node {
    let node = harness::Node::start(harness::Kind::Region("14"), harness::Database::Sqlite).await;
    let take_away = |conn: &mut store::Conn| {
        store::testing::execute(conn, "ALTER TABLE controller RENAME TO taken_away").map_err(store::Error::from)
    };
    node.store().write_now(take_away).expect("a table is taken away");
    node
}
