//! The compose file, by compose itself: the plug-in of the docker client, or Debian's docker-compose.

use std::fs;
use std::process::Command;

use crate::operator::{folder, lines, program, root, run, text};

const FILES: [&str; 3] = ["compose.yaml", "Caddyfile", "env.example"];

/// compose, in whichever form this machine has it.
fn compose() -> Command {
    let plug_in = |docker: &std::path::Path| run(Command::new(docker).args(["compose", "version"])).success;
    match crate::operator::find("docker").filter(|docker| plug_in(docker)) {
        Some(docker) => {
            let mut command = Command::new(docker);
            command.arg("compose");
            command
        }
        None => Command::new(program("docker-compose", "docker-compose")),
    }
}

#[test]
fn compose_understands_the_file() {
    let place = folder("compose");
    for name in FILES {
        fs::copy(root().join("deploy/compose").join(name), place.join(name)).unwrap();
    }
    let config = || {
        let mut command = compose();
        command.current_dir(&place).args(["-f", "compose.yaml", "config"]);
        command.env_remove("SOLMU_DOMAIN").env_remove("SOLMU_REGION");
        run(&mut command)
    };
    let without = config();
    assert!(!without.success && without.all.contains("SOLMU_"), "the domain has no default: {}", without.all);

    fs::rename(place.join("env.example"), place.join(".env")).unwrap();
    let said = config();
    assert!(said.success, "{}", said.all);
    for service in ["database:", "proxy:", "solmu-1:", "solmu-2:"] {
        assert!(said.out.lines().any(|line| line.trim() == service), "{service} is missing\n{}", said.out);
    }
    assert!(said.out.contains("pirkanmaa.example"), "{}", said.out);
}

#[test]
fn images_have_a_version_and_secrets_are_files() {
    let file = text("deploy/compose/compose.yaml");
    for line in lines(&file) {
        if let Some(image) = line.strip_prefix("image: ") {
            let version = image.rsplit_once(':').map(|(_, version)| version);
            let ours = image.starts_with("localhost/solmu:");
            assert!(
                ours || version.is_some_and(|version| version.starts_with(|c: char| c.is_ascii_digit())),
                "{image}"
            );
        }
        let Some((key, value)) = line.split_once(": ") else { continue };
        let secret = ["PASSWORD", "SECRET", "TOKEN", "DATABASE__URL"].iter().any(|word| key.contains(word));
        assert!(!secret || (key.ends_with("_FILE") && value.starts_with("/run/secrets/")), "{line}");
    }
}

/// The proxy knows every Solmu of the file, and no other.
#[test]
fn the_proxy_leads_to_both_nodes() {
    let proxy = text("deploy/compose/Caddyfile");
    let upstreams = lines(&proxy).find_map(|line| line.strip_prefix("reverse_proxy ")).unwrap();
    let upstreams: Vec<&str> = upstreams.trim_end_matches('{').split_whitespace().collect();
    let file = text("deploy/compose/compose.yaml");
    let services = lines(&file).filter_map(|line| line.strip_suffix(':')).filter(|name| name.starts_with("solmu-"));
    let services: Vec<String> = services.map(|name| format!("{name}:8080")).collect();
    assert_eq!(upstreams, services);
}
