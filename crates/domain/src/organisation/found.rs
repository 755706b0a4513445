//! By what an organisation is found, and what a search shows of it.

use super::actions::KIND_NAME;
use super::queries;
use super::types::OrganisationView;
use crate::Language;
use crate::search::{Findable, Hit, Words};
use diesel::QueryResult;
use store::id::ObjectUrl;
use store::{Conn, Timestamp};

impl Findable for OrganisationView {
    fn by_urls(conn: &mut Conn, urls: &[ObjectUrl]) -> QueryResult<Vec<Self>> {
        queries::by_urls(conn, urls)
    }

    fn hit(&self) -> Hit {
        let told = Language::ALL.into_iter().find_map(|language| {
            let text = self.description.in_language(language).filter(|text| !text.is_empty())?;
            Some((text.to_owned(), language.as_str().to_owned()))
        });
        let (about, language) = told.unwrap_or_default();
        Hit {
            kind: KIND_NAME,
            source: self.source.clone(),
            slug: self.slug.clone(),
            title: self.name.clone(),
            about,
            language,
            moment: self.updated,
            state: None,
        }
    }

    fn words(&self) -> Words {
        let mut words = Words::default();
        words.title(&self.name);
        words.text(self.municipality.as_deref().unwrap_or_default(), None);
        for language in Language::ALL {
            words.text(super::kind_word(&self.kind, language), Some(language));
            words.text(self.description.in_language(language).unwrap_or_default(), Some(language));
        }
        words
    }

    fn updated(&self) -> Timestamp {
        self.updated
    }
}
