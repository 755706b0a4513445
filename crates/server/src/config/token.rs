//! Secrets of the configuration: given as a text, or as a file that holds it. First the token with which a program
//! elsewhere may read the metrics.

use super::Reader;
use std::fmt;

/// A shorter token could be guessed.
const SHORTEST: usize = 16;

/// The token. It is never shown or logged.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(pub(super) String);

impl Token {
    /// The token itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

impl Reader {
    pub(super) fn metrics_token(&mut self) -> Option<Option<Token>> {
        let token = self.secret("server", "metrics_token")?;
        if token.as_ref().is_some_and(|token| token.as_str().len() < SHORTEST) {
            self.problem(format!("`server.metrics_token` must have {SHORTEST} characters at least"));
            return None;
        }
        Some(token)
    }

    /// The text of a key, or what is in the file that the key with `_file` names.
    pub(super) fn secret(&mut self, section: &str, name: &str) -> Option<Option<Token>> {
        let (text, file) = (self.text(section, name), self.text(section, &format!("{name}_file")));
        let text = match (text, file) {
            (Some(_), Some(_)) => {
                self.problem(format!("`{section}.{name}` and `{section}.{name}_file` are both set; keep one"));
                return None;
            }
            (Some(text), None) => text,
            (None, Some(file)) => match std::fs::read_to_string(&file) {
                Ok(text) => text.trim().to_owned(),
                Err(error) => {
                    self.problem(format!("`{section}.{name}_file`: {file} cannot be read: {error}"));
                    return None;
                }
            },
            (None, None) => return Some(None),
        };
        Some(Some(Token(text)))
    }
}
