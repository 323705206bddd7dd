-- schema: shop
-- Queries within queries: recursive ones, those that IRIS cannot say, numbers that they make.
SELECT id FROM shop_orders WHERE (customer_id, status) NOT IN (SELECT 1, 'paid') ORDER BY id;
SELECT id FROM shop_orders WHERE (customer_id, note) NOT IN (SELECT customer_id, note FROM shop_orders WHERE id = 1002) ORDER BY id;
SELECT id FROM shop_orders WHERE (customer_id, note) NOT IN (SELECT 1, NULL::text) ORDER BY id;
SELECT g.*, c.id FROM generate_series(1.5, 3.5, 0.5) WITH ORDINALITY g JOIN shop_categories c ON c.id = g.g ORDER BY 1;
SELECT * FROM (SELECT id, regexp_replace(sku, '-.*', '') AS pre FROM shop_products) s WHERE pre = 'BK' ORDER BY id;
WITH p AS (SELECT id, attributes ->> 'pages' AS pages FROM shop_products), big AS (SELECT id FROM p WHERE pages::int > 400) SELECT id FROM big UNION ALL SELECT id FROM p WHERE pages IS NULL ORDER BY 1;
SELECT to_char(placed_at, 'Dy') AS d FROM shop_orders UNION SELECT regexp_replace(sku, '[0-9]', '', 'g') FROM shop_products ORDER BY 1;
SELECT c.id, t.n FROM shop_customers c LEFT JOIN (SELECT customer_id, string_agg(status, '; ' ORDER BY id) AS n FROM shop_orders GROUP BY customer_id) t ON t.customer_id = c.id ORDER BY 1;
SELECT c.id FROM shop_customers c WHERE c.id IN (SELECT customer_id FROM shop_orders WHERE note ~ $1) ORDER BY 1; -- with: ^r
SELECT p.id, (SELECT count(*) FROM shop_orders WHERE note ~ 'g') AS n FROM shop_products p ORDER BY 1;
SELECT m, n, sum(n) OVER (ORDER BY m) FROM (SELECT to_char(placed_at, 'YYYY-MM') AS m, count(*) AS n FROM shop_orders GROUP BY 1) s ORDER BY m;
WITH x AS (SELECT category_id, array_agg(id ORDER BY id) AS ids FROM shop_products GROUP BY category_id) SELECT * FROM x ORDER BY category_id;
WITH x AS (SELECT customer_id, avg(total) AS a FROM shop_orders GROUP BY customer_id) SELECT customer_id, a FROM x ORDER BY 1;
WITH x AS (SELECT customer_id, avg(total) AS a FROM shop_orders GROUP BY customer_id) SELECT c.first_name, x.a, x.a * 2, round(x.a, 2) FROM x JOIN shop_customers c ON c.id = x.customer_id ORDER BY 1;
SELECT avg(n) FROM (SELECT count(*) AS n FROM shop_orders GROUP BY customer_id) q;
SELECT max(a), min(a) FROM (SELECT avg(total) AS a FROM shop_orders GROUP BY customer_id) q;
SELECT q.r, q.r + 1 FROM (SELECT total / 3 AS r FROM shop_orders) q ORDER BY 1;
WITH RECURSIVE r AS (SELECT id, parent_id, 0 AS lvl FROM shop_categories WHERE parent_id IS NULL UNION ALL SELECT c.id, c.parent_id, lvl + 1 FROM r JOIN shop_categories c ON c.parent_id = r.id), n AS (SELECT lvl, count(*) AS k FROM r GROUP BY lvl) SELECT r.id, r.lvl, n.k FROM r JOIN n USING (lvl) ORDER BY r.id;
WITH RECURSIVE seq AS (SELECT date '2024-02-01' AS d UNION ALL SELECT d + 1 FROM seq WHERE d < '2024-02-05') SELECT d, (SELECT count(*) FROM shop_orders o WHERE o.placed_at::date = d) FROM seq ORDER BY d;
WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 100) SELECT count(*), sum(n) FROM t, shop_categories c WHERE c.id = 1;
WITH RECURSIVE t(n) AS (SELECT id FROM shop_categories WHERE id = 1 UNION SELECT (n % 3) + 1 FROM t) SELECT n FROM t ORDER BY n;
WITH RECURSIVE t AS (SELECT id, price FROM shop_products WHERE id = 1 UNION ALL SELECT p.id, p.price FROM shop_products p JOIN t ON p.id = t.id + 1) SELECT * FROM t ORDER BY id;
SELECT count(*) FROM shop_products WHERE id IN (WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 3) SELECT n FROM t);
SELECT * FROM (WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 3) SELECT n FROM t) q JOIN shop_categories c ON c.id = q.n ORDER BY n;
WITH RECURSIVE t(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM t WHERE n < 5) SELECT sum(n) FROM t;
WITH RECURSIVE t(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM t WHERE n < 5) SELECT n FROM t ORDER BY n DESC;
WITH RECURSIVE fib(a, b) AS (SELECT 0, 1 UNION ALL SELECT b, a + b FROM fib WHERE b < 50) SELECT a FROM fib;
WITH RECURSIVE tree AS (SELECT id, parent_id, name, 1 AS depth FROM shop_categories WHERE parent_id IS NULL UNION ALL SELECT c.id, c.parent_id, c.name, t.depth + 1 FROM shop_categories c JOIN tree t ON c.parent_id = t.id) SELECT * FROM tree ORDER BY depth, id;
WITH RECURSIVE tree AS (SELECT id, name::text AS path FROM shop_categories WHERE parent_id IS NULL UNION ALL SELECT c.id, t.path || '/' || c.name FROM shop_categories c JOIN tree t ON c.parent_id = t.id) SELECT path FROM tree ORDER BY path;
WITH RECURSIVE up AS (SELECT id, parent_id FROM shop_categories WHERE id = $1 UNION SELECT c.id, c.parent_id FROM shop_categories c JOIN up ON c.id = up.parent_id) SELECT id FROM up ORDER BY id; -- with: 4
WITH RECURSIVE d AS (SELECT date '2024-01-01' AS day UNION ALL SELECT day + 1 FROM d WHERE day < '2024-01-04') SELECT day FROM d ORDER BY 1;
WITH RECURSIVE sub AS (SELECT id FROM shop_categories WHERE id = 2 UNION ALL SELECT c.id FROM shop_categories c, sub WHERE c.parent_id = sub.id) SELECT count(*) FROM shop_products WHERE category_id IN (SELECT id FROM sub);
SELECT c.id FROM shop_customers c WHERE c.id IN (SELECT customer_id FROM shop_orders WHERE to_char(placed_at, 'MM') = '02') ORDER BY 1;
SELECT sub.m, count(*) FROM (SELECT to_char(placed_at, 'YYYY-MM') AS m FROM shop_orders) sub GROUP BY sub.m ORDER BY 1;
SELECT sub.k, count(*) FROM (SELECT attributes ->> 'color' AS k FROM shop_products) sub GROUP BY sub.k ORDER BY 1;
SELECT pre, sum(stock) FROM (SELECT split_part(sku, '-', 1) AS pre, stock FROM shop_products) s GROUP BY pre ORDER BY pre;
SELECT c.id FROM shop_customers c WHERE EXISTS (SELECT 1 FROM shop_orders o WHERE o.customer_id = c.id AND o.note ~ 'tw') ORDER BY 1;
SELECT c.id FROM shop_customers c WHERE NOT EXISTS (SELECT 1 FROM shop_orders o WHERE o.customer_id = c.id AND to_char(o.placed_at, 'MM') = '02') ORDER BY 1;
SELECT c.id, (SELECT count(*) FROM shop_orders o WHERE o.customer_id = c.id AND o.note ~ $1) AS n FROM shop_customers c ORDER BY 1; -- with: [gi]
SELECT o.id FROM shop_orders o WHERE EXISTS (SELECT 1 FROM shop_items i JOIN shop_products p ON p.id = i.product_id WHERE i.order_id = o.id AND p.attributes ->> 'pages' = '365') ORDER BY 1;
SELECT o.id, (SELECT max(p.price) FROM shop_items i, shop_products p WHERE p.id = i.product_id AND i.order_id = o.id AND p.attributes ? 'pages') AS m FROM shop_orders o ORDER BY 1;
SELECT id FROM shop_products p WHERE id = (SELECT min(x.id) FROM shop_products x WHERE x.category_id = p.category_id AND x.title ~ 'a') ORDER BY id;
SELECT c.id FROM shop_customers c WHERE c.id IN (SELECT o.customer_id FROM shop_orders o WHERE o.total > c.credit AND md5(o.status) <> 'x') ORDER BY 1;
SELECT c.id, x.id FROM shop_customers c CROSS JOIN LATERAL (SELECT o.id FROM shop_orders o WHERE o.customer_id = c.id AND o.status ~ 'ai' ORDER BY o.id LIMIT 1) x ORDER BY 1;
SELECT id FROM shop_orders WHERE (customer_id, status) = (SELECT 1, 'paid'::varchar);
SELECT id FROM shop_orders WHERE (customer_id, placed_at) = (SELECT max(customer_id), max(placed_at) FROM shop_orders WHERE customer_id = 5);
SELECT id FROM shop_orders o WHERE (customer_id, id) = (SELECT customer_id, id FROM shop_orders x WHERE x.customer_id = o.customer_id ORDER BY id DESC LIMIT 1) ORDER BY id;
-- Inner queries of the table that is grouped outside.
SELECT category_id, sum(price) AS value FROM shop_products WHERE id > 1 GROUP BY category_id HAVING sum(price) > (SELECT sum(price) * 0.0001 FROM shop_products WHERE id > 1) ORDER BY value DESC;
SELECT category_id, (SELECT sum(id) FROM shop_products WHERE price > 2) FROM shop_products GROUP BY category_id ORDER BY 1 NULLS FIRST;
SELECT category_id FROM shop_products GROUP BY category_id HAVING category_id IN (SELECT id FROM shop_products WHERE price > 1) ORDER BY 1;
SELECT category_id, max(price) FROM shop_products GROUP BY category_id HAVING (SELECT count(*) FROM shop_products WHERE price > 20) > 0 ORDER BY max(price) DESC, 1;
SELECT category_id FROM shop_products GROUP BY category_id HAVING EXISTS (SELECT 1 FROM shop_products x WHERE x.price > 10 AND x.category_id = shop_products.category_id) ORDER BY 1;
SELECT id, (SELECT note FROM shop_orders o WHERE o.id = 1000 + c.id) FROM shop_customers c ORDER BY id;
SELECT id, (SELECT DISTINCT status FROM shop_orders o WHERE o.customer_id = c.id AND status = 'new') FROM shop_customers c ORDER BY id;
SELECT (SELECT city FROM shop_customers WHERE email LIKE 'cleo%'), (SELECT newsletter FROM shop_customers WHERE city = 'London');
SELECT id FROM shop_products WHERE price = (SELECT price FROM shop_products WHERE title = 'Cosmos');
SELECT c.id, (SELECT c.email FROM shop_orders o WHERE o.note = 'ring twice') FROM shop_customers c ORDER BY 1;
SELECT c.id, (SELECT c.last_name || o.status FROM shop_orders o WHERE o.note = 'ring twice') FROM shop_customers c ORDER BY 1;
SELECT (SELECT shipped_on FROM shop_orders WHERE total = 49.80) + 1, (SELECT total FROM shop_orders WHERE shipped_on = '2024-01-12') / 2;
SELECT (SELECT status FROM shop_orders WHERE note ~ '^ring'), coalesce((SELECT note FROM shop_orders WHERE total < 0), '-');
SELECT o.id, (SELECT p.title FROM shop_items i JOIN shop_products p ON p.id = i.product_id WHERE i.order_id = o.id AND i.line = 1) FROM shop_orders o ORDER BY 1;
SELECT o.id, (SELECT count(*) FROM shop_items i WHERE i.order_id = o.id GROUP BY i.order_id) FROM shop_orders o ORDER BY 1;
SELECT (SELECT * FROM (VALUES (1)) v (a)), (VALUES (3));
