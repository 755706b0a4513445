//! Reads a schema back from a database, or from `store::schema`, in one form that can be compared.

use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable, Text};
use std::collections::{BTreeMap, BTreeSet};
use store::DatabaseUrl;

/// A column: its name, what it holds, whether it may be empty.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Clone)]
pub struct Column {
    pub name: String,
    pub class: Class,
    pub nullable: bool,
}

/// What both databases can hold. SQLite keeps the declared name; PostgreSQL its own.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Clone, Copy)]
pub enum Class {
    Text,
    Bytes,
    Bool,
    Small,
    Int,
    Big,
}

/// An index that was made by name, or the one behind a `UNIQUE` column, named by its columns.
#[derive(Debug, PartialEq, Eq, Clone)]
pub struct Index {
    pub columns: Vec<String>,
    pub unique: bool,
    pub condition: Option<String>,
}

/// A table.
#[derive(Debug, PartialEq, Eq, Default)]
pub struct Table {
    pub columns: Vec<Column>,
    pub primary_key: Vec<String>,
    pub counts_up: bool,
    pub indexes: BTreeMap<String, Index>,
    /// Column, table, column.
    pub references: BTreeSet<(String, String, String)>,
}

/// All tables but diesel's own and the index of words.
pub type Schema = BTreeMap<String, Table>;

const STEPS: &str = "__diesel_schema_migrations";
/// The index of words, and on SQLite the tables that it consists of. It is made in the own way of each database; that both
/// answer the same is tested by `domain`.
const WORDS: &str = "search_words";

/// The steps that were applied, oldest first.
pub fn applied(url: &DatabaseUrl) -> Vec<String> {
    #[derive(QueryableByName)]
    struct Step {
        #[diesel(sql_type = Text)]
        version: String,
    }
    let query = diesel::sql_query(format!("SELECT version FROM {STEPS} ORDER BY version"));
    let steps: Vec<Step> = match url {
        DatabaseUrl::Sqlite(path) => query.load(&mut sqlite(path)).unwrap(),
        DatabaseUrl::Postgres(url) => query.load(&mut postgres(url)).unwrap(),
    };
    steps.into_iter().map(|step| step.version).collect()
}

/// The schema of a database.
pub fn of(url: &DatabaseUrl) -> Schema {
    match url {
        DatabaseUrl::Sqlite(path) => of_sqlite(&mut sqlite(path)),
        DatabaseUrl::Postgres(url) => of_postgres(&mut postgres(url)),
    }
}

fn sqlite(path: &std::path::Path) -> SqliteConnection {
    SqliteConnection::establish(path.to_str().unwrap()).unwrap()
}

fn postgres(url: &str) -> PgConnection {
    PgConnection::establish(url).unwrap()
}

#[derive(QueryableByName)]
struct Named {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Nullable<Text>)]
    text: Option<String>,
}

#[derive(QueryableByName)]
struct ColumnRow {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    declared: String,
    #[diesel(sql_type = Bool)]
    nullable: bool,
    #[diesel(sql_type = Bool)]
    counts_up: bool,
}

#[derive(QueryableByName)]
struct IndexRow {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    columns: String,
    #[diesel(sql_type = Bool)]
    is_unique: bool,
    #[diesel(sql_type = Bool)]
    is_primary: bool,
    /// It stands behind a constraint, so its name was not chosen by us.
    #[diesel(sql_type = Bool)]
    nameless: bool,
    #[diesel(sql_type = Nullable<Text>)]
    condition: Option<String>,
}

#[derive(QueryableByName)]
struct ReferenceRow {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    to_table: String,
    #[diesel(sql_type = Text)]
    to_column: String,
}

fn of_sqlite(conn: &mut SqliteConnection) -> Schema {
    let tables: Vec<Named> = diesel::sql_query(format!(
        "SELECT name, sql AS text FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> '{STEPS}' \
         AND name NOT LIKE '{WORDS}%'"
    ))
    .load(conn)
    .unwrap();
    let columns: Vec<ColumnRow> = diesel::sql_query(
        "SELECT t.name AS table_name, c.name AS name, c.type AS declared, c.\"notnull\" = 0 AS nullable, \
         c.pk > 0 AND t.sql LIKE '%AUTOINCREMENT%' AS counts_up \
         FROM sqlite_master t JOIN pragma_table_info(t.name) c WHERE t.type = 'table' ORDER BY t.name, c.cid",
    )
    .load(conn)
    .unwrap();
    let keys: Vec<Named> = diesel::sql_query(
        "SELECT t.name AS name, c.name AS text FROM sqlite_master t JOIN pragma_table_info(t.name) c \
         WHERE t.type = 'table' AND c.pk > 0 ORDER BY t.name, c.pk",
    )
    .load(conn)
    .unwrap();
    let indexes: Vec<IndexRow> = diesel::sql_query(
        "SELECT t.name AS table_name, i.name AS name, i.\"unique\" = 1 AS is_unique, i.origin = 'pk' AS is_primary, \
         i.origin <> 'c' AS nameless, \
         (SELECT group_concat(name, ',') FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno)) AS columns, \
         (SELECT sql FROM sqlite_master m WHERE m.name = i.name AND m.sql LIKE '% WHERE %') AS condition \
         FROM sqlite_master t JOIN pragma_index_list(t.name) i WHERE t.type = 'table'",
    )
    .load(conn)
    .unwrap();
    let references: Vec<ReferenceRow> = diesel::sql_query(
        "SELECT t.name AS table_name, f.\"from\" AS name, f.\"table\" AS to_table, f.\"to\" AS to_column \
         FROM sqlite_master t JOIN pragma_foreign_key_list(t.name) f WHERE t.type = 'table'",
    )
    .load(conn)
    .unwrap();
    let mut schema: Schema = tables.iter().map(|table| (table.name.clone(), Table::default())).collect();
    for key in keys {
        if let Some(table) = schema.get_mut(&key.name) {
            table.primary_key.extend(key.text);
        }
    }
    fill(schema, columns, indexes, references)
}

