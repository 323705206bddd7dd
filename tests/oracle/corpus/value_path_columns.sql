-- SQL/JSON paths of columns: in select lists, conditions, orders, groups and FROM.
CREATE TABLE oracle_notes (id int PRIMARY KEY, meta jsonb, path varchar(60));
INSERT INTO oracle_notes VALUES (1, '{"topic": "food", "n": 3, "tags": ["a", "b"]}', '$.n'), (2, '{"topic": "travel", "n": 7.5}', '$.topic'), (3, '{"topic": "food", "n": null, "tags": []}', '$.tags[*]'), (4, NULL, '$'), (5, '[1, {"n": 10}]', 'strict $[1].n');
SELECT id FROM oracle_notes WHERE jsonb_path_match(meta, '$.topic == $value', '{"value": "food"}') ORDER BY id;
SELECT id FROM oracle_notes WHERE jsonb_path_match(meta, '$.n > $value', '{"value": 4}') ORDER BY id;
SELECT id FROM oracle_notes WHERE jsonb_path_match(meta, CAST($1 AS jsonpath), CAST($2 AS jsonb)) ORDER BY id LIMIT 1; -- with: $.topic == $value | {"value": "food"}
SELECT id FROM oracle_notes WHERE meta @? '$.tags[*] ? (@ == "b")' OR meta @@ '$.n >= 10' ORDER BY id DESC;
SELECT id FROM oracle_notes WHERE NOT meta @@ '$.topic == "food"' ORDER BY id;
SELECT id FROM oracle_notes WHERE (meta @@ '$.n > 3') IS NOT TRUE AND id < 5 ORDER BY id;
SELECT id, meta @? '$.tags', meta @@ '$.n == 3', jsonb_path_query_array(meta, '$.tags[*]'), jsonb_path_query_first(meta, '$.n'), jsonb_path_exists(meta, '$.n ? (@ != null)') FROM oracle_notes ORDER BY id;
SELECT id, path::jsonpath, jsonb_path_query_array(meta, path::jsonpath) FROM oracle_notes WHERE id <> 5 ORDER BY id;
SELECT id FROM oracle_notes WHERE meta IS NOT NULL ORDER BY (jsonb_path_query_first(meta, 'lax $.n') #>> '{}')::numeric DESC NULLS LAST, id LIMIT 2;
SELECT jsonb_path_query_first(meta, '$.topic') #>> '{}' AS topic, count(*) FROM oracle_notes GROUP BY 1 ORDER BY 1;
SELECT count(*) FROM oracle_notes WHERE meta @@ '$.topic == "food"';
SELECT n.id, t.tag FROM oracle_notes n, jsonb_path_query(n.meta, '$.tags[*]') AS t (tag) ORDER BY n.id, t.tag #>> '{}';
SELECT n.id, t.tag FROM oracle_notes n LEFT JOIN LATERAL jsonb_path_query(n.meta, '$.tags[*] ? (@ != $x)', '{"x": "a"}') AS t (tag) ON true ORDER BY n.id;
SELECT id, jsonb_path_query(meta, '$.tags[*]') AS tag FROM oracle_notes ORDER BY id, tag;
SELECT id FROM oracle_notes WHERE id IN (SELECT id FROM oracle_notes WHERE meta @? '$.tags') ORDER BY id;
UPDATE oracle_notes SET meta = meta || '{"seen": true}' WHERE meta @@ '$.topic == "travel"' RETURNING id, meta;
DELETE FROM oracle_notes WHERE jsonb_path_exists(meta, '$[*] ? (@.n == 10)');
SELECT id FROM oracle_notes ORDER BY id;
