//! The texts are complete, and those that are asked for exist.

use super::*;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

const ALL: [(&str, [&str; 17]); 3] = [("fi", FINNISH), ("sv", SWEDISH), ("en", ENGLISH)];

/// Key → the variables that its text uses.
fn keys(files: &[&str]) -> BTreeMap<String, BTreeSet<String>> {
    let mut found = BTreeMap::new();
    for file in files {
        FluentResource::try_new((*file).to_owned()).expect("a file of texts parses");
        let mut key = String::new();
        for line in file.lines() {
            let begins = line.starts_with(|c: char| c.is_ascii_alphabetic());
            if let Some((name, _)) = line.split_once('=').filter(|_| begins) {
                key = name.trim().to_owned();
                assert!(found.insert(key.clone(), BTreeSet::new()).is_none(), "{key} is there twice");
            }
            for part in line.split('$').skip(1) {
                let name: String = part.chars().take_while(char::is_ascii_alphanumeric).collect();
                found.get_mut(&key).expect("a variable stands in a text").insert(name);
            }
        }
    }
    found
}

#[test]
fn every_text_is_there_in_all_languages_with_the_same_variables() {
    let (_, fi) = &ALL[0];
    let expected = keys(fi);
    assert!(expected.len() > 150);
    for (language, files) in &ALL[1..] {
        let found = keys(files);
        for (key, variables) in &expected {
            assert_eq!(found.get(key), Some(variables), "{key} in {language}");
        }
        for key in found.keys() {
            assert!(expected.contains_key(key), "{key} is in {language} only");
        }
    }
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else {
            found.push(path);
        }
    }
}

/// What stands in `t("…")`, `t1("…"`, `n("…"`, and the vocabularies of `word("…"`.
fn asked_for() -> BTreeSet<(String, String)> {
    let mut files = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    sources(&root.join("templates"), &mut files);
    sources(&root.join("src"), &mut files);
    let mut found = BTreeSet::new();
    for file in files.iter().filter(|file| !file.ends_with("tests.rs")) {
        let text = std::fs::read_to_string(file).unwrap();
        for call in [".t(\"", ".t1(\"", ".n(\"", ".word(\"", ".known_word(\"", "Key(\""] {
            for part in text.split(call).skip(1) {
                let key = part.split('"').next().unwrap_or_default().to_owned();
                found.insert((call.to_owned(), key));
            }
        }
    }
    found
}

#[test]
fn every_text_that_is_asked_for_exists_and_every_text_is_asked_for() {
    let texts = keys(&ALL[0].1);
    let asked = asked_for();
    for (call, key) in &asked {
        let known = match call.as_str() {
            ".word(\"" | ".known_word(\"" => texts.keys().any(|text| text.starts_with(&format!("{key}-"))),
            _ => texts.contains_key(key),
        };
        assert!(known, "{call}{key}\") has no text");
    }
    for text in texts.keys() {
        let used = asked.iter().any(|(call, key)| match call.as_str() {
            ".word(\"" | ".known_word(\"" => text.starts_with(&format!("{key}-")),
            _ => text == key,
        });
        let said = text.strip_prefix("message-").is_some_and(|id| domain::message::ALL.iter().any(|one| one.id == id));
        assert!(used || said || text.starts_with("language-"), "{text} is asked for nowhere");
    }
}

/// The slices that hold nothing of people who have an account here.
const OF_NOBODY: [&str; 5] = ["region", "skill", "event", "task", "received"];

#[test]
fn every_part_of_ones_own_data_has_a_heading() {
    let texts = keys(&ALL[0].1);
    for slice in domain::SLICES {
        let has_one = texts.contains_key(&format!("data-part-{}", slice.name));
        assert_eq!(has_one, !OF_NOBODY.contains(&slice.name), "{}", slice.name);
    }
    for deed in domain::audit::Deed::ALL {
        assert!(texts.contains_key(&format!("audit-deed-{}", deed.as_str())), "{}", deed.as_str());
    }
}

#[test]
fn plurals_and_arguments() {
    for (language, one, many) in [
        (Language::Fi, "1 tapahtuma", "5 tapahtumaa"),
        (Language::Sv, "1 evenemang", "5 evenemang"),
        (Language::En, "1 event", "5 events"),
    ] {
        let l = Locale::negotiated(language);
        assert_eq!(l.n("event-count", &1), one);
        assert_eq!(l.n("event-count", &5), many);
    }
}

#[test]
fn messages_of_the_domain() {
    let key = domain::Key::new(domain::message::NOT_A_MAIL_ADDRESS).with("value", "x");
    assert_eq!(
        Locale::negotiated(Language::Sv).message(&key),
        "”x” är ingen e-postadress. Skriv den som namn@exempel.fi."
    );
    let empty = domain::Key::new(domain::message::FILE_EMPTY);
    assert_eq!(Locale::negotiated(Language::Fi).message(&empty), "tiedostossa ei ole otsikkoriviä.");
    let odd = domain::Key::new(domain::message::AMBIGUOUS).with("value", "x").with("candidates", "a, b");
    assert_eq!(Locale::negotiated(Language::Fi).message(&odd), "\"x\" may mean several things: a, b");
}

/// The messages that the command line alone prints: no page asks for a thing by words that may mean several.
const AT_THE_COMMAND_LINE: [domain::message::Message; 1] = [domain::message::AMBIGUOUS];

#[test]
fn every_message_of_the_domain_has_its_text_with_no_other_gaps() {
    let texts = keys(&ALL[0].1);
    for message in domain::message::ALL {
        let text = texts.get(&format!("message-{}", message.id));
        assert_eq!(text.is_none(), AT_THE_COMMAND_LINE.contains(message), "{}", message.id);
        for variable in text.into_iter().flatten() {
            assert!(message.english.contains(&format!("{{{variable}}}")), "{}: {variable}", message.id);
        }
    }
}

#[test]
fn ages() {
    let now = Timestamp::from_millis(10 * 24 * 3_600_000);
    let l = Locale::negotiated(Language::Fi);
    for (seconds, expected) in [
        (0, "äsken"),
        (59, "äsken"),
        (185, "3\u{a0}min sitten"),
        (2 * 3600 + 5, "2\u{a0}t sitten"),
        (86_400, "1 päivä sitten"),
        (9 * 86_400, "9 päivää sitten"),
        (-100, "äsken"),
    ] {
        let then = Timestamp::from_millis(now.as_millis() - seconds * 1000);
        assert_eq!(l.age(&now, &then), expected);
    }
}

#[test]
fn a_chosen_language_stays_with_the_links() {
    let chosen = Locale::chosen(Language::Sv);
    assert_eq!(chosen.link("/tapahtumat"), "/tapahtumat?lang=sv");
    assert_eq!(chosen.link("/tapahtumat?q=a"), "/tapahtumat?q=a&lang=sv");
    assert_eq!(Locale::negotiated(Language::Sv).link("/tapahtumat"), "/tapahtumat");
}

#[test]
fn words_of_a_vocabulary() {
    let l = Locale::negotiated(Language::En);
    assert_eq!(l.word("task-kind", "gig"), "Gig");
    assert_eq!(l.word("event-category", "FILM_MEDIA"), "Film and media");
    assert_eq!(l.word("event-category", "SOMETHING_ELSE"), "SOMETHING_ELSE");
    assert_eq!(l.other("sv-FI"), Some("sv-FI"));
    assert_eq!(l.other("en-GB"), None);
}
