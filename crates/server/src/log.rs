//! The log, on stderr: spans and events, never bodies, tokens, e-mail addresses or addresses of clients.
//!
//! What others say stands in it here and there (an address that was asked for, why a server did not answer). Invariant: one
//! event is one line, without control characters, of [`LONGEST`] bytes at most, whatever they say.

use crate::config::LogFormat;
use anyhow::Context;
use serde_json::Value;
use std::io::{self, Write};
use tracing_subscriber::EnvFilter;

/// The longest line, in bytes.
const LONGEST: usize = 2_048;
/// In JSON, the longest text of a line that is too long, in characters.
const LONGEST_TEXT: usize = 200;

/// Starts logging. A second call in one process changes nothing.
///
/// # Errors
/// When the filter cannot be read.
pub fn start(level: &str, format: LogFormat) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(level).context("the log level")?;
    let colours = io::IsTerminal::is_terminal(&io::stderr());
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(colours);
    let started = match format {
        LogFormat::Text => log.with_target(false).with_writer(move || Line(bounded_text(colours))).try_init(),
        LogFormat::Json => log.json().flatten_event(true).with_writer(|| Line(bounded_json)).try_init(),
    };
    if started.is_err() {
        tracing::debug!("logging was started before");
    }
    Ok(())
}

/// Writes each event, which comes whole, as the line that a function makes of it.
struct Line<F: Fn(&str) -> String>(F);

impl<F: Fn(&str) -> String> Write for Line<F> {
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(event);
        let mut line = (self.0)(text.strip_suffix('\n').unwrap_or(&text));
        line.push('\n');
        io::stderr().write_all(line.as_bytes())?;
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

/// On a terminal the escapes are our own colours; the formatter has taken out those of others.
fn bounded_text(colours: bool) -> impl Fn(&str) -> String {
    move |event| {
        let mut line = String::with_capacity(event.len().min(LONGEST));
        for c in event.chars() {
            if c.is_control() && !(colours && c == '\u{1b}') {
                line.extend(c.escape_default());
            } else {
                line.push(c);
            }
            if line.len() > LONGEST - '…'.len_utf8() {
                line.truncate(line.floor_char_boundary(LONGEST - '…'.len_utf8()));
                line.push('…');
                break;
            }
        }
        line
    }
}

fn bounded_json(event: &str) -> String {
    if event.len() <= LONGEST {
        return event.to_owned(); // whose texts are escaped
    }
    let cut = serde_json::from_str(event).map(|mut event: Value| {
        cut_texts(&mut event);
        event.to_string()
    });
    cut.ok()
        .filter(|line| line.len() <= LONGEST)
        .unwrap_or_else(|| r#"{"message":"an event that was too long"}"#.to_owned())
}

fn cut_texts(value: &mut Value) {
    match value {
        Value::String(text) => {
            if let Some((end, _)) = text.char_indices().nth(LONGEST_TEXT) {
                text.truncate(end);
                text.push('…');
            }
        }
        Value::Array(list) => list.iter_mut().for_each(cut_texts),
        Value::Object(fields) => fields.values_mut().for_each(cut_texts),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f46_one_event_is_one_short_line() {
        let plain = bounded_text(false);
        assert_eq!(plain("INFO a\r\nERROR forged\u{1b}[31m\u{0}ä"), r"INFO a\r\nERROR forged\u{1b}[31m\u{0}ä");
        for text in ["x".repeat(1 << 20), "ä".repeat(1 << 20), "\n".repeat(1 << 20)] {
            let line = plain(&text);
            assert!(line.len() <= LONGEST && line.ends_with('…') && !line.contains('\n'), "{} bytes", line.len());
        }
        assert_eq!(bounded_text(true)("\u{1b}[32mINFO"), "\u{1b}[32mINFO");
        let long =
            serde_json::json!({"message": "m", "span": {"path": "x".repeat(5000)}, "spans": [{"a": "ä".repeat(900)}]});
        let line = bounded_json(&long.to_string());
        assert!(line.len() <= LONGEST);
        let read: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(read["message"], "m");
        let many = serde_json::json!({"list": vec!["x".repeat(100); 100]});
        assert!(serde_json::from_str::<Value>(&bounded_json(&many.to_string())).is_ok());
        assert_eq!(bounded_json(r#"{"a":"b"}"#), r#"{"a":"b"}"#);
    }
}
