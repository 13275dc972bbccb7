-- For which version of each mechanic kind a plan was written.

ALTER TABLE plan_version ADD COLUMN kinds text NOT NULL DEFAULT '{}';
COMMENT ON COLUMN plan_version.kinds IS 'JSON: the versions of the mechanic kinds when the plan was submitted';
