//! Signatures of RFC 9421 that are missing, wrong, stale, stolen or cover too little; and requests that try to be both that
//! and the older draft, or to hide behind headers that others would read.

use crate::cases;
use crate::harness::{Database, MessageSigning, Post, Signing, harness_now};
use crate::on_both_databases;
use crate::stage::{Asks, Stage};
use federation::signature::digest;
use serde_json::json;

on_both_databases! {
    refused_messages;
    accepted_messages;
    mixed_headers;
}

const UNSIGNED: &[u16] = &[401];
const UNREADABLE: &[u16] = &[400, 401];
// A signature that does not fit may mean a new key, so the sender's server may be asked once in five minutes.
const ONE_LOOK: Asks = Asks::TheSender(1);

/// An activity of anna's that means nothing here, signed by RFC 9421 in some way.
fn like(stage: &Stage, how: &MessageSigning) -> Post {
    let like = stage.anna.activity("Like", json!(stage.region)).to_string();
    Post::signed_message(&stage.anna, &stage.inbox, &like, how)
}

async fn refused_messages(database: Database) {
    let stage = Stage::set(database).await;
    cases! { stage;
        s32_covers_too_little
        s32_several_signatures_of_which_none_is_enough
        c43_content_digest_does_not_fit
        s01_message_with_another_body
        s05_message_without_a_digest
        s09_message_for_another_host
        s14_message_too_old_or_too_new
        s17_message_without_a_time
        s19_message_with_a_time_that_is_none
        s23_message_of_another_algorithm
        s24_message_with_the_key_of_somebody_else
        s30_message_headers_out_of_shape
        s11_message_for_another_inbox
        s12_message_with_a_query_appended
        s13_message_for_another_method
        c39_message_with_a_wrong_key
    }
}

/// Refused with an offer of what would be taken (RFC 9421 §5.1).
async fn refuses_and_offers(stage: &Stage, what: &str, post: &Post, asks: Asks) {
    let answer = stage.refuses(what, post, UNSIGNED, asks).await;
    let offered = answer.header("accept-signature");
    for wanted in ["\"@method\"", "\"@target-uri\"", "\"content-digest\"", ";created"] {
        assert!(offered.contains(wanted), "{what}: {wanted} is not in {offered:?}");
    }
}

async fn s32_covers_too_little(stage: &Stage) {
    for covered in [
        "",
        r#""@method""#,
        r#""@method" "content-digest""#,
        r#""@method" "@target-uri""#,
        r#""@target-uri" "content-digest""#,
        r#""@method" "@authority" "@path" "@query" "content-digest""#,
        r#""@method" "@request-target" "host" "content-digest""#,
    ] {
        let how = MessageSigning { covered, ..MessageSigning::default() };
        refuses_and_offers(stage, covered, &like(stage, &how), Asks::Nobody).await;
    }
}

