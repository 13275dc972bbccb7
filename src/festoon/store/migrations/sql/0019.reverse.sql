DROP TABLE plan_remark;
ALTER TABLE plan_version DROP COLUMN reviewer, DROP COLUMN reviewed;
DROP INDEX audit_entry_actor, audit_entry_act, audit_entry_object;
