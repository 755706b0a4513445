DROP TABLE search_words;
DROP TABLE searchable;
