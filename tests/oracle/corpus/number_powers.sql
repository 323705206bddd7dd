-- Roots, powers, logarithms and special values of numerics, to the last digit.
select sqrt(0.02), sqrt(0.0), sqrt(0), sqrt(2), sqrt(1e-20), sqrt(123456789.123456789), sqrt(0.5::numeric), sqrt(3e40), sqrt(7.77e-5);
select exp(1.0), exp(0), exp(-1.5), exp(100), exp(-100.5), exp(1e-10), exp(5999.999), exp(6000.1);
select exp(6001), exp(-7000);
select ln(2.0), ln(1.0000001), ln(0.9999999), ln(1e-100), ln(1e100), ln(10), ln(1), ln(0.95), ln(1.1), ln(1.2);
select log(2.0, 64.0), log(3, 10), log(10.0, 1e50), log(0.5, 8), log(100), log(1.000001, 2);
select log('inf'), log('inf', 2), log(2, 'inf'), log('inf','inf'), log('nan', 2);
select power(2.0, 0.5), power(2, 10.0), power(2.0, -3), power(0.1, 20.0), power(1.1, 1000.0), power(0, 0.0), power(0.0, 3), power(0, 0.5), power(10.0, 40.5), power(1.0001, 100000.5), power(-2.0, 3.0), power(-2.0, 5000000001.0);
select power(-2.0, 0.5);
select power(10.0, 131072);
select power(0.00001, 500.0), 2.5 ^ -400, 1.5 ^ 5000000000;
select 0.5 ^ 5000000000, 1.0000000001 ^ 5000000000, (-1.0) ^ 5000000001;
select gcd(12.5, 7.5), lcm(12.5, 7.5), gcd(0.0, 0), gcd('nan', 1), lcm(1e131070, 3e3);
select 5 / 'inf'::numeric, 'inf'::numeric / -5, 'inf'::numeric / 'inf', 'nan'::numeric / 0, div('inf'::numeric, 3), mod(5, 'inf'::numeric), mod('inf'::numeric, 5), ceil('inf'::numeric), floor('nan'::numeric), sign('nan'::numeric), round('inf'::numeric, 2), trunc('-inf'::numeric, 3), trim_scale('inf'::numeric), scale('nan'::numeric), min_scale('inf'::numeric);
select 1e131071 * 10;
select width_bucket('nan'::float8, 1, 2, 3);
select width_bucket(1.0, 'inf', 2, 3);
