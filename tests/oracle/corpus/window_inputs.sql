-- Windows over what IRIS has no words for.
CREATE TABLE oracle_windowed (id int PRIMARY KEY, t text, vc varchar(20), n numeric(10,2), bo boolean, d date, ts timestamp, tz timestamptz, u uuid, jb jsonb, ia int[], ch char(5));
INSERT INTO oracle_windowed VALUES (1, 'Hello World', 'abc', 12.30, true, '2024-02-29', '2024-02-29 13:14:15', '2024-03-10 07:30:00+00', '12345678-1234-1234-1234-123456789abc', '{"a": 1, "k": "x"}', '{1,2,3}', 'ab'), (2, '', 'b', -0.50, false, '1999-12-31', '1999-12-31 23:59:59', '2000-01-01 00:00:00+00', null, '{"a": 10, "k": "y"}', '{}', ''), (3, null, null, null, null, null, null, null, null, null, null, null), (4, '2024', 'abc', 7.00, true, '2024-03-01', '2024-03-01 00:00:00', '2024-11-03 05:30:00+00', null, '{"a": 2, "k": "x"}', '{4}', 'c');
SELECT id, row_number() OVER (ORDER BY (jb->>'a')::int NULLS LAST, id) FROM oracle_windowed ORDER BY id;
SELECT id, rank() OVER (PARTITION BY jb->>'k' ORDER BY id) FROM oracle_windowed ORDER BY id;
SELECT id, sum((jb->>'a')::int) OVER (), avg((jb->>'a')::numeric) OVER (PARTITION BY jb->>'k') FROM oracle_windowed ORDER BY id;
SELECT id, first_value(t) OVER (PARTITION BY regexp_replace(vc, '[0-9]', '', 'g') ORDER BY id) FROM oracle_windowed ORDER BY id;
SELECT id, n, sum(cardinality(ia)) OVER (ORDER BY id), n - avg(n) OVER (PARTITION BY jsonb_typeof(jb)) FROM oracle_windowed ORDER BY id;
SELECT id, lag(jb->>'k') OVER (ORDER BY id), count(*) FILTER (WHERE t ~ 'o') OVER () FROM oracle_windowed ORDER BY id;
SELECT id, row_number() OVER (ORDER BY tz AT TIME ZONE 'Asia/Tokyo') FROM oracle_windowed ORDER BY id;
SELECT *, row_number() OVER (ORDER BY (jb->>'a')::int NULLS LAST) AS rn FROM oracle_windowed ORDER BY rn;
SELECT x.*, count(*) OVER (PARTITION BY x.t ~ 'o') AS c FROM oracle_windowed x WHERE x.n > 0 ORDER BY x.id;
SELECT x.id, x.n * 2 AS m, sum(cardinality(x.ia) + 1) OVER (PARTITION BY x.t ~ 'o' ORDER BY x.id) FROM oracle_windowed x WHERE x.n < 100 AND x.t !~ 'zzz' ORDER BY m DESC NULLS LAST, 1 LIMIT 2;
SELECT * FROM (SELECT id, t, rank() OVER (PARTITION BY bo ORDER BY jb->>'a', id) AS r FROM oracle_windowed) q WHERE r = 1 ORDER BY id;
SELECT id FROM oracle_windowed ORDER BY row_number() OVER (ORDER BY md5(t)), id;
SELECT id, sum((jb->>$1)::int) OVER (ORDER BY id) FROM oracle_windowed WHERE id < $2 ORDER BY id; -- with: a | 4
SELECT id, n, ch, d, ts, tz, u, vc, avg(cardinality(ia)) OVER () FROM oracle_windowed ORDER BY id;
WITH s AS (SELECT id, dense_rank() OVER (ORDER BY jb->>'k' NULLS FIRST) AS r FROM oracle_windowed) SELECT r, count(*) FROM s GROUP BY r ORDER BY r;
