//! Actors, ours and others': one table, by id.
//!
//! A local actor has a key in [`crate::key`] and a `slice` that says what it is to the region; a remote one is a copy of
//! its document, refetched when it is stale. Invariant: a username of this host is given once and never again, since
//! other servers tie it to one id and key for ever.

use crate::outbox::{self, Audience};
use crate::{Error, Origin, follow, key, object};
use diesel::prelude::*;
use serde_json::Value;
use sha2::Digest;
use store::id::{ActivityUrl, ActorUrl, InboxUrl, ObjectUrl};
use store::schema::{actors, follows};
use store::{Conn, Timestamp, each};
use vocab::{ActorType, PublicKey};

/// A row of the table.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = actors, treat_none_as_null = true)]
pub struct Actor {
    /// The id.
    pub url: ActorUrl,
    /// Ours.
    pub local: bool,
    /// What it is to the region (`region`, `relay`, `producer`, `organisation`); empty for others' actors.
    pub slice: String,
    /// Its ActivityStreams type.
    pub actor_type: String,
    /// `preferredUsername`.
    pub username: String,
    /// Host with port.
    pub host: String,
    /// Its own inbox.
    pub inbox: InboxUrl,
    /// The inbox shared by its host, if there is one.
    pub shared_inbox: Option<InboxUrl>,
    /// Its outbox.
    pub outbox: Option<String>,
    /// Its page for people.
    pub page: Option<String>,
    /// Its name for people.
    pub name: String,
    /// The id of its key.
    pub key_id: String,
    /// Its public key, PEM.
    pub public_key: String,
    /// Its document, without `@context` when it is ours.
    pub document: String,
    /// When the document was fetched; for ours, when it last changed.
    pub fetched_at: Timestamp,
    /// When it was made, or first met.
    pub created_at: Timestamp,
    /// Set when it is gone for good.
    pub deleted_at: Option<Timestamp>,
}

impl Actor {
    /// Where a delivery for it goes: its host's shared inbox if there is one (ActivityPub §7.1.3).
    pub fn delivery_inbox(&self) -> &InboxUrl {
        self.shared_inbox.as_ref().unwrap_or(&self.inbox)
    }

    /// Its document.
    pub fn parsed(&self) -> Value {
        serde_json::from_str(&self.document).unwrap_or(Value::Null)
    }

    /// It speaks for a server, not for a person: a relay, another region, a bot.
    pub fn is_server(&self) -> bool {
        matches!(self.actor_type.as_str(), "Application" | "Group" | "Service")
    }

    /// Its public key, as its document shows it.
    pub fn shown_key(&self) -> PublicKey {
        PublicKey { id: self.key_id.clone(), owner: self.url.to_string(), public_key_pem: self.public_key.clone() }
    }

    /// `@username@host`.
    pub fn handle(&self) -> String {
        format!("@{}@{}", self.username, self.host)
    }
}

/// The frame of a document of ours: id, addresses and key; the slice adds what people read.
pub fn frame(origin: &Origin, url: &ActorUrl, kind: ActorType, username: &str, public_pem: &str) -> vocab::Actor {
    let mut actor = vocab::Actor::new(kind, url.as_str(), username, format!("{url}/inbox"));
    actor.outbox = Some(format!("{url}/outbox"));
    actor.followers = Some(format!("{url}/followers"));
    actor.following = Some(format!("{url}/following"));
    actor.url = Some(origin.profile(username));
    actor.endpoints = Some(vocab::Endpoints { shared_inbox: origin.shared_inbox().to_string() });
    actor.public_key =
        Some(PublicKey { id: key::main_key_id(url), owner: url.to_string(), public_key_pem: public_pem.to_owned() });
    let application = origin.relay();
    if *url == application {
        actor.implements = vocab::actor::IMPLEMENTS;
    } else {
        actor.generator = Some(vocab::actor::Generator::ours(application.as_str()));
    }
    actor
}

