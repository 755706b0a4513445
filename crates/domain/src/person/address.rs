//! A mail address, as far as it is needed to know somebody again and to write to them.

use std::fmt;

/// Longest address, in characters (RFC 5321 §4.5.3.1).
pub const LONGEST: usize = 254;
/// Longest part before the `@`.
const LONGEST_LOCAL: usize = 64;

/// A mail address in one spelling: lower case, its host in ASCII. It holds no blank, no control character and no second
/// `@`, so it cannot end a header or begin another one.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MailAddress(String);

impl MailAddress {
    /// Reads an address as people type it. What stands before the `@` is lower case from here on: no host of our time
    /// tells two people apart by it.
    pub fn parse(text: &str) -> Option<MailAddress> {
        let (local, host) = text.trim().rsplit_once('@')?;
        let fits = !local.is_empty() && local.len() <= LONGEST_LOCAL;
        let well_dotted = !local.starts_with('.') && !local.ends_with('.') && !local.contains("..");
        if !(fits && well_dotted && local.bytes().all(is_local)) || host.contains(['%', '[', ']']) {
            return None;
        }
        let url::Host::Domain(host) = url::Host::parse(host).ok()? else { return None };
        let plain = host.contains('.') && host.split('.').all(is_label);
        let address = format!("{}@{host}", local.to_ascii_lowercase());
        (plain && address.len() <= LONGEST).then_some(MailAddress(address))
    }

    /// What a column holds: only addresses that were read are ever written.
    pub(super) fn of_column(text: String) -> MailAddress {
        MailAddress(text)
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Never shown by accident: whoever shows it says so by [`MailAddress::as_str`].
impl fmt::Debug for MailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MailAddress(…)")
    }
}

fn is_local(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$&'*+/=?^_`{|}~.-".contains(&byte)
}

fn is_label(label: &str) -> bool {
    let letters = label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    letters && !label.is_empty() && !label.starts_with('-') && !label.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c07_an_address_holds_nothing_but_an_address() {
        let long = format!("{}@a.example", "x".repeat(65));
        for (typed, expected) in [
            ("aino@kulma.example", Some("aino@kulma.example")),
            ("  Aino.Lehti+solmu@Kulma.Example ", Some("aino.lehti+solmu@kulma.example")),
            ("aino@käpy.example", Some("aino@xn--kpy-qla.example")),
            ("o'neil@a-b.example", Some("o'neil@a-b.example")),
            ("", None),
            ("aino", None),
            ("aino@", None),
            ("@kulma.example", None),
            ("aino@kulma", None),
            ("aino@kulma.example.", None),
            ("aino@kulma..example", None),
            ("aino@-kulma.example", None),
            ("aino@127.0.0.1", None),
            ("aino@[::1]", None),
            ("aino@kulma%2Eexample", None),
            ("a..b@kulma.example", None),
            (".a@kulma.example", None),
            ("aino lehti@kulma.example", None),
            ("aino@kulma.example, eve@evil.example", None),
            ("aino@kulma.example@evil.example", None),
            ("aino@kulma.example\r\nBcc: eve@evil.example", None),
            ("aino\r\nBcc:eve@kulma.example", None),
            ("aino@kulma.example\nX: y", None),
            ("Aino <aino@kulma.example>", None),
            ("\"aino\"@kulma.example", None),
            ("äino@kulma.example", None),
            ("a\u{131}no@kulma.example", None),
            ("aino\0@kulma.example", None),
            (&long, None),
        ] {
            assert_eq!(MailAddress::parse(typed).as_ref().map(MailAddress::as_str), expected, "{typed:?}");
        }
    }

    #[test]
    fn it_is_not_shown_by_accident() {
        let address = MailAddress::parse("aino@kulma.example").unwrap();
        assert_eq!(format!("{address:?}"), "MailAddress(…)");
    }
}
