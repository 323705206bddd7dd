-- pg_catalog.pg_roles
SELECT oid, rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication, rolconnlimit,
       '********' AS rolpassword, rolvaliduntil, rolbypassrls
FROM pgc.pg_authid

-- pg_catalog.pg_shadow
SELECT rolname AS usename, oid AS usesysid, rolcreatedb AS usecreatedb, rolsuper AS usesuper, rolreplication AS userepl,
       rolbypassrls AS usebypassrls, rolpassword AS passwd, rolvaliduntil AS valuntil
FROM pgc.pg_authid WHERE rolcanlogin

-- pg_catalog.pg_user
SELECT usename, usesysid, usecreatedb, usesuper, userepl, usebypassrls, '********' AS passwd, valuntil, useconfig
FROM pgc.pg_shadow

-- pg_catalog.pg_group
SELECT rolname AS groname, oid AS grosysid,
       coalesce((SELECT list(member ORDER BY member) FROM pgc.pg_auth_members WHERE roleid = a.oid), []) AS grolist
FROM pgc.pg_authid a WHERE NOT rolcanlogin

-- pg_catalog.pg_rules
SELECT n.nspname AS schemaname, c.relname AS tablename, r.rulename, pgf_pg_get_ruledef_1(r.oid, pgx.path()) AS definition
FROM pgc.pg_rewrite r JOIN pgc.pg_class c ON c.oid = r.ev_class JOIN pgc.pg_namespace n ON n.oid = c.relnamespace
WHERE r.rulename <> '_RETURN'

-- pg_catalog.pg_views
SELECT n.nspname AS schemaname, c.relname AS viewname, pgx.role_name(c.relowner) AS viewowner,
       pgf_pg_get_viewdef_1(c.oid, pgx.path()) AS definition
FROM pgc.pg_class c JOIN pgc.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'v'

-- pg_catalog.pg_tables
SELECT n.nspname AS schemaname, c.relname AS tablename, pgx.role_name(c.relowner) AS tableowner, t.spcname AS tablespace,
       c.relhasindex AS hasindexes, c.relhasrules AS hasrules, c.relhastriggers AS hastriggers, c.relrowsecurity AS rowsecurity
FROM pgc.pg_class c JOIN pgc.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pgc.pg_tablespace t ON t.oid = c.reltablespace
WHERE c.relkind IN ('r', 'p')

-- pg_catalog.pg_indexes
SELECT n.nspname AS schemaname, c.relname AS tablename, i.relname AS indexname, t.spcname AS tablespace, d.text AS indexdef
FROM pgc.pg_index x JOIN pgc.pg_class c ON c.oid = x.indrelid JOIN pgc.pg_class i ON i.oid = x.indexrelid
JOIN pgc.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pgc.pg_tablespace t ON t.oid = i.reltablespace
LEFT JOIN pgx.definition d ON d.classid = 1259 AND d.objid = i.oid
WHERE c.relkind IN ('r', 'm', 'p')

-- pg_catalog.pg_sequences
SELECT n.nspname AS schemaname, c.relname AS sequencename, pgx.role_name(c.relowner) AS sequenceowner, s.seqtypid AS data_type,
       s.seqstart AS start_value, s.seqmin AS min_value, s.seqmax AS max_value, s.seqincrement AS increment_by,
       s.seqcycle AS cycle, s.seqcache AS cache_size
FROM pgc.pg_sequence s JOIN pgc.pg_class c ON c.oid = s.seqrelid JOIN pgc.pg_namespace n ON n.oid = c.relnamespace

-- pg_catalog.pg_stat_all_tables
SELECT c.oid AS relid, n.nspname AS schemaname, c.relname,
       CASE WHEN c.reltuples >= 0 AND c.oid >= 16384 THEN c.reltuples END AS n_live_tup
FROM pgc.pg_class c JOIN pgc.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 't', 'm', 'p')

-- pg_catalog.pg_stat_sys_tables
SELECT * FROM pgc.pg_stat_all_tables WHERE schemaname IN ('pg_catalog', 'information_schema') OR schemaname LIKE 'pg\_toast%' ESCAPE '\'

