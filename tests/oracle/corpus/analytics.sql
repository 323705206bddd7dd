-- schema: shop
-- As BI tools write: derived tables with quoted aliases, casts, buckets, growth, cohorts.
SELECT "t0"."status" AS "status", SUM("t0"."total") AS "sum_total" FROM (SELECT "status", "total" FROM "public"."shop_orders") "t0" GROUP BY "t0"."status" ORDER BY "sum_total" DESC NULLS LAST LIMIT 10;
SELECT SUM(1) AS "cnt" FROM "public"."shop_orders" "shop_orders" HAVING COUNT(1) > 0;
SELECT CAST(EXTRACT(YEAR FROM "o"."placed_at") AS INT) AS "yr", CAST(EXTRACT(QUARTER FROM "o"."placed_at") AS INT) AS "qr", COUNT(DISTINCT "o"."customer_id") AS "customers" FROM "shop_orders" "o" GROUP BY 1, 2 ORDER BY 1, 2;
SELECT CAST(DATE_TRUNC('DAY', "placed_at") AS DATE) AS "d", COUNT(*) AS "n" FROM "shop_orders" GROUP BY CAST(DATE_TRUNC('DAY', "placed_at") AS DATE) ORDER BY 1;
SELECT date_trunc('week', placed_at) AS week, sum(total) FROM shop_orders GROUP BY date_trunc('week', placed_at) ORDER BY week;
SELECT date_trunc('quarter', placed_at)::date AS q, avg(total) FROM shop_orders GROUP BY q ORDER BY q;
SELECT "source"."category" AS "category", COUNT(*) AS "count" FROM (SELECT CASE WHEN p.price >= 20 THEN 'high' ELSE 'low' END AS "category" FROM shop_products p) "source" GROUP BY "source"."category" ORDER BY "source"."category" ASC;
SELECT c.country, o.status, count(*) AS n FROM shop_orders o JOIN shop_customers c ON c.id = o.customer_id GROUP BY c.country, o.status ORDER BY n DESC, c.country, o.status;
SELECT month, revenue, sum(revenue) OVER (ORDER BY month) AS cumulative FROM (SELECT date_trunc('month', placed_at) AS month, sum(total) AS revenue FROM shop_orders GROUP BY 1) m ORDER BY month;
SELECT customer_id, min(placed_at)::date AS first_order, max(placed_at)::date AS last_order, max(placed_at)::date - min(placed_at)::date AS span FROM shop_orders GROUP BY customer_id ORDER BY customer_id;
SELECT first_month, count(*) FROM (SELECT customer_id, date_trunc('month', min(placed_at)) AS first_month FROM shop_orders GROUP BY customer_id) cohort GROUP BY first_month ORDER BY first_month;
SELECT floor(price / 10) * 10 AS bucket, count(*) FROM shop_products GROUP BY floor(price / 10) * 10 ORDER BY bucket;
SELECT floor(price)::int AS whole, ceil(price)::int AS up, round(price)::int AS near FROM shop_products ORDER BY id;
SELECT min(price), max(price), sum(stock), count(weight), count(*) - count(weight) AS missing FROM shop_products;
SELECT p.category_id, count(*), bool_or(p.discontinued), max(p.title) FROM shop_products p GROUP BY p.category_id ORDER BY p.category_id NULLS FIRST;
SELECT id, sum(quantity) OVER (PARTITION BY order_id) AS pieces FROM shop_items JOIN shop_products ON id = product_id ORDER BY order_id, line;
SELECT order_id, line, rank() OVER (PARTITION BY order_id ORDER BY quantity * unit_price DESC) AS r FROM shop_items ORDER BY order_id, line;
SELECT * FROM (SELECT sku, price, row_number() OVER (ORDER BY price DESC) AS n FROM shop_products) x WHERE n BETWEEN 2 AND 3 ORDER BY n;
SELECT a.status, b.n FROM (SELECT DISTINCT status FROM shop_orders) a LEFT JOIN (SELECT status, count(*) AS n FROM shop_orders WHERE total > 30 GROUP BY status) b ON a.status = b.status ORDER BY a.status;
SELECT count(*) AS total, count(CASE WHEN newsletter THEN 1 END) AS subscribed, round(100.0 * count(CASE WHEN newsletter THEN 1 END) / count(*), 2) AS share FROM shop_customers;
SELECT coalesce(c.city, 'unknown') AS place, count(*) FROM shop_customers c GROUP BY coalesce(c.city, 'unknown') ORDER BY place;
SELECT country, max(created_at) - min(created_at) AS period FROM shop_customers GROUP BY country ORDER BY country;
SELECT count(*) FROM shop_orders WHERE placed_at >= now() - interval '30 days';
SELECT count(*) FROM shop_orders WHERE placed_at < current_date AND placed_at > date '2024-01-01' - interval '1 year';
SELECT to_char(date_trunc('month', placed_at), 'Mon YYYY') AS label, count(*) FROM shop_orders GROUP BY date_trunc('month', placed_at) ORDER BY date_trunc('month', placed_at);
SELECT extract(hour FROM placed_at) AS h, count(*) FROM shop_orders GROUP BY 1 ORDER BY 2 DESC, 1;
SELECT extract(isodow FROM placed_at) AS dow, to_char(placed_at, 'Dy') AS name FROM shop_orders ORDER BY id;
SELECT o.id, o.placed_at + interval '14 days' AS due, o.placed_at - interval '1 hour' AS before FROM shop_orders o ORDER BY o.id LIMIT 2;
SELECT o.id, extract(epoch FROM o.placed_at)::bigint AS unix FROM shop_orders o ORDER BY o.id LIMIT 2;
SELECT sum(total) AS "Umsatz (€)", count(*) AS "Anzahl" FROM shop_orders;
SELECT NULL AS nothing, 'x' AS constant, 1 AS one, count(*) AS n FROM shop_orders;
SELECT status IN ('paid', 'shipped') AS done, count(*) FROM shop_orders GROUP BY 1 ORDER BY 1;
SELECT CASE WHEN total IS NULL THEN 'none' WHEN total < 50 THEN 'small' ELSE 'large' END AS size, count(*), sum(total) FROM shop_orders GROUP BY 1 ORDER BY 1;
SELECT product_id, sum(quantity) AS q FROM shop_items GROUP BY product_id HAVING sum(quantity) >= ALL (SELECT sum(quantity) FROM shop_items GROUP BY product_id);
SELECT o.id FROM shop_orders o WHERE o.total > (SELECT avg(x.total) FROM shop_orders x WHERE x.customer_id = o.customer_id) ORDER BY o.id;
SELECT count(DISTINCT (customer_id, status)) FROM shop_orders;
SELECT max(length(title)) AS longest, min(length(title)) AS shortest, avg(length(title))::numeric(6,2) AS mean FROM shop_products;
SELECT upper(substr(title, 1, 1)) AS letter, count(*) FROM shop_products GROUP BY upper(substr(title, 1, 1)) ORDER BY letter;
SELECT string_agg(DISTINCT status, ', ' ORDER BY status) AS statuses FROM shop_orders;
SELECT customer_id, array_length(array_agg(id), 1) AS n FROM shop_orders GROUP BY customer_id ORDER BY customer_id;
WITH ranked AS (SELECT customer_id, total, ntile(3) OVER (ORDER BY total) AS tercile FROM shop_orders WHERE total IS NOT NULL) SELECT tercile, count(*), min(total), max(total) FROM ranked GROUP BY tercile ORDER BY tercile;
WITH x AS (SELECT 1 AS n UNION ALL SELECT 2), y AS (SELECT n * 10 AS m FROM x) SELECT x.n, y.m FROM x JOIN y ON y.m = x.n * 10 ORDER BY 1;
SELECT total, total - lag(total) OVER w AS change FROM shop_orders WHERE total IS NOT NULL WINDOW w AS (ORDER BY id) ORDER BY id;
SELECT sum(total) FROM shop_orders WHERE customer_id = $1 AND placed_at BETWEEN $2 AND $3; -- with: 1 | 2024-01-01 | 2024-12-31
SELECT status, count(*) FROM shop_orders WHERE ($1 = '' OR status = $1) GROUP BY status ORDER BY status; -- with: paid
SELECT sku FROM shop_products WHERE price >= $1 AND ($2::bool IS NULL OR discontinued = $2) ORDER BY price; -- with: 15 | f
-- Numbers beside NULLs of other legs are ordered as numbers.
SELECT id FROM (SELECT NULL AS id UNION ALL SELECT id * 5 FROM shop_products) x ORDER BY id;
SELECT max(id), min(id) FROM (SELECT NULL AS id UNION ALL SELECT id * 5 FROM shop_products) x;
SELECT id * 50 AS k, count(*) FROM shop_products GROUP BY ROLLUP (id * 50) ORDER BY k NULLS FIRST;
SELECT category_id, id * 50 AS k, sum(price) FROM shop_products GROUP BY ROLLUP (category_id, id * 50) ORDER BY category_id NULLS FIRST, k NULLS FIRST, sum(price) LIMIT 6;
SELECT d FROM (SELECT NULL AS d UNION SELECT placed_at FROM shop_orders) x ORDER BY d DESC NULLS LAST LIMIT 3;
SELECT n FROM (SELECT 100.5 AS n UNION ALL SELECT NULL UNION ALL SELECT 20.25) x WHERE n > 3 ORDER BY n;
SELECT count(*) FROM shop_orders ORDER BY count(*) LIMIT 100;
SELECT count(*) AS c, max(total) FROM shop_orders ORDER BY c, max(id) LIMIT 1;
SELECT s FROM (SELECT count(*) AS s FROM shop_orders ORDER BY s LIMIT 4) x;
-- Grouping sets under window functions, DISTINCT and names of the select list.
SELECT sum(price) AS total, category_id, id, grouping(category_id) + grouping(id) AS level, rank() OVER (PARTITION BY grouping(category_id) + grouping(id), CASE WHEN grouping(id) = 0 THEN category_id END ORDER BY sum(price) DESC, id) AS place FROM shop_products GROUP BY ROLLUP (category_id, id) ORDER BY level DESC, CASE WHEN grouping(category_id) + grouping(id) = 0 THEN category_id END, place, category_id NULLS FIRST;
SELECT category_id, count(*) AS n, sum(count(*)) OVER () AS of_all, count(*) * 100 / sum(count(*)) OVER () AS share FROM shop_products GROUP BY ROLLUP (category_id) ORDER BY category_id NULLS FIRST, n;
SELECT DISTINCT grouping(category_id) AS g, count(*) > 1 AS many FROM shop_products GROUP BY CUBE (category_id) ORDER BY 1, 2;
SELECT extract(year FROM placed_at) AS year, status, count(*) FROM shop_orders GROUP BY ROLLUP (year, status) ORDER BY year NULLS LAST, status NULLS LAST;
SELECT customer_id % 2 AS half, count(*) AS n FROM shop_orders GROUP BY GROUPING SETS ((half), ()) ORDER BY half NULLS FIRST;
SELECT lower(status) AS status, count(*) FROM shop_orders GROUP BY ROLLUP (status) ORDER BY 1 NULLS FIRST, 2;
SELECT category_id, row_number() OVER (ORDER BY category_id NULLS LAST, count(*)) AS place FROM shop_products GROUP BY GROUPING SETS ((category_id), ()) ORDER BY 2;
SELECT category_id, lag(sum(price)) OVER (ORDER BY category_id NULLS LAST, grouping(category_id)) AS before FROM shop_products GROUP BY ROLLUP (category_id) ORDER BY category_id NULLS LAST, grouping(category_id);
