-- schema: staff
-- HAVING without GROUP BY, and grouping sets whose keys are expressions.

CREATE TABLE rows_a (id int PRIMARY KEY, k int, s text, b boolean, d date, x numeric(8,2));
CREATE TABLE rows_b (id int PRIMARY KEY, k int, s varchar(10), f double precision, ts timestamp);
CREATE TABLE rows_c (k int, v text);
INSERT INTO rows_a VALUES (1,10,'a',true,'2024-01-01',1.50),(2,20,'b',false,'2024-01-02',2.25),(3,NULL,'c',NULL,NULL,NULL),(4,20,NULL,true,'2023-12-31',-4),(5,30,'A',false,'2024-02-29',0);
INSERT INTO rows_b VALUES (1,10,'x',1.5,'2024-01-01 10:00'),(2,NULL,'b',-2,NULL),(6,60,'z',NULL,'2024-03-01'),(7,20,'a',0,'2023-01-01 00:00:01');
INSERT INTO rows_c VALUES (10,'ten'),(20,'twenty'),(20,'zwanzig'),(NULL,'nil'),(90,NULL);
SELECT ename FROM emp GROUP BY CUBE (ename) HAVING count(DISTINCT sal) >= 2;
SELECT NULL AS x FROM emp HAVING count(DISTINCT sal) >= 2;
SELECT 1 AS x FROM emp HAVING count(*) > 2;
SELECT 'a' FROM emp HAVING count(*) > 20;
SELECT 'a', 1.50, true, now() IS NULL FROM emp HAVING sum(sal) > 20;
SELECT true FROM emp HAVING sum(sal) > 20;
SELECT DISTINCT 1 FROM emp HAVING sum(sal) > 20;
SELECT 1 FROM emp HAVING sum(sal) > 20 LIMIT 1;
SELECT 1 FROM emp ORDER BY count(*);
SELECT 1 AS a FROM emp ORDER BY max(sal) + 1, a;
SELECT (SELECT 7) FROM emp HAVING max(sal) > 1;
SELECT count(*) FROM (SELECT 1 FROM emp HAVING max(sal) > 1) q;
SELECT id FROM rows_a WHERE EXISTS (SELECT 1 FROM rows_c WHERE rows_c.k = rows_a.k HAVING count(*) > 1) ORDER BY id;
SELECT id, (SELECT rows_a.s FROM rows_c WHERE rows_c.k = rows_a.k HAVING count(*) > 1) FROM rows_a ORDER BY id;
SELECT id, (SELECT 'many' FROM rows_c WHERE rows_c.k = rows_a.k HAVING count(*) > 1) FROM rows_a ORDER BY id;
SELECT id FROM rows_a WHERE id IN (SELECT 2 FROM rows_c HAVING count(*) > 1) ORDER BY id;
SELECT 1 FROM emp HAVING count(*) > 2 UNION ALL SELECT 2;
SELECT to_char(timestamp '2024-01-01', 'YYYY') FROM emp HAVING count(*) > 2;
INSERT INTO rows_c (k) SELECT 555 FROM emp HAVING count(*) > 2;
SELECT count(*) FROM rows_c WHERE k = 555;
SELECT k < 20, count(*) FROM rows_a GROUP BY ROLLUP (k < 20) ORDER BY 1, 2;
SELECT s IN ('a', 'b') AS z, k, count(*) FROM rows_a GROUP BY CUBE (s IN ('a', 'b'), k) ORDER BY 1, 2, 3;
SELECT s IS NULL, count(*) FROM rows_a GROUP BY ROLLUP (s IS NULL) ORDER BY 1, 2;
SELECT coalesce(b, true) AS c, b, count(*) FROM rows_a GROUP BY CUBE (b, k) ORDER BY 1, 2, 3;
SELECT d + 1, coalesce(x, 0), k FROM rows_a GROUP BY GROUPING SETS ((d, x), (k), ()) ORDER BY 1, 2, 3;
SELECT CASE WHEN grouping(b) = 1 THEN 'all' ELSE coalesce(b::text, 'null') END AS lab, count(*) FROM rows_a GROUP BY ROLLUP (b) ORDER BY 1;
SELECT to_char(d, 'YYYY') AS y, b, grouping(to_char(d, 'YYYY'), b), count(*) FROM rows_a GROUP BY CUBE (to_char(d, 'YYYY'), b) ORDER BY 1, 2, 3;
SELECT count(*) FROM rows_a GROUP BY CUBE (b, k) HAVING b IS NULL AND k > 10 ORDER BY 1;
SELECT k < $1, count(*) FROM rows_a GROUP BY 1 ORDER BY 1;  -- with: 20
