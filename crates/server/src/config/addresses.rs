//! The addresses of the configuration that are shown to others: where the source is, to whom holes are reported.

use super::Reader;

impl Reader {
    pub(super) fn source_url(&mut self) -> Option<Option<String>> {
        let Some(text) = self.text("server", "source_url") else { return Some(None) };
        let known = url::Url::parse(&text).is_ok_and(|url| matches!(url.scheme(), "https" | "http"));
        if !known {
            self.problem(format!("`server.source_url` is \"{text}\"; it must be an address that begins with https://"));
            return None;
        }
        Some(Some(text))
    }

    pub(super) fn security_contact(&mut self) -> Option<Option<String>> {
        let Some(text) = self.text("server", "security_contact") else { return Some(None) };
        let known = url::Url::parse(&text).is_ok_and(|url| match url.scheme() {
            "https" => url.host_str().is_some(),
            "mailto" => url.path().split_once('@').is_some_and(|(who, host)| !who.is_empty() && host.contains('.')),
            _ => false,
        });
        if !known || text.contains(char::is_whitespace) {
            self.problem(format!(
                "`server.security_contact` is \"{text}\"; it must be mailto:SOMEBODY@HOST or an address that begins with https://"
            ));
            return None;
        }
        Some(Some(text))
    }
}
