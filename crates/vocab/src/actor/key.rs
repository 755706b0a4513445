//! The keys that actors sign with, in the forms in which their documents carry them.

use serde::Serialize;
use serde_json::Value;

use crate::one_or_many::{self, address, each, string};

/// Most keys that are read from one document.
const MAX_KEYS: usize = 10;
/// Longest PEM that is read, in bytes.
const MAX_PEM: usize = 16_384;

/// A key to check signatures with (security vocabulary v1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PublicKey {
    /// The key's id, as `keyId` of a signature names it: `…#main-key`, `…/main-key` or a bare actor id.
    pub id: String,
    /// The id of the actor whose key it is.
    pub owner: String,
    /// `BEGIN PUBLIC KEY` (SPKI); peers also send PKCS#1. Line ends are `\n`.
    pub public_key_pem: String,
}

impl PublicKey {
    /// All keys in a document: an actor's one or many, GoToSocial's stub of an actor, or a bare key with its owner.
    /// Keys that are incomplete or of another form (Multikey) are passed over.
    #[must_use]
    pub fn all_in(document: &Value) -> Vec<Self> {
        let holder = one_or_many::id_of(document).filter(|_| document.is_object());
        let held = each(document, "publicKey").filter_map(|key| Self::read(key, holder));
        let mut keys: Vec<Self> = held.take(MAX_KEYS).collect();
        if keys.is_empty() {
            keys.extend(Self::read(document, None));
        }
        keys
    }

    fn read(key: &Value, holder: Option<&str>) -> Option<Self> {
        let pem = string(key, "publicKeyPem").filter(|pem| pem.len() <= MAX_PEM && is_text(pem))?;
        let owner = address(key, "owner").or_else(|| address(key, "controller"));
        Some(Self {
            id: address(key, "id")?,
            owner: owner.or_else(|| holder.and_then(one_or_many::web_address))?,
            public_key_pem: pem.replace("\r\n", "\n").trim().to_owned() + "\n",
        })
    }
}

/// PEM is ASCII in lines (RFC 7468 §2).
fn is_text(pem: &str) -> bool {
    pem.bytes().all(|byte| matches!(byte, b'\t' | b'\r' | b'\n' | b' '..=b'~'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn keys_of_every_form() {
        let pem = "-----BEGIN PUBLIC KEY-----\r\nAAAA\r\n-----END PUBLIC KEY-----";
        let key = |id: &str| json!({"id": id, "owner": "https://a.example/u/1", "publicKeyPem": pem});
        for (document, expected) in [
            (
                json!({"id": "https://a.example/u/1", "publicKey": key("https://a.example/u/1#main-key")}),
                vec!["https://a.example/u/1#main-key"],
            ),
            (
                json!({"id": "https://a.example/u/1", "publicKey": [key("https://a.example/k1"), {"type": "Multikey"}, key("https://a.example/k2")]}),
                vec!["https://a.example/k1", "https://a.example/k2"],
            ),
            (
                json!({"id": "https://a.example/u/1", "publicKey": {"id": "https://a.example/u/1/main-key", "publicKeyPem": pem}}),
                vec!["https://a.example/u/1/main-key"],
            ),
            (key("https://a.example/u/1/main-key"), vec!["https://a.example/u/1/main-key"]),
            (json!({"id": "https://a.example/k", "publicKeyPem": pem}), vec![]),
            (json!({"publicKey": null}), vec![]),
            (
                json!({"id": "https://a.example/u/1", "publicKey": {"id": "https://a.example/k", "publicKeyPem": "A\u{0}B"}}),
                vec![],
            ),
            (
                json!({"id": "https://a.example/u/1", "publicKey": {"id": "https://a.example/k\u{0}", "publicKeyPem": pem}}),
                vec![],
            ),
            (json!("x"), vec![]),
        ] {
            let keys = PublicKey::all_in(&document);
            assert_eq!(keys.iter().map(|key| key.id.as_str()).collect::<Vec<_>>(), expected, "{document}");
            assert!(keys.iter().all(|key| key.owner == "https://a.example/u/1" && !key.public_key_pem.contains('\r')));
        }
    }
}
