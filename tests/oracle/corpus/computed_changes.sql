-- Changes of rows that IRIS cannot make by one statement: computed values and conditions, joined queries, arrays, WITH.
-- schema: shop
WITH a AS (SELECT id, stock FROM shop_products WHERE stock > 3), b(x) AS (SELECT id FROM a) UPDATE shop_products SET weight = 9 WHERE id IN (SELECT x FROM b);
WITH a AS (SELECT id, stock + 1 AS s FROM shop_products) UPDATE shop_products p SET stock = a.s FROM a WHERE a.id = p.id AND p.id < 3;
WITH a AS (SELECT 3 AS id) DELETE FROM shop_items USING a WHERE product_id = a.id RETURNING order_id, line;
WITH a AS (SELECT 2 AS id) DELETE FROM shop_items WHERE product_id IN (SELECT id FROM a);
WITH a(i, n) AS (VALUES (51, 'x'), (52, 'y')) INSERT INTO shop_categories (id, name) SELECT i, n FROM a RETURNING id;
INSERT INTO shop_categories (id, name) WITH a AS (SELECT 61 AS i) SELECT i, 'q' FROM a;
WITH a AS (SELECT 71 AS i) INSERT INTO shop_categories (id, name) SELECT a.i + b.id, b.name FROM a, shop_categories b WHERE b.id < 4;
SELECT * FROM shop_products ORDER BY id;
SELECT * FROM shop_categories ORDER BY id;
SELECT order_id, line FROM shop_items ORDER BY 1, 2;
UPDATE shop_products p SET stock = x.n FROM (SELECT product_id, sum(quantity)::int AS n FROM shop_items GROUP BY product_id) x WHERE x.product_id = p.id;
UPDATE shop_products p SET stock = v.n FROM (VALUES (1, 10), (2, 20)) AS v(id, n) WHERE v.id = p.id AND v.id > 1 RETURNING p.id, v.n, p.stock;
UPDATE shop_products p SET stock = p.stock + 1 FROM shop_categories c JOIN shop_categories d ON d.id = c.parent_id WHERE c.id = p.category_id AND d.name = 'Books' AND p.id = 1 RETURNING p.id, c.name, d.name, p.*;
DELETE FROM shop_items i USING shop_products p LEFT JOIN shop_categories c ON c.id = p.category_id WHERE p.id = i.product_id AND c.name = 'Novels' RETURNING i.order_id, p.title, c.name;
SELECT * FROM shop_products ORDER BY id;
UPDATE shop_products SET title = md5(title) WHERE id < 4;
UPDATE shop_products SET title = md5(title), weight = DEFAULT, stock = stock + 1 WHERE title ~ '^R' RETURNING id, title, weight, stock, sku ~ '9';
UPDATE shop_products SET attributes = jsonb_set(attributes, '{pages}', '7') WHERE attributes->>'pages' = '365' RETURNING id, attributes;
UPDATE shop_products SET attributes = attributes || '{"a": 1}'::jsonb, title = upper(attributes->>'pages') WHERE attributes ? 'pages';
DELETE FROM shop_items WHERE quantity::text ~ '^[1]' RETURNING order_id, line, quantity;
DELETE FROM shop_items WHERE to_char(unit_price, '999.99') = ' 24.00';
INSERT INTO shop_categories (id, name) SELECT id + 500, md5(name) FROM shop_categories WHERE name ~ '^B';
INSERT INTO shop_categories (id, name) SELECT id + 600, md5(name) FROM shop_categories WHERE name ~ '^B' RETURNING id, name;
INSERT INTO shop_categories (id, name) SELECT id, md5(name) FROM shop_categories WHERE name ~ '^B' ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name RETURNING id, name;
INSERT INTO shop_categories (id, name) SELECT id + 700, name FROM shop_categories WHERE id < 3 UNION ALL SELECT 799, 'x' ;
UPDATE shop_categories SET name = regexp_replace(name, '[aeiou]', '*', 'g') WHERE id IN (SELECT parent_id FROM shop_categories);
SELECT * FROM shop_categories ORDER BY id;
SELECT order_id, line FROM shop_items ORDER BY 1, 2;
SELECT * FROM shop_products ORDER BY id;
CREATE TABLE oracle_un (a int PRIMARY KEY, b text, c numeric(6,2), d date);
INSERT INTO oracle_un (a, b) SELECT * FROM unnest($1::int[], $2::text[]); -- with: {1,2,3} | {x,NULL,"a b"}
INSERT INTO oracle_un (a, b) SELECT * FROM unnest($1::int[], $2::text[]) RETURNING a, b; -- with: {4,5} | {q,r}
INSERT INTO oracle_un (a, b) SELECT x.i, upper(x.t) FROM unnest($1::int[], $2::text[]) AS x(i, t) WHERE x.i > 5 ORDER BY x.t RETURNING a, b; -- with: {6,7,1} | {q,b,c}
INSERT INTO oracle_un (a, b) SELECT id, $2 FROM unnest($1::bigint[]) AS id ON CONFLICT (a) DO UPDATE SET b = EXCLUDED.b RETURNING a, b; -- with: {1,20} | new
INSERT INTO oracle_un (a, c, d) SELECT u.a, u.c, u.d FROM unnest($1::int[], $2::numeric[], $3::date[]) AS u(a, c, d) ON CONFLICT (a) DO NOTHING RETURNING *; -- with: {1,30,31} | {1.5,2.345,NULL} | {2024-01-01,2024-02-02,NULL}
INSERT INTO oracle_un (a, b) SELECT id, 'n' FROM unnest($1::bigint[]) id; -- with: {1000,1001}
INSERT INTO oracle_un (a, b) SELECT p0::int, p1::text FROM (VALUES ($1, $2, 0), ($3, $4, 1)) AS imp_sen(p0, p1, sen_counter) ORDER BY sen_counter RETURNING a, a AS a__1; -- with: 40 | z | 41 | y
INSERT INTO oracle_un (a, b) SELECT DISTINCT i, 'd' FROM unnest($1::int[]) AS i LIMIT 2; -- with: {50,50,50}
SELECT * FROM oracle_un ORDER BY a;
