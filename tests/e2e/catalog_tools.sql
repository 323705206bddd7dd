SELECT (n.*)::text FROM pg_namespace n WHERE oid = 11

SELECT row(1, 'a', null)

SELECT to_json(c), to_jsonb(c.*) FROM pg_am c WHERE oid = 2

SELECT array_agg(row(amname, oid) ORDER BY oid) FROM pg_am WHERE oid < 500

SELECT array_agg((amname, oid)) FROM pg_am WHERE oid = 2

SELECT * FROM json_each_text('{"a":1,"b":"x"}'), json_array_elements('[1,2]') WITH ORDINALITY AS e(v, n)

SELECT a.attname, t.typname FROM pg_attribute a, pg_type t WHERE a.atttypid = t.oid AND a.attrelid = 'public.customer'::regclass AND attnum > 0 ORDER BY attnum

SELECT i.relname, (SELECT array_agg(a.attname ORDER BY k.n) FROM unnest(x.indkey) WITH ORDINALITY k(a, n) JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = k.a) FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid WHERE i.oid >= 16384 AND i.relnamespace = 'sales'::regnamespace ORDER BY 1

SELECT i.relname, idx.indkey::int2[], array_to_string(idx.indkey, ','), idx.indkey::text, string_to_array(idx.indkey::text, ' ')::int2[], idx.indkey[0:1], idx.indoption[0] & 1 FROM pg_index idx JOIN pg_class i ON i.oid = indexrelid WHERE indrelid = 'sales.order_item'::regclass ORDER BY 1

SELECT conname, conkey, pg_get_constraintdef(oid, true), conrelid::regclass::text, confrelid::regclass::text, conkey[1], array_length(conkey, 1), conkey @> ARRAY[1::int2], 1 = ANY(conkey) FROM pg_constraint WHERE connamespace = 'sales'::regnamespace ORDER BY 1

SELECT has_table_privilege(current_user, 'public.customer', 'SELECT'), has_schema_privilege(current_user, 'sales', 'CREATE'), has_database_privilege(current_database(), 'CONNECT'), has_column_privilege('public.customer', 'name', 'SELECT'), has_any_column_privilege('public.customer','UPDATE'), has_function_privilege('abs(int4)','execute'), has_type_privilege('int4','USAGE'), has_sequence_privilege('public.customer_id_seq','USAGE'), has_language_privilege('sql','USAGE'), has_tablespace_privilege('pg_default','CREATE'), has_server_privilege(1::oid,'USAGE')

SELECT has_table_privilege('public', 'public.customer', 'SELECT') IS NOT NULL, pg_has_role('pg_monitor', 'MEMBER') IS NOT NULL, pg_has_role(10, 'USAGE') IS NOT NULL, row_security_active('public.customer'::regclass)

SELECT pg_get_viewdef('public.active_customer'::regclass, 60) IS NOT NULL, pg_get_viewdef('public.active_customer') IS NOT NULL

SELECT pg_identify_object(1259, 1259, 0), pg_identify_object('pg_class'::regclass, 'public.customer'::regclass, 1)

SELECT * FROM pg_identify_object(1259, 'public.customer'::regclass, 0)

SELECT (pg_identify_object_as_address('pg_class'::regclass, 'public.customer'::regclass, 0)).*

SELECT (aclexplode(coalesce(relacl, acldefault('r', relowner)))).privilege_type FROM pg_class WHERE oid = 'public.customer'::regclass

SELECT (aclexplode('{=r/demo}'::aclitem[])).grantee, makeaclitem(10, 10, 'SELECT', false)::text <> ''

SELECT c.table_name, string_agg(c.column_name, ', ' ORDER BY c.ordinal_position) FROM information_schema.columns c WHERE c.table_schema = 'sales' GROUP BY c.table_name HAVING count(*) > 2 ORDER BY 1

SELECT c.column_name, c.is_nullable = 'YES', c.column_default FROM information_schema.columns c NATURAL JOIN information_schema.tables t WHERE t.table_schema = 'public' ORDER BY 1

SELECT CAST('customer' AS regclass)::oid = 'public.customer'::regclass, 'public."customer"'::regclass::text, CAST(CAST('sales.orders' AS text) AS regclass)

SELECT to_regclass('sales.orders')::text, to_regclass('nope.nope'), to_regtype('sales.orders')::text, to_regtype('int4[]')::oid, 'sales.orders'::regtype, 'sales.orders[]'::regtype

SELECT EXISTS (SELECT 1 FROM pg_class WHERE relname = 'customer'), NOT EXISTS (SELECT FROM pg_class WHERE relname = 'nope')

SELECT EXISTS (SELECT FROM information_schema.tables WHERE table_schema = 'public' AND table_name = 'customer')

SELECT nullif(relname, 'x'), nullif(relkind, 'r'), coalesce(relacl::text, ''), relacl::text[], coalesce(array_length(relacl, 1), 0) FROM pg_class WHERE oid = 'public.customer'::regclass

SELECT * FROM pg_class c CROSS JOIN LATERAL (SELECT count(*) AS n FROM pg_attribute a WHERE a.attrelid = c.oid) x WHERE c.oid = 1259 AND n = 33

SELECT pg_catalog.pg_get_expr(d.adbin, d.adrelid, true) FROM pg_attrdef d WHERE d.adrelid = 'public.customer'::regclass ORDER BY adnum

SELECT n.nspname, q.oid, q.typname, q.kind, q.typnotnull, q.inner_oid FROM (SELECT a.oid, a.typnamespace, a.typname, a.kind, a.typnotnull, a.inner_oid, e.typname AS inner_name, CASE WHEN ep.proname = 'array_recv' THEN 'a' ELSE e.typtype END AS inner_kind, a.typrelid, a.relkind, ec.relkind AS inner_relkind FROM (SELECT t.oid, t.typnamespace, t.typname, t.typrelid, t.typnotnull, c.relkind, CASE WHEN p.proname = 'array_recv' THEN 'a' ELSE t.typtype END AS kind, CASE WHEN p.proname = 'array_recv' THEN t.typelem WHEN t.typtype = 'r' THEN r.rngsubtype WHEN t.typtype = 'm' THEN (SELECT x.rngtypid FROM pg_range x WHERE x.rngmultitypid = t.oid) WHEN t.typtype = 'd' THEN t.typbasetype END AS inner_oid FROM pg_type AS t LEFT JOIN pg_class AS c ON (c.oid = t.typrelid) LEFT JOIN pg_proc AS p ON p.oid = t.typreceive LEFT JOIN pg_range r ON r.rngtypid = t.oid) AS a LEFT JOIN pg_type e ON e.oid = a.inner_oid LEFT JOIN pg_class ec ON ec.oid = e.typrelid LEFT JOIN pg_proc ep ON ep.oid = e.typreceive) AS q JOIN pg_namespace n ON n.oid = q.typnamespace WHERE (q.kind IN ('b', 'r', 'm', 'e', 'd') OR (q.kind = 'c' AND q.relkind = 'c') OR (q.kind = 'p' AND q.typname IN ('record', 'void')) OR (q.kind = 'a' AND (q.inner_kind IN ('b', 'r', 'm', 'e', 'd') OR (q.inner_kind = 'p' AND q.inner_name IN ('record', 'void')) OR (q.inner_kind = 'c' AND q.inner_relkind = 'c')))) AND q.typname !~ 'vec' ORDER BY CASE WHEN q.kind IN ('b', 'e', 'p') THEN 0 WHEN q.kind = 'c' THEN 1 WHEN q.kind = 'r' THEN 2 WHEN q.kind = 'm' THEN 3 WHEN q.kind = 'd' AND q.inner_kind <> 'a' THEN 4 WHEN q.kind = 'a' THEN 5 ELSE 6 END, q.oid

