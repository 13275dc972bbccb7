-- Rewards that are set aside until somebody decides on them.

CREATE TABLE held_grant (
    member_id  bigint NOT NULL,
    id         text NOT NULL,
    owner      text NOT NULL,
    why        text NOT NULL CHECK (why IN ('promise', 'risk')),
    name       text NOT NULL,
    since      timestamptz NOT NULL,
    lapses     timestamptz,
    aside      text NOT NULL,
    data       text NOT NULL DEFAULT '{}',
    PRIMARY KEY (member_id, id)
);
COMMENT ON COLUMN held_grant.owner IS 'campaign/mechanic';
COMMENT ON COLUMN held_grant.why IS 'promise: the mechanic decides it; risk: somebody has to look at it';
COMMENT ON COLUMN held_grant.aside IS 'JSON; its legs are [asset, source, beside, target, amount, lasts]';
