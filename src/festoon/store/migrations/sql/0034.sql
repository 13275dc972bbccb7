-- `read_batch` of 0032, which says beside accounts and progress where their rows are. As long as the member is locked
-- they stay there, so what is decided goes straight to them and they need not be looked up twice.
CREATE OR REPLACE FUNCTION read_batch(
    program_lock bigint, members text, subjects text, only_free boolean, until timestamptz,
    claim_members text, claim_keys text,
    account_members text, account_assets text,
    lot_members text, lot_assets text,
    progress_members text, progress_campaigns text,
    shared_ids text
) RETURNS TABLE (
    what text, number bigint, a text, b text, c text, d text, n bigint, at timestamptz, k bytea, h bytea
) LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_material = off
AS $$
#variable_conflict use_column
DECLARE
    named bigint[];
    everybody bigint[];
BEGIN
    IF program_lock IS NOT NULL THEN
        PERFORM pg_advisory_xact_lock_shared(program_lock);
        IF subjects IS NOT NULL THEN
            named := ARRAY(
                SELECT (SELECT member_id FROM identity i WHERE i.subject = wanted.subject)
                FROM unnest(subjects::text[]) WITH ORDINALITY AS wanted (subject, place) ORDER BY place);
        END IF;
        everybody := members::bigint[] || named;
        RETURN QUERY
        SELECT 'program', version::bigint, named::text, NULL, NULL, NULL, NULL::bigint, NULL::timestamptz, NULL::bytea,
               NULL::bytea
        FROM program;
        IF only_free THEN
            RETURN QUERY
            SELECT 'member', m.id, m.subject, m.profile, m.absorbed::text, CASE WHEN m.erased THEN 'erased' END,
                   m.merged_into, m.registered, NULL::bytea, NULL::bytea
            FROM (SELECT DISTINCT id FROM unnest(everybody) AS each (id) ORDER BY id) AS wanted CROSS JOIN LATERAL (
                SELECT id, subject, registered, profile, merged_into, absorbed, erased FROM member m
                WHERE m.id = wanted.id OFFSET 0 FOR NO KEY UPDATE SKIP LOCKED) AS m;
        ELSE
            RETURN QUERY
            SELECT 'member', m.id, m.subject, m.profile, m.absorbed::text, CASE WHEN m.erased THEN 'erased' END,
                   m.merged_into, m.registered, NULL::bytea, NULL::bytea
            FROM (SELECT DISTINCT id FROM unnest(everybody) AS each (id) ORDER BY id) AS wanted CROSS JOIN LATERAL (
                SELECT id, subject, registered, profile, merged_into, absorbed, erased FROM member m
                WHERE m.id = wanted.id OFFSET 0 FOR NO KEY UPDATE) AS m;
        END IF;
    END IF;
    RETURN QUERY
    SELECT 'account', wanted.id, wanted.asset, part, place, NULL, balance, NULL::timestamptz, NULL::bytea, NULL::bytea
    FROM (
        SELECT CASE WHEN given < 0 THEN named[-given] ELSE given END AS id, asset
        FROM unnest(account_members::bigint[], account_assets::text[]) AS asked (given, asset)) AS wanted
    CROSS JOIN LATERAL (
        SELECT part, balance, ctid::text AS place FROM account a
        WHERE a.member_id = wanted.id AND a.asset = wanted.asset OFFSET 0) AS found
    UNION ALL
    SELECT 'progress', wanted.id, wanted.campaign, mechanic, state, place, NULL, NULL, NULL, NULL
    FROM (
        SELECT CASE WHEN given < 0 THEN named[-given] ELSE given END AS id, campaign
        FROM unnest(progress_members::bigint[], progress_campaigns::text[]) AS asked (given, campaign)) AS wanted
    CROSS JOIN LATERAL (
        SELECT mechanic, state, ctid::text AS place FROM progress p
        WHERE p.member_id = wanted.id AND p.campaign = wanted.campaign OFFSET 0) AS found
    UNION ALL
    SELECT 'due', wanted.member, found.id, owner, name, data, NULL, due, NULL, NULL
    FROM unnest(CASE WHEN until IS NOT NULL THEN everybody END) AS wanted (member)
    CROSS JOIN LATERAL (
        SELECT id, owner, name, data, due FROM timer t
        WHERE t.member_id = wanted.member AND t.due <= until OFFSET 0) AS found
    UNION ALL
    SELECT 'claim', wanted.id, outcome, NULL, NULL, NULL, NULL, NULL, wanted.key, hash
    FROM (
        SELECT CASE WHEN given < 0 THEN named[-given] ELSE given END AS id, key
        FROM unnest(claim_members::bigint[], claim_keys::bytea[]) AS asked (given, key)) AS wanted
    CROSS JOIN LATERAL (
        SELECT hash, outcome FROM event e WHERE e.member_id = wanted.id AND e.key = wanted.key OFFSET 0) AS found
    UNION ALL
    SELECT 'lot', wanted.id, wanted.asset, NULL, NULL, NULL, amount, expires, NULL, NULL
    FROM (
        SELECT CASE WHEN given < 0 THEN named[-given] ELSE given END AS id, asset
        FROM unnest(lot_members::bigint[], lot_assets::text[]) AS asked (given, asset)) AS wanted
    CROSS JOIN LATERAL (
        SELECT expires, amount FROM lot l WHERE l.member_id = wanted.id AND l.asset = wanted.asset OFFSET 0) AS found
    UNION ALL
    SELECT 'shared', wanted.id, holder, asset, NULL, NULL, balance, NULL, NULL, NULL
    FROM unnest(shared_ids::bigint[]) AS wanted (id)
    CROSS JOIN LATERAL (
        SELECT holder, asset, balance FROM shared_account s WHERE s.id = wanted.id OFFSET 0) AS found;
END $$;

-- Change rows at their places. While a table has few rows, or had when it was last counted, the planner would rather go
-- through all of it by an index, and would keep to that when it has grown: so it is told that there is no other way.
CREATE FUNCTION change_accounts(places tid[], members bigint[], balances bigint[]) RETURNS void LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off SET enable_indexscan = off SET enable_indexonlyscan = off SET enable_bitmapscan = off
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_material = off
AS $$
DECLARE
    changed bigint;
BEGIN
    UPDATE account a SET balance = new.balance
    FROM unnest(places, members, balances) AS new (place, member_id, balance)
    WHERE a.ctid = new.place AND a.member_id = new.member_id;
    GET DIAGNOSTICS changed = ROW_COUNT;
    PERFORM found_all(changed, cardinality(places), 'assert_failure');
END $$;
COMMENT ON FUNCTION change_accounts IS
    'for rows that were read under their members'' locks; fails when one is not where it was';

-- `states` are texts of JSON with chr(31) between them, which none of them can hold.
CREATE FUNCTION change_progress(places tid[], members bigint[], states text) RETURNS void LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off SET enable_indexscan = off SET enable_indexonlyscan = off SET enable_bitmapscan = off
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_material = off
AS $$
DECLARE
    changed bigint;
BEGIN
    UPDATE progress p SET state = new.state
    FROM unnest(places, members, string_to_array(states, chr(31))) AS new (place, member_id, state)
    WHERE p.ctid = new.place AND p.member_id = new.member_id;
    GET DIAGNOSTICS changed = ROW_COUNT;
    PERFORM found_all(changed, cardinality(places), 'assert_failure');
END $$;
COMMENT ON FUNCTION change_progress IS
    'for rows that were read under their members'' locks; fails when one is not where it was';
