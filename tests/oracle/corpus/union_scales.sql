-- schema: shop
-- UNIONs of numbers, and grouping sets, whose decimals are each row's own.
SELECT status, avg(total), sum(total) FROM shop_orders GROUP BY ROLLUP (status) ORDER BY status NULLS LAST;
SELECT 'a' AS k, avg(total) AS v FROM shop_orders UNION ALL SELECT 'b', avg(price) FROM shop_products ORDER BY k;
SELECT avg(total) FROM shop_orders UNION SELECT sum(price) FROM shop_products ORDER BY 1;
SELECT total / 3 FROM shop_orders WHERE id = 1001 UNION ALL SELECT price FROM shop_products WHERE id = 1;
SELECT coalesce(status, 'all'), round(avg(total), 2) AS r, avg(total) FROM shop_orders GROUP BY GROUPING SETS ((status), ()) ORDER BY 1 LIMIT 3 OFFSET 1;
SELECT 1.5 AS x, id FROM shop_categories WHERE id = 1 UNION SELECT 1.50, id FROM shop_categories WHERE id = 1 UNION SELECT price, 9 FROM shop_products WHERE id = 1 ORDER BY 2;
(SELECT id, total / 7 FROM shop_orders ORDER BY id LIMIT 1) UNION ALL (SELECT id, price / 7 FROM shop_products ORDER BY id DESC LIMIT 1) ORDER BY 1;
SELECT id, total FROM shop_orders WHERE id = 1001 UNION ALL SELECT id, price FROM shop_products WHERE id = 1 UNION ALL SELECT id, stock FROM shop_products WHERE id = 2 ORDER BY id;
SELECT customer_id, status, sum(total), avg(total) FROM shop_orders GROUP BY CUBE (customer_id, status) ORDER BY 1 NULLS LAST, 2 NULLS LAST LIMIT 5;
SELECT avg(total) FROM shop_orders WHERE id > $1 UNION ALL SELECT $2::numeric; -- with: 1001 | 2.50
