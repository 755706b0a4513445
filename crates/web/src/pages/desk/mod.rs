//! The desk of those who run the node: what wants to be seen to today, and the log of what was done.

pub mod edit;
mod fields;
pub mod import;
pub mod imported;
pub mod peers;
pub mod positions;
mod preview;
pub mod representatives;
pub mod things;

use crate::answer;
use crate::error::Error;
use crate::i18n::{Key, Locale};
use crate::layout::{Frame, Place};
use crate::staff::{AtDesk, DeskForm, looks_at};
use crate::visit::Visit;
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use domain::audit::{self, Line, Subject};
use domain::desk::{self, Staff, Step, Thing, Today};
use domain::feedback::Feedback;
use domain::find::Found;
use domain::producer::Waiting;
use domain::{Error as Refusal, Role};
use federation::report::Report;
use http::StatusCode;
use store::Timestamp;
use store::id::ObjectUrl;

/// Where it is.
pub const PATH: &str = "/desk";
/// Lines of the log on a page.
const LINES: i64 = 50;

/// The parts of the desk; those that need content of the node's own are not on the national node.
const PARTS: [(&str, Key, bool); 11] = [
    ("/desk", Key("desk-today"), false),
    ("/desk/events", Key("nav-events"), true),
    ("/desk/tasks", Key("nav-tasks"), true),
    ("/desk/organisations", Key("nav-organisations"), true),
    ("/desk/import", Key("desk-import"), true),
    ("/desk/profiles", Key("approval-part"), true),
    ("/desk/imported", Key("imported-part"), true),
    ("/desk/peers", Key("desk-peers"), false),
    ("/desk/positions", Key("desk-positions"), false),
    ("/desk/log", Key("desk-log"), false),
    ("/desk/self-test", Key("self-test-title"), false),
];

/// The way between the parts.
pub fn parts(visit: &Visit) -> Vec<Place> {
    let has_content = visit.node().role == Role::Region;
    let shown = PARTS.iter().filter(|(.., content)| has_content || !content);
    let place = |(path, label, _): &(&'static str, Key, bool)| Place {
        path,
        label: label.text(visit.l),
        current: visit.path == *path || (*path != PATH && visit.path.starts_with(&format!("{path}/"))),
    };
    shown.map(place).collect()
}

/// The frame of a page of the desk.
fn frame(visit: &Visit, heading: &str, lead: &str) -> Frame {
    Frame::new(visit, heading, lead).unlisted()
}

/// What was done before this page was shown, in words; the address says it by a word of ours.
fn done(visit: &Visit) -> Option<String> {
    let word = visit.asked("done");
    let known =
        ["saved", "published", "scheduled", "unscheduled", "cancelled", "postponed", "closed", "deleted", "settled"];
    let more = [
        "followed",
        "unfollowed",
        "blocked",
        "unblocked",
        "tried",
        "offered",
        "withdrawn",
        "dismissed",
        "put-away",
        "named",
        "invited",
        "taken-back",
    ];
    known.iter().chain(&more).any(|one| *one == word).then(|| visit.l.word("desk-done", word))
}

/// The same status and texts for what a rule refuses on a page of one press: the page again, with the reason.
fn refused(l: Locale, error: Refusal) -> Result<String, Error> {
    match error {
        Refusal::Refused(reason) | Refusal::Conflict(reason) => Ok(l.message(&reason)),
        Refusal::Invalid(faults) => {
            Ok(faults.iter().map(|fault| l.message(&fault.reason)).collect::<Vec<_>>().join(" "))
        }
        other => Err(other.into()),
    }
}

/// A thing as a list of the desk shows it.
pub struct Row {
    /// The thing.
    pub thing: Thing,
    /// The link to its form.
    pub link: String,
    /// What it is and where it stands.
    pub words: String,
    /// When it is to be published, or its deadline.
    pub when: Option<String>,
    /// What was in the way.
    pub refused: Option<String>,
    /// The next step, in one press.
    pub press: Option<(Step, String)>,
}

/// Where a thing is edited.
fn path_of(what: &Found) -> String {
    format!("{PATH}/{}s/{}", what.kind(), what.id())
}

impl Row {
    fn of(visit: &Visit, thing: Thing) -> Row {
        let l = visit.l;
        let words = format!("{} · {}", l.word("desk-kind", thing.what.kind()), l.word("desk-state", thing.state));
        let when = thing.publish_at.map(|at| l.t1("desk-publish-at", "time", &l.date_time(&at, "")));
        let press = thing.steps.first().filter(|step| **step == Step::Publish);
        let press = press.map(|step| (*step, l.word("desk-step", step.as_str())));
        Row { link: l.link(&path_of(&thing.what)), words, when, refused: None, press, thing }
    }

    /// Where a step is taken.
    pub fn step_link(&self, l: &Locale, step: &Step) -> String {
        l.link(&format!("{}/{}", path_of(&self.thing.what), step.as_str()))
    }
}

/// An answer of somebody, as the page shows it.
struct AnswerRow {
    answer: desk::Answer,
    age: String,
}

/// A report, as the page shows it.
struct ReportRow {
    report: Report,
    age: String,
}

