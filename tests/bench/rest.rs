//! A node that has nothing to do: what it holds and what it uses.

use crate::limits::Limits;
use crate::report::{Figure, Goal};
use crate::stage::Stage;
use crate::{Effort, harness, poll, process};
use std::time::Duration;

/// All of it.
pub async fn measure(effort: Effort, _limits: &Limits) -> Vec<Figure> {
    let mut stage = Stage::make().await;
    // Without content, a node that nobody has set up keeps its pages closed.
    stage.node.import_bundle(&harness::event("kahvit", "Kahvit", "Keskustelua.")).await;
    stage.serve().await;
    for (path, accept) in [("/", "text/html"), ("/tapahtumat", "text/html"), ("/nodeinfo/2.1", "*/*")] {
        assert_eq!(stage.node.get(path, accept).await.status, 200, "{path}");
    }
    assert_eq!(stage.node.get(stage.actor.as_str(), harness::ACTIVITY).await.status, 200);
    poll::rest(Duration::from_secs(5)).await; // what the start set going is over
    let (before, woken) = (stage.cpu(), process::wakes(stage.pid()));
    let time = effort.pick(20, 120);
    poll::rest(Duration::from_secs(time)).await;
    let minutes = time as f64 / 60.0;
    let cpu = (stage.cpu() - before).as_secs_f64() / minutes;
    let wakes = process::wakes(stage.pid()).saturating_sub(woken) as f64 / (time as f64);
    let (now, most) = process::memory(stage.pid());
    vec![
        Figure::new("B15", "memory idle, after a few pages", now, "MiB")
            .goal(Goal::AtMost(20.0))
            .beside(format!("{most:.0} MiB at most")),
        Figure::new("B17", "idle CPU in a minute", cpu, "s").goal(Goal::AtMost(0.05)),
        Figure::new("B17", "idle, threads woken", wakes, "/s"),
    ]
}
