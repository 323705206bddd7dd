-- schema: shop
-- Where queries stand: in changes, cursors, prepared statements, over values of all types.
CREATE TABLE oracle_kept (id int PRIMARY KEY, a text, b boolean, n numeric(10,2), f float8, d date, ts timestamp, tz timestamptz, u uuid, j jsonb, arr int[], t time, i interval);
INSERT INTO oracle_kept VALUES (1, '', true, 1.50, 1.5, '2024-01-01', '2024-01-01 10:00:00.123456', '2024-01-01 10:00:00+02', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '{"a": 1}', '{1,2}', '10:20:30.5', '1 day'), (2, 'é"\x', false, -0.25, -2e10, '1999-12-31', '1999-12-31 23:59:59', NULL, NULL, '[1, null]', NULL, NULL, NULL), (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '{}', NULL, NULL);
SELECT k.* FROM (SELECT * FROM oracle_kept WHERE coalesce(a, '') ~ '') k ORDER BY id;
WITH k AS (SELECT id, a, b, n, f, d, ts, tz, u, t, a ~ 'x' AS hard FROM oracle_kept) SELECT k.*, k2.ts + interval '1 hour', k2.d + 1, k2.n * 2 FROM k JOIN k AS k2 ON k2.id = k.id ORDER BY k.id;
WITH k AS (SELECT id, tz, ts, regexp_replace(a, 'x', 'y') AS a2 FROM oracle_kept) SELECT id, tz AT TIME ZONE 'UTC', date_trunc('day', ts), a2 = '' AS e, a2 IS NULL FROM k WHERE tz IS NOT NULL OR id > 1 ORDER BY id;
SELECT * FROM (SELECT 1 AS id, 'a' AS x UNION ALL SELECT 2, 'b') a NATURAL FULL JOIN (SELECT 2 AS id, 'c' AS y UNION ALL SELECT 3, 'd') b ORDER BY id;
SELECT * FROM (SELECT 1 AS id, 'a' AS x) a RIGHT JOIN (SELECT 2 AS id, 'c' AS y UNION ALL SELECT 1, 'z') b USING (id) LEFT JOIN (SELECT 2 AS id, 'q' AS w) c USING (id) ORDER BY id;
SELECT id, a.x, b.y FROM (SELECT 1 AS id, 'a' AS x) a FULL JOIN (SELECT 2 AS id, 'c' AS y) b USING (id) WHERE id > 0 AND a.id IS NULL;
CREATE TABLE oracle_days AS SELECT d::date AS day FROM generate_series(date '2024-01-01', date '2024-01-03', '1 day') d;
SELECT * FROM oracle_days ORDER BY day;
INSERT INTO oracle_days SELECT d::date FROM generate_series(date '2024-02-01', date '2024-02-02', '1 day') d;
INSERT INTO oracle_days SELECT x FROM unnest($1::date[]) AS x; -- with: {2024-03-01,2024-03-02}
SELECT count(*), max(day) FROM oracle_days;
INSERT INTO oracle_days WITH RECURSIVE r AS (SELECT date '2025-01-01' AS d UNION ALL SELECT d + 1 FROM r WHERE d < '2025-01-03') SELECT d FROM r;
SELECT count(*), max(day) FROM oracle_days;
UPDATE oracle_days SET day = day + 1 WHERE day IN (SELECT g::date FROM generate_series(timestamp '2024-01-01', timestamp '2024-01-02', '1 day') g);
SELECT day FROM oracle_days WHERE day < '2024-02-01' ORDER BY 1;
DELETE FROM oracle_days WHERE day = ANY (SELECT unnest($1::date[])); -- with: {2024-03-01}
SELECT count(*) FROM oracle_days;
BEGIN;
DECLARE c CURSOR FOR WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 5) SELECT r.n, c.name FROM r LEFT JOIN shop_categories c ON c.id = r.n ORDER BY n;
FETCH 2 FROM c;
FETCH ALL FROM c;
CLOSE c;
WITH RECURSIVE r AS (SELECT id, parent_id FROM shop_categories WHERE id = 4 UNION ALL SELECT c.id, c.parent_id FROM shop_categories c JOIN r ON r.parent_id = c.id) SELECT count(*) FROM r;
COMMIT;
PREPARE p (int) AS SELECT c.name, x.n FROM shop_categories c, generate_series(1, $1) x(n) WHERE c.id = x.n ORDER BY 2;
EXECUTE p(2);
EXECUTE p(1);
DEALLOCATE p;
DROP TABLE oracle_days, oracle_kept;
WITH RECURSIVE r(n) AS (SELECT 7 UNION ALL SELECT n + 1 FROM r WHERE n < 9) INSERT INTO shop_categories SELECT n, 1, 'c' FROM r;
WITH RECURSIVE r AS (SELECT id FROM shop_categories WHERE id = 2 UNION ALL SELECT c.id FROM shop_categories c JOIN r ON c.parent_id = r.id) UPDATE shop_products SET stock = 0 WHERE category_id IN (SELECT id FROM r);
WITH RECURSIVE r AS (SELECT id FROM shop_categories WHERE id = 7 UNION ALL SELECT c.id FROM shop_categories c JOIN r ON c.parent_id = r.id) DELETE FROM shop_categories WHERE id IN (SELECT id FROM r) RETURNING id;
SELECT count(*), max(id) FROM shop_categories;
SELECT id, stock FROM shop_products ORDER BY id;
