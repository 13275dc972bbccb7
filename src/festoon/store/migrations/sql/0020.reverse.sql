-- Takes out what 0020.sql made.

DROP INDEX held_grant_since;
DROP TABLE stored_answer;
