-- Queries of user objects whose rows are the same on PostgreSQL: one per paragraph, with the reason where a column is left out.

select n.nspname, c.relname, c.relkind::text, c.relnatts, c.relhasindex, c.relhastriggers, c.relpersistence::text, c.relreplident::text, c.relhasrules, c.relispopulated, a.amname
from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace left join pg_catalog.pg_am a on a.oid = c.relam
where n.nspname in ('public', 'sales')

select c.relname, a.attname, t.typname, a.attnum, a.attlen, a.atttypmod, a.attndims, a.attbyval, a.attalign::text, a.attstorage::text, a.attnotnull, a.atthasdef, a.attidentity::text, a.attgenerated::text, a.attislocal, l.collname
from pg_catalog.pg_attribute a join pg_catalog.pg_class c on c.oid = a.attrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
join pg_catalog.pg_type t on t.oid = a.atttypid left join pg_catalog.pg_collation l on l.oid = a.attcollation
where n.nspname in ('public', 'sales')

select n.nspname, t.typname, t.typlen, t.typbyval, t.typtype::text, t.typcategory::text, t.typispreferred, t.typisdefined, t.typdelim::text, c.relname, e.typname, r.typname, i.proname, o.proname, rv.proname, sd.proname, an.proname, t.typalign::text, t.typstorage::text, t.typnotnull, t.typtypmod, t.typndims
from pg_catalog.pg_type t join pg_catalog.pg_namespace n on n.oid = t.typnamespace left join pg_catalog.pg_class c on c.oid = t.typrelid
left join pg_catalog.pg_type e on e.oid = t.typelem left join pg_catalog.pg_type r on r.oid = t.typarray
join pg_catalog.pg_proc i on i.oid = t.typinput join pg_catalog.pg_proc o on o.oid = t.typoutput
join pg_catalog.pg_proc rv on rv.oid = t.typreceive join pg_catalog.pg_proc sd on sd.oid = t.typsend
left join pg_catalog.pg_proc an on an.oid = t.typanalyze
where n.nspname in ('public', 'sales') and t.typname not like '%vec%'

select i.relname, c.relname, x.indnatts, x.indnkeyatts, x.indisunique, x.indnullsnotdistinct, x.indisprimary, x.indimmediate, x.indisvalid, x.indisready, x.indislive, x.indkey[KEY0], x.indkey[KEY1], x.indoption[KEY0], o.opcname, l.collname
from pg_catalog.pg_index x join pg_catalog.pg_class i on i.oid = x.indexrelid join pg_catalog.pg_class c on c.oid = x.indrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace join pg_catalog.pg_opclass o on o.oid = x.indclass[KEY0]
left join pg_catalog.pg_collation l on l.oid = x.indcollation[KEY0]
where n.nspname in ('public', 'sales')

select o.conname, n.nspname, o.contype::text, o.condeferrable, o.condeferred, o.convalidated, c.relname, i.relname, f.relname, o.confupdtype::text, o.confdeltype::text, o.confmatchtype::text, o.conislocal, o.connoinherit, o.conkey[1], o.conkey[2], o.confkey[1], p.oprname, p.oid::int
from pg_catalog.pg_constraint o join pg_catalog.pg_namespace n on n.oid = o.connamespace join pg_catalog.pg_class c on c.oid = o.conrelid
left join pg_catalog.pg_class i on i.oid = o.conindid left join pg_catalog.pg_class f on f.oid = o.confrelid
left join pg_catalog.pg_operator p on p.oid = o.conpfeqop[1]
where n.nspname in ('public', 'sales')

select c.relname, t.typname, s.seqstart, s.seqincrement, s.seqmax, s.seqmin, s.seqcache, s.seqcycle
from pg_catalog.pg_sequence s join pg_catalog.pg_class c on c.oid = s.seqrelid join pg_catalog.pg_type t on t.oid = s.seqtypid

select r.rulename, c.relname, r.ev_type::text, r.ev_enabled::text, r.is_instead
from pg_catalog.pg_rewrite r join pg_catalog.pg_class c on c.oid = r.ev_class join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where n.nspname in ('public', 'sales')

select c.relname, f.relname, d.refobjsubid, d.deptype::text
from pg_catalog.pg_depend d join pg_catalog.pg_class c on c.oid = d.objid and d.classid = 1259 join pg_catalog.pg_class f on f.oid = d.refobjid and d.refclassid = 1259
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where n.nspname in ('public', 'sales')

