DROP TABLE coupon_code;
DROP TABLE code_batch;
