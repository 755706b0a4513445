//! Links that show another host than they lead to: the real one is written behind what they say.
//!
//! Works on what the cleaner has written, so tags and quotes are regular. What is inside a link is read as a person sees
//! it: without markup and invisible characters, full-width letters and ligatures as the plain ones. A handle whose host is
//! not that of the profile is told apart in the same way. Writing the host twice is avoided, so a second run changes
//! nothing. Left out: text that *describes* a place ("my bank") without showing an address.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;
use url::{Host, Url};

use super::tag_end;
use crate::text;

/// Endings of file names that are no top-level domains, so that `ohjelma.pdf` is not taken for a host.
const FILE_ENDINGS: [&str; 18] = [
    "pdf", "html", "htm", "php", "jpg", "jpeg", "png", "gif", "webp", "doc", "docx", "odt", "xls", "xlsx", "csv",
    "ics", "txt", "js",
];

/// The same HTML, where each link says the host that it leads to when its text shows another one.
pub(super) fn with_real_hosts(html: String) -> String {
    if !html.contains("<a ") {
        return html;
    }
    let mut out = String::with_capacity(html.len() + 64);
    let mut rest = html.as_str();
    while let Some(at) = rest.find("<a ") {
        let end = at + tag_end(&rest[at..]);
        let (tag, after) = (&rest[at..end], &rest[end..]);
        out.push_str(&rest[..end]);
        let length = ["</a>", "<a "].iter().filter_map(|mark| after.find(mark)).min().unwrap_or(after.len());
        out.push_str(&after[..length]);
        if let Some(label) = href(tag).and_then(|href| missing_label(&href, &seen(&after[..length]))) {
            out.push_str(" (");
            out.push_str(&super::escaped(&label));
            out.push(')');
        }
        rest = &after[length..];
    }
    out.push_str(rest);
    out
}

fn href(tag: &str) -> Option<Cow<'_, str>> {
    let (_, rest) = tag.split_once(" href=\"")?;
    let (value, _) = rest.split_once('"')?;
    Some(if value.contains('&') { Cow::Owned(text::decoded(value)) } else { Cow::Borrowed(value) })
}

/// What a person sees of the inside of a link.
fn seen(inside: &str) -> String {
    let mut plain = String::with_capacity(inside.len());
    let mut rest = inside;
    while let Some(at) = rest.find('<') {
        plain.push_str(&rest[..at]);
        rest = &rest[at + tag_end(&rest[at..])..];
    }
    plain.push_str(rest);
    text::decoded(&plain).nfkc().filter(|c| !text::is_invisible(*c)).collect()
}

/// Where the link leads, if what it says shows something else and does not tell it already.
fn missing_label(href: &str, seen: &str) -> Option<String> {
    let target = Url::parse(href).ok()?;
    let (host, label) = if target.scheme() == "mailto" {
        let address = target.path().to_owned();
        (address.rsplit('@').next().unwrap_or_default().to_ascii_lowercase(), address)
    } else {
        let host = target.host_str()?.to_owned();
        let label = target.port().map_or_else(|| host.clone(), |port| format!("{host}:{port}"));
        (host, label)
    };
    let told = seen.trim_end().strip_suffix(')').is_some_and(|text| text.ends_with(&format!("({label}")));
    let disguised =
        seen.split_whitespace().filter_map(first_host).any(|(shown, foreign)| foreign || !is_same(&shown, &host));
    (disguised && !told).then_some(label)
}

/// The first host in a word, in its ASCII form, and whether letters that are not Latin stand in it.
fn first_host(word: &str) -> Option<(String, bool)> {
    let part_of_host = |c: char| c.is_alphanumeric() || matches!(c, '.' | '。' | '-' | '_');
    word.split(|c: char| !part_of_host(c)).find_map(|piece| {
        let piece = piece.trim_matches(['.', '。', '-', '_']);
        let foreign = piece.chars().any(|c| c.is_alphabetic() && !text::is_latin(c));
        host(piece).map(|host| (host, foreign))
    })
}

fn host(piece: &str) -> Option<String> {
    if !piece.contains(['.', '。']) || piece.len() > 1_000 {
        return None;
    }
    match Host::parse(piece).ok()? {
        Host::Domain(domain) => {
            let last = domain.rsplit('.').next()?;
            let letters = last.len() >= 2 && last.bytes().all(|byte| byte.is_ascii_alphabetic());
            let top_level = last.starts_with("xn--") || (letters && !FILE_ENDINGS.contains(&last));
            top_level.then_some(domain)
        }
        // `18.00` would be an address too; a person takes only four numbers for one.
        Host::Ipv4(address) => (piece.split('.').count() == 4).then(|| address.to_string()),
        Host::Ipv6(_) => None,
    }
}

/// One host, or one above the other.
fn is_same(shown: &str, real: &str) -> bool {
    let (shown, real) = (shown.trim_start_matches("www."), real.trim_start_matches("www."));
    let above = |upper: &str, lower: &str| lower.strip_suffix(upper).is_some_and(|rest| rest.ends_with('.'));
    shown == real || above(shown, real) || above(real, shown)
}
