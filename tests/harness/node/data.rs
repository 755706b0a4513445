//! What a test does to a node's database behind its back.

use super::{Node, Scratch};

impl Node {
    fn scratch(&self) -> &Scratch {
        self.scratch.as_ref().expect("a node on PostgreSQL")
    }

    /// Ends all connections to its PostgreSQL database, and waits until they are gone.
    pub fn end_connections(&self) {
        self.scratch().end_connections();
    }

    /// Ends all connections to its PostgreSQL database but those that call themselves so (`application_name`).
    pub fn end_connections_except(&self, name: &str) {
        self.scratch().end_connections_except(name);
    }

    /// Whether its PostgreSQL database may be connected to.
    pub fn admit_connections(&self, admitted: bool) {
        self.scratch().admit_connections(admitted);
    }

    /// Takes everything out of its PostgreSQL database.
    pub fn empty_database(&self) {
        self.scratch().empty();
    }

    /// Where its database is, for a test that writes by the same rules as the command line.
    pub fn database(&self) -> store::DatabaseUrl {
        let file = || format!("sqlite:{}", self.path("solmu.db").display());
        self.database.clone().unwrap_or_else(file).parse().unwrap()
    }

    /// Takes everything out of its database, the schema too.
    pub fn forget_everything(&self) {
        match &self.scratch {
            Some(scratch) => scratch.empty(),
            None => {
                for name in ["solmu.db", "solmu.db-wal", "solmu.db-shm"] {
                    let _ = std::fs::remove_file(self.path(name));
                }
            }
        }
    }
}
