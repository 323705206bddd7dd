-- Arrays where arrays of a wider element are wanted: PostgreSQL converts them element by element.
CREATE TABLE array_rows (id int PRIMARY KEY, a int[], b int2[], d date[], ts timestamp[], v varchar(10)[], t text[], n numeric[], f float8[]);
INSERT INTO array_rows VALUES (1, '{1,2}', '{3,4}', '{2024-01-01}', '{2024-01-01 10:00}', '{a,b}', '{c}', '{1.50}', '{1.5}');
UPDATE array_rows SET a = b, ts = d, n = a, t = v RETURNING *;
INSERT INTO array_rows (id, a, ts, n, f, t) SELECT 2, b, d, b, a, v FROM array_rows RETURNING *;
SELECT CASE WHEN id = 1 THEN a ELSE b END, coalesce(b, a) FROM array_rows ORDER BY id;
SELECT array_cat(a, b), array_append(b, 5), array_position(a, 3::int2) FROM array_rows WHERE id = 1;
SELECT a || b, b || a, v || t, n || a, ts || d FROM array_rows WHERE id = 1;
SELECT greatest(a, b) FROM array_rows WHERE id = 1;
SELECT id, 3 = ANY (b), 3::int8 = ANY (a) FROM array_rows ORDER BY 1;
SELECT array_fill('x'::text, ARRAY[2::int2]);
VALUES ('{1}'::int2[]), ('{2}'::int4[]);
SELECT array_fill(relname, ARRAY[relnatts]) FROM pg_class WHERE relname = 'array_rows';
DROP TABLE array_rows;
