CREATE FUNCTION found_all(rows bigint, wanted bigint, otherwise text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF rows <> wanted THEN
        RAISE EXCEPTION '% of % rows', rows, wanted USING ERRCODE = otherwise;
    END IF;
END $$;
COMMENT ON FUNCTION found_all IS 'fails with the condition named last when a statement did not concern as many rows as it had to';
