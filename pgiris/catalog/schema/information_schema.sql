-- information_schema.information_schema_catalog_name
SELECT pgx.database() AS catalog_name

-- information_schema.schemata
SELECT pgx.database() AS catalog_name, n.nspname AS schema_name, pgx.role_name(n.nspowner) AS schema_owner
FROM pgc.pg_namespace n

-- information_schema.tables
SELECT pgx.database() AS table_catalog, n.nspname AS table_schema, c.relname AS table_name,
       CASE WHEN c.relkind = 'v' THEN 'VIEW' WHEN c.relpersistence = 't' THEN 'LOCAL TEMPORARY' ELSE 'BASE TABLE' END AS table_type,
       pgx.yes_or_no(c.relkind = 'r' OR c.oid IN (SELECT oid FROM pgx.updatable_view)) AS is_insertable_into, 'NO' AS is_typed
FROM pgc.pg_class c JOIN pgc.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'v') AND NOT pgx.is_hidden(n.nspname) AND pgx.sees(c.oid)

-- information_schema.columns
SELECT pgx.database() AS table_catalog, n.nspname AS table_schema, c.relname AS table_name, a.attname AS column_name,
       a.attnum AS ordinal_position, CASE WHEN contains(d.adbin, chr(3)) THEN split_part(d.adbin, chr(3), 1) ||
           CASE WHEN pgx.in_path(t.base_schema) THEN '' ELSE pgx.quoted(t.base_schema) || '.' END ||
           CASE WHEN t.data_type = 'ARRAY' THEN pgx.quoted(substr(t.base_name, 2)) || '[]' ELSE pgx.quoted(t.base_name) END
       WHEN d.adbin IS NULL OR NOT contains(d.adbin, chr(1)) THEN d.adbin WHEN pgx.in_path(q.schema) THEN q.plain
                                      ELSE q.qualified END AS column_default,
       pgx.yes_or_no(NOT a.attnotnull) AS is_nullable, t.data_type,
       pgx.character_length(t.base, CASE WHEN t.is_domain THEN t.typtypmod ELSE a.atttypmod END) AS character_maximum_length,
       pgx.octet_length(t.base, CASE WHEN t.is_domain THEN t.typtypmod ELSE a.atttypmod END) AS character_octet_length,
       pgx.numeric_precision(t.base, CASE WHEN t.is_domain THEN t.typtypmod ELSE a.atttypmod END) AS numeric_precision,
       pgx.numeric_radix(t.base) AS numeric_precision_radix,
       pgx.numeric_scale(t.base, CASE WHEN t.is_domain THEN t.typtypmod ELSE a.atttypmod END) AS numeric_scale,
       pgx.datetime_precision(t.base, CASE WHEN t.is_domain THEN t.typtypmod ELSE a.atttypmod END) AS datetime_precision,
       CASE WHEN o.oid IS NOT NULL THEN pgx.database() END AS collation_catalog, o.schema AS collation_schema,
       o.collname AS collation_name,
       CASE WHEN t.is_domain THEN pgx.database() END AS domain_catalog,
       CASE WHEN t.is_domain THEN t.domain_schema END AS domain_schema, CASE WHEN t.is_domain THEN t.typname END AS domain_name,
       pgx.database() AS udt_catalog, t.base_schema AS udt_schema, t.base_name AS udt_name,
       a.attnum::VARCHAR AS dtd_identifier, 'NO' AS is_self_referencing,
       pgx.yes_or_no(a.attidentity IN ('a', 'd')) AS is_identity,
       CASE a.attidentity WHEN 'a' THEN 'ALWAYS' WHEN 'd' THEN 'BY DEFAULT' END AS identity_generation,
       s.seqstart AS identity_start, s.seqincrement AS identity_increment, s.seqmax AS identity_maximum,
       s.seqmin AS identity_minimum, pgx.yes_or_no(s.seqcycle) AS identity_cycle,
       'NEVER' AS is_generated, pgx.yes_or_no(c.relkind = 'r' OR c.oid IN (SELECT oid FROM pgx.updatable_view)) AS is_updatable
