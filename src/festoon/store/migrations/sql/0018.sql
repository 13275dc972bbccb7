-- Gifts that mechanics gave, newest first: winners' lists, and parcels that wait. Gifts are few among items.
CREATE INDEX item_gift ON item (campaign, mechanic, given DESC) WHERE kind = 'gift';
