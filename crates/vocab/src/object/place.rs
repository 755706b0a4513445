//! Where something happens: a place in the world, or online.
//!
//! `Place`, `name`, `latitude` and `longitude` are ActivityStreams §3; the address is schema.org's, as Mobilizon reads
//! it. `location` is always one object: Mobilizon has no reading for a list.

use serde::Serialize;
use serde_json::Value;

use super::{MAX_NAME, is_a, plain};
use crate::one_or_many::{self, each, number};

/// The value of `location`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Location {
    /// Somewhere one can go.
    Place(Place),
    /// On the network.
    Virtual(VirtualLocation),
}

impl Location {
    /// Reads `location`: an object, a bare name, or a list, of which a place to go to wins over an online one.
    #[must_use]
    pub fn parse(document: &Value) -> Option<Self> {
        let mut all: Vec<Self> = each(document, "location").filter_map(Self::read).collect();
        let place = all.iter().position(|one| matches!(one, Self::Place(_)));
        match (place, all.is_empty()) {
            (Some(at), _) => Some(all.swap_remove(at)),
            (None, false) => Some(all.swap_remove(0)),
            (None, true) => None,
        }
    }

    /// The address of the online part, also when `location` lists it beside a place.
    #[must_use]
    pub fn online_part(document: &Value) -> Option<String> {
        each(document, "location").find_map(|one| match Self::read(one)? {
            Self::Virtual(online) => online.url,
            Self::Place(_) => None,
        })
    }

    /// What to call it.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Place(place) => &place.name,
            Self::Virtual(online) => &online.name,
        }
    }

    fn read(value: &Value) -> Option<Self> {
        // Gancio and the WordPress Event Bridge know an online event by the place's name.
        let named_online = plain(value, "name", MAX_NAME).is_some_and(|name| name.eq_ignore_ascii_case("online"));
        if is_a(value, "VirtualLocation") || named_online {
            return Some(Self::Virtual(VirtualLocation {
                name: plain(value, "name", MAX_NAME).unwrap_or_else(|| ONLINE.to_owned()),
                url: one_or_many::page(value, "url"),
            }));
        }
        Place::parse(value).map(Self::Place)
    }
}

const ONLINE: &str = "online";

/// A place that is not in the world.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type")]
pub struct VirtualLocation {
    /// `online`: by this exact name Gancio and the WordPress Event Bridge know it.
    pub name: String,
    /// Where to go to take part; absent when only those who have signed up are told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

impl VirtualLocation {
    /// Online, at this address if it is public.
    #[must_use]
    pub fn online(url: Option<String>) -> Self {
        Self { name: ONLINE.to_owned(), url }
    }
}

/// A place in the world.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[serde(tag = "type", rename_all = "camelCase")]
pub struct Place {
    /// Its name; Gancio knows places by it alone, so it should be specific.
    pub name: String,
    /// Degrees north, WGS 84. Written as a float: Mobilizon's map passes over `65` and `"65.0"`.
    #[serde(skip_serializing_if = "no_number")]
    pub latitude: Option<f64>,
    /// Degrees east, WGS 84. Written as a float.
    #[serde(skip_serializing_if = "no_number")]
    pub longitude: Option<f64>,
    /// The postal address. Gancio wants one with at least a street or a locality.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<PostalAddress>,
}

fn no_number(degrees: &Option<f64>) -> bool {
    !degrees.is_some_and(f64::is_finite)
}

impl Place {
    /// Reads a `Place`, any object with a name or an address, or a bare name.
    #[must_use]
    pub fn parse(value: &Value) -> Option<Self> {
        if let Value::String(name) = value {
            let name = crate::text::line(name, MAX_NAME);
            return (!name.is_empty()).then(|| Self { name, ..Self::default() });
        }
        let address = each(value, "address").find_map(PostalAddress::parse);
        let name = plain(value, "name", MAX_NAME).or_else(|| address.as_ref().and_then(PostalAddress::short))?;
        // One without the other, or one off the globe, is no point on a map.
        let latitude = number(value, "latitude").filter(|degrees| degrees.abs() <= 90.0);
        let longitude = number(value, "longitude").filter(|degrees| degrees.abs() <= 180.0);
        let (latitude, longitude) = latitude.zip(longitude).unzip();
        Some(Self { name, latitude, longitude, address })
    }
}

/// schema.org's postal address.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(tag = "type", rename_all = "camelCase")]
pub struct PostalAddress {
    /// Street and number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street_address: Option<String>,
    /// Postal code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    /// Municipality or town.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address_locality: Option<String>,
    /// Region.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address_region: Option<String>,
    /// ISO 3166-1 code or a country's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address_country: Option<String>,
}

impl PostalAddress {
    /// Reads an address object, or a bare line as the street. `None` when nothing is in it.
    #[must_use]
    pub fn parse(value: &Value) -> Option<Self> {
        if let Value::String(line) = value {
            let line = crate::text::line(line, MAX_NAME);
            return (!line.is_empty()).then(|| Self { street_address: Some(line), ..Self::default() });
        }
        let address = Self {
            street_address: plain(value, "streetAddress", MAX_NAME),
            postal_code: plain(value, "postalCode", 32),
            address_locality: plain(value, "addressLocality", 200),
            address_region: plain(value, "addressRegion", 200),
            address_country: plain(value, "addressCountry", 100),
        };
        (address != Self::default()).then_some(address)
    }

    fn short(&self) -> Option<String> {
        let parts = [&self.street_address, &self.address_locality];
        let parts: Vec<&str> = parts.into_iter().filter_map(Option::as_deref).collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn locations_of_many_makers() {
        for (location, expected) in [
            (
                json!({"type": "Place", "name": "Kirjasto", "latitude": "62.9", "longitude": 27}),
                json!({"type": "Place", "name": "Kirjasto", "latitude": 62.9, "longitude": 27.0}),
            ),
            (
                json!({"type": "Place", "name": "Kirjasto", "latitude": 62.9}),
                json!({"type": "Place", "name": "Kirjasto"}),
            ),
            (
                json!({"type": "Place", "name": "Kirjasto", "latitude": 162.9, "longitude": 27.0}),
                json!({"type": "Place", "name": "Kirjasto"}),
            ),
            (json!("Kuopion tori"), json!({"type": "Place", "name": "Kuopion tori"})),
            (
                json!({"type": "Place", "address": "Tori 1, Kuopio"}),
                json!({"type": "Place", "name": "Tori 1, Kuopio", "address": {"type": "PostalAddress", "streetAddress": "Tori 1, Kuopio"}}),
            ),
            (
                json!([{"type": "VirtualLocation", "url": "https://stream.example/"}, {"type": "Place", "name": "Tori"}]),
                json!({"type": "Place", "name": "Tori"}),
            ),
            (
                json!([{"type": "VirtualLocation", "url": "https://stream.example/"}]),
                json!({"type": "VirtualLocation", "name": "online", "url": "https://stream.example/"}),
            ),
            (json!({"type": "Place", "name": "Online"}), json!({"type": "VirtualLocation", "name": "Online"})),
            (json!({"type": "Place", "name": null, "address": {}}), json!(null)),
            (json!(null), json!(null)),
        ] {
            let document = json!({"location": location});
            assert_eq!(crate::context::embedded(&Location::parse(&document)), expected, "{location}");
        }
    }

    #[test]
    fn whole_degrees_are_still_floats() {
        let place = Place { name: "Oulu".into(), latitude: Some(65.0), longitude: Some(f64::NAN), address: None };
        assert_eq!(serde_json::to_string(&place).expect("json"), r#"{"type":"Place","name":"Oulu","latitude":65.0}"#);
    }
}
