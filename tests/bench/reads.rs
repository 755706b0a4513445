//! What others read: documents, discovery, pages; each address warm, as it is when a link goes round.

use crate::limits::{CONNECTIONS, Limits};
use crate::load::{fire, get};
use crate::report::{Figure, Goal, micros, millis};
use crate::stage::Stage;
use crate::{Effort, harness, process};
use std::sync::Arc;

const HTML: &str = "text/html";
const JSON: &str = "application/json";

/// All of it.
pub async fn measure(effort: Effort, limits: &Limits) -> Vec<Figure> {
    let mut stage = Stage::make().await;
    let mut bundle = harness::event("kahvit-0", "Kahvit 0", "Keskustelua.");
    let events = (0..60).map(|number| {
        harness::event(&format!("kahvit-{number}"), &format!("Kahvit {number}"), "Keskustelua.")["events"][0].clone()
    });
    bundle["events"] = events.collect();
    stage.node.import_bundle(&bundle).await;
    stage.serve().await;
    let own = |url: &str| url.strip_prefix(&stage.node.url("")).unwrap().to_owned();
    let actor = own(stage.actor.as_str());
    let event = own(&stage.node.id_of("/tapahtumat/kahvit-7").await);
    let webfinger = format!("/.well-known/webfinger?resource=acct:{}@{}", stage.node.username(), stage.node.host());
    let outbox = format!("{actor}/outbox?page=0");
    let cases = [
        ("actor", actor.as_str(), harness::ACTIVITY, 25_000.0),
        ("object (an event)", event.as_str(), harness::ACTIVITY, 25_000.0),
        ("WebFinger", webfinger.as_str(), "*/*", 25_000.0),
        ("outbox page of 20 activities", outbox.as_str(), harness::ACTIVITY, 25_000.0),
        ("event page, HTML", "/tapahtumat/kahvit-7", HTML, 10_000.0),
        ("events, list of 20, HTML", "/tapahtumat", HTML, 10_000.0),
        ("events, list of 20, JSON", "/tapahtumat", JSON, 25_000.0),
        ("front page, HTML", "/", HTML, 10_000.0),
    ];
    let requests = effort.pick(4_000, 20_000);
    let mut figures = Vec::new();
    for (what, path, accept, least) in cases {
        let shots = Arc::new(vec![get(&stage.node.host(), path, accept)]);
        fire(stage.port(), CONNECTIONS, &shots, requests / 10).await.must_all_be(200);
        let before = stage.cpu();
        let load = fire(stage.port(), CONNECTIONS, &shots, requests).await;
        load.must_all_be(200);
        let cpu = (stage.cpu() - before) / u32::try_from(requests).unwrap();
        let share = micros(limits.get) / micros(cpu) * 100.0;
        figures.push(
            Figure::new("B10", format!("reads of one core: {what}"), 1.0 / cpu.as_secs_f64(), "/s")
                .goal(Goal::AtLeast(least))
                .beside(format!(
                    "{:.1} µs, {share:.0} % of an empty GET's rate; p99 {:.1} ms",
                    micros(cpu),
                    millis(load.within(0.99))
                )),
        );
    }
    figures.push(Figure::new("B15", "memory after reads, the most", process::memory(stage.pid()).1, "MiB"));
    figures
}
