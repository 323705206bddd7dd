-- Sizes of what is stored, as far as they are the same everywhere.

CREATE TABLE oracle_sized (id int PRIMARY KEY, a text);
CREATE INDEX oracle_sized_a ON oracle_sized (a);
CREATE VIEW oracle_sized_view AS SELECT id FROM oracle_sized;
INSERT INTO oracle_sized VALUES (1, 'x');
SELECT pg_relation_size('oracle_sized') > 0, pg_table_size('oracle_sized') > 0, pg_indexes_size('oracle_sized') > 0, pg_total_relation_size('oracle_sized') > 0;
SELECT pg_total_relation_size('oracle_sized') = pg_table_size('oracle_sized') + pg_indexes_size('oracle_sized') AS total, pg_relation_size('oracle_sized', 'main') = pg_relation_size('oracle_sized') AS main;
SELECT pg_relation_size('oracle_sized_a') = pg_total_relation_size('oracle_sized_a'), pg_indexes_size('oracle_sized_a'), pg_relation_size('oracle_sized_a') > 0;
SELECT pg_indexes_size('oracle_sized') = (SELECT sum(pg_relation_size(indexrelid)) FROM pg_index WHERE indrelid = 'oracle_sized'::regclass) AS each;
SELECT pg_relation_size('oracle_sized_view'), pg_table_size('oracle_sized_view'), pg_indexes_size('oracle_sized_view'), pg_total_relation_size('oracle_sized_view');
SELECT pg_relation_size('pg_tables'), pg_relation_size('oracle_sized', 'init'), pg_relation_size('oracle_sized_view', 'fsm');
SELECT pg_relation_size(99999999), pg_relation_size(99999999, 'nope'), pg_total_relation_size(99999999), pg_table_size(99999999), pg_indexes_size(99999999);
SELECT pg_relation_size(NULL::regclass), pg_relation_size('oracle_sized', NULL), pg_database_size(NULL::oid), pg_database_size(NULL::name);
SELECT pg_database_size(99999999::oid), pg_tablespace_size(99999999::oid), pg_database_size(current_database()) > 0;
SELECT pg_database_size(d.oid) = pg_database_size(d.datname) AS same FROM pg_database d WHERE datname = current_database();
SELECT relname, pg_relation_size(oid) > 0 AS stored FROM pg_class WHERE relname IN ('oracle_sized', 'oracle_sized_a', 'oracle_sized_view') ORDER BY relname;
SELECT relname FROM pg_class WHERE relname IN ('oracle_sized', 'oracle_sized_a', 'oracle_sized_view') AND pg_total_relation_size(oid) = 0;
SELECT pg_typeof(pg_relation_size('oracle_sized'))::text, pg_typeof(pg_size_pretty(pg_total_relation_size('oracle_sized')))::text;
SELECT pg_relation_size($1::regclass) > 0 AS r, pg_total_relation_size($1) > 0 AS t; -- with: oracle_sized
SELECT pg_relation_size($1::regclass, $2) AS fork; -- with: oracle_sized | init
SELECT count(*) > 0 AS any FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND relkind = 'r' HAVING sum(pg_total_relation_size(c.oid)) > 0;
