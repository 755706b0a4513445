-- The desk of those who run the node: drafts that are to be published at a time, answers that somebody has seen to, files
-- that were handed in to be imported.

CREATE TABLE scheduled (
    url TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    row_id TEXT NOT NULL,
    at BIGINT NOT NULL,
    -- The message that says why it was not published when it was due.
    refused TEXT
);
CREATE INDEX scheduled_by_time ON scheduled (at);

CREATE TABLE settled_answers (
    url TEXT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL
);

CREATE TABLE files_in_hand (
    id TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    position TEXT NOT NULL,
    format TEXT NOT NULL,
    name TEXT NOT NULL,
    content BLOB NOT NULL,
    state TEXT NOT NULL,
    -- What came of it so far, JSON.
    outcome TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);
CREATE INDEX files_in_hand_by_account ON files_in_hand (account);
