//! The container file by rules of our own (its checker is not in Debian), and the health check against a real answer.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::process::{Child, Command};

use crate::operator::{lines, root, run, text};

/// The instructions, with continued lines joined.
fn instructions() -> Vec<(String, String)> {
    let text = text("deploy/container/Containerfile").replace("\\\n", " ");
    let split = |line: &str| line.split_once(' ').map(|(word, rest)| (word.to_owned(), rest.trim().to_owned()));
    lines(&text).filter_map(split).collect()
}

fn all(instruction: &str) -> Vec<String> {
    instructions().into_iter().filter(|(word, _)| word == instruction).map(|(_, rest)| rest).collect()
}

#[test]
fn base_images_are_named_with_their_version() {
    let bases = all("FROM");
    assert_eq!(bases.len(), 2, "built in one image, run in another");
    for base in &bases {
        let image = base.split(' ').next().unwrap();
        let (name, tag) = image.rsplit_once(':').unwrap_or_else(|| panic!("{image} has no tag"));
        assert!(name.starts_with("docker.io/library/") && tag != "latest", "{image}");
    }
    let rust = text("rust-toolchain.toml");
    let channel = lines(&rust).find_map(|line| line.strip_prefix("channel = ")).unwrap().trim_matches('"');
    let minor = channel.rsplit_once('.').unwrap().0;
    assert!(bases[0].contains(&format!("/rust:{minor}-")), "{} does not build with Rust {minor}", bases[0]);
}

#[test]
fn the_program_runs_as_somebody_without_rights() {
    let all_of_it = instructions();
    let at = |wanted: &str| all_of_it.iter().position(|(word, _)| word == wanted).unwrap_or_else(|| panic!("{wanted}"));
    assert!(at("USER") < at("ENTRYPOINT"));
    let user = all("USER").remove(0);
    assert!(user.split(':').all(|id| id.parse::<u32>().is_ok_and(|id| id > 0)), "USER {user}");
    let entry = all("ENTRYPOINT").remove(0);
    let program = entry.trim_matches(['[', ']', '"']);
    assert!(all("COPY").iter().any(|copy| copy.ends_with(&format!(" {program}"))), "nothing is copied to {program}");
    let data = all("VOLUME").remove(0);
    assert_eq!(all("WORKDIR").last(), Some(&data), "solmu.toml is looked for in the working folder");
    assert_eq!(all("STOPSIGNAL"), ["SIGTERM"]);
}

#[test]
fn everything_that_is_copied_is_there_and_not_ignored() {
    let ignored = text(".containerignore");
    assert_eq!(ignored, text(".dockerignore"), "the two programs read a file each");
    let needed = ["Cargo.toml", "Cargo.lock", "crates", "migrations", "xtask", "deploy/container/healthcheck"];
    for path in needed {
        assert!(root().join(path).exists(), "{path}");
        let parts = |line: &str| path == line || path.starts_with(&format!("{line}/"));
        assert!(!lines(&ignored).any(parts), "{path} is ignored");
    }
}

/// Starts the health check, answers its one request, and says whether it was content.
fn checked(answer: &str) -> bool {
    let server = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let mut check = health_check(server.local_addr().unwrap().port());
    let (mut stream, _) = server.accept().unwrap();
    let mut request = Vec::new();
    let mut byte = [0];
    while !request.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap() == 1 {
        request.push(byte[0]);
    }
    assert!(request.starts_with(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n"));
    stream.write_all(answer.as_bytes()).unwrap();
    drop(stream);
    check.wait().unwrap().success()
}

fn health_check(port: u16) -> Child {
    let script = root().join("deploy/container/healthcheck");
    Command::new(script).env("SOLMU_HEALTH_PORT", port.to_string()).spawn().unwrap()
}

#[test]
fn the_health_check_believes_only_200() {
    let cases = [
        ("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok", true),
        ("HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n", false),
        ("", false),
    ];
    for (answer, expected) in cases {
        assert_eq!(checked(answer), expected, "{answer:?}");
    }
    let nobody = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
    let script = root().join("deploy/container/healthcheck");
    assert!(!run(Command::new(script).env("SOLMU_HEALTH_PORT", nobody.to_string())).success);
}
