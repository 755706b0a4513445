//! The configuration: one typed value, read once, checked completely.
//!
//! From `solmu.toml` and the environment (`SOLMU__SECTION__KEY`, which wins). Invariant: a [`Config`] that exists is
//! usable; everything that speaks against it is told at once, in words that say what to do. Unknown keys are refused,
//! since a mistyped key would else be a silent default.

mod addresses;
mod file;
mod limits;
mod mail;
mod token;

pub use file::{example, initial};
pub use limits::{DEFAULT_PROXIES, TrustedProxies};
pub use mail::{Mail, Relay, Tls};
pub use token::Token;

use domain::Role;
use domain::region::RegionCode;
use figment::Figment;
use figment::providers::{Env, Format, Toml};
use serde_json::{Map, Value};
use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use store::DatabaseUrl;

use file::{KNOWN, full_name};

/// Where a node listens unless told otherwise: behind a proxy on the same machine.
pub const DEFAULT_LISTEN: &str = "127.0.0.1:8080";
/// The database unless told otherwise, beside the configuration file.
pub const DEFAULT_DATABASE: &str = "sqlite:solmu.db";

/// Everything a node has to be told.
#[derive(Debug, Clone)]
pub struct Config {
    /// What the node is in the network.
    pub role: Role,
    /// Its region; [`RegionCode::NATIONAL`] for the national node.
    pub region: RegionCode,
    /// Its public name, with a port only on `localhost`.
    pub domain: String,
    /// Where it listens.
    pub listen: SocketAddr,
    /// Whose `X-Forwarded-For` is believed.
    pub trusted_proxies: TrustedProxies,
    /// To whom holes in the node are reported (RFC 9116): `mailto:` or `https:`.
    pub security_contact: Option<String>,
    /// Who shows it may read the metrics from elsewhere.
    pub metrics_token: Option<Token>,
    /// Where the source of the running version is offered (AGPL-3.0 §13).
    pub source_url: Option<String>,
    /// The configuration file; `None` when the environment tells everything.
    pub file: Option<PathBuf>,
    /// Where it is, or would be.
    pub folder: PathBuf,
    /// Its database.
    pub database: DatabaseUrl,
    /// Private addresses and plain HTTP may be used: demos and tests on one machine.
    pub allow_private_addresses: bool,
    /// `User-Agent` of its requests.
    pub user_agent: String,
    /// What is logged: `error`, `warn`, `info`, `debug`, or a `tracing` filter.
    pub log_level: String,
    /// How it is logged.
    pub log_format: LogFormat,
    /// How its mail leaves.
    pub mail: Mail,
    /// What others may make this node do.
    pub limits: federation::Limits,
}

/// The form of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// Lines for people.
    Text,
    /// One JSON object a line.
    Json,
}

/// Everything that speaks against a configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problems(pub Vec<String>);

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "the configuration cannot be used:")?;
        for problem in &self.0 {
            writeln!(f, "  - {problem}")?;
        }
        write!(f, "`solmu config check` checks it again; docs/reference/configuration.md explains every key")
    }
}

impl std::error::Error for Problems {}

/// Where the configuration file is: the argument, else `SOLMU_CONFIG`, else `solmu.toml` in the working folder.
pub fn path(argument: Option<&Path>) -> PathBuf {
    argument
        .map(Path::to_owned)
        .or_else(|| std::env::var_os("SOLMU_CONFIG").map(PathBuf::from))
        .unwrap_or_else(|| PathBuf::from("solmu.toml"))
}

/// Reads and checks a configuration. The file may be absent when the environment tells everything.
///
/// # Errors
/// All problems at once.
pub fn load(file: &Path) -> Result<Config, Problems> {
    let figment = Figment::new().merge(Toml::file(file)).merge(Env::prefixed("SOLMU__").split("__"));
    let raw: Map<String, Value> = figment.extract().map_err(|error| {
        Problems(error.into_iter().map(|one| format!("{}: {}", file.display(), one.kind)).collect())
    })?;
    let mut reader = Reader { raw, problems: Vec::new() };
    if !file.exists() && reader.raw.is_empty() {
        reader.problem(format!(
            "{} does not exist; make it with `solmu init`, or name another with --config",
            file.display()
        ));
        return Err(Problems(reader.problems));
    }
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    reader.refuse_unknown_keys();
    let config = reader.config(folder, file.exists().then(|| file.to_owned()));
    match (config, reader.problems.is_empty()) {
        (Some(config), true) => Ok(config),
        _ => Err(Problems(reader.problems)),
    }
}

