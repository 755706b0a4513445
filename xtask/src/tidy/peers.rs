//! Names of other programs stand in code only where their ways are known: the wire's types, the delivery policy and tests.
//!
//! Pages, translations and documents may name them: they explain to people how to follow from elsewhere. Comments may as well,
//! to give a rule its source.

use super::scan::{self, Strings};
use super::{Finding, SourceFile};

const NAMES: [&str; 8] = ["mobilizon", "gancio", "mastodon", "gotosocial", "friendica", "misskey", "pixelfed", "lemmy"];

const ALLOWED: [&str; 2] = ["crates/vocab/", "crates/federation/src/delivery/policy"];

/// Reads the Rust files under `crates/`.
pub fn check(files: &[SourceFile]) -> Vec<Finding> {
    files
        .iter()
        .filter(|file| file.path.starts_with("crates/") && file.has_extension("rs"))
        .filter(|file| !ALLOWED.iter().any(|allowed| file.path.starts_with(allowed)))
        .filter(|file| !(file.path.contains("/tests/") || file.path.ends_with("/tests.rs")))
        .flat_map(check_file)
        .collect()
}

fn check_file(file: &SourceFile) -> Vec<Finding> {
    let code = scan::blank(&file.text, Strings::Blank);
    let text = scan::without_tests(&scan::blank(&file.text, Strings::Keep), &code);
    let mut findings = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.to_ascii_lowercase();
        let named = NAMES.iter().filter(|name| line.contains(**name));
        findings.extend(named.map(|name| {
            let message =
                format!("names `{name}`; what peers do differently belongs into federation's delivery policy");
            Finding::new(&file.path, Some(index + 1), message)
        }));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::file;
    use super::*;

    #[test]
    fn names_stand_in_their_places() {
        let cases = [
            ("crates/domain/src/task/wire.rs", "if software == \"Mobilizon\" {}", 1),
            ("crates/domain/src/task/wire.rs", "fn for_mastodon() {}", 1),
            ("crates/domain/src/task/wire.rs", "// Mastodon: wants this\n/// Gancio too\nfn f() {}", 0),
            ("crates/domain/src/task/wire.rs", "#[cfg(test)]\nmod tests {\n const A: &str = \"lemmy\";\n}", 0),
            ("crates/domain/src/task/tests.rs", "\"lemmy\"", 0),
            ("crates/federation/tests/front.rs", "\"lemmy\"", 0),
            ("crates/federation/src/delivery/policy.rs", "\"lemmy\"", 0),
            ("crates/vocab/src/object/event.rs", "\"lemmy\"", 0),
            ("crates/web/locales/en/common.ftl", "follow = Follow from Mastodon", 0),
        ];
        for (path, text, expected) in cases {
            assert_eq!(check(&[file(path, text)]).len(), expected, "{path}: {text}");
        }
    }
}
