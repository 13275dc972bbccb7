-- Takes out what 0013.sql made.

DROP TABLE compensation_member, compensation;