SELECT t.oid, a.attname, a.atttypid FROM pg_type t JOIN pg_namespace ns ON ns.oid = t.typnamespace JOIN pg_class c ON c.oid = t.typrelid JOIN pg_attribute a ON a.attrelid = t.typrelid WHERE t.typtype = 'c' AND c.relkind = 'c' AND a.attnum > 0 AND NOT a.attisdropped ORDER BY t.oid, a.attnum

SELECT pg_type.oid, enumlabel FROM pg_enum JOIN pg_type ON pg_type.oid = enumtypid ORDER BY oid, enumsortorder

SELECT n.oid, n.*, d.description FROM pg_catalog.pg_namespace n LEFT OUTER JOIN pg_catalog.pg_description d ON d.objoid = n.oid AND d.objsubid = 0 AND d.classoid = 'pg_namespace'::regclass ORDER BY nspname

SELECT x.oid, x.*, p.pronamespace AS func_schema, d.description FROM pg_catalog.pg_trigger x LEFT OUTER JOIN pg_catalog.pg_proc p ON p.oid = x.tgfoid LEFT OUTER JOIN pg_catalog.pg_description d ON d.objoid = x.oid AND d.objsubid = 0 AND d.classoid = 'pg_trigger'::regclass WHERE x.tgrelid = 'sales.order_item'::regclass AND NOT x.tgisinternal

SELECT roles.oid, roles.rolname, roles.rolsuper, CASE WHEN roles.rolsuper THEN true ELSE roles.rolcreaterole END AS can_create_role, CASE WHEN 'pg_signal_backend' = ANY(ARRAY(WITH RECURSIVE cte AS (SELECT pg_roles.oid, pg_roles.rolname FROM pg_roles WHERE pg_roles.oid = roles.oid UNION ALL SELECT m.roleid, pgr.rolname FROM cte cte_1 JOIN pg_auth_members m ON m.member = cte_1.oid JOIN pg_roles pgr ON pgr.oid = m.roleid) SELECT rolname FROM cte)) THEN true ELSE false END AS can_signal FROM pg_catalog.pg_roles AS roles WHERE rolname = 'pg_monitor'

SELECT nsp.oid, nsp.nspname AS name, has_schema_privilege(nsp.oid, 'CREATE') AS can_create, has_schema_privilege(nsp.oid, 'USAGE') AS has_usage, des.description FROM pg_catalog.pg_namespace nsp LEFT OUTER JOIN pg_catalog.pg_description des ON (des.objoid = nsp.oid AND des.classoid = 'pg_namespace'::regclass) WHERE nspname NOT LIKE E'pg\\_%' AND NOT ((nsp.nspname = 'pg_catalog' AND EXISTS (SELECT 1 FROM pg_catalog.pg_class WHERE relname = 'pg_class' AND relnamespace = nsp.oid LIMIT 1)) OR (nsp.nspname = 'information_schema' AND EXISTS (SELECT 1 FROM pg_catalog.pg_class WHERE relname = 'tables' AND relnamespace = nsp.oid LIMIT 1))) ORDER BY nspname

SELECT rel.oid, rel.relname AS name, (SELECT count(*) FROM pg_trigger WHERE tgrelid = rel.oid AND tgisinternal = FALSE) AS triggercount, (SELECT count(*) FROM pg_trigger WHERE tgrelid = rel.oid AND tgisinternal = FALSE AND tgenabled = 'O') AS has_enable_triggers, (CASE WHEN rel.relkind = 'p' THEN true ELSE false END) AS is_partitioned, (SELECT count(1) FROM pg_inherits WHERE inhrelid = rel.oid LIMIT 1) AS is_inherits, des.description FROM pg_class rel LEFT OUTER JOIN pg_catalog.pg_description des ON (des.objoid = rel.oid AND des.objsubid = 0 AND des.classoid = 'pg_class'::regclass) WHERE rel.relkind IN ('r', 's', 't', 'p') AND rel.relnamespace = 'sales'::regnamespace AND NOT rel.relispartition ORDER BY rel.relname

SELECT rel.oid, rel.relname, rel.reltablespace AS spcoid, rel.relacl AS relacl_str, (CASE WHEN length(spc.spcname::text) > 0 OR rel.relkind = 'p' THEN spc.spcname ELSE (SELECT sp.spcname FROM pg_catalog.pg_database dtb JOIN pg_catalog.pg_tablespace sp ON dtb.dattablespace = sp.oid WHERE dtb.datname = current_database()) END) AS spcname, (CASE rel.relreplident WHEN 'd' THEN 'default' WHEN 'n' THEN 'nothing' WHEN 'f' THEN 'full' WHEN 'i' THEN 'index' END) AS replica_identity, (SELECT nspname FROM pg_catalog.pg_namespace WHERE oid = rel.relnamespace) AS schema, rel.relkind, rel.relhassubclass, rel.reltuples::bigint >= -1, con.conname, con.conkey, EXISTS (SELECT 1 FROM pg_catalog.pg_trigger JOIN pg_catalog.pg_proc pt ON pt.oid = tgfoid AND pt.proname = 'logtrigger') AS isrepl, (SELECT ARRAY_AGG(provider || '=' || label) FROM pg_catalog.pg_seclabels sl1 WHERE sl1.objoid = rel.oid AND sl1.objsubid = 0) AS seclabels, substring(array_to_string(rel.reloptions, ',') FROM 'fillfactor=([0-9]*)') AS fillfactor, (substring(array_to_string(tst.reloptions, ',') FROM 'autovacuum_enabled=([a-z|0-9]*)'))::BOOL AS toast_autovacuum, array_to_string(rel.reloptions, ',') AS table_vacuum_settings_str, (CASE WHEN rel.reltoastrelid = 0 THEN false ELSE true END) IS NOT NULL, (CASE WHEN rel.relpersistence = 'u' THEN true ELSE false END) AS relpersistence, rel.relispartition, (CASE WHEN rel.oid <= 12000::oid THEN true ELSE false END) AS is_sys_table FROM pg_catalog.pg_class rel LEFT OUTER JOIN pg_catalog.pg_tablespace spc ON spc.oid = rel.reltablespace LEFT OUTER JOIN pg_catalog.pg_description des ON (des.objoid = rel.oid AND des.objsubid = 0 AND des.classoid = 'pg_class'::regclass) LEFT OUTER JOIN pg_catalog.pg_constraint con ON con.conrelid = rel.oid AND con.contype = 'p' LEFT OUTER JOIN pg_catalog.pg_class tst ON tst.oid = rel.reltoastrelid LEFT JOIN pg_catalog.pg_type typ ON rel.reloftype = typ.oid WHERE rel.relkind IN ('r', 's', 't', 'p') AND rel.relnamespace = 'sales'::regnamespace ORDER BY rel.relname

WITH INH_TABLES AS (SELECT DISTINCT ON (at.attname) at.attname AS name, ct.relname AS inhrelname FROM pg_catalog.pg_attribute at, pg_catalog.pg_class ct WHERE ct.oid = at.attrelid AND at.attnum > 0 AND ct.oid IN (SELECT inhparent FROM pg_inherits)) SELECT * FROM INH_TABLES

