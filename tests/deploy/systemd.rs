//! The units and the user, by systemd itself.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::operator::{folder, lines, program, root, run, succeed, text};

const UNITS: [&str; 3] = ["solmu.service", "solmu-backup.service", "solmu-backup.timer"];
/// What the units start, which is not installed on this machine.
const PROGRAMS: [&str; 2] = ["/usr/local/bin/solmu", "/usr/local/lib/solmu/solmu-backup"];

fn unit(name: &str) -> String {
    text(&format!("deploy/systemd/{name}"))
}

/// Every value of a key of a unit.
fn values(unit: &str, key: &str) -> Vec<String> {
    lines(unit).filter_map(|line| line.strip_prefix(key)?.strip_prefix('=')).map(ToOwned::to_owned).collect()
}

/// The units in a folder of their own, with a program that exists in place of ours.
fn installed(name: &str) -> PathBuf {
    let place = folder(name);
    let there = program("true", "coreutils");
    for name in UNITS {
        let text = PROGRAMS.iter().fold(unit(name), |text, ours| text.replace(ours, there.to_str().unwrap()));
        fs::write(place.join(name), text).unwrap();
    }
    place
}

fn analyze() -> Command {
    Command::new(program("systemd-analyze", "systemd"))
}

#[test]
fn systemd_understands_the_units() {
    let place = installed("units");
    let mut verify = analyze();
    verify.args(["verify", "--man=no"]).args(UNITS.map(|name| place.join(name)));
    let said = succeed(verify.env("SYSTEMD_UNIT_PATH", format!("{}:", place.display())));
    let about_ours: Vec<&str> = said.all.lines().skip(1).filter(|line| line.contains("solmu")).collect();
    assert!(about_ours.is_empty(), "{}", said.all);
}

#[test]
fn systemd_says_what_is_wrong_with_a_unit() {
    let place = folder("wrong-unit");
    let wrong = unit("solmu.service").replace("Type=notify", "Type=notfy");
    fs::write(place.join("solmu.service"), wrong).unwrap();
    let said = run(analyze().args(["verify", "--man=no"]).arg(place.join("solmu.service")));
    assert!(said.all.contains("notfy"), "the check sees nothing:\n{}", said.all);
}

/// The scale of `systemd-analyze security` goes from 0 (closed) to 10; an ordinary service has 9.6.
#[test]
fn the_services_are_closed() {
    let place = installed("closed");
    for name in ["solmu.service", "solmu-backup.service"] {
        succeed(analyze().args(["security", "--offline=true", "--threshold=15", "--no-pager"]).arg(place.join(name)));
    }
}

#[test]
fn the_user_of_the_units_is_made() {
    let place = folder("sysusers");
    fs::create_dir(place.join("etc")).unwrap();
    let user = root().join("deploy/systemd/sysusers.conf");
    succeed(Command::new(program("systemd-sysusers", "systemd")).arg("--root").arg(&place).arg(user));
    let made = fs::read_to_string(place.join("etc/passwd")).unwrap();
    assert!(made.lines().any(|line| line.starts_with("solmu:") && line.contains(":/var/lib/solmu:")), "{made}");
    for name in ["solmu.service", "solmu-backup.service"] {
        assert_eq!(values(&unit(name), "User"), ["solmu"], "{name}");
    }
}

#[test]
fn the_server_is_given_time_to_stop() {
    let service = unit("solmu.service");
    let seconds: u64 = values(&service, "TimeoutStopSec")[0].parse().unwrap();
    assert!(seconds > 10, "the server takes up to 10 seconds");
    assert_eq!(values(&service, "Type"), ["notify"]);
    assert_eq!(values(&service, "Restart"), ["on-failure"]);
}

/// In the memory of the server are the private keys; of `solmu backup`, all that is in the database.
#[test]
fn a_crash_leaves_no_memory_behind() {
    for name in ["solmu.service", "solmu-backup.service"] {
        assert_eq!(values(&unit(name), "LimitCORE"), ["0"], "{name}");
    }
}

/// What the backup unit tells the script is what the script knows, and its folder may be written.
#[test]
fn the_backup_unit_and_its_script_agree() {
    let (service, script) = (unit("solmu-backup.service"), text("deploy/backup/solmu-backup"));
    let settings = values(&service, "Environment");
    for name in settings.iter().filter_map(|setting| setting.split('=').next()) {
        assert!(name == "SOLMU_CONFIG" || script.contains(&format!("${{{name}:-")), "{name} is unknown to the script");
    }
    let folder = settings.iter().find_map(|setting| setting.strip_prefix("SOLMU_BACKUP_DIR=")).unwrap();
    assert_eq!(values(&service, "ReadWritePaths"), [folder]);
}
