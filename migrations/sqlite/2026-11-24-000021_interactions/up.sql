-- What others say about our things and to our actors: reactions, replies, quotes, reports, blocks; what was taken back
-- before it came; and the header by which a sender tells whom of this node it counts among its followers (FEP-8fcf).

CREATE TABLE reactions (
    actor TEXT NOT NULL,
    object TEXT NOT NULL,
    verb TEXT NOT NULL,
    activity TEXT NOT NULL,
    content TEXT,
    received_at BIGINT NOT NULL,
    PRIMARY KEY (actor, object, verb)
);
CREATE INDEX reactions_by_object ON reactions (object, verb);
CREATE INDEX reactions_by_activity ON reactions (activity);

CREATE TABLE replies (
    url TEXT NOT NULL PRIMARY KEY,
    object TEXT NOT NULL,
    parent TEXT NOT NULL,
    author TEXT NOT NULL,
    public BOOLEAN NOT NULL,
    content TEXT NOT NULL,
    language TEXT,
    page TEXT,
    published_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    received_at BIGINT NOT NULL
);
CREATE INDEX replies_by_object ON replies (object, public, published_at);
CREATE INDEX replies_by_author ON replies (author, object);

CREATE TABLE quotes (
    url TEXT NOT NULL PRIMARY KEY,
    object TEXT NOT NULL,
    instrument TEXT NOT NULL,
    author TEXT NOT NULL,
    quoter TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX quotes_once ON quotes (object, instrument);
CREATE INDEX quotes_by_instrument ON quotes (instrument);
CREATE INDEX quotes_by_quoter ON quotes (quoter);

CREATE TABLE reports (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    activity TEXT NOT NULL UNIQUE,
    reporter TEXT NOT NULL,
    host TEXT NOT NULL,
    objects TEXT NOT NULL,
    content TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    resolved_at BIGINT
);
CREATE INDEX reports_open ON reports (host) WHERE resolved_at IS NULL;

CREATE TABLE blocks (
    blocker TEXT NOT NULL,
    blocked TEXT NOT NULL,
    activity TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (blocker, blocked)
);
CREATE INDEX blocks_by_activity ON blocks (activity);

CREATE TABLE taken_back (
    id TEXT NOT NULL,
    actor TEXT NOT NULL,
    host TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (id, actor)
);
CREATE INDEX taken_back_by_host ON taken_back (host, at);

ALTER TABLE inbox_items ADD COLUMN synchronization TEXT;
