-- schema: shop
-- What is wrong in functions in FROM, casts that do not exist, and where errors are within another statement.
SELECT * FROM sum(1);
SELECT * FROM lower('a') AS t(a text);
SELECT * FROM lower('a') AS t(a, b);
SELECT nope FROM lower('a') x;
SELECT 300::"char";
SELECT 65::int2::"char";
SELECT 'a'::"char"::bigint;
SELECT 1.5::"char";
SELECT id::date FROM shop_categories;
SELECT (id::text)::int, id::date FROM shop_categories;
SELECT CAST(id AS date) FROM shop_categories;
SELECT (1 + 1)::date;
SELECT id + 1::date FROM shop_categories;
BEGIN;
DECLARE c CURSOR FOR SELECT nope FROM shop_categories;
ROLLBACK;
PREPARE p AS SELECT nope FROM shop_categories;
PREPARE p (int) AS SELECT nope FROM shop_categories WHERE id = $1;
EXPLAIN SELECT nope FROM shop_categories;
EXPLAIN (COSTS off)   SELECT nope FROM shop_categories;
