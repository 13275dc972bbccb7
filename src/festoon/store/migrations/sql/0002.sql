-- What the relay keeps its place by.

ALTER TABLE publication ADD COLUMN xid bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint);

CREATE TABLE relay_generation (
    generation         integer PRIMARY KEY,
    cluster            bigint NOT NULL,
    event_after        bigint NOT NULL,
    publication_after  bigint NOT NULL,
    begun              timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE relay_generation IS 'server clusters this database has lived on: transaction ids start low on a new one';
COMMENT ON COLUMN relay_generation.cluster IS 'the system identifier of the cluster';
COMMENT ON COLUMN relay_generation.event_after IS 'events up to this one were written in earlier generations';
