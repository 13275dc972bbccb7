CREATE OR REPLACE FUNCTION journal_extend(ahead integer DEFAULT 2) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    width  bigint := (SELECT partition_rows FROM installation);
    first  bigint;
    made   integer := 0;
    low    bigint;
    called text;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('festoon.journal_extend'));
    SELECT last_value / width INTO first FROM event_seq;
    FOR number IN first .. first + ahead - 1 LOOP
        called := format('event_%s', lpad(number::text, 6, '0'));
        CONTINUE WHEN to_regclass(called) IS NOT NULL;
        low := number * width;
        EXECUTE format('CREATE TABLE %I (LIKE event INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', called);
        EXECUTE format('ALTER TABLE %I ADD CHECK (seq >= %s AND seq < %s)', called, low, low + width);
        EXECUTE format('CREATE UNIQUE INDEX ON %I (member_id, key)', called);
        EXECUTE format('CREATE INDEX ON %I USING brin (xid) WITH (pages_per_range = 16)', called);
        EXECUTE format('CREATE INDEX ON %I USING brin (seq) WITH (pages_per_range = 16)', called);
        EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %I '
                       'FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', called);
        EXECUTE format('ALTER TABLE event ATTACH PARTITION %I FOR VALUES FROM (%s) TO (%s)', called, low, low + width);
        made := made + 1;
    END LOOP;
    RETURN made;
END $$;
DROP FUNCTION no_statistics;
ALTER TABLE progress ALTER COLUMN state SET STATISTICS DEFAULT;
