//! Actors: who sends and is followed (ActivityPub §4), and the keys they sign with.
//!
//! One struct for ours and for others'. A parsed actor is what a document *says*: that its shared inbox, collections
//! and key are on its own host is for the caller to check before trusting them.

mod key;
mod software;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use url::Url;

pub use key::PublicKey;
pub use software::{Generator, IMPLEMENTS, Specification};

use crate::html::SafeHtml;
use crate::object::media::Image;
use crate::object::place::Place;
use crate::object::{MAX_NAME, kind_of, plain, required_address};
use crate::one_or_many::{self, address, each, flag, string};
use crate::{Invalid, text, time};

/// Most profile fields that are kept; Mastodon keeps as many.
const MAX_FIELDS: usize = 50;
/// Most `alsoKnownAs` and `attributionDomains` that are kept.
const MAX_ALIASES: usize = 256;

/// The five types of actor (ActivityStreams vocabulary §3.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub enum ActorType {
    /// Software: one per host, and other servers' own actors.
    Application,
    /// A region or the network, as its followers see it.
    Group,
    /// An organisation.
    Organization,
    /// A person.
    Person,
    /// A bot.
    Service,
}

impl ActorType {
    const ALL: [Self; 5] = [Self::Application, Self::Group, Self::Organization, Self::Person, Self::Service];

    /// The word on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Application => "Application",
            Self::Group => "Group",
            Self::Organization => "Organization",
            Self::Person => "Person",
            Self::Service => "Service",
        }
    }

    /// The first known type of a document.
    #[must_use]
    pub fn of(document: &Value) -> Option<Self> {
        kind_of(document).iter().find_map(|name| Self::ALL.into_iter().find(|kind| kind.as_str() == name))
    }
}

/// An actor.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Actor {
    /// What it is.
    #[serde(rename = "type")]
    pub kind: ActorType,
    /// Its id.
    pub id: String,
    /// Its page for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Its handle's first half.
    pub preferred_username: String,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it says of itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<SafeHtml>,
    /// Where activities are posted to it.
    pub inbox: String,
    /// What it has sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outbox: Option<String>,
    /// Who follows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub followers: Option<String>,
    /// Whom it follows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub following: Option<String>,
    /// What it has pinned (Mastodon).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub featured: Option<String>,
    /// Its hashtags (Mastodon).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub featured_tags: Option<String>,
    /// Its coming events (FEP-8a8e).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upcoming_events: Option<String>,
    /// Further collections of its own, ids only (ActivityPub §4.1): the actors that a region presents.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub streams: Vec<String>,
    /// Where it is at work; a region's own place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<Place>,
    /// What the whole host shares.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub endpoints: Option<Endpoints>,
    /// The key it signs with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_key: Option<PublicKey>,
    /// The software that it lives in; not read from others' documents.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub generator: Option<Generator>,
    /// What its software can do, on the host's own `Application` (FEP-844e); not read from others' documents.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub implements: &'static [Specification],
    /// Whether somebody looks at each follow.
    pub manually_approves_followers: bool,
    /// Whether it may be suggested and listed; a person's consent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub discoverable: Option<bool>,
    /// Whether its posts may be searched (FEP-5feb); a person's consent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub indexable: Option<bool>,
    /// Since when it is there.
    #[serde(serialize_with = "time::serialize_utc", skip_serializing_if = "Option::is_none")]
    pub published: Option<Timestamp>,
    /// When its profile was last changed.
    #[serde(serialize_with = "time::serialize_utc", skip_serializing_if = "Option::is_none")]
    pub updated: Option<Timestamp>,
    /// Its small picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub icon: Option<Image>,
    /// Its wide picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<Image>,
    /// Its profile fields; always a list.
    pub attachment: Vec<PropertyValue>,
    /// Ids of the same one's other actors (FEP-7628).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub also_known_as: Vec<String>,
    /// The id of the actor that has taken its place (FEP-7628).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moved_to: Option<String>,
    /// Hosts whose pages may name it as their author (Mastodon).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attribution_domains: Vec<String>,
}

