-- schema: vectors
-- Vectors most of whose numbers are zero.
CREATE TABLE sparse (id int PRIMARY KEY, e sparsevec(5), f sparsevec, v vector(3), h halfvec(3));
INSERT INTO sparse VALUES (1, '{1:1,3:2}/5', '{1:1}/2', '[1,0,2]', '[1,0,2.2]'), (2, '{2:1.5}/5', '{2:3,1:2}/3', '[0,0,0]', '[0,0,0]'), (3, '{}/5', NULL, NULL, NULL), (4, NULL, NULL, NULL, NULL);
INSERT INTO sparse (id, e) VALUES (5, $1); -- with: {5:-1.25,2:1e-3,3:0}/5
INSERT INTO sparse (id, e) VALUES ($1, $2::sparsevec) RETURNING id, e; -- with: 6 | {1:0.1}/5
INSERT INTO sparse (id, e) VALUES (7, '[1,0,0,0,2]'::vector), (8, ARRAY[1,0,0,0,2.5]), (9, '[1.1,0,0,0,2]'::halfvec) RETURNING e;
INSERT INTO sparse (id, e) VALUES (10, '{1:1}/4');
INSERT INTO sparse (id, e) VALUES (10, $1); -- with: {1:1}/6
INSERT INTO sparse (id, e) VALUES (10, '[1,0,0,2]'::vector);
INSERT INTO sparse (id, e) VALUES (10, '{6:1}/5');
INSERT INTO sparse (id, f) SELECT id + 10, v FROM sparse WHERE id < 4;
INSERT INTO sparse (id, f) SELECT id + 20, e FROM sparse WHERE id < 4;
INSERT INTO sparse (id, e) SELECT id + 30, f FROM sparse WHERE id < 4;
INSERT INTO sparse (id, e) SELECT id + 40, e FROM sparse WHERE id < 4;
INSERT INTO sparse (id, v) SELECT id + 50, f FROM sparse WHERE id = 2;
INSERT INTO sparse (id, v) VALUES (60, '{1:1}/3'::sparsevec), (61, '{1:1.1}/3'::sparsevec);
INSERT INTO sparse (id, h) VALUES (62, '{1:1.1}/3'::sparsevec);
INSERT INTO sparse (id, h) VALUES (63, '{1:70000}/3'::sparsevec);
SELECT * FROM sparse ORDER BY id;
SELECT id FROM sparse WHERE e IS NOT NULL ORDER BY e <-> '{1:1,3:2.2}/5', id LIMIT 3;
SELECT id FROM sparse WHERE id < 4 ORDER BY e <=> $1, id LIMIT $2; -- with: {1:1,3:2.2}/5 | 3
SELECT id FROM sparse WHERE id < 4 ORDER BY e <#> $1::sparsevec, id; -- with: {1:1,3:2.2}/5
SELECT id FROM sparse WHERE id < 4 ORDER BY e <+> '{1:1,3:2.2}/5', id;
SELECT id, e <-> '{1:1}/5' FROM sparse WHERE id < 4 ORDER BY id;
SELECT id, round((e <=> '{1:1}/5')::numeric, 5), e <#> '{1:1}/5', e <+> '{1:1}/5' FROM sparse WHERE id < 3 ORDER BY id;
SELECT id, e <-> '{1:1}/4' FROM sparse WHERE id < 4 ORDER BY id;
SELECT e <-> f FROM sparse WHERE id = 1;
SELECT id FROM sparse WHERE e <-> '{1:1,3:2}/5' < 1 ORDER BY id;
SELECT id FROM sparse WHERE e = '{3:2,1:1}/5' ORDER BY id;
SELECT id FROM sparse WHERE e > '{2:1}/5' ORDER BY id;
SELECT DISTINCT e FROM sparse ORDER BY e;
SELECT e, count(*) FROM sparse WHERE id < 50 GROUP BY e ORDER BY 1;
SELECT id, round(l2_norm(e)::numeric, 5), l2_normalize(e), e::text FROM sparse WHERE id < 4 ORDER BY id;
SELECT l2_distance(e, '{1:1}/5'), inner_product(e, '{1:1}/5'), l1_distance(e, '{1:1}/5'), round(cosine_distance(e, '{1:1}/5')::numeric, 5) FROM sparse WHERE id = 1;
SELECT id, e::vector, e::halfvec(5), v::sparsevec, h::sparsevec(3) FROM sparse WHERE id < 3 ORDER BY id;
SELECT e::sparsevec(4) FROM sparse WHERE id = 1;
SELECT e::real[] FROM sparse WHERE id = 1;
SELECT id FROM sparse WHERE v::sparsevec = '{1:1,3:2}/3' ORDER BY id;
SELECT id FROM sparse WHERE v <-> '{1:1,3:2}/3'::sparsevec < 1 ORDER BY id;
SELECT a.id, b.id FROM sparse a JOIN sparse b ON a.id < b.id WHERE a.e <-> b.e < 1 ORDER BY 1, 2;
UPDATE sparse SET e = '{5:9}/5' WHERE id = 2 RETURNING e;
UPDATE sparse SET e = $1 WHERE id = $2; -- with: {5:8}/5 | 2
UPDATE sparse SET e = '{5:9}/6' WHERE id = 2;
UPDATE sparse SET f = v WHERE id = 1 RETURNING f;
UPDATE sparse SET e = l2_normalize(e) WHERE id = 1 RETURNING e;
INSERT INTO sparse (id, e) VALUES (1, '{1:7}/5') ON CONFLICT (id) DO UPDATE SET e = EXCLUDED.e RETURNING e;
DELETE FROM sparse WHERE e <-> '{1:7}/5' < 0.1 RETURNING id, e;
CREATE TABLE sparse_copied AS SELECT id, e, v::sparsevec(3) AS w FROM sparse WHERE id < 4;
SELECT e, w FROM sparse_copied ORDER BY id;
ALTER TABLE sparse ADD COLUMN small sparsevec(2);
SELECT small FROM sparse WHERE id = 2;
SELECT ' { 3 : 2 , 1:1.5 } / 5 '::sparsevec, '{}/5'::sparsevec, '{1:0,2:-0}/3'::sparsevec, sparsevec '{1:1e-10,2:1e38,3:0.1}/3';
SELECT '{1:1}'::sparsevec;
SELECT '{1:1}/0'::sparsevec;
SELECT '{1:1}/1000000001'::sparsevec;
SELECT '{0:1}/5'::sparsevec;
SELECT '{1:1,1:2}/5'::sparsevec;
SELECT '{1:NaN}/5'::sparsevec;
SELECT '{1:inf}/5'::sparsevec;
SELECT '{1:1e60}/5'::sparsevec;
SELECT '[1,2]'::sparsevec;
SELECT '{1:1}/5'::sparsevec(4);
CREATE TABLE sparse_none (v sparsevec(0));
CREATE TABLE sparse_many (v sparsevec(1000000001));
SELECT '[1,0,2.5]'::vector::sparsevec, '[1,0,2.5]'::halfvec::sparsevec, '{1:1.1,3:2}/4'::sparsevec::vector, '{1:1.1,3:2}/4'::sparsevec::halfvec, ARRAY[1,0,2]::sparsevec, '{1.5,0}'::real[]::sparsevec(2);
SELECT '{1:70000}/2'::sparsevec::halfvec;
SELECT '{1:1}/20000'::sparsevec::vector;
SELECT ARRAY[1,NULL]::sparsevec;
SELECT '{}'::int[]::sparsevec;
SELECT '{1:1}/3'::sparsevec <-> '{2:1}/3', '{1:1}/3'::sparsevec <#> '{1:2}/3', '{1:1}/3'::sparsevec <+> '{2:2}/3';
SELECT '{1:1}/3'::sparsevec <-> '{2:1}/4';
SELECT '{1:1}/3'::sparsevec <-> '[1,2,3]'::vector, '[1,2,3]'::halfvec <+> '{1:1}/3'::sparsevec;
SELECT l2_norm('{1:3,2:4}/3'::sparsevec), l2_normalize('{1:3,2:4}/3'::sparsevec), l2_normalize('{}/3'::sparsevec);
SELECT vector_dims('{1:1}/3'::sparsevec);
SELECT '{1:1}/3'::sparsevec + '{1:1}/3';
SELECT '{1:1}/3'::sparsevec || '{1:1}/3'::sparsevec;
SELECT sum('{1:1}/3'::sparsevec);
SELECT '{1:1}/3'::sparsevec = '{1:1}/4', '{1:1}/3'::sparsevec < '{1:1}/4', '{1:-1}/3'::sparsevec < '{}/3', '{2:5}/3'::sparsevec < '{1:1}/3', '{3:1}/3'::sparsevec > '{}/2', '{2:-1}/3'::sparsevec < '{1:1}/3', '{2:1,3:1}/3'::sparsevec > '{2:1}/2', '{1:1}/3'::sparsevec = '[1,0,0]'::vector;
SELECT ARRAY['{1:1}/3'::sparsevec]::text, (ARRAY[$1, $2]::sparsevec[])[2]; -- with: {1:1}/3 | {2:1}/3
SELECT $1::sparsevec(3) <-> '{1:1}/3'; -- with: {2:1}/3
