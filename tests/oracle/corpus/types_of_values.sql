-- pg_typeof() of columns and expressions.
CREATE TABLE oracle_typed (id int PRIMARY KEY, n smallint, k bigint, v varchar(5), c char(3), d numeric(5, 2), f real, t timestamptz, u uuid, js jsonb, j json, b bytea, a int[], i interval, l boolean);
INSERT INTO oracle_typed (id, n, v, a) VALUES (1, 1, 'x', '{1}'), (2, NULL, NULL, NULL);
SELECT pg_typeof(id), pg_typeof(n), pg_typeof(k), pg_typeof(v), pg_typeof(c), pg_typeof(d), pg_typeof(f), pg_typeof(t), pg_typeof(u), pg_typeof(js), pg_typeof(j), pg_typeof(b), pg_typeof(a), pg_typeof(i), pg_typeof(l) FROM oracle_typed ORDER BY id;
SELECT pg_typeof(1), pg_typeof('a'), pg_typeof(NULL), pg_typeof(1.5), pg_typeof(true), pg_typeof('x'::char(3)), pg_typeof('x'::"char"), pg_typeof(now()), pg_typeof(array[n]), pg_typeof(id + k), pg_typeof(n || v), pg_typeof(current_date - 1), pg_typeof(js -> 'a'), pg_typeof(lower(v)) FROM oracle_typed WHERE id = 1;
SELECT pg_typeof(count(*)), pg_typeof(sum(id)), pg_typeof(sum(k)), pg_typeof(avg(f)), pg_typeof(array_agg(v)), count(*) FROM oracle_typed;
SELECT pg_typeof(max(id)) FROM oracle_typed GROUP BY n;
SELECT pg_typeof(n), count(*) FROM oracle_typed GROUP BY n ORDER BY n;
SELECT id, pg_typeof(id)::text, pg_typeof(v)::text || '!', concat(pg_typeof(id), ' ', v), length(pg_typeof(d)::text), upper(pg_typeof(id)::text) FROM oracle_typed ORDER BY id;
SELECT id FROM oracle_typed WHERE pg_typeof(id)::text = 'integer' ORDER BY id;
SELECT id, CASE WHEN pg_typeof(id)::text = 'integer' THEN 'number' ELSE 'other' END AS what FROM oracle_typed ORDER BY id;
SELECT pg_typeof(id::bigint) AS x, pg_typeof($1::text) AS y, pg_typeof($2::int[]) AS z FROM oracle_typed; -- with: a | {1}
SELECT pg_typeof((SELECT max(id) FROM oracle_typed)), pg_typeof(s.x), x FROM (SELECT id * 2.5 AS x FROM oracle_typed) AS s ORDER BY x;
SELECT pg_typeof(x.m) FROM (SELECT max(n) AS m FROM oracle_typed) AS x;
SELECT DISTINCT pg_typeof(id) FROM oracle_typed;
SELECT pg_typeof(id) AS kind, pg_typeof(pg_typeof(id)) FROM oracle_typed UNION ALL SELECT pg_typeof(v), NULL FROM oracle_typed WHERE id = 1;
SELECT pg_typeof(id) = 'int4'::regtype, pg_typeof(v) <> 'varchar'::regtype, pg_typeof(id) = pg_typeof(n), pg_typeof(a) IN ('int[]'::regtype, 'text'::regtype), 'timestamptz'::regtype = pg_typeof(t) FROM oracle_typed WHERE pg_typeof(id) = 'integer'::regtype AND id = 1;
SELECT pg_typeof(id), count(*) FROM oracle_typed GROUP BY 1;
SELECT to_json(pg_typeof(v)), format('%s', pg_typeof(v)), array[pg_typeof(id)]::text, pg_typeof(v) IS NULL FROM oracle_typed WHERE id = 1;
INSERT INTO oracle_typed (id, v) VALUES (3, 'y') RETURNING id, pg_typeof(v);
DROP TABLE oracle_typed;
