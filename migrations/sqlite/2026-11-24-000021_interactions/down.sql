ALTER TABLE inbox_items DROP COLUMN synchronization;
DROP TABLE taken_back;
DROP TABLE blocks;
DROP TABLE reports;
DROP TABLE quotes;
DROP TABLE replies;
DROP TABLE reactions;
