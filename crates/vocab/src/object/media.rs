//! Pictures and links that hang on an object.

use serde::Serialize;
use serde_json::Value;

use super::{MAX_ATTACHMENTS, MAX_NAME, kind_of, plain};
use crate::one_or_many::{self, count, string};

/// A picture. Mastodon takes jpeg, png, gif, webp; Mobilizon wants `url` and `name` as strings.
#[derive(Debug, Clone, PartialEq, Serialize, Default)]
#[serde(tag = "type", rename = "Image", rename_all = "camelCase")]
pub struct Image {
    /// `image/jpeg` and the like. Gancio fails on an attachment without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
    /// Where the picture is.
    pub url: String,
    /// The text for those who do not see the picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// A blurred stand-in, as Mastodon encodes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub blurhash: Option<String>,
    /// The point to keep when the picture is cropped: x and y from -1.0 to 1.0.
    #[serde(skip_serializing_if = "unusable")]
    pub focal_point: Option<[f64; 2]>,
    /// Pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// Pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
}

fn unusable(point: &Option<[f64; 2]>) -> bool {
    !point.is_some_and(|point| point.iter().all(|axis| axis.is_finite()))
}

impl Image {
    /// A picture with its alternative text.
    pub fn new(url: impl Into<String>, media_type: impl Into<String>, alt: impl Into<String>) -> Self {
        Self { url: url.into(), media_type: Some(media_type.into()), name: Some(alt.into()), ..Self::default() }
    }

    /// Reads an `Image`, a `Document` that is a picture, or a bare address. The alternative text is in `name` or, from
    /// Mastodon's `icon`, in `summary`.
    #[must_use]
    pub fn parse(value: &Value) -> Option<Self> {
        if let Value::String(url) = value {
            return Some(Self { url: one_or_many::web_address(url)?, ..Self::default() });
        }
        let point = one_or_many::each(value, "focalPoint").filter_map(Value::as_f64);
        let point: Vec<f64> = point.map(|axis| axis.clamp(-1.0, 1.0)).collect();
        let pixels = |key| count(value, key).and_then(|pixels| pixels.try_into().ok());
        Some(Self {
            url: one_or_many::page(value, "url").or_else(|| one_or_many::page(value, "href"))?,
            media_type: media_type(value),
            name: plain(value, "name", 1_500).or_else(|| plain(value, "summary", 1_500)),
            blurhash: string(value, "blurhash").filter(|hash| hash.len() <= 100 && hash.is_ascii()).map(str::to_owned),
            focal_point: point.try_into().ok(),
            width: pixels("width"),
            height: pixels("height"),
        })
    }

    /// The first readable picture under `icon` or `image`.
    pub(crate) fn first(document: &Value, key: &str) -> Option<Self> {
        one_or_many::each(document, key).find_map(Self::parse)
    }
}

/// A link to a page or a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "camelCase")]
pub struct Link {
    /// `text/html` and the like.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
    /// Where it leads.
    pub href: String,
    /// What it is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

impl Link {
    /// The page of an object: Mobilizon knows its web link by exactly this name and media type.
    pub fn website(href: impl Into<String>) -> Self {
        Self::page(href, "Website")
    }

    /// Another page, such as a stream.
    pub fn page(href: impl Into<String>, name: impl Into<String>) -> Self {
        Self { media_type: Some("text/html".to_owned()), href: href.into(), name: Some(name.into()) }
    }
}

/// What hangs on an object. Never a `PropertyValue`: Lemmy drops an object that carries one.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Attachment {
    /// A picture.
    Image(Image),
    /// A link.
    Link(Link),
}

impl Attachment {
    /// Reads one attachment: pictures, links, and documents that are neither as links. Others are `None`.
    #[must_use]
    pub fn parse(value: &Value) -> Option<Self> {
        let kinds = kind_of(value);
        let is = |name: &str| kinds.iter().any(|kind| kind == name);
        let picture = media_type(value).is_some_and(|kind| kind.starts_with("image/"));
        if is("Image") || (is("Document") && picture) {
            return Image::parse(value).map(Self::Image);
        }
        if !(is("Link") || is("Document") || is("Page")) {
            return None;
        }
        Some(Self::Link(Link {
            media_type: media_type(value),
            href: one_or_many::page(value, "href").or_else(|| one_or_many::page(value, "url"))?,
            name: plain(value, "name", MAX_NAME),
        }))
    }

    /// All readable attachments of an object, at most [`MAX_ATTACHMENTS`].
    pub(crate) fn all_of(document: &Value) -> Vec<Self> {
        one_or_many::each(document, "attachment").filter_map(Self::parse).take(MAX_ATTACHMENTS).collect()
    }
}

fn media_type(value: &Value) -> Option<String> {
    string(value, "mediaType")
        .filter(|kind| kind.len() <= 100 && kind.is_ascii() && kind.contains('/'))
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn attachments_of_many_makers() {
        let image = |url: &str| Some(url.to_owned());
        for (value, picture, link) in [
            (
                json!({"type": "Document", "mediaType": "image/png", "url": "https://a.example/1.png"}),
                image("https://a.example/1.png"),
                None,
            ),
            (
                json!({"type": "Image", "url": [{"type": "Link", "href": "https://a.example/2.jpg"}]}),
                image("https://a.example/2.jpg"),
                None,
            ),
            (json!({"type": "Link", "href": "https://a.example/3"}), None, image("https://a.example/3")),
            (
                json!({"type": "Document", "mediaType": "text/csv", "url": "https://a.example/4.csv"}),
                None,
                image("https://a.example/4.csv"),
            ),
            (json!({"type": "Link", "href": "javascript:alert(1)"}), None, None),
            (json!({"type": "Image", "url": "data:image/png;base64,AAAA"}), None, None),
            (json!({"type": "Image"}), None, None),
            (json!({"type": "PropertyValue", "name": "a", "value": "b"}), None, None),
            (json!("https://a.example/5"), None, None),
        ] {
            let found = match Attachment::parse(&value) {
                Some(Attachment::Image(image)) => (Some(image.url), None),
                Some(Attachment::Link(link)) => (None, Some(link.href)),
                None => (None, None),
            };
            assert_eq!(found, (picture, link), "{value}");
        }
    }

    #[test]
    fn a_point_that_is_no_number_is_not_written() {
        let image =
            Image { focal_point: Some([f64::NAN, 0.0]), ..Image::new("https://a.example/1.png", "image/png", "Tori") };
        let expected =
            json!({"type": "Image", "mediaType": "image/png", "url": "https://a.example/1.png", "name": "Tori"});
        assert_eq!(crate::context::embedded(&image), expected);
    }
}
