-- schema: staff
-- Decimals that PostgreSQL shows of numbers: of aggregates, windows, subqueries, conditions.
SELECT deptno, sum(sal) / sum(sum(sal)) OVER () AS share FROM emp GROUP BY deptno ORDER BY 1;
SELECT deptno, round(100.0 * sum(sal) / sum(sum(sal)) OVER (), 1) AS pct FROM emp GROUP BY deptno ORDER BY 1;
SELECT extract(year FROM hiredate) AS y, count(*), sum(count(*)) OVER (ORDER BY extract(year FROM hiredate)) FROM emp GROUP BY 1 ORDER BY 1;
SELECT deptno, avg(sum(sal)) OVER () FROM emp GROUP BY deptno ORDER BY 1;
SELECT deptno, lag(sum(sal)) OVER (ORDER BY deptno), sum(sal) - lag(sum(sal), 1, 0) OVER (ORDER BY deptno) FROM emp GROUP BY deptno ORDER BY 1;
SELECT (SELECT avg(sal) FROM emp), (SELECT sum(sal) FROM emp) / 3, (SELECT max(sal) FROM emp) * 1.5;
SELECT power(2.5, 3), power(2.0, 0), power(10.00, 20), 2.0 ^ 10.00, power(2.5, 0.5), power(0.5, 3);
SELECT sum(CASE WHEN job = 'CLERK' THEN sal ELSE 0 END), sum(CASE WHEN job = 'X' THEN sal ELSE 0 END), sum(coalesce(comm, 0)), sum(sal * CASE WHEN comm > 0 THEN 1.5 ELSE 1 END) FROM emp;
SELECT deptno, sum(CASE WHEN job = 'CLERK' THEN sal END), avg(CASE WHEN job = 'CLERK' THEN sal ELSE 0 END) FROM emp GROUP BY deptno ORDER BY 1;
SELECT ename, sum(coalesce(comm, 0)) OVER (PARTITION BY deptno), lead(sal, 2, 0) OVER (ORDER BY empno) FROM emp ORDER BY empno;
SELECT ename, (SELECT avg(sal) FROM emp e2 WHERE e2.deptno = e.deptno) - sal FROM emp e ORDER BY empno;
SELECT ename, coalesce((SELECT sum(comm) FROM emp e2 WHERE e2.deptno = e.deptno), 0) FROM emp e ORDER BY empno;
SELECT count(*) / sum(sal), max(sal) / nullif(count(comm), 0) FROM emp;
SELECT ename, lag(sal, 1, 0) OVER (ORDER BY empno) FROM emp ORDER BY empno;
SELECT ename, avg(sal) OVER (PARTITION BY deptno) FROM emp ORDER BY empno;
SELECT ename, round(avg(sal) OVER (PARTITION BY deptno), 2) FROM emp ORDER BY empno;
SELECT ename, sal - avg(sal) OVER () AS diff FROM emp ORDER BY empno;
SELECT ename, sum(sal) OVER (ORDER BY empno ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING), avg(sal) OVER (ORDER BY empno ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) FROM emp ORDER BY empno;
SELECT ename, sal, CASE WHEN sal > avg(sal) OVER (PARTITION BY deptno) THEN 'above' ELSE 'below' END FROM emp ORDER BY empno;
SELECT deptno, sum(sal * 12 + coalesce(comm, 0)) AS yearly FROM emp GROUP BY deptno ORDER BY deptno;
SELECT sal, sal / 3, sal % 7, mod(sal, 7), round(sal / 3), round(sal / 3, 1), trunc(sal / 3, 1), ceil(sal / 3), floor(sal / 3), sqrt(sal), ln(sal), power(sal, 2), sal ^ 0.5, abs(-sal), sign(sal) FROM emp WHERE empno = 7839;
SELECT greatest(sal, 1000), least(sal, 2000.5), coalesce(comm, 0), nullif(comm, 0), coalesce(comm, 0.0), greatest(sal, comm), coalesce(comm, sal) FROM emp ORDER BY empno;
SELECT ename, sal * $1 FROM emp WHERE empno = 7839; -- with: 1.25
SELECT ename, sum(sal) OVER (ORDER BY sal RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) FROM emp ORDER BY sal, empno;
SELECT ename, count(*) OVER (PARTITION BY deptno ORDER BY sal DESC RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING), min(comm) OVER (ORDER BY comm RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) FROM emp ORDER BY empno;
SELECT ename, sum(sal) OVER (ORDER BY comm DESC GROUPS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) FROM emp ORDER BY empno;
SELECT ename, avg(sal) OVER (ORDER BY deptno RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) FROM emp ORDER BY empno;
