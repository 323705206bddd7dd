-- Sizes of what there is not.

CREATE TABLE oracle_sized_wrong (id int PRIMARY KEY);
SELECT pg_relation_size('oracle_sized_nowhere');
SELECT pg_total_relation_size('nowhere.oracle_sized');
SELECT pg_relation_size('oracle_sized_wrong', 'nope');
SELECT pg_relation_size('oracle_sized_wrong', 'MAIN');
SELECT pg_relation_size('pg_tables', 'nope');
SELECT pg_relation_size('oracle_sized_wrong', 1);
SELECT pg_relation_size();
SELECT pg_table_size('oracle_sized_wrong', 'main');
SELECT pg_indexes_size('oracle_sized_nowhere');
SELECT pg_database_size('oracle_nowhere');
SELECT pg_database_size('oracle_nowhere'::name);
SELECT pg_tablespace_size('oracle_nowhere');
SELECT pg_database_size('');
