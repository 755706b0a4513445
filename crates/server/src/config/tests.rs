//! The rules of the configuration, by table.

use super::file::KNOWN;
use super::*;

fn problems(text: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("solmu.toml");
    std::fs::write(&file, text).unwrap();
    match load(&file) {
        Ok(_) => Vec::new(),
        Err(Problems(problems)) => problems,
    }
}

const GOOD: &str = "region = \"06\"\ndomain = \"pirkanmaa.example\"\n";

#[test]
fn a_short_file_is_enough() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("solmu.toml");
    std::fs::write(&file, GOOD).unwrap();
    let config = load(&file).unwrap();
    assert_eq!(config.role, Role::Region);
    assert_eq!(config.region.code(), "06");
    assert_eq!(config.listen.to_string(), DEFAULT_LISTEN);
    assert_eq!(config.database, DatabaseUrl::Sqlite(folder.path().join("solmu.db")));
    assert!(!config.allow_private_addresses);
    assert!(matches!(config.mail, Mail::Missing));
    assert_eq!(config.limits, federation::Limits::default());
    assert_eq!(Some(config.trusted_proxies), TrustedProxies::parse(DEFAULT_PROXIES));
    assert!(config.user_agent.ends_with("(+https://pirkanmaa.example/)"), "{}", config.user_agent);
}

#[test]
fn each_rule_is_told_in_words() {
    for (text, expected) in [
        ("domain = \"pirkanmaa.example\"\n", "`region` is missing"),
        ("region = \"06\"\n", "`domain` is missing"),
        ("region = \"20\"\ndomain = \"a.example\"\n", "`region` is \"20\", which is no region"),
        ("region = \"06\"\ndomain = \"https://a.example/\"\n", "without https://"),
        ("region = \"06\"\ndomain = \"häme.example\"\n", "xn--"),
        ("region = \"06\"\ndomain = \"a.example:8443\"\n", "a port is only for localhost"),
        ("region = \"06\"\ndomain = \"solmu\"\n", "a public name has a dot"),
        ("region = \"06\"\ndomain = \"a..example\"\n", "no host name"),
        ("role = \"king\"\nregion = \"06\"\ndomain = \"a.example\"\n", "must be \"region\" or \"national\""),
    ] {
        let found = problems(text);
        assert!(found.iter().any(|problem| problem.contains(expected)), "{text}: {found:?}");
    }
    for (more, expected) in [
        ("[server]\nlisten = \"8080\"\n", "ADDRESS:PORT"),
        ("[server]\nlisten = 8080\n", "must be a text"),
        ("[server]\nsecurity_contact = \"turva@a.example\"\n", "must be mailto:SOMEBODY@HOST"),
        ("[server]\nsecurity_contact = \"mailto:turva\"\n", "must be mailto:SOMEBODY@HOST"),
        ("[server]\nsecurity_contact = \"http://a.example/\"\n", "must be mailto:SOMEBODY@HOST"),
        ("[server]\nsecurity_contact = \"https://a.example/x\\nExpires: x\"\n", "must be mailto:SOMEBODY@HOST"),
        ("[server]\nlistn = \"127.0.0.1:1\"\n", "did you mean `server.listen`"),
        ("regio = \"06\"\n", "did you mean `region`"),
        ("[database]\nurl = \"postgers://a:secret@h/b\"\n", "no database URL"),
        ("[database]\nurl = \"sqlite:/nowhere/at/all/solmu.db\"\n", "/nowhere/at/all does not exist"),
        ("[database]\nurl_file = \"/nowhere/secret\"\n", "cannot be read"),
        ("[federation]\nallow_private_addresses = true\n", "only for a domain that begins with `localhost`"),
        ("[federation]\nallow_private_addresses = \"yes\"\n", "must be true or false"),
        ("[limits]\nbody = \"1 MB\"\n", "`limits.body` is \"1 MB\"; it must be a whole number from"),
        ("[limits]\nbody = 7\n", "`limits.body` is 7"),
        ("[limits]\nname = 501\n", "from 50 to 500"),
        ("[limits]\ntags = -1\n", "`limits.tags` is -1"),
        ("[limits]\nbodys = 1000000\n", "did you mean `limits.body`"),
        ("[server]\ntrusted_proxies = \"proxy.example\"\n", "must be IP addresses"),
        ("[mail]\nsmtp = \"smtps://u:secret@h.example\"\nfrom = \"a@b.example\"\n", "not in the address"),
        ("[mail]\nsmtp = \"smtps://u@h.example\"\npassword_file = \"/nowhere/secret\"\n", "cannot be read"),
        ("[mail]\nsmtp = \"smtp://localhost\"\n", "`mail.from` is missing"),
        ("[mail]\nsmtp = \"smtp://localhost\"\nfrom = \"Solmu\"\n", "`mail.from` must be an address"),
        ("[log]\nformat = \"xml\"\n", "must be \"text\" or \"json\""),
        ("[log]\nlevel = \"a=b=c\"\n", "`log.level`"),
    ] {
        let found = problems(&format!("{GOOD}{more}"));
        assert!(found.iter().any(|problem| problem.contains(expected)), "{more}: {found:?}");
        assert!(!found.join(" ").contains("secret@"), "a password is shown: {found:?}");
    }
}

