-- Takes out what 0011.sql made.

DROP TABLE sighting;
