-- schema: extensions
-- Functions of uuid-ossp and pgcrypto.
CREATE TABLE keyed (id uuid PRIMARY KEY DEFAULT uuid_generate_v4(), other uuid DEFAULT public.uuid_generate_v4(), t text, n int);
INSERT INTO keyed (t, n) VALUES ('abc', 1), ('', 2), (NULL, 3);
SELECT id <> other, length(id::text) FROM keyed;
UPDATE keyed SET other = gen_random_uuid();
SELECT count(DISTINCT other) FROM keyed;
UPDATE keyed SET other = uuid_generate_v4() WHERE n > 1;
SELECT count(DISTINCT other) FROM keyed;
SELECT uuid_generate_v4() <> uuid_generate_v4(), pg_typeof(uuid_generate_v4());
INSERT INTO keyed (id, t, n) SELECT uuid_generate_v4(), t, n + 10 FROM keyed;
SELECT count(*) FROM keyed;
INSERT INTO keyed (id, t) SELECT gen_random_uuid(), 'x' FROM generate_series(1, 5);
SELECT count(*) FROM keyed;
INSERT INTO keyed (id, t) VALUES (uuid_generate_v4(), 'q'), (public.uuid_generate_v4(), 'z');
SELECT substr(uuid_generate_v4()::text, 15, 1), substr(uuid_generate_v1()::text, 15, 1), substr(uuid_generate_v1mc()::text, 15, 1);
SELECT uuid_nil(), uuid_ns_dns(), uuid_ns_url(), uuid_ns_oid(), uuid_ns_x500();
SELECT uuid_generate_v3(uuid_ns_url(), 'http://www.postgresql.org'), uuid_generate_v5(uuid_ns_dns(), 'example.org'), uuid_generate_v5(NULL, 'x');
SELECT digest('abc', 'sha256'), digest('abc'::bytea, 'md5'), encode(digest('x', 'SHA1'), 'hex'), digest('', 'sha512'), digest(NULL, 'sha1');
SELECT hmac('abc', 'key', 'sha256'), hmac('abc'::bytea, 'key'::bytea, 'md5');
SELECT n, encode(digest(t, 'sha1'), 'hex'), encode(hmac(t, 'k', 'sha256'), 'hex') FROM keyed WHERE n < 10 ORDER BY n;
SELECT length(gen_random_bytes(16)), encode(gen_random_bytes(8), 'hex') <> encode(gen_random_bytes(8), 'hex');
SELECT n, uuid_generate_v5(uuid_ns_url(), t) FROM keyed WHERE n < 10 ORDER BY n;
UPDATE keyed SET t = encode(digest(t, 'sha256'), 'hex') WHERE n = 1;
SELECT t FROM keyed WHERE n = 1;
SELECT t FROM keyed WHERE digest(t, 'sha1') = '\xda39a3ee5e6b4b0d3255bfef95601890afd80709';
SELECT extname, extversion FROM pg_extension WHERE extname IN ('uuid-ossp', 'pgcrypto') ORDER BY 1;
SELECT encode(digest($1, $2), 'hex'), uuid_generate_v5(uuid_ns_dns(), $1); -- with: abc | sha256
