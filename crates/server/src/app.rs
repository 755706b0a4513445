//! Puts a node together: from a configuration to its state, its pages and its workers.

use crate::config::{Config, Mail};
use crate::kept::{self, Answers};
use crate::metrics::{self, Metrics};
use crate::role::Duties;
use crate::{description, shield};
use anyhow::{Context, bail};
use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use domain::Node;
use federation::{Origin, Settings, State};
use store::Store;
use tower_http::trace::TraceLayer;

#[cfg(test)]
mod tests;

/// How long a request may take in all.
const REQUEST: std::time::Duration = std::time::Duration::from_secs(20);

/// A node, ready to serve or to be acted on.
#[derive(Clone)]
pub struct App {
    /// What the spine works with.
    pub state: State,
    /// Whose node it is.
    pub node: Node,
    /// The configuration that it was made from.
    pub config: Config,
}

impl App {
    /// Opens the database, brings the schema up to date and checks that the data is this node's. Where a file tells the
    /// configuration, `solmu init` has made the node, and a database without one is the wrong one: to begin another in it, with
    /// other keys under the same name, would cut the region off from all who follow it. Where the environment tells
    /// everything, as for a container, nobody has called `init`.
    ///
    /// # Errors
    /// In words for the operator.
    pub async fn open(config: Config) -> anyhow::Result<App> {
        let Some(file) = &config.file else {
            return App::found(config).await;
        };
        let applied = match store::migrate::update(&config.database) {
            Err(store::Error::Empty) => bail!(
                "there is no node in the database {}, though there is {}. Does `database.url` name the right one? A new node \
                 is made by `solmu init`, in another folder",
                config.database,
                file.display()
            ),
            applied => applied.with_context(|| format!("database {}", config.database))?,
        };
        App::of(config, applied).await
    }

    /// As [`App::open`], and makes what is not there.
    ///
    /// # Errors
    /// As there.
    pub async fn found(config: Config) -> anyhow::Result<App> {
        let applied = store::migrate::run(&config.database).with_context(|| format!("database {}", config.database))?;
        App::of(config, applied).await
    }

    async fn of(config: Config, applied: Vec<String>) -> anyhow::Result<App> {
        let store = Store::open(&config.database).with_context(|| format!("database {}", config.database))?;
        for step in applied {
            tracing::info!(step, "migrated");
        }
        let node = Node { origin: Origin::new(&config.domain), role: config.role, region: config.region };
        let clock = crate::clock::of(&config);
        crate::ownership::claim(&store, &node, clock.now()).await?;
        let state = State::new(Settings {
            origin: node.origin.clone(),
            store,
            clock,
            kinds: domain::kinds(),
            collections: domain::COLLECTIONS,
            description: description::of(&node, config.source_url.clone()),
            user_agent: config.user_agent.clone(),
            allow_private_addresses: config.allow_private_addresses,
            passes_on: Duties::of(node.role).passes_on.then_some(domain::region::actors::REGION),
            port: Some(config.listen.port()),
            limits: config.limits.clone(),
        });
        domain::region::establish(&state.store, &node, state.now()).await?;
        Ok(App { state, node, config })
    }

    /// All addresses of the node.
    pub fn router(&self) -> Router {
        let health = self.state.store.clone();
        let site = web::Site {
            state: self.state.clone(),
            store: self.state.store.clone(),
            node: self.node.clone(),
            clock: self.state.clock,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            repository: self.config.source_url.clone(),
            security_contact: self.config.security_contact.clone(),
            post: match &self.config.mail {
                Mail::Relay(_) => web::Post::Sent,
                Mail::Folder(folder) => web::Post::Kept(folder.display().to_string()),
                Mail::Missing => web::Post::Missing,
            },
            client: self.state.client.clone(),
        };
        let counted = Metrics::new(&self.state.metrics);
        let kept = Answers::new(self.state.store.clone());
        let router = federation::router(self.state.clone())
            .merge(web::router(site))
            .layer(from_fn_with_state(kept, kept::answer))
            .route("/healthz", get(move || healthz(health.clone())))
            .route("/metrics", get(metrics::show).with_state((self.clone(), counted.clone())))
            .layer(from_fn_with_state(counted, metrics::count))
            .layer(TraceLayer::new_for_http().make_span_with(request_span));
        shield::around(router, REQUEST).layer(axum::middleware::map_response(web::guard))
    }
}

/// Never the query, which may hold what somebody searched for, no secret of a path, and no address of a client.
fn request_span<B>(request: &http::Request<B>) -> tracing::Span {
    let path = request.uri().path();
    let path = if web::is_secret_path(path) { "(not told)" } else { path };
    tracing::info_span!("http.request", method = %request.method(), path)
}

async fn healthz(store: Store) -> (http::StatusCode, &'static str) {
    let answers = store.read(store::migrate::ping).await;
    match answers {
        Ok(()) => (http::StatusCode::OK, "ok\n"),
        Err(error) => {
            tracing::error!(%error, "health: the database does not answer");
            (http::StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n")
        }
    }
}