/// Makes a local actor: its row, its key and its id in the index.
///
/// # Errors
/// [`Error::Refused`] when the username is or was taken on this host.
pub fn establish(
    conn: &mut Conn,
    slice: &'static str,
    document: &vocab::Actor,
    pair: &key::KeyPair,
    now: Timestamp,
) -> Result<(), Error> {
    let url = ActorUrl::from_text(document.id.clone());
    if is_username_taken(conn, &document.preferred_username)? {
        return Err(Error::refused(url.as_str(), format!("the name {} is taken", document.preferred_username)));
    }
    let (key_id, public_key) = (key::main_key_id(&url), pair.public_pem.clone());
    let row = Actor { key_id, public_key, ..local_row(slice, &url, document, now) };
    each!(conn, c => diesel::insert_into(actors::table).values(&row).execute(c))?;
    key::keep(conn, &url, pair, now)?;
    object::enter(
        conn,
        &object::Indexed {
            url: ObjectUrl::from_text(url.as_str()),
            kind: slice.to_owned(),
            local: true,
            author: url,
            page: row.page,
            document: None, // served from the actor's row
            former_type: row.actor_type,
            published_at: now,
            updated_at: now.whole_seconds(),
            deleted_at: None,
        },
    )
}

/// Without its key.
fn local_row(slice: &str, url: &ActorUrl, document: &vocab::Actor, now: Timestamp) -> Actor {
    Actor {
        url: url.clone(),
        local: true,
        slice: slice.to_owned(),
        actor_type: document.kind.as_str().to_owned(),
        username: document.preferred_username.clone(),
        host: url.host(),
        inbox: InboxUrl::from_text(document.inbox.clone()),
        shared_inbox: document.endpoints.as_ref().map(|all| InboxUrl::from_text(all.shared_inbox.clone())),
        outbox: document.outbox.clone(),
        page: document.url.clone(),
        name: document.name.clone().unwrap_or_else(|| document.preferred_username.clone()),
        key_id: String::new(),
        public_key: String::new(),
        document: vocab::context::embedded(document).to_string(),
        fetched_at: now,
        created_at: now,
        deleted_at: None,
    }
}

/// Changes the document of a local actor and tells its followers, and those servers that follow its `presenter` (the
/// region which made it known). Nothing is sent when the document says the same as before.
///
/// # Errors
/// [`Error::Unknown`] or [`Error::Gone`].
pub fn update(
    conn: &mut Conn,
    document: &vocab::Actor,
    presenter: Option<&ActorUrl>,
    now: Timestamp,
) -> Result<Option<ActivityUrl>, Error> {
    let url = ActorUrl::from_text(document.id.clone());
    let known = alive(conn, &url)?;
    let at = object::next_version(conn, &ObjectUrl::from_text(url.as_str()), now)?;
    let document = vocab::Actor { public_key: Some(known.shown_key()), ..document.clone() };
    if vocab::context::embedded(&document) == known.parsed() {
        return Ok(None);
    }
    let Actor { key_id, public_key, created_at, slice, .. } = known;
    let row = Actor { key_id, public_key, created_at, ..local_row(&slice, &url, &document, at) };
    tell(conn, &row, presenter, now).map(Some)
}

/// Gives a local actor another key, under another id, and tells everybody whom [`update`] tells: the first thing that is signed
/// with it. What waits to be delivered is signed with it too, since each try is signed anew.
///
/// # Errors
/// [`Error::Unknown`] or [`Error::Gone`].
pub fn rekey(
    conn: &mut Conn,
    url: &ActorUrl,
    pair: &key::KeyPair,
    presenter: Option<&ActorUrl>,
    now: Timestamp,
) -> Result<ActivityUrl, Error> {
    let known = alive(conn, url)?;
    let at = object::next_version(conn, &ObjectUrl::from_text(url.as_str()), now)?;
    let mut document = known.parsed();
    let key_id = key::next_key_id(url, &known.key_id);
    let row = Actor { key_id, public_key: pair.public_pem.clone(), fetched_at: at, ..known };
    document["publicKey"] = vocab::context::embedded(&row.shown_key());
    key::replace(conn, url, pair, now)?;
    tell(conn, &Actor { document: document.to_string(), ..row }, presenter, now)
}

