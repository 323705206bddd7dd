-- Not nullable: IRIS's order is PostgreSQL's.
select id from t order by id
=> SELECT id FROM SQLUser.t ORDER BY 1 ASC

select a from t order by a
=> SELECT a FROM SQLUser.t ORDER BY CASE WHEN a IS NULL THEN 1 ELSE 0 END ASC, a ASC

select a from t order by a desc
=> SELECT a FROM SQLUser.t ORDER BY CASE WHEN a IS NULL THEN 0 ELSE 1 END ASC, a DESC

select a from t order by a nulls first, id desc nulls last
=> SELECT a FROM SQLUser.t ORDER BY 1 ASC, id DESC

select b from t order by 1
=> SELECT b FROM SQLUser.t ORDER BY CASE WHEN b IS NULL THEN 1 ELSE 0 END ASC, %EXACT(' ' || b) ASC

select a as x from t order by x desc nulls last
=> SELECT a AS x FROM SQLUser.t ORDER BY 1 DESC

select distinct a from t order by a
=> SELECT v.c1 AS a FROM (SELECT DISTINCT a AS c1 FROM SQLUser.t) AS v ORDER BY CASE WHEN v.c1 IS NULL THEN 1 ELSE 0 END ASC, v.c1 ASC

select distinct lower(b) from t order by lower(b)
=> SELECT v.c1 AS "lower" FROM (SELECT DISTINCT %EXACT(LOWER(b)) AS c1 FROM SQLUser.t) AS v ORDER BY CASE WHEN v.c1 IS NULL THEN 1 ELSE 0 END ASC, %EXACT(' ' || v.c1) ASC

select a from t union select id from u order by 1
=> SELECT v.c1 AS a FROM (SELECT a AS c1 FROM SQLUser.t UNION SELECT id FROM SQLUser.u) AS v ORDER BY CASE WHEN v.c1 IS NULL THEN 1 ELSE 0 END ASC, v.c1 ASC

-- Aggregates do not stand in ORDER BY: -73.
select a, max(b) as m from t group by a order by m desc
=> SELECT v.c1 AS a, v.c2 AS m FROM (SELECT a AS c1, SUBSTRING(MAX(%EXACT(' ' || b)), 2) AS c2, SUBSTRING(MAX(%EXACT(' ' || b)), 2) AS s1 FROM SQLUser.t GROUP BY a) AS v ORDER BY CASE WHEN v.s1 IS NULL THEN 0 ELSE 1 END ASC, %EXACT(' ' || v.s1) DESC

select a from t group by a order by count(*) desc limit 2
=> SELECT TOP ? v.c1 AS a FROM (SELECT a AS c1, COUNT(*) AS s1 FROM SQLUser.t GROUP BY a) AS v ORDER BY v.s1 DESC

SELECT a FROM t WHERE b < 'm' AND b BETWEEN 'a' AND 'z'
=> SELECT a FROM SQLUser.t WHERE %EXACT(' ' || b) < %EXACT(' ' || ?) AND %EXACT(' ' || b) BETWEEN %EXACT(' ' || ?) AND %EXACT(' ' || ?)

SELECT min(b), max(b) FILTER (WHERE a > 1), greatest(b, 'x') FROM t GROUP BY b
=> SELECT SUBSTRING(MIN(%EXACT(' ' || b)), 2), SUBSTRING(MAX(%EXACT(' ' || CASE WHEN a > 1 THEN b END)), 2), SUBSTRING(GREATEST(COALESCE(%EXACT(' ' || b), %EXACT(' ' || 'x')), COALESCE(%EXACT(' ' || 'x'), %EXACT(' ' || b))), 2) FROM SQLUser.t GROUP BY b

SELECT min(b) OVER (PARTITION BY a) FROM t
=> SELECT SUBSTRING(MIN(%EXACT(' ' || b)) OVER (PARTITION BY a), 2) FROM SQLUser.t
