//! The section `limits`, and whose word about a client's address is taken.

use super::Reader;
use federation::Limits;
use federation::limits::LIMITS;
use federation::public_address::is_public;
use serde_json::Value;
use std::net::IpAddr;

/// The proxies that are trusted unless told otherwise: those on the same machine.
pub const DEFAULT_PROXIES: &str = "127.0.0.1, ::1";

/// Whose `X-Forwarded-For` is believed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrustedProxies {
    /// These addresses.
    pub addresses: Vec<IpAddr>,
    /// Every address that is not public, such as that of a proxy in another container.
    pub private: bool,
}

impl TrustedProxies {
    /// Whether a proxy is one of them.
    pub fn contain(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.addresses.contains(&address) || (self.private && !is_public(address))
    }

    /// Reads a list such as `127.0.0.1, private`.
    pub fn parse(text: &str) -> Option<TrustedProxies> {
        let mut proxies = TrustedProxies::default();
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            match part {
                "private" => proxies.private = true,
                part => proxies.addresses.push(part.parse().ok()?),
            }
        }
        Some(proxies)
    }
}

impl Reader {
    pub(super) fn limits(&mut self) -> Option<Limits> {
        let mut limits = Limits::default();
        let known = self.problems.len();
        for limit in LIMITS {
            let value = self.raw.get("limits").and_then(|section| section.get(limit.name));
            let Some(value) = value else { continue };
            if !value.as_u64().is_some_and(|value| limit.set(&mut limits, value)) {
                self.problem(format!(
                    "`limits.{}` is {value}; it must be a whole number from {} to {}",
                    limit.name, limit.least, limit.most
                ));
            }
        }
        (self.problems.len() == known).then_some(limits)
    }

    pub(super) fn trusted_proxies(&mut self) -> Option<TrustedProxies> {
        let text = match self.raw.get("server").and_then(|section| section.get("trusted_proxies")) {
            None => DEFAULT_PROXIES.to_owned(),
            Some(Value::String(text)) => text.clone(),
            Some(_) => {
                self.problem("`server.trusted_proxies` must be a text in quotes");
                return None;
            }
        };
        let proxies = TrustedProxies::parse(&text);
        if proxies.is_none() {
            self.problem(format!(
                "`server.trusted_proxies` is \"{text}\"; it must be IP addresses, or the word private, with commas between"
            ));
        }
        proxies
    }
}
