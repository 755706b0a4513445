//! How to follow from elsewhere: also the page to which other servers send people who want to interact
//! (`/authorize_interaction?uri=`), since there is no account here to interact with.
//!
//! Invariant: what a stranger puts into the address of this page leads nowhere but to a server that the reader typed, over
//! https; a `uri` that is neither a web address nor a handle is not shown and not passed on.

use super::profile;
use crate::answer;
use crate::error::Error;
use crate::i18n::Locale;
use crate::layout::Frame;
use crate::visit::Visit;
use askama::Template;
use axum::response::Response;

/// The reader's own server, at the page that follows somebody.
struct Open {
    server: String,
    url: String,
}

impl Open {
    fn of(server: &str, uri: &str) -> Option<Open> {
        let server = server_of(server)?;
        let uri: String = url::form_urlencoded::byte_serialize(uri.as_bytes()).collect();
        Some(Open { url: format!("https://{server}/authorize_interaction?uri={uri}"), server })
    }
}

/// The host in what people type: `mastodon.social`, `@me@mastodon.social`, `https://mastodon.social/@me`.
fn server_of(typed: &str) -> Option<String> {
    let typed = typed.trim().trim_start_matches("https://").trim_start_matches("http://");
    let typed = typed.strip_prefix('@').unwrap_or(typed);
    let host = typed.split('/').next().unwrap_or_default().rsplit('@').next().unwrap_or_default();
    let url = url::Url::parse(&format!("https://{host}/")).ok()?;
    let read = url.domain()?;
    let plain = url.port().is_none() && read.contains('.') && !read.ends_with('.');
    plain.then(|| read.to_owned())
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
        (Some(wanted), _) => wanted.passed_on.clone(),
        (None, Some(profile)) => profile.id.clone(),
        (None, None) => handle.clone(),
    };
    let server: String = visit.asked("server").chars().take(300).collect();
    let open = Open::of(&server, &whom);
    let mut frame = Frame::new(&visit, &l.t("follow-title"), &l.t("follow-title-lead"));
    if wanted.is_some() || !server.is_empty() {
        frame = frame.unlisted();
    }
    let fault = open.is_none() && !server.is_empty();
    let page = Page { l, frame, path: visit.path.clone(), handle, wanted, server, fault, open };
    answer::html(&page.frame, &page)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_as_people_type_them() {
        for (typed, expected) in [
            ("mastodon.social", Some("mastodon.social")),
            (" @aino@Mastodon.Social ", Some("mastodon.social")),
            ("aino@mastodon.social", Some("mastodon.social")),
            ("https://mastodon.social/@aino", Some("mastodon.social")),
            ("https://käpy.example/", Some("xn--kpy-qla.example")),
            ("mastodon", None),
            ("", None),
            ("javascript:alert(1)", None),
            ("a.example:8080", None),
            ("127.0.0.1", None),
            ("a b.example", None),
        ] {
            assert_eq!(server_of(typed).as_deref(), expected, "{typed}");
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
        let open = Open::of("a.example", "https://b.example/ap/actors/1?x=1&y=2").unwrap();
        assert_eq!(
            open.url,
            "https://a.example/authorize_interaction?uri=https%3A%2F%2Fb.example%2Fap%2Factors%2F1%3Fx%3D1%26y%3D2"
        );
    }
}
