-- The audit trail is searched.
CREATE INDEX audit_entry_actor ON audit_entry (actor text_pattern_ops, number);
CREATE INDEX audit_entry_act ON audit_entry (act text_pattern_ops, number);
CREATE INDEX audit_entry_object ON audit_entry (object text_pattern_ops, number);

-- Signing off: who made a version (编制), reviewed (审核) and approved (批准) it, and what was said meanwhile.
ALTER TABLE plan_version ADD COLUMN reviewer text, ADD COLUMN reviewed timestamptz;
ALTER TABLE plan_version ADD CONSTRAINT three_people_sign
    CHECK (reviewer IS NULL OR (reviewer <> maker AND (checker IS NULL OR checker <> reviewer)));

CREATE TABLE plan_remark (
    campaign  text NOT NULL,
    version   integer NOT NULL,
    number    integer NOT NULL,
    at        timestamptz NOT NULL,
    actor     text NOT NULL,
    act       text NOT NULL,
    text      text NOT NULL,
    PRIMARY KEY (campaign, version, number),
    FOREIGN KEY (campaign, version) REFERENCES plan_version
);
COMMENT ON COLUMN plan_remark.act IS 'what was done with it: submit, review, approve, send_back, withdraw, or comment';
