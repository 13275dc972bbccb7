-- Making good: what is given because of a fault or to a list, and what is taken back, each member once.

CREATE TABLE compensation (
    id         text PRIMARY KEY,
    campaign   text NOT NULL REFERENCES campaign,
    status     text NOT NULL CHECK (status IN ('in_review', 'approved', 'running', 'done')),
    source     text NOT NULL,
    preview    text NOT NULL,
    event      text NOT NULL,
    digest     text NOT NULL,
    maker      text NOT NULL,
    submitted  timestamptz NOT NULL,
    checker    text,
    approved   timestamptz,
    done       timestamptz,
    CONSTRAINT the_maker_is_never_the_checker CHECK (checker IS NULL OR checker <> maker)
);
COMMENT ON COLUMN compensation.event IS 'JSON: what is the same in every member''s event';
COMMENT ON COLUMN compensation.digest IS 'SHA-256 over the file and the members that it was signed for';

CREATE TABLE compensation_member (
    compensation  text NOT NULL REFERENCES compensation,
    member_id     bigint NOT NULL,
    subject       text NOT NULL,
    data          text NOT NULL,
    state         text CHECK (state IN ('done', 'refused')),
    outcome       text,
    PRIMARY KEY (compensation, member_id)
);
CREATE INDEX compensation_member_open ON compensation_member (compensation, member_id) WHERE state IS NULL;
COMMENT ON COLUMN compensation_member.data IS 'JSON: what is this member''s own in his event';
