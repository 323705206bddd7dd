-- schema: shop
-- WITH whose queries change data.
CREATE TABLE oracle_archive (id int, name text, note text);
CREATE TABLE oracle_names (id serial PRIMARY KEY, name varchar(20) UNIQUE);
INSERT INTO oracle_names (name) VALUES ('a'), ('b');
WITH gone AS (DELETE FROM shop_items WHERE order_id = 1001 RETURNING product_id, quantity) SELECT count(*), sum(quantity) FROM gone;
WITH gone AS (DELETE FROM shop_categories WHERE id = 4 AND false RETURNING *) SELECT * FROM gone;
WITH new AS (INSERT INTO shop_categories VALUES (9, 1, 'Toys'), (10, 1, 'Tools') RETURNING id, name) SELECT id, upper(name) AS name FROM new ORDER BY id DESC;
WITH new AS (INSERT INTO shop_categories VALUES (11, 1, 'Tea') RETURNING id, name) SELECT (SELECT count(*) FROM shop_categories) AS before, name FROM new;
WITH changed AS (UPDATE shop_products SET stock = stock + 1 WHERE id < 3 RETURNING id, stock) SELECT count(*), sum(stock) FROM changed;
WITH changed AS (UPDATE shop_products SET stock = stock + 1 WHERE id = 3 RETURNING *) SELECT id, stock FROM changed;
WITH changed AS (UPDATE shop_products SET price = price + 1 WHERE category_id = 3 RETURNING id, category_id, price) SELECT c.name, x.id, x.price FROM changed x JOIN shop_categories c ON c.id = x.category_id ORDER BY x.id;
WITH ins AS (INSERT INTO oracle_names (name) VALUES ($1) ON CONFLICT (name) DO NOTHING RETURNING id) SELECT id IS NULL FROM ins UNION ALL SELECT id IS NULL FROM oracle_names WHERE name = $1; -- with: a
WITH ins AS (INSERT INTO oracle_names (name) VALUES ($1) ON CONFLICT (name) DO NOTHING RETURNING name) SELECT 'new' AS how, name FROM ins UNION ALL SELECT 'old', name FROM oracle_names WHERE name = $1; -- with: c
WITH ins AS (INSERT INTO oracle_names (name) VALUES ($1) ON CONFLICT (name) DO NOTHING RETURNING name) SELECT 'new' AS how, name FROM ins UNION ALL SELECT 'old', name FROM oracle_names WHERE name = $1; -- with: c
WITH moved AS (DELETE FROM shop_items WHERE order_id = 1003 RETURNING *) INSERT INTO oracle_archive (id, name) SELECT line, 'item ' || product_id FROM moved;
WITH upd AS (UPDATE oracle_names SET name = 'bb' WHERE name = 'b' RETURNING *) INSERT INTO oracle_names (name) SELECT 'bb' WHERE NOT EXISTS (SELECT 1 FROM upd);
WITH upd AS (UPDATE oracle_names SET name = 'dd' WHERE name = 'd' RETURNING *) INSERT INTO oracle_names (name) SELECT 'dd' WHERE NOT EXISTS (SELECT 1 FROM upd) RETURNING name;
WITH o AS (INSERT INTO shop_orders (id, customer_id, placed_at) VALUES (3001, 1, '2024-06-01 12:00+02') RETURNING id), i AS (INSERT INTO shop_items (order_id, line, product_id, quantity, unit_price) SELECT id, n, n, 1, 9.5 FROM o, (VALUES (1), (2)) AS v(n) RETURNING order_id, line, unit_price) SELECT o.id, i.line, i.unit_price FROM o JOIN i ON i.order_id = o.id ORDER BY i.line;
WITH big AS (SELECT id FROM shop_products WHERE stock > 5), up AS (UPDATE shop_products SET weight = 7 WHERE id IN (SELECT id FROM big) RETURNING id) UPDATE shop_customers SET credit = 1 WHERE id IN (SELECT id FROM up) RETURNING id, credit;
WITH a AS (DELETE FROM oracle_archive WHERE id < 0) SELECT 1 AS one;
WITH a AS (INSERT INTO oracle_archive VALUES (70, 'x', 'y')), b AS (INSERT INTO oracle_archive VALUES (71, 'x', 'y')) SELECT count(*) FROM oracle_archive WHERE id >= 70;
WITH d AS (DELETE FROM oracle_archive WHERE id >= 70 RETURNING id) DELETE FROM oracle_names USING d WHERE d.id = 70 AND name = 'bb' RETURNING name;
WITH d AS (DELETE FROM oracle_archive WHERE name ~ '^x' RETURNING id) SELECT * FROM d;
WITH u AS (INSERT INTO oracle_names (id, name) VALUES (1, 'z') ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name RETURNING id, name) SELECT * FROM u;
BEGIN;
WITH gone AS (DELETE FROM oracle_names RETURNING name) SELECT count(*) FROM gone;
SELECT count(*) FROM oracle_names;
ROLLBACK;
SELECT name FROM oracle_names ORDER BY name;
SELECT * FROM oracle_archive ORDER BY id;
SELECT id, stock, price, weight FROM shop_products ORDER BY id;
SELECT * FROM shop_categories ORDER BY id;
