-- A sample of the journal is taken every few seconds while much is written, and most of its bytes are in columns that are
-- kept and handed on whole. Nothing is looked for by what they hold, so the planner need not know it.
CREATE FUNCTION no_statistics(partition text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    called text;
BEGIN
    FOREACH called IN ARRAY ARRAY['key', 'hash', 'id', 'data', 'outcome', 'transfers'] LOOP
        EXECUTE format('ALTER TABLE %I ALTER COLUMN %I SET STATISTICS 0', partition, called);
    END LOOP;
END $$;
COMMENT ON FUNCTION no_statistics IS 'spares ANALYZE the columns of a partition of the journal that are only kept';

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
        PERFORM no_statistics(called);
        EXECUTE format('ALTER TABLE event ATTACH PARTITION %I FOR VALUES FROM (%s) TO (%s)', called, low, low + width);
        made := made + 1;
    END LOOP;
    RETURN made;
END $$;

SELECT no_statistics(inhrelid::regclass::text) FROM pg_inherits WHERE inhparent = 'event'::regclass;
ALTER TABLE progress ALTER COLUMN state SET STATISTICS 0;
