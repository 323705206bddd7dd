-- schema: shop
-- Functions of one value in FROM, alone, as JDBC's CallableStatement asks for them, and beside tables.
SELECT * FROM lower('AbC') AS result;
SELECT * FROM lower($1) AS result; -- with: AbC
SELECT * FROM round($1, 1) AS result; -- with: 2.345
SELECT r.* FROM abs(-5) r;
SELECT lower.lower FROM lower('A');
SELECT x AS y FROM upper($1) x; -- with: a
SELECT x.x || 'b' FROM lower('A') x;
SELECT l FROM lower('A') l WHERE l = 'a';
SELECT DISTINCT l FROM lower('A') l;
SELECT count(*) FROM lower('A');
SELECT l FROM lower('A') l ORDER BY l LIMIT 1;
SELECT * FROM lower('x') WITH ORDINALITY;
SELECT x, ord FROM upper('x') WITH ORDINALITY AS t(x, ord);
SELECT * FROM ROWS FROM (lower('A'), upper('b')) AS t(a, b);
SELECT * FROM lower('A') a, upper('b') b;
SELECT * FROM coalesce((SELECT max(id) FROM shop_categories), 0) m;
SELECT r < 1 FROM random() r;
SELECT v IS NOT NULL FROM now() v;
SELECT v FROM current_setting('search_path') v;
SELECT * FROM current_schema();
SELECT c.id, l FROM shop_categories c, lower(c.name) l ORDER BY 1;
SELECT c.id, l.l FROM shop_categories c CROSS JOIN LATERAL lower(c.name) AS l ORDER BY 1;
SELECT c.id, x FROM shop_categories c LEFT JOIN LATERAL upper(c.name) AS t(x) ON true ORDER BY 1;
SELECT c.id, o.* FROM shop_categories c, upper(c.name) WITH ORDINALITY o ORDER BY 1;
SELECT l, count(*) FROM shop_categories, length(name) l GROUP BY l ORDER BY l;
SELECT id FROM shop_categories, length(name) n WHERE n > 4 ORDER BY id;
SELECT c.id, a FROM shop_categories c JOIN abs(-2) a ON a = c.id;
SELECT * FROM (SELECT 1 AS a) t, greatest(t.a, 5) g;
SELECT (SELECT y FROM lower(c.name) y) FROM shop_categories c ORDER BY 1;
SELECT * FROM generate_series(1, 2) g, abs(g - 5) a;
WITH x AS (SELECT * FROM lower('A') AS a) SELECT a FROM x;
-- Those that the worker computes.
SELECT s FROM shop_categories c, substring(c.name FROM '[A-Z]+') s ORDER BY 1;
SELECT k FROM shop_categories c, jsonb_build_object('id', c.id) k ORDER BY c.id;
SELECT k ->> 'id' AS i FROM shop_categories c, jsonb_build_object('id', c.id) k ORDER BY c.id;
SELECT c.id FROM shop_categories c, substring(c.name FROM '^.') s WHERE s = 'B';
SELECT u.a, u.b FROM shop_categories c, LATERAL (SELECT upper(c.name) AS a, jsonb_build_array(c.id) AS b) u ORDER BY c.id;
-- In changes.
INSERT INTO shop_categories (id, name) SELECT 90, l FROM lower('TTT') l RETURNING name;
UPDATE shop_categories SET name = u FROM upper('ttt2') u WHERE id = 90 RETURNING name;
DELETE FROM shop_categories USING abs(-90) q WHERE id = q RETURNING id, q;
-- Numbers as "char", and back.
SELECT 65::"char", (-1)::"char", 'A'::"char"::int, ''::"char"::int, '\377'::"char"::int;
SELECT 0::"char" = '', 'abc'::"char";
SELECT (64 + id)::int::"char" FROM shop_categories ORDER BY id;
SELECT $1::int::"char"; -- with: 66
