-- One event as somebody who knows PostgreSQL would write it by hand: one transaction, prepared statements, the rows that
-- everybody wants changed last, in one order. The same tables, the same rows and the same widths as ours: both sides of
-- every transfer. No reading, and no checking whether the event came before.
\set member random(1, :members)
\set amount random(100, 20000)
\set points :amount / 100 + 5
BEGIN;
INSERT INTO event (member_id, key, hash, source, id, type, time, now, data, outcome, transfers)
VALUES (:member, uuid_send(gen_random_uuid()), uuid_send(gen_random_uuid()), 'shop', gen_random_uuid()::text,
        'order.paid', now(), now(), :data, :outcome, :transfers);
INSERT INTO progress (member_id, campaign, state) VALUES (:member, 'bench',
        '{"spend":{"given":1},"shopping":{"state":{"marks":{"units":[[0,1]]}}},"thanks":{"given":1}}')
ON CONFLICT (member_id, campaign, mechanic) DO UPDATE SET state = EXCLUDED.state;
INSERT INTO account AS a (member_id, asset, balance) VALUES (:member, 'points', :points)
ON CONFLICT (member_id, asset, part) DO UPDATE SET balance = a.balance + EXCLUDED.balance;
UPDATE shared_account SET balance = balance - 1 WHERE id = :stock AND balance >= 1;
UPDATE shared_account SET balance = balance - :points WHERE id = :budget AND balance >= :points;
UPDATE shared_account SET balance = balance - :points WHERE id = :issuer;
UPDATE shared_account SET balance = balance + 1 WHERE id = :given;
UPDATE shared_account SET balance = balance + :points WHERE id = :spent;
COMMIT;
