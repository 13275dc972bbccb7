ALTER TABLE api_key DROP COLUMN owner;
DROP TABLE console_cache;
