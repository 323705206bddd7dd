-- schema: moods
-- ALTER COLUMN TYPE from and to enums, as migrations write it.

CREATE TYPE oracle_role AS ENUM ('user', 'admin', 'root');
CREATE TYPE oracle_role_new AS ENUM ('admin', 'user', 'guest');
CREATE TABLE oracle_retyped (id int PRIMARY KEY, role oracle_role NOT NULL DEFAULT 'user', name text DEFAULT 'sad', short varchar(5));
INSERT INTO oracle_retyped VALUES (1, 'user', 'sad', 'ok'), (2, 'admin', 'happy', 'a'), (3, 'admin', NULL, NULL);
ALTER TABLE oracle_retyped ALTER COLUMN role DROP DEFAULT;
ALTER TABLE oracle_retyped ALTER COLUMN role TYPE oracle_role_new USING (role::text::oracle_role_new);
ALTER TYPE oracle_role RENAME TO oracle_role_old;
ALTER TYPE oracle_role_new RENAME TO oracle_role;
DROP TYPE oracle_role_old;
ALTER TABLE oracle_retyped ALTER COLUMN role SET DEFAULT 'guest';
INSERT INTO oracle_retyped (id) VALUES (4);
SELECT id, role::text FROM oracle_retyped ORDER BY oracle_retyped.role, id;
SELECT id FROM oracle_retyped WHERE role > 'admin' ORDER BY id;
SELECT column_name, data_type, udt_name, column_default FROM information_schema.columns WHERE table_name = 'oracle_retyped' ORDER BY ordinal_position;
ALTER TABLE oracle_retyped ALTER COLUMN name DROP DEFAULT, ALTER COLUMN name TYPE oracle_mood USING name::oracle_mood, ALTER COLUMN name SET DEFAULT 'ok';
ALTER TABLE oracle_retyped ALTER short TYPE oracle_mood USING short::oracle_mood;
INSERT INTO oracle_retyped (id, short) VALUES (5, 'happy');
SELECT id, name, short FROM oracle_retyped ORDER BY short DESC, name, id;
ALTER TABLE oracle_retyped RENAME COLUMN short TO brief;
ALTER TABLE oracle_retyped RENAME TO oracle_retyped2;
SELECT max(brief), min(name) FROM oracle_retyped2;
SELECT udt_name FROM information_schema.columns WHERE table_name = 'oracle_retyped2' ORDER BY ordinal_position;
ALTER TABLE oracle_retyped2 ALTER brief TYPE text;
ALTER TABLE oracle_retyped2 ALTER COLUMN role DROP DEFAULT, ALTER COLUMN role TYPE varchar(20) USING role::text;
INSERT INTO oracle_retyped2 (id, role, brief) VALUES (6, 'anything at all', 'and so on, longer than any label might ever be, since a label ends after 63 bytes');
SELECT id, role, brief FROM oracle_retyped2 ORDER BY brief, id;
SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 'oracle_retyped2'::regclass AND attnum > 0 ORDER BY attnum;
ALTER TABLE oracle_retyped2 DROP COLUMN brief;
ALTER TABLE oracle_retyped2 ADD COLUMN brief int;
SELECT udt_name FROM information_schema.columns WHERE table_name = 'oracle_retyped2' AND column_name = 'brief';
DROP TABLE oracle_retyped2;
CREATE TABLE oracle_retyped2 (id int, role text);
SELECT udt_name FROM information_schema.columns WHERE table_name = 'oracle_retyped2' ORDER BY ordinal_position;
DROP TABLE oracle_retyped2;
DROP TYPE oracle_role;
