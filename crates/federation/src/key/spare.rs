//! Keys that are used again, in tests alone: to make one takes longer than most tests do.
//!
//! `SOLMU_TEST_KEYS` names a folder. The first [`KEPT`] keys that any process wants are made and kept there; those that are wanted
//! later are the same again, in turn. No test wants nearly so many at a time, so its actors have different ones.

use super::{KeyPair, failed};
use crate::Error;
use std::io::{Seek, Write};
use std::path::{Path, PathBuf};

const FOLDER: &str = "SOLMU_TEST_KEYS";
const KEPT: u64 = 128;

/// The next of them; `None` when no folder is named.
pub(super) fn next() -> Option<Result<KeyPair, Error>> {
    std::env::var_os(FOLDER).map(|folder| take(&PathBuf::from(folder)))
}

fn take(folder: &Path) -> Result<KeyPair, Error> {
    let unusable = |error: std::io::Error| failed(super::NEW, &format!("{}: {error}", folder.display()));
    std::fs::create_dir_all(folder).map_err(unusable)?;
    // Each process adds a byte, and stands behind its own then.
    let mut wanted =
        std::fs::File::options().create(true).append(true).open(folder.join("wanted")).map_err(unusable)?;
    wanted.write_all(b".").map_err(unusable)?;
    let number = wanted.stream_position().map_err(unusable)? % KEPT;
    let file = folder.join(format!("{number}.pem"));
    if let Ok(pem) = std::fs::read_to_string(&file) {
        return KeyPair::from_pem(&pem);
    }
    let pair = KeyPair::make()?;
    let unfinished = folder.join(format!("{number}.{}", std::process::id()));
    std::fs::write(&unfinished, &pair.private_pem).map_err(unusable)?;
    std::fs::rename(&unfinished, &file).map_err(unusable)?;
    Ok(pair)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(folder: &Path, times: usize) {
        let mut file = std::fs::File::options().append(true).open(folder.join("wanted")).unwrap();
        file.write_all(&b".".repeat(times)).unwrap();
    }

    #[test]
    fn keys_come_in_turn() {
        let folder = tempfile::tempdir().unwrap();
        let (first, second) = (take(folder.path()).unwrap(), take(folder.path()).unwrap());
        assert_ne!(first.private_pem, second.private_pem);
        wanted(folder.path(), usize::try_from(KEPT).unwrap() - 2);
        let again = take(folder.path()).unwrap();
        assert_eq!((again.private_pem, again.public_pem), (first.private_pem, first.public_pem));
    }

    #[test]
    fn a_file_that_is_no_key_is_told() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("1.pem"), "half a k").unwrap();
        assert!(matches!(take(folder.path()), Err(Error::Key { .. })));
    }
}
