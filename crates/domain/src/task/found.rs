//! By what a task is found, and what a search shows of it.

use super::actions::KIND_NAME;
use super::queries;
use super::types::TaskView;
use crate::search::{Facet, Findable, Hit, Words};
use crate::{Language, skill};
use diesel::QueryResult;
use store::id::ObjectUrl;
use store::{Conn, Timestamp};

impl Findable for TaskView {
    fn by_urls(conn: &mut Conn, urls: &[ObjectUrl]) -> QueryResult<Vec<Self>> {
        queries::by_urls(conn, urls)
    }

    fn hit(&self) -> Hit {
        Hit {
            kind: KIND_NAME,
            source: self.source.clone(),
            slug: self.slug.clone(),
            title: self.title.clone(),
            about: self.description.to_text(),
            language: self.language.clone(),
            moment: self.published,
            state: self.state.is_over().then(|| self.state.as_str()),
        }
    }

    fn words(&self) -> Words {
        let mut words = Words::default();
        words.title(&self.title);
        words.text(&self.description.to_text(), Language::parse(&self.language));
        for name in self.client.iter().chain(&self.municipality) {
            words.text(name, None);
        }
        for language in Language::ALL {
            words.text(super::kind_word(&self.kind, language), Some(language));
            for skill in &self.skills {
                words.text(skill.label(language), Some(language));
            }
        }
        let facets = skill::with_groups(&self.skills).map(|id| Facet::Skill(id.to_owned()));
        let facets = facets.chain(self.engagement.iter().cloned().map(Facet::Engagement));
        for facet in facets.chain(self.remote.then_some(Facet::Remote)) {
            words.facet(&facet);
        }
        words
    }

    fn updated(&self) -> Timestamp {
        self.updated
    }

    fn over(&self) -> Option<Timestamp> {
        self.closed
    }
}
