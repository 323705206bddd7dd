-- schema: shop
-- What PostgreSQL refuses about queries.
WITH RECURSIVE t AS (SELECT id, name AS path FROM shop_categories WHERE id = 1 UNION ALL SELECT c.id, t.path || c.name FROM shop_categories c JOIN t ON c.parent_id = t.id) SELECT * FROM t;
WITH RECURSIVE t AS (SELECT id FROM t) SELECT * FROM t, shop_orders;
WITH RECURSIVE t AS (SELECT id FROM shop_orders UNION ALL SELECT max(id) FROM t) SELECT * FROM t;
WITH RECURSIVE t AS (SELECT id FROM shop_categories WHERE id = 1 UNION ALL SELECT a.id FROM t, t AS a) SELECT * FROM t;
SELECT 1 FROM shop_customers c JOIN shop_orders c ON true;
SELECT id FROM shop_customers, shop_orders;
SELECT c.nope FROM shop_customers c;
SELECT z.id FROM shop_customers c;
SELECT * FROM shop_customers JOIN shop_orders USING (nope);
SELECT id FROM nowhere;
SELECT name FROM shop_categories WHERE id = 'x';
SELECT name FROM shop_categories ORDER BY 5;
SELECT name FROM shop_categories GROUP BY id HAVING sum(parent_id) > 'a';
SELECT name, count(*) FROM shop_categories;
SELECT sum(count(*)) FROM shop_categories;
SELECT id FROM shop_categories WHERE count(*) > 1;
SELECT id FROM shop_categories WHERE row_number() OVER () = 1;
SELECT id FROM shop_categories UNION SELECT id, name FROM shop_categories;
SELECT id FROM shop_categories UNION SELECT name FROM shop_categories;
SELECT (SELECT id, name FROM shop_categories WHERE id = 1);
SELECT id FROM shop_categories LIMIT -1;
SELECT id FROM shop_categories LIMIT id;
SELECT * FROM (SELECT 1);
SELECT nofunc(id) FROM shop_categories;
SELECT id + name FROM shop_categories;
SELECT id FROM shop_categories WHERE name;
SELECT CASE WHEN id THEN 1 END FROM shop_categories;
SELECT id::date FROM shop_categories;
SELECT 1 / (id - id) FROM shop_categories;
SELECT name::int FROM shop_categories;
SELECT DISTINCT name FROM shop_categories ORDER BY id;
SELECT max(id) OVER (ORDER BY nope) FROM shop_categories;
SELECT id FROM shop_categories WHERE id IN (1, 'b');
SELECT coalesce(id, 'x') FROM shop_categories;
SELECT a FROM (SELECT 1 AS a, 2 AS a) x;
SELECT * FROM shop_categories AS t (a, b, c, d);
SELECT * FROM generate_series(1, 3, 0), shop_categories;
SELECT * FROM unnest(ARRAY[1]) AS t (a, b), shop_categories;
SELECT sum(sum(id)) FROM shop_orders;
SELECT sum(id + max(id)) OVER () FROM shop_orders;
SELECT 1 = 1 = true;
SELECT 1 < 2 <> false;
SELECT id FROM shop_orders WHERE id = 1 = true;
SELECT (1 = 1) = true, 1 = ANY (ARRAY[1]) = true, 1 = 2 IS NULL;
SELECT id FROM shop_orders ORDER BY id LIMIT $1; -- with: -1
SELECT id FROM shop_orders ORDER BY id LIMIT $1 OFFSET $2; -- with: 2 | -2
SELECT id FROM shop_orders ORDER BY id OFFSET $1; -- with: -1
SELECT * FROM (SELECT id FROM shop_orders ORDER BY id LIMIT $1 OFFSET $2) s; -- with: -1 | 0
SELECT id FROM shop_orders ORDER BY id LIMIT 'x';
EXPLAIN (FORMAT foo) SELECT 1;
EXPLAIN (COSTS off, FORMAT 'Yaml') SELECT 1;
SELECT pg_typeof(id, name) FROM shop_categories;
SELECT pg_typeof(name), max(id) FROM shop_categories;
SELECT pg_typeof(id) = 'nothing'::regtype FROM shop_categories;
