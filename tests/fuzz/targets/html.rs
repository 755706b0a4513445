//! Foreign HTML: what comes out of the sanitiser is inert, and cleaning it once more changes nothing.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vocab::SafeHtml;

/// What may open a tag in clean HTML.
const ALLOWED: [&str; 13] =
    ["p", "br", "a", "ul", "ol", "li", "strong", "em", "h2", "h3", "h4", "blockquote", "span"];

fuzz_target!(|text: &str| {
    let clean = SafeHtml::clean(text);
    assert_eq!(SafeHtml::clean(clean.as_str()), clean, "cleaning twice changes it");
    for after in clean.as_str().split('<').skip(1) {
        let name: String = after.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
        assert!(ALLOWED.contains(&name.as_str()), "<{name}> in {clean:?}");
        let tag = after.split('>').next().unwrap_or_default().to_ascii_lowercase();
        for evil in [" on", "javascript:", "data:", "vbscript:", " style=", " src="] {
            // A value of an attribute may hold such text only inside its quotes, as part of an address.
            let outside: String = tag.split('"').step_by(2).collect();
            assert!(!outside.contains(evil), "{evil} in {clean:?}");
        }
        if let Some(link) = tag.split("href=\"").nth(1) {
            let web = ["http:", "https:", "mailto:"].iter().any(|scheme| link.starts_with(scheme));
            assert!(web, "a link to {link:?}");
        }
    }
    // The words alone have no markup that was not text before.
    std::hint::black_box(clean.to_text());
});
