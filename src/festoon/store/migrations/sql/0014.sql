-- What is asked for and takes its time: back-tests, reports.

CREATE TABLE job (
    number    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind      text NOT NULL,
    campaign  text NOT NULL,
    title     text NOT NULL,
    asked     text NOT NULL,
    actor     text NOT NULL,
    at        timestamptz NOT NULL,
    state     text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
    progress  bigint NOT NULL DEFAULT 0,
    expected  bigint NOT NULL DEFAULT 0,
    started   timestamptz,
    finished  timestamptz,
    error     text,
    result    text
);
CREATE INDEX job_open ON job (state, number) WHERE state IN ('queued', 'running');
CREATE INDEX job_campaign ON job (kind, campaign, number);
COMMENT ON TABLE job IS 'run by festoon work, each in a process of its own that holds the advisory lock (1785684578, number)';
COMMENT ON COLUMN job.asked IS 'JSON, by kind';
COMMENT ON COLUMN job.error IS 'JSON: code and data';
COMMENT ON COLUMN job.result IS 'JSON, by kind';
