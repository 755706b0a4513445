//! Signatures that are missing, wrong, stale, stolen or cover too little.

use crate::cases;
use crate::harness::{Database, Post, Reply, Signing, harness_now};
use crate::stage::{Asks, Stage};
use crate::{harness, on_both_databases};
use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use std::time::{Duration, Instant};

on_both_databases! {
    refused_signatures;
    accepted_signatures;
    keys;
}

const UNSIGNED: &[u16] = &[401];
const UNREADABLE: &[u16] = &[400, 401];

async fn refused_signatures(database: Database) {
    let stage = Stage::set(database).await;
    cases! { stage;
        s01_body_replaced
        s02_two_digest_headers
        s04_digest_of_another_algorithm
        s05_no_digest
        s06_digest_not_covered
        s08_request_target_not_covered
        c39_host_not_covered
        c39_no_signature
        s35_unsigned_from_a_server_that_never_answers
        s09_signed_for_another_host
        c39_two_hosts
        s14_too_old_or_too_new
        s17_no_time_at_all
        s18_date_not_covered
        s19_created_that_is_no_time
        c36_expired
        s23_another_algorithm
        s30_headers_out_of_shape
        s11_signed_for_another_inbox
        s12_query_appended
        s13_signed_for_another_method
        c39_wrong_key
    }
}

async fn s01_body_replaced(stage: &Stage) {
    let altered = stage.anna.activity("Undo", json!(stage.region)).to_string();
    let post = stage.like(&Signing::default()).body(&altered);
    stage.refuses("another body", &post, UNSIGNED, Asks::Nobody).await;
}

async fn s02_two_digest_headers(stage: &Stage) {
    let mut post = stage.like(&Signing::default());
    let evil = stage.anna.activity("Delete", json!(stage.anna.id)).to_string();
    post.headers.insert(0, ("Digest".to_owned(), federation::signature::digest::of(evil.as_bytes())));
    stage.refuses("two digests", &post.body(&evil), UNREADABLE, Asks::Nobody).await;
    let mut same = stage.like(&Signing::default());
    let digest = same.get("digest");
    same.add("Digest", &digest);
    stage.refuses("the same digest twice", &same, UNREADABLE, Asks::Nobody).await;
}

async fn s04_digest_of_another_algorithm(stage: &Stage) {
    for digest in ["MD5=1B2M2Y8AsgTpgAmY7PhCfg==", "SHA-512=abc", "SHA-256=", "SHA-256", "", "unixsum=1"] {
        let how = Signing { digest: Some(digest.to_owned()), ..Signing::default() };
        stage.refuses(digest, &stage.like(&how), UNREADABLE, Asks::Nobody).await;
    }
    // The right bytes under the name of another algorithm.
    let like = stage.anna.activity("Like", json!(stage.region)).to_string();
    let right = federation::signature::digest::of(like.as_bytes());
    for name in ["MD5", "SHA-512", "SHA"] {
        let how = Signing { digest: Some(right.replacen("SHA-256", name, 1)), ..Signing::default() };
        let post = Post::signed(&stage.anna, &stage.inbox, &like, &how);
        stage.refuses(name, &post, UNREADABLE, Asks::Nobody).await;
    }
}

async fn s05_no_digest(stage: &Stage) {
    let mut post = stage.like(&Signing::default());
    post.remove("digest");
    stage.refuses("no digest", &post, UNREADABLE, Asks::Nobody).await;
}

async fn s06_digest_not_covered(stage: &Stage) {
    let how = Signing { covered: "(request-target) host date", ..Signing::default() };
    stage.refuses("digest not covered", &stage.like(&how), UNSIGNED, Asks::Nobody).await;
}

async fn s08_request_target_not_covered(stage: &Stage) {
    for covered in ["digest", "host date digest"] {
        let how = Signing { covered, ..Signing::default() };
        stage.refuses(covered, &stage.like(&how), UNSIGNED, Asks::Nobody).await;
    }
}

async fn c39_host_not_covered(stage: &Stage) {
    let how = Signing { covered: "(request-target) date digest", ..Signing::default() };
    stage.refuses("host not covered", &stage.like(&how), UNSIGNED, Asks::Nobody).await;
}

