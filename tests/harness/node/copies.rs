//! Copies of a node's database, made and restored as `docs/how-to/backup-and-restore.md` says; and what a database holds of
//! somebody, wherever it may be.

use super::Node;
use std::path::{Path, PathBuf};

/// The database, its journal and the index of that.
const FILES: [&str; 3] = ["solmu.db", "solmu.db-wal", "solmu.db-shm"];

impl Node {
    /// Makes a copy: by `solmu backup`, or with PostgreSQL by its own program, as the backup script does.
    pub async fn backup(&self) -> PathBuf {
        match &self.scratch {
            Some(scratch) => {
                let file = self.path("yesterday.dump");
                scratch.dump(&file);
                file
            }
            None => {
                let file = self.path("yesterday.db");
                self.run(&["backup", file.to_str().unwrap()]).await;
                file
            }
        }
    }

    /// Puts a copy in the place of the database, from which nobody serves meanwhile.
    pub fn restore(&self, copy: &Path) {
        assert!(!self.is_alive(), "it serves");
        self.looks_anew();
        match &self.scratch {
            Some(scratch) => scratch.restore(copy),
            None => {
                for name in FILES {
                    let _ = std::fs::remove_file(self.path(name));
                }
                std::fs::copy(copy, self.path(FILES[0])).unwrap();
            }
        }
    }

    /// Everything that is in the database: the bytes of SQLite's file and of its journal; of PostgreSQL all rows, and what a
    /// dump would take along.
    pub fn held(&self) -> Held {
        Held(match &self.scratch {
            Some(scratch) => (scratch.all_rows() + &scratch.dumped()).into_bytes(),
            None => {
                let mut bytes = std::fs::read(self.path(FILES[0])).unwrap();
                bytes.extend(std::fs::read(self.path(FILES[1])).unwrap_or_default());
                bytes
            }
        })
    }
}

/// What was in a database at a moment.
pub struct Held(Vec<u8>);

impl Held {
    /// Whether a word is anywhere in it, as it is written or, as PostgreSQL shows bytes, in hexadecimal.
    pub fn holds(&self, word: &str) -> bool {
        let hexadecimal: String = word.bytes().map(|byte| format!("{byte:02x}")).collect();
        let is_in = |wanted: &[u8]| self.0.windows(wanted.len()).any(|window| window == wanted);
        is_in(word.as_bytes()) || is_in(hexadecimal.as_bytes())
    }
}
