//! What an action answers when it does not do what was asked.
//!
//! No prose and no status codes: a [`Key`] is a message with its arguments, which a page translates and the command line
//! prints in English. Texts of the database never get into a key.

use crate::message::Message;
use std::fmt;
use store::Failure;

/// A message and what fills its gaps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Which message.
    pub message: Message,
    /// The values for its gaps, by name.
    pub arguments: Vec<(&'static str, String)>,
}

impl Key {
    /// A message that has no gaps.
    pub const fn new(message: Message) -> Self {
        Key { message, arguments: Vec::new() }
    }

    /// Fills a gap.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.arguments.push((name, value.to_string()));
        self
    }

    /// A key that was kept as texts; nothing for a message that there is no more.
    pub(crate) fn kept(id: &str, arguments: &[(String, String)]) -> Option<Key> {
        let message = *crate::message::ALL.iter().find(|message| message.id == id)?;
        let gaps = message.english.split('{').skip(1).filter_map(|part| part.split_once('}').map(|(gap, _)| gap));
        let filled = gaps.filter_map(|gap| {
            let (_, value) = arguments.iter().find(|(name, _)| name == gap)?;
            Some((gap, value.clone()))
        });
        Some(Key { message, arguments: filled.collect() })
    }

    /// The identifier under which the message is translated (`not-published`).
    pub fn id(&self) -> &'static str {
        self.message.id
    }
}

impl From<Message> for Key {
    fn from(message: Message) -> Self {
        Key::new(message)
    }
}

/// The message in English.
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.message.english;
        while let Some((before, from)) = rest.split_once('{') {
            let (name, after) = from.split_once('}').unwrap_or((from, ""));
            let value = self.arguments.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value.as_str());
            write!(f, "{before}{value}")?;
            rest = after;
        }
        f.write_str(rest)
    }
}

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// The field, as the form or the file calls it; empty when no single one is to blame.
    pub field: String,
    /// What is wrong with it.
    pub reason: Key,
}

impl FieldError {
    /// This is wrong with that field.
    pub fn new(field: impl Into<String>, reason: impl Into<Key>) -> Self {
        FieldError { field: field.into(), reason: reason.into() }
    }
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.field.is_empty() { write!(f, "{}", self.reason) } else { write!(f, "{}: {}", self.field, self.reason) }
    }
}

/// Why an action did nothing.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such thing, or the caller may not know of it.
    #[error("there is no such thing on this node")]
    NotFound,
    /// The caller may not do this.
    #[error("{0}")]
    Forbidden(Key),
    /// A rule speaks against it, as things stand.
    #[error("{0}")]
    Refused(Key),
    /// What was given is not usable, field by field.
    #[error("{}", listed(.0))]
    Invalid(Vec<FieldError>),
    /// Somebody else was there first, or the words are ambiguous.
    #[error("{0}")]
    Conflict(Key),
    /// The spine refused.
    #[error(transparent)]
    Federation(federation::Error),
    /// The database.
    #[error(transparent)]
    Store(#[from] store::Error),
}

fn listed(fields: &[FieldError]) -> String {
    let all: Vec<String> = fields.iter().map(ToString::to_string).collect();
    all.join("; ")
}

impl Error {
    /// [`Error::Refused`] for a message.
    pub fn refused(reason: impl Into<Key>) -> Self {
        Error::Refused(reason.into())
    }

    /// [`Error::Invalid`] when anything was found, to be returned with `?` at the end of a check.
    ///
    /// # Errors
    /// [`Error::Invalid`] with all that was found.
    pub fn if_any(found: Vec<FieldError>) -> Result<(), Self> {
        if found.is_empty() { Ok(()) } else { Err(Error::Invalid(found)) }
    }
}

impl From<federation::Error> for Error {
    fn from(error: federation::Error) -> Self {
        match error {
            federation::Error::Store(error) => Error::Store(error),
            other => Error::Federation(other),
        }
    }
}

impl From<diesel::result::Error> for Error {
    fn from(error: diesel::result::Error) -> Self {
        Error::Store(error.into())
    }
}

impl Failure for Error {
    fn as_store_error(&self) -> Option<&store::Error> {
        match self {
            Error::Store(error) => Some(error),
            Error::Federation(error) => error.as_store_error(),
            _ => None,
        }
    }
}
