//! What every entry of a list and every page says of its thing: where it is, where it comes from, how old our copy is.

use crate::i18n::Locale;
use crate::visit::Visit;
use domain::view::Source;

/// Where a thing is and comes from, in words.
pub struct Card {
    /// Our page of it.
    pub link: String,
    /// It is this node's own.
    pub local: bool,
    /// Its region's name.
    pub region: &'static str,
    /// The host that it lives on.
    pub host: String,
    /// Its page there.
    pub page: String,
    /// How long ago our copy was fetched.
    pub age: Option<String>,
    /// A name on it mixes alphabets, as those do who want to be taken for somebody else.
    pub mixed: bool,
    language: String,
}

impl Card {
    /// Of a thing whose pages are under a path (`/tapahtumat`).
    pub fn under(visit: &Visit, path: &str, source: &Source, slug: &str, language: &str) -> Card {
        let link = if source.local { format!("{path}/{slug}") } else { format!("{path}/{}/{slug}", source.host) };
        Card::at(visit, &link, source, language)
    }

    /// Of an actor, whose page is `/@username`, with its host for those of other nodes.
    pub fn actor(visit: &Visit, source: &Source, username: &str) -> Card {
        let link = if source.local { format!("/@{username}") } else { format!("/@{username}@{}", source.host) };
        Card::at(visit, &link, source, "")
    }

    fn at(visit: &Visit, link: &str, source: &Source, language: &str) -> Card {
        Card {
            link: visit.l.link(link),
            local: source.local,
            region: source.region.name(visit.l.language()),
            host: source.host.clone(),
            page: web(&source.page).or_else(|| web(&source.id)).unwrap_or("/").to_owned(),
            age: source.received.map(|received| visit.l.age(&visit.now, &received)),
            mixed: false,
            language: language.to_owned(),
        }
    }

    /// With a mark when one of these names, which came from elsewhere, mixes alphabets (Unicode TS #39).
    #[must_use]
    pub fn naming<'a>(mut self, names: impl IntoIterator<Item = &'a str>) -> Card {
        self.mixed = !self.local && names.into_iter().any(vocab::text::mixes_alphabets);
        self
    }

    /// The `lang` attribute that the thing's own texts need on this page.
    pub fn lang(&self, l: &Locale) -> Option<&str> {
        l.other(&self.language)
    }
}

/// An address that a page may link to: `https:` or `http:`. Others (`javascript:`) came from elsewhere and lead nowhere good.
pub fn web(url: &str) -> Option<&str> {
    (url.starts_with("https://") || url.starts_with("http://")).then_some(url)
}

/// The host of an address, for people.
pub fn host(url: &str) -> String {
    let host = url::Url::parse(url).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
    host.strip_prefix("www.").unwrap_or(&host).to_owned()
}

/// A link and its text: host and path, without what people do not read.
pub struct Outward {
    /// The address.
    pub url: String,
    /// What the link says.
    pub text: String,
}

/// The links among some addresses.
pub fn outward(urls: &[String]) -> Vec<Outward> {
    let link = |url: &String| {
        let path = url::Url::parse(web(url)?).ok()?.path().trim_end_matches('/').to_owned();
        Some(Outward { url: url.clone(), text: format!("{}{path}", host(url)) })
    };
    urls.iter().filter_map(link).collect()
}

/// A heading and its sentence, for what a reader must not miss.
pub struct Notice {
    /// The word.
    pub title: String,
    /// The sentence.
    pub text: String,
}

/// The box that explains how to follow an actor.
pub struct FollowBox {
    /// Whom.
    pub heading: String,
    /// `@user@host`.
    pub handle: String,
}

impl FollowBox {
    /// For the author of a thing, which is its region; nothing when its handle is not known.
    pub fn of_author(l: Locale, source: &Source) -> Option<FollowBox> {
        source.handle.as_deref().map(|handle| FollowBox::new(l, source.region.name(l.language()), handle))
    }

    /// For an actor of this name.
    pub fn new(l: Locale, name: &str, handle: &str) -> FollowBox {
        FollowBox { heading: l.t1("follow-heading", "name", name), handle: handle.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_addresses_become_links() {
        let urls = ["https://www.a.example/x/", "javascript:alert(1)", "data:text/html,x", "http://b.example"];
        let texts: Vec<String> = outward(&urls.map(str::to_owned)).into_iter().map(|link| link.text).collect();
        assert_eq!(texts, ["a.example/x", "b.example"]);
    }
}