/// A profile that waits, as the page shows it.
struct ProfileRow {
    name: String,
    link: String,
    age: String,
}

/// What somebody told, as the page shows it.
struct FeedbackRow {
    feedback: Feedback,
    due: String,
}

/// A host that gets nothing, as the page shows it.
struct FailingRow {
    failing: desk::Failing,
    words: String,
}

#[derive(Template)]
#[template(path = "desk/today.html")]
struct TodayPage {
    l: Locale,
    frame: Frame,
    parts: Vec<Place>,
    form: String,
    done: Option<String>,
    fault: Option<String>,
    count: i64,
    has_content: bool,
    profiles: Vec<ProfileRow>,
    drafts: Vec<Row>,
    closing: Vec<Row>,
    answers: Vec<AnswerRow>,
    reports: Vec<ReportRow>,
    feedback: Vec<FeedbackRow>,
    failing: Vec<FailingRow>,
    erasures: Option<String>,
}

/// `GET /desk`
pub async fn show(desk: AtDesk) -> Result<Response, Error> {
    let AtDesk { visit, staff, form, .. } = desk;
    today(&visit, &staff, form.value(), None).await
}

/// Those of whom that page shows what is not everybody's.
fn shown(today: &Today) -> Vec<Subject> {
    let profiles = today.profiles.iter().map(Waiting::person);
    let told = today.feedback.iter().filter(|one| one.mail.is_some());
    profiles.chain(told.map(|one| Subject::feedback(one.id))).collect()
}

async fn today(visit: &Visit, staff: &Staff, form: &str, fault: Option<String>) -> Result<Response, Error> {
    let (l, now) = (visit.l, visit.now);
    let today = visit.look(move |conn| desk::today(conn, now)).await?;
    looks_at(visit, staff, shown(&today)).await?;
    let count = i64::try_from(today.count()).unwrap_or(i64::MAX);
    let profiles = today.profiles.into_iter().map(|waiting| ProfileRow {
        age: l.age(&now, &waiting.asked_at),
        link: l.link(&format!("{PATH}/profiles/{}", waiting.id)),
        name: waiting.view.name,
    });
    let drafts = today.drafts.into_iter().map(|draft| Row {
        refused: draft.refused.map(|reason| l.t1("desk-not-published", "reason", &l.message(&reason))),
        ..Row::of(visit, draft.thing)
    });
    let closing = today.closing.into_iter().map(|(thing, deadline)| Row {
        when: Some(l.t1("desk-deadline", "time", &l.date_time(&deadline, ""))),
        press: Some((Step::Fill, l.word("desk-step", Step::Fill.as_str()))),
        ..Row::of(visit, thing)
    });
    let failing = today.failing.into_iter().map(|failing| FailingRow { words: failing_words(l, &failing), failing });
    let answers = today.answers.into_iter().map(|answer| AnswerRow { age: l.age(&now, &answer.received), answer });
    let reports = today.reports.into_iter().map(|report| ReportRow { age: l.age(&now, &report.received_at), report });
    let feedback = today
        .feedback
        .into_iter()
        .map(|feedback| FeedbackRow { due: l.t1("desk-feedback-due", "date", &l.date(&feedback.due)), feedback });
    let status = if fault.is_some() { StatusCode::CONFLICT } else { StatusCode::OK };
    let page = TodayPage {
        l,
        frame: frame(visit, &l.t("desk-today"), &l.n("desk-lead", &count)),
        parts: parts(visit),
        form: form.to_owned(),
        done: done(visit),
        fault,
        count,
        has_content: visit.node().role == Role::Region,
        profiles: profiles.collect(),
        drafts: drafts.collect(),
        closing: closing.collect(),
        answers: answers.collect(),
        reports: reports.collect(),
        feedback: feedback.collect(),
        failing: failing.collect(),
        erasures: erasures_words(l, &today.erasures),
    };
    let mut response = answer::html(&page.frame, &page)?;
    *response.status_mut() = status;
    Ok(response)
}

