//! The token with which a program elsewhere may read the metrics.

use super::Reader;
use std::fmt;

/// A shorter token could be guessed.
const SHORTEST: usize = 16;

/// The token. It is never shown or logged.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

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
        let (token, file) = (self.text("server", "metrics_token"), self.text("server", "metrics_token_file"));
        let token = match (token, file) {
            (Some(_), Some(_)) => {
                self.problem("`server.metrics_token` and `server.metrics_token_file` are both set; keep one");
                return None;
            }
            (Some(token), None) => token,
            (None, Some(file)) => match std::fs::read_to_string(&file) {
                Ok(text) => text.trim().to_owned(),
                Err(error) => {
                    self.problem(format!("`server.metrics_token_file`: {file} cannot be read: {error}"));
                    return None;
                }
            },
            (None, None) => return Some(None),
        };
        if token.len() < SHORTEST {
            self.problem(format!("`server.metrics_token` must have {SHORTEST} characters at least"));
            return None;
        }
        Some(Some(Token(token)))
    }
}
