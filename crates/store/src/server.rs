//! Databases on a PostgreSQL server: made and dropped for demos and tests, never for a node in use.

use crate::{DatabaseUrl, Error};
use diesel::PgConnection;
use diesel::connection::{Connection, SimpleConnection};

/// Makes an empty database on the server that `server` connects to, and gives its URL. The name must be new.
///
/// # Errors
/// [`Error::Open`] in words: no PostgreSQL URL, a name that is no plain word, a server that refuses.
pub fn create_database(server: &str, name: &str) -> Result<DatabaseUrl, Error> {
    create(server, name, "")
}

/// [`create_database`] as a copy of another one there, to which nobody may be connected. PostgreSQL 15 or newer.
///
/// # Errors
/// As there.
#[cfg(feature = "testing")]
pub fn copy_database(server: &str, template: &str, name: &str) -> Result<DatabaseUrl, Error> {
    create(server, name, &format!("TEMPLATE {template} STRATEGY FILE_COPY"))
}

fn create(server: &str, name: &str, options: &str) -> Result<DatabaseUrl, Error> {
    let mut url = url::Url::parse(server).map_err(|error| Error::Open(format!("the server's URL: {error}")))?;
    if !matches!(url.scheme(), "postgres" | "postgresql") {
        return Err(Error::Open("the server's URL must begin with postgres://".to_owned()));
    }
    run(server, name, "CREATE DATABASE", options)?;
    url.set_path(name);
    Ok(DatabaseUrl::Postgres(url.into()))
}

/// Drops a database and ends its connections. One that is not there is no error.
///
/// # Errors
/// [`Error::Open`] in words.
pub fn drop_database(server: &str, name: &str) -> Result<(), Error> {
    run(server, name, "DROP DATABASE IF EXISTS", "WITH (FORCE)")
}

fn run(server: &str, name: &str, verb: &str, options: &str) -> Result<(), Error> {
    let plain = !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if !plain {
        return Err(Error::Open(format!("`{name}` is no plain database name")));
    }
    let mut admin = PgConnection::establish(server).map_err(|error| Error::Open(error.to_string()))?;
    admin.batch_execute(&format!("{verb} {name} {options}")).map_err(|error| Error::Open(format!("{name}: {error}")))
}