FROM pgc.pg_class c JOIN pgc.pg_namespace n ON n.oid = c.relnamespace
JOIN pgc.pg_attribute a ON a.attrelid = c.oid JOIN pgx.shown_type t ON t.oid = a.atttypid
LEFT JOIN pgc.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
LEFT JOIN pgx.owned_sequence q ON q.relation = a.attrelid AND q.attribute = a.attnum
LEFT JOIN pgc.pg_sequence s ON s.seqrelid = q.sequence AND a.attidentity IN ('a', 'd')
LEFT JOIN (SELECT l.oid, l.collname, k.nspname AS schema FROM pgc.pg_collation l JOIN pgc.pg_namespace k ON k.oid = l.collnamespace
           WHERE l.collname <> 'default' OR k.nspname <> 'pg_catalog') o ON o.oid = a.attcollation
WHERE c.relkind IN ('r', 'v') AND a.attnum > 0 AND NOT a.attisdropped AND NOT pgx.is_hidden(n.nspname)
      AND pgx.sees_column(c.oid, a.attnum)

-- information_schema.table_constraints
SELECT pgx.database() AS constraint_catalog, k.nspname AS constraint_schema, o.conname AS constraint_name,
       pgx.database() AS table_catalog, n.nspname AS table_schema, c.relname AS table_name,
       CASE o.contype WHEN 'p' THEN 'PRIMARY KEY' WHEN 'u' THEN 'UNIQUE' WHEN 'f' THEN 'FOREIGN KEY' ELSE 'CHECK' END AS constraint_type,
       pgx.yes_or_no(o.condeferrable) AS is_deferrable, pgx.yes_or_no(o.condeferred) AS initially_deferred, 'YES' AS enforced,
       CASE WHEN o.contype = 'u' THEN 'YES' END AS nulls_distinct
FROM pgc.pg_constraint o JOIN pgc.pg_class c ON c.oid = o.conrelid JOIN pgc.pg_namespace n ON n.oid = c.relnamespace
JOIN pgc.pg_namespace k ON k.oid = o.connamespace
WHERE o.contype IN ('p', 'u', 'f', 'c') AND c.relkind IN ('r', 'p')
UNION ALL
SELECT pgx.database(), n.nspname, concat_ws('_', n.oid, c.oid, a.attnum, 'not_null'), pgx.database(), n.nspname, c.relname, 'CHECK',
       'NO', 'NO', 'YES', NULL
FROM pgc.pg_class c JOIN pgc.pg_namespace n ON n.oid = c.relnamespace JOIN pgc.pg_attribute a ON a.attrelid = c.oid
WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND a.attnotnull AND NOT a.attisdropped AND NOT pgx.is_hidden(n.nspname)

-- information_schema.check_constraints
SELECT pgx.database() AS constraint_catalog, n.nspname AS constraint_schema, o.conname AS constraint_name,
       '(' || o.condition || ')' AS check_clause
FROM (SELECT x.oid, x.conname, x.connamespace, string_agg(CASE WHEN x.place = 1 THEN x.piece ELSE
          CASE WHEN pgx.in_path(s.nspname) THEN '' ELSE pgx.quoted(s.nspname) || '.' END ||
          CASE WHEN t.typelem = 0 THEN pgx.quoted(t.typname) ELSE pgx.quoted(substr(t.typname, 2)) || '[]' END ||
          split_part(x.piece, chr(2), 2) END, '' ORDER BY x.place) AS condition
      FROM (SELECT oid, conname, connamespace, unnest(string_split(conbin, chr(3))) AS piece,
                   generate_subscripts(string_split(conbin, chr(3)), 1) AS place
            FROM pgc.pg_constraint WHERE contype = 'c') x
      LEFT JOIN pgc.pg_type t ON x.place > 1 AND t.oid = TRY_CAST(split_part(x.piece, chr(2), 1) AS UINTEGER)
      LEFT JOIN pgc.pg_namespace s ON s.oid = t.typnamespace GROUP BY ALL) o
JOIN pgc.pg_namespace n ON n.oid = o.connamespace
UNION ALL
SELECT pgx.database(), n.nspname, concat_ws('_', n.oid, c.oid, a.attnum, 'not_null'), a.attname || ' IS NOT NULL'
FROM pgc.pg_class c JOIN pgc.pg_namespace n ON n.oid = c.relnamespace JOIN pgc.pg_attribute a ON a.attrelid = c.oid
WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND a.attnotnull AND NOT a.attisdropped AND NOT pgx.is_hidden(n.nspname)

