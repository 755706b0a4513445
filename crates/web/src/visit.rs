//! One request as the handlers see it: who the node is, which language, which form, what was asked.

use crate::Site;
use crate::error::Error;
use crate::i18n::Locale;
use crate::negotiate::{self, Form};
use axum::extract::FromRequestParts;
use domain::{Language, Node};
use http::request::Parts;
use http::{HeaderMap, Uri};
use std::convert::Infallible;
use std::sync::Arc;
use store::{Conn, Timestamp};

/// The region whose people read Swedish first.
const ALAND: &str = "21";

/// A request, read.
#[derive(Clone)]
pub struct Visit {
    /// The site.
    pub site: Arc<Site>,
    /// The language of the answer.
    pub l: Locale,
    /// The form of the answer.
    pub form: Form,
    /// The path, as it was asked for.
    pub path: String,
    /// The query, in its order. Several values of one name are kept.
    pub query: Vec<(String, String)>,
    /// The present moment: one for the whole answer.
    pub now: Timestamp,
}

impl Visit {
    /// Reads a request.
    pub fn of(site: &Arc<Site>, uri: &Uri, headers: &HeaderMap) -> Visit {
        let query: Vec<(String, String)> = url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes())
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .take(32)
            .collect();
        let chosen = query.iter().find(|(name, _)| name == "lang").and_then(|(_, value)| Language::parse(value));
        let first = if site.node.region.code() == ALAND { Language::Sv } else { Language::Fi };
        let l = match chosen {
            Some(language) => Locale::chosen(language),
            None => Locale::negotiated(negotiate::language(headers, first)),
        };
        let form = negotiate::form(headers);
        Visit { site: site.clone(), l, form, path: uri.path().to_owned(), query, now: site.clock.now() }
    }

    /// The node.
    pub fn node(&self) -> &Node {
        &self.site.node
    }

    /// The first value of a query parameter, trimmed; empty when it is not there.
    pub fn asked(&self, name: &str) -> &str {
        self.query.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.trim())
    }

    /// Runs queries.
    ///
    /// # Errors
    /// [`Error::Away`] when the database is, [`Error::Internal`] for everything else that fails.
    pub async fn read<T, E, F>(&self, query: F) -> Result<T, Error>
    where
        F: FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        store::Error: From<E>,
    {
        let done: Result<T, store::Error> =
            self.site.store.read(move |conn| query(conn).map_err(store::Error::from)).await;
        done.map_err(Error::from)
    }
}

impl Visit {
    /// Runs queries of the domain, whose refusals are told.
    ///
    /// # Errors
    /// What the query returns, or the store's own failure.
    pub async fn look<T, F>(&self, query: F) -> Result<T, domain::Error>
    where
        F: FnOnce(&mut Conn) -> Result<T, domain::Error> + Send + 'static,
        T: Send + 'static,
    {
        self.site.store.read(query).await
    }

    /// Runs an action in one transaction, and wakes who delivers what it announces.
    ///
    /// # Errors
    /// What the action returns, or the store's own failure.
    pub async fn write<T, E, F>(&self, action: F) -> Result<T, domain::Error>
    where
        F: Fn(&mut Conn) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        domain::Error: From<E>,
    {
        self.site.state.write(move |conn| action(conn).map_err(domain::Error::from)).await
    }
}

impl FromRequestParts<Arc<Site>> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, site: &Arc<Site>) -> Result<Self, Infallible> {
        Ok(Visit::of(site, &parts.uri, &parts.headers))
    }
}
