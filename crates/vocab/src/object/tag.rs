//! Hashtags and mentions.

use serde::Serialize;
use serde_json::Value;

use super::{MAX_TAGS, kind_of};
use crate::{one_or_many, text};

/// A hashtag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type")]
pub struct Hashtag {
    /// `#Kuopio`: with the mark, without blank or hyphen (Mastodon and Gancio cut it up otherwise).
    pub name: String,
    /// The page that lists what carries it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub href: Option<String>,
}

impl Hashtag {
    /// The hashtag of a word or of several (`Keski-Suomi` gives `#KeskiSuomi`); `None` when no letter or digit is in
    /// them.
    #[must_use]
    pub fn new(words: &str, href: Option<String>) -> Option<Self> {
        let line = text::line(words, 100);
        let joined: String = line
            .split(|c: char| !(c.is_alphanumeric() || c == '_'))
            .filter(|word| !word.is_empty())
            .enumerate()
            .map(|(at, word)| if at == 0 { word.to_owned() } else { capitalised(word) })
            .collect();
        joined.contains(char::is_alphanumeric).then(|| Self { name: format!("#{joined}"), href })
    }
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// A mention of an actor. The actor must be among the addressees too, or not every peer notifies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type")]
pub struct Mention {
    /// The actor's id.
    pub href: String,
    /// `@user@host`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// A member of `tag`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Tag {
    /// A hashtag.
    Hashtag(Hashtag),
    /// A mention.
    Mention(Mention),
}

impl Tag {
    /// Reads one tag; emoji and other kinds are `None`.
    #[must_use]
    pub fn parse(value: &Value) -> Option<Self> {
        let kinds = kind_of(value);
        let is = |name: &str| kinds.iter().any(|kind| kind == name);
        let href = one_or_many::page(value, "href");
        if is("Hashtag") {
            Hashtag::new(one_or_many::natural(value, "name")?, href).map(Self::Hashtag)
        } else if is("Mention") {
            Some(Self::Mention(Mention { href: href?, name: super::plain(value, "name", 300) }))
        } else {
            None
        }
    }

    /// All readable tags of an object, at most [`MAX_TAGS`].
    #[must_use]
    pub fn all_of(document: &Value) -> Vec<Self> {
        one_or_many::each(document, "tag").filter_map(Self::parse).take(MAX_TAGS).collect()
    }
}

/// The hashtags of an object, each once, at most [`MAX_TAGS`].
pub(crate) fn hashtags(document: &Value) -> Vec<Hashtag> {
    let mut found: Vec<Hashtag> = Vec::new();
    for tag in Tag::all_of(document) {
        if let Tag::Hashtag(tag) = tag
            && !found.iter().any(|known| known.name == tag.name)
        {
            found.push(tag);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn hashtags_are_one_word() {
        for (words, expected) in [
            ("Kuopio", Some("#Kuopio")),
            ("#Kuopio", Some("#Kuopio")),
            ("Keski-Suomi", Some("#KeskiSuomi")),
            ("avoin tehtävä", Some("#avoinTehtävä")),
            ("Ha\u{308}me", Some("#Häme")),
            ("<b>x</b>", Some("#x")),
            ("#", None),
            ("—", None),
        ] {
            assert_eq!(Hashtag::new(words, None).map(|tag| tag.name).as_deref(), expected, "{words}");
        }
    }

    #[test]
    fn tags_of_many_makers() {
        let document = json!({"tag": [
            {"type": "Hashtag", "name": "#kuopio", "href": "https://a.example/tags/kuopio"},
            {"type": "Hashtag", "name": "kuopio"},
            {"type": "Mention", "href": "https://b.example/users/aino", "name": "@aino@b.example"},
            {"type": "Mention", "name": "@nobody"},
            {"type": "Emoji", "id": null, "name": ":blob:"}, null, "x"]});
        assert_eq!(Tag::all_of(&document).len(), 3);
        assert_eq!(hashtags(&document).len(), 1);
        assert_eq!(hashtags(&json!({"tag": {"type": "Hashtag", "name": "#yksi"}})).len(), 1);
    }
}
