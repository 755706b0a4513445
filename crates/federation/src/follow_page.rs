//! Where somebody with an account elsewhere follows one of ours: the page that their own server's WebFinger names.
//!
//! Asked through the one [`Client`], with its guards, since a stranger typed the host. What comes back is an address on the
//! web, for a link that the reader presses; nothing is followed, and nobody is sent there.

use crate::client::Client;
use crate::{Error, Origin};
use store::Timestamp;
use url::Url;
use vocab::Jrd;

/// The page on which `user` of `host` follows `object` (an actor's id).
///
/// # Errors
/// [`Error::Unreachable`] when the host does not answer, [`Error::Refused`] when it is none to ask, knows no such user or
/// names no page.
pub async fn follow_page(
    client: &Client,
    (user, host): (&str, &str),
    object: &str,
    now: Timestamp,
) -> Result<String, Error> {
    let refused = |reason: &str| Error::refused(&format!("@{user}@{host}"), reason);
    let address = format!("{}://{host}/.well-known/webfinger", Origin::new(host).scheme());
    let mut url = Url::parse(&address).map_err(|_| refused("the host is no host name"))?;
    url.query_pairs_mut().append_pair("resource", &format!("acct:{user}@{host}"));
    client.check(&url)?;
    let fetched = client.get(&url, "application/jrd+json, application/json", None, now).await?;
    let answer = serde_json::from_slice(&fetched.body).map_err(|_| refused("WebFinger answers no JSON"))?;
    let jrd = Jrd::parse(&answer).map_err(|invalid| refused(&format!("WebFinger: {invalid}")))?;
    jrd.follow_page(object).ok_or_else(|| refused("WebFinger names no page to follow from"))
}
