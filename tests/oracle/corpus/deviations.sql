-- schema: shop
-- Deviations, also of one value.
SELECT stddev(weight), variance(weight), stddev_pop(weight), var_pop(weight), stddev_samp(weight), var_samp(weight) FROM shop_products;
SELECT stddev(weight), variance(weight), stddev_pop(weight), var_pop(weight) FROM shop_products WHERE id = 1;
SELECT category_id, stddev(weight), variance(weight) FILTER (WHERE stock > 0), stddev(DISTINCT weight) FROM shop_products GROUP BY category_id ORDER BY 1;
SELECT id, variance(stock) OVER (ORDER BY id), stddev(price) OVER (ORDER BY id) FROM shop_products ORDER BY id;
SELECT stddev(price), variance(stock) FROM shop_products WHERE id = 1;
