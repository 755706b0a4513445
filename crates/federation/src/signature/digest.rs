//! The digest of a body in its two headers: `Digest` (RFC 3230), which draft-cavage signs, and `Content-Digest` (RFC 9530),
//! which RFC 9421 signs. SHA-256 over the bytes as they came, never over JSON that was written anew.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sfv::{BareItem, Dictionary, ListEntry, Parser};

/// The longest header that is read, in bytes.
const MAX_HEADER: usize = 2 * 1024;

/// `SHA-256=…` of a body.
pub fn of(body: &[u8]) -> String {
    format!("SHA-256={}", STANDARD.encode(digest(&SHA256, body)))
}

/// `sha-256=:…:` of a body, as `Content-Digest` carries it.
pub fn content_of(body: &[u8]) -> String {
    format!("sha-256=:{}:", STANDARD.encode(digest(&SHA256, body)))
}

/// Whether a `Digest` holds a right SHA-256 of the body. Others may stand beside it; a second, wrong SHA-256 may not.
pub fn matches(header: &str, body: &[u8]) -> bool {
    if header.len() > MAX_HEADER {
        return false;
    }
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

/// Whether a `Content-Digest` holds a right SHA-256 of the body. Others may stand beside it; of one that is named twice the
/// last counts, as in every dictionary of RFC 9651.
pub fn content_matches(header: &str, body: &[u8]) -> bool {
    if header.len() > MAX_HEADER {
        return false;
    }
    let Ok(all) = Parser::new(header).parse::<Dictionary>() else { return false };
    match all.get("sha-256") {
        Some(ListEntry::Item(item)) => {
            matches!(&item.bare_item, BareItem::ByteSequence(bytes) if bytes == digest(&SHA256, body).as_ref())
        }
        _ => false,
    }
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
            (format!("SHA-256={right},x={}", "x".repeat(MAX_HEADER)), false),
            (String::new(), false),
        ] {
            assert_eq!(matches(&header, body), matched, "{header}");
        }
    }

    #[test]
    fn which_content_digests_match() {
        let body = b"{}";
        let right = content_of(body);
        for (header, matched) in [
            (right.clone(), true),
            (format!("sha-512=:AAAA:, {right}"), true),
            (format!("{right};x=1"), true),
            (format!("sha-256=:AAAA:, {right}"), true),
            (format!("{right}, sha-256=:AAAA:"), false),
            (right.replace("sha-256", "sha-512"), false),
            (right.replace(':', ""), false),
            (right.replace("sha-256", "SHA-256"), false),
            (format!("({right})"), false),
            (format!("{right}, x=\"{}\"", "x".repeat(MAX_HEADER)), false),
            (String::new(), false),
        ] {
            assert_eq!(content_matches(&header, body), matched, "{header}");
        }
    }
}
