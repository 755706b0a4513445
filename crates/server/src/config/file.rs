//! The configuration as a file: the known keys, the example with all of them, and the one that `solmu init` writes.

use super::{DEFAULT_DATABASE, DEFAULT_LISTEN, is_local, join};
use domain::Role;
use domain::region::RegionCode;
use federation::limits::LIMITS;
use std::sync::LazyLock;

/// A key of the configuration, as the example and the check of unknown keys know it.
#[derive(Clone, Copy)]
pub(super) struct Key {
    pub section: &'static str,
    pub name: &'static str,
    example: &'static str,
    about: &'static str,
}

/// Every key: those written here, and the limits, which the spine knows.
pub(super) static KNOWN: LazyLock<Vec<Key>> = LazyLock::new(|| {
    let limits = LIMITS.iter().map(|limit| Key {
        section: "limits",
        name: limit.name,
        example: limit.standard,
        about: limit.about,
    });
    KEYS.iter().copied().chain(limits).collect()
});

const KEYS: &[Key] = &[
    Key {
        section: "",
        name: "role",
        example: r#""region""#,
        about: "\"region\" publishes a region's own things; \"national\" follows the regions and shows what they publish.",
    },
    Key {
        section: "",
        name: "region",
        example: r#""06""#,
        about: "The region's code (01…21, Statistics Finland), or its name. Not needed by the national node.",
    },
    Key {
        section: "",
        name: "domain",
        example: r#""pirkanmaa.example""#,
        about: "The public name of this node. It is part of every id: it can never be changed.",
    },
    Key {
        section: "server",
        name: "listen",
        example: r#""127.0.0.1:8080""#,
        about: "Where the node listens, for the proxy that terminates TLS.",
    },
    Key {
        section: "server",
        name: "trusted_proxies",
        example: r#""127.0.0.1, ::1""#,
        about: "The proxies whose X-Forwarded-For is believed, for the limits of one client address; \"private\": any on a private one.",
    },
    Key {
        section: "server",
        name: "source_url",
        example: r#""https://git.example/solmu""#,
        about: "Where the source code of the running version is. The licence (AGPL-3.0, section 13) asks you to offer it.",
    },
    Key {
        section: "server",
        name: "security_contact",
        example: r#""mailto:turva@pirkanmaa.example""#,
        about: "To whom holes in the node are reported (mailto: or https:). Published in /.well-known/security.txt.",
    },
    Key {
        section: "server",
        name: "metrics_token",
        example: r#""at least 16 characters""#,
        about: "Who sends it (Authorization: Bearer ...) may read /metrics from elsewhere. Without it, only this machine may.",
    },
    Key {
        section: "server",
        name: "metrics_token_file",
        example: r#""/run/secrets/solmu-metrics""#,
        about: "A file that holds the token instead.",
    },
    Key {
        section: "database",
        name: "url",
        example: r#""sqlite:solmu.db""#,
        about: "sqlite:PATH (relative to this file), or postgres://USER:PASSWORD@HOST/NAME.",
    },
    Key {
        section: "database",
        name: "url_file",
        example: r#""/run/secrets/solmu-database""#,
        about: "A file that holds the URL instead, so that the password is not here.",
    },
    Key {
        section: "federation",
        name: "allow_private_addresses",
        example: "false",
        about: "Lets the node talk to private addresses and without TLS. Only for `localhost` and `.test`.",
    },
    Key {
        section: "federation",
        name: "user_agent",
        example: r#""Solmu/0.1 (+https://pirkanmaa.example/)""#,
        about: "How the node introduces itself to other servers.",
    },
    Key {
        section: "mail",
        name: "smtp",
        example: r#""smtps://solmu@mail.pirkanmaa.example""#,
        about: "The mail server that letters leave by: smtps://USER@HOST, smtp://USER@HOST:587 (STARTTLS), or smtp://localhost.",
    },
    Key { section: "mail", name: "password", example: r#""secret""#, about: "The user's password at that server." },
    Key {
        section: "mail",
        name: "password_file",
        example: r#""/run/secrets/solmu-mail""#,
        about: "A file that holds the password instead.",
    },
    Key {
        section: "mail",
        name: "from",
        example: r#""Solmu Pirkanmaa <solmu@pirkanmaa.example>""#,
        about: "The sender of the letters. Needed with `smtp`.",
    },
    Key {
        section: "log",
        name: "level",
        example: r#""info""#,
        about: "error, warn, info, debug, or a filter such as \"info,federation=debug\".",
    },
    Key { section: "log", name: "format", example: r#""text""#, about: "\"text\" for people, \"json\" for programs." },
];

/// The example file: every key with what it means. `deploy/config.example.toml` is this text.
pub fn example() -> String {
    let mut text = String::from(
        "# Solmu's configuration. Every key can also be given in the environment: SOLMU__SECTION__KEY, or SOLMU__KEY\n\
         # for those before the first section. This file is written by `solmu config example`.\n",
    );
    let mut section = "";
    for key in KNOWN.iter() {
        if key.section != section {
            section = key.section;
            text.push_str(&format!("\n[{section}]\n"));
        } else {
            text.push('\n');
        }
        let optional = if matches!(key.name, "role" | "region" | "domain") { "" } else { "#" };
        text.push_str(&format!("# {}\n{optional}{} = {}\n", key.about, key.name, key.example));
    }
    text
}

/// The file that `solmu init` writes.
pub fn initial(role: Role, region: RegionCode, domain: &str, database: Option<&str>) -> String {
    let role_word = match role {
        Role::Region => "region",
        Role::National => "national",
    };
    let mut text = format!("role = \"{role_word}\"\n");
    if role == Role::Region {
        text.push_str(&format!("region = \"{}\"\n", region.code()));
    }
    text.push_str(&format!("domain = \"{domain}\"\n"));
    let listen = domain.split_once(':').map_or(DEFAULT_LISTEN.to_owned(), |(_, port)| format!("127.0.0.1:{port}"));
    text.push_str(&format!("\n[server]\nlisten = \"{listen}\"\n"));
    text.push_str(&format!("\n[database]\nurl = \"{}\"\n", database.unwrap_or(DEFAULT_DATABASE)));
    if is_local(domain) {
        text.push_str("\n[federation]\nallow_private_addresses = true\n");
    }
    text
}

pub(super) fn full_name(key: &Key) -> String {
    join(key.section, key.name)
}
