//! The `Signature` header, as any stranger may send it, in both schemes: read without a panic, and what was read makes a
//! string to sign that has a line for every covered part.
#![no_main]

use federation::signature::{cavage, message};
use http::{HeaderMap, Method};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    messages(text);
    let Ok(signature) = cavage::parse(text) else { return };
    assert!(!signature.key_id.is_empty() && !signature.bytes.is_empty());
    let enough = signature.covers_enough(true);
    let mut headers = HeaderMap::new();
    for name in ["host", "date", "digest", "content-type"] {
        headers.insert(name, "x".parse().expect("a header value"));
    }
    let string = cavage::signing_string(&signature.covered, &Method::POST, "/ap/inbox", &headers, Some(&signature));
    if let Some(string) = string {
        let lines = string.split('\n').count().min(signature.covered.len());
        assert_eq!(lines, signature.covered.len(), "{string}");
        if enough.is_ok() {
            assert!(string.contains("(request-target): post /ap/inbox") && string.contains("digest: x"), "{string}");
        }
    }
});

/// RFC 9421, whose two headers are the halves of the text; the same text in both is one that nearly fits.
fn messages(text: &str) {
    let (input, signature) = text.split_once('\n').unwrap_or((text, "sig1=:AAAA:"));
    let mut headers = HeaderMap::new();
    headers.insert("content-digest", "sha-256=:AAAA:".parse().expect("a header value"));
    let addressed =
        message::Addressed { method: &Method::POST, scheme: "https", host: "a.example", target: "/ap/inbox?x=1" };
    for signature in message::parse(input, signature).unwrap_or_default() {
        assert!(!signature.key_id.is_empty() && !signature.bytes.is_empty());
        let Some(base) = signature.base(addressed, &headers) else { continue };
        assert_eq!(base.lines().count(), signature.covered.len() + 1, "{base}");
        if signature.covers_enough(true).is_ok() {
            assert!(base.contains("\"@target-uri\": https://a.example/ap/inbox?x=1\n"), "{base}");
        }
    }
}
