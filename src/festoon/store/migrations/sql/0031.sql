-- Visitors are numbered in a range of their own, so that a number tells whether it is a member's.
CREATE SEQUENCE visitor_number START 549755813888 MINVALUE 549755813888;
COMMENT ON SEQUENCE visitor_number IS '2^39 and more; see base/visitors.py';
