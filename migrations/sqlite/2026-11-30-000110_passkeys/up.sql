-- Passkeys (WebAuthn): what somebody signs in by beside the link that comes by mail.

CREATE TABLE passkeys (
    id TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    -- The id that the device gave it, in base64url.
    credential TEXT NOT NULL UNIQUE,
    -- What its owner calls it.
    name TEXT NOT NULL,
    -- The public key, and how often the device says it was used. It lets nobody in.
    public_key TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX passkeys_by_account ON passkeys (account);

-- What a device was asked to sign: good once and for a few minutes.
CREATE TABLE passkey_challenges (
    -- SHA-256 of what the browser shows for it, in hexadecimal.
    hash TEXT NOT NULL PRIMARY KEY,
    -- Who registers a key by it; nothing when somebody signs in.
    account TEXT REFERENCES accounts (id) ON DELETE CASCADE,
    state TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX passkey_challenges_by_account ON passkey_challenges (account);
CREATE INDEX passkey_challenges_ending ON passkey_challenges (expires_at);