SELECT cls.oid, cls.relname AS name, indrelid, indkey, indisclustered, indisvalid, indisunique, indisprimary, n.nspname, indnatts, cls.reltablespace AS spcoid, CASE WHEN (length(spcname::text) > 0 OR cls.relkind = 'I') THEN spcname ELSE (SELECT sp.spcname FROM pg_catalog.pg_database dtb JOIN pg_catalog.pg_tablespace sp ON dtb.dattablespace = sp.oid WHERE dtb.datname = current_database()) END AS spcname, tab.relname AS tabname, indclass, con.oid IS NULL, CASE WHEN contype IN ('p', 'u', 'x') THEN desp.description ELSE des.description END AS description, pg_catalog.pg_get_expr(indpred, indrelid, true) AS indconstraint, contype, condeferrable, condeferred, amname, (SELECT (CASE WHEN count(i.inhrelid) > 0 THEN true ELSE false END) FROM pg_inherits i WHERE i.inhrelid = cls.oid) AS is_inherited, substring(array_to_string(cls.reloptions, ',') FROM 'fillfactor=([0-9]*)') AS fillfactor FROM pg_catalog.pg_index idx JOIN pg_catalog.pg_class cls ON cls.oid = indexrelid JOIN pg_catalog.pg_class tab ON tab.oid = indrelid LEFT OUTER JOIN pg_catalog.pg_tablespace ta ON ta.oid = cls.reltablespace JOIN pg_catalog.pg_namespace n ON n.oid = tab.relnamespace JOIN pg_catalog.pg_am am ON am.oid = cls.relam LEFT JOIN pg_catalog.pg_depend dep ON (dep.classid = cls.tableoid AND dep.objid = cls.oid AND dep.refobjsubid = '0' AND dep.refclassid = (SELECT oid FROM pg_catalog.pg_class WHERE relname = 'pg_constraint') AND dep.deptype = 'i') LEFT OUTER JOIN pg_catalog.pg_constraint con ON (con.tableoid = dep.refclassid AND con.oid = dep.refobjid) LEFT OUTER JOIN pg_catalog.pg_description des ON (des.objoid = cls.oid AND des.classoid = 'pg_class'::regclass) LEFT OUTER JOIN pg_catalog.pg_description desp ON (desp.objoid = con.oid AND desp.objsubid = 0 AND desp.classoid = 'pg_constraint'::regclass) WHERE indrelid = 'sales.order_item'::regclass::OID ORDER BY cls.relname

SELECT c.oid, c.conname, ARRAY(SELECT attname FROM pg_attribute WHERE attrelid = c.conrelid AND attnum = ANY (c.conkey)), conkey, confkey, confupdtype AS fu, (SELECT array_agg(attname ORDER BY ord) FROM unnest(c.confkey) WITH ORDINALITY k(n, ord) JOIN pg_attribute ON attrelid = c.confrelid AND attnum = k.n) FROM pg_constraint c WHERE contype = 'f' AND conrelid = 'sales.order_item'::regclass::oid ORDER BY conname

SELECT acl.grantee, acl.privilege_type, acl.is_grantable FROM (SELECT (d).grantee AS grantee, (d).grantor AS grantor, (d).is_grantable AS is_grantable, (d).privilege_type AS privilege_type FROM (SELECT aclexplode(db.nspacl) AS d FROM pg_namespace db WHERE db.nspname = 'public') a) acl ORDER BY 2, 1

SELECT u.usename, u.usesysid, u.usesuper, pg_catalog.array_to_string(ARRAY(SELECT g.groname FROM pg_group g WHERE u.usesysid = ANY(g.grolist)), ', ') FROM pg_user u WHERE u.usesysid = 10 AND u.usename = ''

SELECT N.oid::bigint AS id, N.xmin IS NOT NULL AS state_number, nspname AS name, D.description, pg_catalog.pg_get_userbyid(N.nspowner) IS NOT NULL FROM pg_catalog.pg_namespace N LEFT JOIN pg_catalog.pg_description D ON N.oid = D.objoid ORDER BY CASE WHEN nspname = pg_catalog.current_schema() THEN -1::bigint ELSE N.oid::bigint END

SELECT CASE WHEN pg_catalog.pg_is_in_recovery() THEN NULL ELSE (pg_catalog.txid_current() % 4294967296)::varchar::bigint END > 0 AS current_txid

SELECT L.transactionid::varchar::bigint AS transaction_id FROM pg_catalog.pg_locks L WHERE L.transactionid IS NOT NULL ORDER BY pg_catalog.age(L.transactionid) DESC LIMIT 1

WITH types AS (SELECT DISTINCT atttypid FROM pg_attribute WHERE attrelid = 'public.all_types'::regclass AND attnum > 0), schema_procs AS (SELECT p.oid, prolang FROM pg_proc p WHERE pronamespace = 'public'::regnamespace AND proname = 'x') SELECT t.typname FROM types JOIN pg_type t ON t.oid = types.atttypid UNION SELECT lanname FROM pg_language l JOIN schema_procs s ON s.prolang = l.oid ORDER BY 1

SELECT nspname AS table_schema, c.relname AS "name", obj_description(c.oid) AS description, CASE c.relkind WHEN 'r' THEN 'TABLE' WHEN 'v' THEN 'VIEW' END, has_table_privilege(c.oid, 'SELECT') OR has_any_column_privilege(c.oid, 'SELECT'), coalesce(c.reltuples::bigint, -1) >= -1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'v', 'f', 'm') AND n.nspname !~ '^information_schema|catalog_history|pg_' AND n.nspname = ANY (ARRAY['public', 'sales']) ORDER BY 1, 2

SELECT c.column_name AS name, CASE WHEN c.udt_schema IN ('public', 'pg_catalog') THEN format('%s', c.udt_name) ELSE format('"%s"."%s"', c.udt_schema, c.udt_name) END AS "database-type", c.ordinal_position - 1 AS "database-position", c.table_schema, c.table_name, pk.column_name IS NOT NULL AS "pk?", col_description(CAST(CAST(format('%I.%I', CAST(c.table_schema AS text), CAST(c.table_name AS text)) AS regclass) AS oid), c.ordinal_position) AS "field-comment", ((column_default IS NULL) OR (LOWER(column_default) = 'null')) AND (is_nullable = 'NO') AND NOT (((column_default IS NOT NULL) AND (column_default LIKE '%nextval(%')) OR (is_identity <> 'NO')) AS "database-required", ((column_default IS NOT NULL) AND (column_default LIKE '%nextval(%')) OR (is_identity <> 'NO') AS "auto?" FROM information_schema.columns AS c LEFT JOIN (SELECT tc.table_schema, tc.table_name, kc.column_name FROM information_schema.table_constraints AS tc INNER JOIN information_schema.key_column_usage AS kc ON (tc.constraint_name = kc.constraint_name) AND (tc.table_schema = kc.table_schema) AND (tc.table_name = kc.table_name) WHERE tc.constraint_type = 'PRIMARY KEY') AS pk ON (c.table_schema = pk.table_schema) AND (c.table_name = pk.table_name) AND (c.column_name = pk.column_name) WHERE c.table_schema !~ '^information_schema|catalog_history|pg_' AND c.table_schema IN ('public', 'sales') UNION ALL SELECT pa.attname AS name, CASE WHEN ptn.nspname IN ('public', 'pg_catalog') THEN format('%s', pt.typname) ELSE format('"%s"."%s"', ptn.nspname, pt.typname) END, pa.attnum - 1, pn.nspname, pc.relname, FALSE, NULL, FALSE, FALSE FROM pg_catalog.pg_class AS pc INNER JOIN pg_catalog.pg_namespace AS pn ON pn.oid = pc.relnamespace INNER JOIN pg_catalog.pg_attribute AS pa ON pa.attrelid = pc.oid INNER JOIN pg_catalog.pg_type AS pt ON pt.oid = pa.atttypid INNER JOIN pg_catalog.pg_namespace AS ptn ON ptn.oid = pt.typnamespace WHERE (pc.relkind = 'm') AND (pa.attnum >= 1) ORDER BY "table_schema" ASC, "table_name" ASC, "database-position" ASC

