//! What the tests of all slices need: two nodes, their actors, and a look at what was sent.

use crate::region::actors;
use crate::{Node, RegionCode, Role};
use diesel::prelude::*;
use federation::key::KeyPair;
use federation::kind::{Change, Kind, Outcome, Preparing, Received};
use federation::{Error, Origin, actor, follow};
use futures_util::FutureExt;
use serde_json::Value;
use std::sync::LazyLock;
use store::id::{ActorUrl, ObjectUrl};
use store::schema::{activities, actors as actors_table, deliveries, follows};
use store::testing::Scratch;
use store::{Conn, Store, Timestamp};

/// One key for all actors of the tests: to make one takes longer than most of them.
pub(crate) fn key() -> &'static KeyPair {
    static KEY: LazyLock<KeyPair> =
        LazyLock::new(|| KeyPair::from_pem(include_str!("../../../tests/harness/keys/one.pem")).expect("a key"));
    &KEY
}

/// A moment by its wire form.
pub(crate) fn at(text: &str) -> Timestamp {
    vocab::time::parse(text).expect("a time").into()
}

/// The present of the tests: noon of 24 November 2026 in Helsinki.
pub(crate) fn now() -> Timestamp {
    at("2026-11-24T10:00:00Z")
}

/// Some seconds after [`now`].
pub(crate) fn later(seconds: u64) -> Timestamp {
    now().plus(std::time::Duration::from_secs(seconds))
}

/// The node of Pirkanmaa.
pub(crate) fn node() -> Node {
    node_of("06", "pirkanmaa.example")
}

/// A region's node.
pub(crate) fn node_of(region: &str, domain: &str) -> Node {
    Node { origin: Origin::new(domain), role: Role::Region, region: RegionCode::parse(region).expect("a region") }
}

/// Runs a test on both databases, on a node whose actors are made.
pub(crate) fn on_both(test: impl Fn(&mut Conn, &Node)) {
    on_both_stores(|store, node| {
        store
            .write_now(|conn| {
                test(conn, node);
                Ok::<_, store::Error>(())
            })
            .expect("the test's transaction commits");
    });
}

/// Runs a test on both databases, with the store itself.
pub(crate) fn on_both_stores(test: impl Fn(&Store, &Node)) {
    for (name, Scratch { store, .. }) in store::testing::both().iter().map(|(name, scratch)| (name, scratch)) {
        eprintln!("on {name}");
        let node = node();
        store.write_now(|conn| actors::make(conn, &node, Some(key()), Some(key()), now())).expect("the node's actors");
        test(store, &node);
    }
}

/// Verbs and objects of everything that was sent, in order; ids without the host.
pub(crate) fn sent(conn: &mut Conn) -> Vec<(String, String)> {
    let rows: Vec<(String, String)> = activities::table
        .order(activities::id)
        .select((activities::verb, activities::object))
        .load(conn)
        .expect("rows");
    let path = |url: String| url.split_once(".example").map_or(url.clone(), |(_, path)| path.to_owned());
    rows.into_iter().map(|(verb, object)| (verb, path(object))).collect()
}

/// The verbs alone.
pub(crate) fn verbs(conn: &mut Conn) -> Vec<String> {
    sent(conn).into_iter().map(|(verb, _)| verb).collect()
}

/// Everything that this node has sent, as one text to search.
pub(crate) fn everything_sent(conn: &mut Conn) -> String {
    let rows: Vec<String> = activities::table.select(activities::document).load(conn).expect("rows");
    let documents: Vec<String> = actors_table::table
        .filter(actors_table::local.eq(true))
        .select(actors_table::document)
        .load(conn)
        .expect("rows");
    [rows, documents].concat().join("\n")
}

/// Every word of the search index, in order.
pub(crate) fn everything_indexed(conn: &mut Conn) -> Vec<String> {
    #[derive(QueryableByName)]
    struct Word {
        #[diesel(sql_type = diesel::sql_types::Text)]
        word: String,
    }
    let words: Vec<Word> = match conn {
        Conn::Sqlite(conn) => {
            diesel::sql_query(
                "CREATE VIRTUAL TABLE IF NOT EXISTS temp.indexed USING fts5vocab(main, search_words, row)",
            )
            .execute(conn)
            .expect("a view of the index");
            diesel::sql_query("SELECT term AS word FROM temp.indexed").load(conn).expect("words")
        }
        Conn::Postgres(conn) => {
            diesel::sql_query("SELECT word FROM ts_stat('SELECT words FROM search_words')").load(conn).expect("words")
        }
    };
    let mut words: Vec<String> = words.into_iter().map(|one| one.word).collect();
    words.sort();
    words
}

