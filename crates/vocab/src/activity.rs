//! Activities: the envelope that every document travels in, both ways.
//!
//! [`Envelope`] is what arrives. It knows the verb and the ids and leaves the object as JSON: which kind of thing it is
//! about is decided by ids and marks, not by trying one shape after another. [`Activity`] is what leaves; each
//! constructor writes one form that peers are known to take.

use std::fmt;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use url::Url;

use crate::object::{addressees, kind_of};
use crate::one_or_many::{self, each};
use crate::{PUBLIC, Tombstone, context, time};

/// Deepest nesting of objects and lists that is read.
pub const MAX_DEPTH: usize = 32;

/// Most members of `object` that are kept.
const MAX_OBJECTS: usize = 256;

macro_rules! verbs {
    ($($verb:ident $meaning:literal,)*) => {
        /// What an activity does.
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub enum Verb {
            $(#[doc = $meaning] $verb,)*
            /// A verb that this node knows nothing of; the word as it came, at most 64 characters.
            Other(String),
        }

        impl Verb {
            /// The word on the wire.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$verb => stringify!($verb),)*
                    Self::Other(word) => word,
                }
            }

            fn known(word: &str) -> Option<Self> {
                match word {
                    $(stringify!($verb) => Some(Self::$verb),)*
                    _ => None,
                }
            }
        }
    };
}

verbs! {
    Accept "Says yes to what was asked.",
    Add "Puts an object into a collection.",
    Announce "Passes an object on.",
    Block "Wants to hear no more of an actor.",
    Create "Brings a new object.",
    Delete "Takes an object away.",
    Dislike "Disapproves of an object.",
    EmojiReact "Answers an object with one sign.",
    FeatureRequest "Asks to list an actor (Mastodon).",
    Flag "Reports objects to whoever moderates them.",
    Follow "Asks for what an actor sends.",
    Ignore "Says that what was asked is not done here (FEP-8a8e).",
    Invite "Asks an actor to an event.",
    Join "Wants to take part in an event.",
    Leave "Takes part no longer.",
    Like "Approves of an object.",
    Listen "Says what one listens to.",
    Move "An actor goes elsewhere (FEP-7628).",
    Offer "Offers an object, such as an agreement (FEP-0837).",
    Question "Asks for votes.",
    QuoteRequest "Asks to quote an object (FEP-044f).",
    Read "Says what one reads.",
    Reject "Says no to what was asked.",
    Remove "Takes an object out of a collection.",
    TentativeAccept "Says perhaps.",
    TentativeReject "Says perhaps not.",
    Travel "Says where one goes.",
    Undo "Takes an earlier activity back.",
    Update "Brings a new version of an object.",
    View "Says what one looks at.",
}

impl Verb {
    /// The first known word, else the first one.
    fn of(words: &[String]) -> Option<Self> {
        words
            .iter()
            .find_map(|word| Self::known(word))
            .or_else(|| words.first().map(|word| Self::Other(word.chars().take(64).collect())))
    }
}

impl fmt::Display for Verb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An object as an activity or a collection carries it: its id alone, or all of it.
#[derive(Debug, Clone, PartialEq)]
pub enum Reference {
    /// Its id alone.
    Id(String),
    /// The object itself; what is in it is its sender's word, not its host's.
    Embedded(Value),
}

impl Reference {
    /// The object's id; an embedded object may have none.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        match self {
            Self::Id(id) => Some(id),
            Self::Embedded(object) => one_or_many::id_of(object),
        }
    }

    /// The object itself, if it came along.
    #[must_use]
    pub fn embedded(&self) -> Option<&Value> {
        match self {
            Self::Id(_) => None,
            Self::Embedded(object) => Some(object),
        }
    }

    /// Reads one value; `None` unless it is an object or a usable id.
    #[must_use]
    pub fn read(value: &Value) -> Option<Self> {
        match value {
            Value::Object(_) => Some(Self::Embedded(value.clone())),
            _ => one_or_many::id_of(value).map(|id| Self::Id(id.to_owned())),
        }
    }
}

