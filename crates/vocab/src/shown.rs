//! What people see of a document on two programs that most of them use, so that who publishes sees it before: as a post among
//! others (Mastodon), and as the page of an event (Mobilizon). Read from the document itself, as those programs read it.
//!
//! Left out: how it looks there. A server may show more or less in a later version; what is said here is of Mastodon 4.3 to 4.5
//! and Mobilizon 5.

use serde_json::Value;

use crate::one_or_many;
use crate::{Attachment, Content, Event, LocalTime, Location, SafeHtml};

/// Lines of a post after which it is folded behind *Read more* (`MAX_HEIGHT` of 706 px, in lines of 22 px).
const FOLDED_AFTER: usize = 32;
/// Characters of a line there, roughly.
const OF_A_LINE: usize = 60;

/// A post among others.
#[derive(Debug, Clone, PartialEq)]
pub struct Post {
    /// Its text.
    pub text: SafeHtml,
    /// It is folded after so many lines.
    pub folded: Option<usize>,
    /// The address whose title and picture stand under it.
    pub card: Option<String>,
    /// The words for its pictures.
    pub pictures: Vec<String>,
}

/// The page of an event.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// Its title.
    pub title: String,
    /// When it begins.
    pub starts: LocalTime,
    /// When it ends, if that is shown.
    pub ends: Option<LocalTime>,
    /// Where it is, line by line; empty when it is online.
    pub place: Vec<String>,
    /// Whether it takes place, as that program knows it: `CONFIRMED`, `TENTATIVE` or `CANCELLED`.
    pub status: &'static str,
    /// One of the program's categories.
    pub category: Option<String>,
    /// The whole description.
    pub text: SafeHtml,
    /// Where one signs up.
    pub sign_up: Option<String>,
    /// Its hashtags.
    pub tags: Vec<String>,
}

/// A document as a post: of an event the title, the summary and the link alone; a note in full.
#[must_use]
pub fn as_post(document: &Value) -> Option<Post> {
    if let Ok(event) = Event::parse(document) {
        let link = event.url.clone().unwrap_or_else(|| event.id.clone());
        let lines: Vec<String> = [Some(event.name), event.summary]
            .into_iter()
            .flatten()
            .map(|line| format!("<p>{}</p>", escaped(&line)))
            .collect();
        let text =
            SafeHtml::clean(&format!("{}<p><a href=\"{}\">{}</a></p>", lines.concat(), escaped(&link), escaped(&link)));
        let pictures = event.attachment.iter().filter_map(|one| match one {
            Attachment::Image(image) => Some(image.name.clone().unwrap_or_default()),
            _ => None,
        });
        return Some(Post { folded: folded(&text), pictures: pictures.collect(), card: Some(link), text });
    }
    let text = Content::parse(document)?.html;
    let card = first_plain_link(&text).or_else(|| one_or_many::page(document, "url"));
    Some(Post { folded: folded(&text), card, pictures: Vec::new(), text })
}

/// A document as the page of an event; nothing for what is none: that program shows no tasks.
#[must_use]
pub fn as_sheet(document: &Value) -> Option<Sheet> {
    let event = Event::parse(document).ok()?;
    let place = match &event.location {
        Some(Location::Place(place)) => {
            let address = place.address.clone().unwrap_or_default();
            let town =
                [address.postal_code, address.address_locality].into_iter().flatten().collect::<Vec<_>>().join(" ");
            [Some(place.name.clone()), address.street_address, Some(town)]
                .into_iter()
                .flatten()
                .filter(|line| !line.is_empty())
                .collect()
        }
        _ => Vec::new(),
    };
    Some(Sheet {
        title: event.name,
        starts: event.start_time,
        ends: event.end_time.filter(|_| event.display_end_time != Some(false)),
        place,
        status: event.status.ical(),
        category: event.category,
        text: event.content.map(|content| content.html).unwrap_or_default(),
        sign_up: event.external_participation_url,
        tags: event.tag.into_iter().map(|tag| tag.name).collect(),
    })
}

/// After how many lines it is folded, if it is that long.
fn folded(text: &SafeHtml) -> Option<usize> {
    let lines: usize = text.to_text().lines().map(|line| line.chars().count().div_ceil(OF_A_LINE).max(1)).sum();
    (lines > FOLDED_AFTER).then_some(FOLDED_AFTER)
}

/// The address of which the card is made: the first link that is no mention and no hashtag.
fn first_plain_link(text: &SafeHtml) -> Option<String> {
    let links = text.as_str().split("<a ").skip(1).filter_map(|rest| rest.split('>').next());
    let plain = links.filter(|tag| !tag.contains("mention") && !tag.contains("hashtag"));
    plain.filter_map(|tag| tag.split_once("href=\"")?.1.split('"').next()).next().map(crate::text::decoded)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn event() -> Value {
        json!({
            "type": "Event", "id": "https://a.example/ap/events/1", "url": "https://a.example/tapahtumat/kahvit",
            "attributedTo": "https://a.example/ap/actors/1", "to": ["https://www.w3.org/ns/activitystreams#Public"],
            "name": "Kahvit & pulla", "summary": "pe 11.12.2026 klo 18 · Talo", "content": "<p>Koko <em>kuvaus</em></p>",
            "startTime": "2026-12-11T18:00:00+02:00", "endTime": "2026-12-11T20:00:00+02:00", "displayEndTime": false,
            "location": {"type": "Place", "name": "Talo", "address": {"type": "PostalAddress", "addressLocality": "Tampere", "postalCode": "33100"}},
            "eventStatus": "EventPostponed", "category": "MEETING",
            "attachment": [{"type": "Image", "mediaType": "image/png", "url": "https://a.example/p.png", "name": "Kuppi"}],
        })
    }

    #[test]
    fn of_an_event_a_post_shows_title_summary_and_link_alone() {
        let post = as_post(&event()).unwrap();
        assert_eq!(
            post.text.to_text(),
            "Kahvit & pulla\n\npe 11.12.2026 klo 18 · Talo\n\nhttps://a.example/tapahtumat/kahvit"
        );
        assert_eq!((post.pictures, post.folded), (vec!["Kuppi".to_owned()], None));
        assert_eq!(post.card.as_deref(), Some("https://a.example/tapahtumat/kahvit"));
    }

    #[test]
    fn of_an_event_a_page_shows_what_was_made_for_it() {
        let sheet = as_sheet(&event()).unwrap();
        assert_eq!(
            (sheet.place, sheet.status, sheet.ends),
            (vec!["Talo".to_owned(), "33100 Tampere".to_owned()], "TENTATIVE", None)
        );
        assert_eq!(sheet.text.as_str(), "<p>Koko <em>kuvaus</em></p>");
    }

    #[test]
    fn a_note_is_a_post_in_full_and_no_page() {
        let note = json!({"type": "Note", "content": format!(
            "<p><a href=\"https://a.example/t\" class=\"mention hashtag\">#t</a></p><p><a href=\"https://a.example/x?a=1&amp;b=2\">Lue</a></p>{}",
            "<p>rivi</p>".repeat(40)
        )});
        let post = as_post(&note).unwrap();
        assert_eq!(post.card.as_deref(), Some("https://a.example/x?a=1&b=2"));
        assert_eq!(post.folded, Some(FOLDED_AFTER));
        assert!(post.text.to_text().ends_with("rivi") && as_sheet(&note).is_none());
        assert!(as_post(&json!({"type": "Note"})).is_none());
    }
}