#[test]
fn all_problems_are_told_at_once() {
    let found = problems("role = \"king\"\nwhat = 1\n[server]\nlisten = \"x\"\n[database]\nurl = \"mysql://h/b\"\n");
    assert!(found.len() >= 5, "{found:?}");
}

#[test]
fn private_addresses_are_for_this_machine_and_test_networks() {
    for (domain, allowed) in [
        ("localhost:7001", true),
        ("localhost.example", true),
        ("a.test", true),
        ("a.example", false),
        ("test", false),
        ("notlocalhost", false),
    ] {
        assert_eq!(is_local(domain), allowed, "{domain}");
    }
}

#[test]
fn the_example_names_every_key_and_is_itself_usable() {
    let text = example();
    for key in KNOWN.iter() {
        assert!(text.contains(&format!("{} = ", key.name)), "{}", key.name);
    }
    assert_eq!(problems(&text), Vec::<String>::new());
}

#[test]
fn what_init_writes_is_usable() {
    for (role, domain) in [(Role::Region, "localhost:7001"), (Role::National, "kansallinen.example")] {
        let region = if role == Role::Region { RegionCode::parse("06").unwrap() } else { RegionCode::NATIONAL };
        assert_eq!(problems(&initial(role, region, domain, None)), Vec::<String>::new(), "{domain}");
    }
}

#[test]
fn whose_word_about_a_client_is_taken() {
    for (text, trusted, not) in [
        ("127.0.0.1, ::1", vec!["127.0.0.1", "::1", "::ffff:127.0.0.1"], vec!["127.0.0.2", "10.0.0.1"]),
        ("private", vec!["127.0.0.1", "10.0.0.1", "172.18.0.5", "fd00::5"], vec!["8.8.8.8", "2606:4700::1111"]),
        ("203.0.113.7", vec!["203.0.113.7"], vec!["203.0.113.8", "127.0.0.1"]),
        ("", vec![], vec!["127.0.0.1"]),
    ] {
        let proxies = TrustedProxies::parse(text).unwrap();
        assert!(trusted.iter().all(|address| proxies.contain(address.parse().unwrap())), "{text}");
        assert!(!not.iter().any(|address| proxies.contain(address.parse().unwrap())), "{text}");
    }
    assert_eq!(TrustedProxies::parse("10.0.0.0/8"), None);
}

#[test]
fn where_a_test_network_keeps_its_letters() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("solmu.toml");
    std::fs::write(&file, initial(Role::Region, RegionCode::parse("06").unwrap(), "localhost:7001", None)).unwrap();
    let Mail::Folder(kept) = load(&file).unwrap().mail else { panic!("they are kept") };
    assert_eq!(kept, folder.path().join("mail"));
}

/// What a log or a message about a fault could show of a configuration has no secret in it.
#[test]
fn secrets_are_not_shown() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("solmu.toml");
    let secrets = "[server]\nmetrics_token = \"very-secret-token\"\n[mail]\nsmtp = \"smtps://u@h.example\"\nfrom = \"a@b.example\"\n\
         password = \"very-secret\"\n[database]\nurl = \"postgres://u:very-secret@h/b\"\n";
    std::fs::write(&file, format!("{GOOD}{secrets}")).unwrap();
    let config = load(&file).unwrap();
    assert_eq!(config.metrics_token.as_ref().map(Token::as_str), Some("very-secret-token"));
    assert!(!format!("{config:?}").contains("very-secret"), "{config:?}");
}
