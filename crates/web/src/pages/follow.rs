//! How to follow from elsewhere: also the page to which other servers send people who want to interact
//! (`/authorize_interaction?uri=`), since there is no account here to interact with.

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

#[derive(Template)]
#[template(path = "follow/page.html")]
struct Page {
    l: Locale,
    frame: Frame,
    path: String,
    handle: String,
    uri: Option<String>,
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
    let uri: String = visit.asked("uri").chars().take(500).collect();
    let whom = match (uri.as_str(), &own) {
        ("", Some(profile)) => profile.id.clone(),
        ("", None) => handle.clone(),
        (uri, _) => uri.to_owned(),
    };
    let server: String = visit.asked("server").chars().take(300).collect();
    let open = Open::of(&server, &whom);
    let mut frame = Frame::new(&visit, &l.t("follow-title"), &l.t("follow-title-lead"));
    if !uri.is_empty() || !server.is_empty() {
        frame = frame.unlisted();
    }
    let fault = open.is_none() && !server.is_empty();
    let uri = Some(uri).filter(|uri| !uri.is_empty());
    let page = Page { l, frame, path: visit.path.clone(), handle, uri, server, fault, open };
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

    #[test]
    fn the_link_carries_the_address_whole() {
        let open = Open::of("a.example", "https://b.example/ap/actors/1?x=1&y=2").unwrap();
        assert_eq!(
            open.url,
            "https://a.example/authorize_interaction?uri=https%3A%2F%2Fb.example%2Fap%2Factors%2F1%3Fx%3D1%26y%3D2"
        );
    }
}
