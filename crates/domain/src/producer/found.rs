//! By what a producer is found, and what a search shows: what the person has agreed to publish, and nothing else.

use super::actions::KIND_NAME;
use super::queries;
use super::types::ProducerView;
use super::work::Period;
use crate::search::{Facet, Findable, Hit, Words};
use crate::{Language, skill};
use diesel::QueryResult;
use store::id::ObjectUrl;
use store::{Conn, Timestamp};
use vocab::SafeHtml;

impl Findable for ProducerView {
    fn by_urls(conn: &mut Conn, urls: &[ObjectUrl]) -> QueryResult<Vec<Self>> {
        queries::by_urls(conn, urls)
    }

    fn hit(&self) -> Hit {
        let bio = || self.bio.as_ref().map(SafeHtml::to_text);
        Hit {
            kind: KIND_NAME,
            source: self.source.clone(),
            slug: self.slug.clone(),
            title: self.name.clone(),
            about: self.headline.clone().or_else(bio).unwrap_or_default(),
            language: String::new(),
            moment: self.updated,
            state: None,
        }
    }

    fn words(&self) -> Words {
        let mut words = Words::default();
        words.title(&self.name);
        let pieces = self.portfolio.iter().flat_map(|piece| std::iter::once(&piece.title).chain(&piece.role));
        for text in self.headline.iter().chain(&self.municipality).chain(pieces) {
            words.text(text, None);
        }
        if let Some(bio) = &self.bio {
            words.text(&bio.to_text(), None);
        }
        for language in Language::ALL {
            for skill in &self.skills {
                words.text(skill.label(language), Some(language));
            }
            for title in &self.titles {
                words.text(title.label(language), Some(language));
            }
            for region in &self.regions {
                words.text(region.name(language), Some(language));
            }
            for field in &self.fields {
                words.text(super::field_word(field, language), Some(language));
            }
        }
        let facets = skill::with_groups(&self.skills).map(|id| Facet::Skill(id.to_owned()));
        let facets = facets.chain(self.fields.iter().cloned().map(Facet::Field));
        let facets = facets.chain(self.languages.iter().cloned().map(Facet::Language));
        let facets = facets.chain(self.availability.iter().flat_map(Period::months).map(Facet::Free));
        let home = std::iter::once(&self.source.region);
        let regions = home.chain(&self.regions).map(|region| Facet::Region(region.code().to_owned()));
        let facets = facets.chain(regions);
        for facet in facets.chain((self.remote == Some(true)).then_some(Facet::Remote)) {
            words.facet(&facet);
        }
        words
    }

    fn updated(&self) -> Timestamp {
        self.updated
    }
}
