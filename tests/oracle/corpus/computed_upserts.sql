-- ON CONFLICT DO UPDATE with values and conditions that IRIS cannot compute.
CREATE TABLE oracle_cu (id int PRIMARY KEY, j jsonb, arr int[], name varchar(40), n numeric(8,2), ts timestamptz, ok boolean);
INSERT INTO oracle_cu VALUES (1, '{"a": 1}', '{1,2}', 'one', 1.5, '2024-01-01 00:00+00', true), (2, NULL, NULL, 'two', NULL, NULL, false);
INSERT INTO oracle_cu (id, j) VALUES (1, '{"b": 2}') ON CONFLICT (id) DO UPDATE SET j = oracle_cu.j || EXCLUDED.j RETURNING j;
INSERT INTO oracle_cu (id, j) VALUES (1, '{"b": 3}'), (2, '{"c": 1}'), (3, '{"d": 1}') ON CONFLICT (id) DO UPDATE SET j = coalesce(oracle_cu.j, '{}') || EXCLUDED.j RETURNING id, j->>'b' AS b;
INSERT INTO oracle_cu AS o (id, arr, name) VALUES (1, '{7}', 'x') ON CONFLICT (id) DO UPDATE SET arr = o.arr || EXCLUDED.arr, name = md5(o.name || EXCLUDED.name), n = DEFAULT RETURNING arr, name, n;
INSERT INTO oracle_cu AS o (id, name) VALUES (1, 'skip'), (2, 'take') ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name WHERE o.name ~ '^t' RETURNING id, name;
INSERT INTO oracle_cu AS o (id, name) VALUES (1, 'skip'), (2, 'take') ON CONFLICT (id) DO UPDATE SET name = upper(EXCLUDED.name) WHERE o.j ? 'b' AND NOT o.ok;
INSERT INTO oracle_cu (id, j) SELECT id, jsonb_build_object('id', id) FROM oracle_cu WHERE id = 3 ON CONFLICT (id) DO UPDATE SET j = jsonb_set(oracle_cu.j, '{id}', EXCLUDED.j->'id') RETURNING id, j->>'id' AS was;
INSERT INTO oracle_cu (id, ts) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET ts = date_trunc('month', EXCLUDED.ts) + interval '1 day', name = to_char(EXCLUDED.ts, 'YYYY') RETURNING ts, name; -- with: 1 | 2024-05-06 07:08:09+00
INSERT INTO oracle_cu (id, j) VALUES ($1, $2::jsonb) ON CONFLICT (id) DO UPDATE SET j = oracle_cu.j || $2::jsonb || jsonb_build_object('k', $3::int) RETURNING j->>'k' AS k; -- with: 2 | {"p": 1} | 5
SELECT id, j, arr, name, n, ts, ok FROM oracle_cu ORDER BY id;