/// What all actors of a host share (ActivityPub §4.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Endpoints {
    /// One inbox for all of them.
    pub shared_inbox: String,
}

impl Actor {
    /// An actor with what every actor has; the rest is empty, to be set field by field.
    pub fn new(
        kind: ActorType,
        id: impl Into<String>,
        preferred_username: impl Into<String>,
        inbox: impl Into<String>,
    ) -> Self {
        Self {
            kind,
            id: id.into(),
            url: None,
            preferred_username: preferred_username.into(),
            name: None,
            summary: None,
            inbox: inbox.into(),
            outbox: None,
            followers: None,
            following: None,
            featured: None,
            featured_tags: None,
            upcoming_events: None,
            streams: Vec::new(),
            location: None,
            endpoints: None,
            public_key: None,
            generator: None,
            implements: &[],
            manually_approves_followers: false,
            discoverable: None,
            indexable: None,
            published: None,
            updated: None,
            icon: None,
            image: None,
            attachment: Vec::new(),
            also_known_as: Vec::new(),
            moved_to: None,
            attribution_domains: Vec::new(),
        }
    }

    /// Reads an actor document. `preferredUsername` need not be there (ActivityPub §4.1: MAY); who has none is called by
    /// the last part of its address.
    ///
    /// # Errors
    /// Names the field when `type` is not one of the five, when `id` or `inbox` is missing.
    pub fn parse(document: &Value) -> Result<Self, Invalid> {
        let kind = ActorType::of(document).ok_or_else(|| Invalid::because("type", "is not an actor's"))?;
        let id = required_address(document, "id")?;
        let username = plain(document, "preferredUsername", 128).unwrap_or_else(|| last_part(&id));
        let inbox = required_address(document, "inbox")?;
        Ok(Self {
            url: one_or_many::page(document, "url"),
            name: plain(document, "name", MAX_NAME),
            summary: one_or_many::natural(document, "summary")
                .map(SafeHtml::clean)
                .filter(|summary| !summary.is_empty()),
            outbox: address(document, "outbox"),
            followers: address(document, "followers"),
            following: address(document, "following"),
            featured: address(document, "featured"),
            featured_tags: address(document, "featuredTags"),
            upcoming_events: address(document, "upcomingEvents"),
            streams: addresses(document, "streams"),
            location: each(document, "location").find_map(Place::parse),
            endpoints: each(document, "endpoints")
                .find_map(|endpoints| address(endpoints, "sharedInbox"))
                .map(|shared_inbox| Endpoints { shared_inbox }),
            public_key: PublicKey::all_in(document).into_iter().next(),
            manually_approves_followers: flag(document, "manuallyApprovesFollowers").unwrap_or(false),
            discoverable: flag(document, "discoverable"),
            indexable: flag(document, "indexable"),
            published: time::read(document, "published"),
            updated: time::read(document, "updated"),
            icon: Image::first(document, "icon"),
            image: Image::first(document, "image"),
            attachment: each(document, "attachment").filter_map(PropertyValue::parse).take(MAX_FIELDS).collect(),
            also_known_as: addresses(document, "alsoKnownAs"),
            moved_to: address(document, "movedTo"),
            attribution_domains: domains(document),
            ..Self::new(kind, id, username, inbox)
        })
    }

    /// The inbox to deliver to: the shared one if there is one.
    #[must_use]
    pub fn delivery_inbox(&self) -> &str {
        self.endpoints.as_ref().map_or(self.inbox.as_str(), |endpoints| endpoints.shared_inbox.as_str())
    }
}

/// The last part of an address's path, else its host.
fn last_part(address: &str) -> String {
    let url = Url::parse(address).ok();
    let part = url.as_ref().and_then(|url| url.path_segments()?.rfind(|part| !part.is_empty()));
    text::line(part.or_else(|| url.as_ref()?.host_str()).unwrap_or_default(), 128)
}