-- information_schema.key_column_usage
SELECT pgx.database() AS constraint_catalog, k.nspname AS constraint_schema, o.conname AS constraint_name,
       pgx.database() AS table_catalog, n.nspname AS table_schema, c.relname AS table_name, a.attname AS column_name,
       o.place AS ordinal_position, CASE WHEN o.contype = 'f' THEN list_position(x.conkey, o.other) END AS position_in_unique_constraint
FROM (SELECT *, unnest(conkey) AS number, unnest(confkey) AS other, generate_subscripts(conkey, 1) AS place
      FROM pgc.pg_constraint WHERE contype IN ('p', 'u', 'f')) o
JOIN pgc.pg_class c ON c.oid = o.conrelid JOIN pgc.pg_namespace n ON n.oid = c.relnamespace
JOIN pgc.pg_namespace k ON k.oid = o.connamespace
JOIN pgc.pg_attribute a ON a.attrelid = c.oid AND a.attnum = o.number
LEFT JOIN pgc.pg_constraint x ON x.conindid = o.conindid AND x.contype IN ('p', 'u') AND o.contype = 'f'
WHERE c.relkind IN ('r', 'p')

-- information_schema.constraint_column_usage
SELECT DISTINCT pgx.database() AS table_catalog, n.nspname AS table_schema, c.relname AS table_name, a.attname AS column_name,
       pgx.database() AS constraint_catalog, k.nspname AS constraint_schema, o.conname AS constraint_name
FROM (SELECT conname, connamespace, CASE WHEN contype = 'f' THEN confrelid ELSE conrelid END AS relation,
             unnest(CASE WHEN contype = 'f' THEN confkey ELSE conkey END) AS number
      FROM pgc.pg_constraint WHERE contype IN ('p', 'u', 'f', 'c') AND conrelid <> 0) o
JOIN pgc.pg_class c ON c.oid = o.relation JOIN pgc.pg_namespace n ON n.oid = c.relnamespace
JOIN pgc.pg_namespace k ON k.oid = o.connamespace
JOIN pgc.pg_attribute a ON a.attrelid = c.oid AND a.attnum = o.number

-- information_schema.constraint_table_usage
SELECT pgx.database() AS table_catalog, n.nspname AS table_schema, c.relname AS table_name,
       pgx.database() AS constraint_catalog, k.nspname AS constraint_schema, o.conname AS constraint_name
FROM pgc.pg_constraint o JOIN pgc.pg_class c ON c.oid = CASE WHEN o.contype = 'f' THEN o.confrelid ELSE o.conrelid END
JOIN pgc.pg_namespace n ON n.oid = c.relnamespace JOIN pgc.pg_namespace k ON k.oid = o.connamespace
WHERE o.contype IN ('p', 'u', 'f')

-- information_schema.referential_constraints
SELECT pgx.database() AS constraint_catalog, k.nspname AS constraint_schema, o.conname AS constraint_name,
       CASE WHEN x.oid IS NOT NULL THEN pgx.database() END AS unique_constraint_catalog, xn.nspname AS unique_constraint_schema,
       x.conname AS unique_constraint_name,
       CASE o.confmatchtype WHEN 'f' THEN 'FULL' WHEN 'p' THEN 'PARTIAL' ELSE 'NONE' END AS match_option,
       pgx.action(o.confupdtype) AS update_rule, pgx.action(o.confdeltype) AS delete_rule
FROM pgc.pg_constraint o JOIN pgc.pg_namespace k ON k.oid = o.connamespace
LEFT JOIN pgc.pg_constraint x ON x.conindid = o.conindid AND x.contype IN ('p', 'u')
LEFT JOIN pgc.pg_namespace xn ON xn.oid = x.connamespace
WHERE o.contype = 'f'

-- information_schema.views
SELECT pgx.database() AS table_catalog, n.nspname AS table_schema, c.relname AS table_name,
       pgf_pg_get_viewdef_1(c.oid, pgx.path()) AS view_definition,
       CASE WHEN list_contains(c.reloptions, 'check_option=cascaded') THEN 'CASCADED'
            WHEN list_contains(c.reloptions, 'check_option=local') THEN 'LOCAL' ELSE 'NONE' END AS check_option,
       pgx.yes_or_no(u.oid IS NOT NULL) AS is_updatable, pgx.yes_or_no(u.oid IS NOT NULL) AS is_insertable_into, 'NO' AS is_trigger_updatable,
       'NO' AS is_trigger_deletable, 'NO' AS is_trigger_insertable_into
FROM pgc.pg_class c JOIN pgc.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pgx.updatable_view u ON u.oid = c.oid
WHERE c.relkind = 'v' AND pgx.sees(c.oid)

