DROP TABLE amendment;
DROP TABLE act_request;
ALTER TABLE member_personal DROP COLUMN name_key, DROP COLUMN phone_key;
DROP INDEX compensation_member_member;
DROP INDEX identity_member;
DROP INDEX identity_prefix;
ALTER TABLE member DROP COLUMN erased;
