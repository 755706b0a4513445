//! A short text under an event that does not take place as announced, and how it is found again to be taken back.
//!
//! The `Update` of the event says the same, but servers of which edits are not shown (Mastodon before 4.5), and people who
//! have scrolled past, never see it.

use super::types::EventView;
use super::wire;
use federation::outbox::Publication;
use federation::{Error, Origin, reply};
use store::id::{ActorUrl, ObjectUrl};
use store::{Conn, Timestamp};

/// Takes back what was said of the event before, and says how it is now unless that goes without saying.
///
/// # Errors
/// Those of the spine.
pub(super) fn renew(
    conn: &mut Conn,
    view: &EventView,
    author: &ActorUrl,
    origin: &Origin,
    now: Timestamp,
) -> Result<(), Error> {
    let event = ObjectUrl::from_text(view.source.id.as_str());
    reply::take_back(conn, &event, author, now)?;
    if !view.status.is_news() {
        return Ok(());
    }
    let uuid = store::id::fresh(now);
    let (url, page) = (origin.object("notes", &uuid), format!("{}#{uuid}", view.source.page));
    let note = wire::notice(view, author, url.as_str(), &page, now);
    let publication = Publication {
        kind: reply::KIND,
        url,
        page,
        author: author.clone(),
        object_type: "Note",
        document: vocab::context::embedded(&note),
        announced: false,
    };
    reply::publish(conn, &publication, &event, &note.content, now)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::tests::{club, published};
    use super::super::{NewEvent, Status, cancel, delete, edit};
    use crate::Caller::Coordinator;
    use crate::testing::{follower, later, on_both, sent, verbs, waiting};
    use federation::object;
    use federation::reply::{self, Reply};
    use serde_json::Value;
    use store::Conn;
    use store::id::ObjectUrl;

    fn notices(conn: &mut Conn, event: &ObjectUrl) -> Vec<Reply> {
        reply::page(conn, event, 0, 10).unwrap()
    }

    #[test]
    fn who_knows_the_event_hears_that_it_is_called_off() {
        on_both(|conn, node| {
            let region = crate::region::presenter(conn).unwrap();
            let id = published(conn, node, &club());
            let event = node.origin.object("events", id.as_str());
            let new = NewEvent { blurb: "Toisin.".into(), ..club() };
            edit(conn, node, Coordinator, &id, &new, later(5)).unwrap();
            assert!(notices(conn, &event).is_empty(), "an edit is no news");
            cancel(conn, node, Coordinator, &id, later(10)).unwrap();
            let notice = notices(conn, &event).remove(0);
            let document = object::find(conn, &notice.url).unwrap().unwrap().document.unwrap();
            let uuid = notice.url.as_str().rsplit('/').next().unwrap();
            let steady = document
                .replace(uuid, "NOTE")
                .replace(id.as_str(), "UUID")
                .replace(region.as_str(), "https://pirkanmaa.example/ap/actors/REGION");
            insta::assert_json_snapshot!("event_notice", serde_json::from_str::<Value>(&steady).unwrap());
            edit(
                conn,
                node,
                Coordinator,
                &id,
                &NewEvent { blurb: "Kolmas.".into(), status: Status::Cancelled, ..club() },
                later(15),
            )
            .unwrap();
            assert_eq!(notices(conn, &event), [notice], "said once");
        });
    }

    #[test]
    fn it_is_taken_back_when_it_is_true_no_more() {
        on_both(|conn, node| {
            let region = crate::region::presenter(conn).unwrap();
            follower(conn, "Person", "mastodon.example", &region);
            let id = published(conn, node, &club());
            let event = node.origin.object("events", id.as_str());
            cancel(conn, node, Coordinator, &id, later(5)).unwrap();
            let first = notices(conn, &event).remove(0).url;
            let moved = NewEvent { status: Status::Rescheduled, ..club() };
            edit(conn, node, Coordinator, &id, &moved, later(10)).unwrap();
            let all = notices(conn, &event);
            assert!(all.len() == 1 && all[0].content.contains("UUSI AIKA: Talvifestarit 2026"), "{all:?}");
            assert!(object::find(conn, &first).unwrap().unwrap().is_deleted());
            edit(conn, node, Coordinator, &id, &club(), later(15)).unwrap();
            assert!(notices(conn, &event).is_empty(), "it takes place after all");
            cancel(conn, node, Coordinator, &id, later(20)).unwrap();
            let last = notices(conn, &event).remove(0).url;
            delete(conn, Coordinator, &id, later(25)).unwrap();
            let stone = object::find(conn, &last).unwrap().unwrap();
            assert!(stone.is_deleted() && stone.local, "an id of ours is never free again");
            let mut deleted = sent(conn).into_iter().filter(|(verb, _)| verb == "Delete");
            let path = |url: &ObjectUrl| url.as_str().split_once(".example").unwrap().1.to_owned();
            assert!(deleted.any(|(_, object)| object == path(&last)), "{:?}", sent(conn));
            assert_eq!(verbs(conn).last().map(String::as_str), Some("Delete"));
            assert_eq!(sent(conn).last().unwrap().1, path(&event), "the event last");
            assert!(!crate::testing::everything_sent(conn).contains("Talvifestarit"));
            assert!(waiting(conn) > 0, "who has them is told");
        });
    }
}
