-- schema: staff
-- Arrays of several types of elements become those of one.
SELECT ARRAY[[0.0, NULL], [0.5, 1]], ARRAY[[NULL, 1.5], [2, NULL]], ARRAY[[2, NULL], [NULL, 1.5]], ARRAY[[1, 2], [3000000000, 4]];
SELECT ename, ARRAY[[sal, 1], [empno, 2]] FROM emp ORDER BY empno LIMIT 2;
SELECT coalesce(NULL::int[], ARRAY[1.5]), CASE WHEN true THEN ARRAY[1] ELSE ARRAY[2.5] END, coalesce(ARRAY[1, 2], ARRAY[1.5]);
SELECT empno, CASE WHEN comm > 0 THEN ARRAY[empno] ELSE ARRAY[sal] END FROM emp ORDER BY empno;
SELECT ARRAY[1] UNION ALL SELECT ARRAY[2.5] ORDER BY 1;
SELECT x FROM (VALUES (ARRAY[1]), (ARRAY[2.5])) v(x) ORDER BY x;
SELECT percentile_cont(ARRAY[[0.0, NULL], [0.5, 1]]) WITHIN GROUP (ORDER BY sal) FROM emp;
