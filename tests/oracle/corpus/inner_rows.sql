-- schema: shop
-- Subqueries that depend on the query around them, of what IRIS has no words for.
SELECT p.id FROM shop_products p WHERE EXISTS (SELECT 1 FROM shop_categories c WHERE p.title ~ c.name) ORDER BY id;
SELECT c.id FROM shop_categories c WHERE NOT EXISTS (SELECT 1 FROM shop_products p WHERE p.title ~* substr(c.name, 1, 1)) ORDER BY id;
SELECT c.id, (SELECT count(*) FROM shop_products p WHERE p.title ~* substr(c.name, 1, 1)) FROM shop_categories c ORDER BY id;
SELECT c.id, (SELECT count(*) + c.id FROM shop_products p WHERE p.title ~* substr(c.name, 1, 1) AND p.category_id = c.id) FROM shop_categories c ORDER BY id;
SELECT c.id, (SELECT to_char(max(o.placed_at), 'YYYY-MM') || c.city FROM shop_orders o WHERE o.customer_id = c.id) FROM shop_customers c ORDER BY id;
SELECT c.id, (SELECT p.title FROM shop_products p WHERE p.title ~* c.name ORDER BY p.price DESC LIMIT 1) FROM shop_categories c ORDER BY id;
SELECT id, (SELECT string_agg(e, '+' ORDER BY e DESC) FROM jsonb_array_elements_text(attributes -> 'tags') AS e) FROM shop_products WHERE attributes ? 'tags' ORDER BY id;
SELECT id FROM shop_products WHERE EXISTS (SELECT 1 FROM jsonb_array_elements_text(attributes -> 'tags') AS e WHERE e LIKE 'b%') ORDER BY id;
SELECT id FROM shop_products WHERE 'africa' IN (SELECT jsonb_array_elements_text(attributes -> 'tags')) ORDER BY id;
SELECT id FROM shop_products WHERE 'x' <> ALL (SELECT e FROM jsonb_array_elements_text(attributes -> 'tags') AS e) ORDER BY id;
SELECT id, (SELECT string_agg(k || '=' || v, ', ' ORDER BY k) FROM jsonb_each_text(attributes) AS x (k, v)) FROM shop_products WHERE attributes IS NOT NULL ORDER BY id;
SELECT id, (SELECT count(*) FROM jsonb_object_keys(attributes)) FROM shop_products WHERE id < 3 ORDER BY id;
SELECT id, ARRAY(SELECT g * 2 FROM generate_series(1, stock) AS g WHERE g % 3 = 0 ORDER BY g DESC) FROM shop_products WHERE stock < 20 ORDER BY id;
SELECT id, (SELECT sum(g) FROM generate_series(1, stock) AS g) FROM shop_products WHERE stock < 100 ORDER BY id;
SELECT id FROM shop_products WHERE (SELECT count(*) FROM regexp_split_to_table(title, ' ')) > 2 ORDER BY id;
SELECT id, (SELECT max(length(w)) FROM regexp_split_to_table(title, '\s+') AS w) AS longest FROM shop_products ORDER BY longest DESC, id;
SELECT id, (SELECT array_agg(w ORDER BY o) FROM regexp_split_to_table(title, ' ') WITH ORDINALITY AS x (w, o) WHERE o < 3) FROM shop_products ORDER BY id;
SELECT c.id, (SELECT json_agg(json_build_object('id', o.id, 'day', to_char(o.placed_at, 'DD.MM.')) ORDER BY o.id) FROM shop_orders o WHERE o.customer_id = c.id) FROM shop_customers c ORDER BY id;
SELECT c.id, coalesce((SELECT json_agg(row_to_json(o)) FROM shop_orders o WHERE o.customer_id = c.id AND o.note ~ 'zz'), '[]') FROM shop_customers c ORDER BY id;
SELECT c.id FROM shop_customers c WHERE c.id IN (SELECT o.customer_id FROM shop_orders o WHERE to_char(o.placed_at, 'MM') = '0' || c.id::text) ORDER BY id;
SELECT (SELECT max(length(w)) FROM regexp_split_to_table(title, ' ') AS w) AS longest, count(*) FROM shop_products GROUP BY 1 ORDER BY 1;
SELECT id FROM shop_products ORDER BY (SELECT count(*) FROM jsonb_object_keys(attributes)) DESC, id;
SELECT id, (SELECT c.name FROM generate_series(1, 3) AS g JOIN shop_categories c ON c.id = g AND c.id = p.category_id) FROM shop_products p ORDER BY id;
UPDATE shop_products SET stock = (SELECT count(*) FROM regexp_split_to_table(title, ' ')) WHERE id < 3 RETURNING id, stock;
DELETE FROM shop_items WHERE EXISTS (SELECT 1 FROM shop_products p WHERE p.id = product_id AND p.title ~ '^Sp') RETURNING product_id;
SELECT NULL::int[] || NULL::int[], ARRAY[1] || NULL::int[], NULL::int[] || 1;
