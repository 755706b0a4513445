//! Every number that bounds what others can make this node do, in one place: how large and how many, how often, how long.
//!
//! The standard values are those that a region never notices; an operator can change them in the section `limits` of the
//! configuration, within the range in which the node keeps its promises. What bounds the reading of one document is applied
//! by [`Limits::read`] to what is fetched and found in collections, and by [`Limits::read_activity`] to what is delivered.

use crate::signature::Window;
use serde_json::{Map, Value};
use std::time::Duration;
use vocab::json::{self, Unreadable};
use vocab::{Envelope, Malformed, Sketch, Verb};

/// One limit, as the configuration knows it.
pub struct Limit {
    /// Its key in the section `limits`.
    pub name: &'static str,
    /// Its standard value, as it is written in a configuration file.
    pub standard: &'static str,
    /// The smallest value that is taken.
    pub least: u64,
    /// The largest.
    pub most: u64,
    /// What it bounds, and its unit.
    pub about: &'static str,
    set: fn(&mut Limits, u64),
}

impl Limit {
    /// Sets it; `false` when the value is out of its range.
    pub fn set(&self, limits: &mut Limits, value: u64) -> bool {
        let fits = (self.least..=self.most).contains(&value);
        if fits {
            (self.set)(limits, value);
        }
        fits
    }
}

macro_rules! limits {
    ($($name:ident = $standard:literal in $least:literal..=$most:literal, $about:literal;)+) => {
        /// The limits of a node.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct Limits {
            $(#[doc = $about] pub $name: u64,)+
        }

        impl Default for Limits {
            fn default() -> Limits {
                Limits { $($name: $standard,)+ }
            }
        }

        /// All limits, in the order of the reference.
        pub const LIMITS: &[Limit] = &[$(Limit {
            name: stringify!($name),
            standard: stringify!($standard),
            least: $least,
            most: $most,
            about: $about,
            set: |limits, value| limits.$name = value,
        },)+];
    };
}

limits! {
    body = 1_048_576 in 65_536..=16_777_216, "Bytes of an activity that is delivered, and of a document that is fetched. More: 413.";
    depth = 32 in 8..=32, "Levels of objects and lists in a document. More: 400.";
    addressees = 256 in 16..=256, "Addressees in each of `to` and `cc`; those after them are not read.";
    tags = 64 in 1..=64, "Tags of an object; those after them are not read.";
    attachments = 16 in 1..=16, "Attachments of an object; those after them are not read.";
    name = 500 in 50..=500, "Characters of a name; what is longer is cut.";
    summary = 2_000 in 100..=2_000, "Characters of a summary; what is longer is cut.";
    content = 65_536 in 1_000..=65_536, "Characters of a content (as HTML); what is longer is cut.";
    address = 2_048 in 512..=2_048, "Characters of an id or an address. A longer one counts as absent; 400 for an activity's own.";
    signature_age_seconds = 3_600 in 300..=43_200, "Seconds that a signature may be old on arrival. Older: 401.";
    signature_ahead_seconds = 300 in 60..=3_600, "Seconds that a signature may lie in the future, for clocks that are not right. More: 401.";
    key_bits = 4_096 in 2_048..=4_096, "Bits of an RSA key of another server at most. A key of fewer than 2048 is never taken.";
    header_block = 16_384 in 8_192..=131_072, "Bytes of a request's head. More: 431.";
    header_seconds = 10 in 1..=60, "Seconds in which a request's head has to be there, and for which an idle connection is kept.";
    body_seconds = 10 in 1..=60, "Seconds in which a request's body has to be there. Later: 408.";
    answer_seconds = 20 in 1..=300, "Seconds for which a client may take nothing of an answer before its connection is closed.";
    connections = 2_048 in 16..=65_536, "Connections that clients may have open, together.";
    connections_per_address = 64 in 4..=65_536, "Connections of one client address. The trusted proxies are not counted.";
    unproven_per_second = 10 in 1..=10_000, "Deliveries of one client address that are not or wrongly signed, need a key to be fetched, or come again, a second (four seconds' worth at once). More: 429, after a second.";
    inbox_per_second = 50 in 1..=1_000_000, "Deliveries of one host a second; a large one counts once more for each 64 KiB. More: 429. A host that this node follows may send four times as much.";
    inbox_burst = 200 in 1..=1_000_000, "Deliveries of one host at once.";
    inbox_backlog = 100_000 in 100..=100_000_000, "Deliveries that wait for their effect. More: 503, before anything is read.";
    new_actors = 1_000 in 10..=1_000_000, "Actors of one host that are met for the first time, a day. A host that this node follows is not counted.";
    fetches = 4 in 1..=32, "Requests to other servers for the effect of one delivery, and again for its proof.";
    fetch_seconds = 10 in 1..=30, "Seconds that those requests may take together.";
    new_hosts = 10 in 1..=10_000, "Hosts under one registered domain that are asked for the first time because of a delivery, a minute.";
    redirects = 3 in 0..=10, "Redirects that are followed, on the same origin.";
    pages = 100 in 1..=10_000, "Pages of a collection that are read in one run.";
    page_items = 100 in 1..=500, "Items of a page that are read.";
    fetch_connections = 256 in 8..=4_096, "Documents that are fetched at the same time.";
    fetch_connections_per_host = 4 in 1..=64, "Documents that are fetched from one host at the same time.";
}

