//! How often: what one client address, one host and one registered domain may make this node do.
//!
//! Token buckets in memory, in each process for itself; a bucket that is full again is forgotten, so that what is kept is
//! bounded by what happened in the last seconds, and in number. Whoever has to be proven first is counted by client
//! address; whoever is proven, by host, so that nobody can use up what is another's. Requests without a client address
//! (from this machine, past the proxy) are not counted by it.

use crate::problem::Problem;
use crate::state::State;
use crate::{Error, Limits, follow};
use governor::clock::{Clock, MonotonicClock};
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};
use std::collections::HashMap;
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use store::Timestamp;
use store::id::ActorUrl;
use tokio::time::Instant;

/// Buckets of one kind at most.
const MOST: usize = 65_536;
/// As many buckets are kept without looking whether they are full again.
const KEPT: usize = 1_024;
/// How often they are looked through at most.
const SWEEP: Duration = Duration::from_secs(1);
/// A host that this node follows may send so many times as much: a region that comes back drains a hundred a second.
const FOLLOWED: u64 = 4;
/// Seconds' worth that an address may use at once.
const AT_ONCE: u64 = 4;
/// A delivery counts once, and once more for each such part of it, in bytes: what is stored is bounded as well.
const PART: usize = 64 * 1024;
/// A host that was asked is not new for so long.
const MET: Duration = Duration::from_secs(3600);

/// Where a request came from, as far as it is counted: an extension that the server puts into each request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress(pub Option<IpAddr>);

/// Buckets of one kind.
struct Buckets<K: Hash + Eq + Clone> {
    limiter: RateLimiter<K, HashMapStateStore<K>, MonotonicClock>,
    burst: NonZeroU32,
    swept: Mutex<Option<Instant>>,
}

impl<K: Hash + Eq + Clone> Buckets<K> {
    fn new(quota: Quota) -> Buckets<K> {
        let limiter = RateLimiter::new(quota, HashMapStateStore::default(), MonotonicClock);
        Buckets { limiter, burst: quota.burst_size(), swept: Mutex::default() }
    }

    fn per_second(rate: u64, burst: u64) -> Buckets<K> {
        Buckets::new(Quota::per_second(whole(rate)).allow_burst(whole(burst)))
    }

    /// Takes one out, or says how long to wait.
    fn take(&self, key: &K) -> Result<(), Duration> {
        self.take_several(key, 1)
    }

    /// Takes so many out, the whole bucket at most, or says how long to wait.
    fn take_several(&self, key: &K, count: u64) -> Result<(), Duration> {
        if self.limiter.len() > KEPT && self.is_time_to_sweep() {
            self.limiter.retain_recent();
            self.limiter.shrink_to_fit();
        }
        if self.limiter.len() >= MOST {
            return Err(SWEEP);
        }
        match self.limiter.check_key_n(key, whole(count).min(self.burst)) {
            Ok(taken) => taken.map_err(|later| later.wait_time_from(MonotonicClock.now())),
            Err(_more_than_there_ever_is) => Err(SWEEP),
        }
    }

    fn is_time_to_sweep(&self) -> bool {
        let mut swept = self.swept.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let due = swept.is_none_or(|at| now.duration_since(at) >= SWEEP);
        if due {
            *swept = Some(now);
        }
        due
    }
}

fn whole(number: u64) -> NonZeroU32 {
    u32::try_from(number).ok().and_then(NonZeroU32::new).unwrap_or(NonZeroU32::MAX)
}

/// How often one client address may do something that is counted outside this crate.
pub struct PerAddress(Buckets<IpAddr>);

impl PerAddress {
    /// So often a minute, and as often at once.
    pub fn per_minute(rate: u64) -> PerAddress {
        PerAddress(Buckets::new(Quota::per_minute(whole(rate))))
    }

    /// Counts one.
    ///
    /// # Errors
    /// How long to wait.
    pub fn take(&self, client: Option<IpAddr>) -> Result<(), Duration> {
        client.map_or(Ok(()), |address| self.0.take(&counted(address)))
    }
}

