-- Codes that are made beforehand. The code is the key, so the table can be distributed by it; nothing of it counts.

CREATE TABLE code_batch (
    id        integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    campaign  text NOT NULL REFERENCES campaign,
    owner     text NOT NULL,
    name      text NOT NULL,
    pattern   text NOT NULL,
    count     bigint NOT NULL,
    until     timestamptz,
    made      timestamptz NOT NULL,
    maker     text NOT NULL,
    voided    timestamptz,
    UNIQUE (campaign, name)
);
COMMENT ON COLUMN code_batch.owner IS 'what its codes are codes of: a mechanic of the campaign, or coupon:name';

CREATE TABLE coupon_code (
    code       text COLLATE "C" PRIMARY KEY,
    batch      integer NOT NULL,
    member_id  bigint,
    used       timestamptz
);
COMMENT ON COLUMN coupon_code.member_id IS 'whom it was given to, or who used it';
COMMENT ON COLUMN coupon_code.used IS 'when it was used; without a member, when it was withdrawn';
CREATE INDEX coupon_code_free ON coupon_code (batch) WHERE member_id IS NULL AND used IS NULL;
