//! Members: joining, writing a profile, publishing it field by field, and leaving.

use crate::browser::{Browser, HONEST, ORIGIN, token_of};
use crate::seed::{Answer, Seeded, now, seeded};
use domain::person::{Appointment, MailAddress, Position, Secret, letter, link, position};
use domain::{Caller, Language};
use http::StatusCode;

const AINO: &str = "aino@kulma.example";

/// The letters that wait, sent; the secret in each.
fn letters(node: &Seeded) -> Vec<(letter::Says, Secret)> {
    let take = |conn: &mut store::Conn| {
        let mut all = Vec::new();
        for waiting in letter::claim(conn, 100, now())? {
            let secret = Secret::fresh();
            let prepared = letter::prepare(conn, &waiting, &secret, now())?;
            letter::sent(conn, &waiting)?;
            all.extend(prepared.map(|prepared| (prepared.says, secret)));
        }
        Ok::<_, store::Error>(all)
    };
    node.scratch.store.write_now(take).unwrap()
}

/// Somebody who has joined.
async fn member<'a>(node: &'a Seeded, mail: &str) -> Browser<'a> {
    let mut browser = Browser::new(node);
    let page = browser.get("/join").await;
    let answer = browser.send(&page, "/join", &[("mail", mail)]).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/join/sent"), "{}", answer.body);
    let (_, secret) = letters(node).pop().expect("a letter");
    let path = format!("/join/{}", secret.reveal());
    let page = browser.get(&path).await;
    let told = [("name", "Aino Esimerkki"), ("adult", "1"), ("accepted", "1")];
    let answer = browser.send(&page, &path, &told).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/me"), "{}", answer.body);
    browser
}

pub async fn coordinator(node: &Seeded) -> Browser<'_> {
    let new = Appointment {
        position: Position::Coordinator,
        mail: MailAddress::parse("kaisa@kulma.example").unwrap(),
        name: "Kaisa".into(),
        language: Language::Fi,
    };
    let secret = Secret::fresh();
    let made = |conn: &mut store::Conn| {
        let account = position::appoint(conn, Caller::Coordinator, &new, now())?;
        Ok::<_, domain::Error>(link::make(conn, &account.id, &secret, now())?)
    };
    assert!(node.scratch.store.write_now(made).unwrap());
    let mut browser = Browser::new(node);
    let path = format!("/sign-in/{}", secret.reveal());
    let page = browser.get(&path).await;
    assert_eq!(browser.send(&page, &path, &[]).await.status, StatusCode::SEE_OTHER);
    browser
}

const PROFILE: [(&str, &str); 9] = [
    ("name", "Aino Esimerkki"),
    ("headline", "koivunkannon sormenpää"),
    ("bio", "varpusparven kellotapuli"),
    ("municipality", "Sastamala"),
    ("languages", "fi"),
    ("languages", "smn"),
    ("fields", "circus"),
    ("regions", "21"),
    ("links", "https://aino.example/\n\nhttps://video.example/@aino"),
];

pub async fn sent(browser: &mut Browser<'_>, path: &str, fields: &[(&str, &str)]) -> Answer {
    let page = browser.get(path).await;
    let answer = browser.send(&page, path, fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}: {}", answer.body);
    let location = answer.header("location").to_owned();
    browser.get(&location).await
}

pub async fn with_profile<'a>(node: &'a Seeded) -> Browser<'a> {
    let mut browser = member(node, AINO).await;
    let page = sent(&mut browser, "/me/profile", &PROFILE).await;
    assert!(page.body.contains("Saved."), "{}", page.body);
    browser
}

/// Shows some fields of the profile, and has the coordinator publish it.
pub async fn published(node: &Seeded, member: &mut Browser<'_>, fields: &[&str]) {
    let on: Vec<(&str, &str)> = fields.iter().map(|field| ("on", *field)).collect();
    let page = sent(member, "/me/publication", &on).await;
    assert_eq!(member.send(&page, "/me/publication/ask", &[]).await.status, StatusCode::SEE_OTHER);
    let mut kaisa = coordinator(node).await;
    let path = first_waiting(&kaisa.get("/desk/profiles").await);
    let one = kaisa.get(&path).await;
    assert_eq!(kaisa.send(&one, &format!("{path}/publish"), &[]).await.status, StatusCode::SEE_OTHER);
}

