//! The texts of the pages, as the browser shows them.

use serde_json::{Map, Value, json};
use std::path::Path;

/// Those that are one line, in a language, by their keys.
pub fn of(language: &str) -> Map<String, Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../web/locales").join(language);
    let mut texts = Map::new();
    for file in std::fs::read_dir(&folder).unwrap() {
        let file = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let lines = file.lines().filter_map(|line| line.split_once(" = "));
        texts.extend(lines.map(|(key, text)| (key.to_owned(), json!(text))));
    }
    texts
}
