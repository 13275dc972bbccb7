-- How far the work of campaigns is and what state their risks are in, and which campaigns are put away.
CREATE TABLE work_state (
    kind         text NOT NULL CHECK (kind IN ('task', 'risk')),
    campaign     text NOT NULL REFERENCES campaign,
    id           text NOT NULL,
    state        text NOT NULL,
    by           text NOT NULL,
    at           timestamptz NOT NULL,
    note         text NOT NULL DEFAULT '',
    next_review  date,
    PRIMARY KEY (kind, campaign, id)
);
COMMENT ON TABLE work_state IS 'what people set while a plan is carried out; it stands over what the plan says';

ALTER TABLE campaign ADD COLUMN archived timestamptz;
COMMENT ON COLUMN campaign.archived IS 'when somebody put it away; its books, its statements and its reports stay';
