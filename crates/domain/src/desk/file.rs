//! Files that somebody has handed in to be imported: looked at first, then put in, by the same two halves of the import as
//! at the command line.
//!
//! Invariants: a file is its owner's alone and is let go after a day, or as soon as it is put away; what would come of it is
//! told before anything is written. Putting it in is the work of [`next_wanted`] and whoever asks for it, since it may take
//! longer than a request.

use super::staff::{Staff, must_have_content};
use crate::audit::{self, By, Deed, Subject};
use crate::error::{FieldError, Key};
use crate::import::{self, Applied, BadRow, FileError, Format, Reading, Row};
use crate::person::Position;
use crate::{Error, Node, json, message};
use diesel::prelude::*;
use federation::Limits;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use store::id::AccountId;
use store::schema::files_in_hand as files;
use store::{Conn, Timestamp, each};

/// Rows that are told one by one at most.
const TOLD: usize = 200;
/// So long nobody else takes up what somebody is putting in.
const LEASE: Duration = Duration::from_secs(120);

/// Where a file stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Handed in.
    Read,
    /// To be put in, or being put in.
    Wanted,
    /// Put in.
    Done,
}

impl State {
    /// As the column keeps it.
    pub fn as_str(self) -> &'static str {
        match self {
            State::Read => "read",
            State::Wanted => "wanted",
            State::Done => "done",
        }
    }

    fn of_column(word: &str) -> State {
        [State::Wanted, State::Done].into_iter().find(|state| state.as_str() == word).unwrap_or(State::Read)
    }
}

/// How many rows became what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// New things.
    pub added: usize,
    /// Things that say something else than before.
    pub changed: usize,
    /// Things that say the same.
    pub unchanged: usize,
    /// Rows that are not meant to go in.
    pub skipped: usize,
    /// Rows with something wrong.
    pub refused: usize,
}

/// One row and what becomes of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Where it is in the file.
    pub place: String,
    /// Its id, when it has one.
    pub id: String,
    /// `added`, `changed`, `skipped` or `refused`.
    pub what: String,
    /// The field that is to blame; may be empty.
    pub field: String,
    reason: String,
    arguments: Vec<(String, String)>,
}

impl Told {
    /// Why, for a row that is refused.
    pub fn reason(&self) -> Option<Key> {
        Key::kept(&self.reason, &self.arguments)
    }
}

/// What comes of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// In numbers.
    pub counts: Counts,
    /// The first rows that are not unchanged.
    pub rows: Vec<Told>,
}

impl Outcome {
    /// What reading alone found.
    pub fn of(reading: &Reading) -> Outcome {
        let mut outcome = Outcome::default();
        outcome.counts.skipped = reading.skipped;
        outcome.counts.refused = reading.refused();
        reading.bad.iter().for_each(|bad| outcome.bad(bad));
        outcome
    }

    /// Takes in what came of a row.
    ///
    /// # Errors
    /// What is not the row's fault.
    pub fn take(&mut self, row: &Row, applied: Result<Applied, Error>) -> Result<(), Error> {
        let counts = &mut self.counts;
        let what = match applied {
            Ok(Applied::Unchanged) => {
                counts.unchanged += 1;
                return Ok(());
            }
            Ok(Applied::Added) => (&mut counts.added, "added"),
            Ok(Applied::Changed) => (&mut counts.changed, "changed"),
            Ok(Applied::Skipped(_)) => (&mut counts.skipped, "skipped"),
            Err(error) => {
                let bad = import::refusals(row, &error);
                if bad.is_empty() {
                    return Err(error);
                }
                counts.refused += 1;
                bad.iter().for_each(|bad| self.bad(bad));
                return Ok(());
            }
        };
        *what.0 += 1;
        let told = Told {
            place: row.place.clone(),
            id: crate::check::shown(&row.id),
            what: what.1.to_owned(),
            field: String::new(),
            reason: String::new(),
            arguments: Vec::new(),
        };
        self.tell(told);
        Ok(())
    }

