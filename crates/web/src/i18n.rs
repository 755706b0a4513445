//! The texts of the pages in Finnish, Swedish and English: Fluent files under `locales/`, built into the program.
//!
//! Invariant: every key exists in all three languages, and every key that a template or a page uses exists (both are
//! tests). A key that is missing all the same shows as itself rather than failing the page.

use crate::moment::{self, Leaf};
use domain::Language;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use std::sync::LazyLock;
use store::Timestamp;

/// The languages of the pages, in the order of the switch.
pub const LANGUAGES: [Language; 3] = [Language::Fi, Language::Sv, Language::En];

type Bundle = FluentBundle<FluentResource>;

macro_rules! texts {
    ($language:literal) => {
        [
            include_str!(concat!("../locales/", $language, "/common.ftl")),
            include_str!(concat!("../locales/", $language, "/event.ftl")),
            include_str!(concat!("../locales/", $language, "/search.ftl")),
            include_str!(concat!("../locales/", $language, "/task.ftl")),
            include_str!(concat!("../locales/", $language, "/producer.ftl")),
            include_str!(concat!("../locales/", $language, "/organisation.ftl")),
            include_str!(concat!("../locales/", $language, "/region.ftl")),
            include_str!(concat!("../locales/", $language, "/about.ftl")),
            include_str!(concat!("../locales/", $language, "/follow.ftl")),
            include_str!(concat!("../locales/", $language, "/sign-in.ftl")),
            include_str!(concat!("../locales/", $language, "/setup.ftl")),
            include_str!(concat!("../locales/", $language, "/texts.ftl")),
            include_str!(concat!("../locales/", $language, "/node.ftl")),
            include_str!(concat!("../locales/", $language, "/desk.ftl")),
            include_str!(concat!("../locales/", $language, "/write.ftl")),
            include_str!(concat!("../locales/", $language, "/positions.ftl")),
            include_str!(concat!("../locales/", $language, "/member.ftl")),
        ]
    };
}

const FINNISH: [&str; 17] = texts!("fi");
const SWEDISH: [&str; 17] = texts!("sv");
const ENGLISH: [&str; 17] = texts!("en");

static FI: LazyLock<Bundle> = LazyLock::new(|| bundle("fi", &FINNISH));
static SV: LazyLock<Bundle> = LazyLock::new(|| bundle("sv", &SWEDISH));
static EN: LazyLock<Bundle> = LazyLock::new(|| bundle("en", &ENGLISH));

fn bundle(language: &str, files: &[&str]) -> Bundle {
    let mut bundle = Bundle::new_concurrent(language.parse().into_iter().collect());
    bundle.set_use_isolating(false); // names stand in elements of their own where the direction could matter
    for file in files {
        // The tests find a file that does not parse; what does parse of it is still of use.
        let (Ok(resource) | Err((resource, _))) = FluentResource::try_new((*file).to_owned());
        bundle.add_resource_overriding(resource);
    }
    bundle
}

fn texts(language: Language) -> &'static Bundle {
    match language {
        Language::Fi => &FI,
        Language::Sv => &SV,
        Language::En => &EN,
    }
}

/// The language of one answer, with everything that is written differently in another one. Templates know it as `l`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Locale {
    language: Language,
    /// Chosen by `?lang=`: then the links of the page carry the choice on, since nothing is kept in a cookie.
    chosen: bool,
}

impl Locale {
    /// The browser's language.
    pub fn negotiated(language: Language) -> Self {
        Locale { language, chosen: false }
    }

    /// The language that the reader chose on the page.
    pub fn chosen(language: Language) -> Self {
        Locale { language, chosen: true }
    }

    /// The language.
    pub fn language(&self) -> Language {
        self.language
    }

    /// Whether it was chosen on the page.
    pub fn is_chosen(&self) -> bool {
        self.chosen
    }