async fn c39_no_signature(stage: &Stage) {
    let like = stage.anna.activity("Like", json!(stage.region)).to_string();
    stage.refuses("no signature", &Post::unsigned(&stage.inbox, &like), UNSIGNED, Asks::Nobody).await;
}

async fn s35_unsigned_from_a_server_that_never_answers(stage: &Stage) {
    stage.evil.set("/users/slow", Reply::status(200).after(Duration::from_secs(86_400)));
    let slow = stage.evil.stranger("slow");
    let post = Post::unsigned(&stage.inbox, &slow.activity("Follow", json!(stage.region)).to_string());
    let begun = Instant::now();
    stage.refuses("unsigned, from a slow server", &post, UNSIGNED, Asks::Nobody).await;
    assert!(begun.elapsed() < Duration::from_secs(10), "it waited for somebody");
}

async fn s09_signed_for_another_host(stage: &Stage) {
    let how = Signing { host: Some(stage.evil.host().to_owned()), ..Signing::default() };
    stage.refuses("signed for another host", &stage.like(&how), &[421], Asks::Nobody).await;
}

async fn c39_two_hosts(stage: &Stage) {
    let mut post = stage.like(&Signing::default());
    post.add("Host", stage.evil.host());
    stage.refuses("two hosts", &post, UNREADABLE, Asks::Nobody).await;
}

async fn s14_too_old_or_too_new(stage: &Stage) {
    for (what, date) in [("13 hours old", -13 * 3600), ("2 hours ahead", 2 * 3600), ("a year ahead", 365 * 86_400)] {
        stage.refuses(what, &stage.like(&Signing { date, ..Signing::default() }), UNSIGNED, Asks::Nobody).await;
    }
}

async fn s17_no_time_at_all(stage: &Stage) {
    let how = Signing { covered: "(request-target) host digest", ..Signing::default() };
    let mut post = stage.like(&how);
    post.remove("date");
    stage.refuses("no time", &post, UNSIGNED, Asks::Nobody).await;
    let mut post = stage.like(&Signing::default());
    post.remove("date");
    stage.refuses("a date that is covered and not there", &post, UNREADABLE, Asks::Nobody).await;
}

async fn s18_date_not_covered(stage: &Stage) {
    let how = Signing { covered: "(request-target) host digest content-type", ..Signing::default() };
    stage.refuses("a fresh date that is not covered", &stage.like(&how), UNSIGNED, Asks::Nobody).await;
}

async fn s19_created_that_is_no_time(stage: &Stage) {
    let overflowing = ["18446744073709551615", "9223372036854775807", "9223372036854775707", "-9223372036854775808"];
    for created in overflowing.into_iter().chain(["-1", "1000000000", "1e9", "", "now", "0x7f"]) {
        for (name, how) in [
            ("created", Signing { created: Some(created.to_owned()), ..created_alone() }),
            ("expires", Signing { expires: Some(created.to_owned()), ..Signing::default() }),
        ] {
            // A far `expires` says that the signature is good for ever, and then its date decides.
            let never = name == "expires" && created.parse::<i64>().is_ok_and(|at| at > 1_000_000_000_000);
            if !never {
                let what = format!("{name}={created}");
                stage.refuses(&what, &stage.like(&how), UNREADABLE, Asks::Nobody).await;
            }
        }
    }
}

fn created_alone() -> Signing {
    Signing { covered: "(request-target) host (created) digest", algorithm: Some("hs2019"), ..Signing::default() }
}

async fn c36_expired(stage: &Stage) {
    let now = harness_now();
    let how =
        Signing { created: Some((now - 60).to_string()), expires: Some((now - 1).to_string()), ..created_alone() };
    stage.refuses("expired a second ago", &stage.like(&how), UNSIGNED, Asks::Nobody).await;
}

