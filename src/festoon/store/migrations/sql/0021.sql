-- What the live board shows: counters, added up by the relay as it hands ranges on.

CREATE TABLE board_count (
    campaign  text NOT NULL,
    grain     text NOT NULL CHECK (grain IN ('minute', 'quarter', 'total')),
    at        timestamptz NOT NULL,
    what      text NOT NULL,
    key       text NOT NULL,
    times     bigint NOT NULL,
    amount    bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (campaign, grain, at, what, key)
) WITH (fillfactor = 70);
COMMENT ON TABLE board_count IS 'what was taken in a minute or a quarter of an hour, or ever; made of the journal, and can be made again';
COMMENT ON COLUMN board_count.campaign IS 'empty: events of the whole platform';

CREATE TABLE board_member (
    campaign   text NOT NULL,
    member_id  bigint NOT NULL,
    stage      smallint NOT NULL CHECK (stage BETWEEN 1 AND 3),
    PRIMARY KEY (campaign, member_id)
) WITH (fillfactor = 90);
COMMENT ON COLUMN board_member.stage IS '1: could take part, 2: took part, 3: was given something';

ALTER TABLE relay_range ADD COLUMN counted timestamptz;
CREATE INDEX relay_range_uncounted ON relay_range (generation, low) WHERE done IS NOT NULL AND counted IS NULL;
COMMENT ON COLUMN relay_range.counted IS 'when its events were added to the counters of the board, in the same transaction';

CREATE TABLE intake_count (
    minute  timestamptz NOT NULL,
    code    text NOT NULL,
    type    text NOT NULL,
    times   bigint NOT NULL,
    PRIMARY KEY (minute, code, type)
);
COMMENT ON TABLE intake_count IS 'events that were turned away, which the journal does not have; each process adds its own every few seconds';

CREATE TABLE board_goal (
    campaign  text PRIMARY KEY,
    at        timestamptz NOT NULL,
    goals     text NOT NULL
);
COMMENT ON TABLE board_goal IS 'how far the goals of what runs were when they were last measured off the facts; JSON';
