select distinct on (a) a, b from t order by a, id desc
=> SELECT v.c1 AS a, v.c2 AS b FROM (SELECT a AS c1, b AS c2, a AS s1, id AS s2, ROW_NUMBER() OVER (PARTITION BY a ORDER BY CASE WHEN a IS NULL THEN 1 ELSE 0 END ASC, a ASC, id DESC) AS rn FROM SQLUser.t) AS v WHERE v.rn = 1 ORDER BY CASE WHEN v.s1 IS NULL THEN 1 ELSE 0 END ASC, v.s1 ASC, v.s2 DESC

select t.a, u.name from t left join u on u.t_id = t.id
=> SELECT t.a, u.name FROM SQLUser.t LEFT JOIN SQLUser.u ON u.t_id = t.id

select id, name from t join u using (id)
=> SELECT t.id, u.name FROM SQLUser.t JOIN SQLUser.u ON t.id = u.id

values (1, 'a'), (2, null)
=> SELECT 1 AS column1, 'a' AS column2 UNION ALL SELECT 2 AS column1, CAST(NULL AS VARCHAR(3641144)) AS column2

select x, y from (values (1, 'a'), (2, 'b')) v (x, y)
=> SELECT x, y FROM (SELECT 1 AS x, 'a' AS y UNION ALL SELECT 2 AS x, 'b' AS y) AS v

with w (p, q) as (select a, count(*) from t group by a) select p from w where q > 1
=> WITH w AS (SELECT a AS p, COUNT(*) AS q FROM SQLUser.t GROUP BY a) SELECT p FROM w WHERE q > ?

select count from (select count(*) from t) s
=> SELECT "count" FROM (SELECT COUNT(*) AS "count" FROM SQLUser.t) AS s

select a from t where (a, b) = (1, 'x')
=> SELECT a FROM SQLUser.t WHERE (a = ? AND b = ?)

select a from t where (a, b) in ((1, 'x'), (2, 'y'))
=> SELECT a FROM SQLUser.t WHERE ((a = ? AND b = ?) OR (a = ? AND b = ?))

select a from t where a = any($1) or b <> all($2)
=> SELECT a FROM SQLUser.t WHERE a %INLIST ? OR NOT (b %INLIST ?)

select a from t where a = any(array[1, 2])
=> SELECT a FROM SQLUser.t WHERE a IN (?, ?)

select a from t for update
=> SELECT t.%ID FROM SQLUser.t
=> UPDATE SQLUser.t SET a = a WHERE t.%ID %INLIST ?
=> SELECT a FROM SQLUser.t WHERE t.%ID %INLIST ?

select a from t where b = 'x' order by a limit 1 for update skip locked
=> SELECT %NOLOCK TOP ? t.%ID FROM SQLUser.t WHERE b = ? ORDER BY CASE WHEN a IS NULL THEN 1 ELSE 0 END ASC, a ASC
=> UPDATE SQLUser.t SET a = a WHERE t.%ID = ?
=> SELECT TOP ? t.%ID FROM SQLUser.t WHERE t.%ID %INLIST ? AND (b = ?) ORDER BY CASE WHEN a IS NULL THEN 1 ELSE 0 END ASC, a ASC
=> SELECT TOP ? a FROM SQLUser.t WHERE t.%ID %INLIST ? AND (b = ?) ORDER BY CASE WHEN a IS NULL THEN 1 ELSE 0 END ASC, a ASC

select row_number() over (partition by b order by a), sum(a) over (order by id) from t
=> SELECT ROW_NUMBER() OVER (PARTITION BY b ORDER BY CASE WHEN a IS NULL THEN 1 ELSE 0 END ASC, a ASC), SUM(a) OVER (ORDER BY id ASC) FROM SQLUser.t

select "user"."level" from (select 1 as level) "user"
=> SELECT "user"."level" FROM (SELECT 1 AS "level") AS "user"

select * from generate_series(1, 3)
=+ row_set('{"functions":[["generate_series",2]],"types":[23],"ordinality":false,"record":[]}', $1, $2)
=> SELECT generate_series FROM (SELECT CAST(r.c1 AS INTEGER) AS generate_series FROM JSON_TABLE(?, '$[*]' COLUMNS (c1 VARCHAR(3641144) PATH '$.c1')) AS r) AS generate_series

delete from pg_catalog.pg_class
=! 42501 permission denied: "pg_class" is a system catalog

delete from information_schema.tables
=! 42501 permission denied: "tables" is a system catalog

select a as "t.a", b as "x,y" from t order by "t.a"
=> SELECT a AS t$2Ea, b AS x$2Cy FROM SQLUser.t ORDER BY CASE WHEN a IS NULL THEN 1 ELSE 0 END ASC, a ASC

select "s.t"."a.b" from (select a as "a.b" from t) as "s.t"
=> SELECT s$2Et.a$2Eb FROM (SELECT a AS a$2Eb FROM SQLUser.t) AS s$2Et

select public.t.a, other.t.id from public.t join other.t on public.t.id = other.t.id where exists (select 1 from other.t where t.id = public.t.id)
=> SELECT t.a, t_1.id FROM SQLUser.t JOIN other.t AS t_1 ON t.id = t_1.id WHERE EXISTS(SELECT 1 FROM other.t AS t_1 WHERE t_1.id = t.id)

update other.t set a = public.t.a from public.t where public.t.id = other.t.id
=> UPDATE other.t SET a = t_1.a FROM SQLUser.t AS t_1 WHERE t_1.id = t.id

select t.a from public.t, other.t
=! 42P09 table reference "t" is ambiguous

select sum(count(*)) over (partition by max(id)) from t group by a
=> SELECT SUM(COUNT(*)) OVER (PARTITION BY MAX(id)) FROM SQLUser.t GROUP BY a

select a from t where 1 in (2, 1.0) and id > -2147483648
=> SELECT a FROM SQLUser.t WHERE 1 IN (2, 1.0) AND id > -2147483648
