//! The section `limits`, and whose word about a client's address is taken.

use super::Reader;
use federation::Limits;
use federation::limits::LIMITS;
use serde_json::Value;
use std::net::IpAddr;

/// The proxies that are trusted unless told otherwise: those on the same machine.
pub const DEFAULT_PROXIES: &str = "127.0.0.1, ::1";

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

    pub(super) fn trusted_proxies(&mut self) -> Option<Vec<IpAddr>> {
        let text = match self.raw.get("server").and_then(|section| section.get("trusted_proxies")) {
            None => DEFAULT_PROXIES.to_owned(),
            Some(Value::String(text)) => text.clone(),
            Some(_) => {
                self.problem("`server.trusted_proxies` must be a text in quotes");
                return None;
            }
        };
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        let addresses: Result<Vec<IpAddr>, _> = parts.map(str::parse).collect();
        if addresses.is_err() {
            self.problem(format!(
                "`server.trusted_proxies` is \"{text}\"; it must be IP addresses with commas between them"
            ));
        }
        addresses.ok()
    }
}
