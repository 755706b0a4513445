//! The lines that the demo prints: one for each step, with its time.

use std::future::Future;
use std::io::{IsTerminal, Write};
use std::time::Instant;

/// Counts and times the steps.
pub struct Report {
    begun: Instant,
    steps: usize,
}

impl Report {
    /// Nothing told yet.
    pub fn new() -> Report {
        Report { begun: Instant::now(), steps: 0 }
    }

    /// A heading.
    pub fn chapter(&self, title: &str) {
        println!("\n{title}");
    }

    /// Does a step and prints how it went.
    ///
    /// # Errors
    /// Those of the step.
    pub async fn step<T>(&mut self, what: &str, work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
        let begun = Instant::now();
        let seen = std::io::stdout().is_terminal();
        if seen {
            print!("  … {what}");
            flush();
        }
        let done = work.await;
        let millis = begun.elapsed().as_millis();
        let (mark, rest) = match &done {
            Ok(_) => ("✓", String::new()),
            Err(error) => ("✗", format!("\n    {error:#}")),
        };
        let again = if seen { "\r" } else { "" };
        println!("{again}  {mark} {what} ({millis} ms){rest}");
        self.steps += 1;
        done
    }

    /// The last line.
    pub fn total(&self) {
        println!("\nall {} steps hold ({:.1} s)", self.steps, self.begun.elapsed().as_secs_f64());
    }
}

fn flush() {
    if std::io::stdout().flush().is_err() {
        tracing::debug!("stdout is gone");
    }
}
