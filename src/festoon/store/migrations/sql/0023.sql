-- Lists that were uploaded for a grant, until their maker has looked at what they come to.

CREATE TABLE grant_draft (
    id      text PRIMARY KEY,
    maker   text NOT NULL,
    made    timestamptz NOT NULL,
    source  text NOT NULL,
    list    text NOT NULL
);
CREATE INDEX grant_draft_made ON grant_draft (made);
CREATE INDEX compensation_submitted ON compensation (submitted DESC, id DESC);
COMMENT ON COLUMN grant_draft.list IS 'JSON: the ids, those named twice, and rows that name nobody';
