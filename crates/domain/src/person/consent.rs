//! Consent, field by field, as a record that can be shown (GDPR Art. 7): which field, for what, by which text, when, by
//! which channel, and when it was taken back. Rows are never overwritten; a withdrawal is a date on the row.

use diesel::prelude::*;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::{BTreeSet, HashMap};
use store::id::ProducerId;
use store::schema::consents;
use store::{Conn, Timestamp, each};

/// What a consent covers here: publication to everybody.
const PUBLIC: &str = "public";

/// A field of a profile that a person may publish.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// The name, and with it that there is a profile at all.
    Name,
    /// One line about the work.
    Headline,
    /// A few paragraphs.
    Bio,
    /// The municipality.
    Municipality,
    /// Skills.
    Skills,
    /// Working languages.
    Languages,
    /// Fields of art.
    Fields,
    /// Links.
    Links,
    /// Whether the person also works remotely.
    Remote,
    /// What the person is, by the vocabulary of occupations.
    Titles,
    /// How well the person knows each skill.
    Levels,
    /// The regions that the person works for.
    Regions,
    /// In which forms the person takes work.
    Engagement,
    /// When the person has time.
    Availability,
    /// What the person has done.
    Portfolio,
    /// A picture.
    Picture,
    /// That other servers suggest the profile and let it be searched (Mastodon's `discoverable`, FEP-5feb). Asked for on
    /// its own; "all fields" does not contain it.
    Discoverable,
}

impl Field {
    /// The fields of a profile that an import knows: what "all" means in a file, and will mean in those of old.
    pub const PROFILE: [Field; 9] = [
        Field::Name,
        Field::Headline,
        Field::Bio,
        Field::Municipality,
        Field::Skills,
        Field::Languages,
        Field::Fields,
        Field::Links,
        Field::Remote,
    ];

    /// All fields, in the order in which people are asked.
    pub const ALL: [Field; 17] = [
        Field::Name,
        Field::Headline,
        Field::Titles,
        Field::Bio,
        Field::Picture,
        Field::Skills,
        Field::Levels,
        Field::Fields,
        Field::Languages,
        Field::Municipality,
        Field::Regions,
        Field::Remote,
        Field::Engagement,
        Field::Availability,
        Field::Portfolio,
        Field::Links,
        Field::Discoverable,
    ];

    /// Its name in files and in the table.
    pub fn as_str(self) -> &'static str {
        match self {
            Field::Name => "name",
            Field::Headline => "headline",
            Field::Bio => "bio",
            Field::Municipality => "municipality",
            Field::Skills => "skills",
            Field::Languages => "languages",
            Field::Fields => "fields",
            Field::Links => "links",
            Field::Remote => "remote",
            Field::Titles => "titles",
            Field::Levels => "levels",
            Field::Regions => "regions",
            Field::Engagement => "engagement",
            Field::Availability => "availability",
            Field::Portfolio => "portfolio",
            Field::Picture => "picture",
            Field::Discoverable => "discoverable",
        }
    }

    fn of_column(word: &str) -> Option<Field> {
        Field::ALL.into_iter().find(|field| field.as_str() == word)
    }

    /// Reads the name of a field that an import knows.
    pub fn parse(word: &str) -> Option<Field> {
        Field::PROFILE.into_iter().find(|field| field.as_str() == word)
    }
}

/// A consent as it was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Consent {
    /// The fields it covers.
    #[serde(serialize_with = "names")]
    pub fields: BTreeSet<Field>,
    /// The id of the version of the text that the person saw.
    pub text: String,
    /// By which way it came: `import`, `web`, `paper`.
    pub channel: String,
    /// When it was given.
    pub given: Timestamp,
    /// What was shown, when this node has shown it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shown: Option<Shown>,
}

/// The text that a person saw, as far as it has to be known again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Shown {
    /// Its SHA-256, in hexadecimal.
    pub hash: String,
    /// Its language.
    pub language: &'static str,
}

fn names<S: serde::Serializer>(fields: &BTreeSet<Field>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(fields.iter().map(|field| field.as_str()))
}