fn of_postgres(conn: &mut PgConnection) -> Schema {
    let columns: Vec<ColumnRow> = diesel::sql_query(format!(
        "SELECT table_name::text, column_name::text AS name, data_type::text AS declared, is_nullable = 'YES' AS nullable, \
         is_identity = 'YES' AS counts_up FROM information_schema.columns \
         WHERE table_schema = 'public' AND table_name NOT IN ('{STEPS}', '{WORDS}') ORDER BY table_name, ordinal_position"
    ))
    .load(conn)
    .unwrap();
    let indexes: Vec<IndexRow> = diesel::sql_query(format!(
        "SELECT t.relname::text AS table_name, i.relname::text AS name, x.indisunique AS is_unique, \
         x.indisprimary AS is_primary, EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.oid AND c.contype IN ('p', 'u')) AS nameless, \
         array_to_string(ARRAY(SELECT a.attname FROM unnest(x.indkey) WITH ORDINALITY AS k(number, place) \
           JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.number ORDER BY k.place), ',') AS columns, \
         pg_get_expr(x.indpred, x.indrelid) AS condition \
         FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid \
         JOIN pg_namespace n ON n.oid = t.relnamespace WHERE n.nspname = 'public' AND t.relname NOT IN ('{STEPS}', '{WORDS}')"
    ))
    .load(conn)
    .unwrap();
    let references: Vec<ReferenceRow> = diesel::sql_query(
        "SELECT t.relname::text AS table_name, a.attname::text AS name, o.relname::text AS to_table, b.attname::text AS to_column \
         FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_class o ON o.oid = c.confrelid \
         JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = c.conkey[1] \
         JOIN pg_attribute b ON b.attrelid = o.oid AND b.attnum = c.confkey[1] WHERE c.contype = 'f'",
    )
    .load(conn)
    .unwrap();
    let mut schema = Schema::new();
    for column in &columns {
        schema.entry(column.table_name.clone()).or_default();
    }
    for key in indexes.iter().filter(|index| index.is_primary) {
        let table = schema.get_mut(&key.table_name).unwrap();
        table.primary_key = key.columns.split(',').map(str::to_owned).collect();
    }
    fill(schema, columns, indexes, references)
}

fn fill(mut schema: Schema, columns: Vec<ColumnRow>, indexes: Vec<IndexRow>, references: Vec<ReferenceRow>) -> Schema {
    for column in columns {
        let Some(table) = schema.get_mut(&column.table_name) else { continue };
        table.counts_up |= column.counts_up;
        // SQLite's row number is 64 bits wide whatever `INTEGER` says elsewhere.
        let class = if column.counts_up { Class::Big } else { declared(&column.declared) };
        table.columns.push(Column { name: column.name, class, nullable: column.nullable });
    }
    for index in indexes.into_iter().filter(|index| !index.is_primary) {
        let Some(table) = schema.get_mut(&index.table_name) else { continue };
        let name = if index.nameless { format!("unique ({})", index.columns) } else { index.name };
        let condition = index.condition.as_deref().map(condition);
        let columns = index.columns.split(',').map(str::to_owned).collect();
        table.indexes.insert(name, Index { columns, unique: index.is_unique, condition });
    }
    for reference in references {
        let Some(table) = schema.get_mut(&reference.table_name) else { continue };
        table.references.insert((reference.name, reference.to_table, reference.to_column));
    }
    schema
}

fn declared(name: &str) -> Class {
    match name.to_ascii_lowercase().as_str() {
        "text" => Class::Text,
        "blob" | "bytea" => Class::Bytes,
        "boolean" => Class::Bool,
        "smallint" => Class::Small,
        "integer" => Class::Int,
        "bigint" => Class::Big,
        other => panic!("a type that only one of the databases may know: {other}"),
    }
}

/// What follows `WHERE`, without PostgreSQL's parentheses and casts.
fn condition(sql: &str) -> String {
    let after = sql.rsplit_once(" WHERE ").map_or(sql, |(_, after)| after);
    after.replace("::text", "").replace(['(', ')'], "")
}

/// The tables of `crates/store/src/schema.rs` and of its parts: name, key and columns in order.
pub fn in_code() -> BTreeMap<String, (Vec<String>, Vec<Column>)> {
    let mut tables = BTreeMap::new();
    let files = [
        include_str!("../../crates/store/src/schema.rs"),
        include_str!("../../crates/store/src/schema/desk.rs"),
        include_str!("../../crates/store/src/schema/person.rs"),
    ];
    for block in files.into_iter().flat_map(|file| file.split("diesel::table! {").skip(1)) {
        let mut lines = block.lines().map(str::trim).filter(|line| !line.is_empty());
        let (name, key) = lines.next().unwrap().split_once(" (").unwrap();
        let key = key.trim_end_matches(") {").split(", ").map(str::to_owned).collect();
        let columns = lines.map_while(|line| line.trim_end_matches(',').split_once(" -> ")).map(|(name, kind)| {
            let bare = kind.trim_start_matches("Nullable<").trim_end_matches('>');
            let class = match bare {
                "Text" => Class::Text,
                "Binary" => Class::Bytes,
                "Bool" => Class::Bool,
                "SmallInt" => Class::Small,
                "Integer" => Class::Int,
                "BigInt" => Class::Big,
                other => panic!("{other}"),
            };
            Column { name: name.to_owned(), class, nullable: bare != kind }
        });
        tables.insert(name.to_owned(), (key, columns.collect()));
    }
    tables
}
