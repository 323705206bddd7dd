-- schema: shop
-- Window aggregates that are subqueries of the rows of their frames.
SELECT id, sum(total) OVER (ORDER BY id RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) FROM shop_orders ORDER BY id;
SELECT id, sum(total) OVER (ORDER BY placed_at RANGE BETWEEN INTERVAL '30 days' PRECEDING AND CURRENT ROW) AS rolling FROM shop_orders ORDER BY id;
SELECT id, count(*) OVER (PARTITION BY status ORDER BY shipped_on RANGE BETWEEN INTERVAL '7 days' PRECEDING AND INTERVAL '1 day' FOLLOWING) FROM shop_orders ORDER BY id;
SELECT o.id, max(o.total) OVER (ORDER BY o.id DESC RANGE BETWEEN 2 PRECEDING AND 1 PRECEDING) FROM shop_orders o WHERE o.id > 1001 ORDER BY o.id;
SELECT id, count(*) FILTER (WHERE total > 20) OVER (ORDER BY total RANGE BETWEEN 30 PRECEDING AND 30 FOLLOWING) FROM shop_orders ORDER BY id;
WITH daily AS (SELECT placed_at::date AS day, sum(total) AS s FROM shop_orders GROUP BY 1) SELECT day, sum(s) OVER (ORDER BY day RANGE BETWEEN INTERVAL '6 days' PRECEDING AND CURRENT ROW) AS weekly FROM daily ORDER BY day;
SELECT id, array_agg(id) OVER (ORDER BY id) FROM shop_orders ORDER BY id;
SELECT id, string_agg(status, ',') OVER (PARTITION BY customer_id ORDER BY id DESC) AS later FROM shop_orders ORDER BY id;
SELECT id, json_agg(id) OVER (ORDER BY note) FROM shop_orders WHERE note IS NOT NULL ORDER BY id;
SELECT id, row_number() OVER (ORDER BY id), sum(stock) OVER (ORDER BY price RANGE BETWEEN 5 PRECEDING AND 5 FOLLOWING) * 2 AS near FROM shop_products ORDER BY id;
SELECT id, sum(id) OVER (ORDER BY id ROWS BETWEEN $1 PRECEDING AND CURRENT ROW) FROM shop_orders WHERE '?' <> 'x' ORDER BY id; -- with: 1
SELECT id, max(id) OVER (ORDER BY id ROWS BETWEEN $1::int FOLLOWING AND $2::int FOLLOWING) FROM shop_orders ORDER BY id LIMIT $3; -- with: 1 | 5 | 4
SELECT s.n FROM (SELECT count(*) OVER (ORDER BY id ROWS $1 PRECEDING) AS n FROM shop_orders) s WHERE s.n > $2 ORDER BY 1; -- with: 2 | 1
SELECT id, sum(id) OVER (ORDER BY id ROWS BETWEEN $1 + 1 PRECEDING AND 1.5 FOLLOWING) FROM shop_orders ORDER BY id; -- with: 0
SELECT id, sum(id) OVER (ORDER BY id ROWS '1' PRECEDING) FROM shop_orders ORDER BY id;
CREATE TABLE frame_counts (a varchar(3), n int);
INSERT INTO frame_counts SELECT $1, count(*) OVER (ORDER BY id ROWS $2 PRECEDING) FROM shop_orders; -- with: ab     | 1
SELECT a, n, count(*) FROM frame_counts GROUP BY a, n ORDER BY a, n;
DROP TABLE frame_counts;
