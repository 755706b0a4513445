DROP INDEX replies_by_age;
