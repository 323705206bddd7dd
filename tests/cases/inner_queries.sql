SELECT t.id, x.name FROM t LEFT JOIN LATERAL (SELECT u.name FROM u WHERE u.t_id = t.id ORDER BY u.name LIMIT 1) x ON true
=> SELECT t.id, x.name FROM SQLUser.t LEFT JOIN LATERAL (SELECT TOP 1 u.name FROM SQLUser.u WHERE u.t_id = t.id ORDER BY %EXACT(' ' || u.name) ASC) AS x ON 1 = 1

SELECT id, t.a, u.name FROM t FULL JOIN u USING (id)
=> SELECT COALESCE(t.id, u.id), t.a, u.name FROM SQLUser.t FULL JOIN SQLUser.u ON t.id = u.id

SELECT id FROM t RIGHT JOIN u USING (id)
=> SELECT u.id FROM SQLUser.t RIGHT JOIN SQLUser.u ON t.id = u.id

SELECT x.k, x.b FROM t AS x (k, l)
=> SELECT x.id, x.b FROM SQLUser.t AS x

SELECT count(*) FROM t WHERE EXISTS (SELECT FROM u WHERE u.t_id = t.id)
=> SELECT COUNT(*) FROM SQLUser.t WHERE EXISTS(SELECT 1 FROM SQLUser.u WHERE u.t_id = t.id)

SELECT t.id FROM t JOIN unnest($1::int[]) WITH ORDINALITY AS x (v, place) ON x.v = t.id ORDER BY x.place
=+ row_set('{"functions":[["unnest",1]],"types":[23,20],"ordinality":true,"record":[]}', $1)
=> SELECT t.id FROM SQLUser.t JOIN (SELECT CAST(r.c1 AS INTEGER) AS v, CAST(r.c2 AS BIGINT) AS place FROM JSON_TABLE(?, '$[*]' COLUMNS (c1 VARCHAR(3641144) PATH '$.c1', c2 VARCHAR(3641144) PATH '$.c2')) AS r) AS x ON x.v = t.id ORDER BY CASE WHEN x.place IS NULL THEN 1 ELSE 0 END ASC, x.place ASC

WITH RECURSIVE r (n) AS (SELECT id FROM t WHERE id = 1 UNION SELECT n + 1 FROM r WHERE n < 9) SELECT n FROM r
=> SELECT id FROM SQLUser.t WHERE id = ?
=> SELECT n + 1 FROM (SELECT CAST(r.c1 AS INTEGER) AS n FROM JSON_TABLE(?, '$[*]' COLUMNS (c1 VARCHAR(3641144) PATH '$.c1')) AS r) AS r WHERE n < ?
=> SELECT n FROM (SELECT CAST(r.c1 AS INTEGER) AS n FROM JSON_TABLE(?, '$[*]' COLUMNS (c1 VARCHAR(3641144) PATH '$.c1')) AS r) AS r

SELECT id FROM t WHERE id IN (SELECT t_id FROM u WHERE name ~ 'a')
=> SELECT t_id, name FROM SQLUser.u
=> SELECT id FROM SQLUser.t WHERE id IN (SELECT t_id FROM (SELECT CAST(r.c1 AS INTEGER) AS t_id FROM JSON_TABLE(?, '$[*]' COLUMNS (c1 VARCHAR(3641144) PATH '$.c1')) AS r) AS pgiris_kept_0)

SELECT id, lag(n, 1, 0) OVER (ORDER BY id), avg(n) OVER () FROM t
=> SELECT id, ROW_NUMBER() OVER (ORDER BY id ASC), LAG(n, 1, 0) OVER (ORDER BY id ASC), SUM(n) OVER (), COUNT(n) OVER () FROM SQLUser.t
=* column 1
=* rescaled(column 3, case((column 2 > '1'), '2', '0'))
=* average(column 4, column 5)

SELECT q.m FROM (SELECT avg(n) AS m FROM t GROUP BY a) q
=> SELECT q.pgiris_2, q.pgiris_3 FROM (SELECT AVG(n) AS m, SUM(n) AS pgiris_2, COUNT(n) AS pgiris_3 FROM SQLUser.t GROUP BY a) AS q
=* average(column 1, column 2)

