-- What vector stores send: documents with embeddings, an HNSW index, similarity searches with filters.

CREATE TABLE docs (id VARCHAR(40) NOT NULL PRIMARY KEY, content VARCHAR(10000), meta VARCHAR(2000), embedding VECTOR(DOUBLE, 3))

CREATE INDEX hnsw1 ON TABLE docs (embedding) AS HNSW(Distance='Cosine', M=16, efConstruction=64)

INSERT INTO docs (id, content, meta, embedding) VALUES ('a', 'apple', '{"kind":"fruit","n":1}', TO_VECTOR('1,0,0', DOUBLE))

INSERT INTO docs (id, content, meta, embedding) VALUES ('b', 'bike', '{"kind":"thing","n":2}', TO_VECTOR('[0.6,0.8,0]', DOUBLE, 3))

INSERT INTO docs (id, content, meta, embedding) VALUES ('c', 'cherry', '{"kind":"fruit","n":3}', TO_VECTOR('0,1,0', DOUBLE))

INSERT INTO docs (id, embedding) VALUES ('d', TO_VECTOR('1,2', DOUBLE))
! -104

INSERT INTO docs (id, embedding) VALUES ('d', TO_VECTOR('1,2,3', FLOAT))
! -259

SELECT TOP 2 id, VECTOR_COSINE(embedding, TO_VECTOR('1,0,0', DOUBLE)) AS score FROM docs ORDER BY score DESC
= [('a', 1.0), ('b', 0.6)]

SELECT TOP 1 id FROM docs WHERE meta [ '"fruit"' ORDER BY VECTOR_DOT_PRODUCT(embedding, TO_VECTOR('0,1,0', DOUBLE)) DESC
= [('c',)]

SELECT id, 1 - VECTOR_COSINE(embedding, TO_VECTOR('0,1,0', DOUBLE)) AS distance FROM docs WHERE id <> 'b' ORDER BY distance
= [('c', 0.0), ('a', 1.0)]

SELECT VECTOR_COSINE(TO_VECTOR('1'), TO_VECTOR('1'))
= [(1.0,)]

SELECT VECTOR_COSINE(embedding, TO_VECTOR('1,0', DOUBLE)) FROM docs
! -257

SELECT VECTOR_COSINE(content, TO_VECTOR('1,0,0', DOUBLE)) FROM docs
! -258

SELECT d.id, j.kind, j.n FROM docs d, JSON_TABLE(d.meta, '$' COLUMNS (kind VARCHAR(10) PATH '$.kind', n INTEGER PATH '$.n')) AS j WHERE j.kind = 'fruit' AND j.n > 1
= [('c', 'fruit', 3)]

SELECT embedding FROM docs WHERE id = 'b'
= [('0.6,0.8,0',)]

DELETE FROM docs WHERE id IN ('a', 'b')
# 2

CREATE OR REPLACE FUNCTION cosine2 (a VARBINARY, b VARBINARY) RETURNS NUMERIC LANGUAGE PYTHON { return 1 }
! 0A000

CREATE TABLE auto (id INTEGER, body VARCHAR(100), e EMBEDDING('model', 'body'))
! 0A000
