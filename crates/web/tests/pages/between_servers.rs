//! The addresses of the federation, for every role: what is published is everybody's, what is written needs a signature, and
//! who is signed in here is nobody there, since a session is no signature.

use crate::browser::{Browser, ORIGIN};
use crate::roles::ROLES;
use crate::seed::{Seeded, node as this_node, now, some_event};
use domain::event::{self, NewEvent};
use domain::{Caller, Role};
use federation::actor;
use http::StatusCode;
use std::fmt::Write;
use store::id::EventId;

const HOST: (&str, &str) = ("host", "pirkanmaa.example");
const ACCEPT: (&str, &str) = ("accept", vocab::ACTIVITY_JSON);
/// What a server of somebody would send, but for the signature.
const UNSIGNED: &str = r#"{"@context": "https://www.w3.org/ns/activitystreams", "type": "Follow",
    "id": "https://elsewhere.example/follows/1", "actor": "https://elsewhere.example/users/anna",
    "object": "https://pirkanmaa.example/ap/relay"}"#;

/// One thing at an address.
struct Thing {
    /// What it is, when the address has more than one kind of things.
    what: &'static str,
    /// Where it is.
    path: String,
    whom: Whom,
}

/// Whom a thing is for. Roles of this node are no difference.
#[derive(Clone, Copy)]
enum Whom {
    Everybody,
    /// Servers that say by a signature who they are.
    Signed,
    /// There is nothing, or it is nobody's yet.
    Nobody,
    /// It was, and everybody is told that it was deleted.
    Gone,
}

impl Whom {
    fn word(self) -> &'static str {
        match self {
            Whom::Everybody => "every server",
            Whom::Signed => "who signs",
            Whom::Nobody => "nobody",
            Whom::Gone => "nobody any more",
        }
    }

    /// What is answered without a signature.
    fn status(self) -> StatusCode {
        match self {
            Whom::Everybody => StatusCode::OK,
            Whom::Signed => StatusCode::UNAUTHORIZED,
            Whom::Nobody => StatusCode::NOT_FOUND,
            Whom::Gone => StatusCode::GONE,
        }
    }
}

/// What is behind an address that is looked at, as paths.
struct Things {
    /// The region's actor.
    region: String,
    published: String,
    draft: String,
    deleted: String,
}

impl Things {
    fn on(node: &Seeded) -> Things {
        let (us, by) = (this_node(Role::Region), Caller::Coordinator);
        let [published, draft, deleted] = ["Julkaistu", "Kesken", "Poistettu"].map(|name| {
            let new = NewEvent { name: name.into(), ..some_event() };
            let add = |conn: &mut store::Conn| event::add(conn, &us, by, &new, now());
            node.scratch.store.write_now(add).unwrap()
        });
        let write = |conn: &mut store::Conn| {
            event::publish(conn, &us, by, &published, now())?;
            event::publish(conn, &us, by, &deleted, now())?;
            event::delete(conn, by, &deleted, now())
        };
        node.scratch.store.write_now(write).unwrap();
        let find = |conn: &mut store::Conn| actor::find_local(conn, "pirkanmaa").map_err(store::Error::from);
        let region = node.scratch.store.read_now(find).unwrap().expect("its own actor");
        let path = |id: &EventId| format!("/ap/events/{}", id.as_str());
        Things {
            region: region.url.as_str().replace(ORIGIN, ""),
            published: path(&published),
            draft: path(&draft),
            deleted: path(&deleted),
        }
    }

    /// What there is at an address, for a method: of an address that has several kinds of things, each.
    fn at(&self, method: &str, address: &str) -> Vec<Thing> {
        let path = address
            .replace("/ap/actors/{uuid}", &self.region)
            .replace("{collection}", "outbox")
            .replace("{*unknown}", "unknown");
        let only = |path: String, whom: Whom| vec![Thing { what: "", path, whom }];
        match (method, address) {
            ("post", address) if address.ends_with("/inbox") => only(path, Whom::Signed),
            ("get", address) if address.ends_with("/followers_synchronization") => only(path, Whom::Signed),
            (_, address) if address == "/ap/" || address.ends_with("/{*unknown}") => only(path, Whom::Nobody),
            ("get", "/ap/{*address}") => vec![
                Thing { what: ", published", path: self.published.clone(), whom: Whom::Everybody },
                Thing { what: ", a draft", path: self.draft.clone(), whom: Whom::Nobody },
                Thing { what: ", deleted", path: self.deleted.clone(), whom: Whom::Gone },
            ],
            ("get", "/.well-known/webfinger") => {
                only(format!("{path}?resource=acct:pirkanmaa@pirkanmaa.example"), Whom::Everybody)
            }
            ("get", _) => only(path, Whom::Everybody),
            _ => panic!("{method} {address} is in no row: say for whom it is"),
        }
    }
}

async fn status(browser: &mut Browser<'_>, method: &str, path: &str) -> StatusCode {
    let kept = browser.cookies.clone();
    let answer = match method {
        "post" => {
            let headers = [HOST, ACCEPT, ("content-type", vocab::ACTIVITY_JSON)];
            browser.ask("POST", path, &headers, UNSIGNED).await
        }
        _ => browser.ask("GET", path, &[HOST, ACCEPT], "").await,
    };
    assert_eq!(browser.cookies, kept, "{method} {path} gives no session");
    answer.status
}

/// Every address, with the session of every role; the table of it.
pub async fn table(node: &Seeded, browsers: &mut [Browser<'_>]) -> String {
    let things = Things::on(node);
    let mut text = "\n## Between servers\n\nEvery address of the federation, asked as another server asks (`Accept: application/activity+json`), without a signature and with\n\
                    the session of the role: that is no signature, so all are answered the same. `POST` sends a `Follow`. Written and compared as the\n\
                    table above. What a signature opens is in [http.md](http.md#answers-of-an-inbox).\n\n"
        .to_owned();
    let _ok = writeln!(text, "| address | for | {} |", ROLES.join(" | "));
    let _ok = writeln!(text, "|---|---|{}", "--:|".repeat(ROLES.len()));
    for method in ["get", "post"] {
        let takes = |address: &federation::Address| address.methods.iter().any(|one| [method, "any"].contains(one));
        for address in federation::addresses().filter(takes) {
            for Thing { what, path, whom } in things.at(method, address.path) {
                let mut roles = Vec::new();
                for (role, browser) in ROLES.into_iter().zip(browsers.iter_mut()) {
                    let status = status(browser, method, &path).await;
                    assert_eq!(status, whom.status(), "{method} {path} for {role}");
                    roles.push(status.as_str().to_owned());
                }
                let (method, address) = (method.to_uppercase(), address.path);
                let _ok = writeln!(text, "| `{method} {address}`{what} | {} | {} |", whom.word(), roles.join(" | "));
            }
        }
    }
    text + "\n"
}
