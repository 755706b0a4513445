//! The `Signature` header, as any stranger may send it: read without a panic, and what was read makes a string to sign that
//! has a line for every covered part.
#![no_main]

use federation::signature::cavage;
use http::{HeaderMap, Method};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
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
