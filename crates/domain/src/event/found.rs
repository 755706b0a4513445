//! By what an event is found, and what a search shows of it.

use super::actions::KIND_NAME;
use super::queries;
use super::state::Status;
use super::types::EventView;
use crate::Language;
use crate::search::{Findable, Hit, Words};
use diesel::QueryResult;
use store::id::ObjectUrl;
use store::{Conn, Timestamp};

impl Findable for EventView {
    fn by_urls(conn: &mut Conn, urls: &[ObjectUrl]) -> QueryResult<Vec<Self>> {
        queries::by_urls(conn, urls)
    }

    fn hit(&self) -> Hit {
        Hit {
            kind: KIND_NAME,
            source: self.source.clone(),
            slug: self.slug.clone(),
            title: self.name.clone(),
            about: if self.blurb.is_empty() { self.content.to_text() } else { self.blurb.clone() },
            language: self.language.clone(),
            moment: self.starts,
            state: (self.status != Status::Scheduled).then(|| self.status.as_str()),
        }
    }

    fn words(&self) -> Words {
        let language = Language::parse(&self.language);
        let mut words = Words::default();
        words.title(&self.name);
        words.text(&self.blurb, language);
        words.text(&self.content.to_text(), language);
        if let Some(place) = &self.place {
            words.text(&place.name, None);
            words.text(place.locality.as_deref().unwrap_or_default(), None);
        }
        for name in self.organiser.iter().chain(&self.tags) {
            words.text(name, None);
        }
        words
    }

    fn updated(&self) -> Timestamp {
        self.updated
    }

    fn over(&self) -> Option<Timestamp> {
        Some(self.ends)
    }
}
