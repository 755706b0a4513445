//! What somebody does with the own profile: writes it, and decides field by field what of it is published.
//!
//! Invariant: everything here is the person's own, known by the account; whatever is written stays inside the node until a
//! consent says otherwise, and the first publication is the coordinator's ([`super::publish`]). After each action the world sees
//! what the consents allow ([`super::actions`]).

use super::actions::{blank, filled, settle};
use super::picture::{self, Portrait, Remade};
use super::queries::{self, HIDDEN, KEPT, ProducerRow};
use super::rules::{self, NewProducer};
use super::types::ProducerView;
use super::work::{self, Period, Piece, Work};
use crate::check::Checks;
use crate::person::texts::{self, Text};
use crate::person::{self, Consent, Field};
use crate::view::PUBLISHED;
use crate::{Error, Language, Node, html, json, message};
use std::collections::BTreeSet;
use store::id::{AccountId, ActivityUrl, ProducerId};
use store::{Conn, Timestamp};
use vocab::SafeHtml;

/// What somebody writes about the own work, as it was typed.
#[derive(Clone, Default, PartialEq)]
pub struct Told {
    /// The name the person works under.
    pub name: String,
    /// One line about the work; may be empty, as all that follows.
    pub headline: String,
    /// A few paragraphs, plain text.
    pub bio: String,
    /// The municipality.
    pub municipality: String,
    /// Working languages (BCP 47).
    pub languages: Vec<String>,
    /// Some of [`super::FIELDS`].
    pub fields: Vec<String>,
    /// Links.
    pub links: Vec<String>,
    /// Whether the person also works remotely.
    pub remote: bool,
    /// Ids of occupations.
    pub titles: Vec<String>,
    /// Codes of the regions that the person works for.
    pub regions: Vec<String>,
    /// Some of [`crate::engagement::ENGAGEMENTS`].
    pub engagement: Vec<String>,
}

/// How far a profile is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Its person writes it.
    Private,
    /// Its person has asked for it to be published, at this moment.
    Asked(Timestamp),
    /// The coordinator has given it back, for this reason.
    Returned(String),
    /// It is published.
    Published,
    /// It was published, and its person is leaving.
    Hidden,
}

/// The own profile, whole, for the pages of its person.
pub struct Own {
    /// Its id.
    pub id: ProducerId,
    /// How far it is.
    pub standing: Standing,
    /// What was written.
    pub told: Told,
    /// Ids of skills.
    pub skills: Vec<String>,
    /// Levels, free time, what was done.
    pub work: Work,
    /// The picture.
    pub picture: Option<Portrait>,
    /// The fields that may be published.
    pub consented: BTreeSet<Field>,
    /// What others see, or will see once it is published; nothing while the name may not be shown.
    pub view: Option<ProducerView>,
}

/// The own profile of an account.
///
/// # Errors
/// Those of the database.
pub fn find(conn: &mut Conn, account: &AccountId) -> diesel::QueryResult<Option<Own>> {
    let row = queries::find_by_account(conn, account)?;
    row.map(|row| of_row(conn, row)).transpose()
}

/// A profile of this node, whole.
pub(super) fn of_row(conn: &mut Conn, row: ProducerRow) -> diesel::QueryResult<Own> {
    let consented = person::consented_fields(conn, &row.id)?;
    let standing = match (row.asked_at, &row.returned) {
        _ if row.is_published() => Standing::Published,
        _ if row.has_actor() => Standing::Hidden,
        (Some(at), _) => Standing::Asked(at),
        (None, Some(reason)) => Standing::Returned(reason.clone()),
        (None, None) => Standing::Private,
    };
    let (work, list) = (json::read::<Work>(&row.work), |column: &str| -> Vec<String> { json::read(column) });
    Ok(Own {
        id: row.id.clone(),
        standing,
        told: Told {
            name: row.name.clone(),
            headline: row.headline.clone().unwrap_or_default(),
            bio: row.bio.as_deref().map(|bio| SafeHtml::clean(bio).to_text()).unwrap_or_default(),
            municipality: row.municipality.clone().unwrap_or_default(),
            languages: list(&row.languages),
            fields: list(&row.fields),
            links: list(&row.links),
            remote: row.remote,
            titles: work.titles.clone(),
            regions: work.regions.clone(),
            engagement: work.engagement.clone(),
        },
        skills: list(&row.skills),
        work,
        picture: json::read_optional(row.picture.as_deref()),
        consented: Field::ALL.into_iter().filter(|field| consented.allows(*field)).collect(),
        view: queries::view(row, &consented),
    })
}