-- information_schema.view_column_usage
SELECT DISTINCT pgx.database() AS view_catalog, vn.nspname AS view_schema, v.relname AS view_name, pgx.database() AS table_catalog,
       tn.nspname AS table_schema, t.relname AS table_name, a.attname AS column_name
FROM pgc.pg_depend d JOIN pgc.pg_rewrite r ON r.oid = d.objid JOIN pgc.pg_class v ON v.oid = r.ev_class
JOIN pgc.pg_namespace vn ON vn.oid = v.relnamespace
JOIN pgc.pg_class t ON t.oid = d.refobjid JOIN pgc.pg_namespace tn ON tn.oid = t.relnamespace
JOIN pgc.pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
WHERE d.classid = 2618 AND d.refclassid = 1259 AND d.deptype = 'n' AND v.relkind = 'v' AND t.relkind IN ('r', 'v')
    AND v.oid <> t.oid

-- information_schema.view_table_usage
SELECT DISTINCT pgx.database() AS view_catalog, vn.nspname AS view_schema, v.relname AS view_name, pgx.database() AS table_catalog,
       tn.nspname AS table_schema, t.relname AS table_name
FROM pgc.pg_depend d JOIN pgc.pg_rewrite r ON r.oid = d.objid JOIN pgc.pg_class v ON v.oid = r.ev_class
JOIN pgc.pg_namespace vn ON vn.oid = v.relnamespace
JOIN pgc.pg_class t ON t.oid = d.refobjid JOIN pgc.pg_namespace tn ON tn.oid = t.relnamespace
WHERE d.classid = 2618 AND d.refclassid = 1259 AND d.deptype = 'n' AND v.relkind = 'v' AND t.relkind IN ('r', 'v')
    AND v.oid <> t.oid

-- information_schema.sequences
SELECT pgx.database() AS sequence_catalog, n.nspname AS sequence_schema, c.relname AS sequence_name, t.data_type,
       pgx.numeric_precision(t.base, -1) AS numeric_precision, 2 AS numeric_precision_radix, 0 AS numeric_scale,
       s.seqstart AS start_value, s.seqmin AS minimum_value, s.seqmax AS maximum_value, s.seqincrement AS increment,
       pgx.yes_or_no(s.seqcycle) AS cycle_option
FROM pgc.pg_sequence s JOIN pgc.pg_class c ON c.oid = s.seqrelid JOIN pgc.pg_namespace n ON n.oid = c.relnamespace
JOIN pgx.shown_type t ON t.oid = s.seqtypid
WHERE NOT EXISTS (SELECT 1 FROM pgc.pg_depend d WHERE d.classid = 1259 AND d.objid = c.oid AND d.deptype = 'i')

-- information_schema.domains
SELECT pgx.database() AS domain_catalog, t.domain_schema, t.typname AS domain_name, t.data_type,
       pgx.character_length(t.base, t.typtypmod) AS character_maximum_length,
       pgx.octet_length(t.base, t.typtypmod) AS character_octet_length,
       CASE WHEN l.collname <> 'default' THEN pgx.database() END AS collation_catalog,
       CASE WHEN l.collname <> 'default' THEN 'pg_catalog' END AS collation_schema,
       CASE WHEN l.collname <> 'default' THEN l.collname END AS collation_name,
       pgx.numeric_precision(t.base, t.typtypmod) AS numeric_precision, pgx.numeric_radix(t.base) AS numeric_precision_radix,
       pgx.numeric_scale(t.base, t.typtypmod) AS numeric_scale, pgx.datetime_precision(t.base, t.typtypmod) AS datetime_precision,
       p.typdefault AS domain_default, pgx.database() AS udt_catalog, t.base_schema AS udt_schema, t.base_name AS udt_name,
       '1' AS dtd_identifier
FROM pgx.shown_type t JOIN pgc.pg_type p ON p.oid = t.oid LEFT JOIN pgc.pg_collation l ON l.oid = t.typcollation
WHERE t.is_domain

-- information_schema.domain_constraints
SELECT pgx.database() AS constraint_catalog, n.nspname AS constraint_schema, o.conname AS constraint_name,
       pgx.database() AS domain_catalog, t.domain_schema, t.typname AS domain_name, 'NO' AS is_deferrable, 'NO' AS initially_deferred
