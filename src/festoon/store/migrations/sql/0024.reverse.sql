DROP TABLE plan_draft_aside;
DROP TABLE plan_draft;