SELECT fk_ns.nspname AS "fk-table-schema", fk_table.relname AS "fk-table-name", fk_column.attname AS "fk-column-name", pk_ns.nspname AS "pk-table-schema", pk_table.relname AS "pk-table-name", pk_column.attname AS "pk-column-name" FROM pg_constraint AS c INNER JOIN pg_class AS fk_table ON c.conrelid = fk_table.oid INNER JOIN pg_namespace AS fk_ns ON c.connamespace = fk_ns.oid INNER JOIN pg_attribute AS fk_column ON c.conrelid = fk_column.attrelid INNER JOIN pg_class AS pk_table ON c.confrelid = pk_table.oid INNER JOIN pg_namespace AS pk_ns ON pk_table.relnamespace = pk_ns.oid INNER JOIN pg_attribute AS pk_column ON c.confrelid = pk_column.attrelid WHERE fk_ns.nspname !~ '^information_schema|catalog_history|pg_' AND c.contype = 'f'::char AND fk_column.attnum = ANY(c.conkey) AND pk_column.attnum = ANY(c.confkey) ORDER BY fk_ns.nspname, fk_table.relname, 3

WITH table_privileges AS (SELECT NULL AS role, t.schemaname AS schema, t.objectname AS table, pg_catalog.has_any_column_privilege(current_user, '"' || replace(t.schemaname, '"', '""') || '"' || '.' || '"' || replace(t.objectname, '"', '""') || '"', 'update') AS update, pg_catalog.has_any_column_privilege(current_user, '"' || replace(t.schemaname, '"', '""') || '"."' || replace(t.objectname, '"', '""') || '"', 'select') AS select FROM (SELECT schemaname, tablename AS objectname FROM pg_catalog.pg_tables UNION SELECT schemaname, viewname AS objectname FROM pg_views UNION SELECT schemaname, matviewname AS objectname FROM pg_matviews) t WHERE t.schemaname !~ '^pg_' AND t.schemaname <> 'information_schema' AND pg_catalog.has_schema_privilege(current_user, t.schemaname, 'usage')) SELECT * FROM table_privileges ORDER BY 2, 3

SELECT CASE WHEN (quote_ident(table_schema) IN (SELECT CASE WHEN trim(s[i]) = '"$user"' THEN user ELSE trim(s[i]) END FROM generate_series(array_lower(string_to_array(current_setting('search_path'), ','), 1), array_upper(string_to_array(current_setting('search_path'), ','), 1)) AS i, string_to_array(current_setting('search_path'), ',') s)) THEN quote_ident(table_name) ELSE quote_ident(table_schema) || '.' || quote_ident(table_name) END AS "table" FROM information_schema.tables WHERE quote_ident(table_schema) NOT IN ('information_schema', 'pg_catalog') ORDER BY 1

SELECT quote_ident(column_name) AS "column", data_type AS "type" FROM information_schema.columns WHERE CASE WHEN array_length(parse_ident('sales.orders'), 1) = 2 THEN quote_ident(table_schema) = (parse_ident('sales.orders'))[1] AND quote_ident(table_name) = (parse_ident('sales.orders'))[2] ELSE quote_ident(table_name) = 'sales.orders' END ORDER BY 1

SELECT a.attname, CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE a.atttypid END::regtype::text, coalesce((SELECT pg_catalog.pg_get_expr(d.adbin, d.adrelid) FROM pg_attrdef d WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum AND a.atthasdef), '') AS def, information_schema._pg_truetypid(a, t), information_schema._pg_truetypmod(a, t), information_schema._pg_char_max_length(information_schema._pg_truetypid(a, t), information_schema._pg_truetypmod(a, t)) FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid WHERE a.attrelid = 'public.customer'::regclass AND a.attnum > 0 ORDER BY attnum

WITH pks_uniques_cols AS (SELECT connamespace, conrelid, jsonb_agg(column_info.cols) AS cols FROM pg_constraint JOIN LATERAL (SELECT array_agg(cols.attname ORDER BY cols.attnum) AS cols FROM (SELECT unnest(conkey) AS col) _ JOIN pg_attribute cols ON cols.attrelid = conrelid AND cols.attnum = col) column_info ON TRUE WHERE contype IN ('p', 'u') AND connamespace::regnamespace::text <> 'pg_catalog' AND conrelid = 'sales.orders'::regclass GROUP BY connamespace, conrelid) SELECT ns1.nspname AS table_schema, tab.relname AS table_name, ns2.nspname AS foreign_table_schema, other.relname AS foreign_table_name, (ns1.nspname, tab.relname) = (ns2.nspname, other.relname) AS is_self, traint.conname AS constraint_name, column_info.cols_and_fcols, column_info.cols = ANY (SELECT ARRAY['x'::name]) AS one_to_one FROM pg_constraint traint JOIN LATERAL (SELECT array_agg(row(cols.attname, refs.attname) ORDER BY ord) AS cols_and_fcols, array_agg(cols.attname ORDER BY cols.attnum) AS cols FROM unnest(traint.conkey, traint.confkey) WITH ORDINALITY AS _(col, ref, ord) JOIN pg_attribute cols ON cols.attrelid = traint.conrelid AND cols.attnum = col JOIN pg_attribute refs ON refs.attrelid = traint.confrelid AND refs.attnum = ref) AS column_info ON TRUE JOIN pg_namespace ns1 ON ns1.oid = traint.connamespace JOIN pg_class tab ON tab.oid = traint.conrelid JOIN pg_class other ON other.oid = traint.confrelid JOIN pg_namespace ns2 ON ns2.oid = other.relnamespace LEFT JOIN pks_uniques_cols pks ON pks.connamespace = traint.connamespace AND pks.conrelid = traint.conrelid WHERE traint.contype = 'f' AND traint.conparentid = 0 ORDER BY traint.conrelid, traint.conname

SELECT n.nspname, c.relname, c.relkind, jsonb_agg(jsonb_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'nn', a.attnotnull) ORDER BY a.attnum) AS cols FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 WHERE n.nspname = 'sales' AND c.relkind IN ('r', 'v') GROUP BY n.nspname, c.relname, c.relkind ORDER BY 2

SELECT coalesce(jsonb_agg(to_jsonb(x)), '[]') FROM (SELECT relname AS name, relkind FROM pg_class WHERE relnamespace = 'sales'::regnamespace AND relkind = 'r' ORDER BY 1) x

