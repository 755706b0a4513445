//! Reading keys that hold one value, a list, `null` or nothing, which on the fediverse is nearly every key.
//!
//! GoToSocial sends a one-element list as its element, Mastodon writes `null` members, Mobilizon and PeerTube put a
//! `Link` where others put a string. All of that is taken apart here, so that the readers of the kinds only say what
//! they want. Nothing here fails: what cannot be read is absent.

use serde_json::Value;
use url::Url;

use crate::MAX_URL;

/// The values under `key`: a list's members, or the value itself; never `null`.
pub fn each<'a>(document: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    members(document.get(key).unwrap_or(&Value::Null))
}

/// A list's members, or the value itself; never `null`.
pub fn members(value: &Value) -> impl Iterator<Item = &Value> {
    let slice = match value {
        Value::Array(list) => list.as_slice(),
        other => std::slice::from_ref(other),
    };
    slice.iter().filter(|member| !member.is_null())
}

/// The first value under `key`.
#[must_use]
pub fn first<'a>(document: &'a Value, key: &str) -> Option<&'a Value> {
    each(document, key).next()
}

/// The first string under `key`. Also reads JSON-LD's `{"@value": "…"}`.
#[must_use]
pub fn string<'a>(document: &'a Value, key: &str) -> Option<&'a str> {
    each(document, key)
        .find_map(|value| value.as_str().or_else(|| value.get("@value").and_then(Value::as_str)))
        .filter(|text| !text.is_empty())
}

/// The first string under `key`, else the first value of its language map (`nameMap` for `name`).
#[must_use]
pub fn natural<'a>(document: &'a Value, key: &str) -> Option<&'a str> {
    string(document, key).or_else(|| {
        let map = document.get(format!("{key}Map"))?.as_object()?;
        map.values().filter_map(Value::as_str).find(|text| !text.is_empty())
    })
}

/// The id that a value stands for: the string itself, or the object's `id` (or `@id`). One with control characters is none:
/// it names nothing, and not every database keeps it.
#[must_use]
pub fn id_of(value: &Value) -> Option<&str> {
    let id = match value {
        Value::String(id) => id.as_str(),
        Value::Object(object) => object.get("id").or_else(|| object.get("@id"))?.as_str()?,
        _ => return None,
    };
    let is_text = || !id.bytes().any(|byte| byte.is_ascii_control());
    (!id.is_empty() && id.len() <= MAX_URL && is_text()).then_some(id)
}

/// The first id under `key`, whether the value there is a string or an object.
#[must_use]
pub fn id<'a>(document: &'a Value, key: &str) -> Option<&'a str> {
    each(document, key).find_map(id_of)
}

/// All ids under `key`, at most `limit` of them, in their order.
#[must_use]
pub fn ids(document: &Value, key: &str, limit: usize) -> Vec<String> {
    each(document, key).filter_map(id_of).take(limit).map(str::to_owned).collect()
}

/// The number under `key`; a numeric string counts, and infinity does not.
#[must_use]
pub fn number(document: &Value, key: &str) -> Option<f64> {
    each(document, key)
        .find_map(|value| match value {
            Value::Number(number) => number.as_f64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        })
        .filter(|number: &f64| number.is_finite())
}

/// The count under `key`: a whole number, not below zero.
#[must_use]
pub fn count(document: &Value, key: &str) -> Option<u64> {
    each(document, key).find_map(|value| match value {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    })
}

/// The truth value under `key`; the strings `true` and `false` count.
#[must_use]
pub fn flag(document: &Value, key: &str) -> Option<bool> {
    each(document, key).find_map(|value| match value {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) => text.parse().ok(),
        _ => None,
    })
}

/// A web address exactly as it was written, if it is one: http or https, with a host, without blanks, control characters,
/// quotes or backslashes (which programs read differently), without a user's name or password, at most [`MAX_URL`] long. Ids are compared byte for byte, so nothing
/// is normalised.
#[must_use]
pub fn web_address(text: &str) -> Option<String> {
    if text.len() > MAX_URL
        || text.chars().any(|c| c.is_whitespace() || c.is_control() || matches!(c, '"' | '<' | '>' | '\\'))
    {
        return None;
    }
    let url = Url::parse(text).ok()?;
    let web = matches!(url.scheme(), "http" | "https") && url.has_host();
    (web && url.username().is_empty() && url.password().is_none()).then(|| text.to_owned())
}

