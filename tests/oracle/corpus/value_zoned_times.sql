-- Times with zones: arithmetic, order, fields; intervals that are too long.
select timetz '01:30-08' - interval '02:01', timetz '02:30-08' + interval '36:01', interval '1 hour' + timetz '23:30+01', timetz '10:00:00.5+00' + interval '1 day 1.5 seconds';
select date '1991-02-03' + timetz '04:05:06 PST', timetz '11:00-5' + date '1994-01-01';
select timetz '10:00+02' < timetz '10:00+01', timetz '10:00+02' = timetz '09:00+01', timetz '10:00+02' > timetz '09:00+01', timetz '10:00+02' = '10:00+02';
select x from (values (timetz '10:00+02'), ('09:30+01'), ('08:00+00'), ('09:00+01')) v(x) order by x;
select extract(hour from timetz '10:20:30.5+02:30'), extract(minute from timetz '10:20:30.5+02:30'), extract(second from timetz '10:20:30.5+02:30'), extract(timezone from timetz '10:20-02:30'), extract(timezone_hour from timetz '10:20-02:30'), extract(timezone_minute from timetz '10:20-02:30'), extract(epoch from timetz '10:20+02:30'), date_part('hour', timetz '10:20+02:30'), date_part('epoch', timetz '01:00+02');
select timetz '10:20:30+02'::time, timestamptz '2024-07-01 10:20:30+02'::timetz, timetz '10:20:30+02'::text, timetz '10:20+02' at time zone interval '-03:00';
select interval '178956970 years 7 months', interval '0.1 millennium 5 months', interval '1.5 years 2 months';
select to_timestamp(0.5), to_timestamp(1e9::float8);
select timetz '10:20:30+02'::time;
select timestamptz '2024-07-01 10:20:30+02'::timetz;
select timetz '10:20:30+02'::text;
select timetz '10:20+02' at time zone interval '-03:00';
