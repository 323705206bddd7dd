-- MERGE: what matches, what does not, conditions, and queries as source.
CREATE TABLE oracle_stock (id int PRIMARY KEY, name varchar(20), n int DEFAULT 3, price numeric(8,2));
CREATE TABLE oracle_news (id int, name text, n int, price numeric(8,2));
INSERT INTO oracle_stock VALUES (1, 'one', 1, 1.1), (2, 'two', 2, 2.2), (3, 'three', 3, 3.3), (4, 'four', NULL, 4.4);
INSERT INTO oracle_news VALUES (2, 'zwei', 20, 22), (3, 'drei', -3, NULL), (4, NULL, 4, 44.44), (5, 'fuenf', 5, 5.5), (6, NULL, NULL, NULL);
MERGE INTO oracle_stock s USING oracle_news w ON s.id = w.id WHEN MATCHED AND w.n < 0 THEN DELETE WHEN MATCHED THEN UPDATE SET n = s.n + w.n, name = coalesce(w.name, 'none') WHEN NOT MATCHED AND w.name IS NOT NULL THEN INSERT (id, name, price) VALUES (w.id, w.name, w.price * 2) WHEN NOT MATCHED THEN DO NOTHING;
SELECT * FROM oracle_stock ORDER BY id;
MERGE INTO oracle_stock USING (SELECT id + 10 AS key, upper(name) AS title FROM oracle_news WHERE id < 5) q ON oracle_stock.id = q.key WHEN NOT MATCHED THEN INSERT VALUES (q.key, q.title, DEFAULT, 0);
MERGE INTO oracle_stock AS s USING (VALUES (12, 'x'), (13, 'y'), (90, 'z')) AS v(id, name) ON s.id = v.id WHEN MATCHED AND s.name IS NULL THEN DO NOTHING WHEN MATCHED THEN UPDATE SET (name, n) = (v.name, DEFAULT);
MERGE INTO oracle_stock s USING (SELECT $1::int AS id, $2::text AS name) w ON s.id = w.id WHEN MATCHED THEN UPDATE SET name = w.name WHEN NOT MATCHED THEN INSERT (id, name) VALUES (w.id, w.name); -- with: 1 | eins
MERGE INTO oracle_stock s USING (SELECT $1::int AS id, $2::text AS name) w ON s.id = w.id WHEN MATCHED THEN UPDATE SET name = w.name WHEN NOT MATCHED THEN INSERT (id, name) VALUES (w.id, w.name); -- with: 21 | neu
WITH w AS (SELECT id FROM oracle_news WHERE n > 4) MERGE INTO oracle_stock s USING w ON s.id = w.id WHEN MATCHED THEN UPDATE SET price = s.price / 3;
MERGE INTO oracle_stock s USING oracle_news w ON s.id = w.id AND w.name ~ '^f' WHEN MATCHED THEN UPDATE SET name = left(md5(w.name), 20);
MERGE INTO oracle_stock s USING oracle_news w ON s.id = w.id WHEN MATCHED THEN DO NOTHING;
SELECT * FROM oracle_stock ORDER BY id;