fn failing_words(l: Locale, failing: &desk::Failing) -> String {
    let since = failing.since.map(|since| l.t1("desk-failing-since", "time", &l.date_time(&since, "")));
    let deletions = (failing.deletions > 0).then(|| l.n("desk-failing-deletions", &failing.deletions));
    let suspended = failing.suspended.then(|| l.t("desk-failing-suspended"));
    let all = [since, Some(l.n("desk-failing-waiting", &failing.waiting)), deletions, suspended];
    all.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// Nothing when nobody leaves, and everybody has confirmed what was deleted.
fn erasures_words(l: Locale, erasures: &desk::Erasures) -> Option<String> {
    let accounts = (erasures.accounts > 0).then(|| l.n("desk-erasures-accounts", &erasures.accounts));
    let next = erasures.next.map(|at| l.t1("desk-erasures-next", "time", &l.date_time(&at, "")));
    let hosts = (erasures.hosts > 0).then(|| l.n("desk-erasures-hosts", &erasures.hosts));
    let all: Vec<String> = [accounts, next, hosts].into_iter().flatten().collect();
    (!all.is_empty()).then(|| all.join(" "))
}

/// `POST /desk`: what is seen to in one press on the list itself.
pub async fn press(form: DeskForm) -> Result<Response, Error> {
    let DeskForm { posted, staff, form, .. } = form;
    let visit = posted.visit.clone();
    let (what, now, reader) = (posted.field("what").to_owned(), visit.now, staff.clone());
    let (done, word) = match posted.field("do") {
        "settle-report" => {
            let id: i64 = what.parse().map_err(|_| Error::NotFound)?;
            (visit.write(move |conn| desk::settle_report(conn, &staff, id, now)).await, "settled")
        }
        "answer-feedback" => {
            let id: i64 = what.parse().map_err(|_| Error::NotFound)?;
            (visit.write(move |conn| desk::answer_feedback(conn, &staff, id, now)).await, "settled")
        }
        "settle-answer" => {
            let url = ObjectUrl::from_text(what);
            (visit.write(move |conn| desk::settle_answer(conn, &staff, &url, now)).await, "settled")
        }
        "try" => (visit.write(move |conn| desk::try_now(conn, &staff, &what, now)).await, "tried"),
        _ => return Err(Error::NotFound),
    };
    match done {
        Ok(()) => Ok(answer::see(&visit, &format!("{PATH}?done={word}"))),
        Err(error) => {
            let fault = refused(visit.l, error)?;
            today(&visit, &reader, form.value(), Some(fault)).await
        }
    }
}

/// A line of the log, in words.
pub struct LogRow {
    /// When, for people.
    pub when: String,
    /// When, for machines.
    pub datetime: String,
    /// As what somebody did it.
    pub who: String,
    /// What was done.
    pub deed: String,
    /// To what; a link when it is still there.
    pub subject: String,
    /// A reason, or the names of fields.
    pub detail: String,
}

impl LogRow {
    /// In the reader's words.
    pub fn of(l: Locale, line: &Line) -> LogRow {
        let kind = l.word("audit-kind", &line.kind);
        LogRow {
            when: l.date_time(&line.at, ""),
            datetime: crate::moment::machine(line.at, ""),
            who: l.word("position", &line.position),
            deed: l.word("audit-deed", &line.deed),
            subject: if line.name.is_empty() { kind } else { format!("{kind}: {}", line.name) },
            detail: if line.kind == "account" { l.word("position", &line.detail) } else { line.detail.clone() },
        }
    }
}

#[derive(Template)]
#[template(path = "desk/log.html")]
struct LogPage {
    l: Locale,
    frame: Frame,
    parts: Vec<Place>,
    lines: Vec<LogRow>,
    older: Option<String>,
}

/// `GET /desk/log`
pub async fn log(desk: AtDesk) -> Result<Response, Error> {
    let AtDesk { visit, .. } = desk;
    let l = visit.l;
    let page: i64 = visit.asked("page").parse().unwrap_or(1).clamp(1, 100_000);
    let offset = (page - 1) * LINES;
    let lines = visit.read(move |conn| audit::newest(conn, offset, LINES + 1)).await?;
    let more = lines.len() > usize::try_from(LINES).unwrap_or_default();
    let page = LogPage {
        l,
        frame: frame(&visit, &l.t("desk-log"), &l.t("desk-log-lead")),
        parts: parts(&visit),
        lines: lines.iter().take(usize::try_from(LINES).unwrap_or_default()).map(|line| LogRow::of(l, line)).collect(),
        older: more.then(|| l.link(&format!("/desk/log?page={}", page + 1))),
    };
    answer::html(&page.frame, &page)
}

/// The things that a part of an address names: `events`, `tasks`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Things {
    /// Events.
    Events,
    /// Tasks.
    Tasks,
}

impl Things {
    /// Reads the part of the address.
    ///
    /// # Errors
    /// [`Error::NotFound`] for other things.
    pub fn parse(word: &str) -> Result<Things, Error> {
        match word {
            "events" => Ok(Things::Events),
            "tasks" => Ok(Things::Tasks),
            _ => Err(Error::NotFound),
        }
    }

    /// The kind of one of them.
    pub fn kind(self) -> &'static str {
        match self {
            Things::Events => "event",
            Things::Tasks => "task",
        }
    }

    /// The part of the address.
    pub fn as_str(self) -> &'static str {
        match self {
            Things::Events => "events",
            Things::Tasks => "tasks",
        }
    }

    /// One of them, by the parts of an address; only where the node has content of its own.
    fn one(visit: &Visit, Path((things, id)): &Path<(String, String)>) -> Result<(Things, Found), Error> {
        let things = Things::here(visit, things)?;
        Ok((things, Found::of_content(things.kind(), id).ok_or(Error::NotFound)?))
    }

    /// Them, where the node has content of its own.
    fn here(visit: &Visit, things: &str) -> Result<Things, Error> {
        let things = Things::parse(things)?;
        if visit.node().role == Role::Region { Ok(things) } else { Err(Error::NotFound) }
    }
}

/// The number of a version in a form.
fn version(at: Timestamp) -> String {
    at.as_millis().to_string()
}
