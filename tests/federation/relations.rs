//! Who hears of whom: follows in both directions, the relay's subscribers, and how follows end or go elsewhere. The cases run on
//! the node of [`crate::verbs`].

use crate::harness::{Post, Reply, Signing, Site, Voice, event, http, until_true};
use crate::verbs::{Scene, done};
use aws_lc_rs::digest::{SHA256, digest};
use federation::signature;
use serde_json::{Value, json};
use store::Clock;

pub async fn a_relay_is_followed_as_everybody(scene: &Scene) {
    let relay = scene.node.url("/ap/relay");
    let follow = scene.anna.activity("Follow", json!(vocab::PUBLIC));
    scene.anna.say(&format!("{relay}/inbox"), &follow).await;
    let accept = scene.site.posted_one("the relay's Accept", |body| body["object"]["id"] == follow["id"]).await;
    assert_eq!((&accept["type"], &accept["actor"]), (&json!("Accept"), &json!(relay)));
    let followers = async || scene.node.document(&format!("{relay}/followers")).await["totalItems"].clone();
    assert_eq!(followers().await, 1);
    scene.anna.say(&format!("{relay}/inbox"), &scene.anna.activity("Undo", follow)).await;
    until_true("the relay has no follower", || async { followers().await == 0 }).await;
}

/// The node follows somebody, who has accepted.
async fn followed(scene: &Scene, site: &Site, voice: &Voice) {
    scene.node.follows(&scene.inbox, site, voice).await;
    assert!(is_followed(scene, voice).await);
}

async fn is_followed(scene: &Scene, voice: &Voice) -> bool {
    let peers: Value = serde_json::from_str(&scene.node.run(&["peers", "--json"]).await).unwrap();
    let all = peers["following"].as_array().unwrap();
    all.iter().any(|one| one["id"] == voice.id.as_str() && one["state"] == "accepted")
}

/// `Accept` and `Reject` of a follow of ours, the second also after the first, by an id that its sender made up.
pub async fn our_follow_is_answered_and_refused_later(scene: &Scene) {
    let site = Site::start().await;
    let voice = site.actor("seurattu");
    followed(scene, &site, &voice).await;
    let again = json!({"id": site.url("/made-up"), "type": "Follow", "actor": scene.region, "object": voice.id});
    assert_eq!(scene.hears(&voice, &voice.activity("Reject", again)).await, done());
    assert!(!is_followed(scene, &voice).await);
}

/// An actor that follows changes its own profile; another one of its host says that it changed; it is deleted.
pub async fn actors_change_and_leave(scene: &Scene) {
    let site = Site::start().await;
    let (kaisa, server) = (site.actor("kaisa"), site.actor("palvelin"));
    let follow = kaisa.activity("Follow", json!(scene.region));
    assert_eq!(scene.hears(&kaisa, &follow).await, done());
    assert_eq!(scene.hears(&kaisa, &kaisa.activity("Like", json!(scene.event))).await, done());
    let mut document = kaisa.document();
    for (place, teller, told) in [("own", &kaisa, true), ("told", &server, false)] {
        document["inbox"] = json!(site.url(&format!("/inboxes/{place}")));
        site.set("/users/kaisa", Reply::document(&document));
        let mut said = document.clone();
        if !told {
            said["inbox"] = json!(site.url("/inboxes/invented")); // the body of somebody else is not believed
        }
        assert_eq!(scene.hears(teller, &teller.activity("Update", said)).await, done());
        scene.node.import_bundle(&event(place, &format!("Ilta {place}"), "Lyhyesti.")).await;
        let at = format!("/inboxes/{place}");
        until_true("what is published goes to the new inbox", || async {
            site.journal().iter().any(|seen| seen.path == at && seen.body["type"] == "Create")
        })
        .await;
    }
    assert!(site.journal().iter().all(|seen| seen.path != "/inboxes/invented"));
    site.set("/users/kaisa", Reply::status(410));
    let asked = || site.journal().iter().filter(|seen| seen.method == "GET" && seen.path == "/users/kaisa").count();
    let before = asked();
    let stolen = server.activity("Delete", json!(kaisa.id));
    assert_eq!(scene.hears(&server, &stolen).await.0, "ignored", "nobody deletes somebody else");
    assert_eq!(scene.count("likes").await, 1);
    assert_eq!(scene.hears(&kaisa, &kaisa.activity("Delete", json!(kaisa.id))).await, done());
    assert_eq!((scene.count("likes").await, followers(scene).await), (0, 0), "it takes along what it said");
    assert_eq!(asked(), before, "what is gone is not asked for");
}

async fn followers(scene: &Scene) -> i64 {
    scene.node.document(&format!("{}/followers", scene.region)).await["totalItems"].as_i64().unwrap()
}

