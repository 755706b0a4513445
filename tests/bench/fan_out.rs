//! Publications on their way out: what they cost, and when they arrive.

use crate::limits::Limits;
use crate::load::{self, within};
use crate::report::{Figure, Goal, micros, millis};
use crate::site::{Manner, Sites};
use crate::stage::Stage;
use crate::{Effort, poll, process};
use diesel::prelude::*;
use server::{app::App, config};
use std::time::{Duration, Instant};
use store::schema::deliveries;

const AT_ONCE: Manner = Manner::After(Duration::ZERO);
const SLOW: Manner = Manner::After(Duration::from_millis(100));

/// CPU of a delivery, and memory meanwhile.
pub async fn measure(effort: Effort, limits: &Limits) -> Vec<Figure> {
    let (hosts, publications) = (1000, effort.pick(2, 4));
    let sites = Sites::open(hosts, |_| AT_ONCE).await;
    let mut stage = Stage::make().await;
    stage.followed_by(&sites, 10);
    let names = stage.drafts(publications + 1).await;
    stage.serve().await;
    let cold = publish(&stage, &sites, &names[..1]).await;
    let warm = publish(&stage, &sites, &names[1..]).await;
    let per_core = 1.0 / warm.cpu.as_secs_f64();
    let share = per_core / limits.signatures * 100.0;
    vec![
        Figure::new("B1", "fan-out, CPU of a delivery, 1,000 hosts × 10 followers", micros(warm.cpu), "µs"),
        Figure::new("B1", "fan-out, deliveries of one core against its signatures", share, "%")
            .goal(Goal::AtLeast(80.0))
            .beside(format!("{per_core:.0} deliveries, {:.0} signatures a second", limits.signatures)),
        Figure::new("B1", "fan-out, deliveries a second by the clock", warm.rate, "/s"),
        Figure::new("B1", "fan-out to hosts never met, CPU of a delivery", micros(cold.cpu), "µs"),
        Figure::new("B15", "memory under fan-out, the most", process::memory(stage.pid()).1, "MiB")
            .goal(Goal::AtMost(64.0)),
    ]
}

struct Cost {
    cpu: Duration,
    rate: f64,
}

async fn publish(stage: &Stage, sites: &Sites, names: &[String]) -> Cost {
    sites.forget();
    let (before, begun) = (stage.cpu(), Instant::now());
    for name in names {
        stage.publish(name).await;
    }
    let wanted = sites.hosts.len() * names.len();
    poll::until("all have it", Duration::from_millis(5), || async { sites.count() >= wanted }).await;
    let rate = wanted as f64 / begun.elapsed().as_secs_f64();
    stage.delivered().await;
    assert_eq!(sites.count(), wanted, "somebody got it twice");
    Cost { cpu: (stage.cpu() - before) / u32::try_from(wanted).unwrap(), rate }
}

/// When a publication arrives: at slow hosts, beside silent ones, and at a single one.
pub async fn latency(effort: Effort, _limits: &Limits) -> Vec<Figure> {
    let slow = arrivals(1000, |_| SLOW).await;
    let half = |number: usize| number.is_multiple_of(2);
    let beside_silent = arrivals(1000, move |number| if half(number) { SLOW } else { Manner::Never }).await;
    let share = millis(within(&beside_silent, 0.99)) / millis(within(&slow, 0.99));
    let [from_command, from_request] = first(effort).await;
    let mut figures = vec![
        Figure::new("B2", "1,000 hosts that take 100 ms: the last has it after", millis(within(&slow, 1.0)), "ms")
            .goal(Goal::AtMost(1000.0)),
        Figure::new("B5", "half of them never answer: p99 of the others, times the above", share, "×")
            .goal(Goal::AtMost(1.2)),
    ];
    for (times, how) in [(from_command, "published by `solmu publish`"), (from_request, "answering a Follow")] {
        let named = |share: &str| format!("first follower of an idle node, {how}, {share}");
        figures.push(Figure::new("B3", named("p50"), millis(within(&times, 0.5)), "ms").goal(Goal::AtMost(10.0)));
        figures.push(Figure::new("B3", named("p99"), millis(within(&times, 0.99)), "ms").goal(Goal::AtMost(25.0)));
    }
    figures
}

