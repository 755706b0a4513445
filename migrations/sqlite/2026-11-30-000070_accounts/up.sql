-- Who can sign in, and what lets them: links that are sent by mail, and the sessions that follow. Of a link and of a
-- session only the SHA-256 is kept, in hexadecimal: who reads this table cannot sign in with it.

CREATE TABLE accounts (
    id TEXT NOT NULL PRIMARY KEY,
    mail TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    language TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    -- When the person last signed in, or was given or lost a position.
    seen_at BIGINT NOT NULL
);

CREATE TABLE positions (
    position TEXT NOT NULL,
    account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    held_since BIGINT NOT NULL,
    PRIMARY KEY (position, account)
);
CREATE INDEX positions_by_account ON positions (account);

CREATE TABLE sign_in_links (
    hash TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sign_in_links_by_account ON sign_in_links (account);

CREATE TABLE sessions (
    hash TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    begun_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL
);
CREATE INDEX sessions_by_account ON sessions (account);

-- Mail that has to be sent. What is secret in a letter is made when it is sent, and stands nowhere here.
CREATE TABLE letters (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    recipient TEXT NOT NULL,
    language TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    next_at BIGINT NOT NULL,
    leased_until BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX letters_by_time ON letters (next_at);
CREATE INDEX letters_by_recipient ON letters (recipient);
