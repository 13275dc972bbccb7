DROP INDEX compensation_running, job_failed, draw_epoch_secret, held_grant_risk;
DROP TABLE alert;
