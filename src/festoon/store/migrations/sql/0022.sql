-- Queues of people: parcels to send, and proofs to look at.

CREATE TABLE parcel (
    member_id  bigint NOT NULL,
    item       text NOT NULL,
    campaign   text NOT NULL,
    mechanic   text NOT NULL,
    ref        text NOT NULL,
    given      timestamptz NOT NULL,
    state      text NOT NULL
               CHECK (state IN ('ordered', 'packed', 'shipped', 'received', 'returned', 'cancelled')),
    carrier    text NOT NULL DEFAULT '',
    number     text NOT NULL DEFAULT '',
    changed    timestamptz NOT NULL,
    PRIMARY KEY (member_id, item)
) WITH (fillfactor = 80);
CREATE INDEX parcel_state ON parcel (state, given, item);
CREATE INDEX parcel_of ON parcel (campaign, state, given, item);
CREATE INDEX parcel_given ON parcel (given, item);
CREATE INDEX parcel_item ON parcel (item);
CREATE INDEX parcel_number ON parcel (number) WHERE number <> '';

INSERT INTO parcel (member_id, item, campaign, mechanic, ref, given, state, changed)
SELECT member_id, id, campaign, mechanic, ref, given,
       CASE state WHEN 'awaiting' THEN 'ordered' WHEN 'delivered' THEN 'received' ELSE 'cancelled' END, now()
FROM item WHERE kind = 'gift';

CREATE INDEX timer_review ON timer (owner, due, name, member_id) WHERE name LIKE 'overdue/%';
COMMENT ON INDEX timer_review IS 'proofs that wait for a verdict, those that have to be decided first before the others';