/// The fields that a person has agreed to publish, as of now. Made by a query only, so that holding one is the proof of
/// having asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consented {
    fields: BTreeSet<Field>,
}

impl Consented {
    /// Whether this field may be shown.
    pub fn allows(&self, field: Field) -> bool {
        self.fields.contains(&field)
    }

    /// The value, if it may be shown.
    pub fn only<T>(&self, field: Field, value: Option<T>) -> Option<T> {
        value.filter(|_| self.allows(field))
    }
}

/// Whose consent is asked for.
#[derive(Debug, Clone)]
pub(crate) struct Subject<'a> {
    /// The profile.
    pub id: &'a ProducerId,
    /// Kept by this node. What another node has sent is what the person agreed to publish there.
    pub local: bool,
}

/// What a person of this node has agreed to publish.
///
/// # Errors
/// Those of the database.
pub fn consented_fields(conn: &mut Conn, person: &ProducerId) -> QueryResult<Consented> {
    let mut found = consented(conn, &[Subject { id: person, local: true }])?;
    Ok(found.remove(person).unwrap_or(Consented { fields: BTreeSet::new() }))
}

/// What several people have agreed to publish. Each subject is in the answer.
pub(crate) fn consented(conn: &mut Conn, subjects: &[Subject<'_>]) -> QueryResult<HashMap<ProducerId, Consented>> {
    let ours: Vec<&str> = subjects.iter().filter(|one| one.local).map(|one| one.id.as_str()).collect();
    let rows: Vec<(ProducerId, String)> = consents::table
        .filter(consents::person.eq_any(ours))
        .filter(consents::scope.eq(PUBLIC))
        .filter(consents::withdrawn_at.is_null())
        .select((consents::person, consents::field))
        .load(conn)?;
    let mut found: HashMap<ProducerId, Consented> = subjects
        .iter()
        .map(|one| {
            let theirs = Field::ALL.into_iter().filter(|field| !one.local && *field != Field::Discoverable);
            let fields = theirs.collect();
            (one.id.clone(), Consented { fields })
        })
        .collect();
    for (person, field) in rows {
        if let (Some(consented), Some(field)) = (found.get_mut(&person), Field::of_column(&field)) {
            consented.fields.insert(field);
        }
    }
    Ok(found)
}

/// Notes a consent. A field that is consented to already keeps its older record.
///
/// # Errors
/// Those of the database.
pub fn record(conn: &mut Conn, person: &ProducerId, consent: &Consent) -> QueryResult<()> {
    let known = consented_fields(conn, person)?;
    let rows: Vec<_> = consent
        .fields
        .iter()
        .filter(|field| !known.allows(**field))
        .map(|field| {
            (
                consents::person.eq(person.as_str()),
                consents::field.eq(field.as_str()),
                consents::scope.eq(PUBLIC),
                consents::consent_text.eq(consent.text.as_str()),
                consents::channel.eq(consent.channel.as_str()),
                consents::given_at.eq(consent.given),
                consents::text_hash.eq(consent.shown.as_ref().map(|shown| shown.hash.as_str())),
                consents::language.eq(consent.shown.as_ref().map(|shown| shown.language)),
            )
        })
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    each!(conn, c => diesel::insert_into(consents::table).values(rows).execute(c)).map(|_| ())
}

/// Takes consent to some fields back. How many records that ended.
///
/// # Errors
/// Those of the database.
pub fn withdraw(conn: &mut Conn, person: &ProducerId, fields: &BTreeSet<Field>, now: Timestamp) -> QueryResult<usize> {
    let names: Vec<&str> = fields.iter().map(|field| field.as_str()).collect();
    let in_force = consents::table
        .filter(consents::person.eq(person.as_str()))
        .filter(consents::field.eq_any(names))
        .filter(consents::withdrawn_at.is_null());
    diesel::update(in_force).set(consents::withdrawn_at.eq(Some(now))).execute(conn)
}

/// Makes the consents in force exactly these: what is missing is taken back, what was given by another text or on
/// another day is noted anew.
///
/// # Errors
/// Those of the database.
pub fn replace(conn: &mut Conn, person: &ProducerId, consent: Option<&Consent>, now: Timestamp) -> QueryResult<()> {
    let in_force: Vec<(String, String, Timestamp)> = consents::table
        .filter(consents::person.eq(person.as_str()))
        .filter(consents::scope.eq(PUBLIC))
        .filter(consents::withdrawn_at.is_null())
        .select((consents::field, consents::consent_text, consents::given_at))
        .load(conn)?;
    let still_stands = |field: Field, text: &str, given: Timestamp| {
        consent.is_some_and(|one| one.fields.contains(&field) && one.text == text && one.given == given)
    };
    let ended: BTreeSet<Field> = in_force
        .iter()
        .filter_map(|(field, text, given)| Some((Field::of_column(field)?, text, *given)))
        .filter(|(field, text, given)| !still_stands(*field, text, *given))
        .map(|(field, ..)| field)
        .collect();
    withdraw(conn, person, &ended, now)?;
    match consent {
        Some(consent) => record(conn, person, consent),
        None => Ok(()),
    }
}

/// What is left of a consent that a file repeats: without the fields that the person has taken back since. Only a newer
/// date or another text gives them anew.
///
/// # Errors
/// Those of the database.
pub fn still_given(conn: &mut Conn, person: &ProducerId, consent: &Consent) -> QueryResult<Consent> {
    let same: Vec<(String, Option<Timestamp>)> = consents::table
        .filter(consents::person.eq(person.as_str()))
        .filter(consents::scope.eq(PUBLIC))
        .filter(consents::consent_text.eq(&consent.text))
        .filter(consents::given_at.eq(consent.given))
        .order(consents::id)
        .select((consents::field, consents::withdrawn_at))
        .load(conn)?;
    let taken_back = |field: &Field| {
        let last = same.iter().rev().find(|(known, _)| known == field.as_str());
        last.is_some_and(|(_, withdrawn)| withdrawn.is_some())
    };
    let fields = consent.fields.iter().copied().filter(|field| !taken_back(field)).collect();
    Ok(Consent { fields, ..consent.clone() })
}

/// Ends every consent of a person, when the profile is deleted. The records stay for as long as they may have to be
/// shown (see the table of what is kept); they name the person by the id of a profile that is gone.
///
/// # Errors
/// Those of the database.
pub fn end(conn: &mut Conn, person: &ProducerId, now: Timestamp) -> QueryResult<usize> {
    let in_force =
        consents::table.filter(consents::person.eq(person.as_str())).filter(consents::withdrawn_at.is_null());
    diesel::update(in_force).set(consents::withdrawn_at.eq(Some(now))).execute(conn)
}

/// Every consent of a person, given and taken back, oldest first.
pub(crate) fn history(conn: &mut Conn, person: &ProducerId) -> QueryResult<Vec<Value>> {
    type Row = (String, String, String, Option<String>, Option<String>, String, Timestamp, Option<Timestamp>);
    let rows: Vec<Row> = consents::table
        .filter(consents::person.eq(person.as_str()))
        .order(consents::id)
        .select((
            consents::field,
            consents::scope,
            consents::consent_text,
            consents::text_hash,
            consents::language,
            consents::channel,
            consents::given_at,
            consents::withdrawn_at,
        ))
        .load(conn)?;
    let time = |at: Timestamp| vocab::time::utc(at.to_jiff());
    let written = |(field, scope, text, hash, language, channel, given, withdrawn): Row| {
        json!({"field": field, "scope": scope, "text": text, "hash": hash, "language": language,
            "channel": channel, "given": time(given), "withdrawn": withdrawn.map(time)})
    };
    Ok(rows.into_iter().map(written).collect())
}

/// How many consents ended before `limit`.
pub(super) fn count_ended(conn: &mut Conn, limit: Timestamp) -> QueryResult<i64> {
    consents::table.filter(consents::withdrawn_at.lt(limit)).count().get_result(conn)
}

/// Removes the consents that ended before `limit`.
pub(super) fn remove_ended(conn: &mut Conn, limit: Timestamp) -> QueryResult<usize> {
    diesel::delete(consents::table.filter(consents::withdrawn_at.lt(limit))).execute(conn)
}