    /// `fi`, `sv` or `en`.
    pub fn code(&self) -> &'static str {
        self.language.as_str()
    }

    /// As Open Graph names it.
    pub fn territory(&self) -> &'static str {
        match self.language {
            Language::Fi => "fi_FI",
            Language::Sv => "sv_FI",
            Language::En => "en_GB",
        }
    }

    /// A text without arguments.
    pub fn t(&self, key: &str) -> String {
        self.text(key, None)
    }

    /// A text with one argument.
    pub fn t1(&self, key: &str, name: &'static str, value: &str) -> String {
        self.text(key, Some(&FluentArgs::from_iter([(name, FluentValue::from(value))])))
    }

    /// A text that counts something; the number is `$n`.
    pub fn n(&self, key: &str, number: &i64) -> String {
        self.text(key, Some(&FluentArgs::from_iter([("n", FluentValue::from(*number))])))
    }

    /// The word for a value of a vocabulary (`task-kind`, `gig`); a value that has none shows as itself.
    pub fn word(&self, vocabulary: &str, value: &str) -> String {
        self.known_word(vocabulary, value).unwrap_or_else(|| value.to_owned())
    }

    /// The word for a value of a vocabulary, if it has one.
    pub fn known_word(&self, vocabulary: &str, value: &str) -> Option<String> {
        let key = format!("{vocabulary}-{}", value.to_ascii_lowercase().replace('_', "-"));
        texts(self.language).has_message(&key).then(|| self.t(&key))
    }

    /// A message of the domain; in English when this language has no words for it.
    pub fn message(&self, key: &domain::Key) -> String {
        let id = format!("message-{}", key.id());
        if !texts(self.language).has_message(&id) {
            return key.to_string();
        }
        let arguments = key.arguments.iter().map(|(name, value)| (*name, FluentValue::from(value.as_str())));
        self.text(&id, Some(&arguments.collect()))
    }

    /// A language's name in the language of the page; its code when we have no name for it.
    pub fn language_name(&self, tag: &str) -> String {
        self.word("language", tag.split(['-', '_']).next().unwrap_or(tag))
    }

    /// The `lang` attribute that a text in `tag` needs here: none when the page is in that language already.
    pub fn other<'a>(&self, tag: &'a str) -> Option<&'a str> {
        let same = tag.is_empty() || tag.split(['-', '_']).next() == Some(self.code());
        (!same).then_some(tag)
    }

    /// A link to a page of this node; carries a chosen language on.
    pub fn link(&self, path: &str) -> String {
        match (self.chosen, path.contains('?')) {
            (false, _) => path.to_owned(),
            (true, false) => format!("{path}?lang={}", self.code()),
            (true, true) => format!("{path}&lang={}", self.code()),
        }
    }

    /// `pe 11.12.2026 klo 18.00`.
    pub fn date_time(&self, moment: &Timestamp, zone: &str) -> String {
        moment::date_time(self.language, *moment, zone)
    }

    /// `pe 11.12.2026`.
    pub fn date(&self, moment: &Timestamp) -> String {
        moment::date(self.language, *moment)
    }

    /// `pe 11.12.2026 klo 18.00–22.00`.
    pub fn span(&self, from: &Timestamp, until: &Timestamp, zone: &str) -> String {
        moment::span(self.language, *from, *until, zone)
    }

    /// A calendar leaf.
    pub fn leaf(&self, moment: &Timestamp, zone: &str) -> Leaf {
        moment::leaf(self.language, *moment, zone)
    }

    /// `to 11.12.2026` of `2026-12-11`.
    pub fn plain_date(&self, text: &str) -> String {
        moment::plain_date(self.language, text)
    }

    /// How long ago something was, in the coarsest unit that says it: `3 min sitten`.
    pub fn age(&self, now: &Timestamp, then: &Timestamp) -> String {
        let minutes = i64::try_from(now.since(*then).as_secs() / 60).unwrap_or(i64::MAX);
        match minutes {
            0 => self.t("age-now"),
            1..60 => self.n("age-minutes", &minutes),
            60..1440 => self.n("age-hours", &(minutes / 60)),
            _ => self.n("age-days", &(minutes / 1440)),
        }
    }

    /// A sum in euros.
    pub fn sum(&self, text: &str) -> String {
        moment::sum(self.language, text)
    }

    fn text(&self, key: &str, args: Option<&FluentArgs<'_>>) -> String {
        let bundle = texts(self.language);
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
            tracing::warn!(key, language = self.code(), "a text is missing");
            return key.to_owned();
        };
        bundle.format_pattern(pattern, args, &mut Vec::new()).into_owned()
    }
}

/// The key of a text, where a page hands it on before it is read out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key(pub &'static str);

impl Key {
    /// The text.
    pub fn text(self, l: Locale) -> String {
        l.t(self.0)
    }
}

#[cfg(test)]
mod tests;
