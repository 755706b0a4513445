//! A connection whose other end has to take what it asked for: when nothing of an answer can be written for a while, writing
//! fails, and the connection ends. Reading is left alone; its times are kept elsewhere.

use std::io::{Error, ErrorKind, IoSlice, Result};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep};

/// See the module.
pub(super) struct Patient<S> {
    stream: S,
    patience: Duration,
    /// Runs while nothing can be written.
    end: Pin<Box<Sleep>>,
    is_stuck: bool,
}

impl<S> Patient<S> {
    /// Gives the other end so long for each step.
    pub(super) fn new(stream: S, patience: Duration) -> Patient<S> {
        Patient { stream, patience, end: Box::pin(tokio::time::sleep(patience)), is_stuck: false }
    }

    fn watch<T>(&mut self, written: Poll<Result<T>>, context: &mut Context<'_>) -> Poll<Result<T>> {
        if written.is_ready() {
            self.is_stuck = false;
            return written;
        }
        if !self.is_stuck {
            self.is_stuck = true;
            self.end.as_mut().reset(Instant::now() + self.patience);
        }
        self.end
            .as_mut()
            .poll(context)
            .map(|()| Err(Error::new(ErrorKind::TimedOut, "the client takes nothing of the answer")))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Patient<S> {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, into)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Patient<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.watch(written, context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, parts);
        self.watch(written, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(context);
        self.watch(flushed, context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        let shut = Pin::new(&mut self.stream).poll_shutdown(context);
        self.watch(shut, context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    #[tokio::test(start_paused = true)]
    async fn f30_who_takes_nothing_is_cut_off_and_who_is_slow_is_not() {
        let (ours, mut theirs) = tokio::io::duplex(16);
        let mut patient = Patient::new(ours, Duration::from_secs(20));
        let writing = tokio::spawn(async move { (patient.write_all(&[b'x'; 64]).await, patient) });
        let mut taken = [0; 16];
        for _ in 0..3 {
            tokio::time::sleep(Duration::from_secs(15)).await;
            theirs.read_exact(&mut taken).await.unwrap();
        }
        let (written, mut patient) = writing.await.unwrap();
        written.expect("a slow one gets it all");
        let begun = Instant::now();
        let cut = patient.write_all(&[b'x'; 64]).await.unwrap_err();
        assert_eq!((cut.kind(), begun.elapsed()), (ErrorKind::TimedOut, Duration::from_secs(20)));
    }
}
