-- Webhooks: who wants to be told of what, what there is to tell, and how far each of it got.

CREATE TABLE webhook_endpoint (
    id          text PRIMARY KEY,
    url         text NOT NULL,
    kinds       text[] NOT NULL DEFAULT '{}',
    campaigns   text[] NOT NULL DEFAULT '{}',
    state       text NOT NULL DEFAULT 'on' CHECK (state IN ('on', 'off', 'disabled')),
    why         text NOT NULL DEFAULT '',
    secret      text NOT NULL,
    old_secret  text,
    old_until   timestamptz,
    maker       text NOT NULL,
    made        timestamptz NOT NULL,
    failing     timestamptz,
    generation  integer NOT NULL,
    position    bigint NOT NULL,
    trail       bigint NOT NULL,
    phases      timestamptz NOT NULL
);
COMMENT ON COLUMN webhook_endpoint.kinds IS 'the kinds of messages it is told of; empty is all';
COMMENT ON COLUMN webhook_endpoint.old_secret IS 'signs beside the new one until old_until';
COMMENT ON COLUMN webhook_endpoint.failing IS 'since when nothing has got through; null while all is well';
COMMENT ON COLUMN webhook_endpoint.position IS 'rows of the journal that transactions below it wrote have been told';
COMMENT ON COLUMN webhook_endpoint.trail IS 'the last entry of the audit trail that was told';
COMMENT ON COLUMN webhook_endpoint.phases IS 'phases noticed until then have been told';

CREATE TABLE webhook_message (
    id        text PRIMARY KEY,
    kind      text NOT NULL,
    campaign  text NOT NULL,
    made      timestamptz NOT NULL,
    body      text NOT NULL
);
CREATE INDEX webhook_message_made ON webhook_message (made);
COMMENT ON COLUMN webhook_message.id IS 'made from what it tells, so that it is told once however often it is looked at';

CREATE TABLE webhook_delivery (
    number     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    endpoint   text NOT NULL REFERENCES webhook_endpoint ON DELETE CASCADE,
    message    text NOT NULL REFERENCES webhook_message ON DELETE CASCADE,
    kind       text NOT NULL,
    state      text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'delivered', 'failed')),
    due        timestamptz NOT NULL,
    tries      integer NOT NULL DEFAULT 0,
    attempts   text NOT NULL DEFAULT '[]',
    done       timestamptz,
    UNIQUE (endpoint, message)
) WITH (fillfactor = 80);
CREATE INDEX webhook_delivery_due ON webhook_delivery (endpoint, due) WHERE state = 'waiting';
CREATE INDEX webhook_delivery_open ON webhook_delivery (state, number) WHERE state <> 'delivered';
CREATE INDEX webhook_delivery_of ON webhook_delivery (endpoint, number);
CREATE INDEX webhook_delivery_kind ON webhook_delivery (kind, number);
CREATE INDEX webhook_delivery_message ON webhook_delivery (message);
COMMENT ON COLUMN webhook_delivery.due IS 'when it is sent next; while it is being sent, when that is given up';

CREATE TABLE webhook_level (
    account  text PRIMARY KEY,
    level    text NOT NULL CHECK (level IN ('low', 'out'))
);
COMMENT ON TABLE webhook_level IS 'budget lines and stocks that were told to be low or out';
