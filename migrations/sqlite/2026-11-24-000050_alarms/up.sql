-- What the operator has to look at, each once, for as long as it lasts.
CREATE TABLE alarms (
    name TEXT NOT NULL PRIMARY KEY,
    -- What it is about in a number, by the name: for `clock` the milliseconds that it is ahead of the others.
    value BIGINT NOT NULL,
    since BIGINT NOT NULL
);
