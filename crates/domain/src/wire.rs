//! What several kinds put on the wire alike.

use crate::Language;
use federation::Origin;
use url::form_urlencoded::byte_serialize;
use vocab::{Hashtag, Image};

/// The picture that stands in where there is none: Gancio drops an event without one.
pub(crate) fn default_picture(origin: &Origin, language: Language) -> Image {
    let alt = language.pick(
        "Piirros: lamppujen valaisema esiintymislava, jonka edessä seisoo yleisöä",
        "Teckning: en scen upplyst av lampor, publik framför den",
        "Drawing: a stage lit by lamps, an audience standing in front of it",
    );
    let picture = Image::new(origin.url("/static/pictures/default.png"), "image/png", alt);
    Image { width: Some(1200), height: Some(630), ..picture }
}

/// A tag, with the list of this node (`/tapahtumat`) that shows what carries it. `None` when no letter is in the words.
pub(crate) fn hashtag(words: &str, origin: &Origin, list: &str) -> Option<Hashtag> {
    let query: String = byte_serialize(words.as_bytes()).collect();
    Hashtag::new(words, Some(origin.url(&format!("{list}?q={query}"))))
}
