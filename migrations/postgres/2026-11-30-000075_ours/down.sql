DROP INDEX objects_of_ours;
DROP INDEX actors_of_ours;
