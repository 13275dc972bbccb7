-- The tables of Festoon.
--
-- Hot tables are keyed by the member first, so that they can be distributed by member. A row keyed by a member is
-- touched only by who holds that member's row lock; shared accounts are changed last, by one guarded statement.

CREATE TABLE installation (
    one             boolean PRIMARY KEY DEFAULT true CHECK (one),
    mode            text NOT NULL DEFAULT 'live' CHECK (mode IN ('live', 'rehearsal')),
    code_secret     bytea NOT NULL DEFAULT decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex'),
    partition_rows  bigint NOT NULL DEFAULT 4000000 CHECK (partition_rows >= 1000),
    created         timestamptz NOT NULL DEFAULT now()
);
INSERT INTO installation DEFAULT VALUES;
COMMENT ON COLUMN installation.mode IS 'a rehearsal runs on its events'' own clock and needs no second signature';

-- Plans ------------------------------------------------------------------------------------------------------------

CREATE TABLE program (
    one      boolean PRIMARY KEY DEFAULT true CHECK (one),
    version  bigint NOT NULL DEFAULT 0
);
INSERT INTO program DEFAULT VALUES;
COMMENT ON TABLE program IS 'one number that grows whenever what runs has changed; every batch compares it';

CREATE TABLE campaign (
    id       text PRIMARY KEY,
    version  integer,
    paused   text[] NOT NULL DEFAULT '{}',
    stopped  timestamptz,
    created  timestamptz NOT NULL DEFAULT now()
);
COMMENT ON COLUMN campaign.paused IS 'mechanics that are paused; * is the whole campaign';

CREATE TABLE plan_version (
    campaign   text NOT NULL REFERENCES campaign,
    version    integer NOT NULL,
    status     text NOT NULL CHECK (status IN ('in_review', 'approved', 'published', 'superseded', 'withdrawn')),
    source     text NOT NULL,
    digest     text NOT NULL,
    maker      text NOT NULL,
    submitted  timestamptz NOT NULL,
    checker    text,
    approved   timestamptz,
    published  timestamptz,
    note       text NOT NULL DEFAULT '',
    PRIMARY KEY (campaign, version),
    CONSTRAINT the_maker_is_never_the_checker CHECK (checker IS NULL OR checker <> maker)
);

CREATE TABLE phase_change (
    campaign  text NOT NULL REFERENCES campaign,
    phase     text NOT NULL,
    at        timestamptz NOT NULL,
    noticed   timestamptz NOT NULL,
    PRIMARY KEY (campaign, phase, at)
);

CREATE TABLE draw_epoch (
    campaign     text NOT NULL,
    mechanic     text NOT NULL,
    name         text NOT NULL,
    opens        timestamptz NOT NULL,
    closes       timestamptz NOT NULL,
    commitment   text NOT NULL,
    seed         bytea NOT NULL,
    public_name  text NOT NULL DEFAULT '',
    public_value text,
    revealed     timestamptz,
    PRIMARY KEY (campaign, mechanic, name)
);
COMMENT ON COLUMN draw_epoch.commitment IS 'SHA-256 of the seed, published before the epoch opens';

-- Members ----------------------------------------------------------------------------------------------------------

CREATE TABLE member (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    subject     text NOT NULL UNIQUE,
    registered  timestamptz,
    profile     text NOT NULL DEFAULT '{}',
    seen        timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 80);

CREATE TABLE identity (
    subject    text PRIMARY KEY,
    member_id  bigint NOT NULL
);
COMMENT ON TABLE identity IS 'every external id a member answers to; his first one is also member.subject';

CREATE TABLE member_personal (
    member_id  bigint PRIMARY KEY,
    fields     text NOT NULL
);
COMMENT ON TABLE member_personal IS 'fields marked personal: never in the journal, never in facts';

CREATE TABLE account (
    member_id  bigint NOT NULL,
    asset      text NOT NULL,
    part       text NOT NULL DEFAULT '@',
    balance    bigint NOT NULL,
    floor      bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (member_id, asset, part),
    CONSTRAINT never_below_its_floor CHECK (balance >= floor)
) WITH (fillfactor = 80);

CREATE TABLE lot (
    member_id  bigint NOT NULL,
    asset      text NOT NULL,
    expires    timestamptz NOT NULL,
    amount     bigint NOT NULL CHECK (amount > 0),
    PRIMARY KEY (member_id, asset, expires)
) WITH (fillfactor = 80);

CREATE TABLE hold (
    member_id  bigint NOT NULL,
    id         text NOT NULL,
    asset      text NOT NULL,
    amount     bigint NOT NULL CHECK (amount >= 0),
    lots       text NOT NULL,
    lapses     timestamptz,
    why        text NOT NULL,
    PRIMARY KEY (member_id, id)
);

CREATE TABLE progress (
    member_id  bigint NOT NULL,
    campaign   text NOT NULL,
    mechanic   text NOT NULL DEFAULT '',
    state      text NOT NULL,
    PRIMARY KEY (member_id, campaign, mechanic)
) WITH (fillfactor = 70);
COMMENT ON COLUMN progress.mechanic IS 'empty: a JSON object by mechanic; otherwise the state of one that grew big';

CREATE TABLE item (
    member_id  bigint NOT NULL,
    id         text NOT NULL,
    kind       text NOT NULL,
    ref        text NOT NULL,
    state      text NOT NULL,
    code       text,
    serial     bigint,
    given      timestamptz NOT NULL,
    expires    timestamptz NOT NULL,
    campaign   text NOT NULL,
    mechanic   text NOT NULL,
    cost       bigint NOT NULL DEFAULT 0,
    line       text NOT NULL DEFAULT '',
    PRIMARY KEY (member_id, id)
) WITH (fillfactor = 90);
CREATE UNIQUE INDEX item_code ON item (code) WHERE code IS NOT NULL;
CREATE UNIQUE INDEX item_serial ON item (campaign, kind, ref, serial) WHERE serial IS NOT NULL;

