-- Takes out what 0009.sql made.

ALTER TABLE member DROP COLUMN absorbed;
ALTER TABLE member DROP COLUMN merged_into;
