DROP INDEX timer_review;
DROP TABLE parcel;
