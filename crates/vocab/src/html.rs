//! HTML that is safe to show and to send on.
//!
//! [`SafeHtml`] has one way in, the allow-list cleaner, so holding one is the proof of having cleaned. Kept: `p br a ul
//! ol li strong em h2 h3 h4 blockquote`, the classes that mark mentions and hashtags, `lang`, and links to web and mail
//! addresses. Pictures, styles, scripts, forms and frames are not. A link that shows another host than it leads to tells
//! the real one.

mod links;

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::LazyLock;

use ammonia::UrlRelative;
use serde::Serialize;
use url::Url;

use crate::text;

/// Longest HTML that is read, in bytes; the rest is cut off before cleaning.
pub const MAX_HTML: usize = 65_536;

const REL: &str = "nofollow noopener";
/// How often at most a text is cleaned.
const ROUNDS: usize = 4;

/// Cleaned HTML. Serialises as its string.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize)]
#[serde(transparent)]
pub struct SafeHtml(String);

impl SafeHtml {
    /// Cleans anything: HTML of our own editors, of other servers, of attackers. Cleaning twice changes nothing.
    #[must_use]
    pub fn clean(html: &str) -> Self {
        let html = text::tidy(text::head(html, MAX_HTML));
        if text::is_flood(&html) {
            return Self(text::without_markup(&html));
        }
        let Some(clean) = settled(&html) else {
            return Self(text::without_markup(&html));
        };
        // Mastodon passes over hashtags by their rel when it looks for the link to make a preview card of.
        Self(links::with_real_hosts(clean.replace(
            r#"class="mention hashtag" rel="nofollow noopener""#,
            r#"class="mention hashtag" rel="tag nofollow noopener""#,
        )))
    }

    /// The link to a person's or region's own page as profile fields carry it: with `rel="me"`, which the cleaner takes
    /// from others' links.
    pub(crate) fn own_page(url: &Url) -> Self {
        let href = escaped(url.as_str()).replace('"', "&quot;");
        let text = escaped(&format!("{}{}", url.host_str().unwrap_or_default(), url.path().trim_end_matches('/')));
        Self(format!(r#"<a href="{href}" rel="me {REL}">{text}</a>"#))
    }

    /// The HTML.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing to read in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.to_text().is_empty()
    }

    /// The words alone: paragraphs and lines on lines of their own, list items behind a dash, entities decoded.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut out = String::with_capacity(self.0.len());
        let mut rest = self.0.as_str();
        while let Some(at) = rest.find('<') {
            let (before, from) = rest.split_at(at);
            out.push_str(before);
            let end = tag_end(from);
            out.push_str(separator(&from[..end]));
            rest = &from[end..];
        }
        out.push_str(rest);
        let lines = text::decoded(&out);
        let mut tidy: Vec<&str> = Vec::new();
        for line in lines.lines().map(str::trim) {
            if !line.is_empty() || tidy.last().is_some_and(|last| !last.is_empty()) {
                tidy.push(line);
            }
        }
        tidy.join("\n").trim_end().to_owned()
    }
}

impl std::fmt::Display for SafeHtml {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

static CLEANER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let mut builder = ammonia::Builder::empty();
    let tags = ["p", "br", "a", "ul", "ol", "li", "strong", "em", "h2", "h3", "h4", "blockquote"];
    builder
        .tags(HashSet::from(tags))
        .clean_content_tags(HashSet::from(["script", "style", "template", "noscript"]))
        .generic_attributes(HashSet::from(["lang"]))
        .tag_attributes([("a", HashSet::from(["href"]))].into())
        .allowed_classes([("a", HashSet::from(["mention", "hashtag", "u-url"]))].into())
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(UrlRelative::Deny)
        .attribute_filter(|_, name, value| match name {
            "href" => Some(address(value)),
            // Removed, it would change the order of the others. Empty means "not known".
            "lang" => Some(if is_language(value) { value.into() } else { "".into() }),
            _ => Some(value.into()),
        })
        .link_rel(Some(REL));
    builder
});

/// Whether it has the form of a language tag (BCP 47). Anything else could look like an attribute to who reads the tag.
fn is_language(tag: &str) -> bool {
    tag.len() <= 35
        && tag
            .split('-')
            .all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// An address without the characters that its reader passes over (URL Standard 4.4, steps 1 to 3), so that it begins with
/// its scheme for everybody.
fn address(value: &str) -> Cow<'_, str> {
    let value = value.trim_matches(|c: char| c <= ' ');
    let is_passed_over = |c: char| matches!(c, '\t' | '\n' | '\r');
    if value.contains(is_passed_over) { value.replace(is_passed_over, "").into() } else { value.into() }
}

/// Cleaned until nothing changes any more. Once is not enough where something was taken out: a mark that came to stand
/// behind another letter joins it, which can eat the end of a tag (`>` and U+0338 make `≯`), and what was legal inside
/// something else (a link in a table in a link, a heading in an unknown element in a heading) is read otherwise without
/// it. `None` for what does not come to rest.
fn settled(html: &str) -> Option<String> {
    let mut html = Cow::Borrowed(html);
    for _ in 0..ROUNDS {
        let clean = CLEANER.clean(&html).to_string();
        if text::is_tidy(&clean) && (tags(&clean).eq(tags(&html)) || clean == html) {
            return Some(clean);
        }
        html = Cow::Owned(text::tidy(&clean));
    }
    None
}

/// What may be a tag, in order, as far as its name.
fn tags(html: &str) -> impl Iterator<Item = &str> {
    html.split('<').skip(1).map(|tag| {
        let end = tag.find(|c: char| !c.is_ascii_alphanumeric() && c != '/').unwrap_or(tag.len());
        &tag[..end]
    })
}

/// Where the tag that a text begins with ends: behind the first `>` that is not in quotes.
fn tag_end(from: &str) -> usize {
    let mut quoted = false;
    let end = from.bytes().position(|byte| {
        quoted ^= byte == b'"';
        byte == b'>' && !quoted
    });
    end.map_or(from.len(), |end| end + 1)
}

fn separator(tag: &str) -> &'static str {
    match tag.trim_matches(['<', '>', '/', ' ']).split(' ').next() {
        Some("br") => "\n",
        Some("li") if !tag.starts_with("</") => "\n- ",
        Some("p" | "h2" | "h3" | "h4" | "blockquote" | "ul" | "ol") => "\n\n",
        _ => "",
    }
}

/// As the cleaner writes text between tags.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('\u{a0}', "&nbsp;")
}

#[cfg(test)]
mod tests;
