-- What PostgreSQL says of values that it cannot take.

SELECT '{1,a}'::int[];
SELECT ARRAY[1, 'a'];
SELECT ARRAY[];
SELECT ARRAY[1] || ARRAY['a'::text];
SELECT '2024-05-06'::text::date, '2024-05-06'::date::text, '10:20:30.5'::time::text, interval '1 day 2 hours'::text, '2024-05-06 07:08:09.10'::timestamp::text, '2024-05-06 07:08:09+00'::timestamptz::text;
SELECT '2024-02-30'::date;
SELECT 'hello'::date;
SELECT make_date(2024, 2, 30);
SELECT to_date('2024-13-01', 'YYYY-MM-DD');
SELECT extract(nonsense from '2024-01-01'::date);
SELECT extract(hour from '2024-01-01'::date);
SELECT date_trunc('nonsense', '2024-01-01'::timestamp);
SELECT now() AT TIME ZONE 'Nowhere/At_All';
SELECT '{a}'::json;
SELECT '{"a": 1}'::jsonb + 1;
SELECT '{"a": 1}'::json @> '{}';
SELECT ('{"a": "x"}'::jsonb -> 'a')::int;
SELECT jsonb_array_length('{}');
SELECT json_build_object('a');
SELECT 5 / 0;
SELECT 5.0 / 0;
SELECT 5 % 0;
SELECT 5::float8 / 0;
SELECT 2147483647 + 1;
SELECT 32767::smallint + 1::smallint;
SELECT 9223372036854775807 + 1;
SELECT 99999::smallint;
SELECT 3000000000::int;
SELECT 123.456::numeric(4,2);
SELECT 'abc'::int;
SELECT '1.5'::int;
SELECT sqrt(-1);
SELECT ln(0);
SELECT power(0, -1);
SELECT 1e308::float8 * 10;
SELECT abs(-2147483648);
SELECT to_char(5, '9th'), to_char(21, '99TH'), to_char(1.5::float8, '9.99'), to_char(123::bigint, '999G999'), to_char(1.5, '0.0D');
SELECT concat($1, $2::int), concat_ws('-', $3::text, 'b'); -- with: a | 5 | c
CREATE TABLE oracle_types (id serial PRIMARY KEY, a int, b text, c varchar(10), n numeric(10,2), f real, d date, ts timestamp, tz timestamptz, ok boolean, u uuid, js jsonb, big bigint, s smallint, by bytea, i interval, arr int[]);
SELECT CASE $1 WHEN a THEN 1 ELSE 2 END FROM oracle_types; -- with: 1
SELECT $1 + $2; -- with: 1 | 2
SELECT $1 || $2; -- with: 1 | 2
SELECT upper($1, $2); -- with: 1 | 2
SELECT a FROM oracle_types WHERE a = 'x';
SELECT a FROM oracle_types WHERE a = b;
SELECT a FROM oracle_types WHERE d > 5;
SELECT a FROM oracle_types WHERE ok = 1;
SELECT a FROM oracle_types WHERE a LIKE '1%';
SELECT sum(b) FROM oracle_types;
SELECT coalesce(a, b) FROM oracle_types;
SELECT CASE WHEN ok THEN a ELSE b END FROM oracle_types;
SELECT a FROM oracle_types WHERE a;
SELECT a AND ok FROM oracle_types;
SELECT nofunction(a) FROM oracle_types;
SELECT lower(a) FROM oracle_types;
SELECT round(f, 2) FROM oracle_types;
SELECT $2; -- with: a | b
SELECT a::uuid FROM oracle_types;
SELECT date_trunc('month', b) FROM oracle_types;
SELECT a[1] FROM oracle_types;
SELECT js + 1 FROM oracle_types;
SELECT (1, 2) = (1, 2, 3);
SELECT 1 FROM oracle_types LIMIT 'x';
SELECT 1 FROM oracle_types LIMIT -1;
SELECT 1 FROM oracle_types LIMIT a;
INSERT INTO oracle_types (a) VALUES ('x');
INSERT INTO oracle_types (c) VALUES ('this is too long');
INSERT INTO oracle_types (s) VALUES (99999);
INSERT INTO oracle_types (n) VALUES (123456789012);
INSERT INTO oracle_types (a) VALUES (true);
UPDATE oracle_types SET a = b;
UPDATE oracle_types SET d = 'nope';
SELECT $1 IS NULL; -- with: a
SELECT a + $1, n * $2, f / $3, big % $4, d + $5, ts + $6 FROM oracle_types; -- with: 1 | 2 | 2 | 3 | 4 | 1 day
DROP TABLE oracle_types;
SELECT json_object('{{a,1,2},{b,2,3}}');
SELECT json_object('{a,b}', '{1}');
SELECT json_object('{a,NULL}', '{1,2}');
SELECT jsonb_set_lax('{"a": 1}', '{a}', NULL, true, 'raise_exception');
SELECT jsonb_set_lax('{"a": 1}', '{a}', NULL, true, 'what');
SELECT * FROM jsonb_to_record('[1]') AS t (a int);
SELECT * FROM jsonb_to_recordset('[[1]]') AS t (a int);
SELECT * FROM json_to_recordset('{}') AS t (a int);
SELECT * FROM jsonb_to_record('{"a": [1, [2]]}') AS t (a int[]);
SELECT * FROM jsonb_to_record('{"a": 1}') AS t (a int[]);
SELECT * FROM jsonb_to_record('{"c": "abc"}') AS t (c varchar(2));
SELECT '{}'::json = '{}'::json;
