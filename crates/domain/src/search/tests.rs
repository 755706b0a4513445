use super::words::{self, forms};
use super::{Asked, Words};
use crate::{Language, RegionCode};
use std::collections::BTreeSet;

fn finnish(word: &str) -> String {
    forms(word, Some(Language::Fi)).pop().unwrap()
}

#[test]
fn finnish_words_of_one_stem_are_one() {
    for bent in [
        "kaupunki kaupungin kaupungit kaupunkeja kaupungissa kaupunkiin kaupungeissa",
        "vesi veden vettä vedessä vesiä vesien",
        "yhdistys yhdistyksen yhdistykset yhdistystä yhdistyksiä yhdistysten",
        "talkoot talkoissa talkoiden talkoisiin talkoita",
        "kokous kokouksen kokoukset kokousta",
        "maakunta maakunnan maakuntaa maakunnissa maakuntien",
        "rahoitus rahoituksen rahoitusta",
        "rakennus rakennuksen rakennusta",
        "rakkaus rakkauden rakkautta",
        "tapahtuma tapahtuman tapahtumat tapahtumissa tapahtumia",
        "tuottaja tuottajan tuottajat tuottajia tuottajalle",
        "kulttuurinen kulttuurisen",
        "suomalainen suomalaisen suomalaiset",
        "lapsi lapsen lapset lasten lapsille",
        "katu kadun kadulla katuja",
        "koti kodin kotiin kodissa",
        "taide taiteen taidetta taiteessa",
        "keikka keikan keikat keikalla",
        "leipä leivän",
        "kenkä kengän kengät",
        "ranta rannan rannalla",
        "pelto pellon",
        "lahti lahden lahdessa",
        "tieto tiedon tiedot",
        "saari saaren saarella",
        "sää sään",
        "työ työn työtä",
        "uusi uuden uudet",
        "musiikki musiikin musiikkia",
        "turku turun turussa turkuun",
        "helsinki helsingin helsingissä",
        "opas oppaan oppaat",
    ] {
        let stems: BTreeSet<String> = bent.split(' ').map(finnish).collect();
        assert_eq!(stems.len(), 1, "{bent}: {stems:?}");
    }
}

#[test]
fn different_words_stay_apart() {
    for (one, other) in [
        ("sää", "saa"),
        ("säät", "saat"),
        ("valo", "valta"),
        ("talo", "talkoot"),
        ("kunta", "kunto"),
        ("kunta", "kuntoutus"),
        ("vesi", "viesti"),
        ("lava", "lapsi"),
        ("näyttely", "näyttelijä"),
        ("kuusi", "kuva"),
    ] {
        assert_ne!(finnish(one), finnish(other), "{one} {other}");
    }
}

#[test]
fn swedish_and_english_words_have_their_stems() {
    for (language, bent) in [
        (Language::Sv, "förening föreningar föreningarna föreningens föreningarnas"),
        (Language::Sv, "konsert konserten konserter konserterna"),
        (Language::Sv, "producent producenter producenten"),
        (Language::En, "event events"),
        (Language::En, "city cities"),
        (Language::En, "dance dancing dances"),
    ] {
        let stems: BTreeSet<String> = bent.split(' ').filter_map(|word| forms(word, Some(language)).pop()).collect();
        assert_eq!(stems.len(), 1, "{bent}: {stems:?}");
    }
}

#[test]
fn a_text_becomes_words() {
    let long = "ä".repeat(100);
    for (text, expected) in [
        ("Kesä-yö, 2026!", &["kesä", "yö", "2026"][..]),
        ("KESÄ ja Åbo", &["kesä", "åbo"]),
        ("Cafe\u{301} Zürich Šiška Tórshavn", &["cafe", "zurich", "siska", "torshavn"]),
        ("Søren Kræmmer", &["sören", "krämmer"]),
        ("sa\u{308}a\u{308}", &["sää"]), // letters in two parts
        ("tal\u{ad}koot", &["talkoot"]),
        ("", &[]),
        ("ja och the", &[]),
        ("\" * ( ) : ^ - + { } ' \\ \0 % _ ! & | <->", &[]),
        ("k=event t=x", &["k", "event", "t", "x"]),
        ("a\0b", &["a", "b"]),
        ("日本語", &["日本語"]),
    ] {
        assert_eq!(words::of_text(text), expected, "{text:?}");
    }
    assert_eq!(words::of_text(&long), ["ä".repeat(40)]);
}

#[test]
fn a_title_is_in_the_index_twice_and_what_it_is_once() {
    let mut words = Words::default();
    words.title("Kaupungin yö");
    words.text("vesillä", Some(Language::Fi));
    let words: Vec<String> = words.marked("event", RegionCode::parse("06").unwrap()).into_iter().collect();
    for (word, there) in [
        ("kaupungin", true),
        ("f=kaupunk", true),
        ("t=kaupungin", true),
        ("t=f=kaupunk", true),
        ("s=kaupungin", true),
        ("yö", true),
        ("vesillä", true),
        ("f=vet", true),
        ("s=vesillä", false),
        ("t=vesillä", false),
        ("k=event", true),
        ("r=06", true),
    ] {
        assert_eq!(words.iter().any(|one| one == word), there, "{word} in {words:?}");
    }
}

#[test]
fn what_has_no_word_is_no_search() {
    for text in ["", "  ", "\"", "*", "ja", "the and och", "'; --", "\0"] {
        assert_eq!(Asked::parse(text), None, "{text:?}");
    }
    assert!(Asked::parse("ja kesä").is_some());
    assert!(Asked::parse(&"x ".repeat(10_000)).is_some());
}
