-- The members of both sides, known beforehand.
WITH made AS (
    INSERT INTO member (subject) SELECT 'member-' || number FROM generate_series(0, $1::int - 1) AS n (number)
    RETURNING id, subject)
INSERT INTO identity (subject, member_id) SELECT subject, id FROM made;
