use super::*;

/// Markup that has got through one cleaner or another. None of it may leave anything but our tags and attributes.
const HOSTILE: &[&str] = &[
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<p onclick=alert(1) style=\"background:url(javascript:1)\" id=x data-x=y>Moi</p>",
    "<a href=\"javascript:alert(1)\">x</a>",
    "<a href=\" \u{1}javascript:alert(1)\">x</a>",
    "<a href=\"jAvAscript&colon;alert(1)\">x</a>",
    "<a href=\"java\nscript:alert(1)\">x</a>",
    "<a href=\"java&#x09;script:alert(1)\">x</a>",
    "<a href=\"data:text/html;base64,PHNjcmlwdD4=\">x</a>",
    "<a href=\"vbscript:msgbox(1)\">x</a>",
    "<a href=\"//evil.example/\">x</a>",
    "<a href=\"/logout\">x</a>",
    "<a href=\"?delete=1\">x</a>",
    "<a href='https://a.example/\" onmouseover=\"alert(1)'>x</a>",
    "<a class=\"mention evil\" target=_top ping=https://evil.example/ href=https://a.example/>x</a>",
    "<svg onload=alert(1)><circle/></svg>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href=\"javascript:alert(1)\"><text>x</text></a></svg>",
    "<svg><animate attributeName=href values=javascript:alert(1) /><a id=x>x</a></svg>",
    "<svg></p><style><a id=\"</style><img src=1 onerror=alert(1)>\">",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
    "<math><annotation-xml encoding=\"text/html\"><style><img src=x onerror=alert(1)></style></annotation-xml></math>",
    "<math href=\"javascript:alert(1)\">x</math>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<template><script>alert(1)</script></template>",
    "<style>@import 'https://evil.example/x.css';</style>",
    "<link rel=stylesheet href=https://evil.example/x.css>",
    "<base href=https://evil.example/>",
    "<meta http-equiv=refresh content=\"0;url=javascript:alert(1)\">",
    "<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>",
    "<object data=javascript:alert(1)></object><embed src=//evil.example/x>",
    "<form action=https://evil.example/><input name=password><button formaction=javascript:alert(1)>x</button></form>",
    "<textarea></textarea><title><a href=\"</title><img src=x onerror=alert(1)>\">",
    "<xmp><img src=x onerror=alert(1)></xmp><plaintext><b>",
    "<!--><img src=x onerror=alert(1)>--><![CDATA[<script>alert(1)</script>]]>",
    "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>&e;",
    "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>",
    "<p lang=\"fi&quot; onclick=&quot;alert(1)\">x</p>",
    "<table><tr><td><video><source onerror=alert(1)></video></td></tr></table>",
    "\u{0}<scr\u{0}ipt>alert(1)</scr\u{0}ipt>",
    "<a href=https://a.example/><a href=javascript:1>x",
    "<details open ontoggle=alert(1)>x</details><marquee onstart=alert(1)>x</marquee>",
];

#[test]
fn nothing_hostile_is_left() {
    for html in HOSTILE {
        let clean = SafeHtml::clean(html);
        assert_inert(clean.as_str(), html);
        assert_eq!(SafeHtml::clean(clean.as_str()), clean, "cleaning again changes {html}");
    }
    let all = HOSTILE.join("\n");
    assert_inert(SafeHtml::clean(&all).as_str(), "all at once");
    for outer in [
        "<p>",
        "<blockquote><ul><li>",
        "<a href=https://a.example/>",
        "<math>",
        "<svg><foreignObject>",
        "<select>",
        "<table>",
    ] {
        for html in HOSTILE {
            assert_inert(SafeHtml::clean(&format!("{outer}{html}")).as_str(), html);
        }
    }
}

/// Every tag is one of ours, with attributes of ours, and links lead to the web or to mail.
fn assert_inert(clean: &str, source: &str) {
    const TAGS: &[&str] = &["p", "br", "a", "ul", "ol", "li", "strong", "em", "h2", "h3", "h4", "blockquote"];
    for tag in clean.split('<').skip(1) {
        let (inside, _) = tag.split_once('>').unwrap_or_else(|| panic!("an open tag in {clean} from {source}"));
        let (name, mut attributes) =
            inside.trim_start_matches('/').split_once(' ').unwrap_or((inside.trim_start_matches('/'), ""));
        assert!(TAGS.contains(&name), "<{name}> in {clean} from {source}");
        while let Some((attribute, rest)) = attributes.split_once("=\"") {
            let (value, rest) =
                rest.split_once('"').unwrap_or_else(|| panic!("an open value in {clean} from {source}"));
            match attribute.trim() {
                "href" => assert!(
                    ["http://", "https://", "mailto:"].iter().any(|scheme| value.starts_with(scheme)),
                    "{value} from {source}"
                ),
                "class" => assert!(
                    value.split(' ').all(|class| ["", "mention", "hashtag", "u-url"].contains(&class)),
                    "{value} from {source}"
                ),
                "rel" => assert!(value.ends_with(REL), "{value} from {source}"),
                "lang" => {}
                other => panic!("{other} in {clean} from {source}"),
            }
            attributes = rest;
        }
        assert_eq!(attributes.trim(), "", "{clean} from {source}");
    }
}

