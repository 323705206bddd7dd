-- schema: shop
-- Constants that are compared with each other, the smallest integers, numbers beyond them, and windows over groups.
SELECT id FROM shop_products WHERE 1 IN (3, 1.0) ORDER BY id LIMIT 2;
SELECT id FROM shop_products WHERE NOT 1 IN (3, 1.0);
SELECT id FROM shop_products WHERE 1.50 IN (1, 1.5) AND 1.0 = ANY (ARRAY[1, 2]) ORDER BY id LIMIT 2;
SELECT id FROM shop_products WHERE 1.50 BETWEEN 1.5 AND 1.5 AND 1e0 IN (1, 2) ORDER BY id LIMIT 2;
SELECT id FROM shop_products WHERE id > -2147483648 AND stock >= -9223372036854775808 ORDER BY id LIMIT 2;
SELECT id FROM shop_products WHERE id < 9223372036854775808 AND stock BETWEEN -1e20 AND 1e20 ORDER BY id LIMIT 2;
SELECT id FROM shop_products WHERE id = 9223372036854775808;
SELECT pg_typeof(-9223372036854775808), pg_typeof(-2147483648), pg_typeof(-2147483649), pg_typeof(-(32768));
SELECT -9223372036854775808 AS a, -2147483648 AS b, -2147483648 * 1 AS c;
SELECT v, pg_typeof(v) FROM (SELECT 1::int2 + 1::float4) AS t(v);
SELECT 1::int8 * 2::float4 AS a, 1::float4 - 2::int2 AS b, pg_typeof(1::float4 + 1::float4);
SELECT category_id, sum(sum(stock)) OVER (PARTITION BY max(stock)) FROM shop_products GROUP BY category_id ORDER BY 1;
SELECT category_id, sum(count(*)) OVER (PARTITION BY count(*), min(price) ORDER BY max(price)) FROM shop_products GROUP BY category_id ORDER BY 1;
SELECT DISTINCT * FROM (VALUES (interval '5' minute), (interval '1' month), (interval '2' day)) t ORDER BY 1;
WITH t(v) AS (VALUES (timestamp '2023-11-05 01:40:00')) SELECT v + interval '5' minute, v - interval '1-2' year TO month FROM t;
SELECT (CASE WHEN i % 2 = 0 THEN ROW('hello') ELSE ROW('world') END)::text FROM generate_series(0, 2) t(i) ORDER BY i;
SELECT (CASE WHEN 1 = 1 THEN ROW(1) ELSE ROW(2) END)::text;
SELECT 'foobar' SIMILAR TO '%#"o_b#"%' ESCAPE '#', 'foobar' SIMILAR TO 'foo#"b|x#"ar' ESCAPE '#', 'x' NOT SIMILAR TO '#"y#"' ESCAPE '#';
SELECT * FROM generate_series(0, 10) AS t(v) ORDER BY v LIMIT 1.5 * 2;
SELECT id FROM shop_products ORDER BY id LIMIT 1.5 * 2;
CREATE TABLE oracle_defaults (v int, w int DEFAULT 1.5, x smallint DEFAULT -2.4, y text DEFAULT 3, z numeric(5,1) DEFAULT 2.25, "xMin" int);
INSERT INTO oracle_defaults (v) VALUES (1) RETURNING *;
DROP TABLE oracle_defaults;
SELECT round(var_pop(stock), 9), round(stddev_samp(stock) / 3, 5) FROM shop_products;
SELECT round(var_pop(stock), 2), round(stddev_samp(stock) / 3, 1) FROM shop_products;
