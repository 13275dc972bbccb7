-- Takes out what 0002.sql made.

DROP TABLE relay_generation;
ALTER TABLE publication DROP COLUMN xid;
