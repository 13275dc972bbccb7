-- Figures from outside: entered by one with their evidence, signed by another.
CREATE TABLE outside_figure (
    number    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    campaign  text NOT NULL REFERENCES campaign,
    metric    text NOT NULL,
    value     numeric NOT NULL,
    measured  date NOT NULL,
    source    text NOT NULL,
    link      text NOT NULL,
    file      text NOT NULL,
    state     text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'signed', 'declined')),
    maker     text NOT NULL,
    entered   timestamptz NOT NULL,
    checker   text,
    decided   timestamptz,
    reason    text NOT NULL DEFAULT '',
    CONSTRAINT who_enters_a_figure_does_not_sign_it CHECK (state <> 'signed' OR checker <> maker)
);
CREATE INDEX outside_figure_of ON outside_figure (campaign, number DESC);
CREATE INDEX outside_figure_signed ON outside_figure (campaign, metric, measured DESC) WHERE state = 'signed';
CREATE INDEX outside_figure_waiting ON outside_figure (number DESC) WHERE state = 'waiting';
COMMENT ON COLUMN outside_figure.value IS 'in the metric''s usual unit, a share as a part of one';

CREATE TABLE outside_evidence (
    figure   bigint PRIMARY KEY REFERENCES outside_figure,
    kind     text NOT NULL,
    content  bytea NOT NULL
);
COMMENT ON TABLE outside_evidence IS 'the file that shows a figure, apart from the lists of them';