/// See the module.
pub(crate) struct Quotas {
    addresses: Buckets<IpAddr>,
    /// Addresses that used theirs up, and until when.
    tired: Mutex<HashMap<IpAddr, Instant>>,
    hosts: Buckets<String>,
    followed: Buckets<String>,
    domains: Buckets<String>,
    /// Hosts that were asked because of a delivery, and when.
    met: Mutex<HashMap<String, Timestamp>>,
}

impl Quotas {
    pub(crate) fn new(limits: &Limits) -> Quotas {
        let (rate, burst) = (limits.inbox_per_second, limits.inbox_burst);
        let unproven = limits.unproven_per_second;
        Quotas {
            addresses: Buckets::per_second(unproven, unproven.saturating_mul(AT_ONCE)),
            tired: Mutex::default(),
            hosts: Buckets::per_second(rate, burst),
            followed: Buckets::per_second(rate.saturating_mul(FOLLOWED - 1), burst.saturating_mul(FOLLOWED - 1)),
            domains: Buckets::new(Quota::per_minute(whole(limits.new_hosts))),
            met: Mutex::default(),
        }
    }

    /// Refuses an address that has used up what it may send without proof.
    ///
    /// # Errors
    /// 429.
    pub(crate) fn check_address(&self, client: Option<IpAddr>) -> Result<(), Problem> {
        let Some(address) = client.map(counted) else { return Ok(()) };
        let tired = self.tired.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        match tired.get(&address).filter(|until| **until > now) {
            Some(until) => Err(Problem::too_many(until.duration_since(now))),
            None => Ok(()),
        }
    }

    /// Counts something without proof of an address.
    ///
    /// # Errors
    /// How long to wait.
    pub(crate) fn unproven(&self, client: Option<IpAddr>) -> Result<(), Duration> {
        let Some(address) = client.map(counted) else { return Ok(()) };
        let Err(wait) = self.addresses.take(&address) else { return Ok(()) };
        let mut tired = self.tired.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        if tired.len() >= KEPT {
            tired.retain(|_, until| *until > now);
        }
        if tired.len() < MOST {
            tired.insert(address, now + wait);
        }
        Err(wait)
    }

    /// Counts a proven delivery of a host, a large one several times.
    ///
    /// # Errors
    /// 429; 503 when the database is away.
    pub(crate) async fn delivery(state: &State, sender: &ActorUrl, size: usize) -> Result<(), Problem> {
        let (host, quotas) = (sender.host(), &state.quotas);
        let count = counts(size);
        let Err(wait) = quotas.hosts.take_several(&host, count) else { return Ok(()) };
        let wanted = host.clone();
        let followed =
            state.store.read(move |conn| follow::is_host_followed_here(conn, &wanted).map_err(Error::from)).await?;
        if followed && quotas.followed.take_several(&host, count).is_ok() {
            return Ok(());
        }
        tracing::debug!(peer.host = host, "sends too much at once");
        Err(Problem::too_many(wait))
    }

    /// Counts a host that is to be asked because of a delivery, if it was not asked lately and is not `known`.
    ///
    /// # Errors
    /// How long to wait.
    pub(crate) fn meeting(&self, host: &str, known: bool, now: Timestamp) -> Result<(), Duration> {
        let mut met = self.met.lock().unwrap_or_else(PoisonError::into_inner);
        if known || met.get(host).is_some_and(|at| now.since(*at) < MET) {
            return Ok(());
        }
        self.domains.take(&registered_domain(host))?;
        if met.len() >= MOST {
            met.retain(|_, at| now.since(*at) < MET);
        }
        if met.len() < MOST {
            met.insert(host.to_owned(), now);
        }
        Ok(())
    }
}

/// How often a delivery of so many bytes counts.
fn counts(size: usize) -> u64 {
    1 + (size / PART) as u64
}

/// The address that is counted: of IPv6 the network that one customer has (RFC 6177).
fn counted(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX))),
    }
}

