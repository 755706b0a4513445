//! How to follow from elsewhere: also the page to which other servers send people who want to interact
//! (`/authorize_interaction?uri=`), since there is no account here to interact with.
//!
//! Somebody who tells a name and a server gets the page that this server itself names for following (WebFinger, FEP-3b86).
//!
//! Invariant: what a stranger puts into the address of this page leads nowhere but to a server that the reader typed, over
//! https; a `uri` that is neither a web address nor a handle is not shown and not passed on.

use super::profile;
use crate::answer;
use crate::card;
use crate::error::Error;
use crate::i18n::Locale;
use crate::layout::Frame;
use crate::visit::Visit;
use askama::Template;
use axum::response::Response;
use federation::Origin;
use federation::client::Client;

/// The reader's own server, at the page that follows somebody.
struct Open {
    server: String,
    url: String,
}

/// What a reader typed: `mastodon.social`, `@me@mastodon.social`, `https://mastodon.social/@me`.
struct Home {
    /// The name there, if it was told.
    user: Option<String>,
    host: String,
}

impl Home {
    fn read(typed: &str, client: &Client) -> Option<Home> {
        let typed = typed.trim().trim_start_matches("https://").trim_start_matches("http://");
        let typed = typed.strip_prefix("acct:").unwrap_or(typed);
        let (place, path) = typed.split_once('/').unwrap_or((typed, ""));
        let place = place.strip_prefix('@').unwrap_or(place);
        let (user, host) = place.rsplit_once('@').map_or((None, place), |(user, host)| (Some(user), host));
        let user = user.or_else(|| path.strip_prefix('@')).filter(|user| is_name(user)).map(str::to_owned);
        let url = url::Url::parse(&format!("{}://{host}/", Origin::new(host).scheme())).ok()?;
        client.check(&url).ok()?;
        let read = url.domain().filter(|read| !read.ends_with('.'))?;
        let host = url.port().map_or_else(|| read.to_owned(), |port| format!("{read}:{port}"));
        Some(Home { user, host })
    }

    /// The page there: the one that the server itself names for this name; else the one that most programs have.
    async fn page(&self, visit: &Visit, whom: &str) -> Open {
        let named = match &self.user {
            Some(user) => federation::follow_page(&visit.site.client, (user, &self.host), whom, visit.now).await.ok(),
            None => None,
        };
        let url = named.unwrap_or_else(|| self.usual_page(whom));
        Open { server: card::host(&url), url }
    }

    fn usual_page(&self, whom: &str) -> String {
        let uri: String = url::form_urlencoded::byte_serialize(whom.as_bytes()).collect();
        format!("https://{}/authorize_interaction?uri={uri}", self.host)
    }
}

fn is_name(user: &str) -> bool {
    !user.is_empty() && user.len() <= 100 && user.chars().all(|one| one.is_alphanumeric() || "-_.".contains(one))
}

/// Whom or what the reader came to follow, as another server says it.
struct Wanted {
    /// As it came: ids are compared letter by letter.
    passed_on: String,
    /// For people: the host in the form in which look-alike letters show.
    shown: String,
}

impl Wanted {
    fn read(uri: &str) -> Option<Wanted> {
        let resource = vocab::Resource::parse(uri).ok().filter(|_| uri.len() <= 500)?;
        let passed_on = match &resource {
            vocab::Resource::Url(_) => vocab::one_or_many::web_address(uri)?,
            vocab::Resource::Account { .. } => resource.to_string(),
        };
        let shown = resource.to_string();
        let shown = shown.strip_prefix("acct:").map_or(shown.clone(), |account| format!("@{account}"));
        Some(Wanted { passed_on, shown })
    }
}

#[derive(Template)]
#[template(path = "follow/page.html")]
struct Page {
    l: Locale,
    frame: Frame,
    path: String,
    handle: String,
    wanted: Option<Wanted>,
    server: String,
    fault: bool,
    open: Option<Open>,
}

