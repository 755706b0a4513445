//! `solmu`. See [`server`].

use clap::Parser;
use std::any::Any;
use std::panic::{self, AssertUnwindSafe};
use std::process::ExitCode;

/// A quarter of the time of a read went into the system's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How the standard library's fault begins when a line is printed that nobody reads any more, as after `| head`.
const UNHEARD: &str = "failed printing to stdout: Broken pipe";
/// The exit status that shells give to a program that ended so: 128 and the number of SIGPIPE.
const ENDED_UNHEARD: u8 = 141;

fn main() -> ExitCode {
    let cli = server::cli::Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("solmu: the runtime cannot be started: {error}");
            return ExitCode::FAILURE;
        }
    };
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |fault| {
        if !is_unheard(fault.payload()) {
            usual(fault);
        }
    }));
    // Unwound and not cut off here, so that the demo's nodes are ended too.
    match panic::catch_unwind(AssertUnwindSafe(|| runtime.block_on(server::run(cli)))) {
        Ok(Ok(code)) => code,
        Ok(Err(error)) => {
            eprintln!("solmu: {}", sentence(&error));
            ExitCode::FAILURE
        }
        Err(fault) if is_unheard(&*fault) => ExitCode::from(ENDED_UNHEARD),
        Err(fault) => panic::resume_unwind(fault),
    }
}

/// Whether a fault is only that nobody reads what is printed.
fn is_unheard(fault: &(dyn Any + Send)) -> bool {
    fault.downcast_ref::<String>().is_some_and(|text| text.starts_with(UNHEARD))
}

/// The error with its causes, each told once.
fn sentence(error: &anyhow::Error) -> String {
    let mut parts: Vec<String> = Vec::new();
    for cause in error.chain() {
        let text = cause.to_string();
        if !parts.iter().any(|part| part.contains(&text)) {
            parts.push(text);
        }
    }
    parts.join(": ")
}
