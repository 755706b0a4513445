//! Waiting for a program to be there: asks again and again, with an end.

use std::thread;
use std::time::{Duration, Instant};

const END: Duration = Duration::from_secs(20);
const PAUSE: Duration = Duration::from_millis(20);

/// The first answer that is not `None`, or `None` after 20 seconds.
pub fn until<T>(mut ask: impl FnMut() -> Option<T>) -> Option<T> {
    let started = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return Some(answer);
        }
        if started.elapsed() > END {
            return None;
        }
        thread::sleep(PAUSE);
    }
}