FROM pgc.pg_constraint o JOIN pgx.shown_type t ON t.oid = o.contypid JOIN pgc.pg_namespace n ON n.oid = o.connamespace
WHERE o.contypid <> 0

-- information_schema.domain_udt_usage
SELECT pgx.database() AS udt_catalog, t.base_schema AS udt_schema, t.base_name AS udt_name, pgx.database() AS domain_catalog,
       t.domain_schema, t.typname AS domain_name
FROM pgx.shown_type t WHERE t.is_domain

-- information_schema.column_domain_usage
SELECT domain_catalog, domain_schema, domain_name, table_catalog, table_schema, table_name, column_name
FROM infs.columns WHERE domain_name IS NOT NULL

-- information_schema.column_udt_usage
SELECT udt_catalog, udt_schema, udt_name, table_catalog, table_schema, table_name, column_name FROM infs.columns

-- information_schema.element_types
SELECT pgx.database() AS object_catalog, x.schema AS object_schema, x.name AS object_name, x.kind AS object_type,
       x.place::VARCHAR AS collection_type_identifier, e.data_type,
       CASE WHEN l.collname <> 'default' THEN pgx.database() END AS collation_catalog,
       CASE WHEN l.collname <> 'default' THEN k.nspname END AS collation_schema,
       CASE WHEN l.collname <> 'default' THEN l.collname END AS collation_name,
       pgx.database() AS udt_catalog, e.base_schema AS udt_schema, e.base_name AS udt_name, 'a' || x.place AS dtd_identifier
FROM (SELECT n.nspname AS schema, c.relname AS name, 'TABLE' AS kind,
             a.attnum AS place, a.atttypid AS type, a.attcollation AS collation
      FROM pgc.pg_class c JOIN pgc.pg_namespace n ON n.oid = c.relnamespace JOIN pgc.pg_attribute a ON a.attrelid = c.oid
      WHERE c.relkind IN ('r', 'v') AND a.attnum > 0 AND NOT a.attisdropped AND NOT pgx.is_hidden(n.nspname)
      UNION ALL
      SELECT n.nspname, f.proname || '_' || f.oid, 'ROUTINE', f.place, f.argument, 0
      FROM pgx.argument f JOIN pgc.pg_namespace n ON n.oid = f.pronamespace
      UNION ALL
      SELECT n.nspname, f.proname || '_' || f.oid, 'ROUTINE', 0, f.prorettype, 0
      FROM pgc.pg_proc f JOIN pgc.pg_namespace n ON n.oid = f.pronamespace) x
JOIN pgc.pg_type t ON t.oid = x.type AND t.typelem <> 0 AND t.typlen = -1 JOIN pgx.shown_type e ON e.oid = t.typelem
LEFT JOIN pgc.pg_collation l ON l.oid = x.collation LEFT JOIN pgc.pg_namespace k ON k.oid = l.collnamespace

-- information_schema.data_type_privileges
SELECT table_catalog AS object_catalog, table_schema AS object_schema, table_name AS object_name, 'TABLE' AS object_type, dtd_identifier
FROM infs.columns
UNION ALL
SELECT domain_catalog, domain_schema, domain_name, 'DOMAIN', dtd_identifier FROM infs.domains
UNION ALL
SELECT specific_catalog, specific_schema, specific_name, 'ROUTINE', dtd_identifier FROM infs.parameters
UNION ALL
SELECT specific_catalog, specific_schema, specific_name, 'ROUTINE', dtd_identifier FROM infs.routines WHERE dtd_identifier IS NOT NULL

-- information_schema.character_sets
SELECT 'UTF8' AS character_set_name, 'UCS' AS character_repertoire, 'UTF8' AS form_of_use, pgx.database() AS default_collate_catalog

-- information_schema.collations
SELECT pgx.database() AS collation_catalog, n.nspname AS collation_schema, l.collname AS collation_name, 'NO PAD' AS pad_attribute
FROM pgc.pg_collation l JOIN pgc.pg_namespace n ON n.oid = l.collnamespace WHERE l.collencoding IN (-1, 6)

-- information_schema.collation_character_set_applicability
SELECT collation_catalog, collation_schema, collation_name, 'UTF8' AS character_set_name FROM infs.collations

-- information_schema.enabled_roles
SELECT name AS role_name FROM pgx.enabled_role

