-- How far a campaign was opened by hand.

CREATE TABLE rollout_step (
    campaign  text NOT NULL REFERENCES campaign,
    at        timestamptz NOT NULL,
    share     integer NOT NULL CHECK (share BETWEEN 0 AND 10000),
    PRIMARY KEY (campaign, at)
);
COMMENT ON TABLE rollout_step IS 'commands: from an instant on, so many members in ten thousand may take part';