-- pg_catalog.pg_stat_user_tables
SELECT * FROM pgc.pg_stat_all_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema') AND schemaname NOT LIKE 'pg\_toast%' ESCAPE '\'

-- pg_catalog.pg_stat_xact_all_tables
SELECT relid, schemaname, relname FROM pgc.pg_stat_all_tables

-- pg_catalog.pg_stat_xact_sys_tables
SELECT relid, schemaname, relname FROM pgc.pg_stat_sys_tables

-- pg_catalog.pg_stat_xact_user_tables
SELECT relid, schemaname, relname FROM pgc.pg_stat_user_tables

-- pg_catalog.pg_statio_all_tables
SELECT relid, schemaname, relname FROM pgc.pg_stat_all_tables

-- pg_catalog.pg_statio_sys_tables
SELECT relid, schemaname, relname FROM pgc.pg_stat_sys_tables

-- pg_catalog.pg_statio_user_tables
SELECT relid, schemaname, relname FROM pgc.pg_stat_user_tables

-- pg_catalog.pg_stat_all_indexes
SELECT c.oid AS relid, i.oid AS indexrelid, n.nspname AS schemaname, c.relname, i.relname AS indexrelname
FROM pgc.pg_index x JOIN pgc.pg_class c ON c.oid = x.indrelid JOIN pgc.pg_class i ON i.oid = x.indexrelid
JOIN pgc.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 't', 'm')

-- pg_catalog.pg_stat_sys_indexes
SELECT * FROM pgc.pg_stat_all_indexes WHERE schemaname IN ('pg_catalog', 'information_schema') OR schemaname LIKE 'pg\_toast%' ESCAPE '\'

-- pg_catalog.pg_stat_user_indexes
SELECT * FROM pgc.pg_stat_all_indexes WHERE schemaname NOT IN ('pg_catalog', 'information_schema') AND schemaname NOT LIKE 'pg\_toast%' ESCAPE '\'

-- pg_catalog.pg_statio_all_indexes
SELECT relid, indexrelid, schemaname, relname, indexrelname FROM pgc.pg_stat_all_indexes

-- pg_catalog.pg_statio_sys_indexes
SELECT relid, indexrelid, schemaname, relname, indexrelname FROM pgc.pg_stat_sys_indexes

-- pg_catalog.pg_statio_user_indexes
SELECT relid, indexrelid, schemaname, relname, indexrelname FROM pgc.pg_stat_user_indexes

-- pg_catalog.pg_statio_all_sequences
SELECT c.oid AS relid, n.nspname AS schemaname, c.relname
FROM pgc.pg_class c JOIN pgc.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'S'

-- pg_catalog.pg_statio_sys_sequences
SELECT relid, schemaname, relname FROM pgc.pg_statio_all_sequences WHERE relid < 16384

-- pg_catalog.pg_statio_user_sequences
SELECT relid, schemaname, relname FROM pgc.pg_statio_all_sequences WHERE relid >= 16384

-- pg_catalog.pg_stat_database
SELECT oid AS datid, datname FROM pgc.pg_database

-- pg_catalog.pg_stat_database_conflicts
SELECT oid AS datid, datname FROM pgc.pg_database

-- pg_catalog.pg_stat_bgwriter
SELECT NULL::BIGINT AS checkpoints_timed

-- pg_catalog.pg_stat_archiver
SELECT NULL::BIGINT AS archived_count

-- pg_catalog.pg_stat_wal
SELECT NULL::BIGINT AS wal_records

-- pg_catalog.pg_available_extensions
SELECT a.name, a.version AS default_version, e.extversion AS installed_version, a.comment
FROM pgx.extension a LEFT JOIN pgc.pg_extension e ON e.extname = a.name

-- pg_catalog.pg_available_extension_versions
SELECT a.name, a.version, e.oid IS NOT NULL AS installed, true AS superuser, a.trusted, a.name <> 'plpgsql' AS relocatable,
       CASE WHEN a.name = 'plpgsql' THEN 'pg_catalog' END AS schema, a.comment
FROM pgx.extension a LEFT JOIN pgc.pg_extension e ON e.extname = a.name
