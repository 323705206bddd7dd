-- schema: vectors
-- Vectors of half precision.
CREATE TABLE halves (id int PRIMARY KEY, e halfvec(3), v vector(3), f halfvec);
INSERT INTO halves VALUES (1, '[1,2,3]', '[1.1,2,3]', '[1]'), (2, '[1.1,2.2,3.3]', '[1,0,0]', '[1,2]'), (3, '[0,0.5,1]', '[0,0.5,1.1]', NULL), (4, NULL, NULL, NULL);
INSERT INTO halves (id, e) VALUES (5, $1); -- with: [3,1e-8,65519]
INSERT INTO halves (id, e) VALUES ($1, $2::halfvec) RETURNING id, e; -- with: 6 | [-1,0.1,1e-3]
INSERT INTO halves (id, e) VALUES (7, '[1.1,2,6]'::vector), (8, ARRAY[1.1,2,6]), (9, '{1.1,2,6}'::real[]) RETURNING e;
INSERT INTO halves (id, e) SELECT id + 10, v FROM halves WHERE id < 4;
INSERT INTO halves (id, v) SELECT id + 20, e FROM halves WHERE id < 4;
INSERT INTO halves (id, v) VALUES (30, ARRAY[1, 2, 3]);
INSERT INTO halves VALUES (31, '[1,2]');
INSERT INTO halves VALUES (31, $1); -- with: [1,2]
INSERT INTO halves (id, e) VALUES (31, '[1,2,65520]');
INSERT INTO halves (id, e) VALUES (31, '[1,2,70000]'::vector);
INSERT INTO halves (id, e) VALUES (31, '{{1,2,3}}'::int[]);
SELECT * FROM halves ORDER BY id;
SELECT id, e::text, e::vector, e::real[], v::halfvec, v::halfvec(3) FROM halves WHERE id < 4 ORDER BY id;
SELECT e::halfvec(2) FROM halves WHERE id = 1;
SELECT v::vector(2) FROM halves WHERE id = 1;
SELECT e::int[] FROM halves WHERE id = 1;
SELECT id FROM halves WHERE id < 4 ORDER BY e <-> '[1,2,3]' LIMIT 3;
SELECT id FROM halves WHERE id < 4 ORDER BY e <=> '[1,2,3]' LIMIT 3;
SELECT id FROM halves WHERE id < 4 ORDER BY e <#> '[1,2,3]', id LIMIT 3;
SELECT id FROM halves WHERE id < 4 ORDER BY e <+> '[1,2,3]' LIMIT 3;
SELECT id FROM halves WHERE id < 4 ORDER BY e <=> $1::halfvec(3) LIMIT $2; -- with: [1.1,2,3] | 2
SELECT id FROM halves WHERE id < 4 ORDER BY e::halfvec(3) <=> $1::halfvec(3) LIMIT 2; -- with: [1.1,2,3]
SELECT id FROM halves WHERE id < 4 ORDER BY v::halfvec(3) <=> $1::halfvec(3) LIMIT 2; -- with: [1.1,2,3]
SELECT id FROM halves WHERE id < 4 ORDER BY e <=> '[1.1,2,3]'::vector LIMIT 2;
SELECT id FROM halves WHERE id < 4 ORDER BY e <-> $1 LIMIT 2; -- with: [1.1,2,3]
SELECT id, round((e <-> v)::numeric, 5), round((e <=> v)::numeric, 5), round((e <#> v)::numeric, 5), round((e <+> v)::numeric, 5) FROM halves WHERE id < 4 ORDER BY id;
SELECT id FROM halves WHERE e <-> '[0,0.5,1]' < 2.5 AND id < 4 ORDER BY id;
SELECT id, round((1 - (e <=> '[1,2,3]'))::numeric, 5) AS similarity FROM halves WHERE id < 4 ORDER BY id;
SELECT e <-> '[1,2]' FROM halves;
SELECT e <-> f FROM halves WHERE id = 2;
SELECT id FROM halves WHERE e = '[1.1,2.2,3.3]';
SELECT id FROM halves WHERE e = '[1.1,2.2,3.3]'::vector ORDER BY id;
SELECT id FROM halves WHERE v = e ORDER BY id;
SELECT id FROM halves WHERE e < '[1.1,2.2,3.3]' ORDER BY id;
SELECT id FROM halves WHERE id < 5 ORDER BY e DESC NULLS LAST;
SELECT DISTINCT e FROM halves WHERE id > 6 ORDER BY e;
SELECT vector_dims(e), round(l2_norm(e)::numeric, 5), l2_normalize(e), subvector(e, 1, 2) FROM halves WHERE id < 4 ORDER BY id;
SELECT id, vector_dims(f) FROM halves WHERE id < 4 ORDER BY id;
SELECT e + '[1,1,1]', e - e, e * e, e || f FROM halves WHERE id < 3 ORDER BY id;
SELECT l2_distance(e, '[1,2,3]'), inner_product(e, '[1,2,3]'), l1_distance(e, '[1,2,3]'), round(cosine_distance(e, '[1,2,3]')::numeric, 5) FROM halves WHERE id IN (1, 3) ORDER BY id;
SELECT avg(e), sum(e), count(e) FROM halves WHERE id < 5;
SELECT id % 2, avg(e) FROM halves WHERE id < 5 GROUP BY 1 ORDER BY 1;
SELECT sum(e) FROM halves WHERE id < 0;
SELECT a.id, b.id FROM halves a JOIN halves b ON a.id < b.id WHERE a.e <-> b.e < 1 ORDER BY 1, 2;
SELECT coalesce(e, v), CASE WHEN id = 1 THEN v ELSE e END FROM halves WHERE id < 3 ORDER BY id;
UPDATE halves SET e = '[9,9,9.9]' WHERE id = 2 RETURNING e;
UPDATE halves SET e = $1 WHERE id = $2; -- with: [8,8,8.8] | 2
UPDATE halves SET e = v WHERE id = 1 RETURNING e;
UPDATE halves SET e = e + '[1,1,1]', v = v - '[1,1,1]' WHERE id = 2 RETURNING e, v;
INSERT INTO halves (id, e) VALUES (1, '[7,7,7.7]') ON CONFLICT (id) DO UPDATE SET e = EXCLUDED.e RETURNING e;
CREATE INDEX halves_hnsw ON halves USING hnsw (e halfvec_cosine_ops) WITH (m = 16, ef_construction = 64);
SELECT indexdef FROM pg_indexes WHERE indexname = 'halves_hnsw';
SELECT opcname FROM pg_index JOIN pg_opclass o ON o.oid = indclass[0] WHERE indexrelid = 'halves_hnsw'::regclass;
SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 'halves'::regclass AND attname = 'e';
SELECT id FROM halves WHERE id < 4 AND e IS NOT NULL ORDER BY e <=> '[7,7,7]' LIMIT 1;
DELETE FROM halves WHERE e <-> '[0,0.5,1]' < 0.1 RETURNING id, e;
CREATE TABLE halves_copied AS SELECT id, e, v::halfvec(3) AS w FROM halves WHERE id < 3;
SELECT e, w FROM halves_copied ORDER BY id;
ALTER TABLE halves ADD COLUMN small halfvec(2);
SELECT small FROM halves WHERE id = 1;
SELECT '[0.1,65504,65519,1e-8,6e-8,-0.0]'::halfvec, halfvec '[1.1]';
SELECT '[65520]'::halfvec;
SELECT '[1e60]'::halfvec;
SELECT '[NaN]'::halfvec;
SELECT '[1,-Infinity]'::halfvec;
SELECT '[]'::halfvec;
SELECT '[1,2'::halfvec;
SELECT '[1,x]'::halfvec;
SELECT '[1,2]'::halfvec(3);
SELECT '[70000]'::vector::halfvec;
SELECT ARRAY[70000]::halfvec;
SELECT ARRAY[1,NULL]::halfvec;
SELECT ARRAY[[1]]::halfvec;
SELECT '{}'::real[]::halfvec;
SELECT ARRAY['NaN'::float8]::halfvec;
SELECT ARRAY[1e300::float8]::vector;
CREATE TABLE halves_none (v halfvec(0));
CREATE TABLE halves_many (v halfvec(16001));
SELECT '[65504]'::halfvec + '[65504]';
SELECT '[100,0]'::halfvec * '[1000,1]';
SELECT '[1e-5]'::halfvec * '[1e-5]';
SELECT '[1e-37]'::vector * '[1e-37]';
SELECT '[1,2]'::halfvec || '[3]', '[1,2]'::halfvec || '[3.3]'::vector;
SELECT '[1,2]'::halfvec <-> '[1]';
SELECT '[1,2]'::halfvec <#> '[1.1,3.3]', '[1,2]'::vector <+> '[1.1,3.3]'::halfvec;
SELECT '[1.1]'::halfvec = '[1.1]'::vector, '[1.1]'::halfvec > '[1.1,1]', '[1]'::halfvec <> '[1]';
SELECT l2_distance('[1]', '[2]');
SELECT vector_dims('[1,2]');
SELECT vector_norm('[3,4]'::halfvec);
SELECT min('[1]'::halfvec);
SELECT subvector('[1,2,3]'::halfvec, 5, 2);
SELECT '[1]'::halfvec + 1;
SELECT '[1]'::halfvec <-> 1;
SELECT 1::halfvec;
SELECT sum(v), avg(v) FROM (VALUES ('[2048]'::halfvec), ('[1]'), ('[1]')) t (v);
SELECT sum(v) FROM (VALUES ('[65504]'::halfvec), ('[65504]')) t (v);
SELECT avg(v) FROM (VALUES ('[65504]'::halfvec), ('[65504]')) t (v);
SELECT sum(v) FROM (VALUES ('[1]'::halfvec), ('[2,2.3]')) t (v);
SELECT '{1,2}'::int[]::halfvec(2), ARRAY[1.5,2.5]::halfvec, '{"[1.1,2]"}'::halfvec[]::text, (ARRAY[$1, $2]::halfvec[])[2]; -- with: [1,2] | [4.4]
SELECT '[1,2,3]'::vector::halfvec(2);
SELECT '[1.1,2]'::halfvec::vector(2), '[1.1]'::halfvec::real[];
SELECT pg_typeof('[1]'::halfvec)::text, pg_typeof(coalesce('[1]'::halfvec, '[2]'::vector))::text;
SELECT cosine_distance('[0,0]'::halfvec, '[1,1]')::text;
SELECT $1::halfvec(3) <=> '[1,0,0]'; -- with: [2,0,0]
CREATE TABLE halfvec_queries (id int PRIMARY KEY, name text, e halfvec(3) NOT NULL DEFAULT '[0,0,0]', u halfvec);
INSERT INTO halfvec_queries (id, name, e, u) VALUES (1, 'a', '[1,2,3.3]', '[1,2,3.3]'), (2, 'b', '[1.1,0,2]', NULL), (3, 'c', '[0,1,0]', '[1,2,3.3]');
INSERT INTO halfvec_queries (id, name) VALUES (4, 'd') RETURNING e;
SELECT name FROM halfvec_queries WHERE e = ANY (ARRAY['[1,2,3.3]', '[1.1,0,2]']::halfvec[]) ORDER BY 1;
SELECT name FROM halfvec_queries WHERE e = ANY ($1::halfvec[]) ORDER BY 1; -- with: {"[1,2,3.3]","[0,1,0]"}
SELECT name FROM halfvec_queries WHERE e <> ALL (ARRAY['[1,2,3.3]', '[1.1,0,2]']::halfvec[]) ORDER BY 1;
SELECT name FROM halfvec_queries WHERE e IN ('[1,2,3.3]', '[0,1,0]') ORDER BY 1;
SELECT name, greatest(e, '[1.1,0,2]'), least(e, u), coalesce(u, '[1.1,0,2]'), nullif(e, '[0,1,0]') FROM halfvec_queries ORDER BY 1;
SELECT id, row_number() OVER (ORDER BY e <=> '[1,2,3.3]', id) FROM halfvec_queries ORDER BY 1;
SELECT id FROM halfvec_queries ORDER BY e <=> '[1,2,3.3]' DESC, id;
SELECT id FROM halfvec_queries WHERE e <=> '[1,2,3.3]' < 2 ORDER BY id;
WITH s AS (SELECT id, row_number() OVER (ORDER BY e <=> '[1,2,3.3]', id) AS r FROM halfvec_queries LIMIT 5), k AS (SELECT id, row_number() OVER (ORDER BY name DESC) AS r FROM halfvec_queries LIMIT 5) SELECT coalesce(s.id, k.id) AS id, round(coalesce(1.0 / (60 + s.r), 0) + coalesce(1.0 / (60 + k.r), 0), 8) AS score FROM s FULL OUTER JOIN k ON s.id = k.id ORDER BY score DESC, 1;
SELECT (t.x::halfvec <-> '[1,2,4.5]')::numeric(5,3) FROM (VALUES ('[1,2,3.5]'), ('[1,2,4.5]')) t (x);
SELECT a.id, n.id FROM halfvec_queries a CROSS JOIN LATERAL (SELECT b.id FROM halfvec_queries b WHERE b.id <> a.id ORDER BY b.e <-> a.e, b.id LIMIT 1) n ORDER BY 1;
