//! The backup script, run with a program in place of `solmu` and of `pg_dump`.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::operator::{Said, folder, root, run, succeed};

struct Place {
    programs: PathBuf,
    backups: PathBuf,
}

impl Place {
    /// `program` is a shell script whose `$last` is its last argument's value or the file of `--file=`.
    fn new(name: &str, program: &str) -> Self {
        let place = folder(name);
        let (programs, backups) = (place.join("bin"), place.join("backups"));
        for folder in [&programs, &backups] {
            fs::create_dir(folder).unwrap();
        }
        for name in ["solmu", "pg_dump"] {
            let path = programs.join(name);
            let arguments =
                r#"for last; do case $last in --file=*) file=${last#--file=} ;; esac; done; : "${file:=$last}""#;
            fs::write(&path, format!("#!/bin/sh\n{arguments}\n{program}\n")).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        }
        Self { programs, backups }
    }

    fn script(&self) -> Command {
        let path = std::env::var("PATH").unwrap();
        let mut script = Command::new(root().join("deploy/backup/solmu-backup"));
        script.env("PATH", format!("{}:{path}", self.programs.display()));
        script
            .env("SOLMU_BACKUP_DIR", &self.backups)
            .env_remove("SOLMU_BACKUP_DAYS")
            .env_remove("SOLMU_BACKUP_POSTGRES");
        script
    }

    fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(&self.backups)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    fn add(&self, name: &str, age: &str) {
        succeed(Command::new("touch").arg("--date").arg(age).arg(self.backups.join(name)));
    }
}

const WRITES: &str = r#"echo "$0 $*" > "$file""#;

#[test]
fn a_backup_has_its_time_in_its_name_and_is_nobody_elses() {
    let place = Place::new("backup-sqlite", WRITES);
    let said = succeed(&mut place.script());
    let file = Path::new(said.out.trim());
    assert_eq!(place.names(), [file.file_name().unwrap().to_str().unwrap()]);
    assert!(said.out.trim().ends_with("Z.db"), "{}", said.out);
    assert_eq!(fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
    let written_by = fs::read_to_string(file).unwrap();
    assert!(written_by.contains("/solmu backup "), "{written_by}");
}

#[test]
fn postgresql_is_dumped_by_its_own_program() {
    let place = Place::new("backup-postgres", WRITES);
    let said = succeed(place.script().env("SOLMU_BACKUP_POSTGRES", "postgres:///solmu?host=/run/postgresql"));
    assert!(said.out.trim().ends_with("Z.dump"), "{}", said.out);
    let written_by = fs::read_to_string(said.out.trim()).unwrap();
    assert!(written_by.contains("/pg_dump --format=custom "), "{written_by}");
    assert!(written_by.contains("--dbname=postgres:///solmu?host=/run/postgresql"), "{written_by}");
}

#[test]
fn old_backups_end_and_other_files_stay() {
    let place = Place::new("backup-old", WRITES);
    place.add("solmu-old.db", "31 days ago");
    place.add("solmu-old.dump", "31 days ago");
    place.add("solmu-young.db", "29 days ago");
    place.add("notes.txt", "90 days ago");
    succeed(&mut place.script());
    let names = place.names();
    assert_eq!(names.len(), 3, "{names:?}");
    assert!(names.contains(&"solmu-young.db".to_owned()) && names.contains(&"notes.txt".to_owned()), "{names:?}");

    succeed(place.script().env("SOLMU_BACKUP_DAYS", "7"));
    assert!(!place.names().contains(&"solmu-young.db".to_owned()));
}

#[test]
fn a_failed_backup_leaves_nothing_half_and_removes_nothing() {
    for (name, program) in [("says-no", r#"echo half > "$file"; exit 1"#), ("writes-nothing", r#": > "$file""#)] {
        let place = Place::new(&format!("backup-{name}"), program);
        place.add("solmu-old.db", "31 days ago");
        place.add("solmu-killed.db.partial", "2 days ago");
        assert!(!run(&mut place.script()).success, "{name}");
        assert_eq!(place.names(), ["solmu-old.db"], "{name}");
    }
}

#[test]
fn wrong_settings_are_named_before_anything_is_written() {
    let cases = [
        ("SOLMU_BACKUP_DAYS", "31", "must be 1 to 30"),
        ("SOLMU_BACKUP_DAYS", "0", "must be 1 to 30"),
        ("SOLMU_BACKUP_DAYS", "month", "not a number"),
        ("SOLMU_BACKUP_DIR", "/nowhere/at/all", "does not exist"),
    ];
    let place = Place::new("backup-settings", WRITES);
    for (key, value, expected) in cases {
        let Said { success, all, .. } = run(place.script().env(key, value));
        assert!(!success && all.contains(expected), "{key}={value}: {all}");
        assert!(place.names().is_empty());
    }
}