-- information_schema.applicable_roles
SELECT m.rolname AS grantee, r.rolname AS role_name, pgx.yes_or_no(a.admin_option) AS is_grantable
FROM pgc.pg_auth_members a JOIN pgc.pg_authid m ON m.oid = a.member JOIN pgc.pg_authid r ON r.oid = a.roleid

-- information_schema.administrable_role_authorizations
SELECT * FROM infs.applicable_roles WHERE is_grantable = 'YES'

-- information_schema.triggers
SELECT pgx.database() AS trigger_catalog, n.nspname AS trigger_schema, t.tgname AS trigger_name, e.name AS event_manipulation,
       pgx.database() AS event_object_catalog, n.nspname AS event_object_schema, c.relname AS event_object_table,
       (row_number() OVER (PARTITION BY n.nspname, c.relname, e.bit, t.tgtype & 1, t.tgtype & 66 ORDER BY t.tgname))::INTEGER AS action_order,
       nullif(regexp_extract(d.text, ' FOR EACH (?:ROW|STATEMENT) ?(.*)$', 1, 's'), '') AS action_statement,
       CASE WHEN t.tgtype & 1 = 1 THEN 'ROW' ELSE 'STATEMENT' END AS action_orientation,
       CASE WHEN t.tgtype & 2 = 2 THEN 'BEFORE' ELSE 'AFTER' END AS action_timing
FROM pgc.pg_trigger t JOIN pgc.pg_class c ON c.oid = t.tgrelid JOIN pgc.pg_namespace n ON n.oid = c.relnamespace
JOIN (VALUES (4, 'INSERT'), (8, 'DELETE'), (16, 'UPDATE')) AS e (bit, name) ON t.tgtype & e.bit <> 0
LEFT JOIN pgx.definition d ON d.classid = 2620 AND d.objid = t.oid
WHERE NOT t.tgisinternal AND NOT pgx.is_hidden(n.nspname)

-- information_schema.table_privileges
SELECT g.entry.grantor AS grantor, g.entry.grantee AS grantee, pgx.database() AS table_catalog, n.nspname AS table_schema,
       c.relname AS table_name, p.name AS privilege_type,
       pgx.yes_or_no(g.entry.is_owner OR contains(g.entry.letters, p.letter || '*')) AS is_grantable,
       pgx.yes_or_no(p.letter = 'r') AS with_hierarchy
FROM (SELECT c.oid, unnest(pgx.privileges(c.relacl, a.rolname, 'arwdDxt')) AS entry
      FROM pgc.pg_class c JOIN pgc.pg_authid a ON a.oid = c.relowner WHERE c.relkind IN ('r', 'v')) g
JOIN pgc.pg_class c ON c.oid = g.oid JOIN pgc.pg_namespace n ON n.oid = c.relnamespace
JOIN pgx.privilege p ON contains(g.entry.letters, p.letter) AND contains('arwdDxt', p.letter)
WHERE NOT pgx.is_hidden(n.nspname) AND pgx.shows(g.entry.grantor, g.entry.grantee)

-- information_schema.role_table_grants
SELECT * FROM infs.table_privileges
WHERE grantor IN (SELECT name FROM pgx.enabled_role) OR grantee IN (SELECT name FROM pgx.enabled_role)

-- information_schema.column_privileges
SELECT t.grantor, t.grantee, t.table_catalog, t.table_schema, t.table_name, a.attname AS column_name, t.privilege_type, t.is_grantable
FROM infs.table_privileges t JOIN pgc.pg_namespace n ON n.nspname = t.table_schema
JOIN pgc.pg_class c ON c.relnamespace = n.oid AND c.relname = t.table_name
JOIN pgc.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE t.privilege_type IN ('INSERT', 'SELECT', 'UPDATE', 'REFERENCES')
UNION
SELECT g.entry.grantor, g.entry.grantee, pgx.database(), n.nspname, c.relname, g.attname, p.name,
       pgx.yes_or_no(g.entry.is_owner OR contains(g.entry.letters, p.letter || '*'))
FROM (SELECT a.attrelid, a.attname, unnest(pgx.privileges(a.attacl, o.rolname, '')) AS entry
      FROM pgc.pg_attribute a JOIN pgc.pg_class c ON c.oid = a.attrelid JOIN pgc.pg_authid o ON o.oid = c.relowner
      WHERE a.attacl IS NOT NULL) g
