-- Answers to requests that make something, so that each acts once; held rewards in the order in which they wait.

CREATE TABLE stored_answer (
    key_id       text NOT NULL,
    key          text NOT NULL,
    fingerprint  bytea NOT NULL,
    status       integer NOT NULL,
    media        text NOT NULL,
    body         bytea NOT NULL,
    expires      timestamptz NOT NULL,
    PRIMARY KEY (key_id, key)
);
CREATE INDEX stored_answer_expires ON stored_answer (expires);
COMMENT ON COLUMN stored_answer.key_id IS 'the API key that asked';
COMMENT ON COLUMN stored_answer.key IS 'its Idempotency-Key';
COMMENT ON COLUMN stored_answer.fingerprint IS 'SHA-256 of method, path and body: another request under the same key is refused';

CREATE INDEX held_grant_since ON held_grant (since, id);
