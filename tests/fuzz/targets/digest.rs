//! The `Digest` and `Content-Digest` headers: only one that carries the SHA-256 of the body fits it.
#![no_main]

use federation::signature::digest;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (&str, &[u8])| {
    let (header, body) = input;
    let ours = digest::of(body);
    assert!(digest::matches(&ours, body));
    if digest::matches(header, body) {
        // Whatever stands beside it, the right value is in it.
        let value = ours.split_once('=').expect("name=value").1;
        assert!(header.contains(value), "{header}");
    }
    let ours_in_fields = digest::content_of(body);
    assert!(digest::content_matches(&ours_in_fields, body));
    if digest::content_matches(header, body) {
        assert!(header.contains("sha-256"), "{header}");
    }
    let mut other = body.to_vec();
    other.push(0);
    assert!(!digest::matches(&ours, &other) && !digest::content_matches(&ours_in_fields, &other));
});
