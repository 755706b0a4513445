//! The search across everything, beside a hundred thousand things: each question asked once, so that nothing is kept.
//!
//! The things are events with words as they are met in texts: few in almost every one, most in a few. They are put into the
//! index as after an upgrade, by the program's own job.

use crate::harness::Database;
use crate::limits::Limits;
use crate::load::{fire, get};
use crate::report::{Figure, Goal, millis};
use crate::stage::Stage;
use crate::{Effort, harness, process};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use domain::reindex;
use std::sync::Arc;
use std::time::Instant;
use store::Conn;
use store::schema::events;

/// Words that texts of this field have, from the most frequent on; each is bent in some way.
const COMMON: [&str; 24] = [
    "tapahtuma",
    "kulttuuri",
    "kaupunki",
    "tuottaja",
    "musiikki",
    "ilta",
    "klubi",
    "taide",
    "yhdistys",
    "nuoret",
    "lapset",
    "festivaali",
    "konsertti",
    "näyttely",
    "teatteri",
    "tanssi",
    "työpaja",
    "keskustelu",
    "verkosto",
    "rahoitus",
    "kirjasto",
    "Jyväskylä",
    "Tampere",
    "kesä",
];
const ENDINGS: [&str; 8] = ["", "n", "ssa", "sta", "lle", "t", "ja", "kin"];
const SYLLABLES: [&str; 20] = [
    "ka", "ta", "ku", "va", "li", "so", "mi", "pe", "ro", "hä", "kö", "ni", "tu", "ja", "sä", "ri", "lo", "me", "sa",
    "vy",
];
/// Words of one text.
const WORDS: u64 = 60;

/// All of it.
pub async fn measure(effort: Effort, _limits: &Limits) -> Vec<Figure> {
    let mut figures = on(Database::Sqlite, "SQLite", effort).await;
    figures.extend(on(Database::Postgres, "PostgreSQL", effort).await);
    figures
}

async fn on(database: Database, name: &str, effort: Effort) -> Vec<Figure> {
    let things = effort.pick(20_000, 100_000);
    let mut stage = Stage::on(database).await;
    stage.node.import_bundle(&harness::event("siemen", "Siemen", "Siemen.")).await;
    stage.fill(|conn| multiply(conn, things));
    let begun = Instant::now();
    index(&stage);
    let indexed = begun.elapsed();
    stage.serve().await;
    let host = stage.node.host();
    let mut figures = vec![Figure::new(
        "B13",
        format!("{things} things put into the index of {name}, one"),
        indexed.as_secs_f64() * 1e6 / things as f64,
        "µs",
    )];
    for (what, questions) in [
        ("words, bent", words()),
        ("two words", pairs()),
        ("beginnings of words", beginnings()),
        ("words of one kind and region", narrowed()),
    ] {
        let shots: Vec<Vec<u8>> = questions.iter().map(|question| get(&host, question, "text/html")).collect();
        let count = shots.len();
        let load = fire(stage.port(), 1, &Arc::new(shots), count).await;
        load.must_all_be(200);
        let named = |share: &str| format!("search beside {things} things on {name}, {what}, {share}");
        figures.push(Figure::new("B13", named("p50"), millis(load.within(0.5)), "ms"));
        figures.push(
            Figure::new("B13", named("p99"), millis(load.within(0.99)), "ms")
                .goal(Goal::AtMost(50.0))
                .beside(format!("{count} questions, each asked once")),
        );
    }
    figures.push(Figure::new(
        "B15",
        format!("memory after searches on {name}, the most"),
        process::memory(stage.pid()).1,
        "MiB",
    ));
    figures
}

