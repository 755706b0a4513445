DROP TABLE letters;
DROP TABLE sessions;
DROP TABLE sign_in_links;
DROP TABLE positions;
DROP TABLE accounts;
