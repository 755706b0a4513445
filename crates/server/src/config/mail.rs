//! The section `mail`: the server that letters leave by, or the folder in which a test network keeps them.

use super::{Reader, Token};
use lettre::message::Mailbox;
use std::path::{Path, PathBuf};
use store::DatabaseUrl;
use url::Url;

/// How the node's mail leaves.
#[derive(Debug, Clone)]
pub enum Mail {
    /// By a mail server.
    Relay(Box<Relay>),
    /// Not at all: it is kept in this folder, one file a letter. On private addresses alone.
    Folder(PathBuf),
    /// Not at all.
    Missing,
}

/// A mail server.
#[derive(Debug, Clone)]
pub struct Relay {
    /// Its name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How what is said to it is protected.
    pub tls: Tls,
    /// Who we are for it.
    pub user: Option<(String, Token)>,
    /// The sender of the letters.
    pub from: Mailbox,
}

/// How a connection to a mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tls {
    /// From its first byte (RFC 8314).
    Whole,
    /// From STARTTLS on, and not at all without it (RFC 3207).
    Started,
    /// Not: it does not leave this machine.
    None,
}

impl Reader {
    pub(super) fn mail(&mut self, folder: &Path, database: Option<&DatabaseUrl>, private: bool) -> Option<Mail> {
        let password = self.secret("mail", "password")?;
        let (smtp, from) = (self.text("mail", "smtp"), self.text("mail", "from"));
        let Some(smtp) = smtp else {
            if !private {
                return Some(Mail::Missing);
            }
            let beside = match database {
                Some(DatabaseUrl::Sqlite(file)) => file.parent().unwrap_or(folder),
                _ => folder,
            };
            return Some(Mail::Folder(beside.join("mail")));
        };
        let relay = read(&smtp, password).map_err(|reason| self.problem(format!("`mail.smtp`: {reason}")));
        let from = match from.as_deref().map(str::parse) {
            Some(Ok(from)) => Some(from),
            Some(Err(_)) => {
                self.problem("`mail.from` must be an address, such as \"Solmu Pirkanmaa <solmu@pirkanmaa.example>\"");
                None
            }
            None => {
                self.problem("`mail.from` is missing: the sender of the letters that leave by `mail.smtp`");
                None
            }
        };
        let (host, port, tls, user) = relay.ok()?;
        Some(Mail::Relay(Box::new(Relay { host, port, tls, user, from: from? })))
    }
}

type Server = (String, u16, Tls, Option<(String, Token)>);

/// Reads the address of a mail server. What leaves this machine is protected, or does not leave.
fn read(smtp: &str, password: Option<Token>) -> Result<Server, &'static str> {
    const FORM: &str = "it must be smtps://USER@HOST, smtp://USER@HOST:587, or smtp://localhost";
    let url = Url::parse(smtp).map_err(|_| FORM)?;
    let host = url.host_str().filter(|host| !host.is_empty()).ok_or(FORM)?.to_owned();
    if url.password().is_some() {
        return Err("the password stands in `mail.password` or `mail.password_file`, not in the address");
    }
    if url.query().is_some() || !matches!(url.path(), "" | "/") {
        return Err(FORM);
    }
    let here = matches!(host.as_str(), "localhost" | "127.0.0.1" | "[::1]");
    let (tls, port) = match url.scheme() {
        "smtps" => (Tls::Whole, 465),
        "smtp" if here => (Tls::None, 25),
        "smtp" => (Tls::Started, 587),
        _ => return Err(FORM),
    };
    let user = url::form_urlencoded::parse(format!("u={}", url.username().replace('+', "%2B")).as_bytes())
        .next()
        .map(|(_, user)| user.into_owned())
        .filter(|user| !user.is_empty());
    let user = match (user, password) {
        (Some(user), Some(password)) => Some((user, password)),
        (None, None) => None,
        (Some(_), None) => return Err("it names a user; `mail.password` or `mail.password_file` is missing"),
        (None, Some(_)) => return Err("there is a password and no user: smtps://USER@HOST"),
    };
    Ok((host.trim_matches(['[', ']']).to_owned(), url.port().unwrap_or(port), tls, user))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mail_servers() {
        let token = || Some(Token("p".to_owned()));
        for (smtp, password, expected) in [
            ("smtps://solmu@mail.example", token(), Ok(("mail.example", 465, Tls::Whole, Some("solmu")))),
            ("smtp://solmu@mail.example", token(), Ok(("mail.example", 587, Tls::Started, Some("solmu")))),
            (
                "smtp://a%40b.example@mail.example:2525",
                token(),
                Ok(("mail.example", 2525, Tls::Started, Some("a@b.example"))),
            ),
            ("smtp://mail.example", None, Ok(("mail.example", 587, Tls::Started, None))),
            ("smtp://localhost", None, Ok(("localhost", 25, Tls::None, None))),
            ("smtp://127.0.0.1:1025", None, Ok(("127.0.0.1", 1025, Tls::None, None))),
            ("smtps://localhost", None, Ok(("localhost", 465, Tls::Whole, None))),
            ("smtps://solmu@mail.example", None, Err("`mail.password`")),
            ("smtps://mail.example", token(), Err("no user")),
            ("smtps://solmu:p@mail.example", None, Err("not in the address")),
            ("mail.example", None, Err("it must be")),
            ("http://mail.example", None, Err("it must be")),
            ("smtps://mail.example/?tls=none", None, Err("it must be")),
            ("smtps://", None, Err("it must be")),
        ] {
            let found = read(smtp, password);
            match (&found, expected) {
                (Ok((host, port, tls, user)), Ok(expected)) => {
                    let user = user.as_ref().map(|(user, _)| user.as_str());
                    assert_eq!((host.as_str(), *port, *tls, user), expected, "{smtp}");
                }
                (Err(reason), Err(expected)) => assert!(reason.contains(expected), "{smtp}: {reason}"),
                _ => panic!("{smtp}: {found:?}"),
            }
        }
    }
}
