-- INSERT ... ON CONFLICT in all its forms: conditions, several rows, queries, constraints, NULL keys, RETURNING.
CREATE TABLE oracle_upserts (id int PRIMARY KEY, code varchar(10), area int, n int DEFAULT 7, note text, CONSTRAINT oracle_upserts_code UNIQUE (code, area));
CREATE TABLE oracle_counts (name varchar(20) PRIMARY KEY, n int NOT NULL, price numeric(8,2), at timestamp);
INSERT INTO oracle_upserts VALUES (1, 'a', 1, 10, 'one'), (2, 'b', 1, 20, 'two'), (3, NULL, NULL, 30, 'three');
INSERT INTO oracle_counts VALUES ('x', 1, 1.5, '2024-01-01'), ('y', 2, NULL, NULL);
INSERT INTO oracle_upserts (id, n) VALUES (1, 11), (4, 40) ON CONFLICT (id) DO UPDATE SET n = EXCLUDED.n;
INSERT INTO oracle_upserts (id, n) VALUES (1, 12), (2, 22) ON CONFLICT (id) DO UPDATE SET n = oracle_upserts.n + EXCLUDED.n WHERE oracle_upserts.n < 15;
INSERT INTO oracle_upserts (id, n) VALUES (1, 0) ON CONFLICT (id) DO UPDATE SET n = EXCLUDED.n WHERE EXCLUDED.n > 0 RETURNING id, n;
INSERT INTO oracle_upserts AS o (id, n) VALUES (1, 5), (2, 6), (5, 50) ON CONFLICT (id) DO UPDATE SET n = EXCLUDED.n WHERE o.n > 21 RETURNING o.id, n, note;
SELECT id, code, area, n, note FROM oracle_upserts ORDER BY id;
INSERT INTO oracle_upserts (id, code, area) VALUES (9, 'a', 1) ON CONFLICT ON CONSTRAINT oracle_upserts_code DO UPDATE SET note = 'again' RETURNING id, note;
INSERT INTO oracle_upserts (id, code, area) VALUES (9, 'b', 1), (10, 'c', 1) ON CONFLICT ON CONSTRAINT oracle_upserts_code DO NOTHING RETURNING id;
INSERT INTO oracle_upserts (id, n) VALUES (1, 1) ON CONFLICT ON CONSTRAINT oracle_upserts_pkey DO UPDATE SET n = EXCLUDED.n + 1 RETURNING n;
INSERT INTO oracle_upserts (id, code, area, n) VALUES (20, 'a', 2, 1), (21, 'a', 1, 2) ON CONFLICT (area, code) DO UPDATE SET n = EXCLUDED.n, id = EXCLUDED.id RETURNING id, code, area, n;
INSERT INTO oracle_upserts (id, code) VALUES (30, NULL), (31, NULL) ON CONFLICT (code, area) DO UPDATE SET note = 'null' RETURNING id, note;
INSERT INTO oracle_upserts (id, code) VALUES (32, 'z') ON CONFLICT (code, area) DO NOTHING;
INSERT INTO oracle_upserts (id, code, area) VALUES (33, 'q', 1), (33, 'q', 2), (34, 'q', 1) ON CONFLICT DO NOTHING RETURNING id, area;
INSERT INTO oracle_upserts (id, n) SELECT id, 100 FROM oracle_upserts WHERE id < 4 ON CONFLICT (id) DO UPDATE SET n = EXCLUDED.n + oracle_upserts.n;
INSERT INTO oracle_upserts (id, n, note) SELECT id + 1, n, 'from ' || id FROM oracle_upserts WHERE id < 5 ORDER BY id ON CONFLICT (id) DO UPDATE SET note = EXCLUDED.note RETURNING id, note;
INSERT INTO oracle_upserts (id) SELECT id + 1 FROM oracle_upserts ORDER BY id ON CONFLICT DO NOTHING;
INSERT INTO oracle_upserts (id) SELECT id FROM oracle_upserts ON CONFLICT (id) DO NOTHING RETURNING id;
INSERT INTO oracle_counts (name, n) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET n = oracle_counts.n + EXCLUDED.n WHERE oracle_counts.n < $3 RETURNING name, n; -- with: x | 4 | 3
INSERT INTO oracle_counts (name, n) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET n = oracle_counts.n + EXCLUDED.n WHERE oracle_counts.n < $3 RETURNING name, n; -- with: x | 4 | 3
INSERT INTO oracle_counts (name, n, price, at) VALUES ($1, $2, $3, $4), ($5, $6, $7, $8) ON CONFLICT (name) DO UPDATE SET price = EXCLUDED.price, at = EXCLUDED.at RETURNING *; -- with: y | 1 | 2.345 | 2024-02-03 04:05:06 | w | 3 | NULL | NULL
INSERT INTO oracle_counts (name, n, price) VALUES ('v', 1, 1.005), ('x', 2, 7) ON CONFLICT (name) DO UPDATE SET price = EXCLUDED.price * 2, n = EXCLUDED.n / 2 RETURNING name, n, price;
INSERT INTO oracle_counts (name, n) VALUES (upper('q'), 1 + 1), ('x', length('abc')) ON CONFLICT (name) DO UPDATE SET n = EXCLUDED.n RETURNING name, n;
INSERT INTO oracle_counts AS c (name, n) VALUES ('x', 1) ON CONFLICT (name) DO UPDATE SET n = c.n + 1, at = '2024-05-05' WHERE c.at IS DISTINCT FROM '2024-05-05' RETURNING n, at;
INSERT INTO oracle_counts AS c (name, n) VALUES ('x', 1) ON CONFLICT (name) DO UPDATE SET n = c.n + 1, at = '2024-05-05' WHERE c.at IS DISTINCT FROM '2024-05-05' RETURNING n, at;
INSERT INTO oracle_upserts (id, n) VALUES (1, 3), (2, 4) ON CONFLICT (id) DO UPDATE SET (n, note) = (EXCLUDED.n, 'row') RETURNING id, n, note;
INSERT INTO oracle_upserts (id, n) VALUES (1, 3) ON CONFLICT (id) DO UPDATE SET n = DEFAULT, note = DEFAULT RETURNING id, n, note;
INSERT INTO oracle_upserts (id, n, note) VALUES (1, DEFAULT, 'd'), (40, DEFAULT, 'e'), (41, 5, 'f') ON CONFLICT (id) DO UPDATE SET note = EXCLUDED.note RETURNING id, n, note;
INSERT INTO oracle_upserts (id, n) VALUES (1, 3) ON CONFLICT (id) WHERE id > 0 DO UPDATE SET n = 99 RETURNING n;
BEGIN;
INSERT INTO oracle_upserts (id, n) VALUES (1, 500), (50, 500) ON CONFLICT (id) DO UPDATE SET n = EXCLUDED.n;
ROLLBACK;
SELECT id, code, area, n, note FROM oracle_upserts ORDER BY id;
SELECT name, n, price, at FROM oracle_counts ORDER BY name;
CREATE UNIQUE INDEX oracle_counts_price ON oracle_counts (price);
INSERT INTO oracle_counts (name, n, price) VALUES ('new', 1, 14) ON CONFLICT (price) DO UPDATE SET n = 1000 RETURNING name, n;
UPDATE oracle_upserts SET n = DEFAULT WHERE id = 2 RETURNING n;