fn alive(conn: &mut Conn, url: &ActorUrl) -> Result<Actor, Error> {
    let known = find(conn, url)?.filter(|actor| actor.local).ok_or_else(|| Error::Unknown(url.to_string()))?;
    if known.deleted_at.is_some() {
        return Err(Error::Gone(url.to_string()));
    }
    Ok(known)
}

/// Keeps the changed row of a local actor, and sends its document.
fn tell(conn: &mut Conn, row: &Actor, presenter: Option<&ActorUrl>, now: Timestamp) -> Result<ActivityUrl, Error> {
    let (url, at) = (&row.url, row.fetched_at);
    diesel::update(actors::table.find(url)).set(row).execute(conn)?;
    object::take_in(
        conn,
        &object::Indexed {
            url: ObjectUrl::from_text(url.as_str()),
            kind: row.slice.clone(),
            local: true,
            author: url.clone(),
            page: row.page.clone(),
            document: None,
            former_type: row.actor_type.clone(),
            published_at: row.created_at,
            updated_at: at,
            deleted_at: None,
        },
    )?;
    let id = ActivityUrl::from_text(format!("{url}/updates/{}", at.as_millis() / 1000));
    let activity = vocab::Activity::update(
        id.as_str(),
        url.as_str(),
        outbox::public(),
        outbox::followers_of(url),
        at.to_jiff(),
        row.parsed(),
    );
    let activity = vocab::context::embedded(&activity);
    let audience = Audience::Profile { actor: url.clone(), presenter: presenter.cloned() };
    outbox::send(conn, url, &id, "Update", url.as_str(), &activity, audience, now)?;
    Ok(id)
}

/// Takes a local actor away for good: its page and id answer 410, everyone who knew it gets a `Delete`.
///
/// # Errors
/// [`Error::Unknown`].
pub fn delete(
    conn: &mut Conn,
    url: &ActorUrl,
    presenter: Option<&ActorUrl>,
    now: Timestamp,
) -> Result<ActivityUrl, Error> {
    let known = find(conn, url)?.filter(|actor| actor.local).ok_or_else(|| Error::Unknown(url.to_string()))?;
    let id = ActivityUrl::from_text(format!("{url}/delete"));
    let activity = vocab::Activity::delete_actor(id.as_str(), url.as_str(), outbox::public(), now.to_jiff());
    let activity = vocab::context::embedded(&activity);
    let audience = Audience::Profile { actor: url.clone(), presenter: presenter.cloned() };
    outbox::forget_activities(conn, url.as_str(), now)?;
    outbox::send(conn, url, &id, "Delete", url.as_str(), &activity, audience, now)?;
    object::bury(conn, &ObjectUrl::from_text(url.as_str()), url, now)?;
    follow::remove_all(conn, url)?;
    // The row stays, without the person: the name may not be given again, which its hash is enough for, and the key signs the
    // `Delete` until it is out.
    let (username, document) = (remains(&known.username), "{}".to_owned());
    let stone = Actor { username, name: String::new(), page: None, document, deleted_at: Some(now), ..known };
    diesel::update(actors::table.find(url)).set(&stone).execute(conn)?;
    Ok(id)
}

/// What stays of the username of an actor that is gone: enough to know it again, not to read it. No username begins so.
fn remains(username: &str) -> String {
    use std::fmt::Write;
    let hash = sha2::Sha256::digest(username.as_bytes());
    hash.iter().fold("-".to_owned(), |mut text, byte| {
        // Writing into a `String` does not fail.
        let _ok = write!(text, "{byte:02x}");
        text
    })
}

