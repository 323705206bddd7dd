-- schema: vectors
-- What pgvector refuses.
CREATE TABLE vector_refusals (id int PRIMARY KEY, v vector(3));
INSERT INTO vector_refusals VALUES (1, '[1,2]');
INSERT INTO vector_refusals VALUES (1, '[1,2,3,4]');
INSERT INTO vector_refusals VALUES (1, $1); -- with: [1,2]
INSERT INTO vector_refusals VALUES (1, 'abc');
INSERT INTO vector_refusals VALUES (1, '[]');
INSERT INTO vector_refusals VALUES (1, '[1,2,x]');
INSERT INTO vector_refusals VALUES (1, '[1,2,3');
INSERT INTO vector_refusals VALUES (1, '[1,,3]');
INSERT INTO vector_refusals VALUES (1, '[1,2,NaN]');
INSERT INTO vector_refusals VALUES (1, '[1,2,Infinity]');
INSERT INTO vector_refusals VALUES (1, '[1,2,1e60]');
INSERT INTO vector_refusals VALUES (1, '[1,2,3]');
SELECT '[1,2]'::vector(3);
SELECT '[1,2]'::vector <-> '[1,2,3]'::vector;
SELECT v <=> '[1,2]' FROM vector_refusals;
SELECT id FROM vector_refusals ORDER BY v <-> '[1,2]' LIMIT 1;
SELECT '[1,2]'::vector + '[1]'::vector;
SELECT '[1,2]'::vector::int;
SELECT v + 1 FROM vector_refusals;
SELECT v <-> 5 FROM vector_refusals;
SELECT $1::vector; -- with: nonsense
CREATE TABLE vector_zero (v vector(0));
CREATE TABLE vector_huge (v vector(16001));
SELECT 1::vector;
