-- schema: shop
-- Quotients and averages that others are made of.
SELECT count(*) FROM shop_orders o JOIN LATERAL (SELECT avg(i.unit_price) AS a FROM shop_items i WHERE i.order_id = o.id) x ON x.a > 15;
SELECT o.id, x.a, x.a * 2 FROM shop_orders o LEFT JOIN LATERAL (SELECT avg(i.unit_price) AS a, count(*) AS n FROM shop_items i WHERE i.order_id = o.id) x ON true ORDER BY o.id;
SELECT c.id, q.t / nullif(q.n, 0) AS per, coalesce(q.t, 0) AS t FROM shop_customers c LEFT JOIN (SELECT customer_id, sum(total) AS t, count(*) AS n FROM shop_orders GROUP BY customer_id) q ON q.customer_id = c.id ORDER BY c.id;
SELECT sum(x.r), avg(x.r), max(x.r) FROM (SELECT total / 3 AS r FROM shop_orders) x;
SELECT x.c, sum(x.r) FROM (SELECT customer_id AS c, avg(total) AS r FROM shop_orders GROUP BY customer_id) x GROUP BY x.c ORDER BY x.c;
SELECT round(x.r, 2), x.r > 20 FROM (SELECT avg(total) AS r FROM shop_orders GROUP BY customer_id) x ORDER BY x.r;
SELECT x.r FROM (SELECT customer_id, avg(total) AS r FROM shop_orders GROUP BY customer_id) x WHERE x.r > 30 ORDER BY x.r DESC LIMIT 2;
SELECT DISTINCT x.r FROM (SELECT customer_id, avg(total) AS r FROM shop_orders GROUP BY customer_id) x ORDER BY x.r;
WITH a AS (SELECT customer_id, avg(total) AS r FROM shop_orders GROUP BY customer_id), b AS (SELECT customer_id, r * 2 AS r2 FROM a) SELECT b.customer_id, b.r2, a.r FROM b JOIN a USING (customer_id) ORDER BY 1;
WITH a AS (SELECT avg(total) AS r FROM shop_orders) SELECT o.id, o.total - a.r AS d FROM shop_orders o, a ORDER BY o.id;
SELECT o.id, o.total / (SELECT sum(total) FROM shop_orders) * 100 AS pct, round(o.total / (SELECT sum(total) FROM shop_orders) * 100, 2) FROM shop_orders o ORDER BY o.id;
SELECT rank() OVER (ORDER BY avg(total) DESC NULLS LAST), customer_id, avg(total) FROM shop_orders GROUP BY customer_id ORDER BY 1, 2;
SELECT customer_id, avg(total) AS a FROM shop_orders GROUP BY customer_id HAVING avg(total) > 30 ORDER BY a;
SELECT CASE WHEN avg(total) > 30 THEN avg(total) ELSE 0 END, CASE WHEN count(*) > 0 THEN sum(total) / count(*) END FROM shop_orders;
SELECT coalesce(avg(total), 0), coalesce(sum(total), 0.00), coalesce(max(total), 0) FROM shop_orders WHERE id < 0;
SELECT sum(total) * 0.19 AS tax, sum(total * 0.19), round(sum(total) * 0.19, 2), sum(round(total * 0.19, 2)) FROM shop_orders;
SELECT avg(quantity), avg(quantity * unit_price), sum(quantity) / avg(quantity), avg(line) FROM shop_items;
SELECT variance(total), stddev(total), var_pop(total), stddev_pop(quantity) FROM shop_orders o JOIN shop_items i ON i.order_id = o.id;
SELECT min(total / 7), max(total % 7), sum(total % 7), min(abs(total - 50)) FROM shop_orders;
