-- Finding members; erasing them; what a second person has to sign.

ALTER TABLE member ADD COLUMN erased boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN member.erased IS 'nobody''s any more: its id is random, the books stay';

CREATE INDEX identity_prefix ON identity (subject COLLATE "C");
CREATE INDEX identity_member ON identity (member_id);
CREATE INDEX compensation_member_member ON compensation_member (member_id);

ALTER TABLE member_personal
    ADD COLUMN name_key text COLLATE "C"
        GENERATED ALWAYS AS (left(lower(fields::jsonb ->> 'name'), 100)) STORED,
    ADD COLUMN phone_key text COLLATE "C"
        GENERATED ALWAYS AS (reverse(left(regexp_replace(fields::jsonb ->> 'phone', '[^0-9]', '', 'g'), 40))) STORED;
CREATE INDEX member_personal_name ON member_personal (name_key, member_id) WHERE name_key IS NOT NULL;
CREATE INDEX member_personal_phone ON member_personal (phone_key, member_id) WHERE phone_key IS NOT NULL;
COMMENT ON COLUMN member_personal.name_key IS 'to search by how a name begins; goes with the row';
COMMENT ON COLUMN member_personal.phone_key IS 'the digits from the last to the first, to search by how a number ends';

CREATE TABLE act_request (
    number     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind       text NOT NULL,
    member_id  bigint NOT NULL,
    data       text NOT NULL,
    reason     text NOT NULL,
    key        text UNIQUE,
    maker      text NOT NULL,
    asked      timestamptz NOT NULL,
    status     text NOT NULL DEFAULT 'waiting'
               CHECK (status IN ('waiting', 'signed', 'done', 'refused', 'declined', 'withdrawn')),
    checker    text,
    decided    timestamptz,
    answer     text,
    CONSTRAINT the_maker_is_never_the_checker
        CHECK (checker IS NULL OR checker <> maker OR status = 'withdrawn')
);
CREATE INDEX act_request_open ON act_request (number) WHERE status IN ('waiting', 'signed');
CREATE UNIQUE INDEX act_request_one_erasure ON act_request (member_id)
    WHERE kind = 'member.erased' AND status IN ('waiting', 'signed');
CREATE INDEX act_request_member ON act_request (member_id, number);
COMMENT ON TABLE act_request IS 'what somebody wants done to a member and another has to sign';
COMMENT ON COLUMN act_request.data IS 'JSON: what the event will say; it names nobody';
COMMENT ON COLUMN act_request.answer IS 'why it was refused or declined';

CREATE TABLE amendment (
    campaign  text NOT NULL,
    version   integer NOT NULL,
    base      integer NOT NULL,
    changes   text NOT NULL,
    PRIMARY KEY (campaign, version),
    FOREIGN KEY (campaign, version) REFERENCES plan_version
);
COMMENT ON TABLE amendment IS 'versions that only add stock or budget to the one that ran when they were made';
