DROP TABLE files_in_hand;
DROP TABLE settled_answers;
DROP TABLE scheduled;
