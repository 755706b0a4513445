//! The keys that sign for our actors: made once, kept, and parsed once per process. An actor gets another key only when somebody
//! else may have the first one ([`crate::actor::rekey`]): GoToSocial refuses a key that changes behind an id that it knows, so the
//! new one has an id of its own.
//!
//! RSA-2048, since that is what every server of the fediverse verifies. aws-lc-rs makes them, signs and verifies: it is several
//! times as fast as the `rsa` crate and works in constant time (RUSTSEC-2023-0071 concerns the private-key operations of
//! `rsa`, none of which is used here). `rsa` reads and writes their forms.

#[cfg(any(test, feature = "testing"))]
mod spare;

use crate::Error;
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rsa::{KeyPair as SigningKey, KeySize};
use aws_lc_rs::signature::KeyPair as _;
use diesel::prelude::*;
use prometheus_client::metrics::histogram::Histogram;
use rsa::pkcs8::{Document, LineEnding, SecretDocument, der};
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;
use store::id::ActorUrl;
use store::schema::{actor_keys, actors};
use store::{Conn, Timestamp, each};

/// Labels of the two halves as PEM (RFC 7468 §§10, 13).
const PRIVATE: &str = "PRIVATE KEY";
const PUBLIC: &str = "PUBLIC KEY";
/// Whom a key is of that nobody has yet, in messages.
const NEW: &str = "a new actor";

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
    /// Makes a key. Takes about a tenth of a second of CPU: call it off the async threads and outside any transaction.
    ///
    /// # Errors
    /// [`Error::Key`] when the generator fails.
    pub fn generate() -> Result<KeyPair, Error> {
        #[cfg(any(test, feature = "testing"))]
        if let Some(spare) = spare::next() {
            return spare;
        }
        KeyPair::make()
    }

    fn make() -> Result<KeyPair, Error> {
        let key = SigningKey::generate(KeySize::Rsa2048).map_err(|_| failed(NEW, "cannot be made"))?;
        KeyPair::of(&key)
    }

    /// A key that was made before, from its PKCS#8 PEM. Tests bring theirs: to make one takes longer than most of them.
    ///
    /// # Errors
    /// [`Error::Key`] when it is none.
    pub fn from_pem(pem: &str) -> Result<KeyPair, Error> {
        KeyPair::of(&read(pem, NEW)?)
    }

    fn of(key: &SigningKey) -> Result<KeyPair, Error> {
        let private: Pkcs8V1Der<'_> = key.as_der().map_err(|_| failed(NEW, "has no private form"))?;
        let public: PublicKeyX509Der<'_> = key.public_key().as_der().map_err(|_| failed(NEW, "has no public form"))?;
        let unwritten = |error: der::Error| failed(NEW, &error.to_string());
        let private = SecretDocument::try_from(private.as_ref()).map_err(unwritten)?;
        let public = Document::try_from(public.as_ref()).map_err(unwritten)?;
        Ok(KeyPair {
            private_pem: private.to_pem(PRIVATE, LineEnding::LF).map_err(unwritten)?.to_string(),
            public_pem: public.to_pem(PUBLIC, LineEnding::LF).map_err(unwritten)?,
        })
    }

    /// [`KeyPair::generate`] on a blocking thread.
    ///
    /// # Errors
    /// As there.
    pub async fn generate_off_thread() -> Result<KeyPair, Error> {
        tokio::task::spawn_blocking(KeyPair::generate).await.map_err(|error| failed(NEW, &error.to_string()))?
    }

    /// The key as a signer, without a database. For actors that live in a test or a check alone.
    ///
    /// # Errors
    /// [`Error::Key`] when it cannot be parsed.
    pub fn signer(&self, key_id: impl Into<String>) -> Result<Signer, Error> {
        Signer::from_pem(&self.private_pem, key_id.into(), Histogram::new([]))
    }
}

/// Reads a private key, of `whom` for messages.
fn read(pem: &str, whom: &str) -> Result<SigningKey, Error> {
    let (label, document) = SecretDocument::from_pem(pem).map_err(|_| failed(whom, "is not PEM"))?;
    if label != PRIVATE {
        return Err(failed(whom, "is not PKCS#8"));
    }
    SigningKey::from_pkcs8(document.as_bytes()).map_err(|_| failed(whom, "is no RSA key of 2048 bits or more"))
}

fn failed(whom: &str, reason: &str) -> Error {
    Error::Key { actor: whom.to_owned(), reason: reason.to_owned() }
}

/// A private key, parsed, with the id under which peers find its public half.
#[derive(Clone)]
pub struct Signer {
    /// As the actor's document has it: `{actor}#main-key`.
    pub key_id: String,
    key: Arc<SigningKey>,
    timed: Histogram,
}

impl Signer {
    fn from_pem(pem: &str, key_id: String, timed: Histogram) -> Result<Signer, Error> {
        let key = read(pem, &key_id)?;
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
            .map_err(|_| failed(&self.key_id, "cannot sign"))?;
        self.timed.observe(begun.elapsed().as_secs_f64());
        Ok(signature)
    }
}

/// The id of an actor's first key.
pub fn main_key_id(actor: &ActorUrl) -> String {
    format!("{actor}#main-key")
}

/// The id of the key that comes after this one: `{actor}#key-2`, `{actor}#key-3` … Nobody has it in a cache.
pub(crate) fn next_key_id(actor: &ActorUrl, current: &str) -> String {
    let number = current.rsplit_once("#key-").and_then(|(_, number)| number.parse::<u32>().ok()).unwrap_or(1);
    format!("{actor}#key-{}", number + 1)
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

/// Puts another private key in the place of an actor's; the one before is gone.
///
/// # Errors
/// Those of the database.
pub(crate) fn replace(conn: &mut Conn, actor: &ActorUrl, pair: &KeyPair, now: Timestamp) -> QueryResult<()> {
    diesel::update(actor_keys::table.find(actor))
        .set((actor_keys::private_key.eq(&pair.private_pem), actor_keys::created_at.eq(now)))
        .execute(conn)
        .map(|_| ())
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

    /// The signer of a local actor, with the key that its document shows at this moment: another process may have changed it.
    ///
    /// # Errors
    /// [`Error::Unknown`] when the actor has no key here.
    pub fn signer(&self, conn: &mut Conn, actor: &ActorUrl) -> Result<Signer, Error> {
        let unknown = || Error::Unknown(actor.to_string());
        let key_id: String =
            actors::table.find(actor).select(actors::key_id).first(conn).optional()?.ok_or_else(unknown)?;
        let known = self.signers.lock().unwrap_or_else(PoisonError::into_inner).get(actor.as_str()).cloned();
        if let Some(signer) = known.filter(|signer| signer.key_id == key_id) {
            return Ok(signer);
        }
        let kept = actor_keys::table.find(actor).select(actor_keys::private_key);
        let pem: String = kept.first(conn).optional()?.ok_or_else(unknown)?;
        let signer = Signer::from_pem(&pem, key_id, self.signing.clone())?;
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
        let same = KeyPair::from_pem(&pair.private_pem).unwrap();
        assert_eq!((same.private_pem, same.public_pem), (pair.private_pem.clone(), pair.public_pem.clone()));
        assert!(KeyPair::from_pem(&pair.public_pem).is_err() && KeyPair::from_pem("no key").is_err());
        let signer = pair.signer("https://a.example/ap/relay#main-key").unwrap();
        assert_eq!(signer.sign(b"message").unwrap().len(), 2048 / 8);
    }
}