/// A number like any other, always the same for the same seed (SplitMix64).
fn scattered(seed: u64) -> u64 {
    let mut z = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// A word of a text: every other one is common, and of those the first are met most.
fn word(seed: u64) -> String {
    let luck = scattered(seed);
    if luck & 1 == 0 {
        let rank = ((luck >> 8) % 24).min((luck >> 16) % 24).min((luck >> 24) % 24);
        return format!("{}{}", COMMON[rank as usize], ENDINGS[(luck >> 40) as usize % ENDINGS.len()]);
    }
    let rare = (luck >> 8) % 8_000;
    let syllables = 2 + rare % 3;
    (0..syllables).map(|at| SYLLABLES[scattered(rare * 7 + at) as usize % SYLLABLES.len()]).collect()
}

/// Copies of the one event that is there, each with words of its own.
fn multiply(conn: &mut Conn, things: u64) -> QueryResult<()> {
    const COLUMNS: &str = "local, region, origin, page, blurb, language, starts_at, ends_at, zone, status, category, place, \
         locality, online_url, participation_url, capacity, picture, tags, organiser, state, created_at, updated_at, \
         published_at, received_at";
    let seed: String = events::table.filter(events::slug.eq("siemen")).select(events::id).first(conn)?;
    let copy = format!(
        "INSERT INTO events (id, url, slug, name, content, {COLUMNS}) \
         SELECT $1, $2, $3, $4, $5, {} FROM events WHERE id = $7",
        COLUMNS.replace("starts_at, ends_at", "starts_at + $6 * 3600000, ends_at + $6 * 3600000"),
    );
    for thing in 0..things {
        let words: Vec<String> = (0..WORDS).map(|at| word(thing * WORDS + at)).collect();
        let hours = i64::try_from(thing % 5_000).unwrap_or(0);
        let row = diesel::sql_query(&copy)
            .bind::<Text, _>(format!("m{thing:08}"))
            .bind::<Text, _>(format!("https://mitta.example/ap/events/{thing}"))
            .bind::<Text, _>(format!("mitta-{thing}"))
            .bind::<Text, _>(words[..4].join(" "))
            .bind::<Text, _>(format!("<p>{}</p>", words[4..].join(" ")))
            .bind::<BigInt, _>(hours)
            .bind::<Text, _>(&seed);
        store::each!(conn, c => row.execute(c))?;
    }
    Ok(())
}

fn index(stage: &Stage) {
    let mut place = Some(reindex::Place::default());
    while let Some(at) = place {
        let done = stage.store.write_now(|conn| {
            let part = reindex::look(conn, &at)?;
            reindex::put(conn, &part)?;
            Ok::<_, domain::Error>(part.next)
        });
        place = done.unwrap();
    }
}

fn asked(query: &str) -> String {
    let encoded: String = url::form_urlencoded::byte_serialize(query.as_bytes()).collect();
    format!("/search?q={encoded}")
}

fn words() -> Vec<String> {
    let bent = COMMON.iter().flat_map(|word| ENDINGS.iter().map(move |ending| asked(&format!("{word}{ending}"))));
    bent.chain((0..200).map(|seed| asked(&word(1_000_000_007 + seed)))).collect()
}

fn pairs() -> Vec<String> {
    let two = |seed: u64| asked(&format!("{} {}", word(seed * 2 + 77_000_001), word(seed * 2 + 77_000_002)));
    (0..300).map(two).collect()
}

/// Also of letters that most words begin with. "tai" is no beginning but a word of its own, by which nobody can search.
fn beginnings() -> Vec<String> {
    let letters = SYLLABLES.iter().flat_map(|first| SYLLABLES.iter().map(move |second| format!("{first}{second}")));
    let few = COMMON.iter().flat_map(|word| {
        let letters: Vec<char> = word.chars().collect();
        (3..letters.len()).map(move |end| letters[..end].iter().collect::<String>()).collect::<Vec<_>>()
    });
    letters.step_by(3).chain(few).filter(|beginning| beginning != "tai").map(|beginning| asked(&beginning)).collect()
}

fn narrowed() -> Vec<String> {
    let of = |word: &&str, kind: &str, region: &str| format!("{}&kind={kind}&region={region}", asked(word));
    let kinds = [("event", "06"), ("event", "13"), ("task", "06"), ("producer", "06")];
    COMMON.iter().flat_map(|word| kinds.map(|(kind, region)| of(word, kind, region))).collect()
}
