-- Takes out what 0003.sql made; refused while somebody owes something.

ALTER TABLE account DROP CONSTRAINT never_below_its_floor;
ALTER TABLE account ADD CONSTRAINT never_below_its_floor CHECK (balance >= floor);
