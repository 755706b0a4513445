//! What the node's letters say, in plain text: the subject and the words. Who sends them puts the rest around it.
//!
//! Invariant: a letter holds nothing that somebody else has typed; the name in it is that of its reader.

use crate::i18n::Locale;
use domain::person::Secret;
use domain::{Language, Node};
use federation::Origin;

/// A letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Its subject, one line.
    pub subject: String,
    /// Its text.
    pub text: String,
}

/// Where a link to sign in by leads.
pub fn sign_in_address(origin: &Origin, language: Language, link: &Secret) -> String {
    origin.url(&format!("/sign-in/{}?lang={}", link.reveal(), language.as_str()))
}

/// Where somebody sets the node up.
pub fn setup_address(origin: &Origin, link: &Secret) -> String {
    origin.url(&format!("/setup/{}", link.reveal()))
}

/// The letter with a link to sign in by.
pub fn sign_in_letter(node: &Node, name: &str, language: Language, link: &Secret) -> Letter {
    let l = Locale::chosen(language);
    let lines = [
        l.t1("letter-greeting", "name", name),
        String::new(),
        l.t1("letter-sign-in", "host", node.origin.host()),
        String::new(),
        sign_in_address(&node.origin, language, link),
        String::new(),
        l.t("letter-sign-in-life"),
        l.t("letter-sign-in-not-you"),
        String::new(),
        format!("Solmu, {}", node.region.name(language)),
        node.origin.url("/"),
        String::new(),
    ];
    Letter { subject: l.t1("letter-sign-in-subject", "host", node.origin.host()), text: lines.join("\n") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{RegionCode, Role};

    #[test]
    fn a_letter_in_each_language() {
        let region = RegionCode::parse("06").unwrap();
        let node = Node { origin: Origin::new("pirkanmaa.example"), role: Role::Region, region };
        let link = Secret::fresh();
        for (language, subject) in [
            (Language::Fi, "Kirjautuminen: pirkanmaa.example"),
            (Language::Sv, "Inloggning: pirkanmaa.example"),
            (Language::En, "Signing in: pirkanmaa.example"),
        ] {
            let letter = sign_in_letter(&node, "Aino", language, &link);
            assert_eq!(letter.subject, subject);
            let address = format!("https://pirkanmaa.example/sign-in/{}?lang={}", link.reveal(), language.as_str());
            assert!(letter.text.lines().any(|line| line == address), "a line of its own: {}", letter.text);
            assert!(letter.text.contains("Aino") && letter.text.contains("15"), "{}", letter.text);
        }
    }
}
