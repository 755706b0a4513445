//! Whose database this is. A node's name is in every id that it has ever given out, so a database that was filled under
//! one name must not be served under another.

use anyhow::bail;
use diesel::prelude::*;
use domain::{Node, Role};
use store::schema::node;
use store::{Store, Timestamp, each};

/// Writes the node's name into a fresh database, or checks it in one that has data.
///
/// # Errors
/// When the data is another node's.
pub async fn claim(store: &Store, ours: &Node, now: Timestamp) -> anyhow::Result<()> {
    let wanted = ours.clone();
    let owner: (String, String) = store
        .write(move |conn| {
            let row = (
                node::id.eq(1),
                node::domain.eq(wanted.origin.host()),
                node::role.eq(role_word(wanted.role)),
                node::region.eq(wanted.region.code()),
                node::created_at.eq(now),
            );
            each!(conn, c => diesel::insert_into(node::table).values(row).on_conflict_do_nothing().execute(c))?;
            node::table.select((node::domain, node::region)).first(conn).map_err(store::Error::from)
        })
        .await?;
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

/// The role as the configuration and `status` write it.
pub fn role_word(role: Role) -> &'static str {
    match role {
        Role::Region => "region",
        Role::National => "national",
    }
}
