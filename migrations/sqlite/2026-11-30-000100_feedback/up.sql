-- What people tell of what does not work for them, and the day by which they have to have an answer.
CREATE TABLE feedback (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    text TEXT NOT NULL,
    -- The page that it is about, as it was told.
    page TEXT,
    -- Where the answer goes, if the person wants one.
    mail TEXT,
    -- The language of the page that it was told on.
    language TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    answered_at BIGINT
);
CREATE INDEX feedback_by_due ON feedback (answered_at, due_at);
