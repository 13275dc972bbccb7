-- Where members were seen, for the rules about risk.

CREATE TABLE sighting (
    member_id  bigint NOT NULL,
    kind       text NOT NULL,
    value      text NOT NULL,
    seen       date NOT NULL,
    PRIMARY KEY (member_id, kind, value)
);
CREATE INDEX sighting_place ON sighting (kind, value, seen);
COMMENT ON COLUMN sighting.value IS 'a keyed digest of the device or address range; of kind inviter, a member''s number';
