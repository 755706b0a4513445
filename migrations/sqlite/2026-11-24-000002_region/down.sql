DROP TABLE imports;
DROP TABLE tasks;
DROP TABLE events;
DROP TABLE consents;
DROP TABLE producers;
DROP TABLE organisations;