    fn bad(&mut self, bad: &BadRow) {
        let arguments = bad.reason.arguments.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
        self.tell(Told {
            place: bad.place.clone(),
            id: bad.id.clone().unwrap_or_default(),
            what: "refused".to_owned(),
            field: bad.field.clone(),
            reason: bad.reason.id().to_owned(),
            arguments: arguments.collect(),
        });
    }

    fn tell(&mut self, told: Told) {
        if self.rows.len() < TOLD {
            self.rows.push(told);
        }
    }
}

/// A file that somebody has handed in.
#[derive(Debug, Clone)]
pub struct InHand {
    /// Its id.
    pub id: String,
    /// Whose it is.
    pub account: AccountId,
    /// Under which position it was handed in.
    pub position: Position,
    /// What it is written in.
    pub format: Format,
    /// What it is called.
    pub name: String,
    /// Where it stands.
    pub state: State,
    /// What came of it, when it is put in.
    pub outcome: Outcome,
    content: Vec<u8>,
}

impl InHand {
    /// Reads its rows.
    ///
    /// # Errors
    /// Why it cannot be read at all.
    pub fn read(&self, node: &Node, limits: &Limits, now: Timestamp) -> Result<Reading, FileError> {
        import::read(self.format, &self.content, node, limits, now)
    }

    /// What would come of it; writes nothing.
    ///
    /// # Errors
    /// [`Error::Invalid`] when it cannot be read at all; those of the database.
    pub fn foresee(&self, conn: &mut Conn, node: &Node, limits: &Limits, now: Timestamp) -> Result<Outcome, Error> {
        let reading = self.read(node, limits, now).map_err(|error| Error::Invalid(vec![error.0]))?;
        let mut outcome = Outcome::of(&reading);
        for row in &reading.rows {
            let foreseen = import::foresee(conn, node, row, now);
            outcome.take(row, foreseen)?;
        }
        Ok(outcome)
    }
}

/// A row, as the table keeps it.
#[derive(Queryable, Selectable)]
#[diesel(table_name = files)]
struct Record {
    id: String,
    account: AccountId,
    position: String,
    format: String,
    name: String,
    content: Vec<u8>,
    state: String,
    outcome: String,
}

impl Record {
    fn in_hand(self) -> Option<InHand> {
        Some(InHand {
            id: self.id,
            account: self.account,
            position: Position::parse(&self.position)?,
            format: Format::parse(&self.format)?,
            name: self.name,
            state: State::of_column(&self.state),
            outcome: json::read(&self.outcome),
            content: self.content,
        })
    }
}

/// Takes a file in hand, in the place of an earlier one of the same person.
///
/// # Errors
/// [`Error::Invalid`] for one that is empty; [`Error::NotFound`] on a node that has no content of its own.
pub fn hand_in(
    conn: &mut Conn,
    node: &Node,
    staff: &Staff,
    (format, name, content): (Format, &str, &[u8]),
    now: Timestamp,
) -> Result<String, Error> {
    must_have_content(node)?;
    let account = staff.by().account.as_ref().ok_or(Error::NotFound)?;
    if content.is_empty() {
        return Err(Error::Invalid(vec![FieldError::new("file", message::MISSING)]));
    }
    let idle = files::table.filter(files::account.eq(account)).filter(files::state.ne(State::Wanted.as_str()));
    diesel::delete(idle).execute(conn)?;
    let id = store::id::fresh(now);
    let row = (
        files::id.eq(&id),
        files::account.eq(account),
        files::position.eq(staff.position().as_str()),
        files::format.eq(format.as_str()),
        files::name.eq(vocab::text::line(name, 200)),
        files::content.eq(content),
        files::state.eq(State::Read.as_str()),
        files::outcome.eq("{}"),
        files::created_at.eq(now),
        files::changed_at.eq(now),
    );
    each!(conn, c => diesel::insert_into(files::table).values(row).execute(c))?;
    Ok(id)
}

