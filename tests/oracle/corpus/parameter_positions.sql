-- schema: shop
-- Parameters in all positions: the types that they are given.
SELECT $1 + id FROM shop_orders WHERE id = $2; -- with: 1 | 1001
SELECT id FROM shop_orders WHERE id = $1 AND total > $2 AND placed_at > $3 AND shipped_on = $4 AND note LIKE $5 AND status IN ($6); -- with: 1001 | 1 | 2024-01-01 | 2024-01-12 | x | paid
SELECT id FROM shop_products WHERE discontinued = $1 AND weight > $2 AND price BETWEEN $3 AND $4 AND attributes = $5; -- with: f | 0 | 1 | 100 | {}
SELECT id FROM shop_products WHERE $1 AND id > 0; -- with: t
SELECT id FROM shop_products WHERE id + $1 > $2 ORDER BY id; -- with: 1 | 3
SELECT id FROM shop_products WHERE price * $1 > 30 ORDER BY id; -- with: 2
SELECT id FROM shop_products WHERE lower(title) = lower($1) OR sku = upper($2) ORDER BY id; -- with: cosmos | gd-001
SELECT coalesce($1, 5), coalesce($2, 'x'), coalesce($3, 1.5), coalesce(NULL, $4, true); -- with: 1 | a | 2 | f
SELECT nullif($1, 1), greatest($2, 2), least($3, 'b'), abs($4), round($5), length($6), upper($7); -- with: 2 | 1 | a | -2 | 2.5 | abc | x
SELECT CASE WHEN $1 > 1 THEN 'a' ELSE 'b' END, CASE $2 WHEN 'x' THEN 1 END, CASE WHEN true THEN $3 ELSE 2 END, CASE WHEN true THEN $4 END; -- with: 2 | x | 3 | y
SELECT $1::int, CAST($2 AS numeric(5,2)), $3::varchar(2), $4::timestamptz AT TIME ZONE 'UTC', $5::date - 1, ($6::jsonb) -> 'a', $7::text[]; -- with: 1 | 2.345 | abc | 2024-01-01 00:00+00 | 2024-01-02 | {"a": 1} | {a,b}
SELECT $1 || 'x', 'x' || $2, $3 || $4, $5::text || 1; -- with: a | b | c | d | e
SELECT $1 LIKE 'a%', 'abc' LIKE $2, $3 ~ 'a', 'abc' ~ $4, $5 ILIKE $6, $7 SIMILAR TO 'a%'; -- with: abc | a% | a | b | A | a | ab
SELECT date_trunc($1, timestamp '2024-05-06 10:00'), extract(year FROM $2::date), to_char($3::numeric, $4), age($5::timestamp, $6::timestamp); -- with: day | 2024-01-01 | 12 | 999 | 2024-02-01 | 2024-01-01
SELECT 1 WHERE 1 = ANY($1) AND 'a' = ANY($2) AND 2 <> ALL($3::int[]); -- with: {1,2} | {a,b} | {3}
SELECT array_length($1::int[], 1), ($2::text[])[1], $3 = ANY(ARRAY['a', 'b']), ARRAY[$4, 'z'], array_append(ARRAY[1], $5); -- with: {1,2} | {x,y} | a | q | 7
SELECT jsonb_build_object('a', $1::int, $2::text, $3::bool), ($4::jsonb) ->> $5, ($6::jsonb) #> $7; -- with: 1 | k | t | {"z": 1} | z | {"a": {"b": 2}} | {a,b}
SELECT substring($1, 2, 3), substring($2 FROM $3 FOR $4), position($5 IN 'abc'), left($6, $7), lpad($8, $9, '0'), replace($10, 'a', $11); -- with: abcdef | abcdef | 2 | 2 | b | abc | 2 | 7 | 3 | banana | o
SELECT count(*), sum($1::int) FROM shop_orders WHERE id > $2; -- with: 2 | 1001
SELECT status, count(*) FROM shop_orders GROUP BY status HAVING count(*) >= $1 ORDER BY 2 DESC, 1 LIMIT $2 OFFSET $3; -- with: 1 | 2 | 1
SELECT lag(total, $1) OVER (ORDER BY id), ntile($2) OVER (ORDER BY id) FROM shop_orders ORDER BY id; -- with: 1 | 2
SELECT * FROM (VALUES ($1, $2), (2, 'b')) AS v(a, b) ORDER BY a; -- with: 1 | a
SELECT $1 UNION SELECT 2 ORDER BY 1; -- with: 1
SELECT id FROM shop_orders WHERE (id, status) = ($1, $2); -- with: 1001 | paid
SELECT id FROM shop_orders WHERE (id, status) IN (($1, $2), ($3, $4)) ORDER BY id; -- with: 1001 | paid | 1002 | new
SELECT id FROM shop_orders WHERE EXISTS (SELECT 1 FROM shop_items WHERE order_id = shop_orders.id AND quantity > $1) ORDER BY id; -- with: 1
SELECT (SELECT $1::int), (SELECT max(id) FROM shop_orders WHERE id < $2); -- with: 4 | 1003
WITH x AS (SELECT $1::int AS n) SELECT n + $2 FROM x; -- with: 1 | 2
SELECT id FROM shop_categories WHERE name = $1 OR $1 IS NULL ORDER BY id; -- with: Books
SELECT id FROM shop_categories WHERE name = $1::text OR $1 = '' ORDER BY id; -- with: Books
SELECT id, $1 AS tag, $2::numeric AS n FROM shop_categories WHERE id = 1; -- with: t | 1.50
SELECT DISTINCT $1::text FROM shop_categories; -- with: x
SELECT id FROM shop_categories ORDER BY CASE WHEN id = $1 THEN 0 ELSE 1 END, id; -- with: 3
SELECT string_agg(name, $1 ORDER BY id) FROM shop_categories; -- with: ;
SELECT id FROM shop_orders WHERE placed_at BETWEEN $1 AND $2 AND total NOT BETWEEN $3 AND $4 ORDER BY id; -- with: 2024-01-01 | 2024-03-01 | 30 | 40
SELECT id FROM shop_orders WHERE id NOT IN ($1, $2, $3) ORDER BY id; -- with: 1001 | 1002 | 1003
SELECT id FROM shop_products WHERE attributes ->> 'color' = $1 OR (attributes ->> 'pages')::int > $2 ORDER BY id; -- with: red | 400
SELECT id FROM shop_products WHERE attributes @> $1::jsonb ORDER BY id; -- with: {"color": "red"}
SELECT make_date($1, $2, $3), to_date($4, 'YYYY-MM-DD'), to_timestamp($5), date_part('year', $6::timestamp); -- with: 2024 | 1 | 2 | 2024-03-04 | 0 | 2024-01-01
SELECT $1::int4 = $2, $3 > $4::float8, $5::date < $6, $7 - $8::timestamptz; -- with: 1 | 1 | 2 | 1 | 2024-01-01 | 2024-02-01 | 2024-01-02 00:00+00 | 2024-01-01 00:00+00
