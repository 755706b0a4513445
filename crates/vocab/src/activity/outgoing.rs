//! The activities that this node sends, each in the one form that its peers are known to take.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use super::Verb;
use crate::{Tombstone, context, time};

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
    /// What came of it, by its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<String>,
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
            result: None,
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

    /// With what came of it: the approval of a quote, by its id (FEP-044f).
    #[must_use]
    pub fn with_result(self, result: impl Into<String>) -> Self {
        Self { result: Some(result.into()), ..self }
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

    /// `Add` of something, by its id, to a collection of the actor (ActivityPub §6.6).
    pub fn add(
        id: impl AsRef<str>,
        actor: impl AsRef<str>,
        to: Vec<String>,
        cc: Vec<String>,
        object: impl AsRef<str>,
        collection: impl AsRef<str>,
    ) -> Self {
        Self {
            target: Some(collection.as_ref().to_owned()),
            ..Self::new(Verb::Add, id, actor, Value::from(object.as_ref())).addressed(to, cc)
        }
    }

    /// `Remove` of something, by its id, from a collection of the actor (ActivityPub §6.7).
    pub fn remove(
        id: impl AsRef<str>,
        actor: impl AsRef<str>,
        to: Vec<String>,
        cc: Vec<String>,
        object: impl AsRef<str>,
        collection: impl AsRef<str>,
    ) -> Self {
        Self {
            target: Some(collection.as_ref().to_owned()),
            ..Self::new(Verb::Remove, id, actor, Value::from(object.as_ref())).addressed(to, cc)
        }
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
