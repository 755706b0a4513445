-- What others have sent is let go by its age.
CREATE INDEX replies_by_age ON replies (received_at);