WITH rawindex AS (SELECT indrelid, indexrelid, indisunique, indisprimary, unnest(indkey) AS indkeyid, generate_subscripts(indkey, 1) AS indkeyidx, unnest(indclass) AS indclass, unnest(indoption) AS indoption FROM pg_index WHERE indpred IS NULL AND NOT indisexclusion) SELECT schemainfo.nspname AS namespace, indexinfo.relname AS index_name, tableinfo.relname AS table_name, columninfo.attname AS column_name, rawindex.indisunique AS is_unique, rawindex.indisprimary AS is_primary_key, rawindex.indkeyidx AS column_index, opclass.opcname AS opclass, opclass.opcdefault AS opcdefault, indexaccess.amname AS index_algo, CASE rawindex.indoption & 1 WHEN 1 THEN 'DESC' ELSE 'ASC' END AS column_order, CASE rawindex.indoption & 2 WHEN 2 THEN 'FIRST' ELSE 'LAST' END AS nulls FROM rawindex INNER JOIN pg_class AS tableinfo ON tableinfo.oid = rawindex.indrelid INNER JOIN pg_class AS indexinfo ON indexinfo.oid = rawindex.indexrelid INNER JOIN pg_namespace AS schemainfo ON schemainfo.oid = tableinfo.relnamespace LEFT JOIN pg_attribute AS columninfo ON columninfo.attrelid = tableinfo.oid AND columninfo.attnum = rawindex.indkeyid INNER JOIN pg_am AS indexaccess ON indexaccess.oid = indexinfo.relam LEFT JOIN pg_opclass AS opclass ON opclass.oid = rawindex.indclass WHERE schemainfo.nspname = ANY ('{public,sales}') AND tableinfo.relkind IN ('r', 'm', 'p') AND indexinfo.relname <> 'orders_cust_placed_idx' ORDER BY namespace, table_name, index_name, column_index

SELECT oid.namespace, info.table_name, info.column_name, format_type(att.atttypid, att.atttypmod) AS formatted_type, info.numeric_precision, info.numeric_scale, info.numeric_precision_radix, info.datetime_precision, info.data_type, info.udt_schema AS type_schema_name, info.udt_name AS full_data_type, pg_get_expr(attdef.adbin, attdef.adrelid) AS column_default, info.is_nullable, info.is_identity, info.character_maximum_length, col_description(att.attrelid, ordinal_position) AS description FROM information_schema.columns info JOIN pg_attribute att ON att.attname = info.column_name JOIN (SELECT pg_class.oid, relname, pg_namespace.nspname AS namespace FROM pg_class JOIN pg_namespace ON pg_namespace.oid = pg_class.relnamespace AND pg_namespace.nspname = ANY ('{public,sales}') WHERE reltype > 0) AS oid ON oid.oid = att.attrelid AND relname = info.table_name AND namespace = info.table_schema LEFT OUTER JOIN pg_attrdef attdef ON attdef.adrelid = att.attrelid AND attdef.adnum = att.attnum AND table_schema = namespace WHERE table_schema = ANY ('{public,sales}') AND att.attnum > 0 ORDER BY namespace, table_name, ordinal_position

SELECT tbl.relname AS table_name, namespace.nspname AS namespace, (tbl.relhassubclass AND tbl.relkind = 'p') AS is_partition, tbl.relrowsecurity AS has_row_level_security, reloptions, obj_description(tbl.oid, 'pg_class') AS description FROM pg_class AS tbl INNER JOIN pg_namespace AS namespace ON namespace.oid = tbl.relnamespace WHERE tbl.relkind IN ('r', 'p') AND namespace.nspname = ANY ('{public,sales}') ORDER BY namespace, table_name

SELECT p.proname AS name, n.nspname AS namespace, CASE WHEN l.lanname = 'internal' THEN p.prosrc ELSE pg_get_functiondef(p.oid) END AS definition FROM pg_proc p LEFT JOIN pg_namespace n ON p.pronamespace = n.oid LEFT JOIN pg_language l ON p.prolang = l.oid WHERE n.nspname = ANY ('{sales}') AND p.prokind = 'f'

SELECT current_database(), schemaname, tablename, ROUND((CASE WHEN otta = 0 THEN 0.0 ELSE sml.relpages::float / otta END)::numeric, 1) AS tbloat FROM (SELECT schemaname, tablename, cc.reltuples, cc.relpages, 8192 AS bs, CEIL((cc.reltuples * 24) / (8192 - 20::float)) AS otta FROM pg_tables JOIN pg_class cc ON cc.relname = tablename WHERE schemaname = 'nope') sml ORDER BY 4 DESC

SELECT schemaname, relname, n_live_tup, n_dead_tup, CASE WHEN n_live_tup > 0 THEN round(100.0 * n_dead_tup / n_live_tup, 2) ELSE 0 END AS pct, last_vacuum, to_char(last_analyze, 'YYYY-MM-DD') FROM pg_stat_user_tables WHERE schemaname = 'nope' ORDER BY n_dead_tup DESC NULLS LAST LIMIT 20

SELECT a.pid, a.usename, now() - a.query_start AS duration, left(a.query, 20) FROM pg_stat_activity a WHERE a.state <> 'idle' AND a.pid <> pg_backend_pid() AND now() - a.query_start > interval '5 minutes' ORDER BY duration DESC

SELECT blocked.pid, blocking.pid FROM pg_locks bl JOIN pg_stat_activity blocked ON blocked.pid = bl.pid JOIN pg_locks kl ON kl.transactionid = bl.transactionid AND kl.pid <> bl.pid JOIN pg_stat_activity blocking ON blocking.pid = kl.pid WHERE NOT bl.granted

SELECT s.relname AS seq, n.nspname, m.seqstart, m.seqincrement, a.attname, t.relname FROM pg_class s JOIN pg_namespace n ON n.oid = s.relnamespace JOIN pg_sequence m ON m.seqrelid = s.oid LEFT JOIN pg_depend d ON d.objid = s.oid AND d.deptype IN ('a', 'i') AND d.classid = 'pg_class'::regclass AND d.refobjsubid > 0 LEFT JOIN pg_class t ON t.oid = d.refobjid LEFT JOIN pg_attribute a ON (a.attrelid, a.attnum) = (d.refobjid, d.refobjsubid) WHERE s.relkind = 'S' ORDER BY 1

SELECT con.*, pg_get_constraintdef(con.oid) LIKE '%CASCADE%' AS cascades, regexp_replace(pg_get_constraintdef(con.oid, true), '^FOREIGN KEY \((.*)\) REFERENCES .*$', '\1') AS cols FROM (SELECT oid, conname, contype FROM pg_constraint WHERE contype = 'f') con ORDER BY conname

SELECT substring(pg_get_viewdef('sales.order_total'::regclass) FROM 1 FOR 7), position('order' IN 'sales.orders'), overlay('xxabc' PLACING 'yy' FROM 1 FOR 2), trim(both '"' FROM quote_ident('A')), extract(year FROM date '2020-05-01'), cast('5' AS int4) FROM pg_am WHERE oid = 403

SELECT array(SELECT unnest(ARRAY[3,1,2]) ORDER BY 1), (SELECT array_agg(x) FROM unnest(ARRAY[3,1,2]) AS x), (ARRAY(SELECT generate_series(1,3)))[2], array_length(ARRAY(SELECT attname FROM pg_attribute WHERE attrelid = 1259 AND attnum > 0), 1)

SELECT f.function, f.kind FROM (VALUES ('a', 1), ('b', 2)) AS f(function, kind) WHERE f.kind = ANY(ARRAY[1, 2]) AND f.function = ALL(ARRAY['a'])

SELECT relname FROM pg_class WHERE oid = '1259' AND relkind = ANY(ARRAY['r'::"char", 'v']) AND relname LIKE ANY (ARRAY['pg%']) AND relnamespace = ANY(ARRAY['pg_catalog'::regnamespace, 'public'::regnamespace])

