-- Members who stay away: when they were written to, and when their profile was hidden.

CREATE TABLE absences (
    account TEXT NOT NULL PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    -- When the first letter left; the second one; and when nobody saw the profile any more.
    first_at BIGINT NOT NULL,
    second_at BIGINT,
    hidden_at BIGINT
);