pub async fn a_block_ends_both_follows(scene: &Scene) {
    let site = Site::start().await;
    let voice = site.actor("estava");
    assert_eq!(scene.hears(&voice, &voice.activity("Follow", json!(scene.region))).await, done());
    followed(scene, &site, &voice).await;
    let block = voice.activity("Block", json!(scene.region));
    assert_eq!(scene.hears(&voice, &block).await, done());
    assert_eq!(followers(scene).await, 0);
    assert!(!is_followed(scene, &voice).await);
    assert_eq!(scene.hears(&voice, &voice.activity("Undo", block["id"].clone())).await, done());
    assert_eq!(scene.hears(&voice, &voice.activity("Follow", json!(scene.region))).await, done());
    assert_eq!(followers(scene).await, 1);
    let undo = voice.activity("Undo", json!({"type": "Follow", "object": scene.region}));
    assert_eq!(scene.hears(&voice, &undo).await, done());
}

/// A header about somebody else's followers, or with an address elsewhere, is passed over; one that differs is looked into.
pub async fn o23_followers_are_compared(scene: &Scene) {
    let (site, third) = (Site::start().await, Site::start().await);
    let voice = site.stranger("seurattu");
    let collection = format!("{}/followers", voice.id);
    let mut document = voice.document();
    document["followers"] = json!(collection);
    site.set("/users/seurattu", Reply::document(&document));
    followed(scene, &site, &voice).await;
    let listing = site.url("/listing");
    let list = json!({"id": listing, "type": "OrderedCollection", "totalItems": 0, "orderedItems": []});
    site.set("/listing", Reply::document(&list));
    let nothing = "0".repeat(64);
    let say = async |voice: &Voice, collection: &str, url: &str, digest: &str| {
        let like = voice.activity("Like", json!(scene.region)); // means nothing; the header is what counts
        let mut post = Post::signed(voice, &scene.inbox, &like.to_string(), &Signing::default());
        let header = format!(r#"collectionId="{collection}", url="{url}", digest="{digest}""#);
        post.set("Collection-Synchronization", &header);
        assert_eq!(post.send().await.status, 202);
        scene.node.processed(&like).await;
    };
    say(&voice, &third.url("/users/x/followers"), &listing, &nothing).await;
    say(&voice, &format!("{}/followers", scene.anna.id), &listing, &nothing).await;
    say(&voice, &collection, &third.url("/listing"), &nothing).await;
    let the_region: String =
        digest(&SHA256, scene.region.as_bytes()).as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    say(&voice, &collection, &listing, &the_region).await;
    assert!(is_followed(scene, &voice).await, "believed about others, or by others");
    assert_eq!(third.journal().len(), 0);
    assert!(site.journal().iter().all(|seen| seen.path != "/listing"), "the list of others, or one that is known");
    say(&voice, &collection, &listing, &nothing).await;
    until_true("the follow that the other side does not know ends", || async { !is_followed(scene, &voice).await })
        .await;
    let asked = site.journal().into_iter().find(|seen| seen.path == "/listing").unwrap();
    assert!(asked.headers.contains_key("signature"), "asked in our own name");

    // Somebody else counts the region among the followers, which never followed: told that it does not.
    let other = site.stranger("luulee");
    let (collection, listing) = (format!("{}/followers", other.id), site.url("/other-listing"));
    let mut document = other.document();
    document["followers"] = json!(collection);
    site.set("/users/luulee", Reply::document(&document));
    let list = json!({"id": listing, "type": "OrderedCollection", "totalItems": 1, "orderedItems": [scene.region]});
    site.set("/other-listing", Reply::document(&list));
    say(&other, &collection, &listing, &the_region).await;
    let is_of_it = |body: &Value| body["type"] == "Undo" && body["object"]["object"] == other.id.as_str();
    let undo = site.posted_one("the Undo", is_of_it).await;
    assert_eq!((&undo["actor"], &undo["object"]["type"]), (&json!(scene.region), &json!("Follow")));
    assert!(!is_followed(scene, &other).await);
}

pub async fn followers_are_told_to_their_own_host(scene: &Scene) {
    let other = Site::start().await;
    let bo = other.actor("bo");
    for (site, voice) in [(&scene.site, &scene.anna), (&other, &bo)] {
        let follow = voice.activity("Follow", json!(scene.region));
        voice.say(&scene.inbox, &follow).await;
        site.posted_one("the Accept", |body| body["object"]["id"] == follow["id"]).await;
    }
    let address = format!("{}/followers_synchronization", scene.region);
    assert_eq!(scene.node.get(&address, crate::harness::ACTIVITY).await.status, 401, "unsigned");
    for (voice, wrong) in [(&scene.anna, false), (&bo, false), (&bo, true)] {
        let mut headers = http::HeaderMap::new();
        let url = url::Url::parse(&address).unwrap();
        let signer = if wrong { voice.with_wrong_key().signer } else { voice.signer.clone() };
        signature::sign(&mut headers, &http::Method::GET, &url, None, &signer, Clock::System.now()).unwrap();
        let answer = http().get(&address).headers(headers).send().await.unwrap();
        if wrong {
            assert_eq!(answer.status().as_u16(), 401);
            continue;
        }
        assert_eq!(answer.headers()["cache-control"], "private, no-store");
        let listed: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
        assert_eq!(listed["orderedItems"], json!([voice.id]), "those of the reader's host alone");
    }
}

/// FEP-7628: with the link back the follow goes along; without it, in a chain, or to an actor of ours nothing happens.
pub async fn a_moved_actor_is_followed_where_it_went(scene: &Scene) {
    let (from, to) = (Site::start().await, Site::start().await);
    let old = from.actor("vanha");
    followed(scene, &from, &old).await;
    let new = to.stranger("uusi");
    let moved = |target: &str| {
        let mut activity = old.activity("Move", json!(old.id));
        activity["target"] = json!(target);
        activity
    };
    let says = async |activity: &Value| scene.hears(&old, activity).await;
    let mut document = new.document();
    to.set("/users/uusi", Reply::document(&document));
    assert_eq!(says(&moved(&new.id)).await.0, "ignored", "o21: no link back");
    document["alsoKnownAs"] = json!([old.id]);
    document["movedTo"] = json!(to.url("/users/viela"));
    to.set("/users/uusi", Reply::document(&document));
    assert_eq!(says(&moved(&new.id)).await.0, "ignored", "o21: a chain");
    assert_eq!(says(&moved(&scene.region)).await.0, "ignored", "o21: to one of ours");
    assert!(is_followed(scene, &old).await);
    document.as_object_mut().unwrap().remove("movedTo");
    to.set("/users/uusi", Reply::document(&document));
    assert_eq!(says(&moved(&new.id)).await, done());
    let follow = to.posted_one("the new one is asked", |body| body["type"] == "Follow").await;
    assert_eq!((&follow["actor"], &follow["object"]), (&json!(scene.region), &json!(new.id)));
    from.posted_one("the old follow is undone", |body| body["type"] == "Undo").await;
    assert!(!is_followed(scene, &old).await);
}

pub async fn o24_blocked_by_the_operator(scene: &Scene) {
    let like = scene.anna.activity("Like", json!(scene.event));
    assert_eq!(scene.says(&like).await, done());
    scene.node.run(&["block", &scene.anna.id]).await;
    assert_eq!(scene.count("likes").await, 0, "what it said is gone");
    // That she is not blocked may be remembered for a moment; nothing comes of it.
    until_true("she is refused at the door", || async {
        scene.anna.post(&scene.inbox, &scene.anna.activity("Like", json!(scene.event))).await == 403
    })
    .await;
    assert_eq!(scene.count("likes").await, 0);
    let follow = scene.anna.activity("Follow", json!(scene.region));
    scene.anna.say(&scene.inbox, &follow).await;
    let answer = scene.site.posted_one("an answer", |body| body["object"]["id"] == follow["id"]).await;
    assert_eq!(answer["type"], "Reject");
    let bo = scene.site.actor("bo");
    bo.say(&scene.inbox, &bo.activity("Like", json!(scene.event))).await;
    until_true("another one of the host is heard", || async { scene.count("likes").await == 1 }).await;
    scene.node.run(&["unblock", &format!("@anna@{}", scene.site.host())]).await;
    scene.node.run(&["block", scene.site.host()]).await;
    assert_eq!(scene.count("likes").await, 0);
    // For servers of other cases, which are down by now, something waits still.
    let nothing_waits = async || {
        let inboxes = scene.site.url("/");
        until_true("nothing waits", || async {
            let rows = scene.node.queue(false).await;
            !rows.iter().any(|row| row["inbox"].as_str().unwrap().starts_with(&inboxes))
        })
        .await;
    };
    nothing_waits().await;
    let asked = scene.site.journal().len();
    for voice in [&scene.anna, &bo] {
        assert_eq!(voice.post(&scene.inbox, &voice.activity("Like", json!(scene.event))).await, 403);
    }
    assert_eq!(scene.node.cli(&["follow", &scene.anna.id]).await.code, Some(1), "nothing is fetched");
    scene.node.import_bundle(&event("e2", "Toinen ilta", "Lyhyesti.")).await;
    nothing_waits().await;
    assert_eq!(scene.site.journal().len(), asked, "nothing is sent or asked");
    scene.node.run(&["unblock", scene.site.host()]).await;
    let like = scene.anna.activity("Like", json!(scene.event));
    assert_eq!(scene.says(&like).await, done());
}
