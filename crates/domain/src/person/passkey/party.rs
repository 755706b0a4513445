//! The party that devices make keys for and sign to: this node, by its host (WebAuthn calls it the relying party).
//!
//! Everything that is known of the cryptography is `webauthn-rs`'s; what is kept between two questions is its state, as JSON.
//! Invariant: a device has to check its person itself, by a finger, a face or a PIN, when it makes a key and each time that
//! it signs. Left out: who made the device (attestation). It tells nothing that a region would decide by.

use super::super::Account;
use crate::Node;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::time::Duration;
use url::Url;
use uuid::Uuid;
use webauthn_rs::prelude::{
    DiscoverableAuthentication, Passkey as Key, PasskeyRegistration, PublicKeyCredential, RegisterPublicKeyCredential,
    Webauthn, WebauthnBuilder,
};

/// How long a device has for its answer.
pub const PATIENCE: Duration = Duration::from_secs(5 * 60);
/// Bytes of an answer at most; a real one has some hundred.
const LARGEST: usize = 32 << 10;

/// See the module.
pub struct Party(Webauthn);

/// What a device is asked, and what has to be known to read its answer.
pub(super) struct Question {
    /// For `navigator.credentials`.
    pub options: Value,
    /// Kept on the node.
    pub state: String,
}

/// A key that a device has made.
pub(super) struct Made {
    /// The id that the device knows it by, in base64url.
    pub credential: String,
    /// As it is kept.
    pub key: String,
}

/// A device's claim to be somebody's, before it is checked.
pub(super) struct Claim {
    answer: PublicKeyCredential,
    /// By which key.
    pub credential: String,
}

impl Party {
    /// This node; nothing when its host is an address in numbers, for which no device makes keys.
    pub fn of(node: &Node) -> Option<Party> {
        let origin = Url::parse(&node.origin.url("")).ok()?;
        let host = origin.domain()?.to_owned();
        let name = format!("Solmu {host}");
        let builder = WebauthnBuilder::new(&host, &origin).ok()?;
        builder.rp_name(&name).timeout(PATIENCE).build().ok().map(Party)
    }

    /// Asks for a new key of an account that has some already. The device keeps who it is for, so that nothing has to be typed
    /// when it is used.
    pub(super) fn ask_for_key(&self, account: &Account, known: &[String]) -> Option<Question> {
        let user = Uuid::parse_str(account.id.as_str()).ok()?;
        let known = known.iter().filter_map(|id| URL_SAFE_NO_PAD.decode(id).ok()).collect();
        let begun = self.0.start_passkey_registration(user, account.mail.as_str(), &account.name, Some(known));
        let (asked, state) = begun.ok()?;
        let mut question = Question::of(&asked.public_key, &state)?;
        question.options["authenticatorSelection"]["residentKey"] = json!("required");
        question.options["authenticatorSelection"]["requireResidentKey"] = json!(true);
        Some(question)
    }

    /// The key that a device has made, if the answer is one to this question.
    pub(super) fn read_key(&self, state: &str, answer: &str) -> Option<Made> {
        let state: PasskeyRegistration = serde_json::from_str(state).ok()?;
        let answer: RegisterPublicKeyCredential = read(answer)?;
        let key = self.0.finish_passkey_registration(&answer, &state).ok()?;
        Some(Made { credential: URL_SAFE_NO_PAD.encode(key.cred_id()), key: serde_json::to_string(&key).ok()? })
    }

    /// Asks whichever device is there for a signature.
    pub(super) fn ask_who(&self) -> Option<Question> {
        let (asked, state) = self.0.start_discoverable_authentication().ok()?;
        // Only the options: the browser is to ask at once, and not to wait until somebody types into a field.
        Question::of(&asked.public_key, &state)
    }

    /// The kept key after a claim by it is found to be right; nothing when it is not, or when the device says that it was used
    /// less often than is known here: then somebody has copied it.
    pub(super) fn check(&self, state: &str, claim: &Claim, owner: &str, key: &str) -> Option<String> {
        let (user, _) = self.0.identify_discoverable_authentication(&claim.answer).ok()?;
        if Uuid::parse_str(owner).ok()? != user {
            return None;
        }
        let state: DiscoverableAuthentication = serde_json::from_str(state).ok()?;
        let mut key: Key = serde_json::from_str(key).ok()?;
        let result = self.0.finish_discoverable_authentication_v2(&claim.answer, state, &key).ok()?;
        if !result.user_verified() {
            return None;
        }
        key.update_credential(&result)?;
        serde_json::to_string(&key).ok()
    }
}

impl Claim {
    /// Reads what a browser sends.
    pub(super) fn read(answer: &str) -> Option<Claim> {
        let answer: PublicKeyCredential = read(answer)?;
        let credential = URL_SAFE_NO_PAD.encode(&answer.raw_id);
        Some(Claim { answer, credential })
    }
}

impl Question {
    fn of(options: &impl Serialize, state: &impl Serialize) -> Option<Question> {
        let (options, state) = (serde_json::to_value(options).ok()?, serde_json::to_string(state).ok()?);
        Some(Question { options, state })
    }
}

fn read<T: DeserializeOwned>(answer: &str) -> Option<T> {
    if answer.len() > LARGEST {
        return None;
    }
    serde_json::from_str(answer).ok()
}