/// `GET /seuraa` and `GET /authorize_interaction`
pub async fn show(visit: Visit) -> Result<Response, Error> {
    let l = visit.l;
    let node = visit.node();
    let own = profile(&visit).await?;
    let handle = node.origin.handle(node.region.username());
    let wanted = Wanted::read(visit.asked("uri"));
    let whom = match (&wanted, &own) {
        (Some(wanted), _) => id_here(&visit, &wanted.passed_on).await?.unwrap_or_else(|| wanted.passed_on.clone()),
        (None, Some(profile)) => profile.id.clone(),
        (None, None) => handle.clone(),
    };
    let server: String = visit.asked("server").chars().take(300).collect();
    let home = Home::read(&server, &visit.site.client);
    let open = match &home {
        Some(home) => Some(home.page(&visit, &whom).await),
        None => None,
    };
    let mut frame = Frame::new(&visit, &l.t("follow-title"), &l.t("follow-title-lead"));
    if wanted.is_some() || !server.is_empty() {
        frame = frame.unlisted();
    }
    let fault = open.is_none() && !server.is_empty();
    let page = Page { l, frame, path: visit.path.clone(), handle, wanted, server, fault, open };
    answer::html(&page.frame, &page)
}

/// The id of the actor here that a handle means: what the intent of following carries (FEP-3b86, `object`). Nothing for an actor
/// elsewhere, which its own server finds by the handle.
async fn id_here(visit: &Visit, passed_on: &str) -> Result<Option<String>, Error> {
    let Some(vocab::Resource::Account { user, host }) = vocab::Resource::parse(passed_on).ok() else { return Ok(None) };
    if host != visit.node().origin.host() {
        return Ok(None);
    }
    let found = visit.read(move |conn| federation::actor::find_local(conn, &user)).await?;
    Ok(found.filter(|actor| actor.deleted_at.is_none()).map(|actor| actor.url.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client() -> Client {
        Client::new("test", false, &federation::Limits::default())
    }

    #[test]
    fn servers_as_people_type_them() {
        let client = client();
        for (typed, user, expected) in [
            ("mastodon.social", None, Some("mastodon.social")),
            (" @aino@Mastodon.Social ", Some("aino"), Some("mastodon.social")),
            ("aino@mastodon.social", Some("aino"), Some("mastodon.social")),
            ("acct:aino@mastodon.social", Some("aino"), Some("mastodon.social")),
            ("https://mastodon.social/@aino", Some("aino"), Some("mastodon.social")),
            ("https://mastodon.social/@aino/123", None, Some("mastodon.social")),
            ("https://käpy.example/", None, Some("xn--kpy-qla.example")),
            ("a\"b@mastodon.social", None, Some("mastodon.social")),
            ("mastodon", None, None),
            ("", None, None),
            ("javascript:alert(1)", None, None),
            ("a.example:8080", None, None),
            ("127.0.0.1", None, None),
            ("a b.example", None, None),
        ] {
            let home = Home::read(typed, &client);
            assert_eq!(home.as_ref().map(|home| home.host.as_str()), expected, "{typed}");
            assert_eq!(home.as_ref().and_then(|home| home.user.as_deref()), user, "{typed}");
        }
    }

    /// C17: only web addresses and handles are taken over from the address.
    #[test]
    fn c17_what_others_want_followed() {
        for (uri, expected) in [
            (
                "https://b.example/ap/1?x=1&y=2",
                Some(("https://b.example/ap/1?x=1&y=2", "https://b.example/ap/1?x=1&y=2")),
            ),
            ("acct:Aino@b.example", Some(("acct:aino@b.example", "@aino@b.example"))),
            ("@aino@b.example", Some(("acct:aino@b.example", "@aino@b.example"))),
            ("https://kunta.f\u{456}/x", Some(("https://kunta.f\u{456}/x", "https://kunta.xn--f-fvb/x"))),
            ("", None),
            ("javascript:alert(1)", None),
            ("javascript:alert(1)//@b.example", None),
            ("data:text/html,x", None),
            ("//evil.example/", None),
            ("https://user:password@evil.example/", None),
            ("https://a.example/\"><script>", None),
            ("https://a.example/ x", None),
        ] {
            let read = Wanted::read(uri).map(|wanted| (wanted.passed_on, wanted.shown));
            assert_eq!(read, expected.map(|(a, b)| (a.to_owned(), b.to_owned())), "{uri}");
        }
        assert!(Wanted::read(&format!("https://a.example/{}", "x".repeat(500))).is_none());
    }

    #[test]
    fn the_link_carries_the_address_whole() {
        let home = Home::read("a.example", &client()).unwrap();
        assert_eq!(
            home.usual_page("https://b.example/ap/actors/1?x=1&y=2"),
            "https://a.example/authorize_interaction?uri=https%3A%2F%2Fb.example%2Fap%2Factors%2F1%3Fx%3D1%26y%3D2"
        );
    }
}
