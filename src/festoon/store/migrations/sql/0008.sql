CREATE TABLE mechanic_file (
    campaign  text NOT NULL,
    mechanic  text NOT NULL,
    name      text NOT NULL,
    body      text NOT NULL,
    made      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (campaign, mechanic, name)
);
COMMENT ON TABLE mechanic_file IS 'files that mechanics have written: the tickets of a grand draw as they were frozen, its winners';
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON mechanic_file
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
