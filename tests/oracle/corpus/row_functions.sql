-- schema: shop
-- Functions of rows in FROM, beside tables and alone.
SELECT s.d::date, count(o.id) FROM generate_series(date '2024-02-01', date '2024-02-05', interval '1 day') AS s(d) LEFT JOIN shop_orders o ON o.placed_at::date = s.d::date GROUP BY s.d ORDER BY s.d;
SELECT n, c.name FROM generate_series(1, 7) AS n LEFT JOIN shop_categories c ON c.id = n ORDER BY n;
SELECT u.id, u.ord, c.name FROM unnest(ARRAY[5, 3, 1]) WITH ORDINALITY AS u(id, ord) JOIN shop_categories c ON c.id = u.id ORDER BY u.ord;
SELECT c.name FROM shop_categories c JOIN unnest($1::int[]) AS x(id) ON x.id = c.id ORDER BY c.id; -- with: {2,3}
SELECT c.name FROM unnest($1::int[], $2::text[]) AS x(id, label) JOIN shop_categories c ON c.id = x.id ORDER BY x.label; -- with: {2,3} | {b,a}
SELECT c.name, x.n FROM shop_categories c, generate_series(1, $1) AS x(n) WHERE c.id = x.n ORDER BY 2; -- with: 3
SELECT c.id, w FROM shop_categories c, regexp_split_to_table('a,,b', ',') AS w WHERE c.id < 3 ORDER BY 1, 2;
SELECT c.id, e.value FROM shop_categories c JOIN jsonb_array_elements('[1, 2, {"a": null}]') AS e ON e.value::text = c.id::text ORDER BY 1;
SELECT c.id, e.key, e.value FROM shop_categories c JOIN jsonb_each_text('{"1": "x", "2": null}') AS e ON e.key = c.id::text ORDER BY 1;
SELECT * FROM shop_categories c JOIN json_to_recordset('[{"a": 1, "b": "x"}, {"a": 2}]') AS t(a int, b text) ON t.a = c.id ORDER BY 1;
SELECT g.*, c.id FROM generate_series(1.5, 3.5, 0.5) WITH ORDINALITY g JOIN shop_categories c ON c.id = g.g ORDER BY 1;
SELECT avg(n), count(*), sum(n), stddev(n) FROM generate_series(1, 10) AS n;
SELECT n, sum(n) OVER (ORDER BY n) FROM generate_series(1, 4) n;
SELECT * FROM generate_series(timestamp '2024-01-01', timestamp '2024-01-02', interval '8 hours') AS t;
SELECT * FROM json_array_elements('[1, "a", null]');
SELECT * FROM jsonb_each('{"a": 1, "b": [1, 2]}');
SELECT * FROM json_to_recordset('[{"a": 1, "b": "x"}, {"a": 2}]') AS t(a int, b text);
SELECT * FROM regexp_matches('foobarbequebazilbarfbonk', '(b[^b]+)(b[^b]+)', 'g') AS m;
SELECT count(*) FROM unnest('{}'::int[]);
SELECT * FROM unnest(ARRAY[1, NULL, 3]) AS x ORDER BY x;
SELECT * FROM unnest(ARRAY['', 'a', NULL]) AS x ORDER BY x;
SELECT id FROM shop_categories WHERE id IN (SELECT n FROM generate_series(2, 4) n) ORDER BY 1;
SELECT id FROM shop_categories WHERE EXISTS (SELECT 1 FROM unnest($1::int[]) u WHERE u = id) ORDER BY 1; -- with: {2,9}
WITH n AS (SELECT * FROM generate_series(1, 3) AS i) SELECT n.i, c.name FROM n JOIN shop_categories c ON c.id = n.i ORDER BY 1;
SELECT d::date FROM generate_series('2024-02-01'::date, '2024-02-03'::date, '1 day') d ORDER BY 1;
SELECT b, u FROM unnest(ARRAY[true, false]) AS b, unnest(ARRAY['a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11']::uuid[]) u, shop_categories c WHERE c.id = 1 ORDER BY b;
SELECT f, t, ti FROM unnest(ARRAY[1.5, 2.25]::float8[]) f, unnest(ARRAY['2024-01-01 10:00+02']::timestamptz[]) t, unnest(ARRAY['10:20:30']::time[]) ti, shop_categories c WHERE c.id = 1 ORDER BY f;
SELECT generate_series(1, 3) AS n, 'x' AS c;
SELECT unnest(ARRAY[1, 2, 3]);
SELECT jsonb_object_keys('{"a": 1, "b": 2}');
SELECT regexp_matches('foobarbequebazilbarfbonk', '(b[^b]+)(b[^b]+)', 'g');
SELECT unnest(ARRAY[1, 2]) AS a, unnest(ARRAY['x', 'y', 'z']) AS b;
SELECT max(x) FROM unnest(ARRAY[3, 1, 2]) x;
SELECT * FROM string_to_table('a,b,c', ',') AS s(part);
SELECT i, chr(64 + i) FROM generate_series(1, 3) i;
SELECT a.n, b.m FROM generate_series(1, 2) a(n) CROSS JOIN generate_series(1, 2) b(m) ORDER BY 1, 2;
SELECT x, count(*) FROM unnest(ARRAY['a', 'b', 'a']) x GROUP BY x HAVING count(*) > 1;
-- Bounds that a query gives.
SELECT generate_series(date_trunc('month', min(placed_at)), date_trunc('month', max(placed_at)), '1 month'::interval) AS m FROM shop_orders;
SELECT to_char(generate_series(min(shipped_on), max(shipped_on), interval '1 month'), 'YYYY-MM') AS m FROM shop_orders WHERE id < 5;
SELECT generate_series((SELECT min(id) FROM shop_products), (SELECT max(id) FROM shop_products), 2) AS n;
SELECT n, n * 2 AS twice FROM generate_series(1, (SELECT count(*) FROM shop_categories)) n;
SELECT x.n, p.title FROM generate_series(1, (SELECT max(id) + 1 FROM shop_products)) x(n) LEFT JOIN shop_products p ON p.id = x.n ORDER BY 1;
WITH m AS (SELECT generate_series(date_trunc('month', min(placed_at)), date_trunc('month', max(placed_at)), '1 month'::interval) AS dt FROM shop_orders), t AS (SELECT date_trunc('month', placed_at) AS dt, count(*) AS n FROM shop_orders GROUP BY 1) SELECT m.dt::date, coalesce(t.n, 0) AS n, coalesce(t.n, 0) - lag(coalesce(t.n, 0)) OVER (ORDER BY m.dt) AS change FROM m LEFT JOIN t ON t.dt = m.dt ORDER BY 1;
WITH m AS (SELECT generate_series(date_trunc('month', current_date) - interval '2 months', date_trunc('month', current_date), '1 month') AS dt) SELECT count(*) FROM m;
SELECT count(m.dt), count(p.id) FROM (SELECT generate_series(date_trunc('month', current_date) - interval '6 months', date_trunc('month', current_date), interval '1 month') AS dt) m LEFT JOIN (SELECT max(id) AS id, category_id FROM shop_products GROUP BY category_id) p ON p.id = 0;
SELECT count(m.dt), max(m.dt) > current_date FROM (SELECT generate_series(date_trunc('month', current_date) - interval '6 months', date_trunc('month', current_date) + interval '1 month', interval '1 month') AS dt) m LEFT JOIN shop_products p ON p.id = 0;
