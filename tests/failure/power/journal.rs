//! SQLite's journal (WAL), as <https://www.sqlite.org/fileformat2.html#the_write_ahead_log> and, for its index,
//! <https://www.sqlite.org/walformat.html> describe it; and what a power cut may do to it.

use crate::oracle::random;
use std::ops::Range;

/// Bytes before the first frame, and before the page in each.
const HEADER: usize = 32;
const FRAME: usize = 24;
/// The salts in the header, in each frame (which was written since the journal was begun anew when they are the same), and
/// in the index.
const SALTS: Range<usize> = 16..24;
const SALTS_OF_FRAME: Range<usize> = 8..16;
const SALTS_OF_INDEX: Range<usize> = 32..40;
/// In the index: how many frames may have been taken over into the database file. The journal is synchronised before.
const TAKEN_OVER: Range<usize> = 128..132;
/// What a disk writes at once.
const SECTOR: usize = 512;

/// See the module.
pub struct Journal {
    pub bytes: Vec<u8>,
    /// Bytes of a page.
    page: usize,
    /// Frames that were written since it was begun anew.
    frames: usize,
}

fn number(bytes: &[u8], at: usize) -> usize {
    let number = u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
    usize::try_from(number).unwrap()
}

fn some(end: usize) -> usize {
    usize::try_from(random(end as u64)).unwrap()
}

/// Makes something else of all of it.
fn spoil(bytes: &mut [u8]) {
    let other = 1 + u8::try_from(random(255)).unwrap();
    bytes.iter_mut().for_each(|byte| *byte ^= other);
}

impl Journal {
    pub fn of(bytes: Vec<u8>) -> Journal {
        if bytes.len() < HEADER {
            return Journal { bytes, page: 0, frames: 0 };
        }
        let page = number(&bytes, 8);
        let whole = bytes[HEADER..].chunks_exact(FRAME + page);
        let frames = whole.take_while(|frame| frame[SALTS_OF_FRAME] == bytes[SALTS]).count();
        Journal { bytes, page, frames }
    }

    pub fn length(&self) -> usize {
        self.bytes.len()
    }

    /// Where a frame begins, or the last one ends.
    fn at(&self, frame: usize) -> usize {
        HEADER + frame * (FRAME + self.page)
    }

    fn frame(&self, frame: usize) -> &[u8] {
        &self.bytes[self.at(frame)..self.at(frame + 1)]
    }

    /// Up to where it has to be on the disk.
    pub fn durable(&self, index: &[u8], acknowledged: &[String]) -> usize {
        if self.frames == 0 {
            return self.length();
        }
        if index[SALTS_OF_INDEX] != self.bytes[SALTS] {
            return self.at(self.frames); // it is about to be begun anew: all of it was taken over
        }
        let taken_over = u32::from_ne_bytes(index[TAKEN_OVER].try_into().unwrap());
        let taken_over = self.at(usize::try_from(taken_over).unwrap().min(self.frames));
        let ends = acknowledged.iter().filter_map(|text| self.end_of_transaction_with(text));
        ends.fold(taken_over, usize::max)
    }

    /// Where the transaction ends that was the first to write a text; nothing when the text was taken over before this
    /// journal was begun.
    fn end_of_transaction_with(&self, text: &str) -> Option<usize> {
        let holds = |frame: &usize| String::from_utf8_lossy(&self.frame(*frame)[FRAME..]).contains(text);
        let first = (0..self.frames).find(holds)?;
        // The last frame of a transaction tells how large the database is then.
        let last = (first..self.frames).find(|frame| number(self.frame(*frame), 4) > 0);
        Some(self.at(last.unwrap_or_else(|| panic!("{text} was acknowledged before it was committed")) + 1))
    }

    /// Pages of which a durable frame exists may be half written in the database file. Not the first: its header says what
    /// the file is, and is the same before and after. How many were torn.
    pub fn tear_pages(&self, file: &mut [u8], durable: usize) -> usize {
        let mut torn = 0;
        for frame in (0..self.frames).take_while(|frame| self.at(frame + 1) <= durable) {
            let begin = (number(self.frame(frame), 0) - 1) * self.page;
            if begin > 0 && begin + self.page <= file.len() && random(4) == 0 {
                spoil(&mut file[begin + some(self.page / SECTOR) * SECTOR..begin + self.page]);
                torn += 1;
            }
        }
        torn
    }

    /// Loses what is not durable, in one of the ways in which a disk does it; says in which.
    pub fn lose_what_follows(&mut self, durable: usize) -> &'static str {
        let at = durable + some(self.length() - durable + 1);
        match random(4) {
            0 => {
                self.bytes.truncate(at);
                "the rest is cut off"
            }
            1 => {
                self.bytes.truncate(durable.max(at / SECTOR * SECTOR));
                "the rest is cut off at a sector"
            }
            2 => {
                self.bytes[at..].fill(0);
                "the rest is zeroes"
            }
            _ => {
                // The last frame once more, as one that was begun and has another page's bytes in it.
                let frame = if self.frames > 0 { self.frame(self.frames - 1).to_vec() } else { Vec::new() };
                self.bytes.truncate(at);
                self.bytes.extend(&frame);
                spoil(&mut self.bytes[at + FRAME.min(frame.len())..]);
                "the rest is torn"
            }
        }
    }
}
