-- schema: shop
-- What the back office of a shop asks: joins, groups, windows, dates.
SELECT count(*) FROM shop_customers;
SELECT count(*) AS orders, sum(total) AS revenue, avg(total) AS mean, min(placed_at) AS first, max(placed_at) AS last FROM shop_orders WHERE status <> 'cancelled';
SELECT c.country, count(*) FROM shop_customers c GROUP BY c.country ORDER BY 2 DESC, 1;
SELECT c.first_name || ' ' || c.last_name AS name, count(o.id) AS orders, coalesce(sum(o.total), 0) AS spent FROM shop_customers c LEFT JOIN shop_orders o ON o.customer_id = c.id GROUP BY c.id, c.first_name, c.last_name ORDER BY spent DESC, name;
SELECT c.id, c.email, count(o.id) FROM shop_customers c LEFT JOIN shop_orders o ON o.customer_id = c.id GROUP BY c.id ORDER BY c.id;
SELECT date_trunc('month', placed_at) AS month, count(*), sum(total) FROM shop_orders GROUP BY 1 ORDER BY 1;
SELECT date_trunc('month', placed_at)::date AS month, status, count(*) FROM shop_orders GROUP BY 1, 2 ORDER BY 1, 2;
SELECT to_char(placed_at, 'YYYY-MM') AS month, count(*) FROM shop_orders GROUP BY to_char(placed_at, 'YYYY-MM') ORDER BY month;
SELECT extract(year FROM placed_at) AS y, extract(month FROM placed_at) AS m, count(*) FROM shop_orders GROUP BY y, m ORDER BY y, m;
SELECT extract(year FROM placed_at)::int AS y, count(*) FROM shop_orders GROUP BY 1;
SELECT p.title, sum(i.quantity) AS sold, sum(i.quantity * i.unit_price) AS revenue FROM shop_items i JOIN shop_products p ON p.id = i.product_id GROUP BY p.title HAVING sum(i.quantity) > 1 ORDER BY revenue DESC;
SELECT cat.name, count(DISTINCT p.id) AS products, avg(p.price)::numeric(10,2) AS mean_price FROM shop_categories cat LEFT JOIN shop_products p ON p.category_id = cat.id GROUP BY cat.name ORDER BY cat.name;
SELECT o.id, o.total, sum(i.quantity * i.unit_price) AS computed, o.total - sum(i.quantity * i.unit_price) AS difference FROM shop_orders o JOIN shop_items i ON i.order_id = o.id GROUP BY o.id, o.total ORDER BY o.id;
SELECT o.id, row_number() OVER (PARTITION BY o.customer_id ORDER BY o.placed_at) AS nth FROM shop_orders o ORDER BY o.id;
SELECT id, total, rank() OVER (ORDER BY total DESC NULLS LAST), dense_rank() OVER (ORDER BY status) FROM shop_orders ORDER BY id;
SELECT id, total, sum(total) OVER (ORDER BY id) AS running FROM shop_orders ORDER BY id;
SELECT id, total, lag(total) OVER (ORDER BY id) AS previous, lead(total, 1) OVER (ORDER BY id) AS next FROM shop_orders ORDER BY id;
SELECT id, total, lag(total, 1, 0) OVER (ORDER BY id), first_value(total) OVER (PARTITION BY customer_id ORDER BY id) FROM shop_orders ORDER BY id;
SELECT id, avg(total) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS moving FROM shop_orders ORDER BY id;
SELECT id, ntile(2) OVER (ORDER BY id), count(*) OVER () AS of FROM shop_orders ORDER BY id;
SELECT id, total / sum(total) OVER () AS share FROM shop_orders WHERE total IS NOT NULL ORDER BY id;
SELECT id, round(100 * total / sum(total) OVER (), 1) AS percent FROM shop_orders WHERE total IS NOT NULL ORDER BY id;
SELECT * FROM (SELECT o.*, row_number() OVER (PARTITION BY customer_id ORDER BY placed_at DESC) AS rn FROM shop_orders o) ranked WHERE rn = 1 ORDER BY id;
SELECT DISTINCT ON (customer_id) customer_id, id, placed_at FROM shop_orders ORDER BY customer_id, placed_at DESC;
SELECT status, count(*) FILTER (WHERE shipped_on IS NULL) AS waiting, count(*) AS all FROM shop_orders GROUP BY status ORDER BY status;
SELECT sum(CASE WHEN status = 'paid' THEN 1 ELSE 0 END) AS paid, sum(CASE WHEN status = 'new' THEN total ELSE 0 END) AS open_amount FROM shop_orders;
SELECT count(*) FILTER (WHERE total > 50) * 100.0 / count(*) AS percentage FROM shop_orders;
SELECT customer_id FROM shop_orders GROUP BY customer_id HAVING count(*) >= 2 ORDER BY customer_id;
SELECT c.email FROM shop_customers c WHERE NOT EXISTS (SELECT 1 FROM shop_orders o WHERE o.customer_id = c.id) ORDER BY 1;
SELECT c.email FROM shop_customers c WHERE c.id IN (SELECT customer_id FROM shop_orders WHERE total > 50) ORDER BY c.email;
SELECT p.title, p.price, (SELECT avg(price) FROM shop_products) AS mean FROM shop_products p WHERE p.price > (SELECT avg(price) FROM shop_products) ORDER BY p.title;
SELECT p.id, (SELECT max(o.placed_at) FROM shop_items i JOIN shop_orders o ON o.id = i.order_id WHERE i.product_id = p.id) AS last_sold FROM shop_products p ORDER BY p.id;
WITH spent AS (SELECT customer_id, sum(total) AS amount FROM shop_orders GROUP BY customer_id) SELECT c.last_name, s.amount FROM spent s JOIN shop_customers c ON c.id = s.customer_id WHERE s.amount > 50 ORDER BY s.amount DESC;
WITH monthly(month, revenue) AS (SELECT date_trunc('month', placed_at), sum(total) FROM shop_orders GROUP BY 1) SELECT month, revenue, revenue - lag(revenue) OVER (ORDER BY month) AS change FROM monthly ORDER BY month;
WITH a AS (SELECT id, total FROM shop_orders WHERE total > 20), b AS (SELECT count(*) AS n FROM a) SELECT a.id, b.n FROM a CROSS JOIN b ORDER BY a.id;
SELECT o.id, o.shipped_on - o.placed_at::date AS days FROM shop_orders o WHERE o.shipped_on IS NOT NULL ORDER BY days DESC, o.id;
SELECT avg(shipped_on - placed_at::date) FROM shop_orders;
SELECT id FROM shop_orders WHERE placed_at >= '2024-02-01' AND placed_at < '2024-03-01' ORDER BY id;
SELECT id FROM shop_orders WHERE placed_at BETWEEN '2024-02-01' AND '2024-02-29' ORDER BY id;
SELECT id FROM shop_orders WHERE placed_at::date = '2024-02-03' ORDER BY id;
SELECT id FROM shop_orders WHERE date(placed_at) = '2024-02-03' ORDER BY id;
SELECT id FROM shop_orders WHERE extract(dow FROM placed_at) IN (0, 6) ORDER BY id;
SELECT id FROM shop_orders WHERE placed_at > timestamp '2024-03-01 00:00:00' ORDER BY id;
SELECT id, age(shipped_on, placed_at::date) FROM shop_orders WHERE shipped_on IS NOT NULL ORDER BY id;
SELECT status, string_agg(id::text, ',' ORDER BY id) AS ids FROM shop_orders GROUP BY status ORDER BY status;
SELECT status, array_agg(id ORDER BY id) AS ids FROM shop_orders GROUP BY status ORDER BY status;
SELECT customer_id, json_agg(status ORDER BY id) FROM shop_orders GROUP BY customer_id ORDER BY customer_id;
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY total) AS median FROM shop_orders;
SELECT mode() WITHIN GROUP (ORDER BY status) FROM shop_orders;
SELECT stddev(total), variance(total) FROM shop_orders;
SELECT stddev_pop(price), var_samp(weight), corr(weight, price::float8) FROM shop_products;
SELECT 'orders' AS what, count(*) AS n FROM shop_orders UNION ALL SELECT 'customers', count(*) FROM shop_customers UNION ALL SELECT 'products', count(*) FROM shop_products ORDER BY 1;
SELECT city FROM shop_customers WHERE city IS NOT NULL UNION SELECT country FROM shop_customers ORDER BY 1;
SELECT id FROM shop_customers EXCEPT SELECT customer_id FROM shop_orders ORDER BY 1;
SELECT id FROM shop_customers INTERSECT SELECT customer_id FROM shop_orders ORDER BY id;
SELECT DISTINCT city FROM shop_customers ORDER BY city;
SELECT DISTINCT lower(city) AS city FROM shop_customers ORDER BY city NULLS FIRST;
SELECT city, count(*) FROM shop_customers GROUP BY city ORDER BY city NULLS FIRST;
SELECT lower(city), count(*) FROM shop_customers GROUP BY lower(city) ORDER BY 1;
SELECT upper(left(city, 1)) || substr(city, 2) AS place FROM shop_customers WHERE city IS NOT NULL ORDER BY place;
SELECT parent.name AS parent, child.name AS child FROM shop_categories child JOIN shop_categories parent ON parent.id = child.parent_id ORDER BY 1, 2;
SELECT c.name, coalesce(parent.name, '-') FROM shop_categories c LEFT OUTER JOIN shop_categories parent ON c.parent_id = parent.id ORDER BY c.id;
SELECT p.sku, c.name FROM shop_products p FULL OUTER JOIN shop_categories c ON c.id = p.category_id ORDER BY p.sku, c.name;
SELECT p.sku FROM shop_products p RIGHT JOIN shop_items i ON i.product_id = p.id WHERE i.order_id = 1003 ORDER BY 1;
SELECT count(*) FROM shop_products NATURAL JOIN shop_categories;
SELECT a.id, b.id FROM shop_orders a JOIN shop_orders b USING (customer_id) WHERE a.id < b.id ORDER BY 1, 2;
SELECT x.n, x.t FROM (VALUES (1, 'one'), (2, 'two')) AS x(n, t) ORDER BY x.n;
SELECT p.sku, v.label FROM shop_products p JOIN (VALUES (true, 'gone'), (false, 'there')) AS v(flag, label) ON v.flag = p.discontinued ORDER BY p.sku;
SELECT i.order_id, sum(i.quantity * i.unit_price * (1 - i.discount)) FROM shop_items i WHERE i.discount > 0 GROUP BY i.order_id;
SELECT sum(quantity * unit_price)::numeric(12,2), round(avg(quantity), 3), sum(weight * 2) FROM shop_items JOIN shop_products ON shop_products.id = product_id;
SELECT width_bucket(price, 0, 60, 3) AS bucket, count(*) FROM shop_products GROUP BY 1 ORDER BY 1;
SELECT CASE WHEN price < 15 THEN 'cheap' WHEN price < 30 THEN 'fair' ELSE 'dear' END AS class, count(*) FROM shop_products GROUP BY class ORDER BY class;
SELECT sku, price, CASE discontinued WHEN true THEN 'x' ELSE '' END AS mark FROM shop_products ORDER BY price DESC, sku LIMIT 3;
SELECT sku FROM shop_products ORDER BY category_id NULLS FIRST, price DESC OFFSET 1 LIMIT 2;
SELECT sku FROM shop_products ORDER BY weight DESC NULLS LAST FETCH FIRST 2 ROWS ONLY;
SELECT title FROM shop_products WHERE title LIKE '%100\%%';
SELECT title FROM shop_products WHERE title LIKE '%\_%' ORDER BY 1;
SELECT title FROM shop_products WHERE title ILIKE '%CO%' OR sku SIMILAR TO 'GD-%' ORDER BY title;
SELECT title FROM shop_products WHERE title ~ '^[A-C]' ORDER BY title;
SELECT attributes ->> 'pages' AS pages, (attributes ->> 'pages')::int / 2 AS half FROM shop_products WHERE attributes IS NOT NULL ORDER BY id;
SELECT id, attributes -> 'author' ->> 'name' AS author FROM shop_products ORDER BY id;
SELECT id FROM shop_products WHERE attributes ->> 'color' = 'red';
SELECT id FROM shop_products WHERE attributes @> '{"color": "red"}';
SELECT id FROM shop_products WHERE attributes ? 'pages' ORDER BY id;
SELECT id FROM shop_products WHERE (attributes ->> 'pages')::int > 400;
SELECT bool_or(discontinued) AS any_gone, bool_and(stock > 0) AS all_there FROM shop_products;
SELECT id, stock > 0 AS available, stock = 0 OR discontinued AS hidden FROM shop_products ORDER BY id;
SELECT country, first_name FROM shop_customers WHERE country = 'DE' ORDER BY first_name;
SELECT country || '!' AS c, length(country) FROM shop_customers WHERE id = 1;
SELECT email, split_part(email, '@', 2) AS domain, substring(email FROM 1 FOR 3) FROM shop_customers ORDER BY id;
SELECT id, birthday, extract(year FROM age(date '2024-06-01', birthday)) AS years FROM shop_customers ORDER BY id;
SELECT id, birthday + interval '1 year' AS next FROM shop_customers WHERE birthday IS NOT NULL ORDER BY id;
SELECT id FROM shop_customers WHERE created_at > '2023-02-20'::timestamp + interval '3 months' ORDER BY id;
SELECT first_name, credit FROM shop_customers ORDER BY credit;
SELECT first_name, credit FROM shop_customers ORDER BY credit DESC;
SELECT first_name, coalesce(credit::text, 'none') FROM shop_customers ORDER BY id;
SELECT greatest(credit, 0), least(credit, 100), abs(credit), nullif(credit, 0) FROM shop_customers ORDER BY id;
SELECT d::date AS day, count(o.id) FROM generate_series('2024-02-01'::timestamp, '2024-02-04', '1 day') AS d LEFT JOIN shop_orders o ON o.placed_at::date = d::date GROUP BY 1 ORDER BY 1;
SELECT n, count(i.quantity) FROM generate_series(1, 3) AS n LEFT JOIN shop_items i ON i.quantity = n GROUP BY n ORDER BY n;
SELECT o.id, x.product_id FROM shop_orders o CROSS JOIN LATERAL (SELECT i.product_id FROM shop_items i WHERE i.order_id = o.id ORDER BY i.unit_price DESC LIMIT 1) x ORDER BY o.id;
SELECT status, count(*) FROM shop_orders GROUP BY ROLLUP (status) ORDER BY status NULLS LAST;
WITH RECURSIVE tree AS (SELECT id, name, 1 AS depth FROM shop_categories WHERE parent_id IS NULL UNION ALL SELECT c.id, c.name, t.depth + 1 FROM shop_categories c JOIN tree t ON c.parent_id = t.id) SELECT * FROM tree ORDER BY id;
SELECT * FROM shop_orders WHERE customer_id = $1 AND status = $2 ORDER BY id; -- with: 1 | paid
SELECT * FROM shop_products WHERE price BETWEEN $1 AND $2 ORDER BY price LIMIT $3 OFFSET $4; -- with: 10 | 30 | 2 | 1
SELECT id FROM shop_orders WHERE placed_at >= $1 AND placed_at < $1 + interval '1 month' ORDER BY id; -- with: 2024-02-01
SELECT id FROM shop_customers WHERE ($1::text IS NULL OR city = $1) ORDER BY id; -- with: NULL
SELECT id FROM shop_customers WHERE email = ANY($1) ORDER BY id; -- with: {ada@example.org,eve@example.org}
SELECT id, credit + $1 FROM shop_customers WHERE credit > $2 ORDER BY id; -- with: 5 | 10
SELECT first_name FROM shop_customers WHERE lower(email) LIKE lower($1) || '%' ORDER BY 1; -- with: A
SELECT sum(total) FILTER (WHERE status = $1) FROM shop_orders; -- with: paid
SELECT CASE WHEN stock > $1 THEN $2 ELSE 'few' END FROM shop_products ORDER BY id; -- with: 5 | many
SELECT date_trunc($1, placed_at) AS t, count(*) FROM shop_orders GROUP BY 1 ORDER BY 1; -- with: year
-- Patterns that are not to match, and several at once.
SELECT id FROM shop_customers WHERE first_name NOT ILIKE 'A%' ORDER BY id;
SELECT DISTINCT b.city FROM shop_customers a JOIN shop_customers b ON a.id <> b.id WHERE lower(a.city) ILIKE '%b%' AND b.city NOT ILIKE '%B%' ORDER BY 1;
SELECT id, first_name NOT ILIKE '%a%', NOT first_name ILIKE '%a%', first_name NOT LIKE 'A\%' FROM shop_customers ORDER BY id;
SELECT id FROM shop_customers WHERE first_name ILIKE ANY (ARRAY['a%', '%o']) ORDER BY id;
SELECT id FROM shop_customers WHERE first_name NOT ILIKE ALL (ARRAY['a%', '%o']) ORDER BY id;
SELECT id FROM shop_customers WHERE first_name NOT LIKE ANY (ARRAY['A%', '%o']::text[]) ORDER BY id;
SELECT id FROM shop_customers WHERE first_name LIKE ANY ('{A%,B%}') ORDER BY id;
SELECT id FROM shop_customers WHERE first_name LIKE ALL (ARRAY[]::text[]) ORDER BY id;
SELECT id FROM shop_products WHERE price > ANY (ARRAY[10, 20.5]) AND price <> ANY (ARRAY[3, 4]) ORDER BY id;
SELECT id, price >= ALL (ARRAY[1, 2.5]), price < ANY (ARRAY[NULL, 2]) FROM shop_products ORDER BY id;
SELECT id FROM shop_orders WHERE shipped_on BETWEEN placed_at - interval '1 day' AND placed_at + interval '400 days' ORDER BY id;
SELECT id FROM shop_orders WHERE placed_at BETWEEN shipped_on - 30 AND shipped_on + interval '1 day' ORDER BY id;
SELECT id FROM shop_orders WHERE shipped_on NOT BETWEEN '2024-01-02' AND now() ORDER BY id;
SELECT id FROM shop_orders WHERE shipped_on IN (placed_at, shipped_on + interval '1 day', date '2024-01-10') ORDER BY id;