CREATE TABLE timer (
    member_id  bigint NOT NULL,
    id         text NOT NULL,
    due        timestamptz NOT NULL,
    owner      text NOT NULL,
    name       text NOT NULL,
    data       text NOT NULL DEFAULT '{}',
    PRIMARY KEY (member_id, id)
);
CREATE INDEX timer_due ON timer (due, member_id);
COMMENT ON COLUMN timer.owner IS 'campaign/mechanic, or a standing rule';

-- Shared accounts --------------------------------------------------------------------------------------------------

CREATE TABLE shared_account (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    holder   text NOT NULL,
    asset    text NOT NULL,
    balance  bigint NOT NULL DEFAULT 0,
    floor    bigint,
    UNIQUE (holder, asset),
    CONSTRAINT never_below_its_floor CHECK (floor IS NULL OR balance >= floor)
) WITH (fillfactor = 50);

-- The journal ------------------------------------------------------------------------------------------------------

CREATE SEQUENCE event_seq CACHE 1;

CREATE TABLE event (
    seq        bigint NOT NULL DEFAULT nextval('event_seq'),
    xid        bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    member_id  bigint NOT NULL,
    key        bytea NOT NULL,
    hash       bytea NOT NULL,
    source     text NOT NULL,
    id         text NOT NULL,
    type       text NOT NULL,
    time       timestamptz NOT NULL,
    now        timestamptz NOT NULL,
    data       text NOT NULL,
    outcome    text NOT NULL,
    transfers  text
) PARTITION BY RANGE (seq);
COMMENT ON COLUMN event.key IS '16 bytes over source and id; with member_id it is unique over all live partitions';
COMMENT ON COLUMN event.transfers IS 'JSON array of [asset, debit, credit, amount, lot, why]; the view transfer unnests it';

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE FUNCTION journal_extend(ahead integer DEFAULT 2) RETURNS integer LANGUAGE plpgsql AS $$
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
COMMENT ON FUNCTION journal_extend IS 'makes the current partition and those ahead of it; safe to call at any time';

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON event
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE journal_opening (
    holder  text NOT NULL,
    asset   text NOT NULL,
    amount  bigint NOT NULL,
    PRIMARY KEY (holder, asset)
);
COMMENT ON TABLE journal_opening IS 'what the transfers of dropped partitions summed to, per account';

CREATE TABLE publication (
    seq        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    campaign   text NOT NULL,
    version    integer NOT NULL,
    at         timestamptz NOT NULL,
    transfers  text NOT NULL
);
COMMENT ON TABLE publication IS 'stock and budget put in or taken out when a plan was published, as transfers';
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON publication
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE VIEW transfer AS
SELECT e.seq, e.member_id, e.now AS at, t.*
FROM event e
CROSS JOIN LATERAL (
    SELECT (place - 1)::integer AS place, row ->> 0 AS asset, row ->> 1 AS debit, row ->> 2 AS credit,
           (row ->> 3)::bigint AS amount, (row ->> 4)::timestamptz AS lot, row ->> 5 AS why
    FROM jsonb_array_elements(e.transfers::jsonb) WITH ORDINALITY AS rows (row, place)
) t
WHERE e.transfers IS NOT NULL
UNION ALL
SELECT -p.seq, NULL, p.at, t.*
FROM publication p
CROSS JOIN LATERAL (
    SELECT (place - 1)::integer, row ->> 0, row ->> 1, row ->> 2, (row ->> 3)::bigint, (row ->> 4)::timestamptz,
           row ->> 5
    FROM jsonb_array_elements(p.transfers::jsonb) WITH ORDINALITY AS rows (row, place)
) t;

-- The way out ------------------------------------------------------------------------------------------------------

CREATE TABLE outbox (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    member_id  bigint NOT NULL,
    cause      text NOT NULL,
    template   text NOT NULL,
    data       text NOT NULL,
    made       timestamptz NOT NULL,
    sent       timestamptz,
    tries      integer NOT NULL DEFAULT 0,
    UNIQUE (member_id, cause)
);

CREATE TABLE relay_range (
    generation  integer NOT NULL,
    low         bigint NOT NULL,
    high        bigint NOT NULL,
    begun       timestamptz NOT NULL DEFAULT now(),
    done        timestamptz,
    rows        bigint,
    digest      text,
    chain       text,
    PRIMARY KEY (generation, low)
);
COMMENT ON TABLE relay_range IS 'ranges of writing transactions handed to facts: recorded before they are read';

-- Access -----------------------------------------------------------------------------------------------------------

CREATE TABLE api_key (
    id       text PRIMARY KEY,
    digest   bytea NOT NULL,
    actor    text NOT NULL,
    scopes   text[] NOT NULL,
    source   text NOT NULL DEFAULT '',
    created  timestamptz NOT NULL DEFAULT now(),
    revoked  timestamptz
);
COMMENT ON COLUMN api_key.digest IS 'SHA-256 of the secret half; the secret itself is shown once and kept nowhere';

CREATE TABLE audit_entry (
    number   bigint PRIMARY KEY,
    at       timestamptz NOT NULL,
    actor    text NOT NULL,
    act      text NOT NULL,
    object   text NOT NULL,
    before   text,
    after    text,
    origin   text NOT NULL DEFAULT '',
    chain    text NOT NULL
);
COMMENT ON COLUMN audit_entry.chain IS 'SHA-256 over the previous entry''s chain and this entry';
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

SELECT journal_extend(2);
