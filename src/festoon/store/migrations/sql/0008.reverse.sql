DROP TABLE mechanic_file;
