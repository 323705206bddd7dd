-- schema: shop
-- Intervals aggregated, chance, roots.
SELECT avg(created_at - timestamp '2023-01-01'), sum(created_at - timestamp '2023-01-01'), min(created_at - timestamp '2023-01-01'), max(created_at - timestamp '2023-01-01') FROM shop_customers;
SELECT country, avg(created_at - birthday::timestamp) FROM shop_customers GROUP BY country ORDER BY country;
SELECT created_at - birthday, birthday - created_at, date_part('day', created_at - birthday) AS days FROM shop_customers ORDER BY id;
SELECT count(*) FROM (SELECT random() AS r FROM shop_orders) q WHERE r BETWEEN 0 AND 1;
SELECT count(DISTINCT r) > 1 FROM (SELECT random() AS r FROM shop_orders) q;
SELECT count(*) FROM (SELECT id FROM shop_orders ORDER BY random() LIMIT 3) q;
SELECT |/ 25.0, |/ 2, min_scale(1.500), regexp_count('ABCABC', 'b', 1, 'i'), regexp_count('abcabc', 'a', 2), to_char(timestamp '2024-05-06 07:00', 'TMDay HH:MI:SS PM');
SELECT id, |/ price, ||/ stock FROM shop_products ORDER BY id;
SELECT max(placed_at - timestamptz '2024-01-01 00:00+00'), min(placed_at)::date - max(placed_at)::date FROM shop_orders;
