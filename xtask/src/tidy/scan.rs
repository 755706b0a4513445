//! A reader of Rust text that is just good enough for the rules: it knows comments, strings, characters and the extent of a
//! `#[cfg(test)]` item. Every function keeps the length in lines, so line numbers stay true.
//!
//! It leaves macros unexpanded and knows no types.

/// What [`blank`] replaces by spaces, besides comments.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Strings {
    /// String and character literals stay.
    Keep,
    /// The insides of string and character literals go too.
    Blank,
}

/// The text without comments, line by line as before.
pub fn blank(text: &str, strings: Strings) -> String {
    let mut rest = text;
    let mut out = String::with_capacity(text.len());
    let mut previous = ' ';
    while let Some(first) = rest.chars().next() {
        let (length, keep) = token(rest, first, previous);
        let (token, after) = rest.split_at(length);
        match keep {
            Kind::Comment => blank_into(&mut out, token),
            Kind::Literal if strings == Strings::Blank => blank_into(&mut out, token),
            Kind::Literal | Kind::Code => out.push_str(token),
        }
        previous = token.chars().next_back().unwrap_or(' ');
        rest = after;
    }
    out
}

enum Kind {
    Code,
    Comment,
    Literal,
}

/// Length in bytes and kind of the token that `rest` starts with.
fn token(rest: &str, first: char, previous: char) -> (usize, Kind) {
    if rest.starts_with("//") {
        return (rest.find('\n').unwrap_or(rest.len()), Kind::Comment);
    }
    if rest.starts_with("/*") {
        return (block_comment(rest), Kind::Comment);
    }
    if first == '"' {
        return (quoted(rest), Kind::Literal);
    }
    let starts_word = !(previous.is_alphanumeric() || previous == '_');
    if starts_word && let Some(length) = raw_string(rest) {
        return (length, Kind::Literal);
    }
    if first == '\''
        && let Some(length) = character(rest)
    {
        return (length, Kind::Literal);
    }
    (first.len_utf8(), Kind::Code)
}

fn block_comment(rest: &str) -> usize {
    let (mut depth, mut at) = (0usize, 0usize);
    while at < rest.len() {
        let here = &rest.as_bytes()[at..];
        if here.starts_with(b"/*") {
            (depth, at) = (depth + 1, at + 2);
        } else if here.starts_with(b"*/") {
            (depth, at) = (depth - 1, at + 2);
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    rest.len()
}

fn quoted(rest: &str) -> usize {
    let mut escaped = false;
    for (at, character) in rest.char_indices().skip(1) {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// `r"…"`, `br#"…"#` and the like.
fn raw_string(rest: &str) -> Option<usize> {
    let prefix = ["r", "br", "cr"].into_iter().find(|prefix| rest.starts_with(prefix))?;
    let hashes = rest[prefix.len()..].bytes().take_while(|byte| *byte == b'#').count();
    let body = prefix.len() + hashes + 1;
    if rest.as_bytes().get(body - 1) != Some(&b'"') {
        return None;
    }
    let end = format!("\"{}", "#".repeat(hashes));
    Some(rest[body..].find(&end).map_or(rest.len(), |at| body + at + end.len()))
}

/// A character literal; `None` for a lifetime.
fn character(rest: &str) -> Option<usize> {
    let mut characters = rest.char_indices().skip(1);
    let (_, second) = characters.next()?;
    if second == '\\' {
        characters.next()?;
        return characters.find(|(_, character)| *character == '\'').map(|(at, _)| at + 1);
    }
    characters.next().filter(|(_, third)| *third == '\'').map(|(at, _)| at + 1)
}

fn blank_into(out: &mut String, token: &str) {
    out.extend(token.chars().map(|character| if character == '\n' { '\n' } else { ' ' }));
}

/// `text` without the items under `#[cfg(test)]`. `code` is the same text as [`blank`] with [`Strings::Blank`] returns it, and
/// is what decides where an item ends.
pub fn without_tests(text: &str, code: &str) -> String {
    let mut out: Vec<char> = text.chars().collect();
    let code: Vec<char> = code.chars().collect();
    let marker: Vec<char> = "#[cfg(test)]".chars().collect();
    let mut at = 0;
    while at + marker.len() <= code.len() {
        if code[at..at + marker.len()] != marker[..] {
            at += 1;
            continue;
        }
        let end = item_end(&code, at + marker.len());
        for character in out.iter_mut().take(end).skip(at).filter(|character| **character != '\n') {
            *character = ' ';
        }
        at = end;
    }
    out.into_iter().collect()
}

/// Where the item that starts at `from` ends: behind its first `;` or `,` outside brackets, or behind its block.
fn item_end(code: &[char], from: usize) -> usize {
    let mut depth = 0i32;
    for (at, character) in code.iter().enumerate().skip(from) {
        match character {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' => depth -= 1,
            '}' => {
                depth -= 1;
                if depth <= 0 {
                    return at + 1;
                }
            }
            ';' | ',' if depth == 0 => return at + 1,
            _ => {}
        }
    }
    code.len()
}

/// The line, counted from 1, of a byte offset.
pub fn line_at(text: &str, offset: usize) -> usize {
    1 + text[..offset].bytes().filter(|byte| *byte == b'\n').count()
}

/// Offsets of `word` in `text` where no identifier continues on either side.
pub fn words<'a>(text: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    let inside = |character: char| character.is_alphanumeric() || character == '_';
    text.match_indices(word).map(|(at, _)| at).filter(move |at| {
        let before = text[..*at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        !before.is_some_and(inside) && !after.is_some_and(inside)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_go_and_strings_stay() {
        let cases = [
            ("a // b\nc", "a     \nc"),
            ("a /* b /* c */ d */ e", "a                   e"),
            (r#"x("// no") // yes"#, r#"x("// no")       "#),
            ("x(r#\"a \" // b\"#) // c", "x(r#\"a \" // b\"#)     "),
            ("fn f<'a>(x: &'a str) {} // '", "fn f<'a>(x: &'a str) {}     "),
            ("'\"' // a", "'\"'     "),
            (r"'\'' // a", r"'\''     "),
            ("bar\"x\" // a", "bar\"x\"     "),
        ];
        for (text, expected) in cases {
            assert_eq!(blank(text, Strings::Keep), expected, "{text}");
        }
    }

    #[test]
    fn strings_go_when_asked() {
        assert_eq!(blank("f(\"a;b\", 'x', r\"y\")", Strings::Blank), "f(     ,    ,     )");
    }

    #[test]
    fn test_items_go() {
        let cases = [
            ("#[cfg(test)]\nmod tests { fn f() {} }\nfn g() {}", "\n\nfn g() {}"),
            ("#[cfg(test)] mod tests;\nmod a;", "\nmod a;"),
            ("#[cfg(test)]\nfn f(a: [u8; 2], b: u8) -> u8 { 1 }\nx", "\n\nx"),
        ];
        for (text, expected) in cases {
            let code = blank(text, Strings::Blank);
            let left: Vec<String> = without_tests(text, &code).lines().map(|line| line.trim_end().to_owned()).collect();
            assert_eq!(left.join("\n"), expected, "{text}");
        }
    }

    #[test]
    fn words_are_whole() {
        assert_eq!(words("crate::a scrate::b crate_x", "crate").collect::<Vec<_>>(), [0]);
    }
}
