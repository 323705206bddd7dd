-- Conditions and orders that IRIS cannot say.
CREATE TABLE oracle_filters (id int PRIMARY KEY, name varchar(40), note text, n int, js jsonb, tags text[], nums int[], tz timestamptz);
INSERT INTO oracle_filters VALUES (1, 'Alice', '10', 5, '{"a": 1, "t": ["x", "y"]}', '{a,b}', '{1,2}', '2024-05-06 23:30:00+00'), (2, 'bob', '9', 6, '{"a": 2}', '{b}', '{3}', '2024-05-07 01:00:00+00'), (3, 'Zed', '100', 7, '{"b": {"c": "v"}}', NULL, '{}', NULL), (4, NULL, NULL, NULL, NULL, '{}', NULL, NULL);
SELECT id FROM oracle_filters WHERE name ~ '^[AZ]' ORDER BY id;
SELECT id, name FROM oracle_filters WHERE name ~* $1 AND n > 4 ORDER BY id DESC; -- with: ^[ab]
SELECT id FROM oracle_filters WHERE js ->> 'a' = '1' ORDER BY id;
SELECT id FROM oracle_filters WHERE js @> '{"a": 2}' ORDER BY id;
SELECT id FROM oracle_filters WHERE js ? 'a' ORDER BY id LIMIT 1;
SELECT id FROM oracle_filters WHERE js ? 'a' ORDER BY id OFFSET 1;
SELECT id FROM oracle_filters WHERE (js ->> 'a')::int > $1 ORDER BY id; -- with: 1
SELECT id FROM oracle_filters WHERE js #>> '{b,c}' = 'v' OR n = 5 ORDER BY id;
SELECT id FROM oracle_filters WHERE note::int >= 10 ORDER BY note::int DESC;
SELECT id, note FROM oracle_filters ORDER BY note::int NULLS FIRST LIMIT 3;
SELECT id, js ->> 'a' AS a FROM oracle_filters ORDER BY a DESC, id;
SELECT id FROM oracle_filters ORDER BY js ->> 'a' NULLS FIRST, id LIMIT $1 OFFSET $2; -- with: 2 | 1
SELECT id, tags, nums, tags[1], array_length(nums, 1), 'b' = ANY(tags), nums || 9 FROM oracle_filters ORDER BY id;
SELECT id FROM oracle_filters WHERE 'b' = ANY(tags) ORDER BY id;
SELECT id FROM oracle_filters WHERE tags @> ARRAY['a'] ORDER BY id;
SELECT id FROM oracle_filters WHERE tags && $1 ORDER BY id; -- with: {a,z}
SELECT id FROM oracle_filters WHERE nums = '{1,2}' ORDER BY id;
SELECT id FROM oracle_filters WHERE cardinality(nums) = 0 ORDER BY id;
SELECT id, (tz AT TIME ZONE 'Europe/Berlin')::date FROM oracle_filters WHERE (tz AT TIME ZONE 'Europe/Berlin')::date = '2024-05-07' ORDER BY id;
SELECT name, md5(name) FROM oracle_filters WHERE md5(name) LIKE '%1%' AND id IN (SELECT id FROM oracle_filters WHERE n > 5) ORDER BY id;
SELECT id FROM oracle_filters WHERE name !~ 'e' ORDER BY id;
SELECT id FROM oracle_filters WHERE name SIMILAR TO '(A|b)%' ORDER BY id;
SELECT f.id, g.id FROM oracle_filters f JOIN oracle_filters g ON g.n = f.n + 1 WHERE f.name ~ 'A' ORDER BY 1;
INSERT INTO oracle_filters (id, tags, nums, js) VALUES (5, ARRAY['x', 'y'], $1, $2); -- with: {7,8} | {"k": [1]}
INSERT INTO oracle_filters (id, tags) VALUES (6, array_append(ARRAY['p'], 'q'));
UPDATE oracle_filters SET tags = $1, js = jsonb_build_object('n', $2::int) WHERE id = 1; -- with: {u,v} | 4
SELECT id, tags, nums, js FROM oracle_filters WHERE id IN (1, 5, 6) ORDER BY id;
SELECT id FROM oracle_filters WHERE id = ANY(string_to_array($1, ',')::int[]) ORDER BY id; -- with: 1,5
SELECT count(*) FROM oracle_filters WHERE tags IS NULL;
SELECT id FROM oracle_filters ORDER BY id LIMIT greatest($1::int, 2); -- with: 1
SELECT (SELECT max(n) FROM oracle_filters) || '!' AS m, upper(js ->> 'k') FROM oracle_filters WHERE id = 5;
SELECT coalesce(js ->> 'a', 'none') AS a, id FROM oracle_filters WHERE id < 5 ORDER BY id;
SELECT id, CASE WHEN js ? 'a' THEN (js ->> 'a')::int * 2 ELSE 0 END FROM oracle_filters WHERE id < 4 ORDER BY id;
SELECT to_char(tz, 'YYYY-MM-DD') AS day, count(*) FROM oracle_filters GROUP BY 1 ORDER BY 1;
DROP TABLE oracle_filters;
CREATE TABLE oracle_spans (id int PRIMARY KEY, i interval, nums int[], js jsonb, ip inet);
INSERT INTO oracle_spans VALUES (1, '1 day', '{10}', '{"a": 1}', '10.0.0.1'), (2, '2 hours', '{9}', '{"a": 1.0}', '9.0.0.1'), (3, '10 days', '{9,1}', '2', '10.0.0.0/8'), (4, '24 hours', NULL, NULL, NULL);
SELECT id FROM oracle_spans WHERE i > '3 hours' ORDER BY id;
SELECT id FROM oracle_spans WHERE i = '1 day' ORDER BY id;
SELECT id, i FROM oracle_spans ORDER BY i DESC, id;
SELECT id FROM oracle_spans WHERE nums > '{9}' ORDER BY id;
SELECT id FROM oracle_spans ORDER BY nums, id LIMIT 2;
SELECT id FROM oracle_spans WHERE i BETWEEN '1 hour' AND '1 day' ORDER BY id;
SELECT id FROM oracle_spans WHERE i IN ('1 day', '2 hours') ORDER BY id;
SELECT id FROM oracle_spans WHERE js = '{"a": 1}' ORDER BY id;
SELECT id, i * 2, i + interval '1 hour', -i, i < '1 day', extract(epoch from i), nums[1] FROM oracle_spans ORDER BY id;
DROP TABLE oracle_spans;
CREATE TABLE oracle_forms (id int PRIMARY KEY, name text, n int, js jsonb, ts timestamp, tags text[]);
INSERT INTO oracle_forms VALUES (1, 'Alice', 3, '{"a": "x"}', '2024-05-06 07:08:09', '{p,q}'), (2, 'bob', 4, '{"a": "y"}', '2024-06-06 07:08:09', '{r}'), (3, 'Alice', NULL, NULL, NULL, NULL);
SELECT a FROM (SELECT 1 AS a UNION ALL SELECT $1) q; -- with: 5
SELECT 1 AS a, $1 AS p UNION ALL SELECT $2, 'z'; -- with: q | 3
SELECT DISTINCT js ->> 'a' FROM oracle_forms ORDER BY 1;
SELECT DISTINCT upper(name), n FROM oracle_forms ORDER BY 1, 2;
SELECT name, count(*) FROM oracle_forms GROUP BY name HAVING count(*) > 1;
SELECT name, array_agg(n ORDER BY n) FROM oracle_forms GROUP BY name HAVING count(*) > $1 ORDER BY name; -- with: 0
INSERT INTO oracle_forms (id, name, js) VALUES (20, 'r', '{"q": 1}') RETURNING id, js ->> 'q' AS q, upper(name), md5(name);
UPDATE oracle_forms SET n = 9 WHERE id = 20 RETURNING n * 2, js -> 'q', to_char(n, '999');
SELECT id, lag(name) OVER (ORDER BY id) || '!' FROM oracle_forms WHERE id < 4 ORDER BY id;
SELECT generate_series(1, 3), 'x';
SELECT unnest(ARRAY[1, 2]);
SELECT * FROM unnest($1::int[]) AS t (x) ORDER BY x; -- with: {3,1}
SELECT id FROM oracle_forms WHERE id NOT IN (SELECT unnest($1::int[])) ORDER BY id; -- with: {1,2}
SELECT json_agg(x.id) FROM oracle_forms x WHERE x.id < 3;
SELECT name, string_agg(id::text, ',' ORDER BY id) FROM oracle_forms WHERE id < 10 GROUP BY name ORDER BY name;
SELECT string_agg(DISTINCT name, ',') FROM oracle_forms WHERE id < 4;
SELECT id::text || name AS k FROM oracle_forms ORDER BY k LIMIT 2;
SELECT id FROM oracle_forms WHERE (js ->> 'a') IS NOT NULL AND lower(js ->> 'a') LIKE '%x%' ORDER BY id;
DROP TABLE oracle_forms;
CREATE TABLE oracle_groups (id int PRIMARY KEY, name text, n int, price numeric(8,2), js jsonb, ok boolean);
INSERT INTO oracle_groups VALUES (1, 'Alice', 3, 1.50, '{"a": "x"}', true), (2, 'bob', 4, 2.25, '{"a": "y"}', false), (3, 'Al', NULL, NULL, NULL, NULL), (4, 'Anna', 7, 10, '{"a": "x"}', true);
SELECT count(*) FROM oracle_groups WHERE js ->> 'a' = 'x';
SELECT count(*), max(n), min(name), sum(n), avg(price), sum(price), count(DISTINCT name), bool_and(ok) FROM oracle_groups WHERE name ~ '^A';
SELECT count(*), sum(n) FROM oracle_groups WHERE name ~ 'nothing';
SELECT js ->> 'a' AS k, count(*) FROM oracle_groups GROUP BY 1 ORDER BY 1;
SELECT js ->> 'a' AS k, sum(n), string_agg(name, ',' ORDER BY name) FROM oracle_groups GROUP BY js ->> 'a' ORDER BY sum(n) DESC NULLS LAST;
SELECT md5(name), count(*) FROM oracle_groups GROUP BY md5(name) HAVING count(*) > 0 ORDER BY 1 LIMIT 2;
SELECT ok, count(*) FILTER (WHERE n > 3), round(avg(n), 1) FROM oracle_groups WHERE name ~* $1 GROUP BY ok ORDER BY count(*), ok; -- with: a
SELECT js ->> 'a', count(*) FROM oracle_groups WHERE id > $1 GROUP BY js ->> 'a' HAVING count(*) > 1; -- with: 0
DROP TABLE oracle_groups;
