//! The frame around every page: title, navigation, languages, and what the head of the document tells to machines.
//!
//! [`Sections`] is the one place that knows what the pages of a region and of the national node have in common and where
//! they differ.

use crate::assets;
use crate::feeds;
use crate::i18n::{Key, LANGUAGES, Locale};
use crate::query::Search;
use crate::structured;
use crate::visit::Visit;
use domain::{Language, Role};
use serde_json::Value;

/// The query parameters that belong to a page's address; others are dropped from the links that we make.
const KEPT: [&str; 15] = [
    "q", "kind", "region", "skill", "field", "language", "remote", "free", "month", "view", "from", "until", "past",
    "page", "uri",
];

/// What the pages of a node have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sections {
    /// The parts that the navigation shows: path and label.
    pub navigation: &'static [(&'static str, Key)],
    /// Lists can be narrowed down to a region; without this they show the node's own region unless asked otherwise.
    pub many_regions: bool,
    /// Anybody may become a member here.
    pub members: bool,
}

impl Sections {
    /// The pages that a node of this role has.
    pub fn of(role: Role) -> Sections {
        match role {
            Role::Region => Sections {
                navigation: &[
                    ("/tapahtumat", Key("nav-events")),
                    ("/tehtavat", Key("nav-tasks")),
                    ("/tuottajat", Key("nav-producers")),
                    ("/organisaatiot", Key("nav-organisations")),
                    ("/seuraa", Key("nav-follow")),
                ],
                many_regions: false,
                members: true,
            },
            Role::National => Sections {
                navigation: &[
                    ("/alueet", Key("nav-regions")),
                    ("/tapahtumat", Key("nav-events")),
                    ("/tehtavat", Key("nav-tasks")),
                    ("/tuottajat", Key("nav-producers")),
                    ("/organisaatiot", Key("nav-organisations")),
                    ("/seuraa", Key("nav-follow")),
                ],
                many_regions: true,
                members: false,
            },
        }
    }
}

/// An entry of the navigation.
pub struct Place {
    /// Its path.
    pub path: &'static str,
    /// What it is called.
    pub label: String,
    /// It is this page, or the list that this page belongs to.
    pub current: bool,
}

/// This page in another language.
pub struct Version {
    /// `fi`, `sv`, `en`.
    pub code: &'static str,
    /// What the language calls itself.
    pub name: &'static str,
    /// The link within the site.
    pub link: String,
    /// The absolute address.
    pub address: String,
    /// It is this one.
    pub current: bool,
}

/// A list as a feed.
pub struct FeedLink {
    /// The link within the site.
    pub link: String,
    /// Its form.
    pub media_type: &'static str,
    /// What the link says.
    pub label: String,
}

/// The frame of one page.
pub struct Frame {
    l: Locale,
    /// What `<title>` says.
    pub title: String,
    /// The page's own heading, which a shared link shows.
    pub heading: String,
    /// A sentence for search results and shared links.
    pub description: String,
    /// The region, or the whole country.
    pub name: &'static str,
    /// The address of this page.
    pub canonical: String,
    /// The address that answers in the reader's own language.
    pub any_language: String,
    /// The page in each language.
    pub versions: Vec<Version>,
    /// The ActivityPub id of what the page shows.
    pub activity: Option<String>,
    /// The handle of who made it.
    pub creator: Option<String>,
    /// The page of the actor whose own site this is: the other half of the proof that its profile field begins.
    pub me: Option<String>,
    /// What Open Graph calls the kind of page.
    pub kind: &'static str,
    /// The picture of a shared link, an absolute address on this host.
    pub picture: String,
    /// What it shows.
    pub picture_alt: String,
    /// Search engines may list it.
    pub indexed: bool,
    /// What search engines read of it, ready to stand in the page.
    pub structured: Option<String>,
    /// The page for programs of readers.
    pub feeds: Vec<FeedLink>,
    /// The navigation.
    pub navigation: Vec<Place>,
    /// The search across everything stands in the head.
    pub seeks: bool,
    /// Anybody may become a member here.
    pub members: bool,
    /// Who sees this page has signed in: it is the desk, or one's own.
    pub own: bool,
    /// The version of the program.
    pub version: String,
}

