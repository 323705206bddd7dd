select lower(b), count(*) from t group by 1
=> SELECT %EXACT(LOWER(b)), COUNT(*) FROM SQLUser.t GROUP BY %EXACT(LOWER(b))

select a as x, sum(n) from t group by x having count(*) > 1
=> SELECT a AS x, SUM(n) FROM SQLUser.t GROUP BY a HAVING COUNT(*) > ?

select count(*) filter (where a > 1), sum(a) filter (where ok) from t
=> SELECT COUNT(CASE WHEN a > 1 THEN 1 END), SUM(CASE WHEN ok = 1 THEN a END) FROM SQLUser.t

select bool_and(ok), bool_or(a > 1) from t
=> SELECT MIN(ok), MAX(CASE WHEN a > 1 THEN 1 WHEN NOT (a > 1) THEN 0 ELSE NULL END) FROM SQLUser.t

-- IRIS shows strings of case-insensitive collations in upper case unless %EXACT says otherwise.
select name, count(*) from "Sample"."Person" group by name
=> SELECT %EXACT(name), COUNT(*) FROM Sample.Person GROUP BY %EXACT(name)

select distinct name from "Sample"."Person"
=> SELECT DISTINCT %EXACT(name) AS name FROM Sample.Person

select name from "Sample"."Person" union select b from t
=> SELECT %EXACT(name) AS name FROM Sample.Person UNION SELECT b FROM SQLUser.t

select a, b from t group by a
=! 42803 column "t.b" must appear in the GROUP BY clause or be used in an aggregate function

-- Without an aggregate in the select list IRIS would show every row.
select 'x' from t having count(*) > 1
=> SELECT CASE WHEN COUNT(*) IS NOT NULL THEN 'x' END FROM SQLUser.t HAVING COUNT(*) > ?
