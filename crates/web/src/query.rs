//! What a list is asked for: the filter form's values, what is wrong with them, and the links to the other pages of the list.
//!
//! Invariant: a value that cannot be understood is never dropped silently. The form comes back with what was typed, and
//! says what to do.

use crate::choices::{self, Choice, Select};
use crate::feeds;
use crate::i18n::{Key, Locale};
use crate::layout::Sections;
use crate::moment;
use crate::month::Month;
use crate::paging::Paging;
use crate::visit::Visit;
use domain::region::{self, RegionCode};
use domain::search::{Asked, Facet};
use domain::view::{Filter, Page};
use domain::{Language, hits};
use std::borrow::Cow;
use store::Timestamp;

/// Entries of one page of a list.
const PER_PAGE: i64 = 20;
/// The highest page number that is a number of a page.
const LAST_PAGE: i64 = 100_000;
/// Longest search, in characters.
const LONGEST: usize = 200;

/// How a list can be narrowed down, beside words and regions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dates {
    /// By when it happens, the past on request.
    Events,
    /// By deadline and publication.
    Tasks,
    /// Not by dates; a query may still ask when a profile changed.
    Unshown,
}

/// Something that is wrong with a value.
pub struct Fault {
    /// The parameter at fault.
    field: &'static str,
    key: Key,
    value: String,
}

impl Fault {
    /// The id of its sentence on the page.
    pub fn id(&self) -> String {
        format!("fault-{}", self.field)
    }

    /// What is wrong, and what to do.
    pub fn message(&self, l: &Locale) -> String {
        l.t1(self.key.0, "value", &self.value)
    }
}

/// A search: what was typed, and what it means.
pub struct Search {
    /// The path of the list.
    pub path: &'static str,
    /// The words, as typed.
    pub text: String,
    /// The first day, as typed.
    pub from: String,
    /// The last day, as typed.
    pub until: String,
    /// The past as well.
    pub past: bool,
    /// The regions to choose from; none where the list is one region's own.
    pub regions: Vec<Choice>,
    /// What the list of regions says when none is chosen.
    pub any_region: String,
    /// The region that was asked for where the form offers none to choose: the page says it, and the form keeps it.
    pub elsewhere: Option<Choice>,
    /// The kinds of things to choose from; none where the list is of one kind.
    pub kinds: Vec<Choice>,
    /// Other values to choose from.
    pub selects: Vec<Select>,
    /// The month that is asked for.
    pub month: Option<Month>,
    /// On the map.
    pub on_map: bool,
    /// The form asks for dates.
    pub dated: bool,
    /// The form asks whether the past is wanted.
    pub timed: bool,
    /// What the first date means.
    pub from_label: String,
    /// What the second date means.
    pub until_label: String,
    /// What is wrong.
    pub faults: Vec<Fault>,
    region: String,
    kind: String,
    page: i64,
    filter: Filter,
}

fn region_choice(region: &'static region::Region, wanted: Option<RegionCode>, language: Language) -> Choice {
    Choice {
        code: Cow::Borrowed(region.code.as_str()),
        name: region.name(language).to_owned(),
        selected: wanted.is_some_and(|wanted| wanted.code() == region.code),
    }
}

impl Search {
    /// Reads a visit's query.
    pub fn read(visit: &Visit, path: &'static str, dates: Dates) -> Search {
        let mut search = Search::begun(visit, path, dates);
        search.read_words();
        search.read_dates();
        if dates == Dates::Events {
            search.read_month(visit.asked("month"));
        }
        search.read_region(visit, Sections::of(visit.node().role).many_regions);
        search.read_page(visit.asked("page"));
        search
    }

    /// Reads a visit's query of a list of producers.
    pub fn read_people(visit: &Visit, path: &'static str) -> Search {
        let mut search = Search::read(visit, path, Dates::Unshown);
        search.read_choices(choices::of_people(visit));
        search.read_served(visit);
        search
    }

    /// Reads a visit's query of a list of tasks.
    pub fn read_tasks(visit: &Visit, path: &'static str) -> Search {
        let mut search = Search::read(visit, path, Dates::Tasks);
        search.read_choices(choices::of_tasks(visit));
        search
    }

    /// Reads the query of a search across all kinds and, on every node, all regions.
    pub fn read_across(visit: &Visit, path: &'static str) -> Search {
        let mut search = Search::begun(visit, path, Dates::Unshown);
        search.read_words();
        search.read_dates();
        search.read_region(visit, true);
        search.read_kind(visit);
        search.read_page(visit.asked("page"));
        search
    }

