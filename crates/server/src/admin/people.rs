//! `solmu people`, `solmu sign-in`: who can sign in, and what they are for the region. For the operator; the first
//! coordinator is appointed here, and whoever does not get mail gets in by a link from here.

use crate::admin::show::time;
use crate::app::App;
use crate::cli::{Appoint, PeopleAction, PositionArgument};
use crate::erasures;
use anyhow::{Context, bail};
use domain::audit::{self, By, Deed, Subject};
use domain::find::{Found, find};
use domain::person::{Account, Appointment, MailAddress, Position, Secret, account, link, position, second_step};
use domain::{Caller, Error, Language, producer};
use serde_json::{Value, json};

/// Lists them, or does what is asked for.
///
/// # Errors
/// When there is no such person or the position cannot be given; those of the database.
pub async fn run(app: &App, action: Option<PeopleAction>, as_json: bool) -> anyhow::Result<()> {
    match action {
        None => list(app, as_json).await,
        Some(PeopleAction::Appoint(arguments)) => appoint(app, arguments).await,
        Some(PeopleAction::Dismiss { position, address }) => {
            let (mail, now) = (read(&address)?, app.state.now());
            let position = of(position);
            let dismiss =
                move |conn: &mut store::Conn| position::dismiss(conn, Caller::Coordinator, position, &mail, now);
            app.state.write(dismiss).await.map_err(|error| told(error, "nobody of this address holds it"))
        }
        Some(PeopleAction::Readdress { old, new }) => {
            let (old, new, now) = (read(&old)?, read(&new)?, app.state.now());
            let readdress = move |conn: &mut store::Conn| {
                let account = account::readdress(conn, Caller::Coordinator, &old, &new, now)?;
                let subject = Subject::account(&account.id);
                Ok(audit::note(conn, &By::OPERATOR, Deed::AddressChanged, &subject, "", now)?)
            };
            app.state.write(readdress).await.map_err(|error| told(error, UNKNOWN))
        }
        Some(PeopleAction::Invite { address, profile, language }) => invite(app, &address, &profile, &language).await,
        Some(PeopleAction::ForgetStep { address }) => {
            let (mail, now) = (read(&address)?, app.state.now());
            let forget = move |conn: &mut store::Conn| {
                let account = second_step::reset(conn, Caller::Coordinator, &mail)?;
                let subject = Subject::account(&account.id);
                Ok(audit::note(conn, &By::OPERATOR, Deed::StepRemoved, &subject, "", now)?)
            };
            app.state
                .write(forget)
                .await
                .map_err(|error| told(error, "nobody of this address has a second step or a passkey"))
        }
        Some(PeopleAction::Remove { address }) => {
            let mail = read(&address)?;
            let find = move |conn: &mut store::Conn| account::find_by_mail(conn, &mail).map_err(Error::from);
            let account = app.state.store.read(find).await?.context(UNKNOWN)?;
            erasures::erase(app, account.id).await
        }
    }
}

const UNKNOWN: &str = "nobody here has this address; `solmu people` lists who there is";

async fn list(app: &App, as_json: bool) -> anyhow::Result<()> {
    let people = app.state.store.read(|conn| {
        let mut people: Vec<(Account, Vec<Position>)> = Vec::new();
        for account in account::all(conn)? {
            let positions = position::of(conn, &account.id)?;
            people.push((account, positions));
        }
        Ok::<_, Error>(people)
    });
    let people = people.await?;
    let words = |positions: &[Position]| -> Vec<&str> { positions.iter().map(|one| one.as_str()).collect() };
    if as_json {
        let row = |(account, positions): &(Account, Vec<Position>)| -> Value {
            json!({"mail": account.mail.as_str(), "name": account.name, "language": account.language.as_str(),
                   "positions": words(positions), "created_at": time(account.created_at),
                   "seen_at": time(account.seen_at)})
        };
        println!("{}", json!({"people": people.iter().map(row).collect::<Vec<_>>()}));
        return Ok(());
    }
    println!("people ({}):", people.len());
    for (account, positions) in &people {
        let positions = words(positions).join(", ");
        let positions = if positions.is_empty() { "no position".to_owned() } else { positions };
        println!("  {}  {}  {positions}  seen {}", account.mail.as_str(), account.name, time(account.seen_at));
    }
    Ok(())
}

async fn appoint(app: &App, arguments: Appoint) -> anyhow::Result<()> {
    let language = spoken(&arguments.language)?;
    let mail = read(&arguments.address)?;
    let new = Appointment { position: of(arguments.position), mail, name: arguments.name, language };
    let now = app.state.now();
    let appoint = move |conn: &mut store::Conn| position::appoint(conn, Caller::Coordinator, &new, now);
    let appointed = app.state.write(appoint).await;
    appointed.map_err(|error| match error {
        Error::Invalid(faults) => {
            anyhow::anyhow!("{}; nobody has this address yet: give --name", Error::Invalid(faults))
        }
        other => other.into(),
    })?;
    Ok(())
}

/// Invites somebody to take over an imported profile.
async fn invite(app: &App, address: &str, profile: &str, language: &str) -> anyhow::Result<()> {
    let (mail, language) = (read(address)?, spoken(language)?);
    let (node, text, now) = (app.node.clone(), profile.to_owned(), app.state.now());
    let invite = move |conn: &mut store::Conn| match find(conn, &node, &text)? {
        Found::Producer(id) => {
            producer::invite(conn, (Caller::Coordinator, &By::OPERATOR), &id, (&mail, language), now)
        }
        _ => Err(Error::NotFound),
    };
    let invited = app.state.write(invite).await.map_err(|error| told(error, "there is no such profile"));
    invited.with_context(|| profile.to_owned())
}

fn spoken(language: &str) -> anyhow::Result<Language> {
    Language::parse(language).with_context(|| format!("--language: `{language}` is none of fi, sv, en"))
}

/// `solmu sign-in`: makes a link and prints it.
///
/// # Errors
/// When nobody has the address; those of the database.
pub async fn sign_in(app: &App, address: &str) -> anyhow::Result<()> {
    let (mail, now, secret) = (read(address)?, app.state.now(), Secret::fresh());
    let new = secret.clone();
    let made = app.state.write(move |conn| {
        let account = account::find_by_mail(conn, &mail)?.ok_or(Error::NotFound)?;
        if !link::make(conn, &account.id, &new, now)? {
            return Ok(None);
        }
        audit::note(conn, &By::OPERATOR, Deed::LinkMade, &Subject::account(&account.id), "", now)?;
        Ok(Some(account))
    });
    match made.await.map_err(|error| told(error, UNKNOWN))? {
        Some(account) => println!("{}", web::sign_in_address(&app.node.origin, account.language, &secret)),
        None => bail!("{} links are good already; the first of them ends within 15 minutes", link::MOST),
    }
    Ok(())
}

fn read(address: &str) -> anyhow::Result<MailAddress> {
    MailAddress::parse(address).with_context(|| format!("`{address}` is no mail address"))
}

fn of(position: PositionArgument) -> Position {
    match position {
        PositionArgument::Coordinator => Position::Coordinator,
        PositionArgument::Deputy => Position::Deputy,
        PositionArgument::DataContact => Position::DataContact,
        PositionArgument::HarassmentContact => Position::HarassmentContact,
    }
}

/// An error in words for the operator; `unknown` when there is nothing of the kind.
fn told(error: Error, unknown: &'static str) -> anyhow::Error {
    match error {
        Error::NotFound => anyhow::anyhow!(unknown),
        other => other.into(),
    }
}
