-- A second step when somebody signs in (RFC 6238), and positions that are offered to somebody.

CREATE TABLE second_steps (
    account TEXT NOT NULL PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    -- Base32. It has to be known to be checked; alone it lets nobody in.
    secret TEXT NOT NULL,
    -- When its owner first showed a code of it; until then it counts for nothing.
    confirmed_at BIGINT,
    -- The last half minute of which a code was taken: none is taken twice.
    last_step BIGINT NOT NULL,
    -- Wrong codes, and since when.
    failures INTEGER NOT NULL,
    failing_since BIGINT NOT NULL
);

-- What lets in once without the device; SHA-256, in hexadecimal.
CREATE TABLE recovery_codes (
    hash TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE
);
CREATE INDEX recovery_codes_by_account ON recovery_codes (account);

-- When the second step of a session was taken.
ALTER TABLE sessions ADD COLUMN second_at BIGINT;

CREATE TABLE position_offers (
    id TEXT NOT NULL PRIMARY KEY,
    position TEXT NOT NULL,
    giver TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    -- The giver's own position changes hands; else the receiver gets one beside those who hold it.
    gives_up BOOLEAN NOT NULL,
    receiver TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    made_at BIGINT NOT NULL
);
CREATE INDEX position_offers_by_giver ON position_offers (giver);
CREATE INDEX position_offers_by_receiver ON position_offers (receiver);