SELECT 'a' < 'B', 'a' COLLATE "C" < 'B', lower('ÄÖ'), upper('straße'), length('日本'), 'é' LIKE '_' FROM pg_am WHERE oid = 2

SELECT array_agg(attname) FROM pg_attribute WHERE attrelid = 'sales.order_item'::regclass AND attnum > 0

SELECT to_regprocedure('pg_catalog.pg_get_partkeydef(oid)') IS NOT NULL, to_regprocedure('nope(int)') IS NULL, current_setting('max_identifier_length')::integer FROM pg_am WHERE oid = 2

SELECT octet_length(convert_to('é'::text, current_setting('server_encoding')))::integer, encode(sha256(convert_to(relname::text, 'UTF8')), 'hex') FROM pg_class WHERE oid = 1259

SELECT CASE WHEN n.nspname = 'pg_catalog' THEN 'A' WHEN left(n.nspname, 14) = 'pg_toast_temp_' THEN 'B' ELSE 'C' END FROM pg_namespace n WHERE oid = 11

SELECT concat(tc.table_schema, '.', tc.table_name) AS id, false AS dirty, json_agg(ccu.column_name ORDER BY ccu.column_name) AS columns, pg_get_constraintdef(con.oid) ILIKE '%NULLS NOT DISTINCT%' AS nnd FROM information_schema.table_constraints AS tc JOIN information_schema.constraint_column_usage AS ccu ON tc.constraint_catalog = ccu.constraint_catalog AND tc.constraint_schema = ccu.constraint_schema AND tc.constraint_name = ccu.constraint_name LEFT JOIN pg_constraint AS con ON con.conname = tc.constraint_name AND con.connamespace = (SELECT oid FROM pg_namespace WHERE nspname = tc.constraint_schema) WHERE tc.table_schema = 'sales' AND tc.constraint_type IN ('UNIQUE', 'PRIMARY KEY') GROUP BY tc.table_schema, tc.table_name, tc.constraint_name, tc.constraint_type, con.oid ORDER BY 1, 3::text

SELECT (SELECT count(*)::int FROM information_schema.tables WHERE table_schema = 'sales' AND table_type = 'BASE TABLE') AS tables, (SELECT count(*)::int FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'sales') AS routines

SELECT t.table_name, (SELECT count(*) FROM pg_indexes WHERE schemaname = t.table_schema AND tablename = t.table_name) AS index_count, obj_description((quote_ident(t.table_schema) || '.' || quote_ident(t.table_name))::regclass, 'pg_class') FROM information_schema.tables t WHERE t.table_schema = 'sales' ORDER BY 1

SELECT pg_attribute.attname FROM pg_index, pg_class, pg_attribute, pg_namespace WHERE pg_class.oid = 'sales.order_item'::regclass AND indrelid = pg_class.oid AND nspname = 'sales' AND pg_class.relnamespace = pg_namespace.oid AND pg_attribute.attrelid = pg_class.oid AND pg_attribute.attnum = any(pg_index.indkey) AND indisprimary

SELECT a.attname AS column_name FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey) WHERE i.indrelid = 'sales.order_item'::regclass AND i.indisprimary

SELECT p.oid::regprocedure::text, p.prosecdef, p.proconfig, pg_get_userbyid(p.proowner) IS NOT NULL, array_to_string(p.proconfig, ',') FROM pg_proc p WHERE p.proname = 'abs' ORDER BY 1

SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity, (SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid) FROM pg_class c WHERE c.relnamespace = 'sales'::regnamespace AND c.relkind IN ('r', 'p') ORDER BY 1

SELECT jsonb_build_object('oid', c.oid::integer > 0, 'table', c.relname, 'kind', c.relkind::text, 'rls', c.relrowsecurity, 'ordinary', NOT c.relispartition AND am.amname = 'heap' AND NOT EXISTS (SELECT 1 FROM pg_inherits i WHERE i.inhrelid = c.oid), 'cols', (SELECT jsonb_agg(jsonb_build_array(a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull) ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0)) FROM pg_class c JOIN pg_am am ON am.oid = c.relam WHERE c.oid = 'sales.order_item'::regclass

WITH target AS (SELECT c.* FROM pg_class c WHERE c.oid = 'sales.orders'::regclass), objects AS (SELECT 'pg_constraint'::regclass::oid AS classid, k.oid AS objid FROM pg_constraint k JOIN target c ON c.oid = k.conrelid UNION ALL SELECT 'pg_attrdef'::regclass::oid, a.oid FROM pg_attrdef a JOIN target c ON c.oid = a.adrelid) SELECT classid::regclass, count(*) FROM objects GROUP BY 1 ORDER BY 1

SELECT s.setting || coalesce(s.unit, '') AS v, s.boot_val, s.source, s.pending_restart, s.min_val, s.enumvals FROM pg_settings s WHERE s.name IN ('work_mem', 'bytea_output') ORDER BY s.name

SELECT row_number() OVER (ORDER BY relname) AS i, relname, lag(relname, 1, 'none') OVER (ORDER BY relname) FROM pg_class WHERE relnamespace = 'sales'::regnamespace AND relkind = 'r' ORDER BY 1

SELECT relname, CASE WHEN relkind IN ('r', 'p') THEN 'T' WHEN relkind = 'v' THEN 'V' ELSE '?' END || '-' || relname AS label FROM pg_class WHERE relnamespace = 'sales'::regnamespace AND relname NOT LIKE '%\_seq' ESCAPE '\' AND relname !~ 'toast' ORDER BY length(relname) DESC, relname

SELECT DISTINCT t.typname, format_type(t.oid, NULL), t.typcategory FROM pg_type t JOIN pg_attribute a ON a.atttypid = t.oid WHERE a.attrelid = 'public.all_types'::regclass AND a.attnum > 0 ORDER BY 1

SELECT count(*) FILTER (WHERE contype = 'f'), count(*) FILTER (WHERE contype = 'p'), array_agg(conname ORDER BY conname) FILTER (WHERE contype = 'u'), bool_or(condeferrable) FROM pg_constraint WHERE connamespace = 'sales'::regnamespace

SELECT x.* FROM (SELECT relname, relkind, rank() OVER (PARTITION BY relkind ORDER BY relname) AS r FROM pg_class WHERE relnamespace = 'sales'::regnamespace) x WHERE x.r = 1 ORDER BY relkind

SELECT nspname, relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace WHERE (nspname, relname) IN (VALUES ('sales', 'orders'), ('public', 'customer')) ORDER BY 1

SELECT a.attname, coalesce(pg_get_expr(d.adbin, d.adrelid), 'none') ~ 'nextval' AS serial, split_part(format_type(a.atttypid, a.atttypmod), '(', 1), substring(format_type(a.atttypid, a.atttypmod) from '\((\d+)') FROM pg_attribute a LEFT JOIN pg_attrdef d ON (d.adrelid, d.adnum) = (a.attrelid, a.attnum) WHERE a.attrelid = 'sales.orders'::regclass AND a.attnum > 0 ORDER BY a.attnum

SELECT string_agg(format('%I %s%s', a.attname, format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END), E',\n' ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = 'sales.orders'::regclass AND a.attnum > 0

SELECT 'CREATE TABLE ' || c.relname || ' (' || string_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod), ', ' ORDER BY a.attnum) || ');' FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 WHERE c.oid = 'sales.product'::regclass GROUP BY c.relname