/// From the end of `solmu publish` to the arrival at each host that answers.
async fn arrivals(hosts: usize, manner: impl Fn(usize) -> Manner) -> Vec<Duration> {
    let sites = Sites::open(hosts, &manner).await;
    let mut stage = Stage::make().await;
    stage.followed_by(&sites, 10);
    let names = stage.drafts(1).await;
    stage.serve().await;
    let answers = |number: usize| manner(number) != Manner::Never;
    let wanted = (0..hosts).filter(|number| answers(*number)).count();
    let begun = stage.publish(&names[0]).await;
    poll::until("all have it", Duration::from_millis(5), || async { sites.count_of(answers) >= wanted }).await;
    sites.since(begun, answers)
}

/// To the single follower of an idle node: from the end of `solmu publish`, and from the 202 to a `Follow` to its `Accept`.
async fn first(effort: Effort) -> [Vec<Duration>; 2] {
    let sites = Sites::open(1, |_| AT_ONCE).await;
    let mut stage = Stage::make().await;
    stage.followed_by(&sites, 1);
    let names = stage.drafts(effort.pick(15, 200)).await;
    stage.serve().await;
    let mut published = Vec::new();
    for name in &names {
        sites.forget();
        let begun = stage.publish(name).await;
        published.push(arrival(&sites, begun).await);
    }
    published.sort_unstable();
    let follows = crate::ingest::follows(&stage, &sites, effort.pick(50, 200));
    let mut answered = Vec::new();
    let mut line = load::Line::open(stage.port()).await;
    for follow in &follows {
        sites.forget();
        assert_eq!(line.ask(follow).await, 202);
        answered.push(arrival(&sites, Instant::now()).await);
        stage.processed().await;
        stage.delivered().await;
    }
    answered.sort_unstable();
    [published, answered]
}

async fn arrival(sites: &Sites, begun: Instant) -> Duration {
    poll::until("it arrives", Duration::from_micros(500), || async { sites.count() >= 1 }).await;
    sites.since(begun, |_| true)[0]
}

/// What a publication costs with few and with many followers of the same hosts.
pub async fn followers(effort: Effort, _limits: &Limits) -> Vec<Figure> {
    let (few, many) = (10, effort.pick(200, 1000));
    let small = cost_of_publishing(few, effort).await;
    let large = cost_of_publishing(many, effort).await;
    let more = |what: f64, of: f64| (what / of - 1.0) * 100.0;
    let named = |what: &str| format!("{what}, 100 hosts: {many} followers a host against {few}");
    vec![
        Figure::new("B4", named("CPU of publishing and delivering"), more(micros(large.0), micros(small.0)), "% more")
            .goal(Goal::AtMost(5.0))
            .beside(format!("{:.1} ms against {:.1} ms", millis(large.0), millis(small.0))),
        Figure::new("B4", named("rows written"), more(large.1 as f64, small.1 as f64), "% more")
            .goal(Goal::AtMost(5.0)),
    ]
}

/// CPU of one publication, the transaction and its 100 deliveries, and the rows that it writes. The transaction runs in
/// this process, as the command line's own, without the start of a program in between.
async fn cost_of_publishing(followers: usize, effort: Effort) -> (Duration, i64) {
    let sites = Sites::open(100, |_| AT_ONCE).await;
    let mut stage = Stage::make().await;
    stage.followed_by(&sites, followers);
    let names = stage.drafts(effort.pick(4, 11)).await;
    stage.serve().await;
    let app = App::open(config::load(&stage.node.config()).unwrap()).await.unwrap();
    let rows = |conn: &mut store::Conn| deliveries::table.count().get_result::<i64>(conn).map_err(store::Error::from);
    let (mut writing, mut before, mut rows_before) = (Duration::ZERO, Duration::ZERO, 0);
    for (turn, name) in names.iter().enumerate() {
        if turn == 1 {
            // The first made connections and warmed caches.
            (writing, before, rows_before) = (Duration::ZERO, stage.cpu(), stage.store.read_now(rows).unwrap());
        }
        let begun = process::own_cpu();
        publish_here(&app, name);
        writing += process::own_cpu() - begun;
        stage.delivered().await;
    }
    let counted = u32::try_from(names.len() - 1).unwrap();
    let rows = (stage.store.read_now(rows).unwrap() - rows_before) / i64::from(counted);
    ((writing + stage.cpu() - before) / counted, rows)
}

fn publish_here(app: &App, name: &str) {
    let (node, now) = (&app.node, app.state.now());
    app.state
        .store
        .write_now(|conn| {
            let found = domain::find::find(conn, node, name)?;
            domain::actions::publish(conn, node, domain::Caller::Coordinator, &found, None, now)
        })
        .unwrap();
}
