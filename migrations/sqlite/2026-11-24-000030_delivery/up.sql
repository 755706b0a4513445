-- Delivery by host: what a delivery is about, what keeps a distance to the next, whom a host was told of; the inboxes of
-- followers beside their follows, so that addressing costs by the number of hosts.

-- What it is about (the activity's object). Deliveries of one topic to one host keep their order; others do not wait.
ALTER TABLE deliveries ADD COLUMN topic TEXT NOT NULL DEFAULT '';
-- Milliseconds that the host is left alone by others of this kind after it was sent; 0 for none.
ALTER TABLE deliveries ADD COLUMN gap BIGINT NOT NULL DEFAULT 0;
UPDATE deliveries SET topic = COALESCE((SELECT object FROM activities WHERE activities.url = deliveries.activity), '');
DROP INDEX deliveries_waiting;
CREATE INDEX deliveries_waiting ON deliveries (host, id) WHERE state = 'waiting';
DROP INDEX deliveries_due;
CREATE INDEX deliveries_due ON deliveries (host, next_at) WHERE state = 'waiting';
CREATE INDEX deliveries_topics ON deliveries (host, topic, id) WHERE state = 'waiting';
CREATE INDEX deliveries_held ON deliveries (id) WHERE state = 'waiting' AND leased_until > 0;

-- Where the follower is reached, its host's shared inbox if there is one, and whether it speaks for a server.
ALTER TABLE follows ADD COLUMN inbox TEXT;
ALTER TABLE follows ADD COLUMN server BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE follows SET
    inbox = (SELECT COALESCE(shared_inbox, inbox) FROM actors WHERE actors.url = follows.follower AND NOT actors.local),
    server = COALESCE(
        (SELECT actor_type IN ('Application', 'Group', 'Service') FROM actors WHERE actors.url = follows.follower), FALSE);
CREATE INDEX follows_by_inbox ON follows (followed, server, inbox) WHERE state = 'accepted';

-- When it was last tried out of turn because it had shown life.
ALTER TABLE peers ADD COLUMN hurried_at BIGINT NOT NULL DEFAULT 0;

-- Inboxes that answer 404 or 410, or point elsewhere: whose owners are asked for again, and dropped when they are gone.
CREATE TABLE missing_inboxes (
    inbox TEXT NOT NULL PRIMARY KEY,
    misses INTEGER NOT NULL,
    since BIGINT NOT NULL,
    urgent BOOLEAN NOT NULL,
    checked_at BIGINT NOT NULL
);

-- Which servers a host was told of by announcements of ours, and when first.
CREATE TABLE introductions (
    peer TEXT NOT NULL,
    subject TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (peer, subject)
);
