-- schema: staff
-- Texts of prepared statements and cursors, WITH within expressions and before VALUES, rows as texts.
PREPARE by_job (text) AS SELECT ename FROM emp WHERE job = $1 ORDER BY 1;
PREPARE  nothing AS
    SELECT 1 AS one;
SELECT name, statement, parameter_types::text FROM pg_prepared_statements WHERE from_sql ORDER BY name;
EXECUTE by_job ('CLERK');
DEALLOCATE by_job;
DEALLOCATE nothing;
BEGIN;
DECLARE people SCROLL CURSOR FOR SELECT ename FROM emp ORDER BY 1;
DECLARE raw NO SCROLL CURSOR WITH HOLD FOR SELECT empno FROM emp;
SELECT name, statement, is_holdable, is_scrollable FROM pg_cursors WHERE name IN ('people', 'raw') ORDER BY name;
ROLLBACK;
WITH x (a) AS (SELECT 42) VALUES ((SELECT a FROM x), 'y'), (1, 'z');
SELECT deptno, (WITH top AS (SELECT max(sal) AS most FROM emp e WHERE e.deptno = d.deptno) SELECT most FROM top) AS most FROM dept d ORDER BY 1;
SELECT deptno, (WITH x AS (SELECT 3 AS n) SELECT n + deptno FROM x) FROM dept ORDER BY 1;
SELECT deptno, ((SELECT 2) UNION SELECT 2) AS two FROM dept ORDER BY 1;
SELECT count(d.*) FROM dept d;
SELECT d.*::text, (d)::text FROM dept d ORDER BY deptno;
SELECT ROW(deptno, dname, NULL, 'a "b"', '')::text FROM dept ORDER BY deptno;
SELECT to_json(ROW(1, d.*)) FROM dept d ORDER BY deptno;
SELECT to_json(ROW(0, s.*)) FROM (SELECT 1 AS a, 'x' AS b) AS s;
WITH RECURSIVE up (n, boss) AS (SELECT empno, mgr FROM emp WHERE ename = 'SMITH' UNION ALL SELECT e.empno, e.mgr FROM up LEFT JOIN emp e ON e.empno = up.boss WHERE up.boss IS NOT NULL) SELECT * FROM up ORDER BY n;
WITH RECURSIVE w (a) AS (SELECT 'x' UNION ALL (WITH z AS (SELECT * FROM w) SELECT z.a || y.a FROM z CROSS JOIN z AS y WHERE length(z.a || y.a) < 4)) SELECT * FROM w ORDER BY 1;
SELECT DISTINCT ON (job, deptno) job, deptno, ename FROM emp ORDER BY deptno, job, ename;
SELECT DISTINCT ON (lower(job)) job, ename FROM emp ORDER BY lower(emp.job), ename;
SELECT ntile(3) OVER (ORDER BY empno), nth_value(ename, 2) OVER (ORDER BY empno) FROM emp ORDER BY empno;
