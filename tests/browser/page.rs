//! A page to look at: where it is, whose it is, what is done before it is looked at, and what it is looked at in.

use crate::{DARK, LANGUAGES, WALKED};
use serde_json::{Value, json};
use server::demo::network::Node;

/// A page to look at.
pub struct Page {
    /// What faults are told under: who looks, and the path.
    pub name: String,
    /// Its address.
    pub url: String,
    /// What it answers.
    pub status: u16,
    /// Where the browser is in the end.
    pub at: String,
    /// It shows other things on a wide screen: both widths are looked at by all rules.
    twofold: bool,
    /// The button whose answer is looked at.
    press: Option<&'static str>,
    /// Whose it is.
    cookie: Option<Value>,
    /// The key by which a code is made and typed first, and the one language in which that is done: it is good for once.
    code: Option<(String, &'static str)>,
    /// The cookies are gone when the button is pressed.
    forgets: bool,
    /// The client's address, from which it is asked for until it is refused.
    often: Option<&'static str>,
}

impl Page {
    /// A page that everybody sees.
    pub fn of(node: &Node, path: &str) -> Page {
        Page::named(format!("{} {path}", node.username), node.url(path))
    }

    /// A page at any address.
    pub fn named(name: String, url: String) -> Page {
        let (at, status, twofold) = (url.clone(), 200, false);
        Page { name, at, url, status, twofold, press: None, cookie: None, code: None, forgets: false, often: None }
    }

    /// A page that answers something else than 200.
    pub fn answering(self, status: u16) -> Page {
        Page { status, ..self }
    }

    /// A page that shows other things on a wide screen.
    pub fn twofold(self) -> Page {
        Page { twofold: true, ..self }
    }

    /// A page whose form goes to another address of the same beginning.
    pub fn leading_to(self, end: &str) -> Page {
        Page { at: format!("{}{end}", self.url), ..self }
    }

    /// As somebody sees it.
    pub fn seen_by(self, whom: &str, cookie: &Value) -> Page {
        Page { name: format!("{} as {whom}", self.name), cookie: Some(cookie.clone()), ..self }
    }

    /// The answer to its form, when this button is pressed and nothing was filled in.
    pub fn pressed(self, button: &'static str, status: u16) -> Page {
        Page { name: format!("{}, {button}", self.name), press: Some(button), status, ..self }
    }

    /// With the code of a second step's key in its field, in this language alone.
    pub fn with_code_of(self, key: String, language: &'static str) -> Page {
        Page { name: format!("{}, with a code", self.name), code: Some((key, language)), ..self }
    }

    /// The browser has lost its cookies when the button is pressed, as somebody has who comes back to an old tab.
    pub fn without_cookies(self) -> Page {
        Page { name: format!("{}, without cookies", self.name), forgets: true, ..self }
    }

    /// Asked for too often, from an address of its own.
    pub fn too_often(self, client: &'static str) -> Page {
        Page { name: format!("{}, too often", self.name), often: Some(client), ..self }.answering(429)
    }

    /// The languages in which it is looked at.
    pub fn languages(&self) -> impl Iterator<Item = &'static str> {
        let only = self.code.as_ref().map(|(_, language)| *language);
        LANGUAGES.into_iter().filter(move |language| only.is_none_or(|only| only == *language))
    }

    /// What it is looked at in: narrow and light, and wide and dark. All rules are asked once in each language, in one of them
    /// when it is dark; the other look is at what differs there, colours and, in two languages, how large things are.
    pub fn looks(&self, language: &str) -> Vec<Value> {
        let (narrow, wide): (&[&str], &[&str]) = match language {
            WALKED => (&["all"], &["shape", "colour"]),
            DARK => (&["shape", "colour"], &["all"]),
            _ => (&["all"], &["colour"]),
        };
        let mut looks = vec![json!({"width": 320, "rules": narrow})];
        if self.twofold && language == WALKED {
            looks.push(json!({"width": 1280}));
        }
        looks.push(json!({"width": 1280, "scheme": "dark", "rules": wide}));
        looks
    }

    /// As the scan is asked for it in a language; in one of them somebody also walks through it by Tab.
    pub fn asked(&self, language: &str) -> Value {
        let mut asked = json!({
            "name": self.name, "url": self.url, "language": language, "keyboard": language == WALKED,
            "looks": self.looks(language), "forgets": self.forgets,
        });
        for (key, value) in [
            ("cookie", self.cookie.clone()),
            ("press", self.press.map(Value::from)),
            ("code", self.code.as_ref().map(|(key, _)| json!({"field": "#code", "key": key}))),
            ("often", self.often.map(Value::from)),
        ] {
            if let Some(value) = value {
                asked[key] = value;
            }
        }
        asked
    }
}