select o.conname, c.relname, d.refobjsubid, d.deptype::text
from pg_catalog.pg_depend d join pg_catalog.pg_constraint o on o.oid = d.objid and d.classid = 2606 join pg_catalog.pg_class c on c.oid = d.refobjid and d.refclassid = 1259
join pg_catalog.pg_namespace n on n.oid = o.connamespace
where n.nspname in ('public', 'sales')

select c.relname, f.relname, d.refobjsubid, d.deptype::text
from pg_catalog.pg_depend d join pg_catalog.pg_rewrite r on r.oid = d.objid and d.classid = 2618 join pg_catalog.pg_class c on c.oid = r.ev_class
join pg_catalog.pg_class f on f.oid = d.refobjid and d.refclassid = 1259 join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where n.nspname in ('public', 'sales') and f.oid <> c.oid

select c.relname, t.typname, o.typname, d.deptype::text
from pg_catalog.pg_depend d join pg_catalog.pg_type t on t.oid = d.objid and d.classid = 1247 left join pg_catalog.pg_class c on c.oid = d.refobjid and d.refclassid = 1259
left join pg_catalog.pg_type o on o.oid = d.refobjid and d.refclassid = 1247 join pg_catalog.pg_namespace n on n.oid = t.typnamespace
where n.nspname in ('public', 'sales') and t.typname not like '%vec%'

select schemaname, tablename, tablespace, hasindexes, hasrules, hastriggers, rowsecurity from pg_catalog.pg_tables where schemaname in ('public', 'sales')

select * from pg_catalog.pg_indexes where schemaname in ('public', 'sales')

-- last_value: IRIS counts by itself
select schemaname, sequencename, start_value, min_value, max_value, increment_by, cycle, cache_size from pg_catalog.pg_sequences

select schemaname, viewname from pg_catalog.pg_views where schemaname in ('public', 'sales')

select relname, schemaname from pg_catalog.pg_stat_user_tables

select relname, indexrelname from pg_catalog.pg_statio_user_indexes

-- is_updatable: PostgreSQL's views of one table are
select table_name, table_schema, table_type, self_referencing_column_name, user_defined_type_name, is_typed from information_schema.tables where table_schema in ('public', 'sales')

select table_name, column_name, ordinal_position, column_default, is_nullable, data_type, character_maximum_length, character_octet_length, numeric_precision, numeric_precision_radix, numeric_scale, datetime_precision, interval_type, interval_precision, collation_name, domain_name, udt_schema, udt_name, dtd_identifier, is_self_referencing, is_identity, identity_generation, identity_start, identity_increment, identity_maximum, identity_minimum, identity_cycle, is_generated, generation_expression
from information_schema.columns where table_schema in ('public', 'sales')

-- checks: IRIS has none; those of NOT NULL are named by OIDs
select constraint_name, table_schema, table_name, constraint_type, is_deferrable, initially_deferred, enforced from information_schema.table_constraints
where table_schema in ('public', 'sales') and constraint_type <> 'CHECK'

select substr(constraint_name, strpos(constraint_name, 'not_null')), table_name from information_schema.table_constraints
where table_schema in ('public', 'sales') and constraint_type = 'CHECK' and constraint_name like '%not_null'

select check_clause from information_schema.check_constraints where constraint_schema in ('public', 'sales') and constraint_name like '%not_null'

select constraint_name, table_name, column_name, ordinal_position, position_in_unique_constraint from information_schema.key_column_usage where table_schema in ('public', 'sales')

select table_name, column_name, constraint_schema, constraint_name from information_schema.constraint_column_usage where table_schema in ('public', 'sales')

select table_name, constraint_schema, constraint_name from information_schema.constraint_table_usage where table_schema in ('public', 'sales')

select constraint_schema, constraint_name, unique_constraint_schema, unique_constraint_name, match_option, update_rule, delete_rule from information_schema.referential_constraints

select view_name, table_schema, table_name from information_schema.view_table_usage where view_schema in ('public', 'sales')

select view_name, table_schema, table_name, column_name from information_schema.view_column_usage where view_schema in ('public', 'sales')

select sequence_schema, sequence_name, data_type, numeric_precision, numeric_precision_radix, numeric_scale, start_value, minimum_value, maximum_value, increment, cycle_option from information_schema.sequences

select object_name, object_type, collection_type_identifier, data_type, udt_name, dtd_identifier from information_schema.element_types where object_schema in ('public', 'sales') and object_type <> 'ROUTINE'

select schema_name from information_schema.schemata

select table_name, privilege_type, is_grantable, with_hierarchy from information_schema.table_privileges where table_schema in ('public', 'sales')
