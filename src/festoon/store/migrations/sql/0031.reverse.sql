DROP SEQUENCE visitor_number;
