-- What stands behind -> is cast by itself, as views that pg_dump writes have it.
CREATE TABLE member_documents (id integer PRIMARY KEY, doc jsonb);
INSERT INTO member_documents VALUES (1, '{"a": {"b": "c"}, "n": [1, 2]}'), (2, '{"a": {"b": null}}'), (3, NULL);
SELECT id, doc -> 'a'::text FROM member_documents ORDER BY id;
SELECT id, doc ->> 'a'::text FROM member_documents ORDER BY id;
SELECT id, (doc -> 'a'::text) ->> 'b'::text FROM member_documents ORDER BY id;
SELECT id FROM member_documents WHERE ((doc -> 'a'::text) ->> 'b'::text) = 'c'::text ORDER BY id;
SELECT id, (doc -> 'n'::text) -> (1)::integer FROM member_documents ORDER BY id;
SELECT '{"a": 1}'::jsonb -> 'a'::text, '{"a": 1}'::json ->> 'a'::text, ('[5, 6]'::jsonb -> 1::int)::text;
