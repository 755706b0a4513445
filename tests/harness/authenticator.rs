//! A device with a passkey, in software: it makes a key and signs as WebAuthn asks for, and may be told to lie.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// The bits of what a device says of itself (WebAuthn §6.1): somebody is there, and is the one whose device it is.
const PRESENT: u8 = 0b0000_0001;
const VERIFIED: u8 = 0b0000_0100;
const HOLDS_KEY: u8 = 0b0100_0000;

/// See the module.
pub struct Device {
    pair: EcdsaKeyPair,
    id: [u8; 16],
    user: Vec<u8>,
    host: String,
    origin: String,
    /// How often it says that it was used.
    pub counter: u32,
    /// It has checked whose finger it is.
    pub verifies: bool,
}

impl Device {
    /// A device before a page of this origin, with no key that anybody knows of.
    pub fn at(origin: &str) -> Device {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).expect("a key");
        let mut id = [0; 16];
        id.copy_from_slice(&pair.public_key().as_ref()[1..17]);
        let host = origin.split("://").nth(1).and_then(|rest| rest.split(':').next()).expect("a host").to_owned();
        Device { pair, id, user: Vec::new(), host, origin: origin.to_owned(), counter: 1, verifies: true }
    }

    /// Says from now on that the page is another's.
    pub fn before(&mut self, origin: &str) {
        origin.clone_into(&mut self.origin);
    }

    /// Makes the key that the options ask for.
    pub fn make(&mut self, options: &Value) -> String {
        self.user = decoded(&options["user"]["id"]);
        let client = self.client("webauthn.create", options);
        let mut said = self.said(HOLDS_KEY);
        said.extend([0; 16]);
        said.extend([0, 16]);
        said.extend(self.id);
        let point = self.pair.public_key().as_ref();
        // A COSE key: {1: EC2, 3: ES256, -1: P-256, -2: x, -3: y}.
        said.extend([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]);
        said.extend(&point[1..33]);
        said.extend([0x22, 0x58, 0x20]);
        said.extend(&point[33..65]);
        // {"fmt": "none", "attStmt": {}, "authData": …}
        let mut object = vec![0xa3, 0x63];
        object.extend(b"fmt\x64none\x67attStmt\xa0\x68authData\x58");
        object.push(u8::try_from(said.len()).expect("a short text"));
        object.extend(said);
        let response = json!({"attestationObject": encoded(&object), "clientDataJSON": encoded(client.as_bytes())});
        self.answer(&response)
    }

    /// Signs what the options ask for, and counts.
    pub fn sign(&mut self, options: &Value) -> String {
        self.counter += 1;
        self.sign_again(options)
    }

    /// The same without counting, as a copy of the device would.
    pub fn sign_again(&self, options: &Value) -> String {
        let client = self.client("webauthn.get", options);
        let said = self.said(0);
        let signed = [&said[..], &Sha256::digest(client.as_bytes())[..]].concat();
        let signature = self.pair.sign(&SystemRandom::new(), &signed).expect("a signature");
        let response = json!({
            "authenticatorData": encoded(&said),
            "clientDataJSON": encoded(client.as_bytes()),
            "signature": encoded(signature.as_ref()),
            "userHandle": encoded(&self.user),
        });
        self.answer(&response)
    }

    fn client(&self, what: &str, options: &Value) -> String {
        json!({"type": what, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": false})
            .to_string()
    }

    fn said(&self, flags: u8) -> Vec<u8> {
        let mut said = Sha256::digest(self.host.as_bytes()).to_vec();
        said.push(flags | PRESENT | if self.verifies { VERIFIED } else { 0 });
        said.extend(self.counter.to_be_bytes());
        said
    }

    fn answer(&self, response: &Value) -> String {
        let id = encoded(&self.id);
        json!({"id": id, "rawId": id, "type": "public-key", "response": response, "extensions": {}}).to_string()
    }
}

fn encoded(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn decoded(text: &Value) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text.as_str().expect("base64url")).expect("base64url")
}
