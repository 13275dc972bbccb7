DROP FUNCTION found_all(bigint, bigint, text);
