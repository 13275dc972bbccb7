-- What the console's processes share: how often somebody tried to sign in, for one.
CREATE UNLOGGED TABLE console_cache (
    cache_key  varchar(255) PRIMARY KEY,
    value      text NOT NULL,
    expires    timestamptz NOT NULL
);
CREATE INDEX console_cache_expires ON console_cache (expires);

-- A key may belong to a person of the console: it then signs in his name.
ALTER TABLE api_key ADD COLUMN owner text;
COMMENT ON COLUMN api_key.owner IS 'the user name of the person it belongs to; its actor is then that person''s';
