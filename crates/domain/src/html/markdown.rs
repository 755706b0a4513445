//! Cleaned HTML as Markdown, for people to edit what an import brought, or what they wrote before: only the HTML is kept.
//!
//! Invariant: what is written here means the same HTML again ([`super::from_markdown`]), for everything that Markdown of ours can
//! make. What it cannot make (`lang`, classes) is left out.

use vocab::SafeHtml;

/// Blocks within blocks at most; deeper ones are taken for plain text.
const DEEPEST: usize = 24;

/// The text as somebody would have typed it.
pub(crate) fn to_markdown(html: &SafeHtml) -> String {
    let mut reader = Reader { rest: html.as_str(), depth: 0 };
    reader.blocks("").trim().to_owned()
}

enum Token<'a> {
    Open(&'a str, &'a str),
    Close(&'a str),
    Text(&'a str),
}

struct Reader<'a> {
    rest: &'a str,
    depth: usize,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Option<Token<'a>> {
        if self.rest.is_empty() {
            return None;
        }
        let Some(from) = self.rest.strip_prefix('<') else {
            let end = self.rest.find('<').unwrap_or(self.rest.len());
            let (text, rest) = self.rest.split_at(end);
            self.rest = rest;
            return Some(Token::Text(text));
        };
        // No attribute of the cleaner's output holds a bare `>`.
        let (tag, rest) = from.split_once('>').unwrap_or((from, ""));
        self.rest = rest;
        Some(match tag.strip_prefix('/') {
            Some(name) => Token::Close(name),
            None => {
                let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
                Token::Open(name, attributes)
            }
        })
    }

    /// Everything up to the end of an element, its blocks parted by empty lines.
    fn blocks(&mut self, end: &str) -> String {
        let (mut blocks, mut line) = (Vec::new(), String::new());
        let close = |line: &mut String| {
            let text = std::mem::take(line);
            let text = text.trim();
            if text.is_empty() { None } else { Some(guarded(text)) }
        };
        while let Some(token) = self.next() {
            match token {
                Token::Close(name) if name == end => break,
                Token::Close(_) => {}
                Token::Text(text) => line.push_str(&escaped(text)),
                Token::Open(name @ ("strong" | "em" | "a" | "br"), attributes) => {
                    line.push_str(&self.span(name, attributes));
                }
                Token::Open(name, _) if self.depth < DEEPEST => {
                    blocks.extend(close(&mut line));
                    self.depth += 1;
                    blocks.push(self.block(name));
                    self.depth -= 1;
                }
                Token::Open(..) => line.push(' '),
            }
        }
        blocks.extend(close(&mut line));
        blocks.retain(|block| !block.is_empty());
        blocks.join("\n\n")
    }

    fn block(&mut self, name: &str) -> String {
        match name {
            "h2" => format!("## {}", one_line(&self.blocks(name))),
            "h3" => format!("### {}", one_line(&self.blocks(name))),
            "h4" => format!("#### {}", one_line(&self.blocks(name))),
            "blockquote" => indented(&self.blocks(name), "> ", "> "),
            "ul" => self.list(name, |_| "- ".to_owned()),
            "ol" => self.list(name, |number| format!("{number}. ")),
            _ => self.blocks(name),
        }
    }

    fn list(&mut self, end: &str, mark: impl Fn(usize) -> String) -> String {
        let mut items: Vec<String> = Vec::new();
        while let Some(token) = self.next() {
            match token {
                Token::Close(name) if name == end => break,
                Token::Open("li", _) => {
                    let mark = mark(items.len() + 1);
                    let text = self.blocks("li").replace("\n\n- ", "\n- ").replace("\n\n1. ", "\n1. ");
                    items.push(indented(&text, &mark, &" ".repeat(mark.len())));
                }
                _ => {}
            }
        }
        items.join("\n")
    }

    fn span(&mut self, name: &str, attributes: &str) -> String {
        if name == "br" {
            return "\\\n".to_owned();
        }
        let mut inside = String::new();
        while let Some(token) = self.next() {
            match token {
                Token::Close(closed) if closed == name => break,
                Token::Close(_) => {}
                Token::Text(text) => inside.push_str(&escaped(text)),
                Token::Open(name @ ("strong" | "em" | "a" | "br"), attributes) if self.depth < DEEPEST => {
                    self.depth += 1;
                    inside.push_str(&self.span(name, attributes));
                    self.depth -= 1;
                }
                Token::Open(..) => inside.push(' '),
            }
        }
        if inside.trim().is_empty() {
            return inside;
        }
        match name {
            "strong" => format!("**{inside}**"),
            "em" => format!("*{inside}*"),
            _ => match address(attributes) {
                Some(address) => format!("[{inside}](<{address}>)"),
                None => inside,
            },
        }
    }
}

