-- Members: who asked for an account, what they write about themselves, and what they let the node publish.

-- Which version of the terms was agreed to; nothing for those who were appointed.
ALTER TABLE accounts ADD COLUMN terms TEXT;
-- When the account goes for good; set while its person may still think better of it.
ALTER TABLE accounts ADD COLUMN leaves_at BIGINT;
CREATE INDEX accounts_leaving ON accounts (leaves_at);

-- Addresses that are proven by a letter before there is an account. Kept as the SHA-256 of what the letter holds.
CREATE TABLE join_links (
    hash TEXT NOT NULL PRIMARY KEY,
    mail TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);

-- What a letter says that was not written by the program: a coordinator's reason.
ALTER TABLE letters ADD COLUMN note TEXT;

-- The account whose person writes the profile; nothing for one that was imported.
ALTER TABLE producers ADD COLUMN account TEXT;
CREATE UNIQUE INDEX producers_by_account ON producers (account);
-- Titles, levels, regions, forms of engagement, availability, portfolio.
ALTER TABLE producers ADD COLUMN work TEXT NOT NULL DEFAULT '{}';
-- Which picture, and what it shows.
ALTER TABLE producers ADD COLUMN picture TEXT;
-- When its person asked for it to be published; nothing when it waits for nobody.
ALTER TABLE producers ADD COLUMN asked_at BIGINT;
-- Why the coordinator gave it back.
ALTER TABLE producers ADD COLUMN returned TEXT;

-- The SHA-256 of the text that was shown, and its language; nothing for consents that were given elsewhere.
ALTER TABLE consents ADD COLUMN text_hash TEXT;
ALTER TABLE consents ADD COLUMN language TEXT;

-- Pictures as the node made them anew from what was uploaded.
CREATE TABLE pictures (
    id TEXT NOT NULL PRIMARY KEY,
    producer TEXT NOT NULL,
    media_type TEXT NOT NULL,
    bytes BYTEA NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX pictures_by_producer ON pictures (producer);
