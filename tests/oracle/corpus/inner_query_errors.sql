-- schema: shop
-- Subqueries that stand for a value and have several rows.
SELECT (SELECT id FROM shop_orders);
SELECT id, (SELECT note FROM shop_orders o WHERE o.customer_id = c.id) FROM shop_customers c;
SELECT id FROM shop_products WHERE price = (SELECT unit_price FROM shop_items);
SELECT id FROM shop_products WHERE price > (SELECT unit_price FROM shop_items WHERE quantity >= $1); -- with: 1
SELECT (SELECT DISTINCT status FROM shop_orders);
SELECT (SELECT customer_id FROM shop_orders GROUP BY customer_id);
SELECT (SELECT customer_id FROM shop_orders ORDER BY id LIMIT 2);
SELECT (SELECT customer_id FROM shop_orders ORDER BY id OFFSET 1);
SELECT (SELECT id FROM shop_categories UNION SELECT id FROM shop_products);
SELECT (SELECT c.email FROM shop_orders) FROM shop_customers c;
SELECT (VALUES (1), (2));
SELECT (SELECT unit_price FROM shop_items i JOIN shop_products p ON p.id = i.product_id WHERE i.order_id = 1001);
SELECT (SELECT quantity / 2 FROM shop_items);
WITH q AS (SELECT id FROM shop_orders) SELECT (SELECT id FROM q);
UPDATE shop_products SET stock = (SELECT quantity FROM shop_items) WHERE id = 1;
DELETE FROM shop_items WHERE product_id = (SELECT id FROM shop_products);
INSERT INTO shop_categories VALUES (70, (SELECT id FROM shop_categories), 'x');
