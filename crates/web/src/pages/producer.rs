//! The list of producers and the page of one, whose address is `/@username`.

use super::{Listed, languages, listed, skills};
use crate::answer;
use crate::card::{self, Card, FollowBox, Outward};
use crate::error::Error;
use crate::feeds::atom;
use crate::i18n::{Key, Locale};
use crate::layout::Frame;
use crate::paging::Paging;
use crate::query::Search;
use crate::structured;
use crate::visit::Visit;
use askama::Template;
use axum::response::{IntoResponse, Response};
use domain::producer::{self, ProducerView};

/// Where the list is.
const PATH: &str = "/tuottajat";

/// A producer in a list.
pub struct Row {
    /// Where the profile is and comes from.
    pub card: Card,
    /// The name that the person works under.
    pub name: String,
    /// Its first letters, at most two.
    pub initials: String,
    /// What the person does, in a line.
    pub headline: Option<String>,
    /// Municipality and fields of art.
    pub facts: String,
    /// The first of the skills.
    pub skills: Vec<String>,
    /// How many more there are.
    pub more_skills: i64,
}

/// Skills that a row shows.
const SKILLS: usize = 3;

impl Row {
    /// Of a view.
    pub fn of(visit: &Visit, producer: &ProducerView) -> Row {
        let mut shown = skills(visit, &producer.skills);
        let more_skills = i64::try_from(shown.len().saturating_sub(SKILLS)).unwrap_or(0);
        shown.truncate(SKILLS);
        let fields = producer.fields.iter().map(|field| visit.l.word("field", field));
        let facts: Vec<String> = producer.municipality.iter().cloned().chain(fields).take(4).collect();
        Row {
            card: Card::actor(visit, &producer.source, &producer.slug).naming([producer.name.as_str()]),
            name: producer.name.clone(),
            initials: initials(&producer.name),
            headline: producer.headline.clone(),
            facts: facts.join(" · "),
            skills: shown,
            more_skills,
        }
    }
}

fn initials(name: &str) -> String {
    let words = name.split_whitespace().filter_map(|word| word.chars().next().filter(|c| c.is_alphabetic()));
    words.take(2).flat_map(char::to_uppercase).collect()
}

#[derive(Template)]
#[template(path = "producer/list.html")]
struct ListPage {
    l: Locale,
    frame: Frame,
    search: Search,
    paging: Paging,
    total: i64,
    producers: Vec<Row>,
}

/// `GET /tuottajat`
pub async fn list(visit: Visit) -> Result<Response, Error> {
    let search = Search::read_people(&visit, PATH);
    let (found, status) = match listed(&visit, &search, producer::list).await? {
        Listed::Page(found, status) => (found, status),
        Listed::Answer(answer) => return Ok(answer),
    };
    let l = visit.l;
    let frame = Frame::new(&visit, &l.t("producer-list"), &l.t("producer-list-lead")).fed(&search, &[atom::KIND]);
    let paging = search.paging(found.total, l);
    let producers = found.items.iter().map(|producer| Row::of(&visit, producer)).collect();
    let page = ListPage { l, frame, search, paging, total: found.total, producers };
    Ok((status, answer::html(&page.frame, &page)?).into_response())
}

/// `GET /tuottajat.atom`
pub async fn atom(visit: Visit) -> Result<Response, Error> {
    let search = Search::read_people(&visit, PATH);
    atom::list(&visit, &search, (Key("producer-list"), Key("producer-list-lead")), producer::list, told).await
}

fn told<'a>(visit: &Visit, producer: &'a ProducerView) -> atom::Told<'a> {
    let facts: Vec<&str> =
        [&producer.headline, &producer.municipality].into_iter().flatten().map(String::as_str).collect();
    atom::Told {
        source: &producer.source,
        title: &producer.name,
        summary: facts.join(" · "),
        content: producer.bio.as_ref(),
        language: "",
        author: &producer.name,
        words: skills(visit, &producer.skills),
        published: None,
        updated: producer.updated,
    }
}

/// What the page of a producer says beside the view itself.
struct Details {
    languages: String,
    fields: String,
    skills: Vec<String>,
    links: Vec<Outward>,
    remote: bool,
    placed: bool,
    titles: String,
    regions: String,
    engagement: String,
    availability: Vec<String>,
    portfolio: Vec<Shown>,
}

