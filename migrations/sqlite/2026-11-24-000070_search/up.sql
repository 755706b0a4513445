-- What can be found by words: every thing that everybody may see, ours and learnt.
CREATE TABLE searchable (
    number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    -- The ActivityPub id.
    url TEXT NOT NULL UNIQUE,
    -- The slice: `event`, `task`, `producer`, `organisation`.
    kind TEXT NOT NULL,
    -- When it happens, was published or last changed: what is nearest in time is shown first.
    moment BIGINT NOT NULL,
    -- Since when, or from when on, it is over.
    over_at BIGINT,
    -- The thing's own, of the version whose words are here.
    updated_at BIGINT NOT NULL,
    -- By which rules its words were made; those of an older program are made again.
    rules INTEGER NOT NULL
);

-- From a word to the numbers of the things that have it. Holds no text, and each word as the program made it: the
-- tokenizer only parts them at blanks. Beginnings of so many letters have lists of their own: they are what many words begin
-- with, and to put the lists of all these words together takes ten times as long.
CREATE VIRTUAL TABLE search_words USING fts5(
    words, content = '', contentless_delete = 1, detail = none, prefix = '3 4 5 6', tokenize = "ascii tokenchars '='"
);
