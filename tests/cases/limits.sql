select a from t limit 5
=> SELECT TOP ? a FROM SQLUser.t

select a from t limit $1
=> SELECT TOP ? a FROM SQLUser.t

select a from t limit all
=> SELECT a FROM SQLUser.t

select a from t order by id limit 5 offset 10
=> SELECT a FROM SQLUser.t ORDER BY id ASC LIMIT ? OFFSET ?

select a from t order by id offset 10
=> SELECT a FROM SQLUser.t ORDER BY id ASC LIMIT 2147483647 OFFSET ?

select a from t order by id limit $1 offset $2
=> SELECT a FROM SQLUser.t ORDER BY id ASC LIMIT ? OFFSET ?

select * from (select a from t order by id limit $1 offset $2) s
=> SELECT a FROM (SELECT TOP ? w.c1 AS a FROM (SELECT v.c1 AS c1, ROW_NUMBER() OVER (ORDER BY v.s1 ASC) AS rn FROM (SELECT a AS c1, id AS s1 FROM SQLUser.t) AS v) AS w WHERE w.rn > ? ORDER BY w.rn ASC) AS s

select * from (select a from t order by a limit 3) s
=> SELECT a FROM (SELECT TOP 3 a FROM SQLUser.t ORDER BY CASE WHEN a IS NULL THEN 1 ELSE 0 END ASC, a ASC) AS s

select * from (select id from t order by id) s
=> SELECT id FROM (SELECT TOP ALL id FROM SQLUser.t ORDER BY 1 ASC) AS s

select a from t where id in (select id from u order by id limit 2)
=> SELECT a FROM SQLUser.t WHERE id IN (SELECT TOP 2 id FROM SQLUser.u ORDER BY 1 ASC)

select 1 union select 2 limit 1
=> SELECT TOP ? v.c1 FROM (SELECT 1 AS c1 UNION SELECT 2) AS v

select count(*) from t limit 1
=> SELECT TOP ? v.c1 AS "count" FROM (SELECT COUNT(*) AS c1 FROM SQLUser.t) AS v

select a from t fetch first row only
=> SELECT TOP 1 a FROM SQLUser.t

WITH RECURSIVE x AS (SELECT a FROM t UNION ALL SELECT a + 1 FROM x WHERE a < 3) SEARCH BREADTH FIRST BY a SET o SELECT * FROM x
=! 0A000 SEARCH and CYCLE of WITH RECURSIVE are not supported

WITH RECURSIVE x (a, b) AS (SELECT a, 1 FROM t UNION ALL SELECT a + 1, b FROM x WHERE a < 3) CYCLE a, b SET seen USING path SELECT * FROM x
=! 0A000 SEARCH and CYCLE of WITH RECURSIVE are not supported
