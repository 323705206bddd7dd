-- schema: extensions
-- Which extensions are there, and where.
CREATE EXTENSION IF NOT EXISTS pgcrypto;
CREATE EXTENSION IF NOT EXISTS "uuid-ossp" WITH SCHEMA public CASCADE;
CREATE EXTENSION btree_gin;
SELECT extname, extrelocatable, extversion, extnamespace::regnamespace FROM pg_extension WHERE extname <> 'vector' ORDER BY extname;
SELECT name, default_version = installed_version AS same, comment FROM pg_available_extensions WHERE name IN ('btree_gin', 'btree_gist', 'pgcrypto', 'plpgsql', 'uuid-ossp') ORDER BY 1;
SELECT name, version, installed, superuser, trusted, relocatable, schema, requires FROM pg_available_extension_versions WHERE (name, version) IN (('btree_gin', '1.3'), ('btree_gist', '1.7'), ('pgcrypto', '1.3'), ('plpgsql', '1.0'), ('uuid-ossp', '1.1')) ORDER BY 1;
ALTER EXTENSION btree_gin UPDATE;
ALTER EXTENSION btree_gin UPDATE TO '1.3';
CREATE SCHEMA extension_place;
ALTER EXTENSION btree_gin SET SCHEMA extension_place;
SELECT extnamespace::regnamespace::text FROM pg_extension WHERE extname = 'btree_gin';
SELECT obj_description(oid, 'pg_extension') FROM pg_extension WHERE extname = 'btree_gin';
DROP EXTENSION IF EXISTS btree_gin, no_such_extension CASCADE;
SELECT count(*) FROM pg_extension WHERE extname = 'btree_gin';
CREATE EXTENSION btree_gin VERSION '1.3' SCHEMA extension_place;
SELECT extname, extnamespace::regnamespace::text FROM pg_extension WHERE extname = 'btree_gin';
DROP EXTENSION btree_gin RESTRICT;
DROP EXTENSION IF EXISTS btree_gin;
DROP SCHEMA extension_place;
