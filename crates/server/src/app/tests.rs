//! The two addresses of the program itself, for every asker, on both databases: who gets what is a table that is written
//! down, in `docs/reference/access.md` beside those of the roles.

use super::*;
use crate::config;
use axum::body::Body;
use axum::extract::ConnectInfo;
use http::{Request, StatusCode};
use std::fmt::Write;
use std::net::SocketAddr;
use store::DatabaseUrl;
use tower::ServiceExt;

const TABLE: &str = "../../docs/reference/access.md";
/// Where our part of the page begins.
const OURS: &str = "## The program itself\n";
const ADDRESSES: [&str; 2] = ["/healthz", "/metrics"];
const TOKEN: &str = "one-long-secret-token";

/// Where a request comes from, and what it says of itself.
struct Asker {
    name: &'static str,
    client: &'static str,
    headers: &'static [(&'static str, &'static str)],
}

const ASKERS: [Asker; 5] = [
    Asker { name: "from elsewhere", client: "192.0.2.1:4000", headers: &[] },
    Asker {
        name: "with the token",
        client: "192.0.2.1:4000",
        headers: &[("authorization", "Bearer one-long-secret-token")],
    },
    Asker {
        name: "with another token",
        client: "192.0.2.1:4000",
        headers: &[("authorization", "Bearer one-long-secret-other")],
    },
    Asker { name: "on this machine", client: "127.0.0.1:4000", headers: &[("host", "localhost:8080")] },
    Asker {
        name: "through a proxy on it",
        client: "127.0.0.1:4000",
        headers: &[("host", "localhost:8080"), ("x-forwarded-for", "192.0.2.1")],
    },
];

/// The node of a region in a database; its configuration names a token.
async fn node(url: &DatabaseUrl) -> App {
    let database = match url {
        DatabaseUrl::Sqlite(file) => format!("sqlite:{}", file.display()),
        DatabaseUrl::Postgres(url) => url.clone(),
    };
    let text = format!(
        "region = \"06\"\ndomain = \"pirkanmaa.example\"\n[server]\nmetrics_token = \"{TOKEN}\"\n[database]\nurl = \"{database}\"\n"
    );
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("solmu.toml");
    std::fs::write(&file, text).unwrap();
    App::found(config::load(&file).unwrap()).await.unwrap()
}

async fn status(router: &Router, path: &str, asker: &Asker) -> StatusCode {
    let mut request = Request::get(path);
    for (name, value) in asker.headers {
        request = request.header(*name, *value);
    }
    let mut request = request.body(Body::empty()).unwrap();
    let client: SocketAddr = asker.client.parse().unwrap();
    request.extensions_mut().insert(ConnectInfo(client));
    router.clone().oneshot(request).await.unwrap().status()
}

/// Whether an asker gets the numbers: who shows the token that there is, or a program on this machine.
fn may_see(asker: &Asker, token: bool) -> bool {
    asker.name == "on this machine" || (token && asker.name == "with the token")
}

async fn table(scratch: &store::testing::Scratch) -> String {
    let app = node(&scratch.url).await;
    let without = App { config: Config { metrics_token: None, ..app.config.clone() }, ..app.clone() };
    let mut text = format!(
        "{OURS}\nWhat the program says of itself, by who asks. Written by a test of the program, and compared on both databases.\n\n"
    );
    let _ok = writeln!(text, "| address | {} |", ASKERS.map(|asker| asker.name).join(" | "));
    let _ok = writeln!(text, "|---|{}", "--:|".repeat(ASKERS.len()));
    for path in ADDRESSES {
        for (app, what, token) in [(&app, "", true), (&without, ", no token configured", false)] {
            if path == "/healthz" && !token {
                continue;
            }
            let router = app.router();
            let mut all = Vec::new();
            for asker in &ASKERS {
                let status = status(&router, path, asker).await;
                let refused = if token { StatusCode::UNAUTHORIZED } else { StatusCode::FORBIDDEN };
                let open = path == "/healthz" || may_see(asker, token);
                assert_eq!(status, if open { StatusCode::OK } else { refused }, "{path}{what} {}", asker.name);
                all.push(status.as_str().to_owned());
            }
            let _ok = writeln!(text, "| `GET {path}`{what} | {} |", all.join(" | "));
        }
    }
    text
}

/// What the reference says now: the part of others, and ours.
fn written_down() -> (String, String) {
    let text = std::fs::read_to_string(TABLE).unwrap_or_default();
    let ours = text.find(OURS).unwrap_or(text.len());
    (text[..ours].to_owned(), text[ours..].to_owned())
}

#[tokio::test]
async fn who_gets_what_of_the_program_itself_on_sqlite() {
    let found = table(&store::testing::sqlite()).await;
    if std::env::var("INSTA_UPDATE").is_ok_and(|value| value == "always") {
        std::fs::write(TABLE, written_down().0 + &found).unwrap();
    }
    assert_eq!(written_down().1, found, "INSTA_UPDATE=always writes {TABLE}");
}

#[tokio::test]
async fn who_gets_what_of_the_program_itself_on_postgres() {
    assert_eq!(written_down().1, table(&store::testing::postgres()).await);
}

/// A route that is not in the list would be in no table.
#[test]
fn every_address_is_in_the_list() {
    let text = include_str!("../app.rs");
    assert_eq!(text.matches(".route(").count(), ADDRESSES.len());
    for path in ADDRESSES {
        assert!(text.contains(&format!(".route(\"{path}\"")), "{path}");
    }
}