/// How many deliveries wait.
pub(crate) fn waiting(conn: &mut Conn) -> i64 {
    deliveries::table.filter(deliveries::state.eq("waiting")).count().get_result(conn).expect("a count")
}

/// Makes another node's actor known, and lets it follow one of ours.
pub(crate) fn follower(conn: &mut Conn, kind: &str, host: &str, followed: &ActorUrl) {
    let url = ActorUrl::from_text(format!("https://{host}/ap/actors/follower"));
    remember(conn, &url, kind, "{}");
    let row = follow::Follow {
        inbox: Some(store::id::InboxUrl::from_text(format!("{url}/inbox"))),
        server: matches!(kind, "Application" | "Group" | "Service"),
        follower: url,
        followed: followed.clone(),
        activity: store::id::ActivityUrl::from_text(format!("https://{host}/follows/{}", store::id::fresh(now()))),
        document: "{}".to_owned(),
        state: follow::ACCEPTED.to_owned(),
        created_at: now(),
        answered_at: Some(now()),
    };
    diesel::insert_into(follows::table).values(&row).execute(conn).expect("a follow");
}

fn remember(conn: &mut Conn, url: &ActorUrl, kind: &str, document: &str) {
    let row = actor::Actor {
        url: url.clone(),
        local: false,
        slice: String::new(),
        actor_type: kind.to_owned(),
        username: "follower".to_owned(),
        host: url.host(),
        inbox: store::id::InboxUrl::from_text(format!("{url}/inbox")),
        shared_inbox: None,
        outbox: None,
        page: None,
        name: url.host(),
        key_id: format!("{url}#main-key"),
        public_key: String::new(),
        document: document.to_owned(),
        fetched_at: now(),
        created_at: now(),
        deleted_at: None,
    };
    actor::remember(conn, &row).expect("an actor");
}

/// Another region's node, as this one knows it.
pub(crate) struct Elsewhere {
    pub actor: ActorUrl,
    pub document: Value,
}

impl Elsewhere {
    /// Keski-Suomi, known here; followed if asked for.
    pub(crate) fn known_to(conn: &mut Conn, ours: &Node, followed: bool) -> Elsewhere {
        Elsewhere::telling(conn, ours, "13", "keskisuomi.example", followed)
    }

    /// A node that says to be a region's.
    pub(crate) fn telling(conn: &mut Conn, ours: &Node, region: &str, domain: &str, followed: bool) -> Elsewhere {
        let node = node_of(region, domain);
        let actor = node.origin.actor("0199d3a4-0000-7000-8000-000000000013");
        let document = vocab::context::embedded(&actors::region_document(&node, &actor, "KEY", now()));
        remember(conn, &actor, "Group", &document.to_string());
        if followed {
            let here = crate::region::presenter(conn).expect("our actor");
            let earlier: i64 = follows::table.count().get_result(conn).expect("a count");
            let at = later(u64::try_from(earlier).unwrap_or_default());
            follow::request(conn, &ours.origin, &here, &actor, at).expect("a follow");
            diesel::update(follows::table.filter(follows::followed.eq(&actor)))
                .set(follows::state.eq(follow::ACCEPTED))
                .execute(conn)
                .expect("an answer");
        }
        Elsewhere { actor, document }
    }

    /// What arrives when that region sends a document.
    pub(crate) fn sends(&self, document: &Value, change: Change, now: Timestamp) -> Received {
        Received {
            change,
            url: ObjectUrl::from_text(document["id"].as_str().unwrap_or_default()),
            author: self.actor.clone(),
            author_document: self.document.clone(),
            document: document.clone(),
            now,
        }
    }
}

/// Prepares and writes what was received, as the inbox's worker does.
pub(crate) fn receive(
    store: &Store,
    node: &Node,
    conn: &mut Conn,
    kind: &dyn Kind,
    received: Received,
) -> Result<Outcome, Error> {
    let with = Preparing { origin: &node.origin, store };
    let write = kind.prepare(received, with).now_or_never().expect("nothing is fetched")?;
    write(conn)
}
