//! The events on the map: how many each region has, as numbers on the picture and as a table that leads to their lists.

use crate::answer;
use crate::error::Error;
use crate::i18n::Locale;
use crate::layout::Frame;
use crate::map::{Look, Map};
use crate::month::Month;
use crate::query::Search;
use crate::visit::Visit;
use askama::Template;
use axum::response::Response;
use domain::event;
use domain::region::{self, Region, RegionCode};
use domain::view::Filter;
use std::collections::HashMap;

/// A region in the table.
struct Row {
    name: &'static str,
    count: i64,
    link: String,
    /// It is this node's own, or the one that was asked for.
    chosen: bool,
}

#[derive(Template)]
#[template(path = "event/map.html")]
struct Page {
    l: Locale,
    frame: Frame,
    search: Search,
    this_month: Month,
    map: Map,
    total: i64,
    /// The regions that have some, and the chosen one.
    rows: Vec<Row>,
    /// The names of the others.
    without: String,
}

/// The page of the map.
///
/// # Errors
/// Those of the database.
pub async fn show(visit: &Visit, search: Search) -> Result<Response, Error> {
    let (filter, now) = (search.filter(), visit.now);
    let counts: HashMap<&'static str, i64> = visit
        .read(move |conn| {
            let codes = region::all().iter().filter_map(|region| RegionCode::parse(&region.code));
            let count = |code: RegionCode| {
                let one = Filter { region: Some(code), ..filter.clone() };
                event::count(conn, &one, now).map(|count| (code.code(), count))
            };
            codes.map(count).collect::<Result<_, _>>()
        })
        .await?;
    let l = visit.l;
    let chosen = search.filter().region.map(RegionCode::code);
    let count = |region: &Region| counts.get(region.code.as_str()).copied().unwrap_or(0);
    let link = |region: &Region| search.in_view(&l, &[("region", region.code.as_str())]);
    let look = |region: &'static Region| Look {
        class: match (chosen == Some(region.code.as_str()), count(region)) {
            (true, _) => "own",
            (false, 0) => "missing",
            (false, _) => "here",
        },
        count: Some(count(region)).filter(|count| *count > 0),
        link: (count(region) > 0).then(|| link(region)),
    };
    let map = Map::drawn(l.language(), String::new(), look);
    let row = |region: &'static Region| Row {
        name: region.name(l.language()),
        count: count(region),
        link: link(region),
        chosen: chosen == Some(region.code.as_str()),
    };
    let (rows, without): (Vec<Row>, Vec<Row>) =
        region::all().iter().map(row).partition(|row| row.count > 0 || row.chosen);
    let without: Vec<&str> = without.iter().map(|row| row.name).collect();
    let without = without.join(", ");
    let heading = format!("{} · {}", l.t("event-list"), l.t("event-view-map"));
    let frame = Frame::new(visit, &heading, &l.t("event-list-lead"));
    let (total, this_month) = (counts.values().sum(), Month::of(visit.now));
    let page = Page { l, frame, search, this_month, map, total, rows, without };
    answer::html(&page.frame, &page)
}