/// Something that the person has made.
struct Shown {
    title: String,
    url: Option<String>,
    more: String,
}

impl Details {
    fn of(visit: &Visit, producer: &ProducerView) -> Details {
        let fields: Vec<String> = producer.fields.iter().map(|field| visit.l.word("field", field)).collect();
        let (l, language) = (visit.l, visit.l.language());
        let titles: Vec<&str> = producer.titles.iter().map(|title| title.label(language)).collect();
        let regions: Vec<&str> = producer.regions.iter().map(|region| region.name(language)).collect();
        let engagement: Vec<String> = producer.engagement.iter().map(|id| l.word("task-engagement", id)).collect();
        let period = |one: &producer::Period| {
            format!("{}–{} ({}\u{a0}%)", l.plain_date(&one.from), l.plain_date(&one.until), one.share)
        };
        let piece = |piece: &producer::Piece| {
            let year = piece.year.map(|year| year.to_string());
            let more: Vec<String> = piece.role.iter().cloned().chain(year).collect();
            let url = piece.url.as_deref().and_then(card::web).map(str::to_owned);
            Shown { title: piece.title.clone(), url, more: more.join(", ") }
        };
        Details {
            titles: titles.join(", "),
            regions: regions.join(", "),
            engagement: engagement.join(", "),
            availability: producer.availability.iter().map(period).collect(),
            portfolio: producer.portfolio.iter().map(piece).collect(),
            languages: languages(visit, &producer.languages),
            fields: fields.join(", "),
            skills: levelled(visit, producer),
            links: card::outward(&producer.links),
            remote: producer.remote == Some(true),
            placed: producer.municipality.is_some(),
        }
    }

    fn any_facts(&self) -> bool {
        let told = !(self.languages.is_empty() && self.fields.is_empty() && self.links.is_empty());
        let works = !(self.titles.is_empty() && self.regions.is_empty() && self.engagement.is_empty());
        told || works || !self.availability.is_empty() || self.remote || self.placed
    }
}

/// The skills, each with its level if that may be shown.
fn levelled(visit: &Visit, producer: &ProducerView) -> Vec<String> {
    let word = |skill: &domain::skill::SkillLabel| {
        let label = skill.label(visit.l.language());
        match producer.levels.get(&skill.id) {
            Some(level) => format!("{label} ({level}/4)"),
            None => label.to_owned(),
        }
    };
    producer.skills.iter().map(word).collect()
}

#[derive(Template)]
#[template(path = "producer/page.html")]
struct Page {
    l: Locale,
    frame: Frame,
    card: Card,
    producer: ProducerView,
    row: Details,
    follow: FollowBox,
}

/// The page of a producer.
pub fn page(visit: &Visit, producer: ProducerView) -> Result<Response, Error> {
    let l = visit.l;
    let row = Details::of(visit, &producer);
    let bio = || producer.bio.as_ref().map(vocab::SafeHtml::to_text);
    let description = producer.headline.clone().or_else(bio).unwrap_or_else(|| l.t("producer-list-lead"));
    let mut frame =
        Frame::new(visit, &producer.name, &description).of("profile", &producer.source.id, Some(&producer.handle));
    let card = Card::actor(visit, &producer.source, &producer.slug).naming([producer.name.as_str()]);
    frame = frame.within(PATH);
    if !card.local {
        frame = frame.copy_of(&card.page);
    }
    if !producer.discoverable {
        frame = frame.unlisted();
    } else if card.local {
        frame = frame.described(Some(&structured::person(visit, &producer)));
    }
    let follow = FollowBox::new(l, &producer.name, &producer.handle);
    let page = Page { l, frame, card, producer, row, follow };
    answer::html(&page.frame, &page)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_monogram_has_two_letters_at_most() {
        for (name, expected) in [("Aino Lehtiranta (esimerkki)", "AL"), ("åke", "Å"), ("DJ 3000 Öhman", "DÖ"), ("", "")]
        {
            assert_eq!(initials(name), expected, "{name}");
        }
    }
}
