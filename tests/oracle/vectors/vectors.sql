-- schema: vectors
-- Similarity search as pgvector's clients write it.
CREATE TABLE docs (id int PRIMARY KEY, title varchar(50), source text, embedding vector(3));
INSERT INTO docs VALUES (1, 'alpha', 'a', '[1,0,0]'), (2, 'beta', 'a', '[0,1,0]'), (3, 'gamma', 'b', '[0.5,0.5,0]'), (4, 'delta', 'b', NULL), (5, 'epsilon', 'c', '[1,2,3]');
INSERT INTO docs (id, title, embedding) VALUES (6, 'zeta', $1); -- with: [3,1,2]
INSERT INTO docs (id, title, embedding) VALUES ($1, $2, $3::vector) RETURNING id; -- with: 7 | eta | [-1,0.25,1e-3]
SELECT id, embedding FROM docs ORDER BY id;
SELECT id, embedding::text FROM docs WHERE id < 4 ORDER BY id;
SELECT embedding FROM docs WHERE id = 4;
SELECT id FROM docs WHERE embedding IS NOT NULL AND id < 6 ORDER BY embedding <-> '[1,0.1,0]' LIMIT 3;
SELECT id FROM docs WHERE embedding IS NOT NULL AND id < 6 ORDER BY embedding <=> '[1,0.1,0]' LIMIT 3;
SELECT id FROM docs WHERE embedding IS NOT NULL AND id < 6 ORDER BY embedding <#> '[1,0.1,0]' LIMIT 3;
SELECT id FROM docs WHERE embedding IS NOT NULL AND id < 6 ORDER BY embedding <+> '[1,0.1,0]' LIMIT 3;
SELECT id FROM docs WHERE id < 6 ORDER BY embedding <=> '[1,0.1,0]', id;
SELECT id FROM docs WHERE id < 6 ORDER BY embedding <=> '[1,0.1,0]' DESC, id;
SELECT id FROM docs WHERE id < 6 ORDER BY embedding <-> $1 LIMIT 2; -- with: [0,1,0.1]
SELECT id FROM docs WHERE id < 6 ORDER BY embedding <=> $1::vector LIMIT $2; -- with: [0,1,0.1] | 2
SELECT id, round((embedding <-> '[1,0,0]')::numeric, 5) AS distance FROM docs WHERE id < 6 ORDER BY id;
SELECT id, round((embedding <=> '[1,0,0]')::numeric, 5) AS distance FROM docs WHERE id < 6 ORDER BY id;
SELECT id, round((1 - (embedding <=> '[1,0,0]'))::numeric, 5) AS similarity FROM docs WHERE id < 6 ORDER BY id;
SELECT id, embedding <#> '[1,0,0]' AS inner_product FROM docs WHERE id < 6 ORDER BY id;
SELECT id, embedding <-> '[1,0,0]' FROM docs WHERE id IN (1, 4) ORDER BY id;
SELECT id FROM docs WHERE embedding <-> '[1,0,0]' < 1.2 ORDER BY id;
SELECT id FROM docs WHERE embedding <=> $1 < $2 ORDER BY id; -- with: [1,0,0] | 0.5
SELECT id FROM docs WHERE source = 'a' ORDER BY embedding <=> '[0,1,0]' LIMIT 1;
SELECT d.id, d.title, d.distance FROM (SELECT id, title, embedding <-> '[1,0,0]' AS distance FROM docs WHERE embedding IS NOT NULL) d WHERE d.distance < 1 ORDER BY d.distance;
WITH near AS (SELECT id, embedding <=> '[1,0,0]' AS distance FROM docs WHERE id < 6 ORDER BY distance LIMIT 2) SELECT id FROM near ORDER BY id;
SELECT count(*), count(embedding) FROM docs;
SELECT vector_dims(embedding) FROM docs WHERE id = 1;
SELECT round(vector_norm(embedding)::numeric, 5) FROM docs WHERE id = 5;
SELECT l2_distance(embedding, '[1,0,0]'), inner_product(embedding, '[1,0,0]') FROM docs WHERE id = 5;
SELECT round(cosine_distance(embedding, '[1,0,0]')::numeric, 5), l1_distance(embedding, '[1,0,0]') FROM docs WHERE id = 5;
SELECT '[1,2,3]'::vector;
SELECT '[1, 2.50, 3e0]'::vector, ' [ 1,2 ] '::vector(2);
SELECT '[1,2,3]'::vector <-> '[1,2,4]'::vector AS d;
SELECT '[1,2,3]'::vector = '[1,2,3]'::vector, '[1,2,3]'::vector <> '[1,2,4]', '[1,2]'::vector < '[1,3]'::vector;
SELECT '[1,2,3]'::vector + '[1,1,1]'::vector, '[1,2,3]'::vector - '[1,1,1]'::vector, '[1,2,3]'::vector * '[2,2,2]'::vector;
SELECT ARRAY[1,2,3]::vector, ARRAY[1.5,2.5]::vector(2), '{1,2}'::real[]::vector;
SELECT '[1,2,3]'::vector::real[];
SELECT $1::vector; -- with: [1,2,3]
SELECT $1::vector(3) <=> '[1,0,0]'; -- with: [2,0,0]
SELECT id FROM docs WHERE embedding = '[1,2,3]';
SELECT source, count(*) FROM docs WHERE embedding <-> '[1,0,0]' < 5 GROUP BY source ORDER BY source NULLS LAST;
SELECT avg(embedding) FROM docs WHERE id < 4;
SELECT sum(embedding) FROM docs WHERE id < 4;
SELECT a.id, b.id FROM docs a JOIN docs b ON a.id < b.id WHERE a.embedding <-> b.embedding < 1 ORDER BY 1, 2;
SELECT id FROM docs WHERE id <> 1 AND id < 6 AND embedding IS NOT NULL ORDER BY embedding <-> (SELECT embedding FROM docs WHERE id = 1) LIMIT 1;
UPDATE docs SET embedding = '[9,9,9]' WHERE id = 2 RETURNING embedding;
UPDATE docs SET embedding = $1 WHERE id = $2; -- with: [8,8,8] | 2
INSERT INTO docs (id, embedding) VALUES (1, '[7,7,7]') ON CONFLICT (id) DO UPDATE SET embedding = EXCLUDED.embedding RETURNING embedding;
CREATE INDEX docs_hnsw ON docs USING hnsw (embedding vector_cosine_ops);
CREATE INDEX docs_hnsw_with ON docs USING hnsw (embedding vector_cosine_ops) WITH (m = 16, ef_construction = 64);
SELECT id FROM docs WHERE id < 6 AND embedding IS NOT NULL ORDER BY embedding <=> '[1,2,3.1]' LIMIT 1;
DELETE FROM docs WHERE embedding IS NULL RETURNING id;
ALTER TABLE docs ADD COLUMN small vector(2);
SELECT small FROM docs WHERE id = 1;
SELECT id % 2, avg(embedding), sum(embedding), count(*) FROM docs WHERE id < 6 GROUP BY 1 ORDER BY 1;
SELECT avg(embedding) FROM docs WHERE id < 0;
SELECT id FROM docs WHERE id < 6 ORDER BY embedding <-> (SELECT avg(embedding) FROM docs WHERE id < 3), id LIMIT 3;
SELECT ARRAY['[1,2,3]', '[4,5,6]']::vector[]::text, '{"[1,2,3]"}'::vector[]::text;
SELECT (ARRAY[$1, $2]::vector[])[2]; -- with: [1,2,3] | [4,5,6]
CREATE TABLE vector_queries (id int PRIMARY KEY, name text, e vector(3) NOT NULL DEFAULT '[0,0,0]', u vector);
INSERT INTO vector_queries (id, name, e, u) VALUES (1, 'a', '[1,2,3.3]', '[1,2,3.3]'), (2, 'b', '[1.1,0,2]', NULL), (3, 'c', '[0,1,0]', '[1,2,3.3]');
INSERT INTO vector_queries (id, name) VALUES (4, 'd') RETURNING e;
SELECT name FROM vector_queries WHERE e = ANY (ARRAY['[1,2,3.3]', '[1.1,0,2]']::vector[]) ORDER BY 1;
SELECT name FROM vector_queries WHERE e = ANY ($1::vector[]) ORDER BY 1; -- with: {"[1,2,3.3]","[0,1,0]"}
SELECT name FROM vector_queries WHERE e <> ALL (ARRAY['[1,2,3.3]', '[1.1,0,2]']::vector[]) ORDER BY 1;
SELECT name FROM vector_queries WHERE e IN ('[1,2,3.3]', '[0,1,0]') ORDER BY 1;
SELECT name, greatest(e, '[1.1,0,2]'), least(e, u), coalesce(u, '[1.1,0,2]'), nullif(e, '[0,1,0]') FROM vector_queries ORDER BY 1;
SELECT id, row_number() OVER (ORDER BY e <=> '[1,2,3.3]', id) FROM vector_queries ORDER BY 1;
SELECT id FROM vector_queries ORDER BY e <=> '[1,2,3.3]' DESC, id;
SELECT id FROM vector_queries WHERE e <=> '[1,2,3.3]' < 2 ORDER BY id;
WITH s AS (SELECT id, row_number() OVER (ORDER BY e <=> '[1,2,3.3]', id) AS r FROM vector_queries LIMIT 5), k AS (SELECT id, row_number() OVER (ORDER BY name DESC) AS r FROM vector_queries LIMIT 5) SELECT coalesce(s.id, k.id) AS id, round(coalesce(1.0 / (60 + s.r), 0) + coalesce(1.0 / (60 + k.r), 0), 8) AS score FROM s FULL OUTER JOIN k ON s.id = k.id ORDER BY score DESC, 1;
SELECT (t.x::vector <-> '[1,2,4.5]')::numeric(5,3) FROM (VALUES ('[1,2,3.5]'), ('[1,2,4.5]')) t (x);
SELECT a.id, n.id FROM vector_queries a CROSS JOIN LATERAL (SELECT b.id FROM vector_queries b WHERE b.id <> a.id ORDER BY b.e <-> a.e, b.id LIMIT 1) n ORDER BY 1;
