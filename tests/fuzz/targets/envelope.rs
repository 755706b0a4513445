//! A body that came to an inbox: read as an activity, shown to every kind, and its object read as everything that this node
//! reads. Nothing panics, and at most one kind claims it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vocab::{Actor, Envelope, Event, Jrd, PublicKey, Task, Tombstone};

fuzz_target!(|body: &[u8]| {
    let Ok(envelope) = Envelope::parse(body) else { return };
    assert!(envelope.id.as_str().len() <= 4 * vocab::MAX_URL);
    let object = envelope.embedded_object().unwrap_or(&envelope.raw);
    let claims = domain::kinds().iter().filter(|kind| kind.claims(object)).count();
    assert!(claims <= 1, "claimed by {claims} kinds");
    // Whether each can read it is its own matter; all of them must come back.
    let read = [
        Actor::parse(object).is_ok(),
        Event::parse(object).is_ok(),
        Task::parse(object).is_ok(),
        Tombstone::parse(object).is_ok(),
        Jrd::parse(object).is_ok(),
        !PublicKey::all_in(object).is_empty(),
        !vocab::collection::items(object).is_empty(),
        !vocab::object::attributed_to(object).is_empty(),
    ];
    std::hint::black_box(read);
});
