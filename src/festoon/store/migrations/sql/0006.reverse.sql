-- Takes out what 0006.sql made.

DROP TABLE held_grant;
