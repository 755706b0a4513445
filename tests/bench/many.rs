//! A node that has gathered much: a million objects of other regions, a million deliveries that wait.

use crate::ingest::{Senders, take};
use crate::limits::Limits;
use crate::report::{Figure, Goal, micros, millis};
use crate::stage::Stage;
use crate::{Effort, poll, process};
use diesel::connection::SimpleConnection;
use std::time::{Duration, Instant};
use store::{Clock, Conn};
use tokio::net::TcpStream;

/// All of it.
pub async fn measure(effort: Effort, _limits: &Limits) -> Vec<Figure> {
    let senders = Senders::make().await;
    let count = effort.pick(2_000, 6_000);
    let mut stage = Stage::make().await;
    stage.follows(senders.documents());
    stage.serve().await;
    let empty = take(&stage, &senders, &senders.events(&stage, count)).await;
    stage.node.terminate().await;
    stage.fill(|conn| rows(conn, &objects(1_000_000)));
    stage.serve().await;
    let full = take(&stage, &senders, &senders.events(&stage, count)).await;
    let named = |what: &str| format!("ingest beside a million stored objects against none, {what}");
    let ratio = |full: Duration, empty: Duration| full.as_secs_f64() / empty.as_secs_f64();
    let mut figures = vec![
        Figure::new("B8", named("CPU until the 202"), ratio(full.answering, empty.answering), "×")
            .goal(Goal::AtMost(1.3))
            .beside(format!("{:.0} µs against {:.0} µs", micros(full.answering), micros(empty.answering))),
        Figure::new("B8", named("CPU with the effect"), ratio(full.with_effect, empty.with_effect), "×")
            .goal(Goal::AtMost(1.3))
            .beside(format!("{:.0} µs against {:.0} µs", micros(full.with_effect), micros(empty.with_effect))),
    ];
    stage.node.terminate().await;
    figures.push(starts(&mut stage, effort).await);
    stage.fill(|conn| rows(conn, &queued(1_000_000)));
    stage.serve().await;
    poll::rest(Duration::from_secs(effort.pick(5, 15))).await;
    let (now, most) = process::memory(stage.pid());
    figures.push(
        Figure::new("B15", "memory with a million queued deliveries, the most", most, "MiB")
            .goal(Goal::AtMost(64.0))
            .beside(format!("{now:.0} MiB a moment later")),
    );
    figures
}

/// From the start of the process to its first answer, files in the page cache.
async fn starts(stage: &mut Stage, effort: Effort) -> Figure {
    let (mut times, port) = (Vec::new(), stage.port());
    for _ in 0..effort.pick(3, 9) {
        let begun = Instant::now();
        stage.node.begin();
        let request = crate::load::get("localhost", "/healthz", "*/*");
        poll::until("it answers", Duration::from_micros(500), || answers(port, &request)).await;
        times.push(begun.elapsed());
        stage.node.terminate().await;
    }
    times.sort_unstable();
    Figure::new("B9", "start to first 200 with a million objects", millis(times[times.len() / 2]), "ms")
        .goal(Goal::AtMost(50.0))
        .beside(format!("{:.0} … {:.0} ms", millis(times[0]), millis(times[times.len() - 1])))
}

async fn answers(port: u16, request: &[u8]) -> bool {
    if TcpStream::connect(("127.0.0.1", port)).await.is_err() {
        return false;
    }
    crate::load::Line::open(port).await.ask(request).await == 200
}

fn rows(conn: &mut Conn, sql: &str) -> diesel::QueryResult<()> {
    store::each!(conn, c => c.batch_execute(sql))
}

const NUMBERS: &str = "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n <";

/// Events of other regions that are long over, with their rows in the index of ids, in that of words and in the inbox.
fn objects(count: u32) -> String {
    let now = Clock::System.now().as_millis();
    let url = "printf('http://localhost:%d/ap/events/0199d3a4-%04x-7a10-8000-%012x', 1 + n % 19, n % 65536, n)";
    format!(
        "{NUMBERS} {count}) INSERT INTO objects (url, kind, local, author, page, document, former_type, published_at, updated_at)
           SELECT {url}, 'event', 0, printf('http://localhost:%d/ap/actors/1', 1 + n % 19), NULL, NULL, 'Event', {now} - n, {now} - n
           FROM numbers;
         {NUMBERS} {count}) INSERT INTO events (id, url, local, region, origin, page, slug, name, blurb, content, language, starts_at,
             ends_at, zone, status, category, tags, state, created_at, updated_at, published_at, received_at)
           SELECT printf('0199d3a4-%04x-7a10-8000-%012x', n % 65536, n), {url}, 0, '13', printf('localhost:%d', 1 + n % 19), {url},
             printf('kahvit-%d', n), printf('Kahvit %d', n), 'Keskustelua.', '<p>Ohjelmaa ja keskustelua.</p>', 'fi', {now} - 9000000000 - n,
             {now} - 8000000000 - n, 'Europe/Helsinki', 'scheduled', 'MEETING', '[]', 'published', {now} - n, {now} - n, {now} - n, {now} - n
           FROM numbers;
         {NUMBERS} {count}) INSERT INTO searchable (url, kind, moment, updated_at, rules)
           SELECT {url}, 'event', {now} - 9000000000 - n, {now} - n, 1 FROM numbers;
         INSERT INTO search_words (rowid, words)
           SELECT number, printf('f=kahvi keskustelu%d ohjelma%d kind=event', number % 5000, number % 700)
           FROM searchable WHERE moment < {now} - 8000000000;
         {NUMBERS} {count}) INSERT INTO inbox_items (activity, sender, body, state, attempts, next_at, leased_until, received_at, finished_at)
           SELECT {url} || '/activity', printf('http://localhost:%d/ap/actors/1', 1 + n % 19), x'', 'done', 0, {now} - n, 0, {now} - n, {now} - n
           FROM numbers;"
    )
}

/// Deliveries to a thousand hosts that do not answer, to be tried again within a day; a few of them now.
fn queued(count: u32) -> String {
    let now = Clock::System.now().as_millis();
    format!(
        "INSERT INTO activities (url, actor, verb, object, document, listed, published_at)
           SELECT 'http://localhost/queued', url, 'Create', 'http://localhost/object', '{{\"type\":\"Create\"}}', 0, {now}
           FROM actors WHERE local LIMIT 1;
         {NUMBERS} {count}) INSERT INTO deliveries (activity, actor, inbox, host, topic, state, attempts, next_at, leased_until, created_at)
           SELECT 'http://localhost/queued', (SELECT actor FROM activities WHERE url = 'http://localhost/queued'),
             printf('http://localhost:%d/inbox/%d', 1 + n % 1000, n), printf('localhost:%d', 1 + n % 1000), printf('http://localhost/object/%d', n),
             'waiting', 3,
             {now} + 86400000 * (n % 100 > 0), 0, {now} - n
           FROM numbers;"
    )
}