/// Two signatures that cover half each are not one that covers all.
async fn s32_several_signatures_of_which_none_is_enough(stage: &Stage) {
    let body = stage.anna.activity("Like", json!(stage.region)).to_string();
    let signed = |label, covered| {
        let how = MessageSigning { label, covered, ..MessageSigning::default() };
        Post::signed_message(&stage.anna, &stage.inbox, &body, &how)
    };
    let (one, other) = (signed("a", r#""@method" "@target-uri""#), signed("b", r#""content-digest""#));
    let mut both = one.clone();
    for name in ["Signature-Input", "Signature"] {
        both.set(name, &format!("{}, {}", one.get(name), other.get(name)));
    }
    refuses_and_offers(stage, "two halves", &both, Asks::Nobody).await;
    let nine: Vec<String> = (0..9).map(|number| format!("s{number}=(\"@method\");keyid=\"k\"")).collect();
    let mut many = one;
    many.set("Signature-Input", &nine.join(", "));
    refuses_and_offers(stage, "nine of them", &many, Asks::Nobody).await;
}

async fn c43_content_digest_does_not_fit(stage: &Stage) {
    let right = digest::content_of(b"{}");
    for wrong in [
        right.clone(),
        "sha-256=:AAAA:".to_owned(),
        "sha-512=:AAAA:".to_owned(),
        "md5=:AAAA:".to_owned(),
        "sha-256".to_owned(),
        "sha-256=AAAA".to_owned(),
        "SHA-256=AAAA".to_owned(),
        format!("{right}, x=\"{}\"", "x".repeat(4096)),
    ] {
        let how = MessageSigning { content_digest: Some(wrong.clone()), ..MessageSigning::default() };
        refuses_and_offers(stage, &wrong, &like(stage, &how), Asks::Nobody).await;
    }
    // The right bytes under the name of another algorithm.
    let body = stage.anna.activity("Like", json!(stage.region)).to_string();
    for name in ["md5", "sha-512", "sha"] {
        let digest = digest::content_of(body.as_bytes()).replacen("sha-256", name, 1);
        let how = MessageSigning { content_digest: Some(digest), ..MessageSigning::default() };
        let post = Post::signed_message(&stage.anna, &stage.inbox, &body, &how);
        refuses_and_offers(stage, name, &post, Asks::Nobody).await;
    }
}

async fn s01_message_with_another_body(stage: &Stage) {
    let altered = stage.anna.activity("Undo", json!(stage.region)).to_string();
    let post = like(stage, &MessageSigning::default()).body(&altered);
    refuses_and_offers(stage, "another body", &post, Asks::Nobody).await;
    let mut fitted = post;
    fitted.set("Content-Digest", &digest::content_of(altered.as_bytes()));
    refuses_and_offers(stage, "another body with its own digest", &fitted, ONE_LOOK).await;
    refuses_and_offers(stage, "once more", &fitted, Asks::Nobody).await;
}

async fn s05_message_without_a_digest(stage: &Stage) {
    let mut post = like(stage, &MessageSigning::default());
    post.remove("content-digest");
    refuses_and_offers(stage, "no digest", &post, Asks::Nobody).await;
    // The older header is no replacement for the covered one.
    post.set("Digest", &digest::of(&post.body.clone()));
    refuses_and_offers(stage, "the older header alone", &post, Asks::Nobody).await;
}

async fn s09_message_for_another_host(stage: &Stage) {
    let how = MessageSigning { host: Some(stage.evil.host().to_owned()), ..MessageSigning::default() };
    refuses_and_offers(stage, "signed for another host", &like(stage, &how), ONE_LOOK).await;
    let mut named = like(stage, &how);
    named.set("Host", stage.evil.host());
    stage.refuses("and sent to it by name", &named, &[421], Asks::Nobody).await;
}

async fn s14_message_too_old_or_too_new(stage: &Stage) {
    let now = harness_now();
    for (what, created, further) in [
        ("13 hours old", now - 13 * 3600, String::new()),
        ("2 hours ahead", now + 2 * 3600, String::new()),
        ("expired a second ago", now - 60, format!(";expires={}", now - 1)),
    ] {
        let how = MessageSigning { created: Some(created.to_string()), further, ..MessageSigning::default() };
        refuses_and_offers(stage, what, &like(stage, &how), Asks::Nobody).await;
    }
}

async fn s17_message_without_a_time(stage: &Stage) {
    let how = MessageSigning { created: None, ..MessageSigning::default() };
    refuses_and_offers(stage, "no created", &like(stage, &how), Asks::Nobody).await;
}

async fn s19_message_with_a_time_that_is_none(stage: &Stage) {
    for created in
        ["18446744073709551615", "999999999999999", "-999999999999999", "-1", "1.5", "\"now\"", "?1", "", "1e9"]
    {
        let how = MessageSigning { created: Some(created.to_owned()), ..MessageSigning::default() };
        let mut post = like(stage, &how);
        // The harness writes the present second where it is asked to; here the word itself is meant.
        post.set("Signature-Input", &post.get("signature-input").replace(&harness_now().to_string(), "now"));
        stage.refuses(&format!("created={created}"), &post, UNREADABLE, Asks::Nobody).await;
    }
}

async fn s23_message_of_another_algorithm(stage: &Stage) {
    for algorithm in ["hmac-sha256", "ed25519", "rsa-pss-sha512", "ecdsa-p256-sha256", "none", ""] {
        let how = MessageSigning { further: format!(";alg=\"{algorithm}\""), ..MessageSigning::default() };
        refuses_and_offers(stage, algorithm, &like(stage, &how), Asks::Nobody).await;
    }
}

async fn s24_message_with_the_key_of_somebody_else(stage: &Stage) {
    let like = stage.anna.activity("Like", json!(stage.region)).to_string();
    for (what, voice) in [("bo signs for anna", stage.bo.clone()), ("another server does", stage.evil.actor("eve"))] {
        let post = Post::signed_message(&voice, &stage.inbox, &like, &MessageSigning::default());
        refuses_and_offers(stage, what, &post, Asks::Nobody).await;
    }
}

async fn s30_message_headers_out_of_shape(stage: &Stage) {
    let right = like(stage, &MessageSigning::default());
    let (input, signature) = (right.get("signature-input"), right.get("signature"));
    let with_request = input.replace("\"content-digest\"", "\"content-digest\";req");
    for (what, input, signature) in [
        ("no input", String::new(), signature.clone()),
        ("no signature", input.clone(), String::new()),
        ("no list", "sig1=\"x\"".to_owned(), signature.clone()),
        ("an open list", input.replace(')', ""), signature.clone()),
        ("another label", input.clone(), signature.replace("sig1", "sig2")),
        ("no bytes", input.clone(), "sig1=::".to_owned()),
        ("a string for bytes", input.clone(), signature.replace(':', "\"")),
        ("a component twice", input.replace("\"@method\"", "\"@method\" \"@method\""), signature.clone()),
        ("a component with a parameter", with_request, signature.clone()),
        ("nine kibibytes", format!("{input};x=\"{}\"", "x".repeat(9 * 1024)), signature.clone()),
        ("letters beyond ASCII", format!("{input};x=\"\u{e4}\""), signature.clone()),
        ("the older form", input.clone(), stage.like(&Signing::default()).get("signature")),
    ] {
        let mut post = right.clone();
        post.set("Signature-Input", &input);
        post.set("Signature", &signature);
        stage.refuses(what, &post, UNREADABLE, Asks::Nobody).await;
    }
}

async fn s11_message_for_another_inbox(stage: &Stage) {
    let post = like(stage, &MessageSigning::default()).to("/ap/inbox");
    refuses_and_offers(stage, "signed for the region's inbox, sent to the shared one", &post, ONE_LOOK).await;
    refuses_and_offers(stage, "once more", &post, Asks::Nobody).await;
}

async fn s12_message_with_a_query_appended(stage: &Stage) {
    let post = like(stage, &MessageSigning::default());
    let with_query = post.clone().to(&format!("{}?x=1", post.target));
    refuses_and_offers(stage, "a query that was not signed", &with_query, ONE_LOOK).await;
}

async fn s13_message_for_another_method(stage: &Stage) {
    let how = MessageSigning { method: "GET", ..MessageSigning::default() };
    refuses_and_offers(stage, "signed for GET", &like(stage, &how), ONE_LOOK).await;
}

async fn c39_message_with_a_wrong_key(stage: &Stage) {
    let body = stage.bo.activity("Like", json!(stage.region)).to_string();
    let post = Post::signed_message(&stage.bo.with_wrong_key(), &stage.inbox, &body, &MessageSigning::default());
    refuses_and_offers(stage, "signed with another key", &post, ONE_LOOK).await;
    refuses_and_offers(stage, "once more", &post, Asks::Nobody).await;
}

async fn accepted_messages(database: Database) {
    let stage = Stage::set(database).await;
    let now = harness_now();
    let usual = MessageSigning::default;
    for (what, how) in [
        ("c37 as the profile says", usual()),
        (
            "c37 with more than that",
            MessageSigning {
                covered: r#""@method" "@target-uri" "@authority" "@path" "@query" "host" "content-type" "content-digest""#,
                further: format!(";alg=\"rsa-v1_5-sha256\";expires={};nonce=\"x\";tag=\"y\"", now + 300),
                ..usual()
            },
        ),
        ("c37 with another label", MessageSigning { label: "fedi-2.1*", ..usual() }),
        ("c37 half an hour old", MessageSigning { created: Some((now - 1800).to_string()), ..usual() }),
        ("c37 four minutes ahead", MessageSigning { created: Some((now + 240).to_string()), ..usual() }),
    ] {
        println!("── {what}");
        stage.ignores(what, &like(&stage, &how), Asks::Nobody).await;
    }
    cases! { stage;
        c37_a_digest_beside_others
        c37_the_first_signature_that_can_be_used
        c37_follows_have_their_effect
        c38_key_ids_of_messages
    }
}

async fn c37_a_digest_beside_others(stage: &Stage) {
    let body = stage.anna.activity("Like", json!(stage.region)).to_string();
    let both = format!("sha-512=:AAAA:, {}", digest::content_of(body.as_bytes()));
    let how = MessageSigning { content_digest: Some(both), ..MessageSigning::default() };
    stage.ignores("beside SHA-512", &Post::signed_message(&stage.anna, &stage.inbox, &body, &how), Asks::Nobody).await;
}

/// A proxy on the way may have added a signature of its own, by whatever key.
async fn c37_the_first_signature_that_can_be_used(stage: &Stage) {
    let mut post = like(stage, &MessageSigning::default());
    for (name, first) in [
        ("Signature-Input", r#"proxy=("@authority" "x-forwarded-for");created=1;keyid="proxy";alg="hmac-sha256""#),
        ("Signature", "proxy=:AAAA:"),
    ] {
        post.set(name, &format!("{first}, {}", post.get(name)));
    }
    stage.ignores("after a proxy's", &post, Asks::Nobody).await;
}

async fn c37_follows_have_their_effect(stage: &Stage) {
    let celia = stage.site.actor("celia");
    let follow = celia.activity("Follow", json!(stage.region));
    let followers = stage.counts().await["followers"].as_i64().unwrap();
    let post = Post::signed_message(&celia, &stage.inbox, &follow.to_string(), &MessageSigning::default());
    assert_eq!(post.send().await.status, 202);
    stage.site.posted_one("the follow is accepted", |body| body["object"]["id"] == follow["id"]).await;
    assert_eq!(stage.counts().await["followers"].as_i64(), Some(followers + 1));
}

async fn c38_key_ids_of_messages(stage: &Stage) {
    for (name, suffix) in [("m-path", "/main-key"), ("m-bare", ""), ("m-query", "?get=key")] {
        let mut voice = stage.evil.stranger(name);
        voice.key_id = format!("{}{suffix}", voice.id);
        let document = voice.document();
        stage.evil.set(&format!("/users/{name}"), crate::harness::Reply::document(&document));
        let key = crate::harness::Reply::document(&document["publicKey"]);
        stage.evil.set(&format!("/users/{name}/main-key"), key);
        let like = voice.activity("Like", json!(stage.region)).to_string();
        let post = Post::signed_message(&voice, &stage.inbox, &like, &MessageSigning::default());
        stage.ignores(&format!("keyid {}", voice.key_id), &post, Asks::TheSender(2)).await;
    }
}

async fn mixed_headers(database: Database) {
    let stage = Stage::set(database).await;
    cases! { stage;
        c39_both_schemes_at_once
        t18_authorization_is_never_a_signature
        s02_one_header_of_each_kind
        s38_a_blocked_server_reads_nothing_by_its_name
        c17_a_broken_signature_does_not_keep_a_reader_out
    }
}

/// With `Signature-Input` a request is read by RFC 9421 and by nothing else.
async fn c39_both_schemes_at_once(stage: &Stage) {
    let message = like(stage, &MessageSigning::default());
    let mut post = stage.like(&Signing::default());
    post.set("Signature-Input", &message.get("signature-input"));
    post.set("Content-Digest", &digest::content_of(&post.body.clone()));
    refuses_and_offers(stage, "the older signature under the newer input", &post, Asks::Nobody).await;
    let mut post = like(stage, &MessageSigning::default());
    post.remove("signature-input");
    refuses_and_offers(stage, "the newer signature without its input", &post, Asks::Nobody).await;
    let mut post = like(stage, &MessageSigning::default());
    post.add("Signature", &stage.like(&Signing::default()).get("signature"));
    stage.refuses("two signatures, one of each", &post, UNREADABLE, Asks::Nobody).await;
}

async fn t18_authorization_is_never_a_signature(stage: &Stage) {
    let mut post = stage.like(&Signing::default());
    post.add("Authorization", "Bearer stolen");
    stage.ignores("a right signature beside a token", &post, Asks::Nobody).await;
    let mut post = stage.like(&Signing::default());
    let signature = post.get("signature");
    post.remove("signature");
    post.add("Authorization", &format!("Signature {signature}"));
    stage.refuses("the signature as authorization", &post, UNSIGNED, Asks::Nobody).await;
}

async fn s02_one_header_of_each_kind(stage: &Stage) {
    for name in ["Host", "Date", "Digest", "Signature", "Content-Type"] {
        let mut post = stage.like(&Signing::default());
        let same = post.get(name);
        post.add(name, &same);
        stage.refuses(&format!("{name} twice"), &post, &[400], Asks::Nobody).await;
    }
    for name in ["Content-Digest", "Signature-Input", "Signature"] {
        let mut post = like(stage, &MessageSigning::default());
        let same = post.get(name);
        post.add(name, &same);
        stage.refuses(&format!("{name} twice"), &post, &[400], Asks::Nobody).await;
    }
    let mut post = stage.like(&Signing::default());
    post.add("Content-Length", &(post.body.len() + 1).to_string());
    let (before, status) = (stage.counts().await, post.send().await.status);
    assert_eq!((status, stage.counts().await), (400, before), "two lengths");
}

async fn s38_a_blocked_server_reads_nothing_by_its_name(stage: &Stage) {
    let eve = stage.evil.actor("reader");
    let public = stage.region.clone();
    let older = format!(
        r#"keyId="{}",algorithm="rsa-sha256",headers="(request-target) host date",signature="AAAA""#,
        eve.key_id
    );
    let input = format!(r#"sig1=("@method" "@target-uri");created={};keyid="{}""#, harness_now(), eve.key_id);
    let reads = async |headers: &[(&str, &str)]| {
        let mut all = vec![("accept", crate::harness::ACTIVITY)];
        all.extend_from_slice(headers);
        stage.node.ask(reqwest::Method::GET, &public, &all).await.status
    };
    let (by_draft, by_message) =
        ([("signature", older.as_str())], [("signature-input", input.as_str()), ("signature", "sig1=:AAAA:")]);
    assert_eq!((reads(&by_draft).await, reads(&by_message).await), (200, 200), "not blocked yet");
    stage.node.run(&["block", stage.evil.host()]).await;
    assert_eq!((reads(&by_draft).await, reads(&by_message).await, reads(&[]).await), (403, 403, 200), "blocked");
    stage.node.run(&["unblock", stage.evil.host()]).await;
    assert_eq!(reads(&by_draft).await, 200, "no longer blocked");
    assert!(stage.evil.journal().is_empty(), "a key was asked for");
}

async fn c17_a_broken_signature_does_not_keep_a_reader_out(stage: &Stage) {
    for headers in [
        vec![("signature", "nonsense")],
        vec![("signature", ""), ("signature-input", "nonsense")],
        vec![("signature-input", "sig1=()")],
        vec![("authorization", "Bearer x")],
    ] {
        let mut all = vec![("accept", crate::harness::ACTIVITY)];
        all.extend_from_slice(&headers);
        let answer = stage.node.ask(reqwest::Method::GET, &stage.region, &all).await;
        assert_eq!(answer.status, 200, "{headers:?}");
    }
}
