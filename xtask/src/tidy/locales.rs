//! Every message exists in Finnish, Swedish and English, once.
//!
//! Messages and attributes are compared, terms (`-name`) are not: a language may need its own.

use std::collections::{BTreeMap, BTreeSet};

use super::{Finding, SourceFile};

const ROOT: &str = "crates/web/locales/";
const LANGUAGES: [&str; 3] = ["fi", "sv", "en"];

/// Reads `crates/web/locales/<language>/*.ftl`.
pub fn check(files: &[SourceFile]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut pages: BTreeMap<&str, BTreeMap<&str, BTreeSet<String>>> = BTreeMap::new();
    for file in files.iter().filter(|file| file.has_extension("ftl")) {
        let Some((language, page)) = file.path.strip_prefix(ROOT).and_then(|inside| inside.split_once('/')) else {
            continue;
        };
        let mut keys = BTreeSet::new();
        for (line, key) in keys_of(&file.text) {
            if !keys.insert(key.clone()) {
                findings.push(Finding::new(&file.path, Some(line), format!("`{key}` is there twice")));
            }
        }
        pages.entry(page).or_default().insert(language, keys);
    }
    for (page, languages) in &pages {
        let all: BTreeSet<&String> = languages.values().flatten().collect();
        for language in LANGUAGES {
            let path = format!("{ROOT}{language}/{page}");
            match languages.get(language) {
                None => findings.push(Finding::new(&path, None, "missing; another language has it")),
                Some(keys) => findings.extend(
                    all.iter()
                        .filter(|key| !keys.contains(**key))
                        .map(|key| Finding::new(&path, None, format!("`{key}` is missing; another language has it"))),
                ),
            }
        }
    }
    findings
}

/// Line and name of each message (`name`) and attribute (`name.attribute`).
fn keys_of(text: &str) -> Vec<(usize, String)> {
    let mut keys = Vec::new();
    let mut message: Option<String> = None;
    for (index, line) in text.lines().enumerate() {
        if let Some(attribute) = line.trim_start().strip_prefix('.').and_then(name_before_equals) {
            let in_message = message.iter().map(|message| (index + 1, format!("{message}.{attribute}")));
            keys.extend(in_message);
        } else if !line.starts_with([' ', '\t', '#', '}']) && !line.is_empty() {
            message = name_before_equals(line).map(ToOwned::to_owned);
            keys.extend(message.iter().map(|message| (index + 1, message.clone())));
        }
    }
    keys
}

/// `None` for terms, whose names begin with a hyphen.
fn name_before_equals(line: &str) -> Option<&str> {
    let name = line.split_once('=')?.0.trim_end();
    let starts_well = name.starts_with(|first: char| first.is_ascii_alphabetic());
    let goes_on_well = name.chars().all(|each| each.is_ascii_alphanumeric() || each == '-' || each == '_');
    (starts_well && goes_on_well).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::super::file;
    use super::*;

    const TEXT: &str = "# note = no\n-term = x\ntitle = Hello\n    more = of it\nname = { $n ->\n    [one] a = b\n   *[other] c\n}\n    .hint = Hint\n";

    #[test]
    fn messages_and_attributes_are_found() {
        let keys: Vec<String> = keys_of(TEXT).into_iter().map(|(_, key)| key).collect();
        assert_eq!(keys, ["title", "name", "name.hint"]);
    }

    #[test]
    fn languages_are_equal() {
        let page = |language: &str, text: &str| file(&format!("{ROOT}{language}/a.ftl"), text);
        let whole = [page("fi", TEXT), page("sv", TEXT), page("en", TEXT)];
        assert!(check(&whole).is_empty());
        assert_eq!(check(&whole[..2]).len(), 1, "a missing file");
        let lacking = [page("fi", TEXT), page("sv", "title = Hej\nname = x\n"), page("en", TEXT)];
        let found: Vec<String> = check(&lacking).iter().map(ToString::to_string).collect();
        assert_eq!(found, ["crates/web/locales/sv/a.ftl: `name.hint` is missing; another language has it"]);
        let twice = [page("fi", "a = 1\na = 2\n"), page("sv", "a = 1\n"), page("en", "a = 1\n")];
        assert_eq!(check(&twice)[0].line, Some(2));
    }
}
