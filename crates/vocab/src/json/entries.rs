//! A file that is a list of documents: each entry is read as strictly as a document of its own, and what is wrong with one
//! is said of it alone.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use super::Unreadable;

/// What stands under one of the keys of the file.
#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    /// No list.
    Whole(Value),
    /// A list, entry by entry.
    Entries(Vec<Result<Value, Unreadable>>),
}

/// Reads a file whose objects and lists nest `depth` deep at most, itself among them. Empty when it is no object.
///
/// # Errors
/// When it is no JSON, when one of its own keys stands twice, or when something that is no list is nested too deeply.
pub fn parts(text: &str, depth: usize) -> Result<Vec<(String, Part)>, serde_json::Error> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let found = reader.deserialize_any(File { depth })?;
    reader.end()?;
    Ok(found)
}

struct File {
    depth: usize,
}

impl<'de> Visitor<'de> for File {
    type Value = Vec<(String, Part)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a file of documents")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Value, A::Error> {
        let mut found: Vec<(String, Part)> = Vec::new();
        while let Some(name) = object.next_key::<String>()? {
            if found.iter().any(|(known, _)| *known == name) {
                return Err(A::Error::custom("a key stands twice"));
            }
            let part = object.next_value_seed(Under { depth: self.depth.saturating_sub(1) })?;
            found.push((name, part));
        }
        Ok(found)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Vec::new())
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }

    fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }
}

/// What stands under a key of the file.
struct Under {
    depth: usize,
}

impl Under {
    fn whole<E: Error>(&self, read: Read) -> Result<Part, E> {
        read.map(Part::Whole).map_err(|fault| match fault {
            Unreadable::TooDeep => E::custom("nested too deeply"),
            Unreadable::NotJson => E::custom("a key stands twice"),
        })
    }

    fn entry(&self) -> Entry {
        Entry { depth: self.depth }
    }
}

impl<'de> DeserializeSeed<'de> for Under {
    type Value = Part;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Part, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Under {
    type Value = Part;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Part, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = list.next_element_seed(Entry { depth: self.depth.saturating_sub(1) })? {
            entries.push(entry);
        }
        Ok(Part::Entries(entries))
    }

    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<Part, A::Error> {
        let read = self.entry().visit_map(object)?;
        self.whole(read)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Part, E> {
        Ok(Part::Whole(Value::Bool(value)))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Part, E> {
        Ok(Part::Whole(value.into()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Part, E> {
        Ok(Part::Whole(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Part, E> {
        Ok(Part::Whole(number(value)))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Part, E> {
        Ok(Part::Whole(Value::String(value.to_owned())))
    }

    fn visit_unit<E: Error>(self) -> Result<Part, E> {
        Ok(Part::Whole(Value::Null))
    }
}

/// A value, or what is wrong with it. The text behind it is read on all the same.
type Read = Result<Value, Unreadable>;

/// Reads a value whose objects and lists nest `depth` deep at most.
#[derive(Clone, Copy)]
struct Entry {
    depth: usize,
}

impl<'de> DeserializeSeed<'de> for Entry {
    type Value = Read;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Read, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Entry {
    type Value = Read;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Read, A::Error> {
        let Some(depth) = self.depth.checked_sub(1) else {
            // Passed over without recursion, however deep it is.
            while list.next_element::<IgnoredAny>()?.is_some() {}
            return Ok(Err(Unreadable::TooDeep));
        };
        let mut values = Ok(Vec::new());
        while let Some(read) = list.next_element_seed(Entry { depth })? {
            match (&mut values, read) {
                (Ok(values), Ok(value)) => values.push(value),
                (Ok(_), Err(fault)) => values = Err(fault),
                (Err(_), _) => {}
            }
        }
        Ok(values.map(Value::Array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Read, A::Error> {
        let Some(depth) = self.depth.checked_sub(1) else {
            while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            return Ok(Err(Unreadable::TooDeep));
        };
        let mut values = Ok(Map::new());
        while let Some(name) = object.next_key::<String>()? {
            let read = object.next_value_seed(Entry { depth })?;
            let Ok(known) = &mut values else { continue };
            match read.map(|value| known.insert(name, value)) {
                Ok(None) => {}
                Ok(Some(_)) => values = Err(Unreadable::NotJson),
                Err(fault) => values = Err(fault),
            }
        }
        Ok(values.map(Value::Object))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Read, E> {
        Ok(Ok(Value::Bool(value)))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Read, E> {
        Ok(Ok(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Read, E> {
        Ok(Ok(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Read, E> {
        Ok(Ok(number(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Read, E> {
        Ok(Ok(Value::String(value.to_owned())))
    }

    fn visit_unit<E>(self) -> Result<Read, E> {
        Ok(Ok(Value::Null))
    }
}

fn number(value: f64) -> Value {
    Number::from_f64(value).map_or(Value::Null, Value::Number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn f33_what_is_wrong_with_one_entry_is_said_of_it_alone() {
        let deep = format!("{}1{}", "[".repeat(10_000), "]".repeat(10_000));
        let text = format!(
            r#"{{"meta": {{"next": null}}, "data": [1, {{"a": 1, "a": 2}}, {{"x": {deep}, "y": 1}}, {{"b": [{{"c": 1}}]}}, {deep}, "z"], "n": -0.5}}"#
        );
        let (twice, deep) = (Err(Unreadable::NotJson), Err(Unreadable::TooDeep));
        let data = vec![Ok(json!(1)), twice, deep.clone(), Ok(json!({"b": [{"c": 1}]})), deep, Ok(json!("z"))];
        let expected = vec![
            ("meta".to_owned(), Part::Whole(json!({"next": null}))),
            ("data".to_owned(), Part::Entries(data)),
            ("n".to_owned(), Part::Whole(json!(-0.5))),
        ];
        assert_eq!(parts(&text, 5).unwrap(), expected);
    }

    #[test]
    fn f33_files_that_are_none() {
        for text in
            ["", "{", "{}{}", r#"{"a":1,"a":2}"#, r#"{"a":{"b":1,"b":2}}"#, r#"{"a":{"b":{"c":{}}}}"#, "{\"a\":1e999}"]
        {
            assert!(parts(text, 3).is_err(), "{text}");
        }
        for text in ["[[[[[1]]]]]", "1", "-1", "0.5", "\"x\"", "null", "true", "{}"] {
            assert!(parts(text, 3).unwrap().is_empty(), "{text}");
        }
    }
}
