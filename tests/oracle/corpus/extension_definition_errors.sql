-- schema: extensions
CREATE EXTENSION pgcrypto;
CREATE EXTENSION plpgsql;
CREATE EXTENSION no_such_extension;
CREATE EXTENSION IF NOT EXISTS no_such_extension;
CREATE EXTENSION btree_gist VERSION '99';
ALTER EXTENSION pgcrypto UPDATE TO '99';
ALTER EXTENSION no_such_extension UPDATE;
ALTER EXTENSION btree_gist SET SCHEMA public;
ALTER EXTENSION plpgsql SET SCHEMA public;
DROP EXTENSION no_such_extension;
DROP EXTENSION btree_gist, pgcrypto;
CREATE EXTENSION;
DROP EXTENSION IF NOT EXISTS pgcrypto;
