//! Activities, one of each form.

use serde_json::{Value, json};

use super::{EVENT, FOLLOWERS, GROUP, NOTE, TASK, actors, at, cc, events, tasks, to};
use crate::{Activity, Tombstone, context};

pub(super) const FOLLOWER: &str = "https://mastodon.example/users/aino";
pub(super) const NATIONAL: &str = "https://kansallinen.example/ap/actors/0199d3a4-1f00-7a10-8000-000000000001";

pub(super) fn all() -> Vec<(&'static str, Value)> {
    let documents = [about_objects(), about_follows(), about_actors()].concat();
    documents.into_iter().map(|(name, activity)| (name, activity.document())).collect()
}

fn about_objects() -> Vec<(&'static str, Activity)> {
    let published = at("2026-11-23T09:00:00Z");
    let edited = at("2026-12-01T12:30:00Z");
    let event = context::document(&events::scheduled());
    let cancelled = context::document(&events::cancelled());
    let task = context::document(&tasks::open());
    let note = context::document(&events::note());
    let gone = |former: &str, id: &str| Tombstone {
        id: id.into(),
        former_type: Some(former.into()),
        published: None,
        deleted: Some(edited),
    };
    let announce = announcement();
    let taken_back = Activity::undo(format!("{}/undo", announce.id), to(), announce.cc.clone(), &announce);
    vec![
        ("create_event", Activity::create(format!("{EVENT}/activity"), GROUP, to(), cc(), published, event)),
        ("create_task", Activity::create(format!("{TASK}/activity"), GROUP, to(), cc(), published, task)),
        ("create_note", Activity::create(format!("{NOTE}/activity"), GROUP, to(), cc(), edited, note)),
        ("update_event", Activity::update(format!("{EVENT}/updates/1796128200"), GROUP, to(), cc(), edited, cancelled)),
        (
            "update_task_filled",
            Activity::update(
                format!("{TASK}/updates/1796128200"),
                GROUP,
                to(),
                cc(),
                edited,
                context::document(&tasks::filled()),
            ),
        ),
        ("delete_task", Activity::delete(format!("{TASK}/delete"), GROUP, to(), cc(), &gone("Note", TASK))),
        ("delete_event", Activity::delete(format!("{EVENT}/delete"), GROUP, to(), cc(), &gone("Event", EVENT))),
        ("announce_event", announce),
        ("undo_announce", taken_back),
    ]
}

pub(super) fn announcement() -> Activity {
    Activity::announce(
        "https://kansallinen.example/ap/announces/0199d3a4-1f00-7a10-8000-a00000000001",
        NATIONAL,
        to(),
        vec![format!("{NATIONAL}/followers"), GROUP.into()],
        at("2026-11-23T09:00:00Z"),
        EVENT,
    )
}

fn about_follows() -> Vec<(&'static str, Activity)> {
    let asked = json!({
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": "https://mastodon.example/6f5a1c1e-2d3b-4c61-8f29-b1e2d0c4a777",
        "type": "Follow",
        "actor": FOLLOWER,
        "object": GROUP,
    });
    let accept = "https://pohjois-savo.example/ap/accepts/0199d3a4-1f00-7a10-8000-acc000000001";
    let ignore = "https://pohjois-savo.example/ap/ignores/0199d3a4-1f00-7a10-8000-190000000001";
    let follow = Activity::follow(
        "https://kansallinen.example/ap/follows/0199d3a4-1f00-7a10-8000-f00000000001",
        NATIONAL,
        GROUP,
    );
    let unfollow = Activity::undo(format!("{}/undo", follow.id), vec![GROUP.into()], vec![], &follow);
    let quote = json!({
        "id": "https://mastodon.example/users/aino/quote_requests/5f1d2f1e-aaaa-4b5c-9a3e-000000000001",
        "type": "QuoteRequest",
        "actor": FOLLOWER,
        "object": EVENT,
        "instrument": "https://mastodon.example/users/aino/statuses/115600000000000004",
    });
    let quotable = Activity::accept(accept.replace("acc000000001", "acc000000002"), GROUP, FOLLOWER, quote)
        .with_result(super::QUOTE);
    vec![
        ("accept_quote", quotable),
        ("follow", follow),
        ("undo_follow", unfollow),
        ("accept_follow", Activity::accept(accept, GROUP, FOLLOWER, asked.clone())),
        ("reject_follow", Activity::reject(accept.replace("accepts", "rejects"), GROUP, FOLLOWER, asked)),
        ("ignore_join", Activity::ignore(ignore, GROUP, FOLLOWER, "https://mastodon.example/joins/1")),
    ]
}

fn about_actors() -> Vec<(&'static str, Activity)> {
    let edited = at("2026-12-01T12:30:00Z");
    let profile = context::document(&actors::region());
    let producer = "https://pohjois-savo.example/ap/actors/0199d3a4-1f00-7a10-8000-9d2100000001";
    let target = "https://pirkanmaa.example/ap/actors/0199d3a4-1f00-7a10-8000-9d2100000002";
    let roster = format!("{GROUP}/producers");
    let adds = "https://pohjois-savo.example/ap/adds/0199d3a4-1f00-7a10-8000-add000000001";
    vec![
        ("add_producer", Activity::add(adds, GROUP, to(), cc(), producer, &roster)),
        ("remove_producer", Activity::remove(adds.replace("adds", "removes"), GROUP, to(), cc(), producer, &roster)),
        (
            "update_actor",
            Activity::update(
                format!("{GROUP}/updates/1796128200"),
                GROUP,
                vec![FOLLOWERS.into()],
                to(),
                edited,
                profile,
            ),
        ),
        ("delete_actor", Activity::delete_actor(format!("{producer}#delete"), producer, to(), edited)),
        (
            "move_actor",
            Activity::move_to(format!("{producer}/move"), producer, vec![format!("{producer}/followers")], target),
        ),
    ]
}
