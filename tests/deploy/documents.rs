//! What the documents tell an operator of the program is what the program says of itself.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::operator::{Said, folder, lines, root, run, succeed, text};

/// The program of this build, with nothing of this machine's own settings.
fn solmu() -> Command {
    let mut solmu = Command::new(env!("CARGO_BIN_EXE_solmu"));
    let ours = std::env::vars_os().filter(|(name, _)| name.to_str().is_some_and(|name| name.starts_with("SOLMU_")));
    ours.for_each(|(name, _)| {
        solmu.env_remove(name);
    });
    solmu
}

fn help(command: &[&str]) -> String {
    succeed(solmu().args(command).arg("--help")).out
}

/// The commands that `solmu --help` lists.
fn commands() -> Vec<String> {
    let help = help(&[]);
    let list = help.split("Commands:").nth(1).unwrap().split("\n\n").next().unwrap().to_owned();
    // Two spaces before a name; more before the rest of an explanation.
    let names = list.lines().filter_map(|line| line.strip_prefix("  ")).filter(|line| !line.starts_with(' '));
    names.filter_map(|line| line.split(' ').next()).filter(|name| *name != "help").map(ToOwned::to_owned).collect()
}

fn options(help: &str) -> BTreeSet<String> {
    let words = help.split_whitespace().filter(|word| word.starts_with("--"));
    words.map(|word| word.trim_matches(|c: char| !c.is_alphanumeric() && c != '-').to_owned()).collect()
}

#[test]
fn every_command_and_option_is_explained() {
    let reference = text("docs/reference/cli.md");
    let commands = commands();
    assert!(commands.len() > 10, "{commands:?}");
    for command in &commands {
        assert!(reference.contains(&format!("solmu {command}")), "docs/reference/cli.md lacks `solmu {command}`");
        for option in options(&help(&[command])) {
            let general = ["--help", "--version"].contains(&option.as_str());
            assert!(
                general || reference.contains(&option),
                "docs/reference/cli.md lacks {option} of `solmu {command}`"
            );
        }
    }
}

/// Commands in the code of the documents that the program does not have.
#[test]
fn no_document_names_a_command_that_is_not_there() {
    let commands = commands();
    for path in documents() {
        let document = fs::read_to_string(&path).unwrap();
        let mut fenced = false;
        for line in document.lines() {
            fenced ^= line.starts_with("```");
            let Some(command) = fenced.then(|| line.strip_prefix("solmu ")).flatten() else { continue };
            let mut words = command.split_whitespace();
            let first = match words.next() {
                Some("--config") => words.nth(1),
                first => first,
            };
            let known = first.is_none_or(|word| word.starts_with('-') || commands.iter().any(|known| known == word));
            assert!(known, "{}: {line}", path.display());
        }
    }
}

fn documents() -> Vec<std::path::PathBuf> {
    let mut found = vec![root().join("README.md")];
    let mut folders = vec![root().join("docs")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                found.push(path);
            }
        }
    }
    found
}

/// `section.key` of a configuration file, also of lines that are commented out.
fn keys(example: &str) -> BTreeSet<String> {
    let mut section = String::new();
    let mut keys = BTreeSet::new();
    for line in example.lines() {
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            section = format!("{name}.");
        } else if let Some((key, _)) = line.trim_start_matches('#').split_once(" = ") {
            keys.insert(format!("{section}{key}"));
        }
    }
    keys
}

#[test]
fn every_key_of_the_configuration_is_explained() {
    let known = keys(&succeed(solmu().args(["config", "example"])).out);
    let reference = text("docs/reference/configuration.md");
    let table = reference.split("## Keys").nth(1).unwrap().split("\n## ").next().unwrap();
    let rows = reference.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` | "));
    let explained: BTreeSet<String> = rows
        .map(|(key, _)| key.to_owned())
        .filter(|key| key.chars().all(|c| c.is_ascii_lowercase() || "._".contains(c)))
        .collect();
    assert_eq!(explained, known);
    for (key, rest) in table.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` | `")) {
        let variable = format!("SOLMU__{}", key.replace('.', "__").to_uppercase());
        assert!(rest.starts_with(&format!("{variable}`")), "{key}: {variable} in {rest}");
    }
}

/// A node that was made as `docs/how-to/install.md` says.
fn installed(name: &str) -> std::path::PathBuf {
    let place = folder(name);
    succeed(solmu().args(["init", "--region", "06", "--domain", "pirkanmaa.example", "--dir"]).arg(&place));
    place
}

fn status(place: &Path, database: Option<&str>) -> serde_json::Value {
    let mut status = solmu();
    if let Some(url) = database {
        status.env("SOLMU__DATABASE__URL", url);
    }
    let said = succeed(status.arg("--config").arg(place.join("solmu.toml")).args(["status", "--json"]));
    serde_json::from_str(&said.out).unwrap_or_else(|error| panic!("{error}: {}", said.all))
}

/// The unit's command line is one that the program takes.
#[test]
fn the_service_starts_the_program_as_it_is() {
    let service = text("deploy/systemd/solmu.service");
    let start = lines(&service).find_map(|line| line.strip_prefix("ExecStart=")).unwrap();
    let arguments = start.split(' ').skip(1);
    succeed(solmu().args(arguments).arg("--help"));
}

#[test]
fn a_backup_by_the_script_is_restored_by_copying() {
    let place = installed("backup-real");
    let (programs, backups) = (place.join("bin"), place.join("backups"));
    fs::create_dir(&programs).unwrap();
    fs::create_dir(&backups).unwrap();
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_solmu"), programs.join("solmu")).unwrap();
    let mut script = Command::new(root().join("deploy/backup/solmu-backup"));
    script.env("PATH", format!("{}:{}", programs.display(), std::env::var("PATH").unwrap()));
    script.env("SOLMU_BACKUP_DIR", &backups).env("SOLMU_CONFIG", place.join("solmu.toml"));
    let said = succeed(&mut script);
    let backup = said.out.lines().last().unwrap();
    fs::copy(backup, place.join("restored.db")).unwrap();
    let restored = status(&place, Some("sqlite:restored.db"));
    assert_eq!(restored["domain"], "pirkanmaa.example");
    assert_eq!(restored["actors"], status(&place, None)["actors"]);
    assert_eq!(restored["actors"]["own"], 2, "{restored}");
}

/// The environment that `compose.yaml` gives to the nodes is a whole configuration, and is understood.
#[test]
fn the_environment_of_compose_is_a_configuration() {
    let place = folder("compose-environment");
    fs::write(place.join("database_url"), "postgres://solmu:secret@database/solmu\n").unwrap();
    let file = text("deploy/compose/compose.yaml");
    let mut check = solmu();
    let mut given = 0;
    for (name, value) in lines(&file).filter_map(|line| line.split_once(": ")) {
        if !name.starts_with("SOLMU__") {
            continue;
        }
        let value = match value {
            value if value.starts_with("${SOLMU_REGION") => "06",
            value if value.starts_with("${SOLMU_DOMAIN") => "pirkanmaa.example",
            value => value,
        };
        check.env(name, value.replace("/run/secrets", place.to_str().unwrap()));
        given += 1;
    }
    assert!(given >= 4);
    for setting in text("deploy/container/Containerfile").lines().filter_map(|line| line.strip_prefix("ENV ")) {
        let (name, value) = setting.split_once('=').unwrap();
        check.env(name, value);
    }
    let Said { success, all, .. } = run(check.current_dir(&place).args(["config", "check"]));
    assert!(success, "{all}");
    assert!(all.contains("pirkanmaa.example") && !all.contains("secret"), "{all}");
}
