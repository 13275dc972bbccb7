-- Photos and words that members hand in as proof, kept by us.

CREATE TABLE handed_in (
    member_id  bigint NOT NULL,
    name       text NOT NULL,
    campaign   text NOT NULL,
    mechanic   text NOT NULL,
    day        date NOT NULL,
    at         timestamptz NOT NULL,
    photo      bytea,
    small      bytea,
    words      text,
    beside     text NOT NULL DEFAULT '',
    PRIMARY KEY (member_id, name),
    CHECK ((photo IS NULL) = (small IS NULL) AND (photo IS NULL) <> (words IS NULL))
);
ALTER TABLE handed_in ALTER photo SET STORAGE EXTERNAL, ALTER small SET STORAGE EXTERNAL;
CREATE INDEX handed_in_at ON handed_in (at);
COMMENT ON TABLE handed_in IS 'personal: destroyed when the member is erased, and after its time';
