//! The keys that sign for our actors: made once, kept, and parsed once per process.
//!
//! RSA-2048, since that is what every server of the fediverse verifies. The `rsa` crate makes and encodes them; the hot
//! paths sign and verify through aws-lc-rs, which is an order of magnitude faster and does so in constant time
//! (RUSTSEC-2023-0071 concerns the private-key operations of `rsa`, which are never used here).

use crate::Error;
use aws_lc_rs::rsa::KeyPair as SigningKey;
use diesel::prelude::*;
use prometheus_client::metrics::histogram::Histogram;
use rsa::RsaPrivateKey;
use rsa::pkcs8::{EncodePrivateKey, EncodePublicKey, LineEnding};
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;
use store::id::ActorUrl;
use store::schema::actor_keys;
use store::{Conn, Timestamp, each};

/// Bits of a key of ours.
const BITS: usize = 2048;

/// A fresh key: PKCS#8 for ourselves, SPKI (`BEGIN PUBLIC KEY`) for the actor's document.
#[derive(Clone)]
pub struct KeyPair {
    private_pem: String,
    /// SPKI PEM with `\n` line ends, as peers expect it.
    pub public_pem: String,
}

/// Never shows the private half.
impl fmt::Debug for KeyPair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyPair").finish_non_exhaustive()
    }
}

impl KeyPair {
    /// Makes a key. Takes a few tenths of a second of CPU: call it off the async threads and outside any transaction.
    ///
    /// # Errors
    /// [`Error::Key`] when the generator fails.
    pub fn generate() -> Result<KeyPair, Error> {
        let failed = |reason: String| Error::Key { actor: "a new actor".to_owned(), reason };
        let key = RsaPrivateKey::new(&mut rand::thread_rng(), BITS).map_err(|e| failed(e.to_string()))?;
        let private_pem = key.to_pkcs8_pem(LineEnding::LF).map_err(|e| failed(e.to_string()))?.to_string();
        let public_pem = key.to_public_key().to_public_key_pem(LineEnding::LF).map_err(|e| failed(e.to_string()))?;
        Ok(KeyPair { private_pem, public_pem })
    }

    /// [`KeyPair::generate`] on a blocking thread.
    ///
    /// # Errors
    /// As there.
    pub async fn generate_off_thread() -> Result<KeyPair, Error> {
        tokio::task::spawn_blocking(KeyPair::generate)
            .await
            .map_err(|error| Error::Key { actor: "a new actor".to_owned(), reason: error.to_string() })?
    }

    /// The key as a signer, without a database. For actors that live in a test or a check alone.
    ///
    /// # Errors
    /// [`Error::Key`] when it cannot be parsed.
    pub fn signer(&self, key_id: impl Into<String>) -> Result<Signer, Error> {
        Signer::from_pem(&self.private_pem, key_id.into(), Histogram::new([]))
    }
}

/// A private key, parsed, with the id under which peers find its public half.
#[derive(Clone)]
pub struct Signer {
    /// `{actor}#main-key`.
    pub key_id: String,
    key: Arc<SigningKey>,
    timed: Histogram,
}

impl Signer {
    fn from_pem(pem: &str, key_id: String, timed: Histogram) -> Result<Signer, Error> {
        let failed = |reason: &str| Error::Key { actor: key_id.clone(), reason: reason.to_owned() };
        let (label, der) = rsa::pkcs8::SecretDocument::from_pem(pem).map_err(|_| failed("is not PEM"))?;
        if label != "PRIVATE KEY" {
            return Err(failed("is not PKCS#8"));
        }
        let key = SigningKey::from_pkcs8(der.as_bytes()).map_err(|_| failed("is no RSA key of 2048 bits or more"))?;
        Ok(Signer { key_id, key: Arc::new(key), timed })
    }

    /// RSASSA-PKCS1-v1_5 with SHA-256 over `message`.
    ///
    /// # Errors
    /// [`Error::Key`] when the key refuses, which does not happen with a key of ours.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        let begun = Instant::now();
        let mut signature = vec![0; self.key.public_modulus_len()];
        self.key
            .sign(
                &aws_lc_rs::signature::RSA_PKCS1_SHA256,
                &aws_lc_rs::rand::SystemRandom::new(),
                message,
                &mut signature,
            )
            .map_err(|_| Error::Key { actor: self.key_id.clone(), reason: "cannot sign".to_owned() })?;
        self.timed.observe(begun.elapsed().as_secs_f64());
        Ok(signature)
    }
}

/// The id of an actor's key.
pub fn main_key_id(actor: &ActorUrl) -> String {
    format!("{actor}#main-key")
}

/// Keeps the private key of a new actor.
///
/// # Errors
/// Those of the database.
pub(crate) fn keep(conn: &mut Conn, actor: &ActorUrl, pair: &KeyPair, now: Timestamp) -> QueryResult<()> {
    let row =
        (actor_keys::actor.eq(actor), actor_keys::private_key.eq(&pair.private_pem), actor_keys::created_at.eq(now));
    each!(conn, c => diesel::insert_into(actor_keys::table).values(row).execute(c)).map(|_| ())
}

/// Parsed private keys by actor. A key is parsed once per process; the file of keys is the database.
pub struct Keyring {
    signers: Mutex<HashMap<String, Signer>>,
    signing: Histogram,
}

impl Keyring {
    /// An empty one, whose keys time what they sign.
    pub fn new(signing: Histogram) -> Keyring {
        Keyring { signers: Mutex::default(), signing }
    }

    /// The signer of a local actor.
    ///
    /// # Errors
    /// [`Error::Unknown`] when the actor has no key here.
    pub fn signer(&self, conn: &mut Conn, actor: &ActorUrl) -> Result<Signer, Error> {
        let known = self.signers.lock().unwrap_or_else(PoisonError::into_inner).get(actor.as_str()).cloned();
        if let Some(signer) = known {
            return Ok(signer);
        }
        let pem: String = actor_keys::table
            .find(actor)
            .select(actor_keys::private_key)
            .first(conn)
            .optional()?
            .ok_or_else(|| Error::Unknown(actor.to_string()))?;
        let signer = Signer::from_pem(&pem, main_key_id(actor), self.signing.clone())?;
        self.signers.lock().unwrap_or_else(PoisonError::into_inner).insert(actor.as_str().to_owned(), signer.clone());
        Ok(signer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_key_signs_and_shows_nothing_of_itself() {
        let pair = KeyPair::generate().unwrap();
        assert!(pair.public_pem.starts_with("-----BEGIN PUBLIC KEY-----\n"));
        assert!(!format!("{pair:?}").contains("PRIVATE"));
        let signer = pair.signer("https://a.example/ap/relay#main-key").unwrap();
        assert_eq!(signer.sign(b"message").unwrap().len(), BITS / 8);
    }
}
