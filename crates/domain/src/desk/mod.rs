//! The desk of those who run the node: what wants to be seen to today, and the deeds by which it is.
//!
//! Every deed is an action of a slice and a line of the log, in one transaction; no rule of a thing is written here. It stands
//! above all slices. Invariants: only a [`Staff`] does anything here, and there is one only for somebody who signed in and
//! holds a position that runs the node; what somebody else has changed meanwhile is not overwritten unawares.

mod deeds;
mod file;
mod peers;
mod schedule;
mod slice;
mod staff;
#[cfg(test)]
mod tests;
mod today;
mod writing;

pub use deeds::{Step, Thing, all, answer_feedback, settle_answer, settle_report, step, thing, try_now};
pub use file::{
    Counts, InHand, Outcome, State, Told, hand_in, in_hand, is_any_wanted, next_wanted, note_outcome, put_away, want,
};
pub use peers::{Host, block, follow, hosts, unblock, unfollow};
pub use schedule::{Due, due, is_any_scheduled, publish_due};
pub use slice::SLICE;
pub use staff::Staff;
pub use today::{Answer, Draft, Erasures, Failing, Today, today};
pub use writing::{Known, Then, Written, foreseen, known, write};
