-- Which rows of ON CONFLICT DO UPDATE were inserted, by xmax.
CREATE TABLE oracle_stock (id int PRIMARY KEY, n int, note text, js jsonb);
INSERT INTO oracle_stock VALUES (1, 1, 'a', '{}') RETURNING id, xmax = 0;
INSERT INTO oracle_stock VALUES (1, 2, 'a') ON CONFLICT (id) DO UPDATE SET n = excluded.n RETURNING id, n, (xmax = 0) AS inserted;
INSERT INTO oracle_stock VALUES (2, 2, 'b') ON CONFLICT (id) DO UPDATE SET n = excluded.n RETURNING id, n, (xmax = 0) AS inserted;
INSERT INTO oracle_stock VALUES ($1, $2, 'b') ON CONFLICT (id) DO UPDATE SET n = excluded.n RETURNING (xmax <> 0) AS updated, id; -- with: 2 | 7
INSERT INTO oracle_stock VALUES (5, 1, 'e'), (1, 3, 'x'), (4, 1, 'd') ON CONFLICT (id) DO UPDATE SET n = excluded.n, note = excluded.note RETURNING id, n, note, xmax = 0, xmax::text = '0', xmax::text::int > 0, CASE WHEN xmax = 0 THEN 'inserted' ELSE 'updated' END AS what;
INSERT INTO oracle_stock AS s VALUES (5, 2), (6, 2), (1, 9) ON CONFLICT (id) DO UPDATE SET n = s.n + excluded.n WHERE s.n < 3 RETURNING s.id, (s.xmax = 0) AS made, NOT (s.xmax = 0), (s.xmax = 0)::int, '0' = xmax::text, '0' <> xmax;
INSERT INTO oracle_stock SELECT g, g FROM generate_series(5, 9) AS g ON CONFLICT (id) DO UPDATE SET n = excluded.n RETURNING id, xmax = '0' AS made;
INSERT INTO oracle_stock (id, n) VALUES (9, 1), (10, 1) ON CONFLICT DO NOTHING RETURNING id, (xmax = 0) AS inserted, xmax <> 0;
INSERT INTO oracle_stock (id, n) VALUES (11, 1), (12, 1) RETURNING id, (xmax = 0) AS inserted, (xmax::text::bigint > 0)::text;
WITH done AS (INSERT INTO oracle_stock (id, n) VALUES (12, 5), (13, 5), (11, 4), (14, 1) ON CONFLICT (id) DO UPDATE SET n = excluded.n RETURNING id, (xmax = 0) AS inserted) SELECT count(*) FILTER (WHERE inserted) AS made, count(*) FILTER (WHERE NOT inserted) AS changed FROM done;
WITH done AS (INSERT INTO oracle_stock (id, n) VALUES (12, 6), (15, 5) ON CONFLICT (id) DO UPDATE SET n = excluded.n WHERE excluded.n > 5 RETURNING *, xmax <> 0 AS changed) SELECT id, n, changed FROM done ORDER BY id;
WITH done AS (INSERT INTO oracle_stock (id, n) VALUES (16, 6) RETURNING id, xmax = 0 AS made) SELECT * FROM done;
INSERT INTO oracle_stock (id, js) VALUES (1, '{"k": 1}'), (17, '{"k": 2}') ON CONFLICT (id) DO UPDATE SET js = excluded.js RETURNING id, js, js ->> 'k' AS k, (xmax = 0) AS inserted;
INSERT INTO oracle_stock (id, js) VALUES (1, '{"k": 3}'), (17, '{"k": 4}'), (18, NULL) ON CONFLICT (id) DO UPDATE SET js = oracle_stock.js || excluded.js RETURNING id, js, (xmax = 0) AS inserted;
SELECT id, n, note, js FROM oracle_stock ORDER BY id;
DROP TABLE oracle_stock;