JOIN pgc.pg_class c ON c.oid = g.attrelid JOIN pgc.pg_namespace n ON n.oid = c.relnamespace
JOIN pgx.privilege p ON contains(g.entry.letters, p.letter) AND contains('arwx', p.letter)
WHERE NOT pgx.is_hidden(n.nspname) AND pgx.shows(g.entry.grantor, g.entry.grantee)

-- information_schema.role_column_grants
SELECT * FROM infs.column_privileges
WHERE grantor IN (SELECT name FROM pgx.enabled_role) OR grantee IN (SELECT name FROM pgx.enabled_role)

-- information_schema.routine_privileges
SELECT g.entry.grantor AS grantor, g.entry.grantee AS grantee, pgx.database() AS specific_catalog, n.nspname AS specific_schema,
       g.proname || '_' || g.oid AS specific_name, pgx.database() AS routine_catalog, n.nspname AS routine_schema,
       g.proname AS routine_name, 'EXECUTE' AS privilege_type, pgx.yes_or_no(g.entry.is_owner) AS is_grantable
FROM (SELECT f.oid, f.proname, f.pronamespace,
             unnest(pgx.privileges(coalesce(f.proacl, ['=X/' || a.rolname, a.rolname || '=X/' || a.rolname]), a.rolname, 'X')) AS entry
      FROM pgc.pg_proc f JOIN pgc.pg_authid a ON a.oid = f.proowner) g JOIN pgc.pg_namespace n ON n.oid = g.pronamespace

-- information_schema.role_routine_grants
SELECT * FROM infs.routine_privileges
WHERE grantor = getvariable('pgiris_user')::VARCHAR OR grantee = getvariable('pgiris_user')::VARCHAR

-- information_schema.usage_privileges
SELECT pgx.role_name(l.collowner) AS grantor, 'PUBLIC' AS grantee, pgx.database() AS object_catalog, n.nspname AS object_schema,
       l.collname AS object_name, 'COLLATION' AS object_type, 'USAGE' AS privilege_type, 'NO' AS is_grantable
FROM pgc.pg_collation l JOIN pgc.pg_namespace n ON n.oid = l.collnamespace
UNION ALL
SELECT w.who, w.to_whom, pgx.database(), t.domain_schema, t.typname, 'DOMAIN', 'USAGE', pgx.yes_or_no(w.to_whom <> 'PUBLIC')
FROM pgx.shown_type t JOIN pgc.pg_type p ON p.oid = t.oid
JOIN LATERAL (SELECT pgx.role_name(p.typowner) AS who, unnest([pgx.role_name(p.typowner), 'PUBLIC']) AS to_whom) w ON true
WHERE t.is_domain
UNION ALL
SELECT pgx.role_name(c.relowner), pgx.role_name(c.relowner), pgx.database(), n.nspname, c.relname, 'SEQUENCE', 'USAGE', 'YES'
FROM pgc.pg_class c JOIN pgc.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'S'

-- information_schema.role_usage_grants
SELECT * FROM infs.usage_privileges
WHERE grantor = getvariable('pgiris_user')::VARCHAR OR grantee = getvariable('pgiris_user')::VARCHAR

-- information_schema.udt_privileges
SELECT w.who AS grantor, w.to_whom AS grantee, pgx.database() AS udt_catalog, n.nspname AS udt_schema, t.typname AS udt_name,
       'TYPE USAGE' AS privilege_type, pgx.yes_or_no(w.to_whom <> 'PUBLIC') AS is_grantable
FROM pgc.pg_type t JOIN pgc.pg_namespace n ON n.oid = t.typnamespace
JOIN LATERAL (SELECT pgx.role_name(t.typowner) AS who, unnest([pgx.role_name(t.typowner), 'PUBLIC']) AS to_whom) w ON true
WHERE t.typtype = 'c'

-- information_schema.role_udt_grants
SELECT * FROM infs.udt_privileges
WHERE grantor = getvariable('pgiris_user')::VARCHAR OR grantee = getvariable('pgiris_user')::VARCHAR

