-- Who answers for the node (GDPR Art. 4(7)), and the addresses at which somebody may say so for the first time.

CREATE TABLE controller (
    id SMALLINT NOT NULL PRIMARY KEY CHECK (id = 1),
    name TEXT NOT NULL,
    business_id TEXT,
    mail TEXT NOT NULL,
    -- Which version of the texts that come with the program was agreed to.
    texts TEXT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE setup_links (
    hash TEXT NOT NULL PRIMARY KEY,
    expires_at BIGINT NOT NULL
);
