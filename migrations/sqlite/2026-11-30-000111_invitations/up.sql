-- Imported profiles that somebody is invited to take over. Nothing of the profile changes before that.

CREATE TABLE invitations (
    id TEXT NOT NULL PRIMARY KEY,
    -- One at a time.
    producer TEXT NOT NULL UNIQUE REFERENCES producers (id) ON DELETE CASCADE,
    -- Whoever signs in by this address may take it.
    mail TEXT NOT NULL,
    made_at BIGINT NOT NULL
);
CREATE INDEX invitations_by_mail ON invitations (mail);
