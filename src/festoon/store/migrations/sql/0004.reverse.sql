ALTER TABLE plan_version DROP COLUMN kinds;
