-- IS JSON, which is younger than the other oracle.
CREATE TABLE json_texts (id int PRIMARY KEY, body text, js json, jb jsonb);
INSERT INTO json_texts VALUES (1, '{"a": 1}', '{"a": 1, "a": 2}', '{"a": 1}'), (2, '[1', '[1]', '[1]'), (3, ' "x" ', '"x"', '1'), (4, NULL, NULL, NULL), (5, '', '1', 'null');
SELECT '{"a": 1}' IS JSON, '[1]' IS JSON ARRAY, '{"a": 1}' IS JSON OBJECT, '1' IS JSON SCALAR, '1' IS JSON VALUE, '{}' IS JSON ARRAY, 'x' IS JSON, 'x' IS NOT JSON, NULL::text IS JSON, '' IS JSON, '{"a": [{"b": 1, "b": 2}]}' IS JSON WITH UNIQUE KEYS, '{"a": 1}' IS JSON OBJECT WITH UNIQUE, '{"a": 1, "a": 1}' IS JSON WITHOUT UNIQUE KEYS, '1'::jsonb IS JSON, '[]'::json IS NOT JSON OBJECT;
SELECT id, body IS JSON, body IS NOT JSON OBJECT, js IS JSON WITH UNIQUE KEYS, jb IS JSON SCALAR FROM json_texts ORDER BY id;
SELECT id FROM json_texts WHERE body IS JSON ORDER BY id;
SELECT id FROM json_texts WHERE body IS NOT JSON OR jb IS JSON ARRAY ORDER BY id;
SELECT $1 IS JSON, $2::text IS JSON OBJECT; -- with: [1] | {}