    fn begun(visit: &Visit, path: &'static str, dates: Dates) -> Search {
        let l = visit.l;
        let (from_label, until_label) = match dates {
            Dates::Tasks => (Key("task-filter-from"), Key("task-filter-until")),
            Dates::Events | Dates::Unshown => (Key("filter-from"), Key("filter-until")),
        };
        Search {
            path,
            text: visit.asked("q").to_owned(),
            from: visit.asked("from").to_owned(),
            until: visit.asked("until").to_owned(),
            past: matches!(visit.asked("past"), "1" | "true" | "on"),
            regions: Vec::new(),
            any_region: l.t("filter-region-all"),
            elsewhere: None,
            kinds: Vec::new(),
            selects: Vec::new(),
            month: None,
            on_map: dates == Dates::Events && visit.asked("view") == "map",
            dated: dates != Dates::Unshown,
            timed: dates == Dates::Events,
            from_label: from_label.text(l),
            until_label: until_label.text(l),
            faults: Vec::new(),
            region: visit.asked("region").to_owned(),
            kind: String::new(),
            page: 1,
            filter: Filter::default(),
        }
    }

    fn fault(&mut self, field: &'static str, key: Key, value: &str) {
        self.faults.push(Fault { field, key, value: value.chars().take(80).collect() });
    }

    fn read_choices(&mut self, selects: Vec<Select>) {
        for select in selects.iter().filter(|select| select.is_at_fault()) {
            self.fault(select.name, select.fault, &select.typed);
        }
        self.filter.facets = selects.iter().filter_map(Select::facet).collect();
        self.selects = selects;
    }

    fn read_words(&mut self) {
        if self.text.chars().count() > LONGEST {
            self.fault("q", Key("fault-q"), "");
        } else if !self.text.is_empty() && Asked::parse(&self.text).is_none() {
            let typed = self.text.clone();
            self.fault("q", Key("fault-words"), &typed);
        } else if !self.text.is_empty() {
            self.filter.text = Some(self.text.clone());
        }
        self.filter.past = self.past;
    }

    fn read_dates(&mut self) {
        let (from, until) = (self.from.clone(), self.until.clone());
        self.filter.from = self.read_day("from", Key("fault-from"), &from, moment::day_begins);
        self.filter.until = self.read_day("until", Key("fault-until"), &until, moment::day_ends);
        if let (Some(first), Some(last)) = (self.filter.from, self.filter.until)
            && last < first
        {
            self.fault("until", Key("fault-order"), &until);
        }
    }

    /// A month is shown with what is over in it; of days that were asked for as well, those within it.
    fn read_month(&mut self, typed: &str) {
        self.month = Month::parse(typed);
        let Some(month) = self.month else {
            if !typed.is_empty() {
                self.fault("month", Key("fault-month"), typed);
            }
            return;
        };
        let (from, until) = month.moments();
        self.filter.from = self.filter.from.max(from);
        self.filter.until = [self.filter.until, until].into_iter().flatten().min();
        self.filter.past = true;
        self.dated = false;
    }

    fn read_day(
        &mut self,
        field: &'static str,
        key: Key,
        typed: &str,
        read: fn(&str) -> Option<Timestamp>,
    ) -> Option<Timestamp> {
        let day = read(typed);
        if day.is_none() && !typed.is_empty() {
            self.fault(field, key, typed);
        }
        day
    }

