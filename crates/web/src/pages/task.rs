//! The list of open tasks and the page of one.

use super::{Listed, languages, listed, skills};
use crate::answer;
use crate::card::{self, Card, FollowBox, Notice};
use crate::error::Error;
use crate::feeds::{self, atom, calendar};
use crate::i18n::{Key, Locale};
use crate::layout::Frame;
use crate::moment;
use crate::negotiate::Form;
use crate::paging::Paging;
use crate::query::Search;
use crate::structured;
use crate::visit::Visit;
use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use domain::region::Controller;
use domain::task::{self, Pay, State, TaskView};
use store::Timestamp;

/// Where the list is.
pub const PATH: &str = "/tehtavat";

/// Until when one can apply.
pub struct Deadline {
    /// For machines.
    pub datetime: String,
    /// The day.
    pub date: String,
    /// A sentence with the day.
    pub words: String,
    /// How much time is left, when it is little.
    pub left: Option<String>,
}

impl Deadline {
    fn of(l: Locale, now: Timestamp, deadline: Timestamp) -> Deadline {
        let date = l.date_time(&deadline, "");
        let left = match moment::days_until(now, deadline) {
            _ if deadline <= now => Some(l.t("task-deadline-passed")),
            0 => Some(l.t("task-deadline-today")),
            days @ 1..=14 => Some(l.n("task-deadline-left", &days)),
            _ => None,
        };
        let words = l.t1("task-deadline-by", "date", &l.date(&deadline));
        Deadline { datetime: moment::machine(deadline, ""), date, words, left }
    }
}

/// A task in a list.
pub struct Row {
    /// Where it is and comes from.
    pub card: Card,
    /// Its title.
    pub title: String,
    /// One of the kinds of work.
    pub kind: String,
    /// What is paid, in words.
    pub pay: String,
    /// Who looks for somebody.
    pub client: Option<String>,
    /// Where it is done, in words.
    pub place: String,
    /// Until when one can apply; nothing when one cannot any more.
    pub deadline: Option<Deadline>,
    /// The word for a task that is not open.
    pub state: Option<String>,
    /// It is not open any more.
    pub over: bool,
}

impl Row {
    /// Of a view.
    pub fn of(visit: &Visit, task: &TaskView) -> Row {
        let l = visit.l;
        let over = task.state.is_over();
        Row {
            card: card_of(visit, task),
            title: task.title.clone(),
            kind: task.kind.clone(),
            pay: pay(l, task),
            client: task.client.clone(),
            place: place(l, task),
            deadline: task.deadline.filter(|_| !over).map(|deadline| Deadline::of(l, visit.now, deadline)),
            state: over.then(|| l.word("task-state", task.state.as_str())),
            over,
        }
    }
}

fn card_of(visit: &Visit, task: &TaskView) -> Card {
    let names = [Some(task.title.as_str()), task.client.as_deref(), task.municipality.as_deref()];
    Card::under(visit, PATH, &task.source, &task.slug, &task.language).naming(names.into_iter().flatten())
}

fn place(l: Locale, task: &TaskView) -> String {
    match (&task.municipality, task.remote) {
        (Some(place), false) => place.clone(),
        (Some(place), true) => l.t1("task-remote-too", "place", place),
        (None, true) => l.t("task-remote"),
        (None, false) => l.t("task-place-untold"),
    }
}

fn pay(l: Locale, task: &TaskView) -> String {
    let has = |word: &str| task.engagement.iter().any(|engagement| engagement == word);
    match &task.pay {
        Some(pay) if is_nothing(pay) && has("revenue_share") => l.word("task-engagement", "revenue_share"),
        Some(pay) => paid(l, pay),
        None if has("expenses_only") => l.word("task-engagement", "expenses_only"),
        None if has("unpaid") || task.unpaid_reason.is_some() => l.t("task-pay-unpaid"),
        None => l.t("task-pay-untold"),
    }
}

fn is_nothing(pay: &Pay) -> bool {
    [&pay.min, &pay.max].into_iter().flatten().all(|sum| sum.bytes().all(|byte| matches!(byte, b'0' | b'.')))
}

