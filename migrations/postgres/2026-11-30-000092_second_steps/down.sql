DROP TABLE position_offers;
DROP TABLE recovery_codes;
DROP TABLE second_steps;
ALTER TABLE sessions DROP COLUMN second_at;