/// The address of the first profile in the queue.
fn first_waiting(page: &Answer) -> String {
    let link = page.body.split("href=\"/desk/profiles/").nth(1).expect("one waits").split('"').next().unwrap();
    format!("/desk/profiles/{link}")
}

#[tokio::test]
async fn c22_joining_tells_nobody_who_is_known() {
    let node = seeded().await;
    let mut known = member(&node, AINO).await;
    assert!(known.get("/me").await.body.contains("You have not written a profile yet"));
    let mut answers = Vec::new();
    for mail in [AINO, "nobody@nowhere.example"] {
        let mut browser = Browser::new(&node);
        let page = browser.get("/join").await;
        let answer = browser.send(&page, "/join", &[("mail", mail)]).await;
        answers.push((answer.status, answer.header("location").to_owned(), answer.body.clone()));
    }
    assert_eq!(answers[0], answers[1]);
    let says = letters(&node);
    assert!(matches!(&says[0].0, letter::Says::SignIn(_)) && matches!(&says[1].0, letter::Says::Join(_)));

    let mut browser = Browser::new(&node);
    let page = browser.get("/join").await;
    let fault = browser.send(&page, "/join", &[("mail", "aino")]).await;
    assert_eq!(fault.status, StatusCode::BAD_REQUEST);
    assert!(fault.body.contains("value=\"aino\"") && fault.body.contains("mail-fault"));

    let path = format!("/join/{}", says[1].1.reveal());
    let page = browser.get(&path).await;
    let fault = browser.send(&page, &path, &[("name", "Otso <b>")]).await;
    assert_eq!(fault.status, StatusCode::BAD_REQUEST);
    for said in ["value=\"Otso &#60;b&#62;\"", "members are eighteen or over", "only if you agree to the terms"] {
        assert!(fault.body.contains(said), "{said}: {}", fault.body);
    }
    let told = [("name", "Otso"), ("adult", "1"), ("accepted", "1")];
    assert_eq!(browser.send(&fault, &path, &told).await.status, StatusCode::SEE_OTHER);
    assert_eq!(Browser::new(&node).get(&path).await.status, StatusCode::GONE, "good once");
    assert_eq!(Browser::new(&node).get("/join/abc").await.status, StatusCode::GONE);
}