/// The id under `key` if it is a [`web_address`].
#[must_use]
pub fn address(document: &Value, key: &str) -> Option<String> {
    each(document, key).filter_map(id_of).find_map(web_address)
}

/// The page for people under `key` (`url`): a string, a `Link`, or a list of `Link`s of which the `text/html` one wins.
#[must_use]
pub fn page(document: &Value, key: &str) -> Option<String> {
    let is_html = |link: &Value| string(link, "mediaType").is_some_and(|kind| kind.starts_with("text/html"));
    let href = |value: &Value| match value {
        Value::String(text) => web_address(text),
        Value::Object(_) => string(value, "href").and_then(web_address),
        _ => None,
    };
    each(document, key).filter(|link| is_html(link)).find_map(href).or_else(|| each(document, key).find_map(href))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn one_many_null_and_nothing() {
        for (document, expected) in [
            (json!({"to": "a"}), vec!["a"]),
            (json!({"to": ["a", null, {"id": "b"}, 7, {"@id": "c"}]}), vec!["a", "b", "c"]),
            (json!({"to": null}), vec![]),
            (json!({}), vec![]),
            (json!("no object"), vec![]),
            (json!({"to": {"id": null}}), vec![]),
        ] {
            assert_eq!(ids(&document, "to", 9), expected, "{document}");
        }
    }

    #[test]
    fn numbers_and_flags_in_other_clothes() {
        let document =
            json!({"a": "65.5", "b": 65, "c": "1e999", "d": "x", "e": "12", "f": -1, "g": "true", "h": [false]});
        assert_eq!(number(&document, "a"), Some(65.5));
        assert_eq!(number(&document, "b"), Some(65.0));
        assert_eq!(number(&document, "c"), None);
        assert_eq!(number(&document, "d"), None);
        assert_eq!(count(&document, "e"), Some(12));
        assert_eq!(count(&document, "f"), None);
        assert_eq!(flag(&document, "g"), Some(true));
        assert_eq!(flag(&document, "h"), Some(false));
    }

    #[test]
    fn web_addresses_are_kept_byte_for_byte_or_refused() {
        for good in
            ["https://Region.Example/AP/1", "http://localhost:8080/ap/1#main-key", "https://xn--4ca.example/%C3%A4"]
        {
            assert_eq!(web_address(good).as_deref(), Some(good));
        }
        let long = format!("https://region.example/{}", "a".repeat(MAX_URL));
        for bad in [
            "javascript:alert(1)",
            "jAvAscript:1",
            "data:text/html,x",
            "//region.example/1",
            "/1",
            "",
            " https://region.example/",
            "https://region.example/a\nb",
            "https://aino:secret@region.example/",
            "https://region.example\\@evil.example/",
            "https:\\\\region.example",
            "https://region.example/\"onclick=\"",
            "https:///",
            "mailto:a@b.example",
            &long,
        ] {
            assert_eq!(web_address(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_page_for_people_is_the_html_one() {
        let links = json!({"url": [
            {"type": "Link", "mediaType": "application/x-mpegURL", "href": "https://a.example/v.m3u8"},
            {"type": "Link", "mediaType": "text/html", "href": "https://a.example/page"}]});
        assert_eq!(page(&links, "url").as_deref(), Some("https://a.example/page"));
        assert_eq!(page(&json!({"url": "https://a.example/"}), "url").as_deref(), Some("https://a.example/"));
        assert_eq!(
            page(&json!({"url": {"href": "https://a.example/l"}}), "url").as_deref(),
            Some("https://a.example/l")
        );
        assert_eq!(
            page(&json!({"url": ["javascript:1", "https://a.example/2"]}), "url").as_deref(),
            Some("https://a.example/2")
        );
    }
}