SELECT array_agg(DISTINCT relkind ORDER BY relkind), array_length(array_agg(relname), 1) FROM pg_class WHERE relnamespace = 'sales'::regnamespace

SELECT relname FROM pg_class WHERE relnamespace = 'sales'::regnamespace AND relkind = ANY (string_to_array('r,v', ',')::"char"[]) ORDER BY 1

SELECT width_bucket(5, 0, 10, 2), factorial(5), gcd(12, 18), lcm(4, 6), scale(1.50), trim_scale(1.50), div(7, 2), cbrt(27), log(100), ln(1), exp(0), pi() > 3 FROM pg_am WHERE oid = 2

SELECT extract(dow FROM date '2020-01-05'), date_part('day', timestamp '2020-01-05'), age(timestamp '2020-03-01', timestamp '2020-01-01'), make_date(2020, 1, 2), justify_hours(interval '27 hours'), timestamp '2020-01-01' AT TIME ZONE 'UTC' = timestamptz '2020-01-01 00:00:00+00', isfinite(date '2020-01-01') FROM pg_am WHERE oid = 2

SELECT n::text, to_char(n, 'FM000'), lpad(n::text, 4, '0') FROM generate_series(1, 2) n JOIN pg_am ON oid = 2 ORDER BY 1

SELECT jsonb_pretty(to_jsonb(x)) FROM (SELECT relname FROM pg_class WHERE oid = 1259) x

SELECT to_jsonb(x) -> 'relname', to_jsonb(x) ->> 'relkind', to_jsonb(x) ? 'oid', jsonb_typeof(to_jsonb(x) -> 'oid') FROM (SELECT relname, relkind, oid FROM pg_class WHERE oid = 1259) x

SELECT k, v FROM (SELECT relname, relkind FROM pg_class WHERE oid = 1259) x, jsonb_each_text(to_jsonb(x)) AS e(k, v) ORDER BY 1

SELECT j ->> 'a' FROM jsonb_array_elements('[{"a":1},{"a":2}]') AS j, pg_am WHERE oid = 2 ORDER BY 1

SELECT w.sch, w.tab, jsonb_build_object('cols', coalesce(k.cols, '[]'), 'pk', p.pk, 'kind', t.relkind, 'takes', pg_relation_is_updatable(t.oid, true) & 8) AS facts FROM jsonb_to_recordset('[{"sch":"sales","tab":"orders"},{"sch":"public","tab":"customer"},{"sch":"x","tab":"y"}]'::jsonb) AS w(sch text, tab text) LEFT JOIN (pg_class t JOIN pg_namespace s ON s.oid = t.relnamespace) ON s.nspname = w.sch AND t.relname = w.tab LEFT JOIN LATERAL (SELECT jsonb_agg(jsonb_build_object('n', a.attname, 't', y.typname, 'null', NOT a.attnotnull, 'p', a.attnum) ORDER BY a.attnum) AS cols FROM pg_attribute a JOIN pg_type y ON y.oid = a.atttypid WHERE a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped) k ON true LEFT JOIN LATERAL (SELECT json_agg(a.attname ORDER BY a.attnum) AS pk FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey) WHERE i.indrelid = t.oid AND i.indisprimary) p ON true ORDER BY 2

WITH parts AS (SELECT indexrelid, indrelid, indisunique, unnest(indkey) AS k, generate_subscripts(indkey, 1) AS n, unnest(indclass) AS c, unnest(indoption) AS o FROM pg_index WHERE indpred IS NULL AND NOT indisexclusion) SELECT s.nspname, t.relname, i.relname, a.attname, p.n, p.indisunique, oc.opcname, oc.opcdefault, m.amname, CASE p.o & 1 WHEN 1 THEN 'DESC' ELSE 'ASC' END, CASE p.o & 2 WHEN 2 THEN true ELSE false END, co.condeferrable FROM parts p JOIN pg_class t ON t.oid = p.indrelid JOIN pg_class i ON i.oid = p.indexrelid JOIN pg_namespace s ON s.oid = t.relnamespace LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = p.k JOIN pg_am m ON m.oid = i.relam LEFT JOIN pg_opclass oc ON oc.oid = p.c LEFT JOIN pg_constraint co ON co.conindid = p.indexrelid AND co.contype <> 'f' WHERE s.nspname = ANY ('{public,sales}') ORDER BY 1, 2, 3, 5

SELECT x.rel, x.name, x.n, am.amname, pg_get_indexdef(x.indexrelid, x.n, false) AS part, pg_index_column_has_property(x.indexrelid, x.n, 'desc') AS falls, c.kinds, CASE WHEN x.indisexclusion THEN (SELECT conexclop[x.n]::regoper FROM pg_constraint WHERE conindid = x.indexrelid) END AS by FROM (SELECT i.*, t.relname AS rel, ic.relname AS name, ic.relam, generate_series(1, array_length(i.indkey, 1)) AS n FROM pg_index i JOIN pg_class ic ON ic.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid WHERE t.relnamespace = 'sales'::regnamespace) x JOIN pg_am am ON am.oid = x.relam LEFT JOIN (SELECT conindid, jsonb_object_agg(conname, contype) AS kinds FROM pg_constraint WHERE contype IN ('p', 'u') GROUP BY conindid) c ON c.conindid = x.indexrelid ORDER BY 1, 2, 3

SELECT a.nspname AS own_schema, b.relname AS own_table, array_agg(c.attname ORDER BY u.n) AS own, d.relname AS target, array_agg(e.attname ORDER BY f.n) AS keys FROM pg_constraint k LEFT JOIN LATERAL unnest(k.conkey) WITH ORDINALITY AS u(num, n) ON true LEFT JOIN LATERAL unnest(k.confkey) WITH ORDINALITY AS f(num, n) ON f.n = u.n JOIN pg_class b ON b.oid = k.conrelid JOIN pg_namespace a ON a.oid = b.relnamespace LEFT JOIN pg_attribute c ON (c.attrelid, c.attnum) = (b.oid, u.num) LEFT JOIN pg_class d ON d.oid = k.confrelid LEFT JOIN pg_attribute e ON (e.attrelid, e.attnum) = (d.oid, f.num) WHERE k.contype = 'f' GROUP BY own_schema, own_table, target, k.conname ORDER BY 2, 4

WITH r AS (SELECT ev_class AS v, oid AS id FROM pg_rewrite), d AS (SELECT DISTINCT objid AS id, refobjid AS ref FROM pg_depend) SELECT above.nspname AS above, v.relname AS seen, below.nspname AS below, t.relname AS base FROM r JOIN d ON d.id = r.id JOIN pg_class v ON v.oid = r.v JOIN pg_class t ON t.oid = d.ref AND t.oid <> v.oid JOIN pg_namespace above ON above.oid = v.relnamespace JOIN pg_namespace below ON below.oid = t.relnamespace WHERE above.nspname IN ('public', 'sales') GROUP BY above, seen, below, base ORDER BY above, seen, base

SELECT quote_ident(table_name) AS t FROM information_schema.tables WHERE table_type = 'BASE TABLE' AND quote_ident(table_schema) IN (SELECT CASE WHEN trim(w[i]) = '"$user"' THEN user ELSE trim(w[i]) END FROM string_to_array(current_setting('search_path'), ',') w, generate_series(1, array_length(string_to_array(current_setting('search_path'), ','), 1)) AS i) ORDER BY 1

