//! JSON from strangers, read strictly: one document, one meaning.
//!
//! A key that stands twice in an object has no meaning (RFC 8259 §4): one reader takes the first, another the last, and what
//! was checked is not what is acted on. Such a document is refused, as are deep nesting, numbers that no `f64` holds, lone
//! surrogates (RFC 8259 §8.2) and whatever follows the end. What is too *large* is left to who reads the bytes.

mod entries;

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
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
    parse(bytes, depth, Keep::Everything)
}

/// [`read`] for who wants a few keys of a document, and of what stands under them: all of it is checked in the same way, the
/// rest is not kept.
///
/// # Errors
/// [`Unreadable`], for the same bytes as [`read`].
pub fn skim(bytes: &[u8], depth: usize, keys: &[&str]) -> Result<Value, Unreadable> {
    parse(bytes, depth, Keep::Named(keys, 2))
}

fn parse(bytes: &[u8], depth: usize, keep: Keep<'_>) -> Result<Value, Unreadable> {
    if is_deeper(bytes, depth) {
        return Err(Unreadable::TooDeep);
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let read = keep.deserialize(&mut reader).and_then(|value| reader.end().map(|()| value));
    read.map_err(|_| Unreadable::NotJson)
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

/// What is kept of a value without repeated keys.
#[derive(Clone, Copy)]
enum Keep<'k> {
    Everything,
    /// Of objects so many levels deep, these keys; further down everything.
    Named(&'k [&'k str], u8),
    Nothing,
}

impl<'k> Keep<'k> {
    /// What is kept of the value under a key.
    fn under(self, key: &str) -> Keep<'k> {
        match self {
            Keep::Named(keys, _) if !keys.contains(&key) => Keep::Nothing,
            Keep::Named(keys, levels) if levels > 1 => Keep::Named(keys, levels - 1),
            Keep::Named(..) => Keep::Everything,
            whole => whole,
        }
    }

    fn is_nothing(self) -> bool {
        matches!(self, Keep::Nothing)
    }
}

impl<'de> DeserializeSeed<'de> for Keep<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Keep<'_> {
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
        Ok(if self.is_nothing() { Value::Null } else { Value::String(value.to_owned()) })
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = list.next_element_seed(self)? {
            if !self.is_nothing() {
                values.push(value);
            }
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Value, A::Error> {
        let (mut values, mut let_go) = (Map::new(), HashSet::new());
        while let Some(key) = object.next_key_seed(Key)? {
            let keep = self.under(&key);
            let value = object.next_value_seed(keep)?;
            let is_new = match keep {
                Keep::Nothing => let_go.insert(key),
                _ => values.insert(key.into_owned(), value).is_none(),
            };
            if !is_new {
                return Err(A::Error::custom("a key stands twice"));
            }
        }
        Ok(Value::Object(values))
    }
}

/// A key, as it stands in the bytes when nothing in it is escaped.
struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Cow<'de, str>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Key {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E>(self, key: &'de str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Borrowed(key))
    }

    fn visit_str<E>(self, key: &str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Owned(key.to_owned()))
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
            assert_eq!(skim(text.as_bytes(), 3, &["c"]), Err(expected), "{text}");
        }
        assert_eq!(read(b"{\"a\":\"\xff\"}", 3), Err(NotJson));
    }

    #[test]
    fn a_few_keys_are_kept_two_levels_deep() {
        let text = r#"{"id":"a","object":[{"id":{"id":"b","name":"c"},"name":{"x":[1]}},"d"],"\u0069ds":1,"name":"e"}"#;
        let kept = serde_json::json!({"id": "a", "object": [{"id": {"id": "b", "name": "c"}}, "d"]});
        assert_eq!(skim(text.as_bytes(), 9, &["id", "object"]), Ok(kept));
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
