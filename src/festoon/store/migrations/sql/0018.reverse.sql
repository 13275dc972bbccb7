DROP INDEX item_gift;