impl Limits {
    /// The largest body, in bytes.
    pub fn body(&self) -> usize {
        size(self.body)
    }

    /// The time in which a request's body has to be there.
    pub fn body_time(&self) -> Duration {
        Duration::from_secs(self.body_seconds)
    }

    /// How old a signature may be, and how far ahead.
    pub fn signature_window(&self) -> Window {
        let seconds = Duration::from_secs;
        Window { past: seconds(self.signature_age_seconds), future: seconds(self.signature_ahead_seconds) }
    }

    /// The time that the requests for one delivery may take together.
    pub fn fetch_time(&self) -> Duration {
        Duration::from_secs(self.fetch_seconds)
    }

    /// Reads a document of another server: strictly, not too deep, and with what is too long or too many cut off.
    ///
    /// # Errors
    /// [`Unreadable`].
    pub fn read(&self, bytes: &[u8]) -> Result<Value, Unreadable> {
        let mut document = json::read(bytes, size(self.depth))?;
        self.cut(&mut document);
        Ok(document)
    }

    /// Reads an activity that was delivered, in the same way. What its answer gives back as it came is left whole; nothing of
    /// it but ids is read.
    ///
    /// # Errors
    /// [`Malformed`].
    pub fn read_activity(&self, bytes: &[u8]) -> Result<Envelope, Malformed> {
        let mut document = json::read(bytes, size(self.depth))?;
        if !matches!(Sketch::of(&document)?.verb, Verb::Follow | Verb::QuoteRequest | Verb::Join) {
            self.cut(&mut document);
        }
        Envelope::read(document)
    }

    /// Refuses the head of an activity whose own id or actor is longer than an address may be.
    ///
    /// # Errors
    /// [`Malformed`].
    pub fn check_addresses(&self, sketch: Sketch) -> Result<Sketch, Malformed> {
        let is_short = |address: &str| address.len() <= size(self.address);
        match (is_short(&sketch.id), is_short(&sketch.actor)) {
            (false, _) => Err(Malformed::BadId),
            (_, false) => Err(Malformed::BadActor),
            _ => Ok(sketch),
        }
    }

    /// Cuts a document and whatever is embedded in it.
    fn cut(&self, value: &mut Value) {
        match value {
            Value::Object(object) => {
                self.cut_fields(object);
                object.values_mut().for_each(|inner| self.cut(inner));
            }
            Value::Array(list) => list.iter_mut().for_each(|inner| self.cut(inner)),
            _ => {}
        }
    }

    fn cut_fields(&self, object: &mut Map<String, Value>) {
        for (key, value) in object.iter_mut() {
            match (key.as_str(), value) {
                ("to" | "cc" | "bto" | "bcc" | "audience", Value::Array(list)) => list.truncate(size(self.addressees)),
                ("tag", Value::Array(list)) => list.truncate(size(self.tags)),
                ("attachment" | "image" | "icon", Value::Array(list)) => list.truncate(size(self.attachments)),
                ("name" | "nameMap" | "preferredUsername", value) => cut_text(value, size(self.name)),
                ("summary" | "summaryMap", value) => cut_text(value, size(self.summary)),
                ("content" | "contentMap", value) => cut_text(value, size(self.content)),
                ("id" | "@id" | "url" | "href" | "actor" | "object" | "attributedTo" | "inReplyTo", value)
                    if value.as_str().is_some_and(|text| text.len() > size(self.address)) =>
                {
                    *value = Value::Null;
                }
                _ => {}
            }
        }
    }
}