async fn s23_another_algorithm(stage: &Stage) {
    for algorithm in ["hmac-sha256", "ed25519", "rsa-sha1", "none"] {
        let how = Signing { algorithm: Some(algorithm), ..Signing::default() };
        stage.refuses(algorithm, &stage.like(&how), UNREADABLE, Asks::Nobody).await;
    }
    // Everybody can make these bytes: the public key is their secret one.
    let mut post = stage.like(&Signing::default());
    let covered = Signing::default().covered;
    let line = |name: &str| match name {
        "(request-target)" => format!("(request-target): post {}", post.target),
        name => format!("{name}: {}", post.get(name)),
    };
    let message = covered.split(' ').map(line).collect::<Vec<_>>().join("\n");
    let secret = hmac::Key::new(hmac::HMAC_SHA256, stage.anna.public_pem.as_bytes());
    let bytes = STANDARD.encode(hmac::sign(&secret, message.as_bytes()));
    for algorithm in ["hmac-sha256", "hs2019", "rsa-sha256"] {
        let key_id = &stage.anna.key_id;
        let header = format!(r#"keyId="{key_id}",algorithm="{algorithm}",headers="{covered}",signature="{bytes}""#);
        post.set("Signature", &header);
        stage.refuses(&format!("HMAC as {algorithm}"), &post, UNREADABLE, ONE_LOOK).await;
    }
}

async fn s30_headers_out_of_shape(stage: &Stage) {
    let right = stage.like(&Signing::default()).get("signature");
    let many: String = (0..10_000).map(|number| format!(",p{number}=\"x\"")).collect();
    for (what, header) in [
        ("empty", String::new()),
        ("no list", "signature".to_owned()),
        ("an open quote", format!("{right},x=\"")),
        ("twice the same name", format!("{right},keyId=\"x\"")),
        ("no bytes", r#"keyId="x",headers="(request-target) host date digest",signature="""#.to_owned()),
        ("no base64", right.replace("signature=\"", "signature=\"!!")),
        ("nine kibibytes", format!("{right},x=\"{}\"", "x".repeat(9 * 1024))),
        ("ten thousand parameters", format!("{right}{many}")),
        ("letters beyond ASCII", format!("{right},x=\"\u{e4}\"")),
        ("a hundred covered headers", right.replace("(request-target)", &"(request-target) x-a ".repeat(50))),
    ] {
        let mut post = stage.like(&Signing::default());
        post.set("Signature", &header);
        // hyper itself refuses what is too long for any header, without our words.
        if header.len() > 64 * 1024 {
            let status = post.send().await.status;
            assert!([400, 401, 431].contains(&status), "{what}: {status}");
        } else {
            stage.refuses(what, &post, UNREADABLE, Asks::Nobody).await;
        }
    }
    let mut post = stage.like(&Signing::default());
    let signature = post.get("signature");
    post.add("Signature", &signature);
    stage.refuses("two signatures", &post, UNREADABLE, Asks::Nobody).await;
}

// A signature that does not fit may mean a new key, so the sender's server may be asked once in five minutes.
const ONE_LOOK: Asks = Asks::TheSender(1);

async fn s11_signed_for_another_inbox(stage: &Stage) {
    let post = stage.like(&Signing::default()).to("/ap/inbox");
    stage.refuses("signed for the region's inbox, sent to the shared one", &post, UNSIGNED, ONE_LOOK).await;
    stage.refuses("once more", &post, UNSIGNED, Asks::Nobody).await;
}

async fn s12_query_appended(stage: &Stage) {
    let post = stage.like(&Signing::default());
    let with_query = post.clone().to(&format!("{}?x=1", post.target));
    // Some servers sign without the query, so this one counts; it means the same and is done once.
    stage.ignores("a query that was not signed", &with_query, Asks::Nobody).await;
    let how = Signing { target: Some(format!("{}?x=1", post.target)), ..Signing::default() };
    stage.refuses("signed with a query, sent without", &stage.like(&how), UNSIGNED, Asks::Nobody).await;
}

async fn s13_signed_for_another_method(stage: &Stage) {
    let how = Signing { method: "get", ..Signing::default() };
    stage.refuses("signed for GET", &stage.like(&how), UNSIGNED, Asks::Nobody).await;
}

async fn c39_wrong_key(stage: &Stage) {
    let like = stage.bo.activity("Like", json!(stage.region)).to_string();
    let post = Post::signed(&stage.bo.with_wrong_key(), &stage.inbox, &like, &Signing::default());
    stage.refuses("signed with another key", &post, UNSIGNED, ONE_LOOK).await;
    stage.refuses("once more", &post, UNSIGNED, Asks::Nobody).await;
}

async fn accepted_signatures(database: Database) {
    let stage = Stage::set(database).await;
    let now = harness_now();
    let digest_of = |post: &Post| post.get("digest").trim_start_matches("SHA-256=").to_owned();
    let like = stage.anna.activity("Like", json!(stage.region)).to_string();
    let right = digest_of(&Post::signed(&stage.anna, &stage.inbox, &like, &Signing::default()));
    let with_digest = |digest: String| Signing { digest: Some(digest), ..Signing::default() };
    for (what, how) in [
        ("c35 as Mastodon signs", Signing::default()),
        (
            "c35 host, date and digest alone",
            Signing { covered: "(request-target) host date digest", ..Signing::default() },
        ),
        ("c36 hs2019", Signing { algorithm: Some("hs2019"), ..Signing::default() }),
        ("c36 no algorithm", Signing { algorithm: None, ..Signing::default() }),
        (
            "c36 created and expires",
            Signing {
                covered: "(request-target) (created) (expires) host digest",
                created: Some(now.to_string()),
                expires: Some((now + 300).to_string()),
                ..created_alone()
            },
        ),
        ("c40 half an hour old", Signing { date: -1800, ..Signing::default() }),
        ("c40 four minutes ahead", Signing { date: 240, ..Signing::default() }),
        ("c41 sha-256 in small letters", with_digest(format!("sha-256={right}"))),
        ("c41 beside SHA-512", with_digest(format!("SHA-512=abc,SHA-256={right}"))),
    ] {
        let mut value: serde_json::Value = serde_json::from_str(&like).unwrap();
        // The digests above belong to this very text; the others are new each time, so that none is a duplicate.
        let body = if how.digest.is_some() {
            like.clone()
        } else {
            value["id"] = stage.anna.activity("Like", json!(0))["id"].clone();
            value.to_string()
        };
        println!("── {what}");
        stage.ignores(what, &Post::signed(&stage.anna, &stage.inbox, &body, &how), Asks::Nobody).await;
    }
    cases! { stage; s21_c44_the_same_id_twice c44_a_bad_try_before_a_good_one }
}

async fn s21_c44_the_same_id_twice(stage: &Stage) {
    let post = stage.like(&Signing::default());
    let rows = async || stage.counts().await["inbox"]["ignored"].as_i64().unwrap();
    let before = rows().await;
    for _ in 0..3 {
        stage.ignores("the same bytes again", &post, Asks::Nobody).await;
    }
    assert_eq!(rows().await, before + 1, "one effect");
}

async fn c44_a_bad_try_before_a_good_one(stage: &Stage) {
    let undo = stage.bo.activity("Undo", json!({"type": "Follow", "object": stage.region, "actor": stage.bo.id}));
    let bad = Post::signed(&stage.bo.with_wrong_key(), &stage.inbox, &undo.to_string(), &Signing::default());
    stage.refuses("a bad signature", &bad, UNSIGNED, ONE_LOOK).await;
    let followers = stage.counts().await["followers"].as_i64().unwrap();
    stage.bo.say(&stage.inbox, &undo).await;
    assert_eq!(stage.counts().await["followers"], followers - 1, "the good one has its effect");
    stage.bo.say(&stage.inbox, &stage.bo.activity("Follow", json!(stage.region))).await;
    stage.settled().await;
}

async fn keys(database: Database) {
    let stage = Stage::set(database).await;
    cases! { stage;
        s24_key_of_somebody_else
        s25_key_document_of_another_owner
        c38_forms_of_key_ids
        s33_a_key_that_changed
        s37_c45_an_unknown_actor_deletes_itself
        s29_keys_that_are_none
    }
}

async fn s24_key_of_somebody_else(stage: &Stage) {
    let like = stage.anna.activity("Like", json!(stage.region)).to_string();
    let as_bo = Post::signed(&stage.bo, &stage.inbox, &like, &Signing::default());
    stage.refuses("bo signs for anna", &as_bo, UNSIGNED, Asks::Nobody).await;
    let eve = stage.evil.actor("eve");
    let as_eve = Post::signed(&eve, &stage.inbox, &like, &Signing::default());
    stage.refuses("another server signs for anna", &as_eve, UNSIGNED, Asks::Nobody).await;
}

async fn s25_key_document_of_another_owner(stage: &Stage) {
    let eve = stage.evil.stranger("mallory");
    let mut forged = eve.document();
    forged["publicKey"]["owner"] = json!(stage.anna.id);
    stage.evil.set("/users/mallory", Reply::document(&forged));
    for actor in [&stage.anna, &eve] {
        let like = actor.activity("Like", json!(stage.region)).to_string();
        let post = Post::signed(&eve, &stage.inbox, &like, &Signing::default());
        stage.refuses("a key that says it is anna's", &post, UNSIGNED, ONE_LOOK).await;
    }
    // A key document that names an owner of its own server, who does not list the key.
    let victim = stage.evil.actor("victim");
    let mut key = victim.document()["publicKey"].clone();
    key["id"] = json!(stage.evil.url("/keys/stolen"));
    stage.evil.set("/keys/stolen", Reply::document(&key));
    let how = Signing { key_id: Some(stage.evil.url("/keys/stolen")), ..Signing::default() };
    let like = victim.activity("Like", json!(stage.region)).to_string();
    let post = Post::signed(&victim, &stage.inbox, &like, &how);
    stage.refuses("a key that its owner does not list", &post, UNSIGNED, Asks::TheSender(2)).await;
}

async fn c38_forms_of_key_ids(stage: &Stage) {
    for (name, suffix) in [("path", "/main-key"), ("bare", ""), ("query", "?get=key"), ("fragment", "#main-key")] {
        let mut voice = stage.evil.stranger(name);
        voice.key_id = format!("{}{suffix}", voice.id);
        let document = voice.document();
        stage.evil.set(&format!("/users/{name}"), Reply::document(&document));
        stage.evil.set(&format!("/users/{name}/main-key"), Reply::document(&document["publicKey"]));
        let like = voice.activity("Like", json!(stage.region)).to_string();
        let post = Post::signed(&voice, &stage.inbox, &like, &Signing::default());
        stage.ignores(&format!("keyId {}", voice.key_id), &post, Asks::TheSender(2)).await;
    }
}

async fn s33_a_key_that_changed(stage: &Stage) {
    let old = stage.evil.actor("changing");
    stage.ignores("the old key", &by(&old, stage), ONE_LOOK).await;
    let new = old.with_new_key();
    stage.evil.set("/users/changing", Reply::document(&new.document()));
    stage.ignores("the first message with the new key", &by(&new, stage), ONE_LOOK).await;
    stage.ignores("the second one", &by(&new, stage), Asks::Nobody).await;
    stage.refuses("the old key counts no more", &by(&old, stage), UNSIGNED, ONE_LOOK).await;
}

fn by(voice: &harness::Voice, stage: &Stage) -> Post {
    Post::signed(voice, &stage.inbox, &voice.activity("Like", json!(stage.region)).to_string(), &Signing::default())
}

async fn s37_c45_an_unknown_actor_deletes_itself(stage: &Stage) {
    let gone = stage.evil.stranger("gone");
    stage.evil.set("/users/gone", Reply::status(410));
    let delete = gone.activity("Delete", json!(gone.id)).to_string();
    for inbox in [&stage.inbox, &stage.shared] {
        let post = Post::signed(&gone, inbox, &delete, &Signing::default());
        stage.ignores("an unknown actor deletes itself", &post, Asks::Nobody).await;
        let begun = Instant::now();
        assert_eq!(post.send().await.status, 202);
        // Promised are 200 ms; the machine may be busy.
        assert!(begun.elapsed() < Duration::from_secs(2), "it took {:?}", begun.elapsed());
    }
}

async fn s29_keys_that_are_none(stage: &Stage) {
    for (name, pem) in [
        ("empty", ""),
        ("words", "-----BEGIN PUBLIC KEY-----\nnot a key\n-----END PUBLIC KEY-----\n"),
        (
            "ed25519",
            "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n",
        ),
        (
            "rsa-512",
            "-----BEGIN PUBLIC KEY-----\nMFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAKj34GkxFhD90vcNLYLInFEX6Ppy1tPf\n9Cnzj4p4WGeKLs1Pt8QuKUpRKfFLfRYC9AIKjbJTWit+CqvjWYzvQwECAwEAAQ==\n-----END PUBLIC KEY-----\n",
        ),
    ] {
        let mut voice = stage.evil.stranger(name);
        voice.public_pem = pem.to_owned();
        stage.evil.set(&format!("/users/{name}"), Reply::document(&voice.document()));
        stage.refuses(name, &by(&voice, stage), UNSIGNED, Asks::TheSender(2)).await;
    }
}
