//! What the node's letters say, in plain text: the subject and the words. Who sends them puts the rest around it.
//!
//! Invariant: a letter holds nothing that a stranger has typed: the name in it is that of its reader, and a reason is the
//! coordinator's.

use crate::i18n::Locale;
use domain::person::Secret;
use domain::person::letter::{Prepared, Says};
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

/// Where somebody joins.
fn join_address(origin: &Origin, language: Language, link: &Secret) -> String {
    origin.url(&format!("/join/{}?lang={}", link.reveal(), language.as_str()))
}

/// Where somebody who is signed in takes another address.
fn new_address(origin: &Origin, language: Language, link: &Secret) -> String {
    origin.url(&format!("/me/address/{}?lang={}", link.reveal(), language.as_str()))
}

/// A letter, in the words of its language.
pub fn letter(node: &Node, prepared: &Prepared) -> Letter {
    let (l, host) = (Locale::chosen(prepared.language), node.origin.host());
    let page = |path: &str| node.origin.url(&format!("{path}?lang={}", prepared.language.as_str()));
    let (subject, says) = match &prepared.says {
        Says::SignIn(link) => {
            let address = sign_in_address(&node.origin, prepared.language, link);
            let rest = format!("{}\n{}", l.t("letter-sign-in-life"), l.t("letter-sign-in-not-you"));
            (l.t1("letter-sign-in-subject", "host", host), [l.t1("letter-sign-in", "host", host), address, rest])
        }
        Says::Join(link) => {
            let address = join_address(&node.origin, prepared.language, link);
            let rest = format!("{}\n{}", l.t("letter-sign-in-life"), l.t("letter-join-not-you"));
            (l.t1("letter-join-subject", "host", host), [l.t1("letter-join", "host", host), address, rest])
        }
        Says::NewAddress(link) => {
            let address = new_address(&node.origin, prepared.language, link);
            let rest = format!("{}\n{}", l.t("letter-sign-in-life"), l.t("letter-address-not-you"));
            (l.t1("letter-address-subject", "host", host), [l.t1("letter-address", "host", host), address, rest])
        }
        Says::OldAddress => {
            let said = [l.t1("letter-moved", "host", host), page("/tietoa"), l.t("letter-moved-after")];
            (l.t1("letter-moved-subject", "host", host), said)
        }
        Says::Published => {
            let said = [l.t("letter-published"), page("/me/publication"), l.t("letter-published-after")];
            (l.t1("letter-published-subject", "host", host), said)
        }
        Says::Invited => {
            let said = [l.t("letter-invited"), page("/join"), l.t("letter-invited-after")];
            (l.t1("letter-invited-subject", "host", host), said)
        }
        Says::Away(dates) => {
            let day = |at| l.date(&at);
            let seen = l.t1("letter-away", "day", &day(dates.seen));
            let hides = l.t1("letter-away-hides", "day", &day(dates.hides));
            let goes = l.t1("letter-away-goes", "day", &day(dates.goes));
            let said = [format!("{seen} {hides}"), page("/sign-in"), goes];
            (l.t1("letter-away-subject", "host", host), said)
        }
        Says::Returned(reason) => {
            let said = [l.t("letter-returned"), reason.clone(), page("/me/publication")];
            (l.t1("letter-returned-subject", "host", host), said)
        }
    };
    let greeting = match &prepared.name {
        Some(name) => l.t1("letter-greeting", "name", name),
        None => l.t("letter-greeting-nobody"),
    };
    let region = node.region.name(prepared.language);
    let foot = format!("Solmu, {region}\n{}\n", node.origin.url("/"));
    let [first, second, third] = says;
    Letter { subject, text: [greeting, first, second, third, foot].join("\n\n") }
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
            let mail = domain::person::MailAddress::parse("aino@kulma.example").unwrap();
            let says = Says::SignIn(link.clone());
            let prepared = Prepared { mail, name: Some("Aino".into()), language, says };
            let letter = letter(&node, &prepared);
            assert_eq!(letter.subject, subject);
            let address = format!("https://pirkanmaa.example/sign-in/{}?lang={}", link.reveal(), language.as_str());
            assert!(letter.text.lines().any(|line| line == address), "a line of its own: {}", letter.text);
            assert!(letter.text.contains("Aino") && letter.text.contains("15"), "{}", letter.text);

            let stranger =
                super::letter(&node, &Prepared { name: None, says: Says::Join(link.clone()), ..prepared.clone() });
            assert!(stranger.text.contains(&format!("/join/{}", link.reveal())), "{}", stranger.text);
            let invited = super::letter(&node, &Prepared { name: None, says: Says::Invited, ..prepared.clone() });
            let address = format!("https://pirkanmaa.example/join?lang={}", language.as_str());
            assert!(invited.text.lines().any(|line| line == address), "{}", invited.text);
            assert!(!invited.text.contains(link.reveal()) && invited.text.contains("30"), "{}", invited.text);
            let says = Says::NewAddress(link.clone());
            let proving = super::letter(&node, &Prepared { name: None, says, ..prepared.clone() });
            assert!(proving.text.contains(&format!("/me/address/{}", link.reveal())), "{}", proving.text);
            let moved = super::letter(&node, &Prepared { name: None, says: Says::OldAddress, ..prepared.clone() });
            assert!(!moved.text.contains(link.reveal()) && moved.text.contains("/tietoa"), "{}", moved.text);
            let day = |text: &str| vocab::time::parse(text).unwrap().into();
            let (seen, hides, goes) =
                (day("2024-11-20T10:00:00Z"), day("2026-12-25T10:00:00Z"), day("2027-06-26T10:00:00Z"));
            let says = Says::Away(domain::person::absence::Dates { seen, hides, goes });
            let away = super::letter(&node, &Prepared { says, ..prepared.clone() }).text;
            let address = format!("https://pirkanmaa.example/sign-in?lang={}", language.as_str());
            assert!(away.lines().any(|line| line == address), "{away}");
            for year in ["2024", "2026", "2027"] {
                assert!(away.contains(year), "{away}");
            }
            let reason = "Lisää kuva".to_owned();
            let returned = super::letter(&node, &Prepared { says: Says::Returned(reason), ..prepared });
            assert!(returned.text.contains("Lisää kuva") && returned.text.contains("/me/publication"));
        }
    }
}