#[tokio::test]
async fn j2_a_profile_is_written_published_by_switches_and_taken_back() {
    let node = seeded().await;
    let mut aino = with_profile(&node).await;
    let found = aino.get("/me/skills?q=apuraha").await;
    assert!(found.body.contains("find grants"), "{}", found.body);
    let id = found.body.split("0ffce932").next().unwrap().rsplit('"').next().unwrap().to_owned() + "0ffce932";
    let rest = found.body.split("0ffce932").nth(1).unwrap().split('"').next().unwrap();
    let grants = format!("{id}{rest}");
    let level = format!("level-{grants}");
    let page = sent(&mut aino, "/me/skills", &[("skill", &grants), (&level, "3"), ("skill", "tk:touring")]).await;
    assert!(page.body.contains("find grants") && page.body.contains("selected>3 experienced"), "{}", page.body);
    let work = [
        ("from_0", "2027-01-31"),
        ("until_0", "2027-03-31"),
        ("share_0", "40"),
        ("title_3", "Lumpeenlehden oratorio"),
        ("year_3", "2025"),
        ("share_1", "100"),
    ];
    let page = sent(&mut aino, "/me/work", &work).await;
    assert!(page.body.contains("value=\"Lumpeenlehden oratorio\""), "{}", page.body);

    // Nothing of it is public, and the switches are off.
    let page = aino.get("/me/publication").await;
    assert!(!page.body.contains(" checked") && page.body.contains("Nothing: without the name"), "{}", page.body);
    assert_eq!(node.page("/@aino_esimerkki").await.status, StatusCode::NOT_FOUND);
    let page = sent(&mut aino, "/me/publication", &[("on", "name"), ("on", "skills"), ("on", "regions")]).await;
    assert_eq!(page.body.matches(" checked").count(), 3);
    assert!(page.body.contains("How Mastodon sees you") && page.body.contains("Ahvenanmaa"), "{}", page.body);
    let preview = page.body.split("class=\"mastodon\"").nth(1).unwrap();
    assert!(!preview.contains("koivunkannon") && !preview.contains("2027"));
    let answer = aino.send(&page, "/me/publication/ask", &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert!(aino.get("/me").await.body.contains("is waiting for the coordinator"));
    assert_eq!(node.page("/@aino_esimerkki").await.status, StatusCode::NOT_FOUND);

    // The coordinator gives it back, and publishes it when it comes again.
    let mut kaisa = coordinator(&node).await;
    let looked = "<strong>coordinator</strong> looked at: a person’s account";
    assert!(!aino.get("/me").await.body.contains(looked));
    let queue = kaisa.get("/desk/profiles").await;
    assert_eq!(aino.get("/me").await.body.matches(looked).count(), 1, "the list shows her name");
    let path = first_waiting(&queue);
    let one = kaisa.get(&path).await;
    assert!(one.body.contains("Aino Esimerkki") && !one.body.contains("koivunkannon"), "{}", one.body);
    assert_eq!(aino.get("/me").await.body.matches(looked).count(), 1, "one line a day");
    let give_back = format!("{path}/return");
    let fault = kaisa.send(&one, &give_back, &[("reason", "")]).await;
    assert_eq!(fault.status, StatusCode::BAD_REQUEST);
    assert_eq!(kaisa.send(&fault, &give_back, &[("reason", "Kerro vielä alasi.")]).await.status, StatusCode::SEE_OTHER);
    let page = aino.get("/me/publication").await;
    assert!(page.body.contains("Kerro vielä alasi."), "{}", page.body);
    aino.send(&page, "/me/publication/ask", &[]).await;
    let one = kaisa.get(&path).await;
    assert_eq!(kaisa.send(&one, &format!("{path}/publish"), &[]).await.status, StatusCode::SEE_OTHER);
    assert!(kaisa.get("/desk/profiles").await.body.contains("No profile is waiting"));
    let public = node.page("/@aino_esimerkki").await;
    assert_eq!(public.status, StatusCode::OK);
    assert!(public.body.contains("Ahvenanmaa") && !public.body.contains("koivunkannon"));

    // A switch is turned off.
    sent(&mut aino, "/me/publication", &[("on", "name"), ("on", "skills")]).await;
    assert!(!node.page("/@aino_esimerkki").await.body.contains("Ahvenanmaa"));
    let file = aino.get("/me.json").await.json();
    let consents = file["producer"]["consents"].as_array().unwrap();
    assert_eq!(consents.iter().filter(|one| !one["withdrawn"].is_null()).count(), 1);
    let readable = aino.get("/me/data").await;
    assert!(readable.body.contains("koivunkannon") && readable.body.contains(AINO), "{}", readable.body);
    told_in_words(&mut aino, &["person", "producer", "audit"]).await;
    for told in ["<dd>looked at</dd>", "<dd>a person’s account</dd>", "Inari Sámi</dd>", "<dd>3 experienced</dd>"] {
        assert!(readable.body.contains(told), "{told}: {}", readable.body);
    }
}

/// The keys of a file; under `levels` stand ids of skills.
fn keys_of(value: &serde_json::Value, found: &mut std::collections::BTreeSet<String>) {
    for (key, value) in value.as_object().into_iter().flatten() {
        found.insert(key.clone());
        if key != "levels" {
            keys_of(value, found);
        }
    }
    value.as_array().into_iter().flatten().for_each(|one| keys_of(one, found));
}

/// The copy for people has these parts, and shows nothing under a name that only the file has.
pub async fn told_in_words(browser: &mut Browser<'_>, parts: &[&str]) {
    let file = browser.get("/me.json").await.json();
    let mut keys = std::collections::BTreeSet::new();
    file.as_object().unwrap().values().for_each(|part| keys_of(part, &mut keys));
    let page = browser.get("/me/data?lang=fi").await.body;
    for part in parts {
        assert!(
            file.get(part).is_some() && !page.contains(&format!("<h2 class=\"after\">{part}</h2>")),
            "{part}: {page}"
        );
    }
    let texts = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/locales/fi/member.ftl")).unwrap();
    for key in keys {
        let dashed: String =
            key.chars().flat_map(|c| [c.is_uppercase().then_some('-'), c.to_lowercase().next()]).flatten().collect();
        let told =
            ["data-name", "publication-field"].iter().any(|words| texts.contains(&format!("\n{words}-{dashed} = ")));
        assert!(told && !page.contains(&format!("<dt>{key}</dt>")), "{key}: {page}");
    }
}

#[tokio::test]
async fn what_was_typed_wrongly_is_kept_and_named() {
    let node = seeded().await;
    let mut aino = member(&node, AINO).await;
    let page = aino.get("/me/profile").await;
    let long = "x".repeat(170);
    let typed = [("name", "Aino"), ("headline", long.as_str()), ("links", "javascript:alert(1)"), ("fields", "music")];
    let fault = aino.send(&page, "/me/profile", &typed).await;
    assert_eq!(fault.status, StatusCode::BAD_REQUEST);
    for said in
        [long.as_str(), "href=\"#headline\"", "href=\"#links\"", "javascript:alert(1)</textarea>", "is no address"]
    {
        assert!(fault.body.contains(said), "{said}: {}", fault.body);
    }
    assert!(fault.body.contains("value=\"music\" checked"), "ticks stay");
    assert_eq!(aino.send(&fault, "/me/profile", &PROFILE).await.status, StatusCode::SEE_OTHER, "and can be sent again");
    let page = aino.get("/me/work").await;
    let typed = [("from_0", "eilen"), ("share_0", "paljon"), ("title_0", ""), ("url_0", "x")];
    let fault = aino.send(&page, "/me/work", &typed).await;
    assert_eq!(fault.status, StatusCode::BAD_REQUEST);
    assert!(fault.body.contains("value=\"paljon\"") && fault.body.contains("href=\"#share_0\""), "{}", fault.body);
    assert!(aino.get("/me/skills?q=xyzzy").await.body.contains("No other skill was found"));
    let mut early = member(&node, "otso@kulma.example").await;
    for path in ["/me/skills", "/me/work", "/me/picture", "/me/publication"] {
        assert!(early.get(path).await.body.contains("Write the basics of your profile first"), "{path}");
    }
}

#[tokio::test]
async fn the_name_and_the_language_of_an_account_are_corrected() {
    let node = seeded().await;
    let mut aino = member(&node, AINO).await;
    assert!(aino.get("/me").await.body.contains("href=\"/me/account\""));
    let page = aino.get("/me/account").await;
    assert!(page.body.contains("value=\"Aino Esimerkki\"") && page.body.contains(AINO), "{}", page.body);
    let long = "x".repeat(101);
    for (name, language, field) in
        [("", "sv", "name"), ("A", "sv", "name"), (long.as_str(), "sv", "name"), ("Aino Uusi", "tlh", "language")]
    {
        let fault = aino.send(&page, "/me/account", &[("name", name), ("language", language)]).await;
        assert_eq!(fault.status, StatusCode::BAD_REQUEST, "{name} {language}");
        assert!(fault.body.contains(&format!("href=\"#{field}\"")), "{field}: {}", fault.body);
        assert!(fault.body.contains(&format!("value=\"{name}\"")), "what was typed stays: {}", fault.body);
        assert_eq!(fault.body.contains("value=\"sv\" selected"), language == "sv", "{}", fault.body);
    }
    let answer = aino.send(&page, "/me/account", &[("name", "Aino Uusi"), ("language", "sv")]).await;
    assert_eq!(answer.header("location"), "/me/account?saved=1", "{}", answer.body);
    let file = aino.get("/me.json").await.json();
    assert_eq!((&file["person"]["name"], &file["person"]["language"]), (&"Aino Uusi".into(), &"sv".into()));
    assert_eq!(file["person"]["mail"], AINO);
}

#[tokio::test]
async fn an_address_is_changed_by_a_link_to_the_new_one() {
    let node = seeded().await;
    let mut aino = member(&node, AINO).await;
    let page = aino.get("/me/account").await;
    let fault = aino.send(&page, "/me/address", &[("mail", "aino")]).await;
    assert_eq!(fault.status, StatusCode::BAD_REQUEST);
    assert!(fault.body.contains("href=\"#mail\"") && fault.body.contains("value=\"aino\""), "{}", fault.body);
    let asked = aino.send(&page, "/me/address", &[("mail", "aino@uusi.example")]).await;
    assert_eq!(asked.header("location"), "/me/account?sent=1", "{}", asked.body);
    let (says, _) = letters(&node).pop().expect("a letter");
    let letter::Says::NewAddress(secret) = says else { panic!("another letter") };
    let path = format!("/me/address/{}", secret.reveal());
    let mut otso = member(&node, "otso@kulma.example").await;
    assert_eq!(otso.get(&path).await.status, StatusCode::GONE, "the link is for who asked");
    let page = aino.get(&path).await;
    assert!(page.body.contains("Use the address aino@uusi.example"), "{}", page.body);
    assert!(aino.get("/me").await.body.contains(AINO), "to look changes nothing");
    assert_eq!(aino.send(&page, &path, &[]).await.header("location"), "/me/account?saved=1");
    let me = aino.get("/me").await.body;
    assert!(
        me.contains("aino@uusi.example") && !me.contains(AINO) && me.contains("changed the e-mail address"),
        "{me}"
    );
    assert_eq!(aino.send(&page, &path, &[]).await.status, StatusCode::GONE, "once");
    assert!(matches!(&letters(&node)[..], [(letter::Says::OldAddress, _)]), "the old address is told");
}

/// A form with a file, as browsers send it.
pub async fn upload(browser: &mut Browser<'_>, page: &Answer, alt: &str, name: &str, file: &[u8]) -> Answer {
    let token = token_of(page, "/me/picture");
    let mut body = String::new();
    for (field, value) in [("form", token.as_str()), ("alt", alt)] {
        body += &format!("--grenze\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n");
    }
    body += &format!("--grenze\r\nContent-Disposition: form-data; name=\"picture\"; filename=\"{name}\"\r\n\r\n");
    let mut body = body.into_bytes();
    body.extend(file);
    body.extend(b"\r\n--grenze--\r\n");
    let kind = ("content-type", "multipart/form-data; boundary=grenze");
    browser.ask_bytes("POST", "/me/picture", &[HONEST[0], HONEST[1], kind, ("accept-language", "en")], body).await
}

#[tokio::test]
async fn c12_c14_c15_a_picture_is_made_anew_and_shown_by_consent() {
    let node = seeded().await;
    let mut aino = with_profile(&node).await;
    let page = aino.get("/me/picture").await;
    let png = include_bytes!("../../static/pictures/icon.png");
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
    for (alt, file) in [("Aino lumihangella", &svg[..]), ("", &png[..]), ("Aino", &[][..])] {
        let fault = upload(&mut aino, &page, alt, "x.png", file).await;
        assert_eq!(fault.status, StatusCode::BAD_REQUEST, "{alt}");
    }
    let taken = upload(&mut aino, &page, "Aino lumihangella", "../../../etc/passwd.svg", png).await;
    assert_eq!(
        (taken.status, taken.header("location")),
        (StatusCode::SEE_OTHER, "/me/picture?saved=1"),
        "{}",
        taken.body
    );
    let own = aino.get("/me/picture.jpg").await;
    assert_eq!((own.status, own.header("content-type")), (StatusCode::OK, "image/jpeg"));
    assert_eq!((own.header("cache-control"), own.header("x-content-type-options")), ("no-store", "nosniff"));
    assert_eq!(node.page("/me/picture.jpg").await.header("location"), "/sign-in");

    let file = aino.get("/me.json").await.json();
    let path = file["producer"]["picture"]["path"].as_str().unwrap().to_owned();
    assert!(path.starts_with("/media/") && !path.contains("passwd"), "{path}");
    assert_eq!(node.page(&path).await.status, StatusCode::NOT_FOUND, "nobody has agreed");
    let page = sent(&mut aino, "/me/publication", &[("on", "name"), ("on", "picture")]).await;
    aino.send(&page, "/me/publication/ask", &[]).await;
    let mut kaisa = coordinator(&node).await;
    let id = file["producer"]["id"].as_str().and_then(|id| id.rsplit('/').next()).unwrap();
    let waiting = kaisa.get(&format!("/desk/profiles/{id}/picture.jpg")).await;
    assert_eq!(waiting.status, StatusCode::OK);
    assert!(
        aino.get("/me").await.body.contains("looked at: a person’s account"),
        "the picture alone is looked at, too"
    );
    let path_of_one = first_waiting(&kaisa.get("/desk/profiles").await);
    let one = kaisa.get(&path_of_one).await;
    kaisa.send(&one, &format!("{path_of_one}/publish"), &[]).await;
    assert_eq!(node.page(&path).await.status, StatusCode::OK);
    assert!(node.page("/@aino_esimerkki").await.body.contains(&format!("src=\"{path}\" alt=\"Aino lumihangella\"")));
    sent(&mut aino, "/me/publication", &[("on", "name")]).await;
    assert_eq!(node.page(&path).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn j11_leaving_hides_at_once_and_can_be_taken_back() {
    let node = seeded().await;
    let mut aino = with_profile(&node).await;
    let page = sent(&mut aino, "/me/publication", &[("on", "name"), ("on", "headline")]).await;
    aino.send(&page, "/me/publication/ask", &[]).await;
    let mut kaisa = coordinator(&node).await;
    let path = first_waiting(&kaisa.get("/desk/profiles").await);
    let one = kaisa.get(&path).await;
    kaisa.send(&one, &format!("{path}/publish"), &[]).await;
    assert_eq!(node.page("/@aino_esimerkki").await.status, StatusCode::OK);

    let page = sent(&mut aino, "/me/delete", &[]).await;
    assert!(page.body.contains("Your account is deleted on"), "{}", page.body);
    assert_eq!(node.page("/@aino_esimerkki").await.status, StatusCode::NOT_FOUND);
    assert!(!node.page("/tuottajat").await.body.contains("Aino Esimerkki"));
    let me = aino.get("/me").await;
    assert_eq!(aino.send(&me, "/me/stay", &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(node.page("/@aino_esimerkki").await.status, StatusCode::OK);
    assert!(kaisa.get("/me/delete").await.body.contains("Hand it over first"));
}

/// C21: a member's pages are for the member, the queue for the coordinator; to all others there is nothing.
#[tokio::test]
async fn c21_members_see_their_own_and_no_queue() {
    let node = seeded().await;
    let mut aino = with_profile(&node).await;
    let page = sent(&mut aino, "/me/publication", &[("on", "name")]).await;
    aino.send(&page, "/me/publication/ask", &[]).await;
    let mut kaisa = coordinator(&node).await;
    let path = first_waiting(&kaisa.get("/desk/profiles").await);
    let mine =
        ["/me", "/me/data", "/me/profile", "/me/skills", "/me/work", "/me/picture", "/me/publication", "/me/delete"];
    for path in mine {
        assert_eq!(node.page(path).await.header("location"), "/sign-in", "{path}");
        let page = aino.get(path).await;
        assert_eq!((page.status, page.header("cache-control")), (StatusCode::OK, "no-store"), "{path}");
    }
    let mut otso = member(&node, "otso@kulma.example").await;
    for path in ["/desk/profiles", &path] {
        assert_eq!(otso.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(aino.get(path).await.status, StatusCode::NOT_FOUND, "{path}: also one's own");
    }
    let token = token_of(&otso.get("/me").await, "/sign-out");
    for action in ["publish", "return"] {
        let answer = otso.post(&format!("{path}/{action}"), &HONEST, &[("form", &token), ("reason", "ei käy")]).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{action}");
    }
    assert!(kaisa.get("/desk/profiles").await.body.contains("Aino Esimerkki"), "it still waits");
}

/// C18: what another site sends changes nothing.
#[tokio::test]
async fn c18_no_other_site_writes_a_profile() {
    let node = seeded().await;
    let mut aino = with_profile(&node).await;
    let token = token_of(&aino.get("/me").await, "/sign-out");
    let kind = ("content-type", "application/x-www-form-urlencoded");
    let foreign = [
        (
            "cross-site",
            vec![("origin", "https://evil.example"), ("sec-fetch-site", "cross-site"), kind],
            token.as_str(),
        ),
        ("of nowhere", vec![("origin", "null"), kind], token.as_str()),
        ("as text", vec![("origin", ORIGIN), ("content-type", "text/plain")], token.as_str()),
        ("without a token", HONEST.to_vec(), ""),
    ];
    for (what, headers, token) in foreign {
        for path in [
            "/me/account",
            "/me/profile",
            "/me/skills",
            "/me/work",
            "/me/picture",
            "/me/picture/remove",
            "/me/publication",
            "/me/publication/ask",
            "/me/delete",
            "/me/stay",
        ] {
            let answer = aino.post(path, &headers, &[("form", token), ("name", "Eve"), ("on", "name")]).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{what}: {path}");
        }
    }
    let file = aino.get("/me.json").await.json();
    assert_eq!(file["producer"]["name"], "Aino Esimerkki");
    assert_eq!(file["producer"]["consents"].as_array().map(Vec::len), Some(0));
    assert!(file["person"]["leaves"].is_null());
}
