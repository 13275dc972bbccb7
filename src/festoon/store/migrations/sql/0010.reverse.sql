-- Takes out what 0010.sql made.

DROP TABLE segment_change, segment_refresh, segment_list_entry, segment_list;
