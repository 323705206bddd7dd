-- Types of parameters and of results, found without running.

CREATE TABLE oracle_types (id serial PRIMARY KEY, a int, b text, c varchar(10), n numeric(10,2), f real, d date, ts timestamp, tz timestamptz, ok boolean, u uuid, js jsonb, big bigint, s smallint, by bytea, i interval, arr int[]);
INSERT INTO oracle_types (a, b, c, n, f, d, ts, tz, ok, big, s, by, i, arr) VALUES (1, 'x', 'y', 1.50, 2.5, '2024-01-01', '2024-01-01 10:00', '2024-01-01 10:00+00', true, 5, 1, '\x6162', '1 day', '{1,2}');
SELECT $1, $2; -- with: a | b
SELECT $1 + 1, $2 - 1.5, $3 || 'x', $4 * $5::float8; -- with: 1 | 2 | a | 2 | 3
SELECT * FROM oracle_types WHERE a = $1 AND b = $2 AND c = $3 AND n > $4 AND d = $5; -- with: 1 | x | y | 1 | 2024-01-01
SELECT id FROM oracle_types WHERE ts > $1 AND tz > $2 AND ok = $3 AND big = $4 AND s = $5; -- with: 2023-01-01 | 2023-01-01 | t | 5 | 1
SELECT id FROM oracle_types WHERE a IN ($1, $2) AND b LIKE $3 AND c BETWEEN $4 AND $5; -- with: 1 | 2 | % | a | z
SELECT coalesce($1, a), coalesce(b, $2), nullif(a, $3), greatest(n, $4) FROM oracle_types; -- with: 5 | z | 9 | 7
SELECT d - $1, ts - $2, tz - $3 FROM oracle_types; -- with: 2023-12-31 | 2024-01-01 | 2024-01-01
SELECT substring(b, $1), left(c, $2), repeat(b, $3), round(n, $4), lpad(b, $5, $6) FROM oracle_types; -- with: 1 | 1 | 2 | 1 | 3 | 0
SELECT date_trunc($1, ts), extract(year from ts), to_char(ts, $2), date_part($3, d) FROM oracle_types; -- with: month | YYYY | year
SELECT id FROM oracle_types LIMIT $1 OFFSET $2; -- with: 1 | 0
SELECT js -> $1, js ->> $2, js @> $3, js #> $4 FROM oracle_types; -- with: a | b | {} | {a}
SELECT arr || $1, $2 = ANY(arr), arr @> $3, arr[$4] FROM oracle_types; -- with: {5} | 1 | {1} | 1
SELECT $1::int, $1; -- with: 5
SELECT a FROM oracle_types WHERE a = $1 OR $1 IS NULL; -- with: 1
SELECT a FROM oracle_types WHERE ($1::int IS NULL OR a = $1); -- with: 1
SELECT a FROM oracle_types WHERE b = coalesce($1, b) AND a > coalesce($2, 0); -- with: x | 0
SELECT sum(a) + $1, count(*) * $2 FROM oracle_types; -- with: 1 | 2
SELECT a, $1 AS p FROM oracle_types UNION ALL SELECT $2, 'z'; -- with: q | 3
SELECT * FROM (VALUES ($1, 1), ('b', $2)) AS v (x, y); -- with: a | 2
SELECT by, length(by), encode(by, 'hex'), by || '\x63' FROM oracle_types;
SELECT a::text, b::varchar(1), n::int, n::text, d::timestamp, ts::date, ok::int, a::bool, a::numeric(5,1), f::numeric FROM oracle_types;
SELECT 'x' AS a, 1 AS b, true, NULL, 1.5, now() IS NOT NULL AS n, count(*), max(b), a + 1, -a, (a), a::text, upper(b), b || c, CASE WHEN a = 1 THEN b END, coalesce(b, c), (SELECT 1), (SELECT a FROM oracle_types LIMIT 1), EXISTS (SELECT 1), a IN (1), NOT ok, arr[1], extract(year from d), position('a' in b), trim(b), current_date IS NULL, b LIKE 'x', a BETWEEN 1 AND 2, ARRAY[a] FROM oracle_types GROUP BY a, b, c, ok, arr, d;
SELECT t.*, a AS z FROM oracle_types t WHERE id = 1;
UPDATE oracle_types SET a = $1, b = $2, n = $3 + 1, d = $4, ok = $5, js = $6, arr = $7, i = $8 WHERE id = $9 RETURNING a, b, n; -- with: 7 | new | 5 | 2024-05-05 | f | {"a": 1} | {9} | 2 days | 1
INSERT INTO oracle_types (a, b, n, ts) VALUES ($1, $2, $3, $4), ($1 + 1, upper($2), $3 * 2, $5) RETURNING a, b, n; -- with: 5 | q | 1.5 | 2024-01-01 | 2024-01-02
INSERT INTO oracle_types (a, b) SELECT $1, b FROM oracle_types WHERE a = $2; -- with: 3 | 7
DELETE FROM oracle_types WHERE a = ANY($1) AND b <> $2; -- with: {3} | zzz
SELECT a, b, n, d, ok, js, arr, i FROM oracle_types ORDER BY id;
DROP TABLE oracle_types;
SELECT date '2024-02-29'::text, date '2024-02-29'::timestamp, timestamp '2024-02-29 10:20:30'::date, timestamp '2024-02-29 10:20:30'::time, int '5'::text || 'x', numeric '1.50'::float8, time '10:20'::text, bool 't'::int, double precision '1.5' * 2, uuid '123e4567-e89b-12d3-a456-426614174000'::text;
SELECT jsonb '{"a": {"b": 1}}' -> 'a' ->> 'b', json '[1,2]' ->> 1, timestamp with time zone '2024-02-29 10:00+00'::date, character varying(3) 'abcdef' || 'x', interval '1 day'::text, date '2024-02-29' + 1, timestamp '2024-02-29 10:00' + interval '1 hour', bytea '\x4142'::text, name 'abc'::text, oid '5'::text, text 'a' || 'b', varchar 'a' || 'b';
