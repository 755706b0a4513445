//! Skills and occupations: the shared vocabulary, as data.
//!
//! `data/skills.json` has thirteen groups, skills of ESCO and skills of our own (`tk:…`); `data/occupations.json` the
//! occupations. Compiled in and read once. An id is never renamed and never used for something else.

mod lookup;
mod occupation;
mod slice;

pub use lookup::{SkillLabel, all, find, group_of, groups, label_of, matching, with_groups};
pub use occupation::{Occupation, occupation_of, occupations};
pub use slice::SLICE;
