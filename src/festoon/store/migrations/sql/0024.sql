-- What somebody is writing: a plan's text that has not been put up for review, saved while one types.
CREATE TABLE plan_draft (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    maker text NOT NULL,
    campaign text NOT NULL,             -- whose next version it is to become; '' for a new campaign
    base integer NOT NULL,              -- the version it began with; 0 for none
    revision integer NOT NULL,          -- grows with each save
    title text NOT NULL,
    text text NOT NULL,
    created timestamptz NOT NULL,
    updated timestamptz NOT NULL
);
CREATE UNIQUE INDEX plan_draft_one ON plan_draft (campaign, maker) WHERE campaign <> '';
CREATE INDEX plan_draft_maker ON plan_draft (maker, updated DESC);

-- What would otherwise have been lost: the texts that lost against another one, newest first.
CREATE TABLE plan_draft_aside (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    draft bigint NOT NULL REFERENCES plan_draft ON DELETE CASCADE,
    text text NOT NULL,
    at timestamptz NOT NULL
);
CREATE INDEX plan_draft_aside_draft ON plan_draft_aside (draft, id DESC);
