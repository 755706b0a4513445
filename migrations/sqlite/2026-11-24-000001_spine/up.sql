-- The spine: whose node this is, actors, the index of ids, what we sent, what we received, what is still to deliver.
-- Times are epoch milliseconds UTC everywhere.

CREATE TABLE node (
    id SMALLINT NOT NULL PRIMARY KEY CHECK (id = 1),
    domain TEXT NOT NULL,
    role TEXT NOT NULL,
    region TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE actors (
    url TEXT NOT NULL PRIMARY KEY,
    local BOOLEAN NOT NULL,
    slice TEXT NOT NULL,
    actor_type TEXT NOT NULL,
    username TEXT NOT NULL,
    host TEXT NOT NULL,
    inbox TEXT NOT NULL,
    shared_inbox TEXT,
    outbox TEXT,
    page TEXT,
    name TEXT NOT NULL,
    key_id TEXT NOT NULL,
    public_key TEXT NOT NULL,
    document TEXT NOT NULL,
    fetched_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    deleted_at BIGINT
);
CREATE INDEX actors_by_handle ON actors (host, username);
CREATE UNIQUE INDEX actors_local_handle ON actors (username) WHERE local;
CREATE INDEX actors_by_key ON actors (key_id);

CREATE TABLE actor_keys (
    actor TEXT NOT NULL PRIMARY KEY REFERENCES actors (url),
    private_key TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE objects (
    url TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    local BOOLEAN NOT NULL,
    author TEXT NOT NULL,
    page TEXT,
    document TEXT,
    former_type TEXT NOT NULL,
    published_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT
);
CREATE INDEX objects_by_kind ON objects (kind, local);

CREATE TABLE activities (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    url TEXT NOT NULL UNIQUE,
    actor TEXT NOT NULL,
    verb TEXT NOT NULL,
    object TEXT NOT NULL,
    document TEXT NOT NULL,
    listed BOOLEAN NOT NULL,
    published_at BIGINT NOT NULL
);
CREATE INDEX activities_by_actor ON activities (actor, listed, id);
CREATE INDEX activities_by_object ON activities (object);

CREATE TABLE follows (
    follower TEXT NOT NULL,
    followed TEXT NOT NULL,
    activity TEXT NOT NULL,
    document TEXT NOT NULL,
    state TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    answered_at BIGINT,
    PRIMARY KEY (follower, followed)
);
CREATE INDEX follows_by_followed ON follows (followed, state);
CREATE INDEX follows_by_activity ON follows (activity);

CREATE TABLE inbox_items (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    activity TEXT NOT NULL UNIQUE,
    sender TEXT NOT NULL,
    recipient TEXT,
    body BLOB NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    attempts INTEGER NOT NULL,
    next_at BIGINT NOT NULL,
    leased_until BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    finished_at BIGINT
);
CREATE INDEX inbox_items_waiting ON inbox_items (sender, id) WHERE state = 'waiting';
CREATE INDEX inbox_items_due ON inbox_items (next_at) WHERE state = 'waiting';

CREATE TABLE deliveries (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    activity TEXT NOT NULL,
    actor TEXT NOT NULL,
    inbox TEXT NOT NULL,
    host TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    next_at BIGINT NOT NULL,
    leased_until BIGINT NOT NULL,
    last_status INTEGER,
    last_error TEXT,
    created_at BIGINT NOT NULL,
    finished_at BIGINT
);
CREATE UNIQUE INDEX deliveries_once ON deliveries (activity, inbox);
CREATE INDEX deliveries_waiting ON deliveries (actor, host, id) WHERE state = 'waiting';
CREATE INDEX deliveries_due ON deliveries (next_at) WHERE state = 'waiting';

CREATE TABLE delivery_attempts (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    delivery BIGINT NOT NULL REFERENCES deliveries (id),
    at BIGINT NOT NULL,
    status INTEGER,
    error TEXT,
    duration_ms BIGINT NOT NULL
);
CREATE INDEX delivery_attempts_by_delivery ON delivery_attempts (delivery);

CREATE TABLE peers (
    host TEXT NOT NULL PRIMARY KEY,
    software TEXT,
    software_version TEXT,
    nodeinfo_at BIGINT,
    failures INTEGER NOT NULL,
    failing_since BIGINT,
    probe_at BIGINT NOT NULL,
    last_ok_at BIGINT,
    last_heard_at BIGINT,
    last_error TEXT,
    blocked BOOLEAN NOT NULL
);

CREATE TABLE backfills (
    actor TEXT NOT NULL PRIMARY KEY,
    state TEXT NOT NULL,
    next_page TEXT,
    received INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    next_at BIGINT NOT NULL,
    leased_until BIGINT NOT NULL,
    last_error TEXT,
    created_at BIGINT NOT NULL,
    finished_at BIGINT
);

CREATE TABLE leases (
    name TEXT NOT NULL PRIMARY KEY,
    holder TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
