//! A producer on the wire: our view of the profile as a `Person`, and another node's `Person` as we take it in.
//!
//! The fields of the profile are `PropertyValue`s, which Mastodon and others show as they are; other nodes of this kind
//! read them back by their titles. Lists are parted by a middle dot. What the view does not have is not in the document.

use super::fields::{field_of, field_word, language_of, language_word};
use super::picture::Portrait;
use super::queries::ProducerRow;
use super::types::ProducerView;
use super::work::{Period, Piece, Work};
use crate::engagement::{engagement_of, engagement_word};
use crate::region::region_field;
use crate::view::PUBLISHED;
use crate::{Language, RegionCode, html, json, learnt, skill};
use federation::kind::Received;
use federation::{Origin, actor};
use store::Timestamp;
use store::id::{ActorUrl, ProducerId};
use url::Url;
use vocab::{ActorType, PropertyValue, SafeHtml};

const HEADLINE: &str = "Nimike";
const SKILLS: &str = "Erikoisala";
const FIELDS: &str = "Taiteenala";
const MUNICIPALITY: &str = "Toimialue";
const LANGUAGES: &str = "Kielet";
const REMOTE: &str = "Etätyö";
const SITE: &str = "Verkkosivu";
const LINK: &str = "Linkki";
const TITLES: &str = "Ammatti";
const LEVELS: &str = "Osaamistaso";
const REGIONS: &str = "Palvelee alueita";
const ENGAGEMENT: &str = "Sopimusmuodot";
const AVAILABILITY: &str = "Saatavuus";
const PIECE: &str = "Työnäyte";
const DOT: &str = " · ";

/// The profile as it is sent and served. `public_pem` may be empty when the actor's key is known already.
pub(super) fn document(
    view: &ProducerView,
    origin: &Origin,
    public_pem: &str,
    published: Option<Timestamp>,
) -> vocab::Actor {
    let url = ActorUrl::from_text(view.source.id.as_str());
    let mut person = actor::frame(origin, &url, ActorType::Person, &view.slug, public_pem);
    person.name = Some(view.name.clone());
    person.summary = view.bio.as_ref().map(|bio| html::cut(bio, html::MAX_OF_A_PROFILE));
    person.discoverable = Some(view.discoverable);
    person.indexable = Some(view.discoverable);
    person.published = published.map(|at| at.to_jiff());
    let words = |words: Vec<&str>| (!words.is_empty()).then(|| words.join(DOT));
    let skills = words(view.skills.iter().map(|skill| skill.label(Language::Fi)).collect());
    let fields = words(view.fields.iter().map(|field| field_word(field, Language::Fi)).collect());
    let languages = words(view.languages.iter().map(|code| language_word(code, Language::Fi)).collect());
    let remote = view.remote.map(|remote| if remote { "kyllä" } else { "ei" }.to_owned());
    let texts = [
        (HEADLINE, view.headline.clone()),
        (SKILLS, skills),
        (FIELDS, fields),
        (MUNICIPALITY, view.municipality.clone()),
        (LANGUAGES, languages),
        (REMOTE, remote),
        (TITLES, words(view.titles.iter().map(|title| title.label(Language::Fi)).collect())),
        (LEVELS, levels(view)),
        (REGIONS, words(view.regions.iter().map(|region| region.name(Language::Fi)).collect())),
        (ENGAGEMENT, words(view.engagement.iter().map(|one| engagement_word(one, Language::Fi)).collect())),
        (AVAILABILITY, (!view.availability.is_empty()).then(|| times(&view.availability))),
    ];
    person
        .attachment
        .extend(texts.into_iter().filter_map(|(title, text)| Some(PropertyValue::text(title, &html::escaped(&text?)))));
    let links = view.links.iter().filter_map(|link| Url::parse(link).ok()).enumerate();
    person.attachment.extend(links.map(|(at, link)| PropertyValue::own_page(if at == 0 { SITE } else { LINK }, &link)));
    person.attachment.extend(view.portfolio.iter().map(|piece| PropertyValue::text(PIECE, &piece_html(piece))));
    person.attachment.extend(region_field(view.source.region));
    person.icon = view.picture.as_ref().map(|picture| picture.image(origin));
    person
}

/// The document of an actor that is still there and says nothing: without it others could not check that a deletion is
/// its own.
pub(super) fn emptied(row: &ProducerRow, origin: &Origin) -> vocab::Actor {
    let mut person = actor::frame(origin, &ActorUrl::from_text(row.url.as_str()), ActorType::Person, &row.slug, "");
    person.name = Some(row.slug.clone());
    person.discoverable = Some(false);
    person.indexable = Some(false);
    person
}

/// What other servers show of a profile, made of the very document that they get.
pub fn actor_card(view: &ProducerView, origin: &Origin) -> ActorCard {
    let person = document(view, origin, "", None);
    ActorCard {
        name: view.name.clone(),
        handle: view.handle.clone(),
        note: person.summary,
        picture: view.picture.clone(),
        fields: person.attachment.into_iter().map(|field| (field.name, field.value)).collect(),
    }
}

/// See [`actor_card`].
#[derive(Debug, Clone, PartialEq)]
pub struct ActorCard {
    /// The name.
    pub name: String,
    /// `@user@host`.
    pub handle: String,
    /// The text under it.
    pub note: Option<SafeHtml>,
    /// The round picture.
    pub picture: Option<Portrait>,
    /// Titles and contents of the fields.
    pub fields: Vec<(String, SafeHtml)>,
}

