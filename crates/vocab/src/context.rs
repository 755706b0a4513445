//! The one JSON-LD context of everything that this node sends.
//!
//! Inline, apart from the two IRIs that every JSON-LD peer carries with it: Friendica and Hubzilla fetch any other
//! remote context, so an outage elsewhere would lose our activities. `location`, `Place`, `name`, `startTime`,
//! `endTime`, `latitude` and `longitude` are plain ActivityStreams and must not be redefined here.

use std::sync::LazyLock;

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::ACTIVITY_STREAMS;

/// The value of `@context` in every document of ours except a [`Tombstone`](crate::Tombstone).
#[must_use]
pub fn shared() -> &'static Value {
    &SHARED
}

/// Puts the shared `@context` in front of a document, in place of any that is there. What is no object is returned as
/// it is.
#[must_use]
pub fn with_context(document: Value) -> Value {
    led_by(shared().clone(), document)
}

/// A typed document as it is served: its JSON behind the shared `@context`.
#[must_use]
pub fn document(of: &impl Serialize) -> Value {
    with_context(embedded(of))
}

/// A typed document as it is put inside another one: its JSON without a `@context`.
#[must_use]
pub fn embedded(of: &impl Serialize) -> Value {
    // Serialising to a value fails only for map keys that are no strings, and no type of this crate has such a map.
    serde_json::to_value(of).unwrap_or_default()
}

/// Puts plain ActivityStreams as `@context` in front of a document that uses nothing else.
pub(crate) fn with_plain_context(document: Value) -> Value {
    led_by(json!(ACTIVITY_STREAMS), document)
}

fn led_by(context: Value, document: Value) -> Value {
    let Value::Object(fields) = document else {
        return document;
    };
    let mut led = Map::with_capacity(fields.len() + 1);
    led.insert("@context".to_owned(), context);
    led.extend(fields.into_iter().filter(|(key, _)| key != "@context"));
    Value::Object(led)
}

static SHARED: LazyLock<Value> = LazyLock::new(|| {
    let mut terms = Map::new();
    for group in [prefixes(), activity_streams_and_mastodon(), events(), quoting(), value_flows()] {
        if let Value::Object(group) = group {
            terms.extend(group);
        }
    }
    json!([ACTIVITY_STREAMS, "https://w3id.org/security/v1", terms])
});

fn prefixes() -> Value {
    json!({
        "toot": "http://joinmastodon.org/ns#",
        "schema": "http://schema.org#",
        "fep8a8e": "https://w3id.org/fep/8a8e/",
        "ical": "http://www.w3.org/2002/12/cal/ical#",
        "mz": "https://joinmobilizon.org/ns#",
        "gts": "https://gotosocial.org/ns#",
        "fep844e": "https://w3id.org/fep/844e/",
        "vf": "https://w3id.org/valueflows/ont/vf#",
        "om2": "http://www.ontology-of-units-of-measure.org/resource/om-2/",
    })
}

fn activity_streams_and_mastodon() -> Value {
    json!({
        "Hashtag": "as:Hashtag",
        "sensitive": "as:sensitive",
        "manuallyApprovesFollowers": "as:manuallyApprovesFollowers",
        "alsoKnownAs": {"@id": "as:alsoKnownAs", "@type": "@id"},
        "movedTo": {"@id": "as:movedTo", "@type": "@id"},
        "PropertyValue": "schema:PropertyValue",
        "value": "schema:value",
        "discoverable": "toot:discoverable",
        "indexable": "toot:indexable",
        "blurhash": "toot:blurhash",
        "featured": {"@id": "toot:featured", "@type": "@id"},
        "featuredTags": {"@id": "toot:featuredTags", "@type": "@id"},
        "focalPoint": {"@container": "@list", "@id": "toot:focalPoint"},
        "attributionDomains": {"@id": "toot:attributionDomains", "@container": "@set"},
        "implements": {"@id": "fep844e:implements", "@type": "@id", "@container": "@list"},
    })
}

