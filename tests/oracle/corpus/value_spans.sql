-- Intervals with fields, in ISO 8601, and what is no interval.
SELECT interval '1' year, interval '2' month, interval '3' day, interval '4' hour, interval '5' minute, interval '6' second, interval '1' year to month, interval '1-2' year to month, interval '1.5' year;
SELECT interval '1 2' day to hour, interval '1 2:03' day to hour, interval '1 2:03:04' day to hour, interval '1 2:03' day to minute, interval '1 2:03:04' day to minute, interval '1 2:03' day to second, interval '1 2:03:04' day to second;
SELECT interval '1 2:03' hour to minute, interval '1 2:03:04' hour to minute, interval '1 2:03' hour to second, interval '1 2:03' minute to second, interval '1 2:03:04' minute to second, interval '1 +2:03' minute to second, interval '1 -2:03:04' minute to second;
SELECT interval(0) '1 day 01:23:45.6789', interval(2) '1 day 01:23:45.6789', interval '12:34.5678' minute to second(2), interval '1.234' second, interval '1.234' second(2), interval '1 2:03:04.5678' day to second(2), interval '2:03.4' minute to second;
SELECT '1 2:03'::interval minute to second, '7'::interval(3);
SELECT cast('1-2' as interval year to month), interval '123 11' day to hour, interval '-1 2:03' day to minute, interval '1 day' day;
SELECT interval 'P00021015T103020', interval 'P0002-10-15T10:30:20', interval 'P0002', interval 'P0002-10', interval 'P0002T1S', interval 'P0002-10T1S', interval 'PT10', interval 'PT10:30', interval 'P10.5e4Y', interval 'P1Y2M3DT4H5M6.7S', interval 'P-1Y-2M3W', interval 'PT-2H30M';
SELECT interval 'PT';
SELECT interval '4 millenniums 5 centuries 4 decades 1 year 4 months 4 days 17 minutes 31 seconds';