/// Where a link leads to.
fn address(attributes: &str) -> Option<String> {
    let from = attributes.split_once("href=\"")?.1;
    let address = vocab::text::decoded(from.split('"').next()?);
    Some(address.replace('<', "%3C").replace('>', "%3E")).filter(|address| !address.is_empty())
}

/// Text with a backslash before what would mean something.
fn escaped(text: &str) -> String {
    let text = vocab::text::decoded(text);
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' => out.push(' '),
            '\\' | '`' | '*' | '[' | ']' | '<' | '>' | '&' | '!' => out.extend(['\\', c]),
            '_' if !before.is_alphanumeric() => out.extend(['\\', c]),
            c => out.push(c),
        }
        before = c;
    }
    out
}

/// Lines that would begin a heading, a list or a rule do not.
fn guarded(text: &str) -> String {
    let line = |line: &str| {
        let line = line.trim_start();
        let digits = line.bytes().take_while(u8::is_ascii_digit).count();
        let numbered = digits > 0 && line[digits..].starts_with(['.', ')']);
        match line.chars().next() {
            Some('#' | '+' | '-' | '=' | '~' | '|') => format!("\\{line}"),
            _ if numbered => format!("{}\\{}", &line[..digits], &line[digits..]),
            _ => line.to_owned(),
        }
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

fn one_line(text: &str) -> String {
    text.replace("\\\n", " ").replace('\n', " ")
}

/// The first line behind a mark, the others as far to the right.
fn indented(text: &str, first: &str, others: &str) -> String {
    let lines = text.lines().enumerate().map(|(at, line)| match (at, line) {
        (0, line) => format!("{first}{line}"),
        (_, "") => others.trim_end().to_owned(),
        (_, line) => format!("{others}{line}"),
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::super::from_markdown;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_somebody_wrote_comes_back() {
        for text in [
            "Moi *kaikki* ja **te muut**",
            "Yksi\n\nKaksi",
            "## Otsikko\n\nTeksti",
            "- a\n- b\n\nloppu",
            "1. a\n2. b",
            "> lainaus jatkuu",
            "[linkki](<https://a.example/?x=1&y=2>)",
            "rivi\\\ntoinen",
            "a\\_b \\*ei\\* 5 \\< 6 \\& 7",
            "\\- ei lista",
            "2026\\. vuosi",
            "- a\n  - b\n  - c\n- d",
        ] {
            let html = from_markdown(text);
            let again = to_markdown(&html);
            assert_eq!(from_markdown(&again), html, "{text:?} → {again:?}");
        }
        assert_eq!(to_markdown(&from_markdown("Moi *kaikki*\n\n- a\n- b")), "Moi *kaikki*\n\n- a\n- b");
        assert_eq!(to_markdown(&SafeHtml::default()), "");
    }

    #[test]
    fn depth_has_an_end() {
        let deep = SafeHtml::clean(&format!("{}x", "<blockquote>".repeat(2_000)));
        assert!(to_markdown(&deep).contains('x'));
    }

    proptest! {
        #[test]
        fn nothing_becomes_markup_that_was_none(text in "[a-c#*_\\-+0-9.)( \\[\\]<>&!`~=|\\\\\n]{0,40}") {
            let html = super::super::from_text(&text);
            let again = from_markdown(&to_markdown(&html));
            let words = |html: &SafeHtml| html.to_text().split_whitespace().collect::<Vec<_>>().join(" ");
            prop_assert_eq!(words(&again), words(&html), "{}", to_markdown(&html));
        }
    }
}