/// Writes the profile, for the first time or anew.
///
/// # Errors
/// [`Error::Invalid`] with all that is wrong, under the names of the import format.
pub fn describe(
    conn: &mut Conn,
    node: &Node,
    account: &AccountId,
    told: &Told,
    now: Timestamp,
) -> Result<Option<ActivityUrl>, Error> {
    let known = queries::find_by_account(conn, account)?;
    let skills = known.as_ref().map(|row| json::read(&row.skills)).unwrap_or_default();
    let before: Work = known.as_ref().map(|row| json::read(&row.work)).unwrap_or_default();
    let new = read(told, skills);
    let (titles, regions) = (told.titles.clone(), told.regions.clone());
    let work = Work { titles, regions, engagement: told.engagement.clone(), ..before };
    let mut faults = rules::check(&new);
    faults.extend(work::check(&work));
    Error::if_any(faults)?;
    let work = json::written(&work);
    match known {
        Some(row) => {
            let row = filled(row, &new);
            change(conn, node, ProducerRow { work, ..row }, now)
        }
        None => {
            let row = blank(conn, node, &new, now)?;
            let row = ProducerRow { account: Some(account.clone()), work, ..filled(row, &new) };
            queries::insert(conn, &row)?;
            Ok(None)
        }
    }
}

fn read(told: &Told, skills: Vec<String>) -> NewProducer {
    let line = |text: &str| Some(vocab::text::line(text, 1_000)).filter(|text| !text.is_empty());
    NewProducer {
        name: vocab::text::line(&told.name, 1_000),
        headline: line(&told.headline),
        bio: Some(told.bio.trim()).filter(|bio| !bio.is_empty()).map(html::from_text),
        municipality: line(&told.municipality),
        skills,
        languages: told.languages.clone(),
        fields: told.fields.clone(),
        links: told.links.clone(),
        remote: told.remote,
        username: None,
    }
}

/// Says which skills the person has, and how well.
///
/// # Errors
/// [`Error::Refused`] before there is a profile; [`Error::Invalid`].
pub fn set_skills(
    conn: &mut Conn,
    node: &Node,
    account: &AccountId,
    skills: &[(String, Option<u8>)],
    now: Timestamp,
) -> Result<Option<ActivityUrl>, Error> {
    let row = written(conn, account)?;
    let before: Work = json::read(&row.work);
    let known: Vec<(String, Option<u8>)> = skills
        .iter()
        .map(|(word, level)| (crate::skill::find(word).map_or(word.clone(), |skill| skill.id.clone()), *level))
        .collect();
    let ids = crate::check::each_once(known.iter().map(|(id, _)| id.clone()).collect());
    Error::if_any(rules::check_skills(&ids))?;
    let levels =
        known.into_iter().filter_map(|(id, level)| Some((id, level.filter(|one| work::LEVELS.contains(one))?)));
    let work = Work { levels: levels.collect(), ..before };
    change(conn, node, ProducerRow { skills: json::written(&ids), work: json::written(&work), ..row }, now)
}

/// Says when the person has time and what was done.
///
/// # Errors
/// [`Error::Refused`] before there is a profile; [`Error::Invalid`].
pub fn set_work(
    conn: &mut Conn,
    node: &Node,
    account: &AccountId,
    availability: &[Period],
    portfolio: &[Piece],
    now: Timestamp,
) -> Result<Option<ActivityUrl>, Error> {
    let row = written(conn, account)?;
    let before: Work = json::read(&row.work);
    let work = Work { availability: availability.to_vec(), portfolio: portfolio.to_vec(), ..before };
    Error::if_any(work::check(&work))?;
    change(conn, node, ProducerRow { work: json::written(&work), ..row }, now)
}

