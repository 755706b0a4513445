//! Conditions that are written out in SQL, for partial indexes.
//!
//! SQLite uses a partial index only for a condition that it can read when it plans. For `state = ?` it looks at the value,
//! and from then on plans anew each time the statement is run (`sqlite3_reprepare`), which costs more than running it.
//! Diesel's own `sql` is not it either: a statement with it in is never kept.

use diesel::QueryResult;
use diesel::backend::Backend;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::Bool;

/// A condition of fixed text. It is the author's to see that its columns exist where it stands.
#[derive(Debug, Clone, Copy)]
pub struct Spelt(&'static str);

/// A condition as it is written.
#[must_use]
pub const fn spelt(condition: &'static str) -> Spelt {
    Spelt(condition)
}

impl Expression for Spelt {
    type SqlType = Bool;
}

impl<DB: Backend> QueryFragment<DB> for Spelt {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql(self.0);
        Ok(())
    }
}

/// Statements are told apart by their text.
impl QueryId for Spelt {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<QS> AppearsOnTable<QS> for Spelt {}

impl<QS> SelectableExpression<QS> for Spelt {}

impl<GB> ValidGrouping<GB> for Spelt {
    type IsAggregate = is_aggregate::Never;
}
