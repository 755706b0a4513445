//! Faults of the program in background work: what panicked is told as an error, so that its row is marked and not tried for
//! ever, and so that the work beside it goes on.

use crate::Error;
use futures_util::FutureExt;
use std::future::Future;
use std::panic::AssertUnwindSafe;

/// Does `work`; a panic in it is an error that trying again does not help.
///
/// Nothing that a panic could leave half done is shared: what is written is written in transactions, which a panic rolls
/// back.
pub(crate) async fn caught<T>(about: &str, work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    match AssertUnwindSafe(work).catch_unwind().await {
        Ok(done) => done,
        Err(_panic) => {
            tracing::error!(about, "work ended in a panic; this is a fault of the program, please report it");
            Err(Error::refused(about, "a fault of this program while it was worked on"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn f45_a_panic_is_an_error_that_lasts() {
        let panics = async {
            if true {
                panic!("forced by a test");
            }
            Ok(())
        };
        let error = caught("https://evil.example/1", panics).await.unwrap_err();
        assert!(!error.is_temporary());
        assert!(!error.to_string().contains("forced"), "{error}");
        assert_eq!(caught("x", async { Ok(1) }).await.unwrap(), 1);
    }
}
