//! Typed ids and addresses, from one registry, so that a task's id cannot be passed where an event's is meant.
//!
//! Rows with an address are keyed by a UUIDv7 (its time part makes them sort by age); what has none counts in BIGINT.

use crate::Timestamp;
use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::Text;
use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::{NoContext, Uuid};

/// A fresh UUIDv7 for the moment `now`, in its hyphened lower-case form (36 characters).
pub fn fresh(now: Timestamp) -> String {
    let millis = u64::try_from(now.as_millis()).unwrap_or(0);
    let at =
        uuid::Timestamp::from_unix(NoContext, millis / 1000, u32::try_from(millis % 1000).unwrap_or(0) * 1_000_000);
    Uuid::new_v7(at).hyphenated().to_string()
}

macro_rules! text_newtype {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, AsExpression, FromSqlRow)]
        #[diesel(sql_type = Text)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// From its text; the caller vouches for what it names.
            pub fn from_text(text: impl Into<String>) -> Self {
                $name(text.into())
            }

            /// Its text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl<DB> FromSql<Text, DB> for $name
        where
            DB: Backend,
            String: FromSql<Text, DB>,
        {
            fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
                String::from_sql(bytes).map($name)
            }
        }

        impl<DB> ToSql<Text, DB> for $name
        where
            DB: Backend,
            String: ToSql<Text, DB>,
        {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
                self.0.to_sql(out)
            }
        }
    };
}

macro_rules! row_id {
    ($(#[$doc:meta])* $name:ident) => {
        text_newtype!($(#[$doc])* $name);

        impl $name {
            /// A fresh id for the moment `now`.
            pub fn fresh(now: Timestamp) -> Self {
                $name(fresh(now))
            }
        }
    };
}

macro_rules! address {
    ($(#[$doc:meta])* $name:ident) => {
        text_newtype!($(#[$doc])* $name);

        impl $name {
            /// The host with its port if it has one, lower case; empty for what is no URL.
            pub fn host(&self) -> String {
                host_of(&self.0)
            }
        }

        impl From<url::Url> for $name {
            fn from(url: url::Url) -> Self {
                $name(url.into())
            }
        }
    };
}

/// The host of a URL with its port if it names one, lower case (`localhost:7001`); empty for what is no URL.
pub fn host_of(url: &str) -> String {
    let Ok(url) = url::Url::parse(url) else {
        return String::new();
    };
    match (url.host_str(), url.port()) {
        (Some(host), Some(port)) => format!("{host}:{port}"),
        (Some(host), None) => host.to_owned(),
        (None, _) => String::new(),
    }
}

/// Whether two addresses are of one origin: scheme, host and port (RFC 6454). What is no address is of none.
pub fn is_same_origin(one: &str, other: &str) -> bool {
    let origin = |text: &str| url::Url::parse(text).ok().map(|url| url.origin()).filter(url::Origin::is_tuple);
    origin(one).is_some_and(|one| Some(one) == origin(other))
}

/// Whether two texts are the same address once both are normalised (WHATWG URL): `https://a.example` and
/// `https://a.example:443/` are. Ids are stored and sent as their owner spells them; this compares them.
pub fn is_same_address(one: &str, other: &str) -> bool {
    one == other || matches!((url::Url::parse(one), url::Url::parse(other)), (Ok(one), Ok(other)) if one == other)
}

address! {
    /// The id of an actor (ActivityPub §3.1): a URL that answers the actor's document.
    ActorUrl
}
address! {
    /// The id of an object: a URL that answers its document, or its tombstone.
    ObjectUrl
}
address! {
    /// The id of an activity. It may carry a fragment and is never fetched to check it.
    ActivityUrl
}
address! {
    /// An inbox, an actor's own or a host's shared one (ActivityPub §4.1, §5.2).
    InboxUrl
}

row_id! {
    /// An organisation's row.
    OrganisationId
}
row_id! {
    /// A producer's row.
    ProducerId
}
row_id! {
    /// An event's row.
    EventId
}
row_id! {
    /// An open task's row.
    TaskId
}
row_id! {
    /// An account: somebody who can sign in.
    AccountId
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fresh_ids_sort_by_their_time() {
        let (earlier, later) = (Timestamp::from_millis(1_700_000_000_000), Timestamp::from_millis(1_700_000_000_001));
        assert!(fresh(earlier) < fresh(later));
        assert_eq!(fresh(earlier).len(), 36);
    }

    #[test]
    fn addresses_are_compared_normalised() {
        for (one, other, same) in [
            ("https://a.example", "https://a.example/", true),
            ("https://a.example:443/u", "https://A.example/u", true),
            ("https://a.example/äiti", "https://a.example/%C3%A4iti", true),
            ("https://a.example/u", "https://a.example/u/", false),
            ("https://a.example/u", "https://a.example/u#x", false),
            ("https://a.example/u", "http://a.example/u", false),
            ("no address", "no address", true),
            ("no address", "none", false),
        ] {
            assert_eq!(is_same_address(one, other), same, "{one} {other}");
        }
    }

    #[test]
    fn origins_are_scheme_host_and_port() {
        for (one, other, same) in [
            ("https://a.example/u", "https://A.example:443/inbox", true),
            ("https://a.example/u", "http://a.example/u", false),
            ("https://a.example/u", "https://a.example:8443/u", false),
            ("https://a.example/u", "https://b.a.example/u", false),
            ("https://a.example/u", "https://a.example@b.example/u", false),
            ("mailto:a@a.example", "mailto:a@a.example", false),
            ("none", "none", false),
        ] {
            assert_eq!(is_same_origin(one, other), same, "{one} {other}");
        }
    }

    #[test]
    fn hosts_keep_their_port() {
        for (url, host) in [
            ("https://Pirkanmaa.example/ap/x", "pirkanmaa.example"),
            ("http://localhost:7001/ap/x", "localhost:7001"),
            ("https://a.example:443/", "a.example"),
            ("not a url", ""),
        ] {
            assert_eq!(host_of(url), host, "{url}");
        }
    }
}
