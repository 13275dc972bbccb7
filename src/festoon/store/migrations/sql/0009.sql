-- Two accounts of one person.

ALTER TABLE member ADD COLUMN merged_into bigint;
ALTER TABLE member ADD COLUMN absorbed bigint[];
COMMENT ON COLUMN member.merged_into IS 'the number that this account of a person has become part of';
COMMENT ON COLUMN member.absorbed IS 'the numbers that have become part of this one; the journal still names them';
