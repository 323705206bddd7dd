-- Aggregates that IRIS has not, in grouping sets, HAVING and subqueries.
CREATE TABLE gathered_t (id int PRIMARY KEY, n int, name text);
INSERT INTO gathered_t VALUES (1, 10, 'a'), (2, 20, 'b'), (3, 10, 'c'), (4, NULL, NULL);
SELECT n, string_agg(name, ',' ORDER BY name) FROM gathered_t GROUP BY ROLLUP (n) ORDER BY n;
SELECT n, array_agg(name ORDER BY id DESC) FROM gathered_t GROUP BY GROUPING SETS ((n), ()) ORDER BY n;
SELECT string_agg(DISTINCT name, '|' ORDER BY name DESC), count(*) FROM gathered_t HAVING count(*) > 1;
SELECT t.id, x.l FROM gathered_t t CROSS JOIN LATERAL (SELECT string_agg(w.name, ',' ORDER BY w.name) AS l FROM gathered_t w WHERE w.n = t.n) x ORDER BY t.id;
SELECT n, string_agg(name, ',' ORDER BY name) AS l FROM gathered_t GROUP BY n HAVING string_agg(name, ',' ORDER BY name) <> 'b' ORDER BY l;
SELECT l, count(*) FROM (SELECT n, string_agg(name, ',' ORDER BY name) AS l FROM gathered_t GROUP BY n) s GROUP BY l ORDER BY l;
SELECT n, string_agg(name, ',' ORDER BY name) FROM gathered_t GROUP BY n UNION ALL SELECT 0, 'x' ORDER BY 1;
SELECT EXISTS (SELECT 1 FROM gathered_t GROUP BY n HAVING string_agg(name, ',' ORDER BY name) = 'a,c');
SELECT n FROM gathered_t WHERE n IN (SELECT n FROM gathered_t GROUP BY n HAVING string_agg(name, ',' ORDER BY name) = 'a,c') ORDER BY id;
CREATE TABLE gathered_made AS SELECT n, string_agg(name, ',' ORDER BY name) AS l FROM gathered_t GROUP BY n;
SELECT * FROM gathered_made ORDER BY n;
INSERT INTO gathered_made SELECT n, string_agg(name, ',' ORDER BY name) FROM gathered_t WHERE n = 10 GROUP BY n RETURNING l;
SELECT string_agg(n::text, ',' ORDER BY n DESC NULLS LAST), string_agg(name, '' ORDER BY lower(name), id) FROM gathered_t;
SELECT string_agg(name, ',' ORDER BY name) FILTER (WHERE n = 10), array_agg(DISTINCT n ORDER BY n DESC) FROM gathered_t;
SELECT id, (SELECT array_agg(w.name ORDER BY w.id DESC) FROM gathered_t w WHERE w.n = t.n), (SELECT json_agg(w ORDER BY w.id) FROM gathered_t w WHERE w.n = t.n) FROM gathered_t t ORDER BY id;