    fn read_kind(&mut self, visit: &Visit) {
        let typed = visit.asked("kind").to_owned();
        let choice = |kind: &'static str| Choice {
            code: Cow::Borrowed(kind),
            name: visit.l.word("search-kinds", kind),
            selected: typed == kind,
        };
        self.kinds = hits::kinds().map(choice).collect();
        if self.kind().is_none() && !typed.is_empty() {
            self.fault("kind", Key("fault-kind"), &typed);
        }
        self.kind = typed;
    }

    /// The one kind that is asked for.
    pub fn kind(&self) -> Option<&'static str> {
        hits::kinds().find(|kind| self.kinds.iter().any(|choice| choice.selected && choice.code == *kind))
    }

    /// `many`: any region can be asked for, and all are unless one is.
    fn read_region(&mut self, visit: &Visit, many: bool) {
        let wanted = RegionCode::parse(&self.region);
        if wanted.is_none() && !self.region.is_empty() {
            let typed = self.region.clone();
            self.fault("region", Key("fault-region"), &typed);
        }
        self.filter.region = match wanted {
            Some(RegionCode::NATIONAL) => None,
            None if !many => Some(visit.node().region),
            wanted => wanted,
        };
        if many {
            self.offer_regions(visit.l.language());
        } else {
            let other = wanted.filter(|wanted| *wanted != visit.node().region);
            self.elsewhere = other.map(|other| region_choice(other.region(), wanted, visit.l.language()));
        }
    }

    /// Somebody of one region may work for others, and is found there as well; who asks for no region sees those that the
    /// node has a list of.
    fn read_served(&mut self, visit: &Visit) {
        if !Sections::of(visit.node().role).many_regions {
            self.elsewhere = None; // the form offers it
            self.any_region = visit.l.t("producer-filter-region-own");
            self.offer_regions(visit.l.language());
        }
        if let Some(served) = RegionCode::parse(&self.region).filter(|code| *code != RegionCode::NATIONAL) {
            self.filter.region = None;
            self.filter.facets.push(Facet::Region(served.code().to_owned()));
        }
    }

    fn offer_regions(&mut self, language: Language) {
        let wanted = RegionCode::parse(&self.region);
        self.regions = region::all().iter().map(|region| region_choice(region, wanted, language)).collect();
    }

    fn read_page(&mut self, typed: &str) {
        match typed.parse::<i64>() {
            Ok(page @ 1..=LAST_PAGE) => self.page = page,
            _ if typed.is_empty() => {}
            _ => self.fault("page", Key("fault-page"), typed),
        }
        self.filter.page = Page { offset: (self.page - 1) * PER_PAGE, limit: PER_PAGE };
    }

    /// What the list is narrowed down to.
    pub fn filter(&self) -> Filter {
        self.filter.clone()
    }

    /// What is wrong with a field.
    pub fn fault_of(&self, field: &str) -> Option<&Fault> {
        self.faults.iter().find(|fault| fault.field == field)
    }

    /// The field of the form where a fault is put right: the words, when the form does not ask for the value at fault.
    pub fn anchor(&self, fault: &Fault) -> &'static str {
        match fault.field {
            "from" | "until" if self.dated => fault.field,
            "region" if !self.regions.is_empty() => fault.field,
            "kind" if !self.kinds.is_empty() => fault.field,
            named if self.selects.iter().any(|select| select.name == named) => fault.field,
            _ => "q",
        }
    }

    /// Whether anything is narrowed down at all.
    pub fn active(&self) -> bool {
        self.past
            || self.narrowed_by_choice()
            || [&self.text, &self.from, &self.until, &self.region, &self.kind].iter().any(|typed| !typed.is_empty())
    }

    /// Whether chosen values narrow the list down, or were meant to.
    pub fn narrowed_by_choice(&self) -> bool {
        self.selects.iter().any(|select| !select.typed.is_empty())
    }

    /// Whether dates narrow the list down, or were meant to.
    pub fn narrowed_by_date(&self) -> bool {
        self.past || !self.from.is_empty() || !self.until.is_empty()
    }

    /// All faults in words.
    pub fn fault_texts(&self, l: Locale) -> Vec<String> {
        self.faults.iter().map(|fault| fault.message(&l)).collect()
    }

    /// Path and query of another page of the same list.
    fn to_page(&self, page: i64) -> String {
        let mut query = self.narrowed();
        if page > 1 {
            query.append_pair("page", &page.to_string());
        }
        self.at(&query.finish())
    }

    fn at(&self, query: &str) -> String {
        if query.is_empty() { self.path.to_owned() } else { format!("{}?{query}", self.path) }
    }

    /// The link to what has the same words and region, of a month, on the map, or neither.
    pub fn in_view(&self, l: &Locale, view: &[(&str, &str)]) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        let kept = [("q", self.text.as_str()), ("region", self.region.as_str())];
        query.extend_pairs(kept.into_iter().chain(view.iter().copied()).filter(|(_, value)| !value.is_empty()));
        l.link(&self.at(&query.finish()))
    }

    /// [`Search::in_view`] as a list.
    pub fn as_list(&self, l: &Locale) -> String {
        self.in_view(l, &[])
    }

    /// [`Search::in_view`] on the map.
    pub fn as_map(&self, l: &Locale) -> String {
        self.in_view(l, &[("view", "map")])
    }

    /// [`Search::in_view`] of another month.
    pub fn in_month(&self, l: &Locale, month: &Month) -> String {
        self.in_view(l, &[("month", month.code().as_str())])
    }

    /// Path and query of the same list, from its beginning, as a feed; always in the language that it was found in, since a
    /// feed reader asks for none.
    pub fn feed(&self, l: Locale, kind: &feeds::Kind) -> String {
        let mut query = self.narrowed();
        query.append_pair("lang", l.code());
        format!("{}{}?{}", self.path, kind.extension, query.finish())
    }

    /// Path and query of the first page of the list, in the same language.
    pub fn shown(&self, l: Locale) -> String {
        Locale::chosen(l.language()).link(&self.to_page(1))
    }

    /// What narrows the list down, as a query.
    fn narrowed(&self) -> url::form_urlencoded::Serializer<'static, String> {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        let typed = [
            ("q", &self.text),
            ("kind", &self.kind),
            ("region", &self.region),
            ("from", &self.from),
            ("until", &self.until),
        ];
        query.extend_pairs(typed.iter().filter(|(_, value)| !value.is_empty()));
        let chosen = self.selects.iter().map(|select| (select.name, &select.typed));
        query.extend_pairs(chosen.filter(|(_, value)| !value.is_empty()));
        if let Some(month) = self.month {
            query.append_pair("month", &month.code());
        }
        if self.past {
            query.append_pair("past", "1");
        }
        query
    }

    /// Path and query of the next page, when there is one.
    pub fn next_page(&self, total: i64) -> Option<String> {
        (self.page * PER_PAGE < total).then(|| self.to_page(self.page + 1))
    }

    /// The links between the pages of the list.
    pub fn paging(&self, total: i64, l: Locale) -> Paging {
        let pages = (total + PER_PAGE - 1) / PER_PAGE;
        let previous = (self.page > 1).then(|| l.link(&self.to_page((self.page - 1).min(pages.max(1)))));
        Paging { page: self.page, pages, previous, next: self.next_page(total).map(|next| l.link(&next)) }
    }
}
