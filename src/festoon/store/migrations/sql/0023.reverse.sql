DROP INDEX compensation_submitted;
DROP TABLE grant_draft;
