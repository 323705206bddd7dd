-- schema: shop
-- As analysts write: sales, cohorts, shares, texts, dates, documents, parameters.
SELECT o.id, o.total, sum(o.total) OVER (PARTITION BY o.customer_id ORDER BY o.placed_at) AS running, o.total - lag(o.total) OVER (PARTITION BY o.customer_id ORDER BY o.placed_at) AS delta FROM shop_orders o ORDER BY o.id;
SELECT to_char(placed_at, 'YYYY-MM') AS month, count(*) AS orders, sum(total) AS revenue, round(sum(total) / nullif(count(DISTINCT customer_id), 0), 2) AS per_customer FROM shop_orders GROUP BY 1 ORDER BY 1;
WITH monthly AS (SELECT date_trunc('month', placed_at) AS m, sum(total) AS r FROM shop_orders GROUP BY 1) SELECT m, r, lag(r) OVER (ORDER BY m) AS prev, round((r - lag(r) OVER (ORDER BY m)) / lag(r) OVER (ORDER BY m) * 100, 1) AS growth FROM monthly ORDER BY m;
WITH first AS (SELECT customer_id, min(placed_at) AS f FROM shop_orders GROUP BY customer_id) SELECT date_trunc('month', f.f)::date AS cohort, count(DISTINCT o.customer_id) AS n, sum(o.total) FROM first f JOIN shop_orders o USING (customer_id) GROUP BY 1 ORDER BY 1;
SELECT c.id, c.first_name, coalesce(o.n, 0) AS n, coalesce(o.t, 0)::numeric(10,2) AS t FROM shop_customers c LEFT JOIN (SELECT customer_id, count(*) AS n, sum(total) AS t FROM shop_orders GROUP BY 1) o ON o.customer_id = c.id ORDER BY t DESC, c.id;
SELECT p.title, sum(i.quantity) AS sold, sum(i.quantity * i.unit_price) AS revenue, rank() OVER (ORDER BY sum(i.quantity * i.unit_price) DESC) AS r FROM shop_items i JOIN shop_products p ON p.id = i.product_id GROUP BY p.id, p.title ORDER BY r, p.title;
SELECT coalesce(cat.name, 'none') AS category, count(p.id), round(avg(p.price), 2) AS avg_price, max(p.price) - min(p.price) AS spread FROM shop_products p LEFT JOIN shop_categories cat ON cat.id = p.category_id GROUP BY cat.name ORDER BY 1;
SELECT width_bucket(price, 0, 60, 3) AS b, count(*), min(price), max(price) FROM shop_products GROUP BY b ORDER BY b;
SELECT CASE WHEN price < 15 THEN 'cheap' WHEN price < 30 THEN 'mid' ELSE 'dear' END AS band, array_agg(sku ORDER BY sku) AS skus FROM shop_products GROUP BY 1 ORDER BY 1;
SELECT extract(dow FROM placed_at) AS dow, to_char(placed_at, 'FMDay') AS name, count(*) FROM shop_orders GROUP BY 1, 2 ORDER BY 1;
SELECT id, placed_at, shipped_on, shipped_on - placed_at::date AS days, age(shipped_on::timestamp, placed_at::date::timestamp) FROM shop_orders WHERE shipped_on IS NOT NULL ORDER BY id;
SELECT avg(shipped_on - placed_at::date) AS avg_days FROM shop_orders;
SELECT sum(shipped_on - placed_at::date), avg(extract(epoch FROM placed_at)) FROM shop_orders;
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY total) AS median, mode() WITHIN GROUP (ORDER BY status) FROM shop_orders;
SELECT status, string_agg(DISTINCT customer_id::text, ',' ORDER BY customer_id::text) FROM shop_orders GROUP BY status ORDER BY status;
SELECT id FROM shop_products WHERE price > (SELECT avg(price) FROM shop_products p2 WHERE p2.category_id = shop_products.category_id) ORDER BY id;
SELECT id, price, price > avg(price) OVER (PARTITION BY category_id) AS above FROM shop_products ORDER BY id;
SELECT id, first_value(title) OVER (PARTITION BY category_id ORDER BY price DESC) AS top FROM shop_products ORDER BY id;
SELECT id, cume_dist() OVER (ORDER BY price), percent_rank() OVER (ORDER BY price) FROM shop_products ORDER BY id;
SELECT id, nth_value(price, 2) OVER (ORDER BY price ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) FROM shop_products ORDER BY id;
SELECT id, count(*) OVER (), count(*) OVER (PARTITION BY discontinued), sum(stock) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) FROM shop_products ORDER BY id;
SELECT DISTINCT status, count(*) OVER (PARTITION BY status) FROM shop_orders ORDER BY 1;
SELECT * FROM (SELECT id, title, price, dense_rank() OVER (ORDER BY price DESC) AS dr FROM shop_products) t WHERE dr <= 2 ORDER BY dr;
SELECT a.id, b.id, abs(a.price - b.price) AS diff FROM shop_products a JOIN shop_products b ON a.id < b.id ORDER BY diff, 1, 2 LIMIT 3;
SELECT o.id FROM shop_orders o WHERE EXISTS (SELECT 1 FROM shop_items i JOIN shop_products p ON p.id = i.product_id WHERE i.order_id = o.id AND p.price > 20) ORDER BY 1;
SELECT c.id FROM shop_customers c WHERE NOT EXISTS (SELECT 1 FROM shop_orders o WHERE o.customer_id = c.id AND o.status = 'paid') ORDER BY 1;
SELECT c.email FROM shop_customers c WHERE (SELECT sum(total) FROM shop_orders o WHERE o.customer_id = c.id) > 70 ORDER BY 1;
SELECT id, price::int, price::text, price::float8, price::varchar(3), price::bigint, price::numeric(6,1) FROM shop_products ORDER BY id;
SELECT id, stock::text, stock::numeric, stock::float8 / 3, stock::bool, stock::smallint FROM shop_products ORDER BY id;
SELECT id, weight::int, weight::numeric, weight::text, weight::numeric(5,1) FROM shop_products ORDER BY id;
SELECT id, placed_at::date, placed_at::time, placed_at::text, placed_at::timestamp, shipped_on::timestamp, shipped_on::text, shipped_on::timestamptz FROM shop_orders ORDER BY id;
SELECT id, discontinued::int, discontinued::text, (NOT discontinued)::int FROM shop_products ORDER BY id;
SELECT attributes::text, attributes -> 'pages', (attributes ->> 'pages')::int * 2 FROM shop_products ORDER BY id;
SELECT '5'::int + stock, '2024-01-01'::date - shipped_on, '1.5' * price FROM shop_products CROSS JOIN (SELECT shipped_on FROM shop_orders WHERE id = 1001) s ORDER BY id;
SELECT stock / 3, stock % 3, stock / 3.0, -stock / 3, stock * 1.5, stock ^ 2, sqrt(stock), stock / 3::float8 FROM shop_products ORDER BY id;
SELECT price * stock, price / 3, price % 5, round(price), ceil(price), floor(price), trunc(price, 1), round(price, 1), round(price * 1.19, 2), price - 0.9 FROM shop_products ORDER BY id;
SELECT sum(price * stock), avg(price * stock), sum(price) / count(*), sum(stock) / count(*), avg(stock), max(price) / min(price), sum(weight) / 3 FROM shop_products;
SELECT count(*) * 100 / (SELECT count(*) FROM shop_products), count(*) * 100.0 / (SELECT count(*) FROM shop_products) FROM shop_products WHERE stock > 0;
SELECT sum(total) FILTER (WHERE status = 'paid') / sum(total) AS ratio, round(sum(total) FILTER (WHERE status = 'paid') / sum(total) * 100, 2) FROM shop_orders;
SELECT (SELECT count(*) FROM shop_orders) AS o, (SELECT count(*) FROM shop_products) AS p, (SELECT sum(total) FROM shop_orders) / (SELECT count(*) FROM shop_orders) AS avg;
SELECT least(price, 20), greatest(price, 20.005), least(stock, 5), greatest(weight, 1), coalesce(weight, price::float8), coalesce(category_id, 0) FROM shop_products ORDER BY id;
SELECT nullif(stock, 0), 100 / nullif(stock, 0), nullif(note, ''), coalesce(nullif(trim(note), ''), '-') FROM shop_products p LEFT JOIN shop_orders o ON o.id = p.id + 1000 ORDER BY p.id;
SELECT first_name || ' ' || last_name AS full, initcap(lower(last_name)), upper(first_name), length(email), left(email, 3), right(email, 4), lpad(id::text, 4, '0'), repeat('ab', id) FROM shop_customers ORDER BY id;
SELECT substring(email from 1 for position('@' in email) - 1) AS usr, split_part(email, '@', 2), replace(email, '@', ' at '), reverse(first_name), overlay(email placing '***' from 2 for 3) FROM shop_customers ORDER BY id;
SELECT concat(first_name, NULL, last_name), concat_ws('-', city, country), format('%s <%s>', first_name, email), quote_literal(last_name), md5(email) FROM shop_customers ORDER BY id;
SELECT city, city = 'Berlin', city ILIKE 'berlin', lower(city) = 'berlin', city LIKE '_erlin', city ~ '^[bB]erl', city NOT LIKE 'B%', city IS DISTINCT FROM 'Berlin' FROM shop_customers ORDER BY id;
SELECT trim(both 'x' from 'xx' || city || 'x'), ltrim(city, 'B'), rtrim(city, 'n'), btrim('  ' || city || ' '), translate(city, 'ei', '31'), ascii(city), chr(65 + id), strpos(city, 'r') FROM shop_customers ORDER BY id;
SELECT birthday, extract(year FROM birthday), date_part('month', birthday), birthday + 30, birthday + interval '1 year', date_trunc('year', birthday), to_char(birthday, 'DD.MM.YYYY'), age(date '2024-03-01', birthday) FROM shop_customers ORDER BY id;
SELECT created_at, created_at::date = '2023-01-05', created_at + interval '36 hours', created_at - timestamp '2023-01-01', date_trunc('hour', created_at), extract(epoch FROM created_at), to_char(created_at, 'HH24:MI:SS.MS') FROM shop_customers ORDER BY id;
SELECT placed_at AT TIME ZONE 'Europe/Berlin', (placed_at AT TIME ZONE 'Europe/Berlin')::date, date_trunc('day', placed_at AT TIME ZONE 'Europe/Berlin'), extract(hour FROM placed_at AT TIME ZONE 'Asia/Tokyo') FROM shop_orders ORDER BY id;
SELECT date_trunc('day', placed_at, 'Europe/Berlin') FROM shop_orders ORDER BY id;
SELECT id FROM shop_orders WHERE placed_at >= date_trunc('month', timestamptz '2024-02-15 00:00+00') AND placed_at < date_trunc('month', timestamptz '2024-02-15 00:00+00') + interval '1 month' ORDER BY id;
SELECT id FROM shop_orders WHERE extract(year FROM placed_at) = 2024 AND extract(month FROM placed_at) IN (2, 3) ORDER BY id;
SELECT id FROM shop_orders WHERE placed_at::date BETWEEN '2024-02-01' AND '2024-02-28' ORDER BY id;
SELECT id FROM shop_orders WHERE shipped_on IS NULL OR shipped_on > placed_at + interval '1 day' ORDER BY id;
SELECT id FROM shop_orders WHERE to_char(placed_at, 'YYYYMM') = '202402' ORDER BY id;
SELECT id FROM shop_customers WHERE birthday < current_date - interval '30 years' ORDER BY id;
SELECT id FROM shop_customers WHERE (country, newsletter) IN (('DE', false), ('FR', true)) ORDER BY id;
SELECT id FROM shop_customers WHERE country = 'DE' AND NOT newsletter OR credit > 100 ORDER BY id;
SELECT id FROM shop_customers WHERE country || coalesce(city, '') LIKE 'DE%' ORDER BY id;
SELECT country, count(*) FILTER (WHERE newsletter) AS yes, count(*) FILTER (WHERE NOT newsletter) AS no, bool_or(newsletter) FROM shop_customers GROUP BY country ORDER BY country;
SELECT country, length(country), country = 'DE ', country || '|', country::text || '|' FROM shop_customers ORDER BY id;
SELECT max(country), min(country), count(DISTINCT country) FROM shop_customers;
SELECT attributes ->> 'color' AS color FROM shop_products WHERE attributes ? 'color' AND attributes ->> 'color' IN ('red', 'blue');
SELECT id FROM shop_products WHERE attributes -> 'author' ->> 'name' = 'Sagan';
SELECT id FROM shop_products WHERE attributes #>> '{author,name}' ILIKE 's%';
SELECT id FROM shop_products WHERE (attributes ->> 'pages')::numeric BETWEEN 300 AND 400;
SELECT id, attributes || '{"new": true}', attributes - 'pages', jsonb_typeof(attributes -> 'pages'), attributes @> '{"color": "red"}' FROM shop_products WHERE attributes IS NOT NULL ORDER BY id;
SELECT jsonb_agg(attributes -> 'pages' ORDER BY id) FILTER (WHERE attributes ? 'pages') FROM shop_products;
SELECT sum((attributes ->> 'pages')::int), avg((attributes ->> 'pages')::int) FROM shop_products;
SELECT key, count(*) FROM shop_products, jsonb_object_keys(attributes) AS key GROUP BY key ORDER BY key;
SELECT status, n, sum(n) OVER (), round(n * 100.0 / sum(n) OVER (), 1) AS pct FROM (SELECT status, count(*) AS n FROM shop_orders GROUP BY status) s ORDER BY n DESC, status;
SELECT status, avg(total), sum(total) FROM shop_orders GROUP BY ROLLUP (status) ORDER BY status NULLS LAST;
SELECT 'a' AS k, avg(total) AS v FROM shop_orders UNION ALL SELECT 'b', avg(price) FROM shop_products ORDER BY k;
SELECT avg(total) FROM shop_orders UNION SELECT sum(price) FROM shop_products ORDER BY 1;
SELECT total / 3 FROM shop_orders WHERE id = 1001 UNION ALL SELECT price FROM shop_products WHERE id = 1;
SELECT id, total FROM shop_orders UNION ALL SELECT id, price FROM shop_products ORDER BY 2 DESC NULLS LAST, 1 LIMIT 3;
SELECT count(*) FROM (SELECT id FROM shop_orders UNION SELECT id FROM shop_products) u;
(SELECT id FROM shop_orders ORDER BY total DESC NULLS LAST LIMIT 1) UNION ALL (SELECT id FROM shop_orders ORDER BY total LIMIT 1);
SELECT id FROM shop_orders WHERE id IN (SELECT order_id FROM shop_items) INTERSECT SELECT id FROM shop_orders WHERE status = 'paid' ORDER BY id DESC;
SELECT x.id, y.id FROM (SELECT id FROM shop_categories WHERE id < 3) x FULL JOIN (SELECT id FROM shop_categories WHERE id > 1 AND id < 4) y ON x.id = y.id ORDER BY 1, 2;
SELECT c.name, p.name AS parent, g.name AS grand FROM shop_categories c LEFT JOIN shop_categories p ON p.id = c.parent_id LEFT JOIN shop_categories g ON g.id = p.parent_id ORDER BY c.id;
SELECT o.id, jsonb_agg(jsonb_build_object('p', i.product_id, 'q', i.quantity) ORDER BY i.line) AS items FROM shop_orders o JOIN shop_items i ON i.order_id = o.id GROUP BY o.id ORDER BY o.id;
SELECT o.*, c.first_name FROM shop_orders o JOIN shop_customers c ON c.id = o.customer_id WHERE c.city IS NOT NULL AND o.total IS NOT NULL ORDER BY o.total DESC LIMIT 2;
SELECT i.order_id, i.line, i.quantity * i.unit_price AS amount, i.quantity * i.unit_price * (1 - coalesce(i.discount, 0)::numeric) AS net FROM shop_items i ORDER BY 1, 2;
SELECT order_id, sum(quantity * unit_price) AS gross, count(*) AS lines, max(line) FROM shop_items GROUP BY order_id HAVING sum(quantity * unit_price) > 30 ORDER BY gross DESC;
SELECT t.n, t.n * 2 AS d, CASE WHEN t.n % 2 = 0 THEN 'even' ELSE 'odd' END FROM generate_series(1, 5) AS t(n);
SELECT d::date AS day, extract(isodow FROM d) AS dow FROM generate_series(date '2024-02-26', date '2024-03-02', interval '1 day') d;
SELECT m.month, coalesce(sum(o.total), 0) AS revenue FROM generate_series(timestamp '2024-01-01', timestamp '2024-04-01', '1 month') AS m(month) LEFT JOIN shop_orders o ON date_trunc('month', o.placed_at) = m.month GROUP BY m.month ORDER BY m.month;
SELECT COALESCE(c.country, 'ALL') AS country, COALESCE(o.status, 'ALL') AS status, COUNT(*) FROM shop_orders o JOIN shop_customers c ON c.id = o.customer_id GROUP BY CUBE (c.country, o.status) ORDER BY GROUPING(c.country), 1, GROUPING(o.status), 2;
SELECT id, CASE status WHEN 'paid' THEN 1 WHEN 'new' THEN 2 ELSE 3 END AS s FROM shop_orders ORDER BY CASE status WHEN 'paid' THEN 1 WHEN 'new' THEN 2 ELSE 3 END, id;
SELECT id FROM shop_orders ORDER BY status = 'paid' DESC, total DESC NULLS LAST, id;
SELECT id FROM shop_orders ORDER BY abs(total - 50), id LIMIT 2;
SELECT id FROM shop_orders ORDER BY 1 DESC LIMIT 2 OFFSET 1;
SELECT DISTINCT date_trunc('month', placed_at) AS m FROM shop_orders ORDER BY m DESC;
SELECT DISTINCT ON (status) status, id, total FROM shop_orders ORDER BY status, total DESC NULLS LAST;
SELECT DISTINCT ON (customer_id) customer_id, placed_at::date FROM shop_orders ORDER BY customer_id, placed_at DESC;
SELECT count(*) FROM shop_orders WHERE note = '';
SELECT note, note IS NULL, note = '', length(note), note || 'x' FROM shop_orders ORDER BY id;
SELECT $1::numeric / 3, $2::int / 2, round($3::numeric, 1), $4::date + 1, upper($5); -- with: 10 | 7 | 2.25 | 2024-02-28 | abc
SELECT id FROM shop_orders WHERE total > $1 AND placed_at < $2 AND status <> $3 AND note IS DISTINCT FROM $4 ORDER BY id LIMIT $5; -- with: 20 | 2024-04-01 | new | gift | 5
SELECT count(*) FROM shop_orders WHERE placed_at > $1::timestamptz - $2::interval; -- with: 2024-02-10 00:00+00 | 7 days
SELECT id, total * (1 + $1 / 100.0) AS gross FROM shop_orders WHERE id = $2; -- with: 19 | 1001
SELECT generate_series($1::int, $2::int) AS n; -- with: 1 | 3
SELECT * FROM shop_categories WHERE name LIKE '%' || $1 || '%' ORDER BY id; -- with: o
SELECT * FROM shop_categories WHERE ($1 = '' OR name = $1) AND id > $2 ORDER BY id; -- with: Books | 0
SELECT CASE WHEN id > $1 THEN name ELSE $2 END FROM shop_categories ORDER BY id; -- with: 2 | low
SELECT name FROM shop_categories WHERE id = $1 UNION ALL SELECT $2 ORDER BY 1; -- with: 2 | extra
SELECT ($1::jsonb) ->> 'a', ($1::jsonb -> 'b') ->> 0; -- with: {"a": 1, "b": ["x"]}
SELECT * FROM json_to_recordset($1) AS x(id int, label text) ORDER BY id; -- with: [{"id": 2, "label": "b"}, {"id": 1}]
SELECT c.name, x.label FROM shop_categories c JOIN jsonb_to_recordset($1::jsonb) AS x(id int, label text) ON x.id = c.id ORDER BY c.id; -- with: [{"id": 2, "label": "b"}, {"id": 1}]
SELECT to_char(created_at, 'YYYYMMDDHH24MISS'), to_char(created_at, 'HH24MI'), to_char(created_at, 'YYYYMMDD'), to_char(created_at, 'MMYYYY'), extract(second FROM created_at + interval '1.25 seconds') FROM shop_customers ORDER BY id;
SELECT to_char(placed_at, 'MMYYYY') AS m, count(*) FROM shop_orders GROUP BY 1 ORDER BY 1;
