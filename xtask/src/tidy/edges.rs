//! Which crate may depend on which: the picture in `docs/explanation/architecture.md`.
//!
//! Development and build dependencies count too. A crate may name itself (to switch on its own features in its tests).

use serde_json::Value;

use super::Finding;

/// Our crates, each with those of ours that it may depend on.
const OURS: [(&str, &[&str]); 7] = [
    ("vocab", &[]),
    ("store", &[]),
    ("federation", &["vocab", "store"]),
    ("domain", &["federation", "vocab", "store"]),
    ("web", &["domain", "federation", "store", "vocab"]),
    ("server", &["vocab", "store", "federation", "domain", "web"]),
    ("xtask", &[]),
];

/// Libraries that only these crates may use.
const ONLY_IN: [(&str, &[Use]); 5] = [
    ("activitypub_federation", &[Use::Always("federation"), Use::InTests("server")]),
    ("rsa", &[Use::Always("federation"), Use::InTests("server")]),
    ("aws-lc-rs", &[Use::Always("federation"), Use::InTests("server"), Use::InTests("domain"), Use::InTests("web")]),
    ("reqwest", &[Use::Always("federation"), Use::Always("server")]),
    ("diesel_migrations", &[Use::Always("store")]),
];

/// Libraries that a crate must not see.
const NEVER_IN: [(&str, &[&str]); 5] = [
    ("vocab", &["tokio", "diesel", "axum"]),
    ("store", &["axum"]),
    ("domain", &["axum", "tower-http"]),
    ("web", &["diesel"]),
    ("xtask", &["diesel", "axum", "tokio"]),
];

enum Use {
    Always(&'static str),
    InTests(&'static str),
}

impl Use {
    fn allows(&self, package: &str, kind: &str) -> bool {
        match self {
            Self::Always(allowed) => *allowed == package,
            Self::InTests(allowed) => *allowed == package && kind == "dev",
        }
    }
}

/// `packages` as in `cargo metadata --no-deps`.
pub fn check(packages: &[Value]) -> Vec<Finding> {
    packages.iter().flat_map(check_package).collect()
}

fn check_package(package: &Value) -> Vec<Finding> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let name = text(&package["name"]);
    let path = match name.as_str() {
        "xtask" => "xtask/Cargo.toml".to_owned(),
        other => format!("crates/{other}/Cargo.toml"),
    };
    if !OURS.iter().any(|(ours, _)| *ours == name) {
        return vec![Finding::new(&path, None, "a new crate: draw its edges in xtask/src/tidy/edges.rs")];
    }
    let dependencies = package["dependencies"].as_array().cloned().unwrap_or_default();
    dependencies
        .iter()
        .filter_map(|dependency| refusal(&name, &text(&dependency["name"]), &text(&dependency["kind"])))
        .map(|message| Finding::new(&path, None, message))
        .collect()
}

/// `kind` is `dev`, `build` or, for an ordinary dependency, empty.
fn refusal(package: &str, dependency: &str, kind: &str) -> Option<String> {
    if package == dependency {
        return None;
    }
    let ours = OURS.iter().any(|(name, _)| *name == dependency);
    let allowed = OURS.iter().any(|(name, below)| *name == package && below.contains(&dependency));
    if ours && !allowed {
        return Some(format!("`{package}` must not depend on `{dependency}`"));
    }
    let never = NEVER_IN.iter().any(|(name, libraries)| *name == package && libraries.contains(&dependency));
    if never {
        return Some(format!("`{package}` must not see `{dependency}`"));
    }
    let (_, uses) = ONLY_IN.iter().find(|(name, _)| *name == dependency)?;
    let allowed = uses.iter().any(|place| place.allows(package, kind));
    (!allowed)
        .then(|| format!("`{dependency}` is not for `{package}`; xtask/src/tidy/edges.rs says where it may be used"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn edges_follow_the_picture() {
        let cases = [
            ("domain", "federation", "", true),
            ("domain", "web", "", false),
            ("federation", "domain", "dev", false),
            ("store", "store", "dev", true),
            ("vocab", "store", "", false),
            ("xtask", "vocab", "", false),
            ("server", "web", "", true),
            ("web", "diesel", "", false),
            ("domain", "diesel", "", true),
            ("domain", "axum", "", false),
            ("domain", "reqwest", "", false),
            ("vocab", "tokio", "dev", false),
            ("vocab", "serde", "", true),
            ("server", "rsa", "", false),
            ("server", "rsa", "dev", true),
            ("server", "reqwest", "", true),
            ("federation", "activitypub_federation", "", true),
            ("web", "activitypub_federation", "", false),
        ];
        for (package, dependency, kind, allowed) in cases {
            assert_eq!(refusal(package, dependency, kind).is_none(), allowed, "{package} → {dependency} ({kind})");
        }
    }

    #[test]
    fn metadata_is_read() {
        let metadata = [
            json!({"name": "vocab", "dependencies": [{"name": "store", "kind": null}, {"name": "serde", "kind": null}]}),
            json!({"name": "newcomer", "dependencies": []}),
        ];
        let findings: Vec<String> = check(&metadata).iter().map(ToString::to_string).collect();
        assert_eq!(findings.len(), 2, "{findings:?}");
        assert_eq!(findings[0], "crates/vocab/Cargo.toml: `vocab` must not depend on `store`");
        assert!(findings[1].starts_with("crates/newcomer/Cargo.toml: a new crate"));
    }
}
