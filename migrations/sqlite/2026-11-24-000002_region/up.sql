-- The region's things. A row is ours (`local`) or learnt from a region that we follow; `origin` is the host it lives on.
-- Lists, language maps and small groups (a place, a picture, a pay) are JSON in TEXT.

CREATE TABLE organisations (
    id TEXT NOT NULL PRIMARY KEY,
    url TEXT NOT NULL UNIQUE,
    local BOOLEAN NOT NULL,
    region TEXT NOT NULL,
    origin TEXT NOT NULL,
    page TEXT NOT NULL,
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    municipality TEXT,
    website TEXT,
    description TEXT NOT NULL,
    state TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    published_at BIGINT,
    received_at BIGINT
);
CREATE UNIQUE INDEX organisations_by_slug ON organisations (origin, slug);

CREATE TABLE producers (
    id TEXT NOT NULL PRIMARY KEY,
    url TEXT NOT NULL UNIQUE,
    local BOOLEAN NOT NULL,
    region TEXT NOT NULL,
    origin TEXT NOT NULL,
    page TEXT NOT NULL,
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    headline TEXT,
    bio TEXT,
    municipality TEXT,
    skills TEXT NOT NULL,
    languages TEXT NOT NULL,
    fields TEXT NOT NULL,
    links TEXT NOT NULL,
    remote BOOLEAN NOT NULL,
    state TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    published_at BIGINT,
    received_at BIGINT
);
CREATE UNIQUE INDEX producers_by_slug ON producers (origin, slug);

CREATE TABLE consents (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    person TEXT NOT NULL,
    field TEXT NOT NULL,
    scope TEXT NOT NULL,
    consent_text TEXT NOT NULL,
    channel TEXT NOT NULL,
    given_at BIGINT NOT NULL,
    withdrawn_at BIGINT
);
CREATE INDEX consents_by_person ON consents (person, field);

CREATE TABLE events (
    id TEXT NOT NULL PRIMARY KEY,
    url TEXT NOT NULL UNIQUE,
    local BOOLEAN NOT NULL,
    region TEXT NOT NULL,
    origin TEXT NOT NULL,
    page TEXT NOT NULL,
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    blurb TEXT NOT NULL,
    content TEXT NOT NULL,
    language TEXT NOT NULL,
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    zone TEXT NOT NULL,
    status TEXT NOT NULL,
    category TEXT NOT NULL,
    place TEXT,
    locality TEXT,
    online_url TEXT,
    participation_url TEXT,
    capacity INTEGER,
    picture TEXT,
    tags TEXT NOT NULL,
    organiser TEXT,
    state TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    published_at BIGINT,
    received_at BIGINT
);
CREATE UNIQUE INDEX events_by_slug ON events (origin, slug);
CREATE INDEX events_by_start ON events (state, starts_at);

CREATE TABLE tasks (
    id TEXT NOT NULL PRIMARY KEY,
    url TEXT NOT NULL UNIQUE,
    local BOOLEAN NOT NULL,
    region TEXT NOT NULL,
    origin TEXT NOT NULL,
    page TEXT NOT NULL,
    slug TEXT NOT NULL,
    title TEXT NOT NULL,
    description TEXT NOT NULL,
    language TEXT NOT NULL,
    client TEXT,
    kind TEXT NOT NULL,
    engagement TEXT NOT NULL,
    pay TEXT,
    unpaid_reason TEXT,
    hours INTEGER,
    starts_on TEXT,
    ends_on TEXT,
    deadline_at BIGINT,
    municipality TEXT,
    remote BOOLEAN NOT NULL,
    skills TEXT NOT NULL,
    languages TEXT NOT NULL,
    seats INTEGER NOT NULL,
    state TEXT NOT NULL,
    closed_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    published_at BIGINT,
    received_at BIGINT
);
CREATE UNIQUE INDEX tasks_by_slug ON tasks (origin, slug);
CREATE INDEX tasks_by_state ON tasks (state, published_at);

-- What a row was imported from, and the hash of its content then: the same import twice changes nothing.
CREATE TABLE imports (
    source TEXT NOT NULL,
    source_id TEXT NOT NULL,
    slice TEXT NOT NULL,
    row_id TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    imported_at BIGINT NOT NULL,
    PRIMARY KEY (source, source_id)
);
CREATE INDEX imports_by_row ON imports (row_id);