fn addresses(document: &Value, key: &str) -> Vec<String> {
    one_or_many::ids(document, key, MAX_ALIASES).iter().filter_map(|id| one_or_many::web_address(id)).collect()
}

fn domains(document: &Value) -> Vec<String> {
    each(document, "attributionDomains")
        .filter_map(Value::as_str)
        .filter(|domain| domain.len() <= 253 && url::Host::parse(domain).is_ok())
        .take(MAX_ALIASES)
        .map(str::to_ascii_lowercase)
        .collect()
}

/// A field of a profile (schema.org, as Mastodon reads it).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type")]
pub struct PropertyValue {
    /// The field's title, plain text.
    pub name: String,
    /// What it says.
    pub value: SafeHtml,
}

impl PropertyValue {
    /// A field of text; HTML in it is cleaned.
    pub fn text(name: impl Into<String>, value: &str) -> Self {
        Self { name: name.into(), value: SafeHtml::clean(value) }
    }

    /// A field that links to the actor's own page with `rel="me"`. Mastodon ticks it when that page links back so.
    pub fn own_page(name: impl Into<String>, page: &Url) -> Self {
        Self { name: name.into(), value: SafeHtml::own_page(page) }
    }

    fn parse(value: &Value) -> Option<Self> {
        // Misskey and others hang plain links on an actor; only the pairs are profile fields.
        let pair = crate::object::is_a(value, "PropertyValue");
        let name = plain(value, "name", 255)?;
        let value = SafeHtml::clean(text::head(string(value, "value")?, 4_096));
        (pair && !value.is_empty()).then_some(Self { name, value })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn least() -> Value {
        json!({"type": "Person", "id": "https://a.example/u/1", "preferredUsername": "aino", "inbox": "https://a.example/u/1/inbox"})
    }

    #[test]
    fn the_required_fields_are_named_when_missing() {
        Actor::parse(&least()).expect("the least actor");
        for field in ["type", "id", "inbox"] {
            for absent in [json!(null), json!(""), json!({}), json!("Goose")] {
                let mut document = least();
                document[field] = absent.clone();
                assert_eq!(Actor::parse(&document).map_err(|invalid| invalid.field), Err(field), "{document}");
            }
        }
    }

    #[test]
    fn an_actor_without_a_username_is_called_by_its_address() {
        for (id, name) in [
            ("https://a.example/users/aino", "aino"),
            ("https://a.example/users/aino/", "aino"),
            ("https://a.example/u?id=7#x", "u"),
            ("https://a.example/", "a.example"),
            ("https://a.example", "a.example"),
        ] {
            for absent in [json!(null), json!(""), json!({})] {
                let mut document = least();
                (document["id"], document["preferredUsername"]) = (json!(id), absent);
                assert_eq!(Actor::parse(&document).expect("an actor").preferred_username, name, "{document}");
            }
        }
    }

    #[test]
    fn odd_optional_fields_do_not_lose_the_actor() {
        for (field, odd) in [
            ("url", json!("javascript:alert(1)")),
            ("summary", json!(null)),
            ("endpoints", json!(null)),
            ("endpoints", json!("x")),
            ("publicKey", json!({"id": "https://a.example/k"})),
            ("icon", json!([null, {"url": "data:x"}])),
            ("attachment", json!({"type": "Note"})),
            ("attachment", json!({"type": "PropertyValue", "name": "x", "value": ""})),
            ("alsoKnownAs", json!(["acct:x@y"])),
            ("movedTo", json!(7)),
            ("published", json!("once")),
            ("attributionDomains", json!("http://x y")),
            ("outbox", json!(false)),
            ("name", json!("<script>x</script>")),
        ] {
            let mut document = least();
            document[field] = odd;
            let read = Actor::parse(&document).unwrap_or_else(|invalid| panic!("{document}: {invalid}"));
            assert_eq!(read, Actor::parse(&least()).expect("the least actor"), "{document}");
        }
    }
}
