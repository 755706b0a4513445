//! The `Digest` header (RFC 3230): SHA-256 over the bytes as they came, never over JSON that was written anew.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// `SHA-256=…` of a body.
pub fn of(body: &[u8]) -> String {
    format!("SHA-256={}", STANDARD.encode(digest(&SHA256, body)))
}

/// Whether a header holds a right SHA-256 of the body. Others may stand beside it; a second, wrong SHA-256 may not.
pub fn matches(header: &str, body: &[u8]) -> bool {
    let mut found = false;
    for part in header.split(',') {
        let Some((algorithm, value)) = part.trim().split_once('=') else { return false };
        if !algorithm.eq_ignore_ascii_case("sha-256") {
            continue;
        }
        if STANDARD.decode(value).ok().as_deref() != Some(digest(&SHA256, body).as_ref()) {
            return false;
        }
        found = true;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn which_digests_match() {
        let body = b"{}";
        let right = of(body).trim_start_matches("SHA-256=").to_owned();
        for (header, matched) in [
            (format!("SHA-256={right}"), true),
            (format!("sha-256={right}"), true),
            (format!("SHA-512=abc,SHA-256={right}"), true),
            (format!("SHA-256={right}, unixsum=1"), true),
            ("SHA-256=AAAA".to_owned(), false),
            (format!("SHA-256={right},SHA-256=AAAA"), false),
            (format!("SHA-512={right}"), false),
            (format!("MD5={right}"), false),
            (String::new(), false),
        ] {
            assert_eq!(matches(&header, body), matched, "{header}");
        }
    }
}