/// A file of somebody; nothing when it is another's.
///
/// # Errors
/// Those of the database.
pub fn in_hand(conn: &mut Conn, staff: &Staff, id: &str) -> QueryResult<Option<InHand>> {
    let Some(account) = &staff.by().account else { return Ok(None) };
    let row: Option<Record> =
        files::table.find(id).filter(files::account.eq(account)).select(Record::as_select()).first(conn).optional()?;
    Ok(row.and_then(Record::in_hand))
}

/// Wants a file put in.
///
/// # Errors
/// [`Error::NotFound`] when there is no such file of theirs that waits for that.
pub fn want(conn: &mut Conn, staff: &Staff, id: &str, now: Timestamp) -> Result<(), Error> {
    let account = staff.by().account.as_ref().ok_or(Error::NotFound)?;
    let waiting =
        files::table.find(id).filter(files::account.eq(account)).filter(files::state.eq(State::Read.as_str()));
    let wanted = diesel::update(waiting)
        .set((files::state.eq(State::Wanted.as_str()), files::changed_at.eq(now.minus(LEASE))))
        .execute(conn)?;
    if wanted == 1 { Ok(()) } else { Err(Error::NotFound) }
}

/// Lets a file go that is not being put in. It is no fault when there is none.
///
/// # Errors
/// Those of the database.
pub fn put_away(conn: &mut Conn, staff: &Staff, id: &str) -> Result<(), Error> {
    let account = staff.by().account.as_ref().ok_or(Error::NotFound)?;
    let idle = files::table.find(id).filter(files::account.eq(account)).filter(files::state.ne(State::Wanted.as_str()));
    diesel::delete(idle).execute(conn)?;
    Ok(())
}

/// Whether a file is to be put in.
///
/// # Errors
/// Those of the database.
pub fn is_any_wanted(conn: &mut Conn) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(files::table.filter(files::state.eq(State::Wanted.as_str())))).get_result(conn)
}

/// A file that is to be put in and that nobody is at work on; whoever gets it has it for a while.
///
/// # Errors
/// Those of the database.
pub fn next_wanted(conn: &mut Conn, now: Timestamp) -> QueryResult<Option<InHand>> {
    let free =
        files::table.filter(files::state.eq(State::Wanted.as_str())).filter(files::changed_at.le(now.minus(LEASE)));
    let row: Option<Record> =
        free.order((files::created_at, files::id)).select(Record::as_select()).first(conn).optional()?;
    let Some(found) = row.and_then(Record::in_hand) else { return Ok(None) };
    let held = files::table.find(&found.id).filter(files::changed_at.le(now.minus(LEASE)));
    let held = diesel::update(held).set(files::changed_at.eq(now)).execute(conn)?;
    Ok((held == 1).then_some(found))
}

/// Notes how far a file is, which keeps it; when it is done, its content goes and the log has a line.
///
/// # Errors
/// Those of the database.
pub fn note_outcome(conn: &mut Conn, file: &InHand, outcome: &Outcome, done: bool, now: Timestamp) -> QueryResult<()> {
    let state = if done { State::Done } else { State::Wanted };
    let row = files::table.find(&file.id).filter(files::state.eq(State::Wanted.as_str()));
    let changed = diesel::update(row)
        .set((files::state.eq(state.as_str()), files::outcome.eq(json::written(outcome)), files::changed_at.eq(now)))
        .execute(conn)?;
    if !done || changed == 0 {
        return Ok(());
    }
    diesel::update(files::table.find(&file.id)).set(files::content.eq(Vec::<u8>::new())).execute(conn)?;
    let counts = outcome.counts;
    let detail = format!("{} + {} ({})", counts.added, counts.changed, counts.refused);
    let by = By::holder(&file.account, file.position.as_str());
    audit::note(conn, &by, Deed::Imported, &Subject::thing("file", &file.id, &file.name), &detail, now)
}
