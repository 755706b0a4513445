//! An organisation on the wire: our view of it as an `Organization`, and another node's as we take it in.

use super::queries::OrganisationRow;
use super::types::{Description, OrganisationView, kind_of, kind_word};
use crate::region::region_field;
use crate::view::PUBLISHED;
use crate::{Language, RegionCode, html, json, learnt};
use federation::kind::Received;
use federation::{Origin, actor};
use store::Timestamp;
use store::id::{ActorUrl, OrganisationId};
use url::Url;
use vocab::{ActorType, PropertyValue, SafeHtml};

const KIND: &str = "Organisaatio";
const MUNICIPALITY: &str = "Kotipaikka";
const SITE: &str = "Verkkosivu";

/// The organisation as it is sent and served. `public_pem` may be empty when the actor's key is known already.
pub(super) fn document(
    view: &OrganisationView,
    origin: &Origin,
    public_pem: &str,
    published: Option<Timestamp>,
) -> vocab::Actor {
    let url = ActorUrl::from_text(view.source.id.as_str());
    let mut organisation = actor::frame(origin, &url, ActorType::Organization, &view.slug, public_pem);
    organisation.name = Some(view.name.clone());
    organisation.summary = summary(&view.description);
    organisation.discoverable = Some(true);
    organisation.indexable = Some(true);
    organisation.published = published.map(|at| at.to_jiff());
    let kind = Some(kind_word(&view.kind, Language::Fi).to_owned()).filter(|kind| !kind.is_empty());
    for (title, text) in [(KIND, kind), (MUNICIPALITY, view.municipality.clone())] {
        organisation.attachment.extend(text.map(|text| PropertyValue::text(title, &html::escaped(&text))));
    }
    let site = view.website.as_deref().and_then(|site| Url::parse(site).ok());
    organisation.attachment.extend(site.map(|site| PropertyValue::own_page(SITE, &site)));
    organisation.attachment.extend(region_field(view.source.region));
    organisation
}

/// One paragraph a language, each marked with its own; Finnish stands first.
fn summary(description: &Description) -> Option<SafeHtml> {
    let paragraphs: String = Language::ALL
        .into_iter()
        .filter_map(|language| Some((language, description.in_language(language)?)))
        .map(|(language, text)| {
            let text = html::escaped(text).replace('\n', "<br>");
            format!("<p lang=\"{}\">{text}</p>", language.as_str())
        })
        .collect();
    (!paragraphs.is_empty()).then(|| html::cut(&SafeHtml::clean(&paragraphs), html::MAX_OF_A_PROFILE))
}

fn description(summary: Option<&SafeHtml>) -> Description {
    let Some(summary) = summary else {
        return Description::default();
    };
    let part = |language: Language| {
        let start = format!("<p lang=\"{}\">", language.as_str());
        let (_, rest) = summary.as_str().split_once(&start)?;
        let (text, _) = rest.split_once("</p>")?;
        bounded(&SafeHtml::clean(text))
    };
    let [fi, sv, en] = Language::ALL.map(part);
    if fi.is_none() && sv.is_none() && en.is_none() {
        return Description { fi: bounded(summary), ..Description::default() };
    }
    Description { fi, sv, en }
}

fn bounded(html: &SafeHtml) -> Option<String> {
    let text: String = html.to_text().chars().take(2_000).collect();
    (!text.is_empty()).then_some(text)
}

/// The row that another node's organisation becomes. Id and slug are given when it is written.
pub(super) fn row(organisation: &vocab::Actor, received: &Received, region: RegionCode) -> OrganisationRow {
    let (published, _) = learnt::times(organisation.published, None, received.now);
    let field = |title: &str| organisation.attachment.iter().find(|field| field.name == title);
    let text = |title: &str| field(title).map(|field| vocab::text::line(&field.value.to_text(), 200));
    let website = field(SITE).and_then(|field| {
        let (_, rest) = field.value.as_str().split_once("href=\"")?;
        vocab::one_or_many::web_address(&rest.split_once('"')?.0.replace("&amp;", "&"))
    });
    OrganisationRow {
        id: OrganisationId::from_text(String::new()),
        url: received.url.clone(),
        local: false,
        region: region.code().to_owned(),
        origin: received.url.host(),
        page: learnt::page_of(organisation.url.as_deref(), &received.url),
        slug: organisation.preferred_username.clone(),
        name: organisation.name.clone().unwrap_or_else(|| organisation.preferred_username.clone()),
        kind: text(KIND).and_then(|word| kind_of(&word)).unwrap_or_default().to_owned(),
        municipality: text(MUNICIPALITY).filter(|text| !text.is_empty()),
        website,
        description: json::written(&description(organisation.summary.as_ref())),
        state: PUBLISHED.to_owned(),
        created_at: received.now,
        updated_at: received.now,
        published_at: Some(published),
        received_at: Some(received.now),
    }
}
