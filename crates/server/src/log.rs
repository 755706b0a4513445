//! The log, on stderr: spans and events, never bodies, tokens, e-mail addresses or addresses of clients.

use crate::config::LogFormat;
use anyhow::Context;
use tracing_subscriber::EnvFilter;

/// Starts logging. A second call in one process changes nothing.
///
/// # Errors
/// When the filter cannot be read.
pub fn start(level: &str, format: LogFormat) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(level).context("the log level")?;
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let log = log.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()));
    let started = match format {
        LogFormat::Text => log.with_target(false).try_init(),
        LogFormat::Json => log.json().flatten_event(true).try_init(),
    };
    if started.is_err() {
        tracing::debug!("logging was started before");
    }
    Ok(())
}
