-- Segments: uploaded lists, and what every refresh found and sent.

CREATE TABLE segment_list (
    campaign   text NOT NULL,
    segment    text NOT NULL,
    version    integer NOT NULL,
    digest     text NOT NULL,
    entries    bigint NOT NULL,
    maker      text NOT NULL,
    submitted  timestamptz NOT NULL,
    checker    text,
    approved   timestamptz,
    PRIMARY KEY (campaign, segment, version),
    CONSTRAINT the_maker_is_never_the_checker CHECK (checker IS NULL OR checker <> maker)
);
COMMENT ON TABLE segment_list IS 'the newest approved version counts';

CREATE TABLE segment_list_entry (
    campaign  text NOT NULL,
    segment   text NOT NULL,
    version   integer NOT NULL,
    place     integer NOT NULL,
    subject   text NOT NULL,
    PRIMARY KEY (campaign, segment, version, place),
    FOREIGN KEY (campaign, segment, version) REFERENCES segment_list ON DELETE CASCADE
);

CREATE TABLE segment_refresh (
    number    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    campaign  text NOT NULL,
    segment   text NOT NULL,
    due       timestamptz NOT NULL,
    at        timestamptz NOT NULL,
    changes   integer NOT NULL,
    sent      integer NOT NULL DEFAULT 0,
    finished  timestamptz,
    found     text NOT NULL,
    came      text NOT NULL DEFAULT '{}',
    UNIQUE (campaign, segment, due)
);
CREATE INDEX segment_refresh_unfinished ON segment_refresh (campaign) WHERE finished IS NULL;
COMMENT ON COLUMN segment_refresh.at IS 'as of when it was computed: the time of its events';
COMMENT ON COLUMN segment_refresh.found IS 'JSON: how many are in it, who was left out and why';
COMMENT ON COLUMN segment_refresh.came IS 'JSON: what mechanics refused, by code, while its events were sent';

CREATE TABLE segment_change (
    refresh    bigint NOT NULL REFERENCES segment_refresh ON DELETE CASCADE,
    place      integer NOT NULL,
    member_id  bigint NOT NULL,
    segment    text NOT NULL,
    entered    boolean NOT NULL,
    PRIMARY KEY (refresh, place)
);
COMMENT ON TABLE segment_change IS 'the events of a refresh that is not finished, in the order in which they are sent';
