DROP TABLE board_goal;
DROP TABLE intake_count;
ALTER TABLE relay_range DROP COLUMN counted;
DROP TABLE board_member;
DROP TABLE board_count;