fn paid(l: Locale, pay: &Pay) -> String {
    let sum = match (&pay.min, &pay.max) {
        (Some(min), Some(max)) if min == max => l.sum(min),
        (Some(min), Some(max)) => format!("{}–{}", l.sum(min), l.sum(max)),
        (Some(min), None) => l.t1("task-pay-from", "sum", &l.sum(min)),
        (None, Some(max)) => l.t1("task-pay-to", "sum", &l.sum(max)),
        (None, None) => return l.t("task-pay-untold"),
    };
    match pay.unit.as_str() {
        "hour" => l.t1("task-pay-hour", "sum", &sum),
        "day" => l.t1("task-pay-day", "sum", &sum),
        "week" => l.t1("task-pay-week", "sum", &sum),
        "month" => l.t1("task-pay-month", "sum", &sum),
        _ => l.t1("task-pay-project", "sum", &sum),
    }
}

#[derive(Template)]
#[template(path = "task/list.html")]
struct ListPage {
    l: Locale,
    frame: Frame,
    search: Search,
    paging: Paging,
    total: i64,
    tasks: Vec<Row>,
}

/// `GET /tehtavat`
pub async fn list(visit: Visit) -> Result<Response, Error> {
    let search = Search::read_tasks(&visit, PATH);
    let (found, status) = match listed(&visit, &search, task::list).await? {
        Listed::Page(found, status) => (found, status),
        Listed::Answer(answer) => return Ok(answer),
    };
    let l = visit.l;
    let frame =
        Frame::new(&visit, &l.t("task-list"), &l.t("task-list-lead")).fed(&search, &[calendar::KIND, atom::KIND]);
    let paging = search.paging(found.total, l);
    let tasks = found.items.iter().map(|task| Row::of(&visit, task)).collect();
    let page = ListPage { l, frame, search, paging, total: found.total, tasks };
    Ok((status, answer::html(&page.frame, &page)?).into_response())
}

/// `GET /tehtavat.ics`
pub async fn calendar(visit: Visit) -> Result<Response, Error> {
    let search = Search::read_tasks(&visit, PATH);
    let tasks = feeds::found(&visit, &search, task::list).await?;
    let l = visit.l;
    let name = format!("{} – {}", l.t("task-list"), visit.node().region.name(l.language()));
    Ok(calendar::of_tasks(&visit, &name, &tasks))
}

/// `GET /tehtavat.atom`
pub async fn atom(visit: Visit) -> Result<Response, Error> {
    let search = Search::read_tasks(&visit, PATH);
    atom::list(&visit, &search, (Key("task-list"), Key("task-list-lead")), task::list, told).await
}

fn told<'a>(visit: &Visit, task: &'a TaskView) -> atom::Told<'a> {
    let l = visit.l;
    let state = task.state.is_over().then(|| l.word("task-state", task.state.as_str()));
    let deadline = task.deadline.map(|deadline| Deadline::of(l, visit.now, deadline).words);
    let facts = [l.word("task-kind", &task.kind), pay(l, task), place(l, task)].map(Some);
    let summary: Vec<String> = [state].into_iter().chain(facts).chain([deadline]).flatten().collect();
    atom::Told {
        source: &task.source,
        title: &task.title,
        summary: summary.join(" · "),
        content: Some(&task.description),
        language: &task.language,
        author: task.client.as_deref().unwrap_or_else(|| task.source.region.name(l.language())),
        words: skills(visit, &task.skills),
        published: Some(task.published),
        updated: task.updated,
    }
}

/// What the page of a task says beside the view itself.
struct Details {
    pay: String,
    share: bool,
    engagement: String,
    hours: Option<String>,
    period: Option<String>,
    place: String,
    seats: String,
    languages: String,
    skills: Vec<String>,
    deadline: Option<Deadline>,
    client: Option<String>,
    client_link: Option<String>,
    client_here: bool,
    apply_label: String,
    notice: Option<Notice>,
    open: bool,
    changed: bool,
    calendar: String,
}

