-- schema: shop
-- Whole rows as JSON, arrays of queries, aggregates that the worker computes.
SELECT c.id, ARRAY(SELECT o.id FROM shop_orders o WHERE o.customer_id = c.id ORDER BY o.id DESC) AS ids FROM shop_customers c ORDER BY c.id;
SELECT id, name FROM shop_categories WHERE id = ANY (ARRAY(SELECT category_id FROM shop_products)) ORDER BY 1;
SELECT c.id, (SELECT json_agg(json_build_object('id', o.id, 's', o.status) ORDER BY o.id) FROM shop_orders o WHERE o.customer_id = c.id) AS orders FROM shop_customers c ORDER BY c.id;
SELECT c.id, (SELECT string_agg(o.status, ' > ' ORDER BY o.id) FROM shop_orders o WHERE o.customer_id = c.id) FROM shop_customers c ORDER BY c.id;
SELECT c.id, (SELECT coalesce(json_agg(o), '[]') FROM (SELECT id, total FROM shop_orders WHERE customer_id = c.id ORDER BY id) o) AS orders FROM shop_customers c ORDER BY c.id;
SELECT c.id, coalesce((SELECT array_agg(o.id ORDER BY o.id) FROM shop_orders o WHERE o.customer_id = c.id), '{}') FROM shop_customers c ORDER BY 1;
SELECT array_length(ARRAY(SELECT id FROM shop_orders), 1);
SELECT count(DISTINCT (customer_id, status)), count(DISTINCT (customer_id, note)) FROM shop_orders;
SELECT status, count(DISTINCT (customer_id, total)) FROM shop_orders GROUP BY status ORDER BY status;
SELECT row_to_json(c) FROM shop_categories c ORDER BY id;
SELECT to_json(p), to_jsonb(p) FROM shop_products p WHERE id = 2;
SELECT json_agg(c ORDER BY c.id), jsonb_agg(c ORDER BY c.id) FROM shop_categories c WHERE id < 3;
SELECT parent_id, json_agg(row_to_json(c) ORDER BY c.id) FROM shop_categories c GROUP BY parent_id ORDER BY 1 NULLS FIRST;
SELECT (c).name, (c).id + 1 FROM shop_categories c WHERE (c).id = 2;
SELECT json_build_object('cat', c, 'n', 1) FROM shop_categories c WHERE id = 1;
SELECT row_to_json(ROW(id, name)) FROM shop_categories WHERE id = 1;
SELECT to_jsonb(x) FROM (SELECT id, placed_at, total, shipped_on FROM shop_orders) x ORDER BY x.id LIMIT 2;
SELECT to_jsonb(c) ->> 'name' AS n, to_jsonb(c) - 'parent_id' FROM shop_categories c ORDER BY c.id LIMIT 2;
SELECT count(c), count(o) FROM shop_customers c LEFT JOIN shop_orders o ON o.customer_id = c.id;
SELECT json_agg(ids) FROM (SELECT array_agg(id ORDER BY id) AS ids FROM shop_orders GROUP BY customer_id) q;
SELECT nullif(status, 'paid'), coalesce(nullif(note, ''), status) FROM shop_orders ORDER BY id;
SELECT corr(total, customer_id), regr_slope(total, customer_id), covar_pop(total, customer_id), regr_count(total, customer_id) FROM shop_orders;
SELECT bit_and(stock), bit_or(stock), bit_xor(stock) FROM shop_products;
SELECT percentile_cont(ARRAY[0.25, 0.5]) WITHIN GROUP (ORDER BY price), percentile_disc(ARRAY[0, 1]) WITHIN GROUP (ORDER BY sku), percentile_cont(0.9) WITHIN GROUP (ORDER BY stock) FROM shop_products;
SELECT corr(stock, 1), regr_r2(stock, id), covar_samp(id, id) FROM shop_products WHERE id = 1;
