//! The database of a node under test.

use super::node::postgres_server;

/// Which one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Database {
    /// A file in the node's folder.
    Sqlite,
    /// A database of its own on the tests' PostgreSQL.
    Postgres,
}

/// A database on the tests' PostgreSQL that goes away with the value.
pub struct Scratch {
    name: String,
}

impl Scratch {
    pub fn make() -> Scratch {
        let name = format!("solmu_{}", uuid::Uuid::new_v4().simple());
        store::server::create_database(&postgres_server(), &name).expect("a scratch database");
        Scratch { name }
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn url(&self) -> String {
        let mut url = url::Url::parse(&postgres_server()).unwrap();
        url.set_path(&self.name);
        url.into()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = store::server::drop_database(&postgres_server(), &self.name) {
            eprintln!("the scratch database {} stays: {error}", self.name);
        }
    }
}
