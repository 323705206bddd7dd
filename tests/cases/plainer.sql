WITH c AS MATERIALIZED (SELECT id FROM t) SELECT id FROM c
=> WITH c AS (SELECT id FROM SQLUser.t) SELECT id FROM c

WITH RECURSIVE c AS (SELECT id FROM t) SELECT count(*) FROM c
=> WITH c AS (SELECT id FROM SQLUser.t) SELECT COUNT(*) FROM c

SELECT id FROM t WHERE id IN (VALUES (1), (3))
=> SELECT id FROM SQLUser.t WHERE id IN (?, ?)

SELECT t.id, g FROM t, generate_series(1, 2) AS g
=> SELECT t.id, g.g FROM SQLUser.t, (SELECT 1 AS g UNION ALL SELECT 2 AS g) AS g

SELECT t.id FROM t JOIN unnest(ARRAY[1, 2]) AS x ON x = t.id
=> SELECT t.id FROM SQLUser.t JOIN (SELECT 1 AS x UNION ALL SELECT 2 AS x) AS x ON x.x = t.id

SELECT id, row_number() OVER (w ORDER BY id) FROM t WINDOW w AS (PARTITION BY a)
=> SELECT id, ROW_NUMBER() OVER (PARTITION BY a ORDER BY id ASC) FROM SQLUser.t

SELECT id, row_number() OVER w FROM t
=! 42704 window "w" does not exist

SELECT id, row_number() OVER (w ORDER BY a) FROM t WINDOW w AS (ORDER BY id)
=! 42P20 cannot override ORDER BY clause of window "w"

SELECT id, count(*) OVER (w ORDER BY a) FROM t WINDOW w AS (ROWS UNBOUNDED PRECEDING)
=! 42P20 cannot copy window "w" because it has a frame clause

SELECT sum(a) OVER (ORDER BY id RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) FROM t
=> SELECT SUM(a) OVER (ORDER BY id ASC) FROM SQLUser.t

SELECT sum(a) OVER (ORDER BY id GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM t
=! 0A000 window frames with GROUPS are not supported

SELECT t.id, a.aid FROM t LEFT JOIN (accounts a JOIN u ON a.aid = u.id) ON t.id = a.aid
=> SELECT t.id, j_a_u.c1 AS aid FROM SQLUser.t LEFT JOIN (SELECT a.aid AS c1 FROM SQLUser.accounts AS a JOIN SQLUser.u ON a.aid = u.id) AS j_a_u ON t.id = j_a_u.c1

SELECT t.id, aid FROM t LEFT JOIN (accounts a JOIN u ON a.aid = u.id) ON t.id = a.aid
=! 0A000 joins in parentheses are not supported

SELECT a.aid FROM (accounts AS a JOIN u AS b ON a.aid = b.id)
=> SELECT a.aid FROM SQLUser.accounts AS a JOIN SQLUser.u AS b ON a.aid = b.id

SELECT a.aid FROM ((accounts a JOIN u AS b ON a.aid = b.id) JOIN t ON t.id = b.id) LEFT JOIN u AS c ON c.id = t.id
=> SELECT a.aid FROM SQLUser.accounts AS a JOIN SQLUser.u AS b ON a.aid = b.id JOIN SQLUser.t ON t.id = b.id LEFT JOIN SQLUser.u AS c ON c.id = t.id

SELECT x.aid FROM (accounts a JOIN u AS b ON a.aid = b.id) AS x
=> SELECT x.aid FROM (SELECT a.aid, a.bid, a.abalance, a.filler, b.id, b.t_id, b.name FROM SQLUser.accounts AS a JOIN SQLUser.u AS b ON a.aid = b.id) AS x

SELECT id FROM t WHERE ROW(id, a) = ROW(1, 10)
=> SELECT id FROM SQLUser.t WHERE (id = ? AND a = ?)

SELECT id FROM t WHERE (id, a) IN (SELECT id, t_id FROM u)
=> SELECT id FROM SQLUser.t WHERE EXISTS(SELECT 1 FROM (SELECT id AS in1, t_id AS in2 FROM SQLUser.u) AS in_rows WHERE in_rows.in1 = t.id AND in_rows.in2 = t.a)

SELECT id FROM t WHERE NOT (id, a) IN (SELECT id, t_id FROM u)
=> SELECT id FROM SQLUser.t WHERE NOT EXISTS(SELECT 1 FROM (SELECT id AS in1, t_id AS in2 FROM SQLUser.u) AS in_rows WHERE CASE WHEN in_rows.in1 <> t.id OR in_rows.in2 <> t.a THEN 1 END IS NULL)

SELECT id FROM t ORDER BY id FETCH FIRST 2 ROWS WITH TIES
=> SELECT ranked.c1 AS id FROM (SELECT id AS c1, RANK() OVER (ORDER BY id ASC) AS tied FROM SQLUser.t) AS ranked WHERE ranked.tied <= 2 ORDER BY ranked.tied ASC

SELECT id FROM t ORDER BY id OFFSET 1 FETCH FIRST ROW WITH TIES
=> SELECT ranked.c1 AS id FROM (SELECT id AS c1, RANK() OVER (ORDER BY id ASC) AS tied, ROW_NUMBER() OVER (ORDER BY id ASC) AS place FROM SQLUser.t) AS ranked WHERE ranked.place > 1 AND ranked.tied <= 2 ORDER BY ranked.tied ASC

SELECT a, count(*) FROM t GROUP BY a ORDER BY a FETCH FIRST 2 ROWS WITH TIES
=! 0A000 FETCH FIRST ... WITH TIES is not supported

UPDATE t SET (a, id) = (1, 2) WHERE id = 1
=> UPDATE SQLUser.t SET a = ?, id = ? WHERE id = ?

UPDATE t SET (a, id) = (SELECT id, aid FROM accounts LIMIT 1)
=! 0A000 this query of a multiple-column UPDATE item is not supported

SELECT a, count(*) FROM t GROUP BY ROLLUP (a)
=> SELECT grouped.c1 AS a, grouped.c2 AS "count" FROM (SELECT a AS c1, COUNT(*) AS c2 FROM SQLUser.t GROUP BY a UNION ALL SELECT CAST(NULL AS INTEGER) AS c1, COUNT(*) AS c2 FROM SQLUser.t) AS grouped

SELECT a FROM t GROUP BY GROUPING SETS ((a), ())
=> SELECT grouped.c1 AS a FROM (SELECT a AS c1 FROM SQLUser.t GROUP BY a UNION ALL SELECT CAST(NULL AS INTEGER) AS c1) AS grouped

SELECT DISTINCT ON (a) a FROM t GROUP BY ROLLUP (a)
=! 0A000 grouping sets together with DISTINCT ON or subqueries are not supported

SELECT grouping(id) FROM t GROUP BY ROLLUP (a)
=! 42803 arguments to GROUPING must be grouping expressions of the associated query level
