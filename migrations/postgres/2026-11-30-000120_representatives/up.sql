-- Who speaks for an organisation.

CREATE TABLE representatives (
    organisation TEXT NOT NULL REFERENCES organisations (id) ON DELETE CASCADE,
    account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    named_at BIGINT NOT NULL,
    PRIMARY KEY (organisation, account)
);
CREATE INDEX representatives_by_account ON representatives (account);
