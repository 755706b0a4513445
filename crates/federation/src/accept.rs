//! What an `Accept` header asks for (RFC 9110 §12.5.1), read once for documents and pages alike.
//!
//! Invariant: whoever names an ActivityPub type with any weight gets the document, unless HTML comes with a higher one;
//! whoever names neither gets what the address is first of all, a document under `/ap/` and a page elsewhere.

use http::HeaderMap;
use http::header::{ACCEPT, HeaderName};

/// The types of a page.
pub const PAGE: &[&str] = &["text/html", "application/xhtml+xml"];
/// The types of a document (ActivityPub §3.2). The profile of the second is not looked at: peers leave it out.
pub const DOCUMENT: &[&str] = &["application/activity+json", "application/ld+json"];

/// A person's browser: it names HTML, and no ActivityPub type with the same weight or a higher one.
pub fn wants_page(headers: &HeaderMap) -> bool {
    let ranges = weighted(headers, &ACCEPT);
    let page = weight_of(&ranges, PAGE);
    page > 0 && page > weight_of(&ranges, DOCUMENT)
}

/// The highest weight of any of these names, in thousandths; 0 when none is named or all are refused.
pub fn weight_of(ranges: &[(String, u16)], names: &[&str]) -> u16 {
    ranges.iter().filter(|(name, _)| names.contains(&name.as_str())).map(|(_, weight)| *weight).max().unwrap_or(0)
}

/// The entries of an `Accept` or `Accept-Language` header in lower case, without parameters, each with its weight in
/// thousandths. Several lines count as one; entries beyond the 64th are passed over.
pub fn weighted(headers: &HeaderMap, name: &HeaderName) -> Vec<(String, u16)> {
    let lines = headers.get_all(name).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| split_unquoted(line, ',')).filter_map(entry).take(64).collect()
}

fn entry(text: &str) -> Option<(String, u16)> {
    let mut parts = split_unquoted(text, ';').map(str::trim);
    let name = parts.next().filter(|name| !name.is_empty())?.to_ascii_lowercase();
    let weight = parts.find_map(|part| {
        let (key, value) = part.split_once('=')?;
        key.trim().eq_ignore_ascii_case("q").then(|| value.trim().parse::<f32>().unwrap_or(0.0))
    });
    let weight = weight.unwrap_or(1.0).clamp(0.0, 1.0);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // 0–1000 after the clamp
    Some((name, (weight * 1000.0).round() as u16))
}

fn split_unquoted(text: &str, at: char) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    text.split(move |c| {
        quoted ^= c == '"';
        c == at && !quoted
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_gets_the_page() {
        for (accept, page) in [
            ("", false),
            ("*/*", false),
            ("nonsense;;;q", false),
            ("application/json", false),
            ("application/activity+json", false),
            ("application/activity+json, application/ld+json", false),
            (r#"application/ld+json; profile="a, text/html; q=1""#, false),
            ("text/html", true),
            ("Text/HTML;Q=0.3", true),
            ("text/html;q=0", false),
            ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", true),
            ("text/html;q=0.5, application/activity+json", false),
            ("text/html, application/activity+json", false),
            ("text/html, application/activity+json;q=0.5", true),
            ("text/html, application/activity+json;q=0", true),
        ] {
            let mut headers = HeaderMap::new();
            if !accept.is_empty() {
                headers.insert(ACCEPT, accept.parse().unwrap());
            }
            assert_eq!(wants_page(&headers), page, "{accept}");
        }
    }

    #[test]
    fn several_lines_count_as_one() {
        let mut both = HeaderMap::new();
        both.append(ACCEPT, "text/html;q=0.2".parse().unwrap());
        both.append(ACCEPT, "application/activity+json".parse().unwrap());
        assert!(!wants_page(&both));
    }
}