/// The row that another node's profile becomes. Id and slug are given when it is written.
pub(super) fn row(person: &vocab::Actor, received: &Received, region: RegionCode) -> ProducerRow {
    let (published, _) = learnt::times(person.published, None, received.now);
    let text = |title: &str| -> Option<String> {
        let field = person.attachment.iter().find(|field| field.name == title)?;
        let line = vocab::text::line(&field.value.to_text(), 500);
        (!line.is_empty()).then_some(line)
    };
    let list = |title: &str, most: usize| -> Vec<String> {
        let all = text(title).unwrap_or_default();
        all.split(DOT.trim()).map(str::trim).filter(|one| !one.is_empty()).take(most).map(str::to_owned).collect()
    };
    let skills = list(SKILLS, 50).into_iter().map(|label| skill::find(&label).map_or(label, |known| known.id.clone()));
    let fields: Vec<String> = list(FIELDS, 20).iter().map(|word| field_of(word).to_owned()).collect();
    let languages: Vec<String> = list(LANGUAGES, 10).iter().map(|word| language_of(word).to_owned()).collect();
    let links = person.attachment.iter().filter(|field| field.name == SITE || field.name == LINK);
    let links: Vec<String> = links.filter_map(|field| href(field.value.as_str())).take(10).collect();
    ProducerRow {
        id: ProducerId::from_text(String::new()),
        url: received.url.clone(),
        local: false,
        region: region.code().to_owned(),
        origin: received.url.host(),
        page: learnt::page_of(person.url.as_deref(), &received.url),
        slug: person.preferred_username.clone(),
        name: person.name.clone().unwrap_or_else(|| person.preferred_username.clone()),
        headline: text(HEADLINE),
        bio: person.summary.as_ref().map(|bio| bio.as_str().to_owned()),
        municipality: text(MUNICIPALITY),
        skills: json::written(&skills.collect::<Vec<_>>()),
        languages: json::written(&languages),
        fields: json::written(&fields),
        links: json::written(&links),
        remote: text(REMOTE).as_deref() == Some("kyllä"),
        state: PUBLISHED.to_owned(),
        created_at: received.now,
        updated_at: received.now,
        published_at: Some(published),
        received_at: Some(received.now),
        account: None,
        work: json::written(&work(&list, person)),
        picture: None,
        asked_at: None,
        returned: None,
    }
}

/// `apurahat 3/4 · budjetit 2/4`.
fn levels(view: &ProducerView) -> Option<String> {
    let known = view.skills.iter().filter_map(|skill| Some((skill, view.levels.get(&skill.id)?)));
    let all: Vec<String> = known.map(|(skill, level)| format!("{} {level}/4", skill.label(Language::Fi))).collect();
    (!all.is_empty()).then(|| all.join(DOT))
}

/// `2027-01-01 – 2027-03-31 (50 %)`.
fn times(periods: &[Period]) -> String {
    let all = periods.iter().map(|period| format!("{} – {} ({} %)", period.from, period.until, period.share));
    all.collect::<Vec<_>>().join(DOT)
}

fn piece_html(piece: &Piece) -> String {
    let title = html::escaped(&piece.title);
    let title = match &piece.url {
        Some(url) => format!("<a href=\"{}\">{title}</a>", html::escaped(url)),
        None => title,
    };
    let year = piece.year.map(|year| year.to_string());
    let more: Vec<String> = piece.role.iter().cloned().chain(year).map(|one| html::escaped(&one)).collect();
    if more.is_empty() { title } else { format!("{title} ({})", more.join(", ")) }
}

/// What another node's profile tells of the work.
fn work(list: &impl Fn(&str, usize) -> Vec<String>, person: &vocab::Actor) -> Work {
    let level = |entry: String| -> Option<(String, u8)> {
        let (label, level) = entry.strip_suffix("/4")?.rsplit_once(' ')?;
        let id = skill::find(label).map_or_else(|| label.to_owned(), |known| known.id.clone());
        Some((id, level.parse().ok().filter(|level| (1..=4).contains(level))?))
    };
    let period = |entry: String| -> Option<Period> {
        let (days, share) = entry.strip_suffix(" %)")?.split_once(" (")?;
        let (from, until) = days.split_once(" – ")?;
        let day = |text: &str| text.parse::<jiff::civil::Date>().ok().map(|day| day.to_string());
        Some(Period { from: day(from)?, until: day(until)?, share: share.parse().ok().filter(|share| *share <= 100)? })
    };
    let piece = |field: &PropertyValue| Piece {
        title: vocab::text::line(&field.value.to_text(), 300),
        url: href(field.value.as_str()),
        role: None,
        year: None,
    };
    let codes =
        list(REGIONS, 20).into_iter().filter_map(|name| RegionCode::parse(&name)).map(|one| one.code().to_owned());
    Work {
        titles: list(TITLES, 10).iter().map(|word| skill::occupation_of(word).id).collect(),
        levels: list(LEVELS, 50).into_iter().filter_map(level).collect(),
        regions: codes.collect(),
        engagement: list(ENGAGEMENT, 8).iter().map(|word| engagement_of(word).to_owned()).collect(),
        availability: list(AVAILABILITY, 6).into_iter().filter_map(period).collect(),
        portfolio: person.attachment.iter().filter(|field| field.name == PIECE).map(piece).take(10).collect(),
    }
}

/// The address of the first link in a text.
fn href(html: &str) -> Option<String> {
    let (_, rest) = html.split_once("href=\"")?;
    let (address, _) = rest.split_once('"')?;
    vocab::one_or_many::web_address(&address.replace("&amp;", "&"))
}