/// Whether a path is this one, or below it.
fn is_under(path: &str, above: &str) -> bool {
    path.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

impl Frame {
    /// The frame of the page that is being visited.
    pub fn new(visit: &Visit, heading: &str, description: &str) -> Frame {
        let l = visit.l;
        let node = visit.node();
        let name = node.region.name(l.language());
        let title = if heading == name { format!("{name} – Solmu") } else { format!("{heading} – {name}") };
        let address = |language: Option<Language>| address_in(visit, language);
        let versions: Vec<Version> = LANGUAGES
            .into_iter()
            .map(|language| Version {
                code: language.as_str(),
                name: language.pick("suomi", "svenska", "English"),
                link: address(Some(language)),
                address: node.origin.url(&address(Some(language))),
                current: language == l.language(),
            })
            .collect();
        let navigation = Sections::of(node.role).navigation.iter().map(|(path, label)| Place {
            path,
            label: label.text(l),
            current: is_under(&visit.path, path),
        });
        Frame {
            l,
            title,
            heading: heading.to_owned(),
            description: shortened(description, 200),
            name,
            canonical: node.origin.url(&address(l.is_chosen().then(|| l.language()))),
            any_language: node.origin.url(&address(None)),
            versions,
            activity: None,
            creator: None,
            me: None,
            kind: "website",
            picture: node.origin.url("/static/pictures/og.png"),
            picture_alt: "Solmu".to_owned(),
            indexed: true,
            structured: None,
            feeds: Vec::new(),
            navigation: navigation.collect(),
            seeks: true,
            own: ["/me", "/desk"].iter().any(|own| is_under(&visit.path, own)),
            members: Sections::of(node.role).members,
            version: visit.site.version.clone(),
        }
    }

    /// The page shows this ActivityPub object, by this author.
    #[must_use]
    pub fn of(mut self, kind: &'static str, id: &str, creator: Option<&str>) -> Frame {
        self.kind = kind;
        self.activity = Some(id.to_owned());
        self.creator = creator.map(str::to_owned);
        self
    }

    /// The page belongs to the list at this path, though its address is not below it.
    #[must_use]
    pub fn within(mut self, list: &str) -> Frame {
        for place in &mut self.navigation {
            place.current = place.path == list;
        }
        self
    }

    /// The page is the own site of an actor with this page. Mastodon marks a link as proven that leads here and back.
    #[must_use]
    pub fn home_of(mut self, profile: String) -> Frame {
        self.me = Some(profile);
        self
    }

    /// The page is a copy: its real address is elsewhere, and only that one is to be found by search.
    #[must_use]
    pub fn copy_of(mut self, page: &str) -> Frame {
        self.canonical = page.to_owned();
        self.indexed = false;
        self
    }

    /// The page has a picture of its own.
    #[must_use]
    pub fn pictured(mut self, url: &str, alt: &str) -> Frame {
        self.picture = url.to_owned();
        self.picture_alt = alt.to_owned();
        self
    }

    /// The page shows what this schema.org document tells.
    #[must_use]
    pub fn described(mut self, document: Option<&Value>) -> Frame {
        self.structured = document.map(structured::written);
        self
    }

    /// The page is a list that can be had in these forms too.
    #[must_use]
    pub fn fed(mut self, search: &Search, kinds: &[feeds::Kind]) -> Frame {
        let l = self.l;
        let link = |kind: &feeds::Kind| FeedLink {
            link: search.feed(l, kind),
            media_type: kind.media_type,
            label: kind.label.text(l),
        };
        self.feeds = kinds.iter().map(link).collect();
        self
    }

    /// The page is the search across everything, and needs no second field for it.
    #[must_use]
    pub fn seeking(mut self) -> Frame {
        self.seeks = false;
        self
    }

    /// The page is not for search engines.
    #[must_use]
    pub fn unlisted(mut self) -> Frame {
        self.indexed = false;
        self
    }

    /// `fi`, `sv` or `en`.
    pub fn language(&self) -> &'static str {
        self.l.code()
    }

    /// The address of the style sheet; it changes with its content.
    pub fn stylesheet(&self) -> &'static str {
        assets::stylesheet()
    }

    /// The `Link` header: the ActivityPub form first, because readers stop at the first alternate.
    pub fn link_header(&self) -> String {
        let canonical = format!("<{}>; rel=\"canonical\"", self.canonical);
        match &self.activity {
            Some(id) => format!("<{id}>; rel=\"alternate\"; type=\"{}\", {canonical}", vocab::ACTIVITY_JSON),
            None => canonical,
        }
    }
}

/// Path and query of the visited page in a language, or in whichever the reader's browser asks for.
fn address_in(visit: &Visit, language: Option<Language>) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in &visit.query {
        if KEPT.contains(&name.as_str()) && !value.is_empty() {
            query.append_pair(name, value);
        }
    }
    if let Some(language) = language {
        query.append_pair("lang", language.as_str());
    }
    let query = query.finish();
    if query.is_empty() { visit.path.clone() } else { format!("{}?{query}", visit.path) }
}

/// The beginning of a text, cut at a word.
pub(crate) fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let cut: String = text.chars().take(most).collect();
    let end = cut.rfind(char::is_whitespace).unwrap_or(cut.len());
    format!("{}…", cut[..end].trim_end_matches([',', '.', ' ']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_descriptions_are_cut_at_a_word() {
        assert_eq!(shortened("lyhyt", 10), "lyhyt");
        assert_eq!(shortened("yksi, kaksi kolme", 7), "yksi…");
        assert_eq!(shortened("ääääääää", 3), "äää…");
    }

    #[test]
    fn only_the_national_node_lists_regions() {
        assert!(!Sections::of(Role::Region).navigation.iter().any(|(path, _)| *path == "/alueet"));
        assert!(Sections::of(Role::National).many_regions);
    }
}
