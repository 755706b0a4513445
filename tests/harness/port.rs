//! Ports that nobody else takes: outside of the range from which the system gives out ports by itself, and locked by a
//! file, so that a node that was stopped finds its port free when it starts again.

use std::fs::{File, TryLockError};
use std::net::TcpListener;

const FIRST: u16 = 12_000;
const LAST: u16 = 31_000;

/// A port of this machine, kept until the value is dropped.
pub struct Port {
    /// Its number.
    pub number: u16,
    _lock: File,
}

impl Port {
    /// Takes one.
    pub fn take() -> Port {
        let folder = std::env::temp_dir().join("solmu-test-ports");
        std::fs::create_dir_all(&folder).unwrap();
        let span = LAST - FIRST;
        let begin = uuid::Uuid::new_v4().as_u64_pair().0;
        for step in 0..u64::from(span) {
            let number = FIRST + u16::try_from((begin.wrapping_add(step)) % u64::from(span)).unwrap();
            let lock = File::create(folder.join(number.to_string())).unwrap();
            match lock.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => continue,
                Err(TryLockError::Error(error)) => panic!("ports cannot be locked: {error}"),
            }
            if TcpListener::bind(("127.0.0.1", number)).is_ok() {
                return Port { number, _lock: lock };
            }
        }
        panic!("no port is free");
    }
}
