-- Intervals with fields, in ISO 8601, and what is no interval, refused.
SELECT interval '1 2' day to minute;
SELECT interval '1 2' hour to second;
SELECT interval 'P1Y0M3DT4H5M6S7X';
SELECT interval 'P';
SELECT interval '5.5 seconds 3 milliseconds';
SELECT interval '1:20:05 5 microseconds';
SELECT interval '1 day 2 day';
SELECT interval '1' day to year;
SELECT interval '1' second to day;