struct Reader {
    raw: Map<String, Value>,
    problems: Vec<String>,
}

impl Reader {
    fn problem(&mut self, text: impl Into<String>) {
        self.problems.push(text.into());
    }

    fn refuse_unknown_keys(&mut self) {
        let sections = ["server", "database", "federation", "mail", "log", "limits"];
        let known = |section: &str, name: &str| KNOWN.iter().any(|key| key.section == section && key.name == name);
        let mut unknown = Vec::new();
        for (name, value) in &self.raw {
            match value {
                Value::Object(inside) if sections.contains(&name.as_str()) => {
                    unknown.extend(inside.keys().filter(|key| !known(name, key)).map(|key| format!("{name}.{key}")));
                }
                _ if known("", name) => {}
                _ => unknown.push(name.clone()),
            }
        }
        for key in unknown {
            let near =
                KNOWN.iter().map(full_name).min_by_key(|full| strsim::levenshtein(full, &key)).unwrap_or_default();
            self.problem(format!("`{key}` is no known key; did you mean `{near}`?"));
        }
    }

    fn text(&mut self, section: &str, name: &str) -> Option<String> {
        let value = match section {
            "" => self.raw.get(name),
            _ => self.raw.get(section).and_then(|inside| inside.get(name)),
        };
        match value? {
            Value::String(text) => Some(text.trim().to_owned()),
            // `SOLMU__REGION=06` arrives as a number.
            Value::Number(number) if name == "region" => Some(format!("{:02}", number.as_u64().unwrap_or(99))),
            _ => {
                self.problem(format!("`{}` must be a text in quotes", join(section, name)));
                None
            }
        }
    }

    fn config(&mut self, folder: &Path, file: Option<PathBuf>) -> Option<Config> {
        let role = self.role();
        let region = self.region(role);
        let domain = self.domain();
        let listen = self.listen();
        let source_url = self.source_url();
        let security_contact = self.security_contact();
        let metrics_token = self.metrics_token();
        let database = self.database(folder);
        let allow_private_addresses = self.allow_private_addresses(domain.as_deref());
        let mail = self.mail(folder, database.as_ref(), allow_private_addresses == Some(true));
        let user_agent = self.text("federation", "user_agent");
        let log_level = self.log_level();
        let log_format = self.log_format();
        let (limits, trusted_proxies) = (self.limits(), self.trusted_proxies());
        let domain = domain?;
        let origin = federation::Origin::new(&domain);
        Some(Config {
            role: role?,
            region: region?,
            listen: listen?,
            trusted_proxies: trusted_proxies?,
            source_url: source_url?,
            security_contact: security_contact?,
            metrics_token: metrics_token?,
            file,
            folder: folder.to_owned(),
            database: database?,
            allow_private_addresses: allow_private_addresses?,
            user_agent: user_agent
                .unwrap_or_else(|| format!("Solmu/{} (+{})", env!("CARGO_PKG_VERSION"), origin.url("/"))),
            log_level: log_level?,
            log_format: log_format?,
            mail: mail?,
            limits: limits?,
            domain,
        })
    }

    fn role(&mut self) -> Option<Role> {
        match self.text("", "role").as_deref() {
            None | Some("region") => Some(Role::Region),
            Some("national") => Some(Role::National),
            Some(other) => {
                self.problem(format!("`role` is \"{other}\"; it must be \"region\" or \"national\""));
                None
            }
        }
    }

    fn region(&mut self, role: Option<Role>) -> Option<RegionCode> {
        let text = self.text("", "region");
        match (role, text) {
            (Some(Role::National), _) => Some(RegionCode::NATIONAL),
            (_, None) => {
                self.problem("`region` is missing: the code of the region, such as \"06\" for Pirkanmaa");
                None
            }
            (_, Some(text)) => match RegionCode::parse(&text) {
                Some(region) => Some(region),
                None => {
                    self.problem(format!(
                        "`region` is \"{text}\", which is no region: use a code from 01 to 21, or its name"
                    ));
                    None
                }
            },
        }
    }

    fn domain(&mut self) -> Option<String> {
        let Some(text) = self.text("", "domain") else {
            self.problem("`domain` is missing: the public name of this node, such as \"pirkanmaa.example\"");
            return None;
        };
        match check_domain(&text) {
            Ok(()) => Some(text.to_ascii_lowercase()),
            Err(reason) => {
                self.problem(format!("`domain` is \"{text}\": {reason}"));
                None
            }
        }
    }