/// An activity that arrived.
#[derive(Debug, Clone, PartialEq)]
pub struct Envelope {
    /// The activity's id: to know it again, not to fetch it (`…#accepts/follows/1` leads nowhere).
    pub id: Url,
    /// Who says to have sent it; only the signature can prove it.
    pub actor: Url,
    /// What it does.
    pub verb: Verb,
    /// What it is about: usually one, several in a `Flag`, none in a broken one.
    pub object: Vec<Reference>,
    /// Where to, for `Add`, `Remove` and `Move`.
    pub target: Option<Reference>,
    /// Addressees, at most 256; everybody is always [`PUBLIC`].
    pub to: Vec<String>,
    /// Further addressees, at most 256.
    pub cc: Vec<String>,
    /// When it was sent, by the sender's clock.
    pub published: Option<Timestamp>,
    /// The whole document, for what is not above: an `Accept` must give a `Follow` back as it came.
    pub raw: Value,
}

impl Envelope {
    /// Reads a body as an activity.
    ///
    /// # Errors
    /// [`Malformed`] when the body is no JSON object of bearable depth with a type, an id and an actor.
    pub fn parse(body: &[u8]) -> Result<Self, Malformed> {
        if is_deep(body) {
            return Err(Malformed::TooDeep);
        }
        let raw = serde_json::from_slice(body).map_err(|_| Malformed::NotJson)?;
        Self::read(raw)
    }

    /// Reads a document, such as the activity inside an `Announce` or an outbox, as an activity.
    ///
    /// # Errors
    /// [`Malformed`] as for [`Envelope::parse`].
    pub fn read(raw: Value) -> Result<Self, Malformed> {
        if !raw.is_object() {
            return Err(Malformed::NotAnObject);
        }
        let verb = Verb::of(&kind_of(&raw)).ok_or(Malformed::MissingType)?;
        let actor = each(&raw, "actor").next().ok_or(Malformed::MissingActor)?;
        let actor = identity(actor).ok_or(Malformed::BadActor)?;
        let id = each(&raw, "id").next().ok_or(Malformed::MissingId)?;
        let id = identity(id).ok_or(Malformed::BadId)?;
        Ok(Self {
            id,
            actor,
            verb,
            object: each(&raw, "object").filter_map(Reference::read).take(MAX_OBJECTS).collect(),
            target: one_or_many::first(&raw, "target").and_then(Reference::read),
            to: addressees(&raw, "to"),
            cc: addressees(&raw, "cc"),
            published: time::read(&raw, "published"),
            raw,
        })
    }

    /// Whether it is addressed to everybody, listed (`to`) or unlisted (`cc`).
    #[must_use]
    pub fn mentions_public(&self) -> bool {
        self.addressees().any(|addressee| addressee == PUBLIC)
    }

    /// Everybody it is addressed to.
    pub fn addressees(&self) -> impl Iterator<Item = &str> {
        self.to.iter().chain(&self.cc).map(String::as_str)
    }

    /// The id of the first object.
    #[must_use]
    pub fn object_id(&self) -> Option<&str> {
        self.object.first().and_then(Reference::id)
    }

    /// The first object, if it came along.
    #[must_use]
    pub fn embedded_object(&self) -> Option<&Value> {
        self.object.first().and_then(Reference::embedded)
    }

    /// Whether the sender deletes or updates itself: every server hears of such, mostly of actors it never met.
    #[must_use]
    pub fn is_about_its_own_actor(&self) -> bool {
        matches!(self.verb, Verb::Delete | Verb::Update)
            && self.object_id().and_then(|id| Url::parse(id).ok()).is_some_and(|id| id == self.actor)
    }
}

/// A web address as an identity.
fn identity(value: &Value) -> Option<Url> {
    let text = one_or_many::web_address(one_or_many::id_of(value)?)?;
    Url::parse(&text).ok()
}

