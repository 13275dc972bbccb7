-- Visitors are numbered in a range of their own, so that a number tells whether it is a member's.
CREATE SEQUENCE visitor_number START 4503599627370496 MINVALUE 4503599627370496;
COMMENT ON SEQUENCE visitor_number IS '2^52 and more; see base/visitors.py';
