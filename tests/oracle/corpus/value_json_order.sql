-- jsonb values in order, in groups and as keys: 1 and 1.0 are equal, and so are documents of them.
CREATE TABLE oracle_json (id int PRIMARY KEY, m jsonb, i interval);
INSERT INTO oracle_json VALUES (1, '{"a": 1}', '1 day'), (2, '{"a": 1.0}', '24 hours'), (3, '[]', '1 hour'), (4, '2', NULL), (5, '10', NULL), (6, '{"b": 1}', NULL), (7, '{"aa": 0, "b": [1]}', NULL), (8, '[1, 2]', NULL), (9, '"x"', NULL), (10, NULL, NULL), (11, 'true', NULL), (12, 'null', NULL), (13, '[[1]]', NULL);
SELECT '1'::jsonb < '2'::jsonb, '[]'::jsonb < 'null'::jsonb, '{}'::jsonb > '[1, 2]'::jsonb, '"a"'::jsonb < '1'::jsonb, 'true'::jsonb > '1'::jsonb, '[1]'::jsonb < '[0, 0]'::jsonb, '{"a": 1}'::jsonb < '{"a": 2}'::jsonb, '{"b": 1}'::jsonb < '{"a": 1, "b": 0}'::jsonb, '1'::jsonb BETWEEN '0' AND '2', '1'::jsonb IN ('1.0', '2'), '1'::jsonb IS DISTINCT FROM '1.0', greatest('1'::jsonb, '2'), least('[]'::jsonb, '1');
SELECT jsonb_eq('1', '1.0'), jsonb_cmp('1', '2'), jsonb_ge('1', '1'), jsonb_lt('"a"', '"b"');
SELECT id, m FROM oracle_json ORDER BY m, id;
SELECT id, m FROM oracle_json WHERE m > '1' ORDER BY m DESC, id LIMIT 4;
SELECT m = '{"a": 1}', count(*), max(id) FROM oracle_json GROUP BY m ORDER BY m;
SELECT m -> 'a', count(*) FROM oracle_json GROUP BY 1 ORDER BY 2;
SELECT count(*) FROM (SELECT DISTINCT m -> 'a' FROM oracle_json) AS t;
SELECT DISTINCT m IS NULL, m -> 'a' = '1' FROM oracle_json WHERE id < 4 ORDER BY 2;
SELECT DISTINCT id, m FROM oracle_json WHERE id > 4 ORDER BY id DESC LIMIT 3;
SELECT count(DISTINCT m), count(DISTINCT i) FROM oracle_json;
SELECT extract(epoch FROM i), count(*) FROM oracle_json GROUP BY i ORDER BY i;
SELECT m FROM oracle_json WHERE id < 3 UNION ALL SELECT m FROM oracle_json WHERE id = 3;
SELECT x FROM (VALUES ('1'::jsonb), ('[]'), ('{}'), ('"b"'), ('"a"'), ('null'), ('true'), ('[1, 2]'), ('{"a": 1}'), ('{"aa": 0}'), ('10'), ('2.5')) AS t (x) ORDER BY x;
SELECT x::text::numeric(4, 2), count(*) FROM (VALUES ('1'::jsonb), ('1.0'), ('2')) AS t (x) GROUP BY x ORDER BY x;
SELECT e FROM jsonb_array_elements('[3, 1, "a", null, 2]') AS e ORDER BY e;
