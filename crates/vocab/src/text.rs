//! One-line plain text, and the narrow alphabets of addresses and handles.
//!
//! Names and summaries arrive as plain text, as HTML, as HTML escaped twice, with NULs and decomposed letters. What
//! leaves here is plain text on one line in NFC (a decomposed `ä` breaks hashtags and search). It is *not* HTML: a page
//! must escape it like any other text.

use std::sync::LazyLock;

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark, is_nfc};
use unicode_security::MixedScript;

/// Reads a name, a title or a summary: tags stripped, entities decoded, control characters and direction overrides
/// gone, white space collapsed, NFC, at most `max_chars` characters (the last one is `…` when it was cut).
#[must_use]
pub fn line(text: &str, max_chars: usize) -> String {
    let bounded = head(text, max_chars.saturating_mul(16).saturating_add(4_096));
    let plain = if is_flood(bounded) {
        without_markup(bounded)
    } else if bounded.contains(['<', '&']) {
        decoded(&TAGLESS.clean(&spaced(bounded)).to_string())
    } else {
        bounded.to_owned()
    };
    cut(&one_line(&plain), max_chars)
}

/// A readable part of an address: `Jyväskylän kesä – 2027` gives `jyvaskylan-kesa-2027`. Only `[a-z0-9-]`, at most 80
/// characters, without a hyphen at either end; empty when nothing of the text can be written so.
#[must_use]
pub fn slug(text: &str) -> String {
    folded(text, '-', 80)
}

/// A handle that every peer accepts: `[a-z0-9_]{1,30}`. Mastodon and Mobilizon refuse ä, ö and å, Mobilizon hyphens and
/// dots too. `x` when nothing of the text can be written so; uniqueness is for the caller.
#[must_use]
pub fn username(text: &str) -> String {
    let name = folded(text, '_', 30);
    if name.is_empty() { "x".to_owned() } else { name }
}

/// Whether a word of a text mixes alphabets (`Pirkanmаа` with a Cyrillic `а`), as those do who want to be taken for
/// somebody else. By Unicode TS #39 §5.1; Japanese and others that write in several scripts do not mix.
#[must_use]
pub fn mixes_alphabets(text: &str) -> bool {
    !text.is_ascii()
        && text.split(|c: char| !c.is_alphanumeric() && !is_combining_mark(c)).any(|word| !word.is_single_script())
}

/// Text without U+0000 and other control characters (line ends and tabs stay), without marks that turn the direction of
/// text or hide in it, in NFC.
pub(crate) fn tidy(text: &str) -> String {
    // What is taken out may have stood between a letter and its mark.
    text.chars().filter(|c| is_kept(*c)).nfc().collect()
}

/// Whether [`tidy`] would change nothing.
pub(crate) fn is_tidy(text: &str) -> bool {
    text.chars().all(is_kept) && is_nfc(text)
}

fn is_kept(c: char) -> bool {
    matches!(c, '\n' | '\t') || !is_unseen(c)
}

/// The longest start of `text` that has at most `max_bytes` bytes.
pub(crate) fn head(text: &str, max_bytes: usize) -> &str {
    &text[..text.floor_char_boundary(max_bytes)]
}

/// Whether a text has so much markup that it is an attack on the HTML parser, whose work grows with the square of the
/// depth of tags and of the number of broken entities. No honest text of [`MAX_HTML`](crate::html::MAX_HTML) comes near.
pub(crate) fn is_flood(html: &str) -> bool {
    let count = |mark: u8| html.bytes().filter(|byte| *byte == mark).count();
    count(b'<') > 2_500 || count(b'&') > 4_000
}

/// The text of a flood: without the three characters that could be markup, so that it is both plain text and safe HTML.
pub(crate) fn without_markup(html: &str) -> String {
    html.replace(['<', '>', '&'], " ")
}

/// Decodes the entities that the cleaner’s output can hold.
#[must_use]
pub fn decoded(escaped: &str) -> String {
    escaped
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&nbsp;", " ")
        .replace("&amp;", "&")
}

static TAGLESS: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let mut builder = ammonia::Builder::empty();
    builder.clean_content_tags(["script", "style", "template", "noscript"].into());
    builder
});

