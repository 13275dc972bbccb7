DROP TABLE handed_in;
