//! Sends the letters that wait: claims them by lease, makes what they say, hands them to the mail server (or, on a test
//! network, to a folder), and tries again later what did not leave.
//!
//! Invariant: no address and nothing of a letter gets into the log, not even in the words of a mail server. Left out: what
//! becomes of a letter behind the mail server.

use crate::app::App;
use crate::config::{self, Mail, Relay};
use anyhow::Context;
use domain::person::Secret;
use domain::person::letter::{self, Prepared, Waiting};
use federation::State;
use lettre::message::{Mailbox, header::ContentType};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use store::{Conn, Timestamp};
use tokio_util::sync::CancellationToken;

/// Letters claimed at once. They are sent one after the other, within their lease.
const TOGETHER: i64 = 4;
/// How often it is looked without being woken, while a letter waits.
const LOOK: Duration = Duration::from_secs(5);
/// The same while none does, should every ring be lost.
const QUIET: Duration = Duration::from_secs(30);
/// How long a mail server may take for one step.
const PATIENCE: Duration = Duration::from_secs(20);

/// By what letters leave.
enum Way {
    Relay(Box<AsyncSmtpTransport<Tokio1Executor>>, Mailbox),
    Folder(PathBuf, Mailbox),
}

/// Why a letter did not leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stuck {
    /// In words of our own.
    why: &'static str,
    /// The mail server's number, when it gave one.
    code: Option<u16>,
    /// It is of no use to try again.
    lasting: bool,
}

/// See the module.
#[derive(Clone)]
pub struct Office {
    app: App,
    way: Arc<Way>,
}

impl Office {
    /// The office of a node; none, and a warning, when it has no way to send mail.
    ///
    /// # Errors
    /// When the mail server's name is none, or this machine has no certificates to know it by.
    pub fn of(app: &App) -> anyhow::Result<Option<Office>> {
        let way = match &app.config.mail {
            Mail::Relay(relay) => Way::Relay(Box::new(transport(relay, &app.config.domain)?), relay.from.clone()),
            Mail::Folder(folder) => Way::Folder(folder.clone(), "Solmu <solmu@localhost>".parse()?),
            Mail::Missing => {
                tracing::warn!(
                    "no mail server is configured (`mail.smtp`): nobody gets a link to sign in by; \
                     `solmu sign-in ADDRESS` prints one"
                );
                return Ok(None);
            }
        };
        Ok(Some(Office { app: app.clone(), way: Arc::new(way) }))
    }

