//! Which form of a page is wanted, and in which language: the `Accept` headers (RFC 9110 §12.5) and nothing else.
//!
//! One URL answers as HTML, as our own JSON, or, for what has an ActivityPub form, by `303 See Other` to its id.
//! Invariant: a browser never gets JSON, whatever it adds to its `Accept`, because it names `text/html` first.

use domain::Language;
use federation::accept::{self, weighted};
use http::HeaderMap;
use http::header::{ACCEPT, ACCEPT_LANGUAGE};

/// The form of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A page for a person; also the answer to `*/*` and to no `Accept` at all.
    Html,
    /// The ActivityPub object (ActivityPub §3.2).
    Activity,
    /// Our own JSON of what the page shows.
    Json,
}

/// The form that a request wants. ActivityPub when `Accept` names it, unless `text/html` comes with a higher weight;
/// JSON by the same rule.
pub fn form(headers: &HeaderMap) -> Form {
    let ranges = weighted(headers, &ACCEPT);
    let html = accept::weight_of(&ranges, accept::PAGE);
    let activity = accept::weight_of(&ranges, accept::DOCUMENT);
    let json = accept::weight_of(&ranges, &["application/json"]);
    match () {
        () if activity > 0 && activity >= html && activity >= json => Form::Activity,
        () if json > 0 && json >= html => Form::Json,
        () => Form::Html,
    }
}

/// The language that a reader's browser asks for, by weight and then by order; `default` when it speaks none of ours.
pub fn language(headers: &HeaderMap, default: Language) -> Language {
    let mut wanted = weighted(headers, &ACCEPT_LANGUAGE);
    wanted.retain(|(_, weight)| *weight > 0);
    wanted.sort_by_key(|(_, weight)| std::cmp::Reverse(*weight)); // stable: equals keep their order
    wanted.iter().find_map(|(tag, _)| Language::parse(tag)).unwrap_or(default)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderName;

    fn headers(name: HeaderName, value: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        if !value.is_empty() {
            headers.insert(name, value.parse().unwrap());
        }
        headers
    }

    #[test]
    fn forms() {
        let chrome = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8";
        for (accept, expected) in [
            ("", Form::Html),
            ("*/*", Form::Html),
            ("nonsense;;;q", Form::Html),
            (chrome, Form::Html),
            ("text/html;q=0.9, application/json;q=0.5", Form::Html),
            ("application/activity+json", Form::Activity),
            ("application/activity+json, application/ld+json", Form::Activity),
            (r#"application/ld+json; profile="https://www.w3.org/ns/activitystreams""#, Form::Activity),
            (r#"application/ld+json; profile="a, text/html; q=1"; q=0.4, */*;q=0.1"#, Form::Activity),
            ("Application/Activity+JSON;Q=0.1", Form::Activity),
            ("application/activity+json, text/html;q=0.1", Form::Activity),
            ("application/activity+json;q=0.5, text/html;q=0.5", Form::Activity),
            ("application/activity+json;q=0.5, text/html", Form::Html),
            ("application/activity+json;q=0", Form::Html),
            ("application/json", Form::Json),
            ("application/json, text/plain, */*", Form::Json),
            ("application/json;q=0.9, application/activity+json;q=0.8", Form::Json),
            ("application/activity+json, application/json", Form::Activity),
            ("application/json;q=nan", Form::Html),
        ] {
            assert_eq!(form(&headers(ACCEPT, accept)), expected, "{accept}");
        }
    }

    #[test]
    fn several_accept_lines_count_as_one() {
        let mut both = headers(ACCEPT, "text/html;q=0.2");
        both.append(ACCEPT, "application/activity+json".parse().unwrap());
        assert_eq!(form(&both), Form::Activity);
    }

    #[test]
    fn languages() {
        for (accept, expected) in [
            ("", Language::Fi),
            ("de, fr;q=0.8", Language::Fi),
            ("sv-FI, sv;q=0.9, en;q=0.5", Language::Sv),
            ("en;q=0.5, sv;q=0.9", Language::Sv),
            ("en-GB,en;q=0.8,fi;q=0.8", Language::En),
            ("fi;q=0, en;q=0.1", Language::En),
            ("*", Language::Fi),
        ] {
            assert_eq!(language(&headers(ACCEPT_LANGUAGE, accept), Language::Fi), expected, "{accept}");
        }
        assert_eq!(language(&HeaderMap::new(), Language::Sv), Language::Sv);
    }
}
