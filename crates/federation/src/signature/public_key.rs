//! The public keys that signatures are checked with: RSA of 2048 to 4096 bits with an odd exponent from 3 to 2^33, in PEM
//! as SPKI (`BEGIN PUBLIC KEY`) or PKCS#1 (`BEGIN RSA PUBLIC KEY`).
//!
//! Shorter keys can be factored, longer ones and large exponents cost the verifier (NIST SP 800-56B §6.2 and the limits of
//! every TLS library). What does not fit verifies nothing; it is never an error of ours.

use aws_lc_rs::signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rsa::pkcs1::DecodeRsaPublicKey;
use rsa::pkcs8::DecodePublicKey;
use rsa::traits::PublicKeyParts;
use rsa::{BigUint, RsaPublicKey};

/// Bits of the modulus, at least.
const LEAST: usize = 2048;
/// Bits of the modulus with which a signature is checked at all; what a node takes of others is [`crate::Limits::key_bits`].
const MOST: u64 = 4096;
/// A PEM block of a key of 4096 bits has less than 900 characters.
const MAX_PEM: usize = 4 * 1024;

/// Whether a key is one that signatures are checked with, by a node that takes so many bits at most.
pub fn is_usable(pem: &str, most: u64) -> bool {
    der_of(pem).is_some_and(|der| fits(&der, most))
}

/// RSASSA-PKCS1-v1_5 with SHA-256.
pub fn verify(pem: &str, message: &[u8], signature: &[u8]) -> bool {
    Verifier::from_pem(pem, MOST).verify(message, signature)
}

/// A public key, parsed once for many signatures. One that is not usable verifies nothing.
pub struct Verifier(Option<ParsedPublicKey>);

impl Verifier {
    /// Reads PEM, of a key of so many bits at most.
    pub fn from_pem(pem: &str, most: u64) -> Verifier {
        let der = der_of(pem).filter(|der| fits(der, most));
        Verifier(der.and_then(|der| ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, der).ok()))
    }

    /// Whether the key made the signature.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        self.0.as_ref().is_some_and(|key| key.verify_sig(message, signature).is_ok())
    }
}

/// The bytes inside a PEM block, whatever its line ends and lengths.
fn der_of(pem: &str) -> Option<Vec<u8>> {
    if pem.len() > MAX_PEM {
        return None;
    }
    let body: String = pem.lines().map(str::trim).filter(|line| !line.starts_with("-----")).collect();
    STANDARD.decode(body).ok().filter(|der| !der.is_empty())
}

fn fits(der: &[u8], most: u64) -> bool {
    let bits = LEAST..=usize::try_from(most).unwrap_or(LEAST);
    let key = RsaPublicKey::from_public_key_der(der).ok().or_else(|| RsaPublicKey::from_pkcs1_der(der).ok());
    key.is_some_and(|key| bits.contains(&key.n().bits()) && *key.e() >= BigUint::from(3_u8))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Limits;
    use rsa::pkcs1::{EncodeRsaPublicKey, der::Encode};
    use rsa::pkcs8::{EncodePublicKey, LineEnding};

    /// A modulus of as many bits; no key belongs to it, which is all the same for its size.
    fn modulus(bits: usize) -> BigUint {
        (BigUint::from(1_u8) << (bits - 1)) + BigUint::from(1_u8)
    }

    /// A key in PKCS#1, whatever its numbers.
    fn pkcs1(bits: usize, exponent: u64) -> String {
        let (n, e) = (modulus(bits).to_bytes_be(), BigUint::from(exponent).to_bytes_be());
        let key = rsa::pkcs1::RsaPublicKey {
            modulus: rsa::pkcs1::UintRef::new(&n).unwrap(),
            public_exponent: rsa::pkcs1::UintRef::new(&e).unwrap(),
        };
        let der = STANDARD.encode(key.to_der().unwrap());
        format!("-----BEGIN RSA PUBLIC KEY-----\n{der}\n-----END RSA PUBLIC KEY-----\n")
    }

    #[test]
    fn s29_which_keys_are_used() {
        let most = Limits::default().key_bits;
        for (bits, exponent, used) in [
            (512, 65_537, false),
            (1024, 65_537, false),
            (2047, 65_537, false),
            (2048, 65_537, true),
            (2048, 3, true),
            (3072, 65_537, true),
            (4096, 65_537, true),
            (4097, 65_537, false),
            (8192, 65_537, false),
            (16_384, 65_537, false),
            (2048, 0, false),
            (2048, 1, false),
            (2048, 2, false),
            (2048, 65_536, false),
            (2048, (1 << 33) - 1, true),
            (2048, (1 << 33) + 1, false),
            (2048, u64::MAX, false),
        ] {
            assert_eq!(is_usable(&pkcs1(bits, exponent), most), used, "{bits} bits, exponent {exponent}");
        }
        for no_key in
            ["", "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n", "AAAA", "\u{0}", &"A".repeat(9_000)]
        {
            assert!(!is_usable(no_key, most) && !verify(no_key, b"m", &[0; 256]), "{no_key:?}");
        }
        // The operator moves the upper bound, never the lower one.
        assert!(
            is_usable(&pkcs1(3072, 3), 3072) && !is_usable(&pkcs1(4096, 3), 3072) && !is_usable(&pkcs1(1024, 3), 1)
        );
    }

    #[test]
    fn a_signature_is_checked_with_either_form_of_a_key() {
        let pair = crate::key::KeyPair::generate().unwrap();
        let signature = pair.signer("k").unwrap().sign(b"message").unwrap();
        let key = RsaPublicKey::from_public_key_pem(&pair.public_pem).unwrap();
        for pem in [
            pair.public_pem.clone(),
            pair.public_pem.replace('\n', "\r\n"),
            key.to_public_key_pem(LineEnding::LF).unwrap(),
            key.to_pkcs1_pem(LineEnding::LF).unwrap(),
        ] {
            assert!(verify(&pem, b"message", &signature), "{pem}");
            assert!(!verify(&pem, b"another", &signature), "{pem}");
            assert!(!verify(&pem, b"message", &signature[1..]), "{pem}");
            assert!(!verify(&pem, b"message", &[]), "{pem}");
        }
    }
}
