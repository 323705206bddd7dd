-- Tables made of queries that IRIS cannot say.
CREATE TABLE made_of_t (id int PRIMARY KEY, n int, name text, j jsonb, at timestamp, d numeric(10,2));
INSERT INTO made_of_t VALUES (1, 10, 'a', '{"k": [1, 2]}', '2024-01-02 03:04:05.678', 1.50), (2, 20, 'b', NULL, NULL, 2), (3, 10, 'c', '{}', '2024-02-02', NULL), (4, NULL, NULL, NULL, NULL, NULL);
CREATE TABLE made_of_made AS SELECT n, string_agg(name, ',' ORDER BY name) AS l FROM made_of_t GROUP BY n;
SELECT * FROM made_of_made ORDER BY n;
CREATE TABLE made_of_made2 AS SELECT id, md5(name) AS m, j -> 'k' AS k, regexp_replace(name, 'a', 'z') AS r, to_char(at, 'Day DD') AS day, at + interval '1 ms' AS later, ARRAY[n, id] AS arr, n > 10 AS big FROM made_of_t;
SELECT * FROM made_of_made2 ORDER BY id;
CREATE TABLE made_of_made3 (a, b) AS SELECT id, (SELECT string_agg(w.name, '' ORDER BY w.id) FROM made_of_t w WHERE w.n = t.n) FROM made_of_t t WHERE id < 4 ORDER BY id LIMIT 2;
SELECT * FROM made_of_made3 ORDER BY a;
SELECT id, md5(name) AS "Big Name" INTO made_of_made4 FROM made_of_t WHERE name ~ 'a|b';
SELECT * FROM made_of_made4 ORDER BY id;
DROP TABLE made_of_made4;
CREATE TABLE made_of_made6 AS SELECT id, md5(name) AS m FROM made_of_t WITH NO DATA;
SELECT count(*) FROM made_of_made6;
CREATE TABLE IF NOT EXISTS made_of_made7 AS SELECT md5(name) AS "order", string_agg(name, ',' ORDER BY id) AS "group" FROM made_of_t GROUP BY 1;
SELECT count(*), max("group") FROM made_of_made7;
