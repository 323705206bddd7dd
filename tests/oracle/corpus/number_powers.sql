-- Roots, powers, logarithms and special values of numerics, to the last digit.
select sqrt(0.02), sqrt(0.0), sqrt(0), sqrt(2), sqrt(1e-20), sqrt(123456789.123456789), sqrt(0.5::numeric), sqrt(3e40), sqrt(7.77e-5);
select ln(2.0), ln(1.0000001), ln(0.9999999), ln(1e-100), ln(1e100), ln(10), ln(1), ln(0.95), ln(1.1), ln(1.2);
select log(2.0, 64.0), log(3, 10), log(10.0, 1e50), log(0.5, 8), log(100), log(1.000001, 2);
select log('inf'), log('inf', 2), log(2, 'inf'), log('inf','inf'), log('nan', 2);
select 0.5 ^ 5000000000, 1.0000000001 ^ 5000000000, (-1.0) ^ 5000000001;
select 5 / 'inf'::numeric, 'inf'::numeric / -5, 'inf'::numeric / 'inf', 'nan'::numeric / 0, div('inf'::numeric, 3), mod(5, 'inf'::numeric), mod('inf'::numeric, 5), ceil('inf'::numeric), floor('nan'::numeric), sign('nan'::numeric), round('inf'::numeric, 2), trunc('-inf'::numeric, 3), trim_scale('inf'::numeric), scale('nan'::numeric), min_scale('inf'::numeric);
SELECT abs(-123456789012345678901234567890.123456), to_char(-12345678901234567890123456789012.5, 'FM99999999999999999999999999999999.9'), power(1234567890123456789012345678901.5, 2), (-1234567890123456789012345678901.5) ^ 3;
SELECT exp('nan'::numeric), exp('-inf'::numeric), 'Infinity'::numeric::float4, power(-1::float8, 'NaN'), power('NaN'::float8, 0);
SELECT ('{{1,2},{3,4}}'::int[])[null:1][1], ('{1,2,3}'::int[])[:2], ('{1,2,3}'::int[])[2:], ('{1,2,3}'::int[])[:];
SELECT '2011-03-27 02:00:00 MSK'::timestamptz, '2014-10-25 22:00:00 UTC'::timestamptz AT TIME ZONE 'MSK', '2014-10-25 21:30:00 UTC'::timestamptz AT TIME ZONE 'MSK', '2014-10-26 01:30:00 MSK'::timestamptz;
