-- Takes out what 0001.sql made, in the opposite order; the partitions go with their table.

DROP TABLE audit_entry, api_key, relay_range, outbox;
DROP VIEW transfer;
DROP TABLE publication, journal_opening, event;
DROP FUNCTION journal_extend(integer);
DROP FUNCTION refuse_change();
DROP SEQUENCE event_seq;
DROP TABLE shared_account, timer, item, progress, hold, lot, account, member_personal, identity, member;
DROP TABLE draw_epoch, phase_change, plan_version, campaign, program, installation;