/// Whether brackets nest deeper than [`MAX_DEPTH`], without parsing.
fn is_deep(body: &[u8]) -> bool {
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for byte in body {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'[' | b'{' if !quoted => depth += 1,
            b']' | b'}' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_DEPTH {
            return true;
        }
    }
    false
}

/// Why a body is not an activity. All of it is the sender's fault: HTTP 400.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Malformed {
    /// No JSON, or not in UTF-8.
    NotJson,
    /// JSON, but not an object.
    NotAnObject,
    /// Nested deeper than [`MAX_DEPTH`].
    TooDeep,
    /// No `type`.
    MissingType,
    /// No `actor`.
    MissingActor,
    /// An `actor` that is no web address or too long.
    BadActor,
    /// No `id`.
    MissingId,
    /// An `id` that is no web address or too long.
    BadId,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotJson => "the body is not JSON",
            Self::NotAnObject => "the body is not a JSON object",
            Self::TooDeep => "the body is nested too deeply",
            Self::MissingType => "the activity has no type",
            Self::MissingActor => "the activity has no actor",
            Self::BadActor => "the activity's actor is not a web address",
            Self::MissingId => "the activity has no id",
            Self::BadId => "the activity's id is not a web address",
        })
    }
}

impl std::error::Error for Malformed {}

/// An activity of ours. Its id is the caller's to give and to serve.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Activity {
    /// What it does.
    #[serde(rename = "type", serialize_with = "word")]
    pub verb: Verb,
    /// Its id.
    pub id: String,
    /// Who sends it.
    pub actor: String,
    /// Addressees, always a list.
    pub to: Vec<String>,
    /// Further addressees, a list when there are any.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cc: Vec<String>,
    /// When. Mastodon shows nothing in home timelines that arrives six hours after this.
    #[serde(serialize_with = "time::serialize_utc", skip_serializing_if = "Option::is_none")]
    pub published: Option<Timestamp>,
    /// What it is about.
    pub object: Value,
    /// Where to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
}

fn word<S: serde::Serializer>(verb: &Verb, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(verb.as_str())
}

impl Activity {
    fn new(verb: Verb, id: impl AsRef<str>, actor: impl AsRef<str>, object: Value) -> Self {
        Self {
            verb,
            id: id.as_ref().to_owned(),
            actor: actor.as_ref().to_owned(),
            to: Vec::new(),
            cc: Vec::new(),
            published: None,
            object,
            target: None,
        }
    }

    fn addressed(self, to: Vec<String>, cc: Vec<String>) -> Self {
        Self { to, cc, ..self }
    }

    /// `Create` of an embedded object; the addressees are the object's own.
    pub fn create(
        id: impl AsRef<str>,
        actor: impl AsRef<str>,
        to: Vec<String>,
        cc: Vec<String>,
        published: Timestamp,
        object: Value,
    ) -> Self {
        Self {
            published: Some(published),
            ..Self::new(Verb::Create, id, actor, without_context(object)).addressed(to, cc)
        }
    }

    /// `Update` with the whole new object, an actor or another. Mastodon takes it only if the object's `updated` grew.
    pub fn update(
        id: impl AsRef<str>,
        actor: impl AsRef<str>,
        to: Vec<String>,
        cc: Vec<String>,
        published: Timestamp,
        object: Value,
    ) -> Self {
        Self {
            published: Some(published),
            ..Self::new(Verb::Update, id, actor, without_context(object)).addressed(to, cc)
        }
    }

    /// `Delete` of an object. Mobilizon and Gancio want the tombstone with its former type.
    pub fn delete(
        id: impl AsRef<str>,
        actor: impl AsRef<str>,
        to: Vec<String>,
        cc: Vec<String>,
        tombstone: &Tombstone,
    ) -> Self {
        Self {
            published: tombstone.deleted,
            ..Self::new(Verb::Delete, id, actor, context::embedded(tombstone)).addressed(to, cc)
        }
    }