    /// Runs until `stop`; a letter in hand is finished.
    pub async fn run(self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            let woken = self.app.state.bell.heard();
            let pause = self.round().await.unwrap_or_else(|error| {
                tracing::error!(%error, "letters cannot be looked for; trying again");
                LOOK
            });
            tokio::select! {
                () = woken => {}
                () = tokio::time::sleep(pause) => {}
                () = stop.cancelled() => {}
            }
        }
    }

    /// Sends what is due; how long there is time for the next look.
    async fn round(&self) -> Result<Duration, domain::Error> {
        let (state, now) = (&self.app.state, self.app.state.now());
        let look = move |conn: &mut Conn| Ok((letter::is_any(conn)?, letter::is_any_due(conn, now)?));
        match read(state, look).await? {
            (false, _) => return Ok(QUIET),
            (true, false) => return Ok(LOOK),
            (true, true) => {}
        }
        let claimed = write(state, move |conn| letter::claim(conn, TOGETHER, now)).await?;
        for waiting in &claimed {
            self.send(waiting).await?;
        }
        Ok(if claimed.is_empty() { LOOK } else { Duration::ZERO })
    }

    async fn send(&self, waiting: &Waiting) -> Result<(), domain::Error> {
        let (state, now, link) = (&self.app.state, self.app.state.now(), Secret::fresh());
        let (row, new) = (waiting.clone(), link.clone());
        let Some(letter) = write(state, move |conn| letter::prepare(conn, &row, &new, now)).await? else {
            return Ok(());
        };
        let row = waiting.clone();
        let Err(stuck) = self.hand_over(&letter, now).await else {
            return write(state, move |conn| letter::left(conn, &row, now)).await;
        };
        let again = write(state, move |conn| letter::failed(conn, &row, &link, stuck.lasting, now)).await?;
        let (id, why, code) = (waiting.id, stuck.why, stuck.code);
        match again {
            true => tracing::warn!(letter = id, why, code, "a letter did not leave; it is tried again"),
            false => tracing::error!(letter = id, why, code, "a letter did not leave, and is given up"),
        }
        Ok(())
    }

    async fn hand_over(&self, letter: &Prepared, now: Timestamp) -> Result<(), Stuck> {
        let message = |from: &Mailbox| self.message(letter, from, now);
        match &*self.way {
            Way::Relay(transport, from) => transport.send(message(from)?).await.map(|_| ()).map_err(|error| Stuck {
                why: if error.is_timeout() { "the mail server is too slow" } else { "the mail server did not take it" },
                code: error.status().map(u16::from),
                lasting: error.is_permanent(),
            }),
            Way::Folder(folder, from) => keep(folder, &message(from)?.formatted(), now).map_err(|_| Stuck {
                why: "the folder cannot be written to",
                code: None,
                lasting: false,
            }),
        }
    }

    fn message(&self, letter: &Prepared, from: &Mailbox, now: Timestamp) -> Result<Message, Stuck> {
        let unusable = |_| Stuck { why: "the address is none for a mail server", code: None, lasting: true };
        let to = letter.mail.as_str().parse().map_err(unusable)?;
        let said = web::letter(&self.app.node, letter);
        let at = Duration::from_millis(u64::try_from(now.as_millis()).unwrap_or(0));
        let id = format!("<{}@{}>", store::id::fresh(now), self.app.node.origin.host());
        let message = Message::builder()
            .from(from.clone())
            .to(Mailbox::new(None, to))
            .subject(said.subject)
            .date(std::time::UNIX_EPOCH + at)
            .message_id(Some(id))
            .header(ContentType::TEXT_PLAIN)
            .body(said.text);
        message.map_err(|_| Stuck { why: "the letter cannot be written", code: None, lasting: true })
    }
}

fn transport(relay: &Relay, domain: &str) -> anyhow::Result<AsyncSmtpTransport<Tokio1Executor>> {
    let known = || TlsParameters::new(relay.host.clone()).context("`mail.smtp`");
    let tls = match relay.tls {
        config::Tls::Whole => Tls::Wrapper(known()?),
        config::Tls::Started => Tls::Required(known()?),
        config::Tls::None => Tls::None,
    };
    let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(relay.host.clone())
        .port(relay.port)
        .tls(tls)
        .hello_name(ClientId::Domain(domain.to_owned()))
        .timeout(Some(PATIENCE));
    if let Some((user, password)) = &relay.user {
        builder = builder.credentials(Credentials::new(user.clone(), password.as_str().to_owned()));
    }
    Ok(builder.build())
}

/// Puts a letter into the folder, readable by its owner alone; the last letter is the last by name. It has its name when all of it
/// is written, so that nobody reads half a letter.
fn keep(folder: &Path, letter: &[u8], now: Timestamp) -> std::io::Result<()> {
    use std::io::Write;
    std::fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(letter)?;
    file.persist_noclobber(folder.join(format!("{}.eml", store::id::fresh(now))))?;
    Ok(())
}

async fn read<T, F>(state: &State, query: F) -> Result<T, domain::Error>
where
    T: Send + 'static,
    F: FnOnce(&mut Conn) -> diesel::QueryResult<T> + Send + 'static,
{
    state.store.read(move |conn| query(conn).map_err(domain::Error::from)).await
}

async fn write<T, F>(state: &State, change: F) -> Result<T, domain::Error>
where
    T: Send + 'static,
    F: Fn(&mut Conn) -> diesel::QueryResult<T> + Send + 'static,
{
    state.write(move |conn| change(conn).map_err(domain::Error::from)).await
}
