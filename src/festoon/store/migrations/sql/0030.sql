-- What experiments that learn have learned: one row for every time their weights were learned anew.
CREATE TABLE learned_policy (
    campaign    text NOT NULL REFERENCES campaign,
    experiment  text NOT NULL,
    version     integer NOT NULL CHECK (version > 0),
    due         timestamptz NOT NULL,
    since       timestamptz NOT NULL,
    weights     text NOT NULL,
    tried       text NOT NULL,
    PRIMARY KEY (campaign, experiment, version),
    UNIQUE (campaign, experiment, due)
);
COMMENT ON COLUMN learned_policy.due IS 'the instant of the rhythm that it was learned for';
COMMENT ON COLUMN learned_policy.since IS 'from when on it is followed';
COMMENT ON COLUMN learned_policy.weights IS 'JSON: by context, each arm with its propensity in ten thousand';
COMMENT ON COLUMN learned_policy.tried IS 'JSON: by context and arm, how many members it was learned from and of how many it was a success';
