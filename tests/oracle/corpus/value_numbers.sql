-- Numbers, of constants.
SELECT 1 + 2, 7 / 2, -7 / 2, 7 % 3, -7 % 3, 2 * 3 - 1, 7.0 / 2, 1 / 3.0, 10 / 4.00, 2 ^ 10, 2.0 ^ 3;
SELECT 1.10 + 2.205, 1.1 * 1.1, 1.00 - 1, 0.1 + 0.2, 1e3, 1.5e-3, 100000000000000000000 + 1;
SELECT 5 & 3, 5 | 3, 5 # 3, ~5, 1 << 4, -16 >> 2, 1::bigint << 40, 5::smallint & 1::smallint;
SELECT abs(-5), abs(-1.50), abs(-2.5::float8), sign(-3), sign(2.5), sign(0.0), ceil(1.2), ceil(-1.2), floor(-1.2), floor(1.9), ceiling(2.1::float8);
SELECT round(2.5), round(-2.5), round(2.567, 2), round(1234.5, -2), round(2.5::float8), round(3.5::float8), round(1.005, 2), trunc(2.9), trunc(-2.9), trunc(2.567, 2), trunc(1234, -2);
SELECT mod(7, 3), mod(-7, 3), mod(7.5, 2), div(7, 2), div(-7.5, 2), gcd(12, 18), lcm(4, 6), factorial(5);
SELECT power(2, 3), power(2.0, 3), power(2, 0.5), power(2.0, -1), sqrt(4), sqrt(2.0), sqrt(2::float8), cbrt(27.0::float8), exp(1), exp(1.0), ln(10), ln(2.0), log(100), log(100.0), log(2, 8), log10(1000);
SELECT |/ 25, ||/ 27, pi(), degrees(pi()), radians(180), sin(0), cos(0), tan(0), atan2(1, 1), asin(1), acos(1);
SELECT 42.5::int, 43.5::int, -42.5::int, 41.9::int, 1.005::numeric(10,2), 2.5::float8::int, 3.5::float8::int, '12'::int, ' 12 '::int, '1e3'::numeric, '1.5'::float8;
SELECT 1::text, 1.50::text, 1.5::float8::text, 1e20::float8::text, 0.1::float4::text, (1/3.0)::text, true::text, 1e-7::float8::text;
SELECT 3::bool, 0::bool, true::int, 'yes'::bool, 'off'::bool, 't'::bool;
SELECT 1.5::float4 + 1, 1::smallint + 1::smallint, 1::int + 1::bigint, 1.5::float4 * 2.0::float8, 1 + 1.5, 1.5 + 1::float8;
SELECT greatest(1, 2.5), least(3, NULL, 1), coalesce(NULL, 1.5), nullif(1, 1), greatest(1, 2::bigint);
SELECT 1 = 1.0, 1 < 2.5, 2::float8 > 1, 1 BETWEEN 0 AND 2, 5 NOT BETWEEN 1 AND 3, 2 BETWEEN SYMMETRIC 3 AND 1, 1 IN (1, 2), 3 NOT IN (1, NULL);
SELECT 'NaN'::float8, 'inf'::float8, '-infinity'::float4, 'NaN'::numeric, '-inf'::numeric, 'NaN'::float8 + 1, 'inf'::float8 * 2, 'nan'::numeric + 1, 'nan'::float8 = 'nan'::float8;
SELECT $1::float8, $2::numeric, $3::float4; -- with: NaN | -Infinity | Infinity
SELECT $1::int + 1, $2 * 2, $3::numeric / 3; -- with: 5 | 4 | 10
SELECT $1 + 1, 2 * $2::float8, $3::bigint % 7, -$4::int; -- with: 5 | 1.5 | 100 | 3
SELECT round($1::numeric, 2), trunc($2::numeric), abs($3::int); -- with: 2.345 | 9.99 | -4
SELECT to_char(1234.5, '9,999.99'), to_char(12, '999'), to_char(-12, '999'), to_char(0.1, '9.99'), to_char(0, '9.99'), to_char(12, '000'), to_char(1234567, '9,999,999'), to_char(12345, '999');
SELECT to_char(1234.5, 'FM9,999.99'), to_char(12, 'FM999'), to_char(1.10, 'FM9.99'), to_char(1.0, 'FM9.99'), to_char(0.5, 'FM0.00'), to_char(-5, 'S99'), to_char(5, 'S99'), to_char(-5, '99MI'), to_char(5, '99MI'), to_char(5, 'SG99'), to_char(-5, '99PR'), to_char(5, 'PL99');
SELECT to_char(123456.789, '999G999D99'), to_char(0.0, '0.00'), to_char(-0.5, '90.99'), to_char(5, '"no. "9'), to_char(1234, '9999.00');
SELECT to_number('1,234.5', '9,999.9'), to_number('-12', 'S99'), to_number('12', '99'), to_number('0012', '9999');
SELECT width_bucket(5.35, 0.024, 10.06, 5), width_bucket(5, 0, 10, 2), scale(1.50), trim_scale(1.500);
SELECT 1::numeric(5,2), 1.999::numeric(5,2), (-1.005)::numeric(5,2), 12345::numeric(7,0), 0.05::numeric(3,1);
SELECT 1::bool AND false, NOT (1 > 2), true IS NOT FALSE, NULL::bool IS UNKNOWN, (1 = 1) IS TRUE, NULL IS NOT TRUE, 1 IS DISTINCT FROM NULL, NULL IS NOT DISTINCT FROM NULL;
SELECT (1, 2) < (1, 3), (1, 2) = (1, 2), (2, 1) > (1, 9), (1, NULL) < (2, 1), (1, 2) <> (1, 3), (1, 2) >= (1, 2);
SELECT CASE WHEN 1 > 2 THEN 'a' ELSE 'b' END, CASE 2 WHEN 1 THEN 1 WHEN 2 THEN 2.5 END, CASE WHEN NULL THEN 1 END;
SELECT random() < 1, random() >= 0, gen_random_uuid() IS NOT NULL, length(gen_random_uuid()::text);
