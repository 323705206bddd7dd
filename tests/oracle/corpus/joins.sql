-- schema: shop
-- Joins: merged columns, LATERAL, names given to columns.
SELECT * FROM (SELECT 1 AS a, 2 AS b) x FULL JOIN (SELECT 1 AS a, 3 AS c UNION ALL SELECT 5, 6) y USING (a) ORDER BY a;
SELECT id, c.name, p.title FROM shop_categories c FULL JOIN shop_products p USING (id) ORDER BY id;
SELECT id, count(*) FROM shop_categories FULL OUTER JOIN shop_products USING (id) GROUP BY id ORDER BY id;
SELECT id FROM shop_categories RIGHT JOIN shop_products USING (id) ORDER BY id;
SELECT * FROM shop_categories RIGHT JOIN (SELECT 7 AS id, 'x' AS t UNION ALL SELECT 2, 'y') q USING (id) ORDER BY id;
SELECT * FROM shop_categories NATURAL JOIN (SELECT 2 AS id, 5 AS z) q;
SELECT * FROM shop_categories NATURAL LEFT JOIN (SELECT 2 AS id, 5 AS z) q ORDER BY id;
SELECT * FROM shop_items JOIN shop_orders o ON order_id = o.id WHERE line = 2 ORDER BY order_id;
SELECT order_id, p.title FROM shop_items i JOIN shop_products p ON p.id = i.product_id JOIN shop_orders o ON o.id = i.order_id AND o.status <> 'new' ORDER BY 1, 2;
SELECT a.id, b.id FROM shop_categories a JOIN shop_categories b ON a.id = b.parent_id ORDER BY a.id, b.id;
SELECT a.name, b.name FROM shop_categories a LEFT JOIN shop_categories b ON b.parent_id = a.id AND b.name LIKE 'S%' ORDER BY a.id, b.id;
SELECT c.first_name, x.total FROM shop_customers c LEFT JOIN LATERAL (SELECT o.total FROM shop_orders o WHERE o.customer_id = c.id ORDER BY o.total DESC NULLS LAST LIMIT 1) x ON true ORDER BY c.id;
SELECT c.id, x.n FROM shop_customers c, LATERAL (SELECT count(*) AS n FROM shop_orders o WHERE o.customer_id = c.id) x ORDER BY c.id;
SELECT c.id, x.d FROM shop_customers c CROSS JOIN LATERAL (SELECT c.credit * 2 AS d) x ORDER BY c.id;
SELECT o.id FROM shop_orders o WHERE NOT EXISTS (SELECT FROM shop_items i WHERE i.order_id = o.id) ORDER BY 1;
SELECT t.* FROM shop_categories AS t (a, b, c) WHERE t.a = 2;
SELECT * FROM shop_categories t (a) WHERE a > 3 ORDER BY a;
WITH x (k, v) AS (SELECT id, name FROM shop_categories) SELECT y.kk, y.v FROM x AS y (kk) ORDER BY 1 LIMIT 2;
SELECT * FROM (SELECT 1 AS a, 2 AS a) x;
SELECT id, t.a FROM shop_categories AS t (a, b) JOIN shop_products p ON p.category_id = a ORDER BY p.id;
SELECT a, max(b) AS m FROM shop_categories AS t (a, b) GROUP BY a ORDER BY a;
SELECT x FROM (VALUES ('b'), ('a'), ('B'), ('A')) v(x) ORDER BY x;
SELECT ROW(NULL, NULL) IS NULL, (1, NULL) IS NULL, (1, 2) IS NOT NULL, (1, NULL) IS NOT NULL FROM shop_categories WHERE id = 1;
-- A comma begins another entry of FROM, which merges no columns with those before it.
SELECT * FROM shop_categories a JOIN shop_products b USING (id), shop_categories c JOIN shop_products d USING (id) ORDER BY a.id, c.id;
SELECT * FROM (VALUES (1, 'a'), (2, 'b')) x(k, v) FULL JOIN (VALUES (2, 'c'), (3, 'd')) y(k, w) USING (k), (VALUES (2)) z(k) LEFT JOIN (VALUES (2, true)) q(k, ok) USING (k) ORDER BY 1;
SELECT o.id, c.id FROM shop_orders o, shop_categories p RIGHT JOIN shop_categories c ON c.parent_id = p.id WHERE o.id = 1 ORDER BY c.id;
SELECT count(*) FROM shop_orders o, shop_categories p FULL JOIN shop_products c ON c.category_id = p.id;
SELECT * FROM (SELECT 1 AS a) x NATURAL LEFT JOIN (SELECT 2 AS b) y;
SELECT * FROM (SELECT 1 AS a) x NATURAL RIGHT JOIN (SELECT 2 AS b) y;
SELECT * FROM (SELECT 1 AS a) x NATURAL FULL JOIN (SELECT 2 AS b) y;
SELECT c.id, p.id, l.s FROM shop_categories c, shop_products p LEFT JOIN LATERAL (SELECT c.id + p.id AS s) l ON true ORDER BY 1, 2;
SELECT c.id, k.s, p.id, l.s FROM shop_categories c, LATERAL (SELECT c.id + 1 AS s) k, shop_products p JOIN LATERAL (SELECT k.s + p.id AS s) l ON l.s > 5 ORDER BY 1, 3;
SELECT * FROM (SELECT nullif(1.5, (SELECT sum(id / 4) FROM shop_products)) AS c) z;
