//! JSON from strangers, read strictly: one document, one meaning.
//!
//! A key that stands twice in an object has no meaning (RFC 8259 §4): one reader takes the first, another the last, and what
//! was checked is not what is acted on. Such a document is refused, as are deep nesting, numbers that no `f64` holds, lone
//! surrogates (RFC 8259 §8.2) and whatever follows the end. What is too *large* is left to who reads the bytes.

mod entries;

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

pub use entries::{Part, parts};

/// Why bytes were not read as JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unreadable {
    /// No JSON, not in UTF-8, or a key stands twice.
    NotJson,
    /// Nested deeper than allowed.
    TooDeep,
}

/// Reads a document whose objects and lists nest `depth` deep at most.
///
/// # Errors
/// [`Unreadable`].
pub fn read(bytes: &[u8], depth: usize) -> Result<Value, Unreadable> {
    if is_deeper(bytes, depth) {
        return Err(Unreadable::TooDeep);
    }
    serde_json::from_slice(bytes).map(|Strict(value)| value).map_err(|_| Unreadable::NotJson)
}

/// Whether brackets nest deeper than `depth`, without parsing.
#[must_use]
pub fn is_deeper(bytes: &[u8], depth: usize) -> bool {
    let (mut level, mut quoted, mut escaped) = (0_usize, false, false);
    for byte in bytes {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'[' | b'{' if !quoted => level += 1,
            b']' | b'}' if !quoted => level = level.saturating_sub(1),
            _ => {}
        }
        if level > depth {
            return true;
        }
    }
    false
}

/// A value without repeated keys.
struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reading).map(Strict)
    }
}

struct Reading;

impl<'de> Visitor<'de> for Reading {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON in which no key stands twice")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(Strict(value)) = list.next_element()? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Value, A::Error> {
        let mut values = Map::new();
        while let Some((key, Strict(value))) = object.next_entry::<String, Strict>()? {
            if values.insert(key, value).is_some() {
                return Err(A::Error::custom("a key stands twice"));
            }
        }
        Ok(Value::Object(values))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f33_one_document_has_one_meaning() {
        use Unreadable::{NotJson, TooDeep};
        for (text, expected) in [
            (r#"{"id":1,"id":2}"#, NotJson),
            (r#"{"a":[{"c":1,"\u0063":1}]}"#, NotJson),
            (r#"{"a":"\ud800"}"#, NotJson),
            (r#"{"a":"\udc00\ud800"}"#, NotJson),
            (r#"{"a":1e999}"#, NotJson),
            (r#"{"a":-1e999}"#, NotJson),
            (r#"{"a":NaN}"#, NotJson),
            (r#"{"a":Infinity}"#, NotJson),
            (r#"{"a":+1}"#, NotJson),
            (r#"{"a":01}"#, NotJson),
            ("{\"a\":\"\u{1}\"}", NotJson),
            (r#"{"a":1}{"a":2}"#, NotJson),
            (r#"{"a":1,}"#, NotJson),
            ("\u{feff}{}", NotJson),
            ("", NotJson),
            ("[[[[1]]]]", TooDeep),
            (r#"{"a":{"b":{"c":{}}}}"#, TooDeep),
        ] {
            assert_eq!(read(text.as_bytes(), 3), Err(expected), "{text}");
        }
        assert_eq!(read(b"{\"a\":\"\xff\"}", 3), Err(NotJson));
    }

    #[test]
    fn whatever_is_clear_is_read_as_it_was_before() {
        for text in [
            r#"{"a":{"a":[{"a":1},{"a":2}]},"b":null}"#,
            r#"[1,-0,-0.0,9223372036854775808,-9223372036854775809,123456789012345678901234567890,1e-999]"#,
            r#"{"a":"\u0000\ud83d\ude00","z":true,"b":"{[{["}"#,
            r#""text""#,
            "null",
        ] {
            assert_eq!(read(text.as_bytes(), 4), Ok(serde_json::from_str(text).unwrap()), "{text}");
        }
    }
}
