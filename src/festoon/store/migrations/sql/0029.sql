-- Amounts that are given and cannot be spent yet stand beside rewards that are not given yet.

ALTER TABLE held_grant DROP CONSTRAINT held_grant_why_check;
ALTER TABLE held_grant ADD CONSTRAINT held_grant_why_check CHECK (why IN ('promise', 'risk', 'pending'));
COMMENT ON COLUMN held_grant.why IS
    'promise: the mechanic decides it; risk: somebody has to look at it; pending: it is his, and can be spent later';