#[test]
fn what_is_kept_and_how() {
    for (html, expected) in [
        (
            "<p>Moi <strong>sinä</strong><br>ja <em>minä</em></p>",
            "<p>Moi <strong>sinä</strong><br>ja <em>minä</em></p>",
        ),
        ("<p lang=\"sv\">Hej</p>", "<p lang=\"sv\">Hej</p>"),
        ("<h1>Iso</h1><h2>Pieni</h2>", "Iso<h2>Pieni</h2>"),
        ("<ul><li>yksi</li><li>kaksi</li></ul>", "<ul><li>yksi</li><li>kaksi</li></ul>"),
        (
            "<a href=\"https://a.example/x?a=1&b=2\" target=\"_blank\" rel=\"me\">sivu</a>",
            "<a href=\"https://a.example/x?a=1&amp;b=2\" rel=\"nofollow noopener\">sivu</a>",
        ),
        (
            "<a href=\"mailto:info@a.example\">posti</a>",
            "<a href=\"mailto:info@a.example\" rel=\"nofollow noopener\">posti</a>",
        ),
        (
            "<span class=\"h-card\"><a href=\"https://a.example/@b\" class=\"u-url mention\">@<span>b</span></a></span>",
            "<a href=\"https://a.example/@b\" class=\"u-url mention\" rel=\"nofollow noopener\">@b</a>",
        ),
        (
            "<a href=\"https://a.example/t/x\" class=\"mention hashtag\" rel=\"tag\">#<span>x</span></a>",
            "<a href=\"https://a.example/t/x\" class=\"mention hashtag\" rel=\"tag nofollow noopener\">#x</a>",
        ),
        ("a\u{0}b \u{7}c", "ab c"),
        ("Ha\u{308}me", "Häme"),
        ("5 < 6 & 7 > 2", "5 &lt; 6 &amp; 7 &gt; 2"),
        ("<p>Auki jäänyt", "<p>Auki jäänyt</p>"),
        ("", ""),
    ] {
        assert_eq!(SafeHtml::clean(html).as_str(), expected, "{html}");
    }
}

#[test]
fn the_words_alone() {
    for (html, expected) in [
        ("<p>Yksi &amp; kaksi</p><p>kolme<br>neljä</p>", "Yksi & kaksi\n\nkolme\nneljä"),
        ("<ul><li>yksi</li><li>kaksi</li></ul><p>loppu</p>", "- yksi\n- kaksi\n\nloppu"),
        ("<p>A <a href=\"https://a.example/\">linkki</a>.</p>", "A linkki."),
        ("<p>&lt;b&gt; &amp;lt; &nbsp;</p>", "<b> &lt;"),
        ("<p></p><p><br></p>", ""),
    ] {
        let clean = SafeHtml::clean(html);
        assert_eq!(clean.to_text(), expected, "{html}");
        assert_eq!(clean.is_empty(), expected.is_empty(), "{html}");
    }
}

#[test]
fn floods_end() {
    let flood = SafeHtml::clean(&"<b>".repeat(100_000));
    assert!(flood.as_str().starts_with(" b  b "), "the text of a flood stays, its tags do not");
    assert_eq!(SafeHtml::clean(flood.as_str()), flood);
    for flood in [
        "<p><em><a href=x>".repeat(800),
        "<ul><li>".repeat(1_200),
        format!("<p {}", "a".repeat(1_000_000)),
        "ä".repeat(1_000_000),
        "<".repeat(70_000),
        "&".repeat(70_000),
        "&am".repeat(3_900),
    ] {
        assert_inert(SafeHtml::clean(&flood).as_str(), "a flood");
    }
}

#[test]
fn a_link_to_ones_own_page() {
    let page = Url::parse("https://aino.example/työt?a=1&b=\"2\"").expect("a URL");
    let html = SafeHtml::own_page(&page);
    assert_eq!(
        html.as_str(),
        "<a href=\"https://aino.example/ty%C3%B6t?a=1&amp;b=%222%22\" rel=\"me nofollow noopener\">aino.example/ty%C3%B6t</a>"
    );
    assert_eq!(html.to_text(), "aino.example/ty%C3%B6t");
}
