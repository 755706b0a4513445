//! Whom the client connects to: hosts with public addresses alone, looked at when the connection is made, so that a name
//! that changes its mind (DNS rebinding) gains nothing.
//!
//! Public is what the registries of the IANA call globally reachable (IPv4 and IPv6 Special-Purpose Address Registries, as
//! of RFC 9637), less what only leads somewhere else: translation, tunnels, relays and anycast of protocols. Of IPv6 that is
//! a list of what is allowed, `2000::/3`, with holes. When one of the addresses of a name is not public, none is used.

use crate::lookup::Lookups;
use futures_util::FutureExt;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

/// What is said of a name with another address.
pub(crate) const REFUSED: &str = "its name leads to an address that is not public";

const V4: [(Ipv4Addr, u32); 17] = [
    (Ipv4Addr::new(0, 0, 0, 0), 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 31, 196, 0), 24),
    (Ipv4Addr::new(192, 52, 193, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(192, 175, 48, 0), 24),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 3), // multicast, reserved and broadcast
];

const V6_ALLOWED: (Ipv6Addr, u32) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);
const V6_HOLES: [(Ipv6Addr, u32); 5] = [
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23), // Teredo, benchmarking, ORCHID
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16), // 6to4
    (Ipv6Addr::new(0x2620, 0x4f, 0x8000, 0, 0, 0, 0, 0), 48),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
];

/// Whether an address is one of the public network.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => !V4.iter().any(|range| is_in_v4(address, range)),
        IpAddr::V6(address) => is_in_v6(address, &V6_ALLOWED) && !V6_HOLES.iter().any(|range| is_in_v6(address, range)),
    }
}

fn is_in_v4(address: Ipv4Addr, (network, bits): &(Ipv4Addr, u32)) -> bool {
    (address.to_bits() ^ network.to_bits()) >> (32 - bits) == 0
}

fn is_in_v6(address: Ipv6Addr, (network, bits): &(Ipv6Addr, u32)) -> bool {
    (address.to_bits() ^ network.to_bits()) >> (128 - bits) == 0
}

/// Looks names up for the client.
pub(crate) struct PublicOnly {
    /// Private addresses may be used.
    pub allow_private: bool,
    pub lookups: Arc<Lookups>,
}

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        let (allow_private, lookups) = (self.allow_private, Arc::clone(&self.lookups));
        async move {
            match chosen(lookups.of(name.as_str()).await?, allow_private) {
                Ok(addresses) => Ok(Box::new(addresses.into_iter()) as Addrs),
                Err(error) => Err(error.into()),
            }
        }
        .boxed()
    }
}

fn chosen(found: Vec<SocketAddr>, allow_private: bool) -> io::Result<Vec<SocketAddr>> {
    if !allow_private && !found.iter().all(|address| is_public(address.ip())) {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, REFUSED));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f01_to_f14_what_is_public() {
        let private = "0.0.0.0 0.0.0.1 0.255.255.255 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.255 127.0.0.1 \
            127.255.255.254 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.1 192.0.0.170 192.0.2.1 192.31.196.1 \
            192.52.193.1 192.88.99.1 192.168.1.1 192.175.48.1 198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1 \
            224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255 :: ::1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::7f00:1 \
            64:ff9b::7f00:1 64:ff9b::808:808 64:ff9b:1::1 100::1 100:0:0:1::1 2001::1 2001:0:53aa:64c::1 2001:2::1 2001:20::1 \
            2001:1ff:ffff::1 2001:db8::1 2002:7f00:1:: 2002:808:808:: 2620:4f:8000::1 3fff::1 3fff:fff::1 5f00::1 fc00::1 \
            fd12:3456::1 fe80::1 fec0::1 ff02::1 4000::1";
        for address in private.split_whitespace() {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
        let public = "1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.1 100.63.255.255 100.128.0.1 172.15.255.255 172.32.0.1 \
            192.0.1.1 192.0.3.1 192.88.98.1 192.167.255.255 192.169.0.1 198.17.255.255 198.20.0.1 223.255.255.255 \
            2001:200::1 2001:4860:4860::8888 2001:db9::1 2003::1 2400:cb00::1 2606:4700::1111 2a00:1450::1 3ffe::1";
        for address in public.split_whitespace() {
            assert!(is_public(address.parse().unwrap()), "{address}");
        }
    }

    #[test]
    fn f18_one_private_address_spoils_the_name() {
        let all = |text: &str| -> Vec<SocketAddr> {
            text.split(' ').map(|one| SocketAddr::new(one.parse().unwrap(), 0)).collect()
        };
        for (found, allowed) in [
            ("8.8.8.8 2606:4700::1111", true),
            ("8.8.8.8 127.0.0.1", false),
            ("10.0.0.1 8.8.8.8", false),
            ("2606:4700::1111 ::1", false),
            ("8.8.8.8 ::ffff:10.0.0.1", false),
        ] {
            assert_eq!(chosen(all(found), false).is_ok(), allowed, "{found}");
            assert!(chosen(all(found), true).is_ok());
        }
    }
}
