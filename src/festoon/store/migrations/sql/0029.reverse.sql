ALTER TABLE held_grant DROP CONSTRAINT held_grant_why_check;
ALTER TABLE held_grant ADD CONSTRAINT held_grant_why_check CHECK (why IN ('promise', 'risk'));
COMMENT ON COLUMN held_grant.why IS 'promise: the mechanic decides it; risk: somebody has to look at it';