fn events() -> Value {
    json!({
        "PostalAddress": "schema:PostalAddress",
        "VirtualLocation": "schema:VirtualLocation",
        "address": "schema:address",
        "streetAddress": "schema:streetAddress",
        "postalCode": "schema:postalCode",
        "addressLocality": "schema:addressLocality",
        "addressRegion": "schema:addressRegion",
        "addressCountry": "schema:addressCountry",
        "inLanguage": "schema:inLanguage",
        "maximumAttendeeCapacity": "schema:maximumAttendeeCapacity",
        "uuid": "schema:identifier",
        "timezone": "fep8a8e:timezone",
        "joinMode": "fep8a8e:joinMode",
        "externalParticipationUrl": "fep8a8e:externalParticipationUrl",
        "eventStatus": {"@id": "fep8a8e:eventStatus", "@type": "@vocab"},
        "EventScheduled": "fep8a8e:EventScheduled",
        "EventCancelled": "fep8a8e:EventCancelled",
        "EventPostponed": "fep8a8e:EventPostponed",
        "EventRescheduled": "fep8a8e:EventRescheduled",
        "EventMovedOnline": "fep8a8e:EventMovedOnline",
        "EventTentative": "fep8a8e:EventTentative",
        "organizers": "fep8a8e:organizers",
        "displayEndTime": "fep8a8e:displayEndTime",
        "upcomingEvents": {"@id": "fep8a8e:upcomingEvents", "@type": "@id"},
        "category": "fep8a8e:category",
        "status": "ical:status",
        "isOnline": "mz:isOnline",
    })
}

fn quoting() -> Value {
    json!({
        "interactionPolicy": {"@id": "gts:interactionPolicy", "@type": "@id"},
        "canQuote": {"@id": "gts:canQuote", "@type": "@id"},
        "automaticApproval": {"@id": "gts:automaticApproval", "@type": "@id"},
        "QuoteRequest": "https://w3id.org/fep/044f#QuoteRequest",
        "QuoteAuthorization": "https://w3id.org/fep/044f#QuoteAuthorization",
        "interactingObject": {"@id": "gts:interactingObject", "@type": "@id"},
        "interactionTarget": {"@id": "gts:interactionTarget", "@type": "@id"},
    })
}

fn value_flows() -> Value {
    json!({
        "Proposal": "vf:Proposal",
        "Intent": "vf:Intent",
        "Agreement": "vf:Agreement",
        "Commitment": "vf:Commitment",
        "purpose": "vf:purpose",
        "publishes": "vf:publishes",
        "reciprocal": "vf:reciprocal",
        "unitBased": "vf:unitBased",
        "action": "vf:action",
        "satisfies": "vf:satisfies",
        "stipulates": "vf:stipulates",
        "stipulatesReciprocal": "vf:stipulatesReciprocal",
        "resourceConformsTo": "vf:resourceConformsTo",
        "resourceQuantity": "vf:resourceQuantity",
        "availableQuantity": "vf:availableQuantity",
        "minimumQuantity": "vf:minimumQuantity",
        "hasUnit": "om2:hasUnit",
        "hasNumericalValue": "om2:hasNumericalValue",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_context_leads_and_replaces_another() {
        let document = with_context(
            json!({"type": "Note", "@context": "https://elsewhere.example", "id": "https://region.example/1"}),
        );
        let keys: Vec<_> = document.as_object().expect("an object").keys().collect();
        assert_eq!(keys, ["@context", "type", "id"]);
        assert_eq!(&document["@context"], shared());
        assert_eq!(with_context(json!("https://region.example/1")), json!("https://region.example/1"));
    }

    #[test]
    fn only_bundled_contexts_are_remote_and_plain_terms_stay_plain() {
        let context = shared().as_array().expect("a list");
        assert_eq!(context.len(), 3);
        assert_eq!(context[0], ACTIVITY_STREAMS);
        assert_eq!(context[1], "https://w3id.org/security/v1");
        for plain in
            ["location", "Place", "latitude", "longitude", "startTime", "endTime", "name", "closed", "url", "summary"]
        {
            assert!(context[2].get(plain).is_none(), "{plain}");
        }
    }
}
