//! JSON in `TEXT` columns: lists, language maps and small groups that no query looks into.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// What a column holds; the empty value when it cannot be read, so that one odd row does not take a page down.
pub(crate) fn read<T: DeserializeOwned + Default>(text: &str) -> T {
    serde_json::from_str(text).unwrap_or_default()
}

/// What a column holds that may be empty.
pub(crate) fn read_optional<T: DeserializeOwned>(text: Option<&str>) -> Option<T> {
    serde_json::from_str(text?).ok()
}

/// A value as a column keeps it.
pub(crate) fn written(value: &impl Serialize) -> String {
    // Fails only for maps whose keys are no strings; none of ours has such.
    serde_json::to_string(value).unwrap_or_else(|_| "null".to_owned())
}