SELECT c.column_name, CASE WHEN c.udt_schema IN ('public', 'pg_catalog') THEN format('%s', c.udt_name) ELSE format('"%s"."%s"', c.udt_schema, c.udt_name) END AS shown, c.ordinal_position - 1 AS at, k.column_name IS NOT NULL AS is_key, col_description(CAST(CAST(format('%I.%I', CAST(c.table_schema AS text), CAST(c.table_name AS text)) AS regclass) AS oid), c.ordinal_position) AS said FROM information_schema.columns c LEFT JOIN (SELECT tc.table_schema, tc.table_name, ku.column_name FROM information_schema.table_constraints tc JOIN information_schema.key_column_usage ku USING (constraint_schema, constraint_name, table_name) WHERE tc.constraint_type = 'PRIMARY KEY') k ON (k.table_schema, k.table_name, k.column_name) = (c.table_schema, c.table_name, c.column_name) WHERE c.table_schema !~ '^information_schema|pg_' ORDER BY c.table_schema, c.table_name, at

SELECT s.relname, format_type(q.seqtypid, NULL), q.seqincrement, t.relname, a.attname, d.deptype FROM pg_class s JOIN pg_sequence q ON q.seqrelid = s.oid LEFT JOIN pg_depend d ON d.objid = s.oid AND d.classid = 'pg_class'::regclass AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i') LEFT JOIN pg_class t ON t.oid = d.refobjid LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid WHERE s.relnamespace IN ('public'::regnamespace, 'sales'::regnamespace) ORDER BY 1

SELECT y.names, y.n, y.key FROM (SELECT n.nspname, t.relname AS names, x.relname AS key, (information_schema._pg_expandarray(i.indkey)).n AS n, information_schema._pg_expandarray(i.indkey) AS both, a.attnum AS num FROM pg_class t JOIN pg_attribute a ON a.attrelid = t.oid JOIN pg_namespace n ON n.oid = t.relnamespace JOIN pg_index i ON i.indrelid = t.oid JOIN pg_class x ON x.oid = i.indexrelid WHERE n.nspname = 'sales' AND i.indisprimary) y WHERE y.num = (y.both).x ORDER BY 1, 2

SELECT tc.constraint_name, tc.constraint_type, ku.column_name, r.update_rule, r.delete_rule, cu.table_name AS target, cu.column_name AS target_column FROM information_schema.table_constraints tc LEFT JOIN information_schema.key_column_usage ku USING (constraint_schema, constraint_name) LEFT JOIN information_schema.referential_constraints r USING (constraint_schema, constraint_name) LEFT JOIN information_schema.key_column_usage cu ON cu.constraint_schema = r.unique_constraint_schema AND cu.constraint_name = r.unique_constraint_name AND cu.ordinal_position = ku.position_in_unique_constraint WHERE tc.table_schema = 'sales' AND tc.constraint_type <> 'CHECK' ORDER BY 1, ku.ordinal_position

SELECT EXISTS (SELECT c.oid FROM pg_class c LEFT JOIN pg_depend d ON d.objid = c.oid AND d.deptype = 'e' WHERE c.relnamespace = 'sales'::regnamespace AND d.objid IS NULL AND c.relkind IN ('r', 'v', 'S') UNION ALL SELECT t.oid FROM pg_type t WHERE t.typnamespace = 'sales'::regnamespace AND t.typcategory NOT IN ('A', 'C') UNION ALL SELECT p.oid FROM pg_proc p WHERE p.pronamespace = 'sales'::regnamespace)

SELECT t.typname FROM pg_type t LEFT JOIN pg_depend d ON d.objid = t.oid AND d.deptype = 'e' WHERE (t.typrelid = 0 OR (SELECT c.relkind = 'c' FROM pg_class c WHERE c.oid = t.typrelid)) AND NOT EXISTS (SELECT 1 FROM pg_type e WHERE e.oid = t.typelem AND e.typarray = t.oid) AND t.typnamespace = 'public'::regnamespace AND d.objid IS NULL

SELECT proname, oidvectortypes(proargtypes), prokind FROM pg_proc p LEFT JOIN pg_depend d ON d.objid = p.oid AND d.deptype = 'e' WHERE pronamespace = 'public'::regnamespace AND d.objid IS NULL

SELECT NOT attnotnull FROM ((SELECT 0::int4 AS i, 'customer'::regclass::oid::int4 AS t, 1::int2 AS n) UNION ALL (SELECT 1::int4, NULL::int4, NULL::int2) UNION ALL (SELECT 2::int4, 'customer'::regclass::oid::int4, 4::int2)) AS q LEFT JOIN pg_attribute ON t IS NOT NULL AND attrelid = t AND attnum = n ORDER BY i

SELECT column_name FROM ((SELECT *, rank() OVER (ORDER BY nr) AS place FROM (SELECT * FROM unnest(current_schemas(true)) WITH ORDINALITY AS p(table_schema, nr) WHERE table_schema <> 'pg_catalog') found JOIN information_schema.columns USING (table_schema) WHERE table_name = 'customer')) listed WHERE place = 1 ORDER BY ordinal_position

SELECT column_name, (udt_name)::regtype::text, CASE WHEN data_type = 'ARRAY' THEN substring(udt_name FROM 2)::regtype::text END AS element FROM information_schema.columns WHERE table_schema = 'public' AND table_name = 'all_types' ORDER BY ordinal_position

SELECT t.relname, k.k, k.k <= i.indnkeyatts, i.indkey[k.k - 1], i.indoption[k.k - 1], i.indcollation[k.k - 1], CASE WHEN o.opcdefault THEN NULL ELSE o.opcname END, m.amcan FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid CROSS JOIN unnest(i.indkey) WITH ORDINALITY k(c, k) CROSS JOIN pg_indexam_has_property(x.relam, 'can_order') m(amcan) LEFT JOIN pg_opclass o ON o.oid = i.indclass[k.k - 1] WHERE x.relnamespace = 'sales'::regnamespace ORDER BY x.relname, k.k

SELECT p.schemaname, p.objectname, has_any_column_privilege(current_user, '"' || p.schemaname || '"."' || p.objectname || '"', 'update') AS changes, has_table_privilege(current_user, '"' || p.schemaname || '"."' || p.objectname || '"', 'delete') AS deletes FROM (SELECT schemaname, tablename AS objectname FROM pg_tables UNION SELECT schemaname, viewname FROM pg_views UNION SELECT schemaname, matviewname FROM pg_matviews) p WHERE p.schemaname !~ '^pg_' AND p.schemaname <> 'information_schema' AND has_schema_privilege(current_user, p.schemaname, 'usage') ORDER BY 1, 2

SELECT t.relname, coalesce(t.reloptions, ARRAY[]::text[]) || CASE WHEN (SELECT true FROM pg_show_all_settings() WHERE name = 'autovacuum' AND setting IS NULL) THEN ARRAY['x'] ELSE '{}' END, substring(array_to_string(t.reloptions, ',') FROM 'fillfactor=([0-9]*)') FROM pg_class t WHERE t.relnamespace = 'sales'::regnamespace AND t.relkind = 'r' ORDER BY 1

SELECT s.pid = pg_backend_pid() AS own, s.datname = current_database(), host(s.client_addr), array_to_string(pg_blocking_pids(s.pid), ', '), CASE WHEN s.client_hostname <> '' THEN s.client_hostname || ':' || s.client_port ELSE coalesce(s.client_addr::text, '') END FROM pg_stat_activity s WHERE s.pid = pg_backend_pid()
