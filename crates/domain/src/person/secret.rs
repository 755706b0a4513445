//! What only one person may know: the token of a link, of a session, of a form.
//!
//! Invariant: a secret is 256 random bits; it is told to its owner and kept as its SHA-256 alone, so that who reads the
//! database cannot use it. Since it cannot be guessed, a plain hash is enough.

use rand::RngCore;
use rand::rngs::OsRng;
use sha2::{Digest, Sha256};
use std::fmt;

/// Its length in hexadecimal.
const DIGITS: usize = 64;

/// A secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// A new one, from the system's source of randomness.
    pub fn fresh() -> Secret {
        let mut bytes = [0_u8; DIGITS / 2];
        OsRng.fill_bytes(&mut bytes);
        Secret(hex(&bytes))
    }

    /// Reads one that somebody shows.
    pub fn parse(text: &str) -> Option<Secret> {
        let digits = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        (text.len() == DIGITS && digits).then(|| Secret(text.to_owned()))
    }

    /// The secret itself, for its owner.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is kept of it.
    pub(crate) fn hash(&self) -> String {
        hex(&Sha256::digest(self.0.as_bytes()))
    }

    /// Another secret that only who knows this one can tell, for one purpose.
    pub fn derived(&self, purpose: &str) -> Secret {
        let mut hash = Sha256::new();
        hash.update(purpose.as_bytes());
        hash.update([0]);
        hash.update(self.0.as_bytes());
        Secret(hex(&hash.finalize()))
    }

    /// Whether somebody shows this very secret; takes as long whatever is shown.
    pub fn is_shown_by(&self, text: &str) -> bool {
        let differ = |sum: u8, (one, other): (u8, u8)| sum | (one ^ other);
        text.len() == self.0.len() && self.0.bytes().zip(text.bytes()).fold(0, differ) == 0
    }
}

/// Never shown.
impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    use fmt::Write;
    bytes.iter().fold(String::with_capacity(DIGITS), |mut text, byte| {
        // Writing into a `String` does not fail.
        let _ok = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_long_differ_and_are_not_shown() {
        let (one, other) = (Secret::fresh(), Secret::fresh());
        assert_ne!(one, other);
        assert_eq!(one.reveal().len(), DIGITS);
        assert_ne!(one.hash(), one.reveal());
        assert_eq!(Secret::parse(one.reveal()), Some(one.clone()));
        assert_eq!(format!("{one:?}"), "Secret(…)");
        for text in ["", "abc", &"g".repeat(DIGITS), &"A".repeat(DIGITS), &"0".repeat(DIGITS + 1)] {
            assert_eq!(Secret::parse(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_derived_tells_nothing_and_depends_on_everything() {
        let (one, other) = (Secret::fresh(), Secret::fresh());
        let form = one.derived("form");
        assert_eq!(form, one.derived("form"));
        assert!(form.is_shown_by(one.derived("form").reveal()));
        for wrong in [&one, &other.derived("form"), &one.derived("other")] {
            assert!(!form.is_shown_by(wrong.reveal()));
        }
        assert!(!form.is_shown_by("") && !form.is_shown_by(&form.reveal()[1..]));
        assert_ne!(form.reveal(), one.hash(), "what stands in a form is not what stands in the database");
    }

    #[test]
    fn the_hash_is_sha_256() {
        let zeros = Secret::parse(&"0".repeat(DIGITS)).unwrap();
        assert_eq!(zeros.hash(), "60e05bd1b195af2f94112fa7197a5c88289058840ce7c6df9693756bc6250f55");
    }
}
