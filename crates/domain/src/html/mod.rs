//! People’s Markdown as safe HTML and back, and HTML cut to what other servers take.

mod markdown;

pub(crate) use markdown::to_markdown;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd, html};
use vocab::SafeHtml;

/// Most bytes of a text on the wire, as JSON writes it: it is sent twice (`content`, `contentMap`), and Gancio takes
/// 100 kB in all.
pub(crate) const MAX_ON_THE_WIRE: usize = 20_000;
/// The same for what an actor says of itself: Mobilizon takes no longer one.
pub(crate) const MAX_OF_A_PROFILE: usize = 5_000;

/// Markdown as HTML: paragraphs, headings, lists, emphasis, quotations and links. HTML tags and pictures are dropped, a
/// heading of the first level becomes one of the second.
pub(crate) fn from_markdown(markdown: &str) -> SafeHtml {
    let mut in_picture = 0_usize;
    let events = Parser::new_ext(markdown, Options::empty()).filter_map(|event| match event {
        Event::Start(Tag::Image { .. }) => {
            in_picture += 1;
            None
        }
        Event::End(TagEnd::Image) => {
            in_picture = in_picture.saturating_sub(1);
            None
        }
        Event::Html(_) | Event::InlineHtml(_) => None,
        _ if in_picture > 0 => None,
        other => Some(other),
    });
    let mut written = String::with_capacity(markdown.len() * 3 / 2);
    html::push_html(&mut written, events);
    SafeHtml::clean(&written.replace("<h1>", "<h2>").replace("</h1>", "</h2>"))
}

/// Plain text as HTML: an empty line parts paragraphs, a line break stays one.
pub(crate) fn from_text(text: &str) -> SafeHtml {
    let text = text.replace("\r\n", "\n");
    let paragraphs = text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty());
    let written: String =
        paragraphs.map(|paragraph| format!("<p>{}</p>", escaped(paragraph).replace('\n', "<br>"))).collect();
    SafeHtml::clean(&written)
}

/// The same text, or as much of it as fits into `most` bytes of JSON, cut after a paragraph or an entry of a list.
pub(crate) fn cut(html: &SafeHtml, most: usize) -> SafeHtml {
    let Some(fitting) = fitting(html.as_str(), most) else { return html.clone() };
    let head = &html.as_str()[..fitting];
    let end = ["</p>", "</li>", "</blockquote>", "</h2>", "</h3>"]
        .iter()
        .filter_map(|tag| head.rfind(tag).map(|at| at + tag.len()))
        .max();
    let whole_tags = head.rfind('<').filter(|at| !head[*at..].contains('>')).unwrap_or(head.len());
    SafeHtml::clean(&head[..end.unwrap_or(whole_tags)])
}

/// How many bytes of a text fit into `most` bytes between the quotation marks of JSON; `None` when all do.
fn fitting(text: &str, most: usize) -> Option<usize> {
    let mut written = 0;
    text.char_indices().find_map(|(at, c)| {
        written += match c {
            '"' | '\\' | '\n' | '\r' | '\t' => 2,
            c if c.is_control() => 6,
            c => c.len_utf8(),
        };
        (written > most).then_some(at)
    })
}

/// Text as it stands in HTML.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_becomes_the_few_elements_that_everybody_shows() {
        for (markdown, expected) in [
            ("Moi *kaikki*\n\nToinen", "<p>Moi <em>kaikki</em></p>\n<p>Toinen</p>\n"),
            ("# Otsikko", "<h2>Otsikko</h2>\n"),
            ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
            ("<script>alert(1)</script>moi", ""),
            ("moi <b>vahva</b> <script>x</script>", "<p>moi vahva x</p>\n"),
            ("![kuva](https://a.example/1.png) teksti", "<p> teksti</p>\n"),
            ("[paha](javascript:alert(1))", "<p><a rel=\"nofollow noopener\">paha</a></p>\n"),
            ("5 < 6 & 7", "<p>5 &lt; 6 &amp; 7</p>\n"),
        ] {
            assert_eq!(from_markdown(markdown).as_str(), expected, "{markdown}");
        }
    }

    #[test]
    fn plain_text_keeps_its_lines_and_nothing_else() {
        assert_eq!(from_text("a\nb\r\n\r\n<b>c</b>").as_str(), "<p>a<br>b</p><p>&lt;b&gt;c&lt;/b&gt;</p>");
    }

    #[test]
    fn a_long_text_is_cut_after_a_paragraph() {
        let long = SafeHtml::clean(&"<p>äää</p>".repeat(100));
        let short = cut(&long, 50);
        assert!(short.as_str().len() <= 50 && short.as_str().ends_with("</p>"), "{short}");
        let one = SafeHtml::clean(&format!("<p>{}<a href=\"https://a.example/\">x</a></p>", "ä".repeat(30)));
        assert!(cut(&one, 70).as_str().ends_with("</p>"), "{}", cut(&one, 70));
        assert_eq!(cut(&one, 5_000), one);
        let quoted = SafeHtml::clean(&"<p>\"\"</p>\n".repeat(100));
        let json = serde_json::to_string(cut(&quoted, 100).as_str()).unwrap();
        assert!((80..=102).contains(&json.len()), "{json}");
    }
}
