-- What those who hold a position did and looked at, for whom it concerns to read.

CREATE TABLE audit (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    at BIGINT NOT NULL,
    -- Who it was; nothing for the clock, for the operator, and for somebody whose account is gone.
    account TEXT REFERENCES accounts (id) ON DELETE SET NULL,
    -- What they were for the region then, or `operator`, or `clock`.
    position TEXT NOT NULL,
    deed TEXT NOT NULL,
    -- What or whom it was about: a kind of thing and its id.
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    -- What it was called then; empty for people.
    name TEXT NOT NULL,
    -- A reason, or the names of fields; may be empty.
    detail TEXT NOT NULL
);
CREATE INDEX audit_by_subject ON audit (kind, subject);
CREATE INDEX audit_by_account ON audit (account);
CREATE INDEX audit_by_time ON audit (at);