-- information_schema.routines
SELECT pgx.database() AS specific_catalog, n.nspname AS specific_schema, f.proname || '_' || f.oid AS specific_name,
       pgx.database() AS routine_catalog, n.nspname AS routine_schema, f.proname AS routine_name,
       CASE f.prokind WHEN 'f' THEN 'FUNCTION' WHEN 'p' THEN 'PROCEDURE' END AS routine_type,
       CASE WHEN f.prokind <> 'p' THEN t.data_type END AS data_type,
       CASE WHEN f.prokind <> 'p' THEN pgx.database() END AS type_udt_catalog,
       CASE WHEN f.prokind <> 'p' THEN t.base_schema END AS type_udt_schema,
       CASE WHEN f.prokind <> 'p' THEN t.typname END AS type_udt_name,
       CASE WHEN f.prokind <> 'p' THEN '0' END AS dtd_identifier,
       CASE WHEN l.lanname = 'sql' THEN 'SQL' ELSE 'EXTERNAL' END AS routine_body, f.prosrc AS routine_definition,
       CASE WHEN l.lanname = 'c' THEN f.prosrc END AS external_name, upper(l.lanname) AS external_language,
       'GENERAL' AS parameter_style, pgx.yes_or_no(f.provolatile = 'i') AS is_deterministic, 'MODIFIES' AS sql_data_access,
       CASE WHEN f.prokind <> 'p' THEN pgx.yes_or_no(f.proisstrict) END AS is_null_call, 'YES' AS schema_level_routine,
       0 AS max_dynamic_result_sets, CASE WHEN f.prosecdef THEN 'DEFINER' ELSE 'INVOKER' END AS security_type, 'NO' AS as_locator,
       'NO' AS is_udt_dependent
FROM pgc.pg_proc f JOIN pgc.pg_namespace n ON n.oid = f.pronamespace JOIN pgc.pg_language l ON l.oid = f.prolang
LEFT JOIN pgx.shown_type t ON t.oid = f.prorettype

-- information_schema.parameters
SELECT pgx.database() AS specific_catalog, n.nspname AS specific_schema, f.proname || '_' || f.oid AS specific_name,
       f.place AS ordinal_position,
       CASE coalesce(f.proargmodes[f.place], 'i') WHEN 'i' THEN 'IN' WHEN 'o' THEN 'OUT' WHEN 'b' THEN 'INOUT' WHEN 'v' THEN 'IN'
            ELSE 'OUT' END AS parameter_mode,
       'NO' AS is_result, 'NO' AS as_locator, nullif(f.proargnames[f.place], '') AS parameter_name, t.data_type,
       pgx.database() AS udt_catalog, t.base_schema AS udt_schema, t.base_name AS udt_name, f.place::VARCHAR AS dtd_identifier,
       d.text AS parameter_default
FROM pgx.argument f JOIN pgc.pg_namespace n ON n.oid = f.pronamespace JOIN pgx.shown_type t ON t.oid = f.argument
LEFT JOIN pgx.argument_default d ON d.oid = f.oid AND d.place = f.place

-- information_schema.routine_routine_usage
SELECT pgx.database() AS specific_catalog, n.nspname AS specific_schema, f.proname || '_' || f.oid AS specific_name,
       pgx.database() AS routine_catalog, m.nspname AS routine_schema, o.proname || '_' || o.oid AS routine_name
FROM pgc.pg_depend d JOIN pgc.pg_proc f ON f.oid = d.objid JOIN pgc.pg_namespace n ON n.oid = f.pronamespace
JOIN pgc.pg_proc o ON o.oid = d.refobjid JOIN pgc.pg_namespace m ON m.oid = o.pronamespace
WHERE d.classid = 1255 AND d.refclassid = 1255

-- information_schema.view_routine_usage
SELECT DISTINCT pgx.database() AS table_catalog, n.nspname AS table_schema, v.relname AS table_name,
       pgx.database() AS specific_catalog, m.nspname AS specific_schema, f.proname || '_' || f.oid AS specific_name
FROM pgc.pg_depend d JOIN pgc.pg_rewrite r ON r.oid = d.objid JOIN pgc.pg_class v ON v.oid = r.ev_class AND v.relkind = 'v'
JOIN pgc.pg_namespace n ON n.oid = v.relnamespace
JOIN pgc.pg_proc f ON f.oid = d.refobjid JOIN pgc.pg_namespace m ON m.oid = f.pronamespace
WHERE d.classid = 2618 AND d.refclassid = 1255

-- information_schema.user_defined_types
SELECT pgx.database() AS user_defined_type_catalog, n.nspname AS user_defined_type_schema, t.typname AS user_defined_type_name,
       'STRUCTURED' AS user_defined_type_category, 'YES' AS is_instantiable
FROM pgc.pg_type t JOIN pgc.pg_class c ON c.oid = t.typrelid AND c.relkind = 'c' JOIN pgc.pg_namespace n ON n.oid = t.typnamespace
