//! A producer on the wire: our view of the profile as a `Person`, and another node's `Person` as we take it in.
//!
//! The fields of the profile are `PropertyValue`s, which Mastodon and others show as they are; other nodes of this kind
//! read them back by their titles. Lists are parted by a middle dot. What the view does not have is not in the document.

use super::fields::{field_of, field_word, language_of, language_word};
use super::queries::ProducerRow;
use super::types::ProducerView;
use crate::region::region_field;
use crate::view::PUBLISHED;
use crate::{Language, RegionCode, html, json, learnt, skill};
use federation::kind::Received;
use federation::{Origin, actor};
use store::Timestamp;
use store::id::{ActorUrl, ProducerId};
use url::Url;
use vocab::{ActorType, PropertyValue};

const HEADLINE: &str = "Nimike";
const SKILLS: &str = "Erikoisala";
const FIELDS: &str = "Taiteenala";
const MUNICIPALITY: &str = "Toimialue";
const LANGUAGES: &str = "Kielet";
const REMOTE: &str = "Etätyö";
const SITE: &str = "Verkkosivu";
const LINK: &str = "Linkki";
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
    ];
    person
        .attachment
        .extend(texts.into_iter().filter_map(|(title, text)| Some(PropertyValue::text(title, &html::escaped(&text?)))));
    let links = view.links.iter().filter_map(|link| Url::parse(link).ok()).enumerate();
    person.attachment.extend(links.map(|(at, link)| PropertyValue::own_page(if at == 0 { SITE } else { LINK }, &link)));
    person.attachment.extend(region_field(view.source.region));
    person
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
    }
}

/// The address of the first link in a text.
fn href(html: &str) -> Option<String> {
    let (_, rest) = html.split_once("href=\"")?;
    let (address, _) = rest.split_once('"')?;
    vocab::one_or_many::web_address(&address.replace("&amp;", "&"))
}