    /// `Delete` of the actor by itself; the object is its id.
    pub fn delete_actor(id: impl AsRef<str>, actor: impl AsRef<str>, to: Vec<String>, published: Timestamp) -> Self {
        let object = Value::from(actor.as_ref());
        Self { published: Some(published), ..Self::new(Verb::Delete, id, actor, object).addressed(to, Vec::new()) }
    }

    /// `Announce` of an object by its id alone: an embedded one is believed by nobody unless it is the announcer's.
    pub fn announce(
        id: impl AsRef<str>,
        actor: impl AsRef<str>,
        to: Vec<String>,
        cc: Vec<String>,
        published: Timestamp,
        object: impl AsRef<str>,
    ) -> Self {
        Self {
            published: Some(published),
            ..Self::new(Verb::Announce, id, actor, Value::from(object.as_ref())).addressed(to, cc)
        }
    }

    /// `Undo` of an activity of ours. Its id, type, actor and object are embedded: Mobilizon cannot do with less, and
    /// several peers pass over it without the id.
    pub fn undo(id: impl AsRef<str>, to: Vec<String>, cc: Vec<String>, undone: &Self) -> Self {
        let mut inner = serde_json::Map::new();
        inner.insert("id".to_owned(), Value::from(undone.id.as_str()));
        inner.insert("type".to_owned(), Value::from(undone.verb.as_str()));
        inner.insert("actor".to_owned(), Value::from(undone.actor.as_str()));
        inner.insert("object".to_owned(), undone.object.clone());
        Self::new(Verb::Undo, id, &undone.actor, Value::Object(inner)).addressed(to, cc)
    }

    /// `Accept` to whoever asked, with what they asked exactly as it came: Mastodon finds its follow by the id in it,
    /// Mobilizon by its object.
    pub fn accept(id: impl AsRef<str>, actor: impl AsRef<str>, asker: impl AsRef<str>, asked: Value) -> Self {
        Self::new(Verb::Accept, id, actor, asked).addressed(vec![asker.as_ref().to_owned()], Vec::new())
    }

    /// `Reject` to whoever asked, with what they asked exactly as it came.
    pub fn reject(id: impl AsRef<str>, actor: impl AsRef<str>, asker: impl AsRef<str>, asked: Value) -> Self {
        Self::new(Verb::Reject, id, actor, asked).addressed(vec![asker.as_ref().to_owned()], Vec::new())
    }

    /// `Ignore` to whoever sent a `Join` that is not handled here; the object is the join's id (FEP-8a8e).
    pub fn ignore(id: impl AsRef<str>, actor: impl AsRef<str>, asker: impl AsRef<str>, asked: impl AsRef<str>) -> Self {
        Self::new(Verb::Ignore, id, actor, Value::from(asked.as_ref()))
            .addressed(vec![asker.as_ref().to_owned()], Vec::new())
    }

    /// `Follow` of an actor; the object is its id, as Gancio wants it.
    pub fn follow(id: impl AsRef<str>, actor: impl AsRef<str>, followed: impl AsRef<str>) -> Self {
        let followed = followed.as_ref();
        Self::new(Verb::Follow, id, actor, Value::from(followed)).addressed(vec![followed.to_owned()], Vec::new())
    }

    /// `Move` of the actor to another, which must name it in `alsoKnownAs` (FEP-7628).
    pub fn move_to(id: impl AsRef<str>, actor: impl AsRef<str>, to: Vec<String>, target: impl AsRef<str>) -> Self {
        let object = Value::from(actor.as_ref());
        Self {
            target: Some(target.as_ref().to_owned()),
            ..Self::new(Verb::Move, id, actor, object).addressed(to, Vec::new())
        }
    }

    /// The document to deliver and to serve, with its `@context`.
    #[must_use]
    pub fn document(&self) -> Value {
        context::document(self)
    }
}

/// A nested object needs no context of its own.
fn without_context(object: Value) -> Value {
    match object {
        Value::Object(mut fields) => {
            fields.shift_remove("@context");
            Value::Object(fields)
        }
        other => other,
    }
}

#[cfg(test)]
mod tests;