impl Details {
    fn of(visit: &Visit, task: &TaskView) -> Details {
        let l = visit.l;
        let words: Vec<String> = task.engagement.iter().map(|word| l.word("task-engagement", word)).collect();
        // A copy does not lead to pages of this node: another node does not say who of ours offers its work.
        let owned = |page: &str| visit.node().origin.owns(page);
        let client_page = task.client_page.as_deref().and_then(card::web);
        let client_page = client_page.filter(|page| task.source.local || !owned(page));
        let ours = client_page.and_then(|page| page.strip_prefix(&visit.node().origin.url("")));
        let client = task.client.clone().unwrap_or_default();
        let state = task.state.as_str();
        Details {
            pay: pay(l, task),
            share: task.engagement.iter().any(|word| word == "revenue_share"),
            engagement: words.join(", "),
            hours: task.hours.map(|hours| l.n("task-hours-n", &i64::from(hours))),
            period: period(l, task),
            place: place(l, task),
            seats: l.n("task-seats-n", &i64::from(task.seats)),
            languages: languages(visit, &task.languages),
            skills: skills(visit, &task.skills),
            deadline: task.deadline.map(|deadline| Deadline::of(l, visit.now, deadline)),
            client_link: ours.map(|path| l.link(path)).or_else(|| client_page.map(str::to_owned)),
            client_here: ours.is_some(),
            apply_label: l.t1("task-apply-link", "client", &client),
            client: task.client.clone(),
            notice: task
                .state
                .is_over()
                .then(|| Notice { title: l.word("task-state", state), text: l.word("task-notice", state) }),
            open: task.state == State::Open && task.deadline.is_none_or(|deadline| deadline > visit.now),
            changed: task.updated.since(task.published).as_secs() > 60,
            calendar: l.link(&format!("{}{}", visit.path, calendar::KIND.extension)),
        }
    }
}

fn period(l: Locale, task: &TaskView) -> Option<String> {
    match (&task.starts, &task.ends) {
        (Some(starts), Some(ends)) => Some(format!("{} – {}", l.plain_date(starts), l.plain_date(ends))),
        (Some(starts), None) => Some(l.t1("task-starts", "date", &l.plain_date(starts))),
        (None, Some(ends)) => Some(l.t1("task-ends", "date", &l.plain_date(ends))),
        (None, None) => None,
    }
}

#[derive(Template)]
#[template(path = "task/page.html")]
struct Page {
    l: Locale,
    frame: Frame,
    card: Card,
    task: TaskView,
    row: Details,
    /// Whom to ask about a task of ours whose client gives no page.
    controller: Option<Controller>,
    follow: Option<FollowBox>,
}

/// `GET /tehtavat/{slug}`
pub async fn show(visit: Visit, Path(slug): Path<String>) -> Result<Response, Error> {
    let host = visit.node().origin.host().to_owned();
    page(visit, host, slug).await
}

/// `GET /tehtavat/{host}/{slug}`: our copy of another node's task.
pub async fn show_copy(visit: Visit, Path((host, slug)): Path<(String, String)>) -> Result<Response, Error> {
    page(visit, host, slug).await
}

/// The page, or with the end of a calendar's address the last day to apply for a calendar.
async fn page(visit: Visit, host: String, slug: String) -> Result<Response, Error> {
    if let Some(slug) = slug.strip_suffix(calendar::KIND.extension) {
        let slug = slug.to_owned();
        let found = visit.read(move |conn| task::by_slug(conn, &host, &slug)).await?;
        let found = found.filter(|task| task.deadline.is_some()).ok_or(Error::NotFound)?;
        return Ok(calendar::of_tasks(&visit, &found.title, std::slice::from_ref(&found)));
    }
    let found = visit
        .read(move |conn| {
            let Some(task) = task::by_slug(conn, &host, &slug)? else { return Ok::<_, store::Error>(None) };
            Ok(Some((task, domain::region::controller(conn)?)))
        })
        .await?;
    let Some((task, controller)) = found else { return Err(Error::NotFound) };
    match visit.form {
        Form::Activity => return answer::see_id(&task.source.id),
        Form::Json => return Ok(answer::json(&task)),
        Form::Html => {}
    }
    let row = Details::of(&visit, &task);
    let description = format!("{} · {} · {}", row.pay, row.place, task.description.to_text());
    let mut frame =
        Frame::new(&visit, &task.title, &description).of("article", &task.source.id, task.source.handle.as_deref());
    let card = card_of(&visit, &task);
    if card.local {
        frame = frame.described(structured::job(&visit, &task).as_ref());
    } else {
        frame = frame.copy_of(&card.page);
    }
    let follow = FollowBox::of_author(visit.l, &task.source);
    let controller = controller.filter(|_| card.local);
    let page = Page { l: visit.l, frame, card, task, row, controller, follow };
    answer::html(&page.frame, &page)
}
