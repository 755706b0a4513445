//! Bad input over HTTP. Every case asserts the answer, that nothing was written, whom the node asked meanwhile, and that
//! the next honest request works. A node is shared by the cases of a chapter, since none of them may leave a trace.
//!
//! Names begin with the number of the check or of the attack in the project's security notes where there is one: `c39` is
//! a check of the protocol, `s06`, `o03` and `f24` are attacks on signatures, on authority and by exhaustion; in `content`,
//! `c01` is an attack by what is written. `docs/reference/attacks.md` lists them all.
#![allow(clippy::unwrap_used)] // a test that cannot go on fails

#[path = "../harness/mod.rs"]
mod harness;

mod addresses;
mod announcers;
mod answers;
mod authority;
mod bodies;
mod budgets;
mod content;
mod fetching;
mod followed;
mod identities;
mod messages;
mod quotas;
mod signatures;
mod slow;
mod sources;
mod stage;
mod times;
#[allow(dead_code)] // it also sends files to be imported
#[path = "../journeys/visitor.rs"]
mod visitor;

/// Runs the cases of a chapter one after the other on one stage, naming each.
#[macro_export]
macro_rules! cases {
    ($stage:expr; $($case:ident)+) => {
        $(
            println!("── {}", stringify!($case));
            $case(&$stage).await;
            $stage.honest_request_works().await;
        )+
    };
}
