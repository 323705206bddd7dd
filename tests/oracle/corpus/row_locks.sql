-- schema: shop
-- Queries that lock the rows that they read.
SELECT id, status FROM shop_orders WHERE id = 1001 FOR UPDATE;
SELECT id, total FROM shop_orders WHERE total > $1 ORDER BY total DESC FOR UPDATE; -- with: 20
SELECT id AS n FROM shop_orders ORDER BY 1 DESC LIMIT 2 OFFSET 1 FOR NO KEY UPDATE;
SELECT id FROM shop_orders ORDER BY id LIMIT $1 FOR SHARE; -- with: 2
SELECT note FROM shop_orders WHERE note ~ 'r' ORDER BY id FOR KEY SHARE;
SELECT o.id, c.email FROM shop_orders o JOIN shop_customers c ON c.id = o.customer_id ORDER BY o.id FOR UPDATE;
SELECT o.id, c.email FROM shop_customers c LEFT JOIN shop_orders o ON c.id = o.customer_id ORDER BY c.id, o.id FOR UPDATE OF c;
SELECT o.id FROM shop_orders o JOIN shop_customers c ON c.id = o.customer_id ORDER BY o.id FOR UPDATE OF o FOR SHARE OF c;
SELECT id FROM shop_orders WHERE status = 'new' ORDER BY placed_at LIMIT 1 FOR UPDATE SKIP LOCKED;
SELECT id FROM shop_orders ORDER BY id FOR UPDATE SKIP LOCKED;
SELECT id FROM shop_products ORDER BY price LIMIT 3 FOR UPDATE NOWAIT;
SELECT id FROM shop_products WHERE id = -1 FOR UPDATE;
SELECT id FROM shop_products ORDER BY id LIMIT 0 FOR UPDATE;
SELECT p.id FROM shop_products p, generate_series(1, 2) AS g WHERE p.id = g ORDER BY 1 FOR UPDATE;
SELECT * FROM (SELECT id FROM shop_products ORDER BY id LIMIT 2 FOR UPDATE) p ORDER BY id;
WITH p AS (SELECT id FROM shop_products ORDER BY id LIMIT 2 FOR UPDATE) SELECT * FROM p ORDER BY id;
WITH p AS (SELECT id FROM shop_products WHERE id < 3) SELECT c.id FROM shop_categories c JOIN p ON p.id = c.id ORDER BY 1 FOR UPDATE;
UPDATE shop_products SET stock = stock + 1 WHERE id = (SELECT id FROM shop_products ORDER BY price LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING id, stock;
WITH next AS (SELECT id FROM shop_products ORDER BY id DESC LIMIT 2 FOR UPDATE) UPDATE shop_products p SET stock = 7 FROM next WHERE next.id = p.id RETURNING p.id;
DELETE FROM shop_items WHERE (order_id, line) IN (SELECT order_id, line FROM shop_items ORDER BY order_id, line LIMIT 1 FOR UPDATE) RETURNING order_id;
INSERT INTO shop_categories SELECT id + 500, NULL, 'copy' FROM shop_categories WHERE id < 3 ORDER BY id FOR UPDATE;
SELECT count(*) FROM shop_categories WHERE id > 500;