/// The name that somebody has registered, by the public suffix list; the host itself when it is under none.
fn registered_domain(host: &str) -> String {
    let name = host.split(':').next().unwrap_or_default();
    psl::domain_str(name).unwrap_or(host).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quotas() -> Quotas {
        Quotas::new(&Limits { unproven_per_second: 2, new_hosts: 3, ..Limits::default() })
    }

    #[test]
    fn an_address_tires_and_no_other_does() {
        let quotas = quotas();
        let (one, two) = ("203.0.113.7".parse().unwrap(), "203.0.113.8".parse().unwrap());
        let taken = (0..100).take_while(|_| quotas.unproven(Some(one)).is_ok()).count();
        assert!((8..=9).contains(&taken), "{taken}");
        let refused = quotas.check_address(Some(one)).unwrap_err();
        assert_eq!(refused.status(), 429);
        assert!(quotas.check_address(Some(two)).is_ok() && quotas.unproven(Some(two)).is_ok());
        assert!((0..100).all(|_| quotas.unproven(None).is_ok()), "this machine itself is not counted");
    }

    #[test]
    fn a_customers_network_is_one_address() {
        for (one, other, same) in [
            ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true),
            ("2001:db8:1:2::1", "2001:db8:1:3::1", false),
            ("::ffff:203.0.113.7", "203.0.113.7", true),
            ("203.0.113.7", "203.0.113.8", false),
        ] {
            assert_eq!(counted(one.parse().unwrap()) == counted(other.parse().unwrap()), same, "{one} {other}");
        }
    }

    #[test]
    fn f37_hosts_under_one_registered_domain() {
        let quotas = quotas();
        let now = Timestamp::from_millis(1_800_000_000_000);
        for number in 0..3 {
            assert!(quotas.meeting(&format!("h{number}.evil.example"), false, now).is_ok());
        }
        assert!(quotas.meeting("h3.evil.example", false, now).is_err());
        assert!(quotas.meeting("h0.evil.example", false, now).is_ok(), "met a moment ago");
        assert!(quotas.meeting("h4.evil.example", true, now).is_ok(), "known");
        assert!(quotas.meeting("h3.other.example", false, now).is_ok(), "of somebody else");
        for (host, domain) in [
            ("a.b.solmu.fi", "solmu.fi"),
            ("solmu.fi", "solmu.fi"),
            ("a.b.co.uk:8443", "b.co.uk"),
            ("localhost:7001", "localhost:7001"),
            ("fi", "fi"),
        ] {
            assert_eq!(registered_domain(host), domain, "{host}");
        }
    }

    #[test]
    fn f42_large_deliveries_count_for_more() {
        for (size, count) in [(0, 1), (PART - 1, 1), (PART, 2), (1 << 20, 17)] {
            assert_eq!(counts(size), count, "{size} bytes");
        }
        let quotas = Quotas::new(&Limits { inbox_per_second: 1, inbox_burst: 40, ..Limits::default() });
        let host = "a.example".to_owned();
        let taken = (0..100).take_while(|_| quotas.hosts.take_several(&host, counts(1 << 20)).is_ok()).count();
        assert_eq!(taken, 2, "of one megabyte each");
        assert!(quotas.hosts.take(&host).is_ok(), "a small one still fits");
        // What is larger than the whole bucket takes all of it, and is not refused for ever.
        assert!(quotas.hosts.take_several(&"b.example".to_owned(), 1_000).is_ok());
        assert!(quotas.hosts.take_several(&"b.example".to_owned(), 1_000).is_err());
    }

    #[test]
    fn f41_what_is_kept_is_bounded() {
        let buckets = Buckets::<usize>::per_second(1_000_000, 1);
        for key in 0..MOST + 10_000 {
            let _ = buckets.take(&key);
        }
        assert!(buckets.limiter.len() <= MOST);
        *buckets.swept.lock().unwrap() = None;
        let _ = buckets.take(&0);
        assert!(buckets.limiter.len() <= KEPT, "{} buckets that are full again", buckets.limiter.len());
    }
}