SELECT t.id, x.v FROM t, jsonb_array_elements(t.j -> 'a') AS x (v) WHERE x.v IS NOT NULL
=> SELECT t.id, t.j FROM SQLUser.t
=* column 1
=* column 3
=? and(not(is null(column 3)))

SELECT id, generate_series(1, a) AS n FROM t
=> SELECT t.id, a FROM SQLUser.t
=* column 1
=* column 3

SELECT generate_series(1, 2), 'x' AS c FROM t
=+ row_set('{"functions":[["generate_series",2]],"types":[23],"ordinality":false,"record":[]}', $1, $2)
=> SELECT pgiris_rows_0.pgiris_row_1 AS generate_series, 'x' AS c FROM SQLUser.t, (SELECT CAST(r.c1 AS INTEGER) AS pgiris_row_1 FROM JSON_TABLE(?, '$[*]' COLUMNS (c1 VARCHAR(3641144) PATH '$.c1')) AS r) AS pgiris_rows_0

-- What may have several rows divides by zero then, which is 21000.
SELECT (SELECT u.id FROM u WHERE t_id = t.id) FROM t
=> SELECT (SELECT CASE WHEN 1 / (CASE WHEN COUNT(*) > 1 THEN 0 ELSE 1 END) = 1 THEN MIN(u.id) END FROM SQLUser.u WHERE t_id = t.id) FROM SQLUser.t

SELECT id, (SELECT count(*) FROM u WHERE t_id = t.id AND t.b ~ u.name) AS n FROM t
=> SELECT id, t.b, (SELECT CAST(JSON_ARRAYAGG(JSON_ARRAY(u.name NULL ON NULL)) AS VARCHAR(3641144)) FROM SQLUser.u WHERE t_id = t.id) FROM SQLUser.t
=* column 1
=* inner('{"kind":"aggregate","has_table":true,"aggregates":1,"order":[],"functions":[]}', column 3, and((column 2 ~ cast(cell 0 as text))), cell 0, NULL, aggregate('{"name":"count","values":0,"order":[],"distinct":false,"filtered":false}'))

SELECT sum(a) OVER (ORDER BY id RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) FROM t
=> SELECT (SELECT SUM(pgiris_frame.a) FROM SQLUser.t AS pgiris_frame WHERE ((pgiris_frame.id >= (t.id - ?) AND pgiris_frame.id <= t.id) OR ((pgiris_frame.id) IS NULL AND (t.id) IS NULL))) AS "sum" FROM SQLUser.t

select (a, b) in (select t_id, name from u) as f from t
=> SELECT CASE WHEN EXISTS(SELECT 1 FROM (SELECT t_id AS in1, name AS in2 FROM SQLUser.u) AS in_rows WHERE in_rows.in1 = t.a AND in_rows.in2 = t.b) THEN 1 WHEN EXISTS(SELECT 1 FROM (SELECT t_id AS in1, name AS in2 FROM SQLUser.u) AS in_rows WHERE CASE WHEN in_rows.in1 <> t.a OR in_rows.in2 <> t.b THEN 1 END IS NULL) THEN NULL ELSE 0 END AS f FROM SQLUser.t

select id from t where (a, id) > all (select t_id, id from u)
=> SELECT id FROM SQLUser.t WHERE NOT EXISTS(SELECT 1 FROM (SELECT t_id AS in1, id AS in2 FROM SQLUser.u) AS in_rows WHERE CASE WHEN (t.a > in_rows.in1 OR (t.a = in_rows.in1 AND t.id > in_rows.in2)) THEN 1 END IS NULL)

select id from t where (a, b) is not distinct from (1, 'x')
=> SELECT id FROM SQLUser.t WHERE ((CASE WHEN a = 1 THEN 1 ELSE 0 END = 1) AND (CASE WHEN b = 'x' THEN 1 ELSE 0 END = 1))
