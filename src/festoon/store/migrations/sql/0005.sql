-- What a member owes: taken back and spent before. It is never above zero.

ALTER TABLE account DROP CONSTRAINT never_below_its_floor;
ALTER TABLE account ADD CONSTRAINT never_below_its_floor
    CHECK (CASE part WHEN '@owed' THEN balance <= 0 ELSE balance >= floor END);