fn size(limit: u64) -> usize {
    usize::try_from(limit).unwrap_or(usize::MAX)
}

/// Cuts a text, or the texts of a language map.
fn cut_text(value: &mut Value, chars: usize) {
    match value {
        Value::String(text) => {
            if let Some((end, _)) = text.char_indices().nth(chars) {
                text.truncate(end);
            }
        }
        Value::Object(map) => map.values_mut().filter(|text| text.is_string()).for_each(|text| cut_text(text, chars)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn standards_are_within_their_ranges() {
        for limit in LIMITS {
            let standard: u64 = limit.standard.replace('_', "").parse().unwrap();
            let mut limits = Limits::default();
            assert!(limit.set(&mut limits, standard), "{}", limit.name);
            assert_eq!(limits, Limits::default(), "{} sets another one", limit.name);
            assert!(!limit.set(&mut limits, limit.most + 1) && !limit.set(&mut limits, limit.least.wrapping_sub(1)));
            if limit.least < standard {
                assert!(limit.set(&mut limits, limit.least));
                assert_ne!(limits, Limits::default(), "{} sets nothing", limit.name);
            }
        }
    }

    #[test]
    fn f31_f32_what_is_too_much_is_cut() {
        let limits = Limits {
            name: 3,
            summary: 4,
            content: 5,
            tags: 2,
            attachments: 1,
            addressees: 2,
            address: 20,
            ..Limits::default()
        };
        let long = format!("https://a.example/{}", "x".repeat(20));
        for (given, left) in [
            (json!({"name": "ääää"}), json!({"name": "äää"})),
            (json!({"nameMap": {"fi": "abcd", "sv": 7}}), json!({"nameMap": {"fi": "abc", "sv": 7}})),
            (json!({"summary": "abcde", "content": "abcdef"}), json!({"summary": "abcd", "content": "abcde"})),
            (json!({"tag": [1, 2, 3]}), json!({"tag": [1, 2]})),
            (
                json!({"object": {"attachment": [{"name": "abcd"}, {}]}}),
                json!({"object": {"attachment": [{"name": "abc"}]}}),
            ),
            (json!({"to": ["a", "b", "c"], "cc": "d"}), json!({"to": ["a", "b"], "cc": "d"})),
            (json!({"id": long, "url": [{"href": long}]}), json!({"id": null, "url": [{"href": null}]})),
            (json!([{"name": "abcd"}, "abcdefgh"]), json!([{"name": "abc"}, "abcdefgh"])),
        ] {
            assert_eq!(limits.read(given.to_string().as_bytes()), Ok(left), "{given}");
        }
    }

    #[test]
    fn what_an_answer_gives_back_is_not_cut() {
        let limits = Limits { name: 3, address: 20, ..Limits::default() };
        for (verb, left) in [("Like", "abc"), ("Follow", "abcd"), ("QuoteRequest", "abcd"), ("Join", "abcd")] {
            let activity =
                json!({"id": "https://a.example/1", "type": verb, "actor": "https://a.example/a", "name": "abcd"});
            let read = limits.read_activity(activity.to_string().as_bytes()).unwrap();
            assert_eq!(read.raw["name"], left, "{verb}");
        }
        for (id, actor, expected) in [
            ("https://a.example/1", "https://a.example/a", Ok(())),
            ("https://a.example/123", "https://a.example/a", Err(Malformed::BadId)),
            ("https://a.example/1", "https://a.example/abc", Err(Malformed::BadActor)),
        ] {
            let sketch = Sketch::of(&json!({"id": id, "type": "Like", "actor": actor})).unwrap();
            assert_eq!(limits.check_addresses(sketch).map(|_| ()), expected, "{id} {actor}");
        }
    }

    /// What is within all limits has to be within the size of a body, also when each character needs four bytes.
    #[test]
    fn a_whole_document_fits_into_a_body() {
        let limits = Limits::default();
        let content = "😀".repeat(size(limits.content));
        let document = json!({"content": content, "contentMap": {"fi": content}, "name": "😀".repeat(size(limits.name)),
            "summary": "😀".repeat(size(limits.summary)), "to": vec!["x".repeat(100); size(limits.addressees)]});
        assert!(document.to_string().len() < limits.body());
    }
}