/// Puts a blank where a tag would otherwise glue two words together.
fn spaced(html: &str) -> String {
    let mut out = String::with_capacity(html.len() + 16);
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        if breaks_line(from) {
            out.push(' ');
        }
        out.push('<');
        rest = &from[1..];
    }
    out.push_str(rest);
    out
}

fn breaks_line(tag: &str) -> bool {
    let name: String = tag
        .trim_start_matches(['<', '/'])
        .chars()
        .take_while(char::is_ascii_alphanumeric)
        .take(10)
        .collect::<String>()
        .to_ascii_lowercase();
    matches!(
        name.as_str(),
        "p" | "br" | "div" | "li" | "ul" | "ol" | "tr" | "td" | "blockquote" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6"
    )
}

fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().filter(|c| c.is_whitespace() || !is_unseen(*c)).nfc() {
        if !c.is_whitespace() {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// Control characters, and the marks that turn the direction of the text around them (used to disguise names).
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{200b}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0001}')
}

/// Characters that take no room (Unicode's `Default_Ignorable_Code_Point`): a reader does not know that they are there.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' | '\u{ffa0}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// A letter of the alphabet that the region's languages are written in.
pub(crate) fn is_latin(c: char) -> bool {
    matches!(c, 'A'..='Z' | 'a'..='z' | 'ª' | 'º' | 'À'..='ɏ' | 'Ḁ'..='ỿ')
}

fn cut(text: &str, max_chars: usize) -> String {
    match text.char_indices().nth(max_chars) {
        None => text.to_owned(),
        Some(_) if max_chars == 0 => String::new(),
        Some(_) => {
            let kept: String = text.chars().take(max_chars - 1).collect();
            format!("{}…", kept.trim_end())
        }
    }
}

fn folded(text: &str, joint: char, max: usize) -> String {
    let mut out = String::new();
    for c in head(text, 4_096).nfd().filter(|c| !is_combining_mark(*c)) {
        for c in c.to_lowercase() {
            match plain_letter(c) {
                Some(letters) => out.push_str(letters),
                None if c.is_ascii_alphanumeric() => out.push(c),
                None if matches!(c, '\'' | '’' | '`') => {}
                None if !out.is_empty() && !out.ends_with(joint) => out.push(joint),
                None => {}
            }
        }
        if out.len() > max {
            out.truncate(max);
            break;
        }
    }
    out.truncate(out.trim_end_matches(joint).len());
    out
}

