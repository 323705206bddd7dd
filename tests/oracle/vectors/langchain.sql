-- schema: vectors
-- What langchain-postgres sends: PGVector with its filters on jsonb metadata (vectorstores.py), PGVectorStore with columns.
CREATE TABLE langchain_pg_collection (uuid uuid PRIMARY KEY, name varchar NOT NULL UNIQUE, cmetadata json);
CREATE TABLE langchain_pg_embedding (id varchar PRIMARY KEY, collection_id uuid REFERENCES langchain_pg_collection (uuid) ON DELETE CASCADE, embedding vector(3), document varchar, cmetadata jsonb);
INSERT INTO langchain_pg_collection (uuid, name, cmetadata) VALUES ($1, $2, $3::json); -- with: a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11 | docs | null
INSERT INTO langchain_pg_embedding (id, collection_id, embedding, document, cmetadata) VALUES ('1', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '[1,0,0]', 'cats', '{"id": 1, "location": "pond", "topic": "animals"}'), ('2', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '[0,1,0]', 'apples', '{"id": 2, "location": "market", "topic": "food", "price": 1.5}'), ('3', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '[1,1,0]', 'art', '{"id": 3, "location": "museum", "ok": true}'), ('4', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '[1,1,1]', 'none', '{"id": 4, "location": null}') ON CONFLICT (id) DO UPDATE SET embedding = excluded.embedding, document = excluded.document, cmetadata = excluded.cmetadata;
SELECT e.id, e.document, e.embedding <=> $1 AS distance FROM langchain_pg_embedding e JOIN langchain_pg_collection c ON e.collection_id = c.uuid WHERE e.collection_id = $2::uuid AND jsonb_path_match(e.cmetadata, CAST($3 AS JSONPATH), CAST($4 AS JSONB)) ORDER BY distance ASC LIMIT $5; -- with: [1,0.5,0] | a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11 | $.location == $value | {"value": "pond"} | 4
SELECT id FROM langchain_pg_embedding WHERE collection_id = 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid AND jsonb_path_match(cmetadata, CAST('$.id >= $value' AS JSONPATH), CAST('{"value": 2}' AS JSONB)) ORDER BY embedding <-> '[1,1,1]' LIMIT 2;
SELECT id FROM langchain_pg_embedding WHERE jsonb_path_match(cmetadata, '$.id >= $value', '{"value": 2}') AND jsonb_path_match(cmetadata, '$.id <= $value', '{"value": 3}') ORDER BY id;
SELECT id FROM langchain_pg_embedding WHERE jsonb_path_match(cmetadata, '$.id == $value', '{"value": 1}') OR NOT (jsonb_path_match(cmetadata, '$.location == $value', '{"value": "pond"}')) ORDER BY id;
SELECT id FROM langchain_pg_embedding WHERE jsonb_path_match(cmetadata, '$.location != $value', '{"value": "pond"}') ORDER BY id;
SELECT id FROM langchain_pg_embedding WHERE (cmetadata ->> $1) IN ($2, $3) ORDER BY id; -- with: location | pond | market
SELECT id FROM langchain_pg_embedding WHERE (cmetadata ->> 'location') NOT IN ('pond', 'market') ORDER BY id;
SELECT id FROM langchain_pg_embedding WHERE (cmetadata ->> 'topic') LIKE 'a%' OR (cmetadata ->> 'topic') ILIKE 'F%' ORDER BY id;
SELECT id FROM langchain_pg_embedding WHERE cmetadata ? 'price' ORDER BY id;
SELECT id FROM langchain_pg_embedding WHERE NOT (cmetadata ? $1) ORDER BY id; -- with: price
SELECT id FROM langchain_pg_embedding WHERE cmetadata @> '{"ok": true}' ORDER BY id;
DELETE FROM langchain_pg_embedding WHERE id IN ('1') AND collection_id = 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid;
DELETE FROM langchain_pg_collection WHERE name = 'docs';
SELECT count(*) FROM langchain_pg_embedding;
SELECT id, cosine_distance(embedding, $1) AS distance FROM docs WHERE (id = ANY($2) OR title ILIKE $3) AND (source IS NOT NULL) ORDER BY embedding <=> $1, id LIMIT $4; -- with: [1,0,0] | {1,2} | G% | 3