    fn listen(&mut self) -> Option<SocketAddr> {
        let text = self.text("server", "listen").unwrap_or_else(|| DEFAULT_LISTEN.to_owned());
        match text.parse() {
            Ok(address) => Some(address),
            Err(_) => {
                self.problem(format!(
                    "`server.listen` is \"{text}\"; it must be ADDRESS:PORT, such as \"{DEFAULT_LISTEN}\""
                ));
                None
            }
        }
    }

    fn database(&mut self, folder: &Path) -> Option<DatabaseUrl> {
        let (url, file) = (self.text("database", "url"), self.text("database", "url_file"));
        let text = match (url, file) {
            (Some(_), Some(_)) => {
                self.problem("`database.url` and `database.url_file` are both set; keep one");
                return None;
            }
            (Some(url), None) => url,
            (None, Some(file)) => match std::fs::read_to_string(&file) {
                Ok(text) => text.trim().to_owned(),
                Err(error) => {
                    self.problem(format!("`database.url_file`: {file} cannot be read: {error}"));
                    return None;
                }
            },
            (None, None) => DEFAULT_DATABASE.to_owned(),
        };
        match text.parse() {
            Ok(DatabaseUrl::Sqlite(path)) => {
                let path = folder.join(path);
                let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
                if let Some(parent) = parent.filter(|parent| !parent.is_dir()) {
                    self.problem(format!(
                        "`database.url`: the folder {} does not exist; make it, and let the node write there",
                        parent.display()
                    ));
                    return None;
                }
                Some(DatabaseUrl::Sqlite(path))
            }
            Ok(url) => Some(url),
            Err(unknown) => {
                self.problem(format!("`database.url`: {unknown}"));
                None
            }
        }
    }

    fn allow_private_addresses(&mut self, domain: Option<&str>) -> Option<bool> {
        let allowed = match self.raw.get("federation").and_then(|inside| inside.get("allow_private_addresses")) {
            None => false,
            Some(Value::Bool(allowed)) => *allowed,
            Some(_) => {
                self.problem("`federation.allow_private_addresses` must be true or false");
                return None;
            }
        };
        if allowed && !domain.is_some_and(is_local) {
            self.problem(
                "`federation.allow_private_addresses` is only for a domain that begins with `localhost` or ends in `.test`",
            );
            return None;
        }
        Some(allowed)
    }

    fn log_level(&mut self) -> Option<String> {
        let text = self.text("log", "level").unwrap_or_else(|| "info".to_owned());
        match tracing_subscriber::EnvFilter::try_new(&text) {
            Ok(_) => Some(text),
            Err(error) => {
                self.problem(format!("`log.level` is \"{text}\": {error}"));
                None
            }
        }
    }

    fn log_format(&mut self) -> Option<LogFormat> {
        match self.text("log", "format").as_deref() {
            None | Some("text") => Some(LogFormat::Text),
            Some("json") => Some(LogFormat::Json),
            Some(other) => {
                self.problem(format!("`log.format` is \"{other}\"; it must be \"text\" or \"json\""));
                None
            }
        }
    }
}

/// Whether a domain is one of this machine or of a test network.
pub fn is_local(domain: &str) -> bool {
    let name = domain.split(':').next().unwrap_or_default();
    name == "localhost" || name.starts_with("localhost.") || name.ends_with(".test")
}

/// What a domain must look like, since it goes into ids that other servers compare byte for byte.
///
/// # Errors
/// The rule in words.
pub fn check_domain(domain: &str) -> Result<(), String> {
    let (name, port) = match domain.split_once(':') {
        Some((name, port)) => (name, Some(port)),
        None => (domain, None),
    };
    if domain.contains('/') || domain.contains('@') {
        return Err("only the name, without https:// and without a path".to_owned());
    }
    if !name.is_ascii() {
        return Err("write an international name in its xn-- form".to_owned());
    }
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    if name.len() > 253 || !name.split('.').all(label) {
        return Err("this is no host name".to_owned());
    }
    match port {
        Some(_) if !is_local(domain) => Err("a port is only for localhost; a public node is on port 443".to_owned()),
        Some(port) if port.parse::<u16>().is_err() => Err("the port is no number".to_owned()),
        None if !name.contains('.') && name != "localhost" => Err("a public name has a dot in it".to_owned()),
        _ => Ok(()),
    }
}

fn join(section: &str, name: &str) -> String {
    if section.is_empty() { name.to_owned() } else { format!("{section}.{name}") }
}

#[cfg(test)]
mod tests;
