-- schema: shop
-- Functions of rows over columns: in FROM and in select lists.
SELECT p.id, s.n FROM shop_products p CROSS JOIN LATERAL generate_series(1, p.id) AS s(n) WHERE p.id < 4 ORDER BY 1, 2;
SELECT p.id, t.tag FROM shop_products p CROSS JOIN LATERAL jsonb_array_elements_text(p.attributes -> 'tags') AS t(tag) ORDER BY 1, 2;
SELECT p.id, e.key, e.value FROM shop_products p, jsonb_each_text(p.attributes) AS e ORDER BY 1, 2;
SELECT p.id, e.key FROM shop_products p LEFT JOIN LATERAL jsonb_each(p.attributes) AS e ON true ORDER BY 1, 2;
SELECT e.key, count(*) FROM shop_products p, jsonb_each_text(p.attributes) e GROUP BY e.key ORDER BY 2 DESC, 1;
SELECT p.id FROM shop_products p, jsonb_array_elements_text(p.attributes -> 'tags') AS tag WHERE tag = 'africa' ORDER BY 1;
SELECT id, generate_series(1, id) AS n FROM shop_categories WHERE id < 4 ORDER BY 1, 2;
SELECT id, unnest(string_to_array(sku, '-')) AS part FROM shop_products ORDER BY id, part;
SELECT id, jsonb_object_keys(attributes) AS k FROM shop_products WHERE attributes IS NOT NULL ORDER BY 1, 2;
SELECT DISTINCT jsonb_object_keys(attributes) AS k FROM shop_products ORDER BY 1;
SELECT id, regexp_matches(title, '([A-Z])', 'g') AS m FROM shop_products ORDER BY id, m;
SELECT id, regexp_split_to_table(title, ' ') AS word FROM shop_products ORDER BY id, word LIMIT 4;
WITH days AS (SELECT generate_series(date '2024-02-01', date '2024-02-03', '1 day')::date AS d) SELECT d, count(o.id) FROM days LEFT JOIN shop_orders o ON o.placed_at::date = d GROUP BY d ORDER BY d;
SELECT o.id, d.day::date FROM shop_orders o, generate_series(o.placed_at, o.placed_at + interval '2 days', '1 day') AS d(day) WHERE o.id = 1001 ORDER BY 2;
SELECT p.id, x.ord, x.v FROM shop_products p, unnest(string_to_array(p.sku, '-')) WITH ORDINALITY AS x(v, ord) ORDER BY p.id, x.ord;
SELECT c.id, s.w, s.n FROM shop_customers c, unnest(ARRAY[c.first_name, c.last_name], ARRAY[1, 2, 3]) AS s(w, n) WHERE c.id = 1 ORDER BY s.n;
SELECT * FROM ROWS FROM (generate_series(1, 2), unnest(ARRAY['a', 'b', 'c'])) AS x(a, b);
SELECT generate_series(1, 3), unnest(ARRAY['a', 'b']);
SELECT 'x' AS c, generate_series(1, 2) * 10 AS t;
SELECT count(*), sum(x.n) FROM shop_categories c, generate_series(1, c.id) AS x(n);
SELECT c.id, sum(x.n) FROM shop_categories c CROSS JOIN generate_series(1, c.id) AS x(n) GROUP BY c.id HAVING sum(x.n) > 5 ORDER BY c.id DESC;
SELECT id, tags.value FROM shop_products, jsonb_array_elements(attributes -> 'tags') AS tags ORDER BY 1, 2;
SELECT p.id, t.tag, u.n FROM shop_products p, jsonb_array_elements_text(p.attributes -> 'tags') AS t(tag), generate_series(1, length(t.tag) - 5) u(n) ORDER BY 1, 2, 3;
SELECT id, generate_series(1, $1) FROM shop_categories WHERE id = 1 ORDER BY 2; -- with: 2
SELECT c.id FROM shop_categories c, generate_series(1, c.id) OFFSET 2 LIMIT 2;
SELECT c.id, y.a FROM shop_products c, jsonb_to_record(c.attributes) AS x(pages int, color text), generate_series(1, 1) y(a) WHERE x.pages > 400;
SELECT c.id, x.pages, x.color FROM shop_products c CROSS JOIN LATERAL jsonb_to_record(c.attributes) AS x(pages int, color text) WHERE c.attributes IS NOT NULL ORDER BY 1;
