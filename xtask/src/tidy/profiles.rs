//! Panics unwind: a request, a job or an activity that panics ends alone, and the node goes on. A profile that aborts would
//! let one odd request take everybody's node down.

use super::{Finding, SourceFile};

/// Reads `Cargo.toml` and cargo's `config.toml`, wherever they are, and the files that build the program.
pub fn check(files: &[SourceFile]) -> Vec<Finding> {
    files.iter().filter(|file| is_about_building(&file.path)).flat_map(check_file).collect()
}

fn is_about_building(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    matches!(name, "Cargo.toml" | "config.toml") || name.ends_with(".yaml") || name.ends_with(".sh")
}

fn check_file(file: &SourceFile) -> Vec<Finding> {
    let lines = file.text.lines().enumerate();
    let aborting = lines.filter(|(_, line)| aborts(line));
    let message = "panics have to unwind, so that one bad request ends alone: no panic = \"abort\"";
    aborting.map(|(index, _)| Finding::new(&file.path, Some(index + 1), message)).collect()
}

/// `panic = "abort"` under a profile, `profile.release.panic`, `-C panic=abort`, `CARGO_PROFILE_RELEASE_PANIC: abort`.
fn aborts(line: &str) -> bool {
    let code = line.split('#').next().unwrap_or_default().to_ascii_lowercase();
    let words: String = code.chars().filter(|c| !c.is_whitespace() && !matches!(c, '"' | '\'')).collect();
    words.contains("panic=abort") || words.contains("panic:abort") || words.contains("panic-strategy=abort")
}

#[cfg(test)]
mod tests {
    use super::super::file;
    use super::*;

    #[test]
    fn panics_unwind_everywhere() {
        for (path, text, expected) in [
            ("Cargo.toml", "[profile.release]\npanic = \"abort\"\n", Some(2)),
            ("tests/fuzz/Cargo.toml", "profile.dev.panic='abort'", Some(1)),
            (".cargo/config.toml", "rustflags = [\"-C\", \"panic=abort\"]", Some(1)),
            (".cargo/config.toml", "[env]\nCARGO_PROFILE_RELEASE_PANIC = \"abort\"", Some(2)),
            ("deploy/compose/compose.yaml", "  CARGO_PROFILE_RELEASE_PANIC: abort", Some(1)),
            ("Cargo.toml", "[profile.release]\npanic = \"unwind\"\n# panic = \"abort\" would end the node", None),
            ("docs/a.md", "panic = \"abort\"", None),
        ] {
            let found = check(&[file(path, text)]);
            assert_eq!(found.first().and_then(|one| one.line), expected, "{path}: {text}");
            assert!(found.len() <= 1, "{found:?}");
        }
    }
}
