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
