//! The regions that a node follows: how each is, and what came from it, in words, in numbers and drawn.

use crate::answer::{self, Items};
use crate::card;
use crate::error::Error;
use crate::i18n::{Key, Locale};
use crate::layout::Frame;
use crate::map::{Look, Map};
use crate::negotiate::Form;
use crate::visit::Visit;
use askama::Template;
use axum::response::Response;
use domain::region::{self, Counts, FollowedRegion, Region, RegionCode};
use federation::peer::Health;
use store::Timestamp;

/// A region that the node follows.
pub struct Row {
    /// Its code; nothing for an actor that is no region.
    pub code: Option<&'static str>,
    /// Its name.
    pub name: String,
    /// Its own page.
    pub page: String,
    /// `@user@host`.
    pub handle: String,
    /// How it is, in words.
    pub state: String,
    /// How it is, for the style sheet.
    pub class: &'static str,
    /// When it was last heard of, in words.
    pub heard: String,
    /// It does not answer.
    pub silent: bool,
    /// Its past is being read.
    pub reading: bool,
    /// What came from it.
    pub counts: Counts,
}

impl Row {
    /// Of a followed region.
    pub fn of(l: Locale, now: Timestamp, region: &FollowedRegion) -> Row {
        let (class, state) = match (region.state.as_str(), region.health) {
            ("pending", _) => ("pending", Key("region-state-pending")),
            ("rejected", _) => ("rejected", Key("region-state-rejected")),
            (_, Health::Well) => ("well", Key("region-state-well")),
            (_, Health::Failing) => ("failing", Key("region-state-failing")),
            (_, Health::Blocked) => ("blocked", Key("region-state-blocked")),
        };
        let heard = region.last_ok.map(|heard| l.age(&now, &heard));
        Row {
            code: region.region.map(RegionCode::code),
            name: region.region.map_or_else(|| region.name.clone(), |code| code.name(l.language()).to_owned()),
            page: card::web(&region.page).unwrap_or("/").to_owned(),
            handle: region.handle.clone(),
            state: state.text(l),
            class,
            heard: heard.map_or_else(|| l.t("region-heard-never"), |age| l.t1("region-heard", "age", &age)),
            silent: class == "failing",
            reading: matches!(region.backfill.as_deref(), Some("waiting" | "running" | "reading")),
            counts: region.counts,
        }
    }
}

impl Row {
    /// The link to a list of what came from this region.
    pub fn list(&self, l: &Locale, path: &str, code: &str) -> String {
        l.link(&format!("{path}?region={code}"))
    }
}

/// How many regions do not answer.
pub fn silent(rows: &[Row]) -> i64 {
    rows.iter().map(|row| i64::from(row.silent)).sum()
}

/// A bar of a chart.
pub struct Bar {
    /// The region's name.
    pub name: String,
    /// How many.
    pub count: i64,
    /// How long the bar is, in hundredths of the longest.
    pub share: i64,
}

/// The counts of one kind of thing, region by region.
pub struct Chart {
    /// What is counted.
    pub title: String,
    /// One bar a region.
    pub bars: Vec<Bar>,
}

type Count = fn(&Counts) -> i64;

/// One chart for each kind of thing.
pub fn charts(l: Locale, rows: &[Row]) -> Vec<Chart> {
    let kinds: [(Key, Count); 4] = [
        (Key("nav-events"), |counts| counts.events),
        (Key("nav-tasks"), |counts| counts.tasks),
        (Key("nav-producers"), |counts| counts.producers),
        (Key("nav-organisations"), |counts| counts.organisations),
    ];
    if rows.is_empty() {
        return Vec::new();
    }
    let chart = |(title, count): (Key, Count)| {
        let longest = rows.iter().map(|row| count(&row.counts)).max().unwrap_or(0).max(1);
        let bar = |row: &Row| {
            let count = count(&row.counts);
            Bar { name: row.name.clone(), count, share: count * 100 / longest }
        };
        Chart { title: title.text(l), bars: rows.iter().map(bar).collect() }
    };
    kinds.into_iter().map(chart).collect()
}