/// Shows a picture, or none. Who cannot see it is told what it shows.
///
/// # Errors
/// [`Error::Refused`] before there is a profile; [`Error::Invalid`] without a text.
pub fn set_picture(
    conn: &mut Conn,
    node: &Node,
    account: &AccountId,
    picture: Option<(&Remade, &str)>,
    now: Timestamp,
) -> Result<Option<ActivityUrl>, Error> {
    let row = written(conn, account)?;
    let kept = match picture {
        None => None,
        Some((remade, alt)) => {
            let alt = vocab::text::line(alt, 1_000);
            let mut checks = Checks::default();
            checks.text("alt", &alt, 3..=300);
            Error::if_any(checks.found())?;
            Some((remade, alt))
        }
    };
    picture::remove_of(conn, &row.id)?;
    let portrait = kept.map(|(remade, alt)| picture::keep(conn, &row.id, remade, &alt, now)).transpose()?;
    let picture = portrait.as_ref().map(json::written);
    change(conn, node, ProducerRow { picture, ..row }, now)
}

/// Makes the fields that may be published exactly these. What is new is noted with the text that was shown; what is not there
/// any more is taken back, and goes from everywhere at once.
///
/// # Errors
/// [`Error::Refused`] before there is a profile.
pub fn consent(
    conn: &mut Conn,
    node: &Node,
    account: &AccountId,
    fields: &BTreeSet<Field>,
    language: Language,
    now: Timestamp,
) -> Result<Option<ActivityUrl>, Error> {
    let row = written(conn, account)?;
    let given = Consent {
        fields: fields.clone(), // `record` passes over what is in force already
        text: texts::version(Text::Publication).to_owned(),
        channel: "web".to_owned(),
        given: now,
        shown: Some(texts::shown(Text::Publication, language)),
    };
    let taken_back: BTreeSet<Field> = Field::ALL.into_iter().filter(|field| !fields.contains(field)).collect();
    person::withdraw(conn, &row.id, &taken_back, now)?;
    person::record(conn, &row.id, &given)?;
    let asked_at = row.asked_at.filter(|_| fields.contains(&Field::Name));
    let row = ProducerRow { asked_at, ..row };
    queries::save(conn, &row)?;
    settle(conn, node, row, now)
}

/// Asks the coordinator to publish the profile.
///
/// # Errors
/// [`Error::Refused`] before there is a profile, without consent to the name, and when it is published.
pub fn ask(conn: &mut Conn, account: &AccountId, now: Timestamp) -> Result<(), Error> {
    let row = written(conn, account)?;
    if row.has_actor() {
        return Err(Error::refused(message::ALREADY_PUBLISHED));
    }
    if !person::consented_fields(conn, &row.id)?.allows(Field::Name) {
        return Err(Error::refused(message::NO_CONSENT));
    }
    let asked_at = row.asked_at.or(Some(now));
    queries::save(conn, &ProducerRow { asked_at, returned: None, ..row })?;
    Ok(())
}

/// Shows the profile to nobody, without deleting anything: its person may come back. Who has it gets an `Update` that says
/// nothing.
///
/// # Errors
/// Those of the database.
pub(crate) fn hide(conn: &mut Conn, node: &Node, account: &AccountId, now: Timestamp) -> Result<(), Error> {
    let Some(row) = queries::find_by_account(conn, account)? else { return Ok(()) };
    let row = ProducerRow { asked_at: None, ..row };
    if !row.is_published() {
        queries::save(conn, &row)?;
        return Ok(());
    }
    queries::save(conn, &ProducerRow { state: HIDDEN.to_owned(), ..row.clone() })?;
    super::actions::empty_actor(conn, node, &row, now)?;
    Ok(())
}

/// Shows again what [`hide`] has hidden.
///
/// # Errors
/// Those of the database.
pub(crate) fn show_again(conn: &mut Conn, node: &Node, account: &AccountId, now: Timestamp) -> Result<(), Error> {
    let Some(row) = queries::find_by_account(conn, account)? else { return Ok(()) };
    if row.state == HIDDEN {
        let row = ProducerRow { state: PUBLISHED.to_owned(), ..row };
        queries::save(conn, &row)?;
        settle(conn, node, row, now)?;
    }
    Ok(())
}

fn written(conn: &mut Conn, account: &AccountId) -> Result<ProducerRow, Error> {
    queries::find_by_account(conn, account)?.ok_or_else(|| Error::refused(message::PROFILE_INCOMPLETE))
}

fn change(conn: &mut Conn, node: &Node, row: ProducerRow, now: Timestamp) -> Result<Option<ActivityUrl>, Error> {
    let updated_at = if row.state == KEPT { now } else { row.updated_at };
    let row = ProducerRow { updated_at, ..row };
    queries::save(conn, &row)?;
    settle(conn, node, row, now)
}

#[cfg(test)]
pub(crate) mod tests;
