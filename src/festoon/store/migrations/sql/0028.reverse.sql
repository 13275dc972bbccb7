ALTER TABLE campaign DROP COLUMN archived;
DROP TABLE work_state;
