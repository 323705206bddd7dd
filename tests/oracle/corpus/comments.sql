-- COMMENT ON, and who shows it.

CREATE TABLE oracle_told (id int PRIMARY KEY, a text, b int);
CREATE VIEW oracle_seen AS SELECT id FROM oracle_told;
CREATE SEQUENCE oracle_count;
COMMENT ON TABLE oracle_told IS 'the first';
COMMENT ON COLUMN oracle_told.a IS 'it''s a';
COMMENT ON COLUMN public.oracle_told.b IS E'two\nlines';
COMMENT ON VIEW oracle_seen IS 'a view';
COMMENT ON COLUMN oracle_seen.id IS 'its id';
COMMENT ON SEQUENCE oracle_count IS $$a sequence$$;
SELECT obj_description('oracle_told'::regclass), obj_description('oracle_seen'::regclass, 'pg_class'), obj_description('oracle_count'::regclass);
SELECT a.attname, col_description(a.attrelid, a.attnum) FROM pg_attribute a WHERE a.attrelid = 'oracle_told'::regclass AND a.attnum > 0 ORDER BY a.attnum;
SELECT objsubid, description FROM pg_description WHERE objoid = 'oracle_seen'::regclass ORDER BY 1;
COMMENT ON COLUMN oracle_told.b IS NULL;
COMMENT ON TABLE oracle_told IS 'the second';
SELECT objsubid, description FROM pg_description WHERE objoid = 'oracle_told'::regclass ORDER BY 1;
ALTER TABLE oracle_told RENAME COLUMN a TO c;
SELECT objsubid, description FROM pg_description WHERE objoid = 'oracle_told'::regclass ORDER BY 1;
ALTER SEQUENCE oracle_count RENAME TO oracle_recount;
SELECT obj_description('oracle_recount'::regclass);
DROP SEQUENCE oracle_recount;
CREATE SEQUENCE oracle_recount;
SELECT obj_description('oracle_recount'::regclass);
DROP SEQUENCE oracle_recount;
DROP VIEW oracle_seen;
DROP TABLE oracle_told;
CREATE TABLE oracle_told (id int);
SELECT count(*) FROM pg_description WHERE objoid = 'oracle_told'::regclass;
