//! Style sheet, script, logo, icons and pictures, built into the program.
//!
//! Invariant: the addresses of the style sheet and the script change with their content, so they may be kept for a year;
//! everything else is asked for again with its tag.

use axum::body::Body;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use http::{HeaderMap, HeaderValue, StatusCode};
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::sync::LazyLock;

use crate::error::Error;

struct Asset {
    path: &'static str,
    kind: &'static str,
    bytes: &'static [u8],
}

macro_rules! asset {
    ($path:literal, $kind:literal) => {
        Asset { path: $path, kind: $kind, bytes: include_bytes!(concat!("../static/", $path)) }
    };
}

const ASSETS: &[Asset] = &[
    asset!("solmu.css", "text/css; charset=utf-8"),
    asset!("passkey.js", "text/javascript; charset=utf-8"),
    asset!("solmu.svg", "image/svg+xml"),
    asset!("knot.svg", "image/svg+xml"),
    asset!("favicon.ico", "image/x-icon"),
    asset!("apple-touch-icon.png", "image/png"),
    asset!("pictures/default.png", "image/png"),
    asset!("pictures/icon.png", "image/png"),
    asset!("pictures/og.png", "image/png"),
];

const YEAR: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const DAY: HeaderValue = HeaderValue::from_static("public, max-age=86400");

fn tag(bytes: &[u8]) -> String {
    let mut hasher = DefaultHasher::new(); // the same in every process of a build
    bytes.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

static STYLESHEET: LazyLock<String> = LazyLock::new(|| tagged("solmu.css"));
static PASSKEY_SCRIPT: LazyLock<String> = LazyLock::new(|| tagged("passkey.js"));

fn tagged(path: &str) -> String {
    let bytes = ASSETS.iter().find(|asset| asset.path == path).map_or(&b""[..], |asset| asset.bytes);
    format!("/static/{path}?v={}", tag(bytes))
}

/// The address of the style sheet, with the tag of its content.
pub fn stylesheet() -> &'static str {
    &STYLESHEET
}

/// The address of the script that asks devices for passkeys, with the tag of its content.
pub fn passkey_script() -> &'static str {
    &PASSKEY_SCRIPT
}

/// `GET /static/{path}`
pub async fn serve(
    Path(path): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    answer(&path, &query, &headers)
}

/// `GET /favicon.ico`
pub async fn favicon(headers: HeaderMap) -> Result<Response, Error> {
    answer("favicon.ico", &[], &headers)
}

/// `GET /apple-touch-icon.png`
pub async fn touch_icon(headers: HeaderMap) -> Result<Response, Error> {
    answer("apple-touch-icon.png", &[], &headers)
}

fn answer(path: &str, query: &[(String, String)], headers: &HeaderMap) -> Result<Response, Error> {
    let asset = ASSETS.iter().find(|asset| asset.path == path).ok_or(Error::NotFound)?;
    let tag = tag(asset.bytes);
    let named = query.iter().any(|(name, value)| name == "v" && *value == tag);
    let etag = HeaderValue::from_str(&format!("\"{tag}\"")).map_err(|_| Error::Internal)?;
    let known = headers.get(IF_NONE_MATCH).is_some_and(|tags| tags.to_str().is_ok_and(|tags| tags.contains(&tag)));
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(CONTENT_TYPE, asset.kind)], Body::from(asset.bytes)).into_response()
    };
    response.headers_mut().insert(CACHE_CONTROL, if named { YEAR } else { DAY });
    response.headers_mut().insert(ETAG, etag);
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_style_sheet_is_kept_for_a_year_under_its_tag_only() {
        let query = stylesheet().split_once("?v=").unwrap().1.to_owned();
        let named = answer("solmu.css", &[("v".to_owned(), query)], &HeaderMap::new()).unwrap();
        assert_eq!(named.headers()[CACHE_CONTROL], YEAR);
        let plain = answer("solmu.css", &[("v".to_owned(), "old".to_owned())], &HeaderMap::new()).unwrap();
        assert_eq!(plain.headers()[CACHE_CONTROL], DAY);
        let mut again = HeaderMap::new();
        again.insert(IF_NONE_MATCH, plain.headers()[ETAG].clone());
        assert_eq!(answer("solmu.css", &[], &again).unwrap().status(), StatusCode::NOT_MODIFIED);
        assert_eq!(answer("../Cargo.toml", &[], &again).unwrap_err(), Error::NotFound);
    }

    #[test]
    fn nothing_static_loads_from_elsewhere() {
        for asset in ASSETS.iter().filter(|asset| asset.kind.starts_with("text/") || asset.kind.contains("svg")) {
            let text = std::str::from_utf8(asset.bytes).unwrap().replace("http://www.w3.org/2000/svg", "");
            for foreign in ["http:", "https:", "url(//", "@import", "<script"] {
                assert!(!text.contains(foreign), "{}: {foreign}", asset.path);
            }
        }
    }
}
