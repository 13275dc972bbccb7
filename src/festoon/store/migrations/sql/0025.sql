-- Alerts: since when something has been wrong, how bad it is, and who has seen it how bad.
CREATE TABLE alert (
    key            text PRIMARY KEY,
    since          timestamptz NOT NULL,
    severity       smallint NOT NULL,
    degree         integer NOT NULL,
    seen_by        text,
    seen_at        timestamptz,
    note           text,
    seen_severity  smallint,
    seen_degree    integer
);
COMMENT ON TABLE alert IS 'what whoever looked last found wrong; what is over is deleted';
COMMENT ON COLUMN alert.severity IS '0: notice, 1: warning, 2: alarm';

-- What waits is found without reading what does not.
CREATE INDEX held_grant_risk ON held_grant (since) WHERE why = 'risk';
CREATE INDEX draw_epoch_secret ON draw_epoch (closes) WHERE revealed IS NULL;
CREATE INDEX job_failed ON job (finished) WHERE state = 'failed';
CREATE INDEX compensation_running ON compensation (approved) WHERE status = 'running';