/// Letters of the region's languages that do not decompose into a base letter and a mark.
fn plain_letter(c: char) -> Option<&'static str> {
    Some(match c {
        'ø' => "o",
        'æ' => "ae",
        'œ' => "oe",
        'ß' => "ss",
        'đ' | 'ð' => "d",
        'ŋ' => "n",
        'ŧ' => "t",
        'þ' => "th",
        'ł' => "l",
        'ı' => "i",
        'ʒ' => "z",
        'ǥ' => "g",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines() {
        for (text, expected) in [
            ("Talvifestarit 2026", "Talvifestarit 2026"),
            ("  Talvi\n\t festarit\u{a0}2026 ", "Talvi festarit 2026"),
            ("a\u{0}b\u{7}c\u{85}d", "abc d"),
            ("Ha\u{308}meenlinna", "Hämeenlinna"),
            ("<b>Iso</b> ilta &amp; yö", "Iso ilta & yö"),
            ("<p>Yksi</p><p>Kaksi<br>Kolme</p>", "Yksi Kaksi Kolme"),
            ("Rock &amp; roll &lt;3", "Rock & roll <3"),
            ("5 < 6 & 7 > 2", "5 < 6 & 7 > 2"),
            ("<script>alert(1)</script>Kahvit", "Kahvit"),
            ("<style>@import 'x'</style>Kahvit<!-- salaa -->", "Kahvit"),
            ("Kahvit<img src=x onerror=alert(1)>", "Kahvit"),
            ("ole \u{202e}txt.exe", "ole txt.exe"),
            ("👩\u{200d}🎤 keikka", "👩\u{200d}🎤 keikka"),
            ("&nbsp;", ""),
            ("", ""),
        ] {
            assert_eq!(line(text, 100), expected, "{text}");
        }
    }

    #[test]
    fn alphabets_that_are_mixed() {
        for (text, expected) in [
            ("Pirkanmaa", false),
            ("Pirkanm\u{430}\u{430}", true),
            ("kunta.f\u{456}", true),
            ("Tapahtumat Äänekoskella, klo 18", false),
            ("Ha\u{308}meenkyro\u{308}", false),
            ("Анна Virtanen", false),
            ("Москва 2026", false),
            ("東京のカフェ", false),
            ("Ŋálbmi & Šaldi", false),
            ("P\u{3b1}ul", true),
            ("👩\u{200d}🎤", false),
            ("", false),
        ] {
            assert_eq!(mixes_alphabets(text), expected, "{text}");
        }
    }

    #[test]
    fn order_that_was_hidden_is_restored() {
        for (text, expected) in [
            ("a\u{200b}\u{308}", "ä"),
            ("a\u{0}\u{308}\u{202e}b\u{2066}c\u{feff}", "äbc"),
            ("rivi\n\ttoinen\r\u{85}", "rivi\n\ttoinen"),
        ] {
            assert_eq!(tidy(text), expected);
            assert!(is_tidy(expected) && !is_tidy(text), "{text:?}");
            assert_eq!(line(&format!("x{text}"), 100), format!("x{}", expected.replace("\n\t", " ")), "{text:?}");
        }
    }

    #[test]
    fn a_long_line_is_cut_and_says_so() {
        assert_eq!(line("yksi kaksi", 10), "yksi kaksi");
        assert_eq!(line("yksi kaksi", 6), "yksi…");
        assert_eq!(line("ääkköset", 3), "ää…");
        assert_eq!(line("yksi", 0), "");
        assert_eq!(line(&"ä".repeat(1_000_000), 500).chars().count(), 500);
    }

    /// Milliseconds each where the compiler has done its work; what goes back and forth over a text would take minutes.
    #[test]
    fn f38_long_texts_take_no_long_time() {
        let begun = std::time::Instant::now();
        for part in
            ["a", "ä", "#", "a.b-", "\u{338}\u{301}", "&am", "<", "aA1_", "https://a.example/", "\u{202e}x", " "]
        {
            let text = part.repeat(65_536 / part.len());
            let _ = (line(&text, 500), slug(&text), username(&text), mixes_alphabets(&text), tidy(&text));
            let _ = crate::one_or_many::web_address(&text);
            let _ = (crate::time::parse(&text), crate::LocalTime::parse(&text, Some(&text)));
            let document =
                serde_json::json!({"tag": [{"type": "Hashtag", "name": text}], "content": text, "url": text});
            let _ = (crate::Content::parse(&document), crate::one_or_many::page(&document, "url"));
        }
        assert!(begun.elapsed() < std::time::Duration::from_secs(20), "{:?}", begun.elapsed());
    }

    #[test]
    fn slugs() {
        for (text, expected) in [
            ("Talvifestarit 2026", "talvifestarit-2026"),
            ("Jyväskylän kesä – 2027", "jyvaskylan-kesa-2027"),
            ("Åbo Svenska Teater: Öppet hus!", "abo-svenska-teater-oppet-hus"),
            ("Ha\u{308}meenkyro\u{308}", "hameenkyro"),
            ("Sámi Ŋálbmi & Šaldi", "sami-nalbmi-saldi"),
            ("Don't stop", "dont-stop"),
            ("  --__--  ", ""),
            ("日本", ""),
            ("../../etc/passwd", "etc-passwd"),
        ] {
            assert_eq!(slug(text), expected, "{text}");
        }
        let long = slug(&"pitkä ".repeat(100));
        assert!(long.len() <= 80 && !long.ends_with('-'), "{long}");
    }

    #[test]
    fn usernames() {
        for (text, expected) in [
            ("Pohjois-Savo", "pohjois_savo"),
            ("Hämeenkyrö", "hameenkyro"),
            ("Hameenkyro", "hameenkyro"),
            ("Åsa Öhman", "asa_ohman"),
            ("@aino.virtanen", "aino_virtanen"),
            ("", "x"),
            ("日本", "x"),
        ] {
            assert_eq!(username(text), expected, "{text}");
        }
        assert_eq!(username(&"a".repeat(50)).len(), 30);
    }
}
