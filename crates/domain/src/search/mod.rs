//! Search across everything, by words in whatever form they are bent: what of a text goes into the index, and what of a
//! question is looked up there.
//!
//! ```text
//!   view ──entry──► words ──put──► searchable, search_words ◄──found── words ◄── what somebody typed
//!          (title, texts)    in the transaction of the change              (the same rules)
//! ```
//!
//! Invariant: the index is made of views only, so it has nothing that is on no page. It holds words, no texts, and what it
//! finds is read again from the things themselves. Both databases get the same words and answer the same; the order of
//! what is found is made here. Left out: compound words are met at their beginning only (`kesä` finds `kesäteatteri`,
//! `teatteri` does not), and a search is not in one language: who asks does not say which.

mod asked;
mod entry;
mod facet;
mod folding;
mod index;
#[cfg(test)]
mod tests;
mod words;

pub use asked::Asked;
pub(crate) use asked::{Candidate, candidates, narrowing};
pub(crate) use entry::Findable;
pub use entry::Hit;
pub use facet::Facet;
pub(crate) use index::{agree, hits, index, missing, remove};
pub(crate) use words::{Alike, Words};