/// Draws which regions are in the network.
pub fn map(l: Locale, rows: &[Row]) -> Map {
    let row_of = |code: &str| rows.iter().find(|row| row.code == Some(code));
    let class = |region: &Region| match row_of(&region.code) {
        Some(row) if row.silent => "silent",
        Some(row) if row.class == "well" => "here",
        _ => "missing",
    };
    let names: Vec<&str> = rows.iter().filter(|row| row.code.is_some()).map(|row| row.name.as_str()).collect();
    let label = l.t1("region-map", "names", &names.join(", "));
    Map::drawn(l.language(), label, |region| Look { class: class(region), ..Look::default() })
}

/// Draws where a region lies.
pub fn map_of(l: Locale, own: RegionCode) -> Map {
    let label = l.t1("region-map-of", "name", own.name(l.language()));
    let class = |region: &Region| if region.code == own.code() { "own" } else { "land" };
    Map::drawn(l.language(), label, |region| Look { class: class(region), ..Look::default() })
}

#[derive(Template)]
#[template(path = "region/list.html")]
struct ListPage {
    l: Locale,
    frame: Frame,
    regions: Vec<Row>,
    silent: i64,
    charts: Vec<Chart>,
}

/// `GET /alueet`
pub async fn list(visit: Visit) -> Result<Response, Error> {
    let node = visit.node().clone();
    let followed = visit.read(move |conn| region::followed(conn, &node)).await?;
    if visit.form != Form::Html {
        let total = i64::try_from(followed.len()).unwrap_or(i64::MAX);
        return Ok(answer::json(&Items { total, items: &followed, next: None }));
    }
    let l = visit.l;
    let regions: Vec<Row> = followed.iter().map(|region| Row::of(l, visit.now, region)).collect();
    let frame = Frame::new(&visit, &l.t("region-list"), &l.t("region-list-lead"));
    let (silent, charts) = (silent(&regions), charts(l, &regions));
    let page = ListPage { l, frame, regions, silent, charts };
    answer::html(&page.frame, &page)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Language;

    fn followed(code: &str, state: &str, health: Health, events: i64) -> FollowedRegion {
        FollowedRegion {
            region: RegionCode::parse(code),
            name: "Nimi".to_owned(),
            page: "javascript:alert(1)".to_owned(),
            handle: "@x@y.example".to_owned(),
            id: "https://y.example/ap/actors/1".to_owned(),
            host: "y.example".to_owned(),
            state: state.to_owned(),
            health,
            last_ok: Some(Timestamp::from_millis(0)),
            last_error: Some("connection refused".to_owned()),
            counts: Counts { events, ..Counts::default() },
            backfill: None,
        }
    }

    #[test]
    fn a_region_that_stopped_answering_is_shown_as_such_and_keeps_its_numbers() {
        let l = Locale::negotiated(Language::En);
        let now = Timestamp::from_millis(2 * 3_600_000);
        let rows: Vec<Row> = [
            followed("06", "accepted", Health::Well, 8),
            followed("13", "accepted", Health::Failing, 4),
            followed("14", "pending", Health::Well, 0),
        ]
        .iter()
        .map(|region| Row::of(l, now, region))
        .collect();
        let seen: Vec<(&str, &str, bool)> =
            rows.iter().map(|row| (row.name.as_str(), row.state.as_str(), row.silent)).collect();
        let expected = [
            ("Pirkanmaa", "Connected", false),
            ("Central Finland", "Not answering", true),
            ("South Ostrobothnia", "Waiting for approval", false),
        ];
        assert_eq!(seen, expected);
        assert_eq!((rows[1].heard.as_str(), rows[1].page.as_str()), ("Last heard 2\u{a0}h ago", "/"));
        assert_eq!(silent(&rows), 1);
        let map = map(l, &rows);
        assert!(map.label.contains("Pirkanmaa, Central Finland"), "{}", map.label);
        for (name, class) in [
            ("Pirkanmaa", "here"),
            ("Central Finland", "silent"),
            ("South Ostrobothnia", "missing"),
            ("Uusimaa", "missing"),
        ] {
            assert_eq!(map.areas.iter().find(|area| area.name == name).unwrap().look.class, class, "{name}");
        }
        let bars: Vec<(i64, i64)> = charts(l, &rows)[0].bars.iter().map(|bar| (bar.count, bar.share)).collect();
        assert_eq!(bars, [(8, 100), (4, 50), (0, 0)]);
    }
}
