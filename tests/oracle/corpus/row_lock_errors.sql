-- schema: shop
-- Row locks that PostgreSQL refuses.
SELECT DISTINCT status FROM shop_orders FOR UPDATE;
SELECT count(*) FROM shop_orders FOR UPDATE;
SELECT status FROM shop_orders GROUP BY status FOR UPDATE;
SELECT sum(total) OVER () FROM shop_orders FOR UPDATE;
SELECT id FROM shop_orders UNION SELECT id FROM shop_products FOR UPDATE;
SELECT c.id FROM shop_customers c LEFT JOIN shop_orders o ON c.id = o.customer_id FOR UPDATE;
SELECT id FROM shop_orders FOR UPDATE OF shop_products;
SELECT id FROM shop_orders o FOR UPDATE OF shop_orders;
SELECT id FROM shop_orders FOR UPDATE OF public.shop_orders;
WITH p AS (SELECT 1 AS id) SELECT * FROM p FOR UPDATE OF p;
SELECT * FROM generate_series(1, 2) AS g FOR UPDATE OF g;
SELECT id FROM shop_missing FOR UPDATE;
SELECT missing FROM shop_orders FOR UPDATE;
