-- Roots, powers, logarithms and special values of numerics, to the last digit, refused.
select exp(1.0), exp(0), exp(-1.5), exp(100), exp(-100.5), exp(1e-10), exp(5999.999), exp(6000.1);
select exp(6001), exp(-7000);
select power(2.0, 0.5), power(2, 10.0), power(2.0, -3), power(0.1, 20.0), power(1.1, 1000.0), power(0, 0.0), power(0.0, 3), power(0, 0.5), power(10.0, 40.5), power(1.0001, 100000.5), power(-2.0, 3.0), power(-2.0, 5000000001.0);
select power(-2.0, 0.5);
select power(10.0, 131072);
select power(0.00001, 500.0), 2.5 ^ -400, 1.5 ^ 5000000000;
select gcd(12.5, 7.5), lcm(12.5, 7.5), gcd(0.0, 0), gcd('nan', 1), lcm(1e131070, 3e3);
select 1e131071 * 10;
select width_bucket('nan'::float8, 1, 2, 3);
select width_bucket(1.0, 'inf', 2, 3);
