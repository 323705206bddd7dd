-- Expressions without a table: values, and the types that they have.

SELECT 1;
SELECT 1 AS one, 'text' AS t, 1.50 AS n, NULL AS nothing, true AS yes, false AS no;
SELECT 2147483647, 2147483648, -2147483648, 9223372036854775807;
SELECT 1 + 1, 2 - 3, 4 * 5, 7 / 2, -7 / 2, 7 % 3, -7 % 3;
SELECT 1.10 + 2.205, 1.1 * 1.1;
SELECT 7 / 2.0;
SELECT 1 = 1, 1 <> 1, 2 > 1, NULL = 1, 1 IS NULL, NULL IS NULL, 'a' = 'A', 'a' < 'b';
SELECT true AND false, true OR NULL, NOT true, NULL AND false;
SELECT 'a' || 'b', 'a' || NULL, 'x' || 1;
SELECT '12'::int, '1.50'::numeric, '1.5'::float8, 't'::bool, 'x'::text, '2024-02-29'::date;
SELECT 42.5::int, 43.5::int, -42.5::int, 41.9::int, 1.005::numeric(10,2);
SELECT CAST('abcdef' AS varchar(3)), CAST(12 AS text), CAST(true AS text);
SELECT '2024-01-31'::date + 1, '2024-03-01'::date - '2024-02-01'::date;
SELECT '2024-01-02 03:04:05.678'::timestamp, '03:04:05'::time;
SELECT extract(year FROM '2024-05-06'::date), extract(dow FROM '2024-05-05'::date), extract(hour FROM '2024-01-02 03:04:05'::timestamp);
SELECT CASE WHEN 1 > 2 THEN 'a' WHEN 2 > 1 THEN 'b' END, CASE 3 WHEN 3 THEN 1.5 ELSE 2 END;
SELECT coalesce(NULL, 2, 3), nullif(1, 1), nullif(1, 2), greatest(1, NULL, 3), least(4, 2);
SELECT length('a b  '), char_length(''), upper('abc'), lower('ABC'), trim('  x '), ltrim('xxa', 'x'), rtrim('a  ');
SELECT substring('abcdef' from 2 for 3), substr('abcdef', 3), left('abc', 2), right('abc', 2), position('c' in 'abc'), strpos('abc', 'z');
SELECT replace('aXbX', 'X', '-'), repeat('ab', 3), reverse('abc'), lpad('7', 3, '0'), rpad('ab', 4, '.');
SELECT concat('a', NULL, 'b'), split_part('a,b,c', ',', 2);
SELECT abs(-5), ceil(1.2), floor(-1.2), round(2.5), round(1.2345, 2), trunc(1.99), mod(7, 3), sign(-3);
SELECT power(2, 10), sqrt(2.0::float8), exp(0.0::float8), ln(1.0::float8);
SELECT 'it''s', E'a\nb', $$dollar 'quoted'$$, '';
SELECT 1 IN (1, 2), 3 NOT IN (1, 2), 2 BETWEEN 1 AND 3, 'abc' LIKE 'a%', 'abc' NOT LIKE '_b', 'ABC' ILIKE 'abc';
SELECT 'a%b' LIKE 'a\%b', 'axb' LIKE 'a\%b', 'a!b' LIKE 'a!!b' ESCAPE '!';
SELECT NULL IS DISTINCT FROM 1, 1 IS NOT DISTINCT FROM 1, true IS TRUE, NULL::bool IS UNKNOWN;
SELECT 1 AS a UNION ALL SELECT 2 ORDER BY 1;
SELECT * FROM (SELECT 1 AS a, 'x' AS b) t;
SELECT current_schema(), current_user = session_user;
SELECT now() IS NOT NULL, current_date IS NOT NULL;

-- Parameters and their types
SELECT $1::int + 1; -- with: 41
SELECT $1::text || '!'; -- with: a
SELECT $1::numeric(10,2); -- with: 1.005
SELECT $1::bool AND true; -- with: f
SELECT $1; -- with: abc
SELECT $1::date, $2::timestamp; -- with: 2024-02-29 | 2024-02-29 12:00:00
SELECT coalesce($1, 7); -- with: NULL
SELECT $1::int IS NULL; -- with: NULL
SELECT 1 LIMIT $1; -- with: 1
select trim(both from ' a ', ' '), trim(' a '), trim(both 'x' from 'xax'), trim('x' from 'xax'), trim(leading from ' a'), trim('xax','x'), trim(trailing 'x' from 'xax'), trim(both 'xax', 'x'), trim(leading ' a'), trim(from ' q ');