/// Keeps the fetched document of another host's actor. The caller has checked that its host speaks for it.
///
/// # Errors
/// Those of the database.
pub fn remember(conn: &mut Conn, row: &Actor) -> QueryResult<()> {
    let changed = diesel::update(actors::table.find(&row.url).filter(actors::local.eq(false)))
        .set((
            actors::actor_type.eq(&row.actor_type),
            actors::username.eq(&row.username),
            actors::inbox.eq(&row.inbox),
            actors::shared_inbox.eq(&row.shared_inbox),
            actors::outbox.eq(&row.outbox),
            actors::page.eq(&row.page),
            actors::name.eq(&row.name),
            actors::key_id.eq(&row.key_id),
            actors::public_key.eq(&row.public_key),
            actors::document.eq(&row.document),
            actors::fetched_at.eq(row.fetched_at),
        ))
        .execute(conn)?;
    if changed == 0 {
        each!(conn, c => diesel::insert_into(actors::table).values(row).on_conflict_do_nothing().execute(c))?;
    }
    let (inbox, server) = (row.delivery_inbox(), row.is_server());
    let outdated = follows::inbox.is_null().or(follows::inbox.ne(inbox)).or(follows::server.ne(server));
    diesel::update(follows::table.filter(follows::follower.eq(&row.url)).filter(outdated.assume_not_null()))
        .set((follows::inbox.eq(inbox), follows::server.eq(server)))
        .execute(conn)?;
    Ok(())
}

/// Forgets another host's actor. `false` when it was not known.
///
/// # Errors
/// Those of the database.
pub(crate) fn forget(conn: &mut Conn, url: &ActorUrl) -> QueryResult<bool> {
    diesel::delete(actors::table.find(url).filter(actors::local.eq(false))).execute(conn).map(|gone| gone == 1)
}

/// By id, gone ones included.
///
/// # Errors
/// Those of the database.
pub fn find(conn: &mut Conn, url: &ActorUrl) -> QueryResult<Option<Actor>> {
    actors::table.find(url).select(Actor::as_select()).first(conn).optional()
}

/// How many actors of another host were met since a moment.
///
/// # Errors
/// Those of the database.
pub(crate) fn count_met(conn: &mut Conn, host: &str, since: Timestamp) -> QueryResult<i64> {
    actors::table
        .filter(actors::local.eq(false))
        .filter(actors::host.eq(host))
        .filter(actors::created_at.gt(since))
        .count()
        .get_result(conn)
}

/// By the id of its key.
///
/// # Errors
/// Those of the database.
pub(crate) fn find_by_key(conn: &mut Conn, key_id: &str) -> QueryResult<Option<Actor>> {
    actors::table.filter(actors::key_id.eq(key_id)).select(Actor::as_select()).first(conn).optional()
}

/// An actor of another host by its id, its page or its handle (`name@host`), whichever a text is.
///
/// # Errors
/// Those of the database.
pub fn known_as(conn: &mut Conn, text: &str) -> QueryResult<Option<Actor>> {
    let remote = actors::table.filter(actors::local.eq(false));
    let (name, host) = text.rsplit_once('@').unwrap_or_default();
    remote
        .filter(
            actors::url
                .eq(text)
                .or(actors::page.eq(text))
                .or(actors::username.eq(name).and(actors::host.eq(host.to_ascii_lowercase()))),
        )
        .select(Actor::as_select())
        .first(conn)
        .optional()
}

/// A local actor by its username, gone ones included.
///
/// # Errors
/// Those of the database.
pub fn find_local(conn: &mut Conn, username: &str) -> QueryResult<Option<Actor>> {
    actors::table
        .filter(actors::local)
        .filter(actors::username.eq_any([username, &remains(username)]))
        .select(Actor::as_select())
        .first(conn)
        .optional()
}

/// Whether a username of this host is or was given to somebody.
///
/// # Errors
/// Those of the database.
pub fn is_username_taken(conn: &mut Conn, username: &str) -> QueryResult<bool> {
    find_local(conn, username).map(|actor| actor.is_some())
}

/// All live local actors, oldest first.
///
/// # Errors
/// Those of the database.
pub fn ours(conn: &mut Conn) -> QueryResult<Vec<Actor>> {
    let live = actors::table.filter(actors::local).filter(actors::deleted_at.is_null());
    live.order((actors::created_at, actors::url)).select(Actor::as_select()).load(conn)
}

/// The live local actors of one slice, oldest first.
///
/// # Errors
/// Those of the database.
pub fn local_of_slice(conn: &mut Conn, slice: &str) -> QueryResult<Vec<Actor>> {
    actors::table
        .filter(actors::local)
        .filter(actors::slice.eq(slice))
        .filter(actors::deleted_at.is_null())
        .order((actors::created_at, actors::url))
        .select(Actor::as_select())
        .load(conn)
}
