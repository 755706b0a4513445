//! Whose database this is. A node's name is in every id that it has ever given out, so a database that was filled under
//! one name must not be served under another.

use anyhow::bail;
use diesel::prelude::*;
use domain::{Node, Role};
use store::schema::node;
use store::{Conn, Store, Timestamp, each};

/// Writes the node's name into a fresh database, or checks it in one that has data.
///
/// # Errors
/// When the data is another node's.
pub async fn claim(store: &Store, ours: &Node, now: Timestamp) -> anyhow::Result<()> {
    let known = store.read(|conn| owner(conn).optional().map_err(store::Error::from)).await?;
    let owner = match known {
        Some(known) => known,
        None => {
            let wanted = ours.clone();
            let claim = move |conn: &mut Conn| {
                let row = (
                    node::id.eq(1),
                    node::domain.eq(wanted.origin.host()),
                    node::role.eq(role_word(wanted.role)),
                    node::region.eq(wanted.region.code()),
                    node::created_at.eq(now),
                );
                each!(conn, c => diesel::insert_into(node::table).values(row).on_conflict_do_nothing().execute(c))?;
                owner(conn).map_err(store::Error::from)
            };
            store.write(claim).await?
        }
    };
    if owner.0 != ours.origin.host() {
        bail!(
            "this database is the one of {}, not of {}: the name is part of every id and cannot be changed. \
             Set `domain` back, or point `database.url` to another database",
            owner.0,
            ours.origin.host()
        );
    }
    if owner.1 != ours.region.code() {
        bail!("this database was made for region {}, not {}: set `region` back", owner.1, ours.region.code());
    }
    Ok(())
}

/// Domain and code of the region.
fn owner(conn: &mut Conn) -> QueryResult<(String, String)> {
    node::table.select((node::domain, node::region)).first(conn)
}

/// The role as the configuration and `status` write it.
pub fn role_word(role: Role) -> &'static str {
    match role {
        Role::Region => "region",
        Role::National => "national",
    }
}
