//! The events of one month as a calendar: a table where there is room, a list of days where there is not.

use super::event;
use crate::answer;
use crate::card::Card;
use crate::error::Error;
use crate::feeds::{self, atom, calendar};
use crate::i18n::Locale;
use crate::layout::Frame;
use crate::moment;
use crate::month::{self, Column, Month};
use crate::query::Search;
use crate::visit::Visit;
use askama::Template;
use axum::response::Response;
use domain::event::{EventView, Status};
use domain::view::{Filter, Page as Part};
use jiff::civil::Date;

/// Events of one day that are named; the list has the others.
const MOST: usize = 6;
/// What goes on for more days than this stands on its first day alone.
const LONG: i32 = 7;

/// An event on a day.
struct Entry {
    card: Card,
    name: String,
    /// When it begins; nothing on its later days.
    time: Option<String>,
    /// Until when it goes on, when it does for long.
    until: Option<String>,
    /// It does not take place at all.
    off: bool,
    /// The word for what does not take place then.
    status: Option<String>,
}

/// A day of the month.
struct Day {
    date: Date,
    long: String,
    today: bool,
    entries: Vec<Entry>,
    /// How many are not named.
    more: i64,
    /// The list of that day.
    list: String,
}

#[derive(Template)]
#[template(path = "event/month.html")]
struct Page {
    l: Locale,
    frame: Frame,
    search: Search,
    this_month: Month,
    month: Month,
    total: i64,
    columns: Vec<Column>,
    weeks: Vec<Vec<Option<Day>>>,
    /// The next month with something in it, when this one has nothing.
    coming: Option<Month>,
}

/// The page of a month.
///
/// # Errors
/// Those of the database.
pub async fn show(visit: &Visit, search: Search, month: Month) -> Result<Response, Error> {
    let mut events = feeds::found(visit, &search, domain::event::list).await?;
    events.sort_by_key(|event| event.starts);
    let coming = if events.is_empty() { coming(visit, &search).await? } else { None };
    let l = visit.l;
    let heading = format!("{} · {}", l.t("event-list"), month.title(&l));
    let frame = Frame::new(visit, &heading, &l.t("event-list-lead"));
    let frame = frame.fed(&search, &[calendar::KIND, atom::KIND]).unlisted();
    let day = |date: &Date| month.has(*date).then(|| day(visit, &search, *date, month, &events));
    let weeks = month.weeks().iter().map(|week| week.iter().map(day).collect()).collect();
    let total = i64::try_from(events.len()).unwrap_or(i64::MAX);
    let (columns, this_month) = (month::columns(l), Month::of(visit.now));
    let page = Page { l, frame, search, this_month, month, total, columns, weeks, coming };
    answer::html(&page.frame, &page)
}

/// The month of the first coming event after the month that was asked for, with the same words and region.
async fn coming(visit: &Visit, search: &Search) -> Result<Option<Month>, Error> {
    let asked = search.filter();
    let filter = Filter { from: asked.until, until: None, past: false, page: Part { offset: 0, limit: 1 }, ..asked };
    let now = visit.now;
    let found = visit.read(move |conn| domain::event::list(conn, &filter, now)).await?;
    Ok(found.items.first().map(|event| Month::of(event.starts)))
}

fn day(visit: &Visit, search: &Search, date: Date, month: Month, events: &[EventView]) -> Day {
    let l = visit.l;
    let mut entries: Vec<Entry> = events.iter().filter_map(|event| entry(visit, event, date, month)).collect();
    let more = entries.len().saturating_sub(MOST);
    entries.truncate(MOST);
    let code = date.to_string();
    Day {
        date,
        long: l.plain_date(&code),
        today: moment::local_date(visit.now, "") == date,
        entries,
        more: i64::try_from(more).unwrap_or(i64::MAX),
        list: search.in_view(&l, &[("from", code.as_str()), ("until", code.as_str()), ("past", "1")]),
    }
}

/// What a day says of an event; nothing when it is not on that day.
fn entry(visit: &Visit, event: &EventView, date: Date, month: Month) -> Option<Entry> {
    let l = visit.l;
    let (first, last) = days(event);
    let days = first.until(last).map_or(0, |span| span.get_days());
    let shown_first = first.max(month.days().0);
    let is_long = days > LONG;
    if !(first..=last).contains(&date) || (is_long && date != shown_first) {
        return None;
    }
    Some(Entry {
        card: event::card_of(visit, event),
        name: event.name.clone(),
        time: (date == first).then(|| moment::local_time(l.language(), event.starts, &event.zone)),
        until: is_long.then(|| l.t1("event-until", "date", &l.plain_date(&last.to_string()))),
        off: event.status == Status::Cancelled,
        status: matches!(event.status, Status::Cancelled | Status::Postponed)
            .then(|| l.word("event-status", event.status.as_str())),
    })
}

/// The first and last day of an event, where it is. What ends in the small hours belongs to the evening before.
fn days(event: &EventView) -> (Date, Date) {
    let first = moment::local_date(event.starts, &event.zone);
    let night = std::time::Duration::from_secs(6 * 3600);
    let last = if event.ends_told { moment::local_date(event.ends.minus(night), &event.zone) } else { first };
    (first, last.max(first))
}
