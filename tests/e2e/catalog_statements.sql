SELECT 'x' = ANY(ARRAY['x','y']), 'x' = ANY('{x,NULL}'), 'z' = ANY('{x,NULL}'), NULL = ANY('{x}'::text[]) FROM pg_class WHERE oid = 1259
SELECT 'abc' ~ ANY('{^a,^z}'::text[]), 'abc' LIKE ANY('{z%,a%}'::text[]), 'abc' !~ ALL('{^a,^z}'::text[]) FROM pg_class WHERE oid = 1259
SELECT 1 < ALL('{2,3}'::int[]), 1 < ALL('{}'::int[]), 1 < ANY('{0,NULL}'::int[]) FROM pg_class WHERE oid = 1259
SELECT NOT ('z' = ANY('{x,NULL}')), NOT (1 IN (2, NULL)), 1 NOT IN (2, 3) FROM pg_class WHERE oid = 1259
SELECT array_upper(ARRAY[1,2,3], 1), array_lower(ARRAY[1,2,3], 1), array_upper('{}'::int[], 1), array_upper(ARRAY[1,2], 2) FROM pg_class WHERE oid = 1259
SELECT (ARRAY['a','b'])[3], (ARRAY[1,2,3])[:2], (ARRAY[1,2,3])[2:], (ARRAY[1,2,3])[-1] FROM pg_class WHERE oid = 1259
SELECT ARRAY[1,2] || ARRAY[3], 1 || ARRAY[2], ARRAY[1] || NULL::int[], ARRAY['a'] || 'b'::text, NULL::int[] || 1 FROM pg_class WHERE oid = 1259
SELECT ARRAY[1,2] = ARRAY[1,2], ARRAY[1,2] < ARRAY[1,3], '{1,2}' = ARRAY[1,2], '1 2'::int2vector = '1 2'::int2vector FROM pg_class WHERE oid = 1259
SELECT 'a"b'::text || E'\n' || 'c', E'tab\there', $$dollar$$, 'it''s' FROM pg_class WHERE oid = 1259
SELECT '{"a b",c,NULL,"NULL",""}'::text[], ARRAY['a,b', 'c"d', 'e\f', NULL, ''] FROM pg_class WHERE oid = 1259
SELECT substring('abcdef', 2), substring('abc', -1, 3), left('abc', 10), right('abc', -1), lpad('a', 3, '*'), rpad('a', 3, '-') FROM pg_class WHERE oid = 1259
SELECT strpos('abc', 'c'), starts_with('abc', 'ab'), translate('abc', 'ab', 'xy'), reverse('abc'), ascii('a'), chr(97) FROM pg_class WHERE oid = 1259
SELECT regexp_replace('abcabc', 'b', 'X'), regexp_replace('abcabc', 'b', 'X', 'g'), regexp_replace('foobar', '(o+)b', '<\1>') FROM pg_class WHERE oid = 1259
SELECT 'foo.bar' ~ 'foo\.bar', 'fooXbar' ~ 'foo\.bar', 'a' ~ '[[:alpha:]]', 'A' ~* 'a', E'a\nb' ~ 'a.b', 'ab' ~ '^a$|^ab$' FROM pg_class WHERE oid = 1259
SELECT 'pg_toast' LIKE 'pg\_%', 'pgxtoast' LIKE 'pg\_%', 'a_b' LIKE 'a#_b' ESCAPE '#', 'x' ILIKE 'X', 'x' NOT LIKE 'y%', 'a\b' LIKE 'a\\b' FROM pg_class WHERE oid = 1259
SELECT 5 / 2, -5 / 2, 5 % 3, -5 % 3, 2 * 3 - 1, - (2), 7 & 3, 4 | 1 FROM pg_class WHERE oid = 1259
SELECT 1 = 1.0, 1 < 2.5, 0.1 + 0.2, 1.5 * 2, 2147483648, 9223372036854775807 FROM pg_class WHERE oid = 1259
SELECT 32767::int2 + 1::int2 FROM pg_class WHERE oid = 1259
SELECT 2147483647 + 1 FROM pg_class WHERE oid = 1259
SELECT 1 / 0 FROM pg_class WHERE oid = 1259
SELECT 'abc'::int FROM pg_class WHERE oid = 1259
SELECT '99999999999'::int FROM pg_class WHERE oid = 1259
SELECT 'maybe'::bool FROM pg_class WHERE oid = 1259
SELECT '{1,2'::int[] FROM pg_class WHERE oid = 1259
SELECT 'true'::bool, 'off'::bool, '1'::bool, 't'::bool::text, 1::bool, 0::bool, true::int FROM pg_class WHERE oid = 1259
SELECT '5'::oid, (-1)::oid, 4294967295::oid, '4294967295'::oid::int4, 1::oid::text FROM pg_class WHERE oid = 1259
SELECT 5000000000::oid FROM pg_class WHERE oid = 1259
SELECT '-1'::oid FROM pg_class WHERE oid = 1259
SELECT 'abc'::name = 'abc', 'abc'::name::text, 'a'::"char" = 'a', 'abc'::varchar(2), 'abc'::char(5) FROM pg_class WHERE oid = 1259
SELECT CASE WHEN false THEN 1 END, CASE 3 WHEN 1 THEN 'a' ELSE 'b' END, CASE WHEN NULL THEN 1 ELSE 2 END FROM pg_class WHERE oid = 1259
SELECT coalesce(NULL, NULL), coalesce(NULL::int, 5), coalesce('a'::name, 'b') FROM pg_class WHERE oid = 1259
SELECT nullif('a', 'a'), nullif(1, 2), greatest('a', 'b'), greatest(NULL, 1), least(2, 1) FROM pg_class WHERE oid = 1259
SELECT true IS TRUE, false IS NOT TRUE, NULL::bool IS UNKNOWN, NULL::bool IS NOT UNKNOWN, true IS FALSE FROM pg_class WHERE oid = 1259
SELECT 2 BETWEEN 1 AND 3, 2 NOT BETWEEN 3 AND 4, 'b' BETWEEN 'a' AND 'c' FROM pg_class WHERE oid = 1259
SELECT (1, 2) = (1, NULL), (1, 2) IS NULL, (1, NULL) <> (2, NULL), (1,2) >= (1,2) FROM pg_class WHERE oid = 1259
SELECT has_schema_privilege('pg_catalog', 'USAGE'), has_database_privilege(current_database(), 'CONNECT'), has_function_privilege('abs(int4)', 'EXECUTE') FROM pg_class WHERE oid = 1259
SELECT has_schema_privilege('nope', 'USAGE') FROM pg_class WHERE oid = 1259
SELECT json_build_object('k', ARRAY[1,2], 'o', json_build_object('x', 1)), json_build_array(), json_build_object() FROM pg_class WHERE oid = 1259
SELECT quote_ident('Abc'), quote_ident('a"b'), quote_ident('user'), quote_ident('_x1'), quote_ident(''), quote_literal('a'), quote_literal(5) FROM pg_class WHERE oid = 1259
SELECT format('%s|%10s|%-5s|', 'a', 'b', 'c'), format('%I', 'Select'), format('%L', NULL) FROM pg_class WHERE oid = 1259
SELECT 'pg_class'::regclass = 1259, 'pg_class'::regclass::text = 'pg_class', 1259 = 'pg_class'::regclass::oid, 'pg_class'::regclass IN (1259) FROM pg_class WHERE oid = 1259
SELECT lower(5) FROM pg_class WHERE oid = 1259
SELECT pg_table_is_visible('x')  FROM pg_class WHERE oid = 1259
SELECT 1 + 'a' FROM pg_class WHERE oid = 1259
SELECT 'a' + 1 FROM pg_class WHERE oid = 1259
SELECT ARRAY[1,'a'] FROM pg_class WHERE oid = 1259
SELECT CASE WHEN true THEN 1 ELSE 'a' END FROM pg_class WHERE oid = 1259
SELECT unnest(5) FROM pg_class WHERE oid = 1259
SELECT array_length(5, 1) FROM pg_class WHERE oid = 1259
SELECT pg_catalog.lower('A'), pg_catalog.upper('b'::pg_catalog.text) FROM pg_class WHERE oid = 1259
SELECT c.relname, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod) FROM pg_class c, pg_attribute a WHERE a.attrelid = c.oid AND c.relname = 'pg_am' AND a.attnum > 0 ORDER BY a.attnum
SELECT count(DISTINCT typcategory), count(typname), count(*) FROM pg_type WHERE oid < 30
SELECT sum(typlen), sum(oid::int8), max(typlen), min(oid) FROM pg_type WHERE oid < 30
SELECT array_agg(DISTINCT typcategory ORDER BY typcategory) FROM pg_type WHERE oid < 30
SELECT array_agg(oid) FROM pg_type WHERE oid < 0::oid
SELECT typname FROM pg_type WHERE typname IN ('bool','int4') AND NOT typname = 'bool'
SELECT typname, typcategory FROM pg_type WHERE oid < 30 ORDER BY typcategory DESC NULLS LAST, typname COLLATE "C" LIMIT 5
SELECT t.typname AS n FROM pg_type t WHERE oid < 20 ORDER BY lower(t.typname) DESC
SELECT typname AS n, oid o FROM pg_type WHERE oid < 20 ORDER BY o, n
SELECT DISTINCT typcategory FROM pg_type WHERE oid < 30 ORDER BY typcategory
SELECT DISTINCT typcategory, typlen > 0 FROM pg_type WHERE oid < 30 ORDER BY 2, 1
SELECT typcategory AS c FROM pg_type WHERE oid < 30 GROUP BY c ORDER BY c
SELECT upper(typcategory::text) AS u, count(*) FROM pg_type WHERE oid < 30 GROUP BY 1 ORDER BY 2 DESC, 1
SELECT (SELECT count(*) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0) FROM pg_class c WHERE c.relname = 'pg_am'
SELECT u FROM pg_class c, unnest(ARRAY[c.relname, 'x'::name]) AS u WHERE c.relname = 'pg_am'
SELECT c.relname, l.n FROM pg_class c LEFT JOIN LATERAL (SELECT count(*) AS n FROM pg_attribute a WHERE a.attrelid = c.oid) l ON true WHERE c.relname = 'pg_range'
SELECT relname FROM pg_class WHERE relname = 'pg_am' UNION ALL (SELECT 'zz'::text ORDER BY 1 LIMIT 1) ORDER BY 1
SELECT row_number() OVER (ORDER BY oid), lag(typname) OVER (ORDER BY oid), first_value(typname) OVER (ORDER BY oid DESC) FROM pg_type WHERE oid < 20 ORDER BY 1
SELECT typcategory, rank() OVER (ORDER BY typcategory), count(*) OVER (PARTITION BY typcategory) FROM pg_type WHERE oid < 24 ORDER BY oid
SELECT 16 = ANY(ARRAY(SELECT oid::int FROM pg_type WHERE oid < 18)), 16::oid IN (SELECT oid FROM pg_type)
SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'pg_am_oid_index'
SELECT pg_get_indexdef(indexrelid), pg_get_indexdef(indexrelid, 1, false), pg_get_indexdef(indexrelid, 3, true) FROM pg_index WHERE indexrelid = 'pg_class_relname_nsp_index'::regclass
SELECT json_agg(json_build_object('n', typname) ORDER BY oid) FROM pg_type WHERE oid < 18
SELECT current_user = session_user, current_catalog = current_database(), version() LIKE 'PostgreSQL%' FROM pg_am LIMIT 1
SELECT typname FROM pg_type WHERE oid = 'int4'::regtype OR oid = 'text'::regtype::oid ORDER BY 1
SELECT relname FROM pg_class WHERE oid = 'pg_am'::regclass AND relnamespace = 'pg_catalog'::regnamespace
SELECT oid::regclass FROM pg_class WHERE relname IN ('pg_am', 'pg_type') ORDER BY oid::regclass::text
SELECT typname FROM pg_type ORDER BY oid LIMIT 2 OFFSET 1
SELECT typname FROM pg_type ORDER BY oid FETCH FIRST 2 ROWS ONLY
SELECT typname FROM pg_type WHERE oid = 16 LIMIT ALL
SELECT c.relname::information_schema.sql_identifier FROM pg_class c WHERE c.oid = 1259
SELECT 1 FROM pg_class c JOIN pg_class c ON true
SELECT * FROM pg_class c WHERE d.oid = 1
SELECT count(*) FROM pg_class WHERE count(*) > 1
SELECT sum(typname) FROM pg_type
SELECT oid FROM pg_class WHERE oid = 'pg_class'
SELECT relname || 5 FROM pg_class WHERE oid = 1259
SELECT (indkey::int2[])[0], (indkey::int2[])[1], array_lower(indkey::int2[], 1), array_position(indkey::int2[], indkey[1]) FROM pg_index WHERE indexrelid = 'pg_class_relname_nsp_index'::regclass
SELECT array_position('{5,6}'::int[], 6), array_position('{5,6}'::int[], 7), array_to_json(ARRAY[1,2]), array_to_json('{a,b}'::text[]) FROM pg_class WHERE oid = 1259
SELECT x.k[0], x.k[1] FROM (SELECT indkey::int2[] AS k FROM pg_index WHERE indexrelid = 'pg_class_relname_nsp_index'::regclass) x
SELECT indkey::int2[], indclass::oid[], indkey FROM pg_index WHERE indexrelid = 'pg_class_relname_nsp_index'::regclass
SELECT array_agg(typname) FROM (SELECT typname FROM pg_type WHERE oid < 20 ORDER BY typname DESC) s
SELECT c.relname, (SELECT array_agg(attname) FROM (SELECT attname FROM pg_attribute a WHERE a.attrelid = c.oid AND attnum > 0 ORDER BY attname DESC) q) FROM pg_class c WHERE c.relname IN ('pg_am','pg_range') ORDER BY 1
SELECT n.* IS NULL, n IS NOT NULL FROM pg_am n WHERE oid = 2
SELECT row(1,2) = row(1,2), (1,2) IS NULL
SELECT count(c), count(c.*), count(DISTINCT c.relkind) FROM pg_class c WHERE oid < 2000
SELECT row_to_json(c) FROM pg_am c WHERE oid = 2
SELECT row_to_json(t) FROM (SELECT oid, amname AS name FROM pg_am WHERE oid = 2) t
SELECT array_to_json(array_agg(row_to_json(t))) FROM (SELECT oid, amname AS name FROM pg_am WHERE oid < 500 ORDER BY oid) t
SELECT json_agg(t) FROM (SELECT oid, amname AS name FROM pg_am WHERE oid < 500 ORDER BY oid) t
SELECT coalesce(json_agg(t), '[]'::json) FROM (SELECT oid, amname AS name FROM pg_am WHERE oid < 0) t
SELECT json_object_agg(amname, oid ORDER BY oid) FROM pg_am WHERE oid < 500
SELECT jsonb_build_object('a', array[1,2], 'b', json_build_object('c', null))
SELECT typname, count(*) OVER (), sum(typlen) OVER (ORDER BY oid ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW), max(oid) OVER (ORDER BY oid ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) FROM pg_type WHERE oid < 25 ORDER BY oid
SELECT typname, rank() OVER w, lag(typname) OVER w FROM pg_type WHERE oid < 25 WINDOW w AS (PARTITION BY typcategory ORDER BY oid) ORDER BY oid
SELECT typcategory, typtype, count(*) FROM pg_type WHERE oid < 30 GROUP BY ROLLUP (typcategory, typtype) ORDER BY 1, 2
SELECT typcategory, typtype, count(*), grouping(typcategory) FROM pg_type WHERE oid < 30 GROUP BY GROUPING SETS ((typcategory), (typtype), ()) ORDER BY 1, 2
SELECT typcategory, count(*) FROM pg_type WHERE oid < 30 GROUP BY CUBE (typcategory) ORDER BY 1
SELECT now() > '2020-01-01', now()::date = current_date, current_timestamp IS NOT NULL FROM pg_am WHERE oid = 2
SELECT extract(epoch FROM interval '1 hour'), date_part('epoch', '2020-01-01 00:00:00+00'::timestamptz), date_trunc('hour', timestamp '2020-01-01 10:11:12')
SELECT pid IS NOT NULL, now() - query_start < interval '1 minute', extract(epoch FROM now() - backend_start) >= 0, state FROM pg_stat_activity WHERE pid = pg_backend_pid()
SELECT pg_postmaster_start_time() < now(), pg_conf_load_time() < now()
SELECT date_trunc('second', current_timestamp - pg_postmaster_start_time()) > interval '0' FROM pg_am WHERE oid = 2
SELECT relname FROM pg_class WHERE relname SIMILAR TO 'pg_(am|type)' ORDER BY 1
SELECT regexp_replace('abc123', '[0-9]+', 'X'), regexp_replace('aXbXc', 'X', '-', 'g'), regexp_matches('foo=bar', '(\w+)=(\w+)'), regexp_match('ab', 'b')
SELECT regexp_split_to_array('a,b;c', '[,;]'), substring('foobar' FROM 'o+(.)'), substring('foobar', 'o.b'), regexp_count('aaa','a'), regexp_like('abc','B','i')
SELECT 1.5 / 2, 10::numeric / 3, round(10.0/3, 2), round(2.5), ceil(1.2), floor(-1.2), trunc(1.7), sqrt(4), power(2, 3), mod(7, 3), sign(-2)
SELECT round(100.0 * count(*) / 3, 1), avg(typlen), avg(oid::int8), sum(typlen), stddev(typlen) IS NOT NULL FROM pg_type WHERE oid < 30
SELECT count(*)::float / 2, (count(*) * 100 / 7)::int, count(*)::numeric(10,2) FROM pg_type WHERE oid < 30
SELECT greatest(1, 2.5), least(1.5, 2), coalesce(1, 2.5), CASE WHEN true THEN 1 ELSE 2.55 END, ARRAY[1, 2.5]
SELECT '{1.5,2}'::numeric[], ARRAY[1.5, 2.25]::numeric[], unnest(ARRAY[1.5, 2.25])
SELECT * FROM pg_range ORDER BY rngtypid
SELECT string_agg(DISTINCT relkind::text, ',' ORDER BY relkind::text) FROM pg_class WHERE oid < 2000
SELECT array_agg(DISTINCT relkind) FILTER (WHERE relkind <> 't') FROM pg_class WHERE oid < 2000
SELECT array_agg(a ORDER BY a DESC NULLS LAST) FROM unnest(ARRAY[1,NULL,3]) a
SELECT * FROM unnest(ARRAY[1,2], ARRAY['a','b','c']) AS t(x, y)
SELECT * FROM unnest(ARRAY[1,2]) WITH ORDINALITY
SELECT * FROM generate_series(1, 3) WITH ORDINALITY AS g(v, n)
SELECT * FROM ROWS FROM (generate_series(1, 2), generate_series(1, 3)) AS t(a, b)
SELECT g::date FROM generate_series('2020-01-01'::timestamp, '2020-01-03', '1 day') g
SELECT '{"a":{"b":1}}'::jsonb -> 'a' ->> 'b', '{"a":[1,2]}'::json #>> '{a,1}', '{"a":1}'::jsonb ? 'a', '{"a":1}'::jsonb || '{"b":2}'
SELECT current_user, session_user, user, current_role, current_catalog, current_schema FROM pg_am WHERE oid = 2
SELECT quote_ident(nspname) || '.' || quote_ident(relname) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE c.oid = 1259
SELECT format('%I.%I', nspname, relname)::regclass FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE c.oid = 1259
SELECT (nspname || '.' || relname)::regclass::oid FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE c.oid = 1259
SELECT (a).n, (a).x FROM (SELECT information_schema._pg_expandarray(conkey) AS a FROM pg_constraint WHERE conname = 'order_item_pk') z
SELECT * FROM pg_get_keywords() WHERE word = 'select'
SELECT count(*) > 100, bool_or(name = 'UTC') FROM pg_timezone_names
SELECT pg_client_encoding(), getdatabaseencoding(), pg_encoding_max_length(6), pg_typeof(pg_client_encoding())
SELECT tc.constraint_name, kcu.column_name, ccu.table_name AS ft, ccu.column_name AS fc, rc.update_rule FROM information_schema.table_constraints tc JOIN information_schema.key_column_usage kcu USING (constraint_schema, constraint_name) JOIN information_schema.constraint_column_usage ccu USING (constraint_schema, constraint_name) JOIN information_schema.referential_constraints rc USING (constraint_schema, constraint_name) WHERE tc.constraint_type = 'FOREIGN KEY' ORDER BY 1, 2
SELECT coalesce(a.relname, b.relname) FROM pg_class a FULL JOIN pg_class b ON a.oid = b.oid WHERE a.oid = 1259
SELECT relname FROM pg_class a RIGHT JOIN (SELECT 1259::oid AS oid) b USING (oid)
SELECT oid FROM pg_class a FULL JOIN (SELECT 1259::oid AS oid) b USING (oid) WHERE oid = 1259
SELECT ALL relname FROM ONLY pg_class WHERE oid = 1259
(SELECT 1 UNION SELECT 2) INTERSECT (SELECT 2) ORDER BY 1
WITH RECURSIVE inh AS (SELECT inhrelid, inhparent FROM pg_inherits UNION SELECT i.inhrelid, h.inhparent FROM inh h JOIN pg_inherits i ON i.inhparent = h.inhrelid) SELECT * FROM inh
WITH RECURSIVE t(oid, d) AS (SELECT 'int4'::regtype::oid, 0 UNION ALL SELECT typarray, d + 1 FROM pg_type JOIN t USING (oid) WHERE typarray <> 0 AND d < 3) SELECT * FROM t ORDER BY 2
WITH a AS MATERIALIZED (SELECT oid FROM pg_am), b AS NOT MATERIALIZED (SELECT oid FROM a) SELECT count(*) FROM b WHERE oid < 5000
SELECT * FROM pg_am FETCH FIRST 1 ROW ONLY
SELECT oid FROM pg_am WHERE oid < 4000 ORDER BY oid OFFSET 1 ROWS FETCH NEXT 2 ROWS ONLY
SELECT DISTINCT relkind FROM pg_class WHERE oid < 3000 ORDER BY relkind
SELECT relkind::int FROM pg_class LIMIT 0
SELECT ascii(relkind::text), relkind::"char"::text, relkind IN ('r', 'v'), relkind = ANY ('{r,v}'), relkind = ANY (ARRAY['r', 'v']::"char"[]) FROM pg_class WHERE oid = 1259
SELECT 1 FROM pg_class WHERE relkind = 'r'::char AND oid = 1259
SELECT oid::regclass::text AS name, oid::regclass::varchar(10), relname::varchar, relname::char(5), relname::bpchar FROM pg_class WHERE oid = 1259
SELECT oid = '1259', oid = 1259::bigint, oid::int = 1259, oid IN (1259, 1260), oid::text = '1259', 1259 = oid, oid > 1000::int2, oid BETWEEN 1 AND 2000, '1259'::oid::int8 FROM pg_class WHERE oid = 1259
SELECT pg_type.oid, typname FROM pg_catalog.pg_type WHERE pg_catalog.pg_type.typname = 'int4'
SELECT typname AS "Type", 1 AS "select" FROM pg_type AS "T t" WHERE "T t".oid = 23
SELECT xmin, ctid IS NOT NULL, tableoid::regclass, cmin FROM pg_am WHERE oid = 2
SELECT xmin::text::bigint > 0, age(xmin) >= 0 FROM pg_am WHERE oid = 2
SELECT datname, pg_encoding_to_char(encoding), datallowconn, age(datfrozenxid) IS NOT NULL, pg_catalog.pg_get_userbyid(datdba) IS NOT NULL FROM pg_database WHERE datname = current_database()
SELECT pg_cancel_backend(1) IS NULL
SELECT cardinality(ARRAY[1,2]), array_dims(ARRAY[1,2]), array_fill(0, ARRAY[2]), array_replace(ARRAY[1,2],1,3), trim_array(ARRAY[1,2,3],1), array_positions(ARRAY[1,2,1],1)
SELECT string_to_array('1 2', ' ')::int[], string_to_array('a,,b', ',', ''), array_to_string(ARRAY['a',NULL],',','*'), (string_to_array('a.b','.'))[1]
SELECT 'a' = ALL (ARRAY['a','a']), 'ab' LIKE ANY (ARRAY['a%','b%']), 'ab' NOT LIKE ALL ('{x%}'), 'ab' ~ ANY (ARRAY['^a'])
SELECT initcap('hello world'), concat_ws(',', 'a', NULL, 'b'), lpad('x', 3, '-'), overlay('abcdef' placing 'X' from 2 for 3), encode('abc'::bytea, 'hex'), decode('616263','hex'), to_hex(255), chr(65), ascii('A'), md5('a'), bit_length('abc'), strpos('abc','b')
SELECT to_char(now(), 'YYYY') = extract(year from now())::text, to_char(1234.5, 'FM9,999.00'), to_number('12','99'), to_date('2020-01-02','YYYY-MM-DD'), to_timestamp(0) FROM pg_am WHERE oid=2
SELECT min(relname), max(relkind), min(oid::regclass::text), max(reltuples) >= 0, min(relname::text) FROM pg_class WHERE oid = 1259
SELECT bit_and(typlen), bit_or(typlen), array_agg(typlen ORDER BY typlen), variance(typlen) IS NULL FROM pg_type WHERE oid = 16
SELECT CASE relkind WHEN 'r' THEN 'table' END COLLATE "C", CASE WHEN relkind = 'r' THEN relname END, CASE WHEN false THEN 1 END FROM pg_class WHERE oid = 1259
SELECT 'abc'::name || 'd', 'abc'::name LIKE 'a%', 'abc'::name ~ 'b', length('abc'::name), upper('abc'::name), substring('abc'::name, 1, 2)
SELECT c.relname, k.v FROM pg_class c, LATERAL unnest(ARRAY[c.relkind::text, c.relpersistence::text]) WITH ORDINALITY AS k(v, n) WHERE c.oid = 1259 ORDER BY n
SELECT relname, (SELECT string_agg(attname, ',' ORDER BY attnum) FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0) FROM pg_class c WHERE oid = 2601
SELECT sum(n) FROM (SELECT count(*) AS n FROM pg_class WHERE oid < 2000 GROUP BY relkind) q
SELECT relkind, sum(reltuples)::bigint >= 0, sum(relpages) FILTER (WHERE relpages < 0), count(*) FILTER (WHERE relhasindex) FROM pg_class WHERE oid < 1300 GROUP BY 1 ORDER BY 1
SELECT (SELECT count(*) FROM pg_class WHERE oid < 2000) + (SELECT count(*) FROM pg_am WHERE oid < 5000) AS n
SELECT unnest(string_to_array('a,b', ',')) AS x, generate_series(1, 2)
SELECT (regexp_matches('a=1,b=2', '(\w)=(\d)', 'g'))[2]
SELECT pg_catalog.format_type(a.atttypid, a.atttypmod), pg_catalog.format_type(1042, NULL), format_type(1042, -1), format_type(1042, 8), format_type(1560, NULL), format_type(1560, 3), 1042::regtype, 1560::regtype, format_type(1083, 3), format_type(1266, -1), format_type(1186, 327679), format_type(18, NULL), format_type(2276, NULL), format_type(3904,NULL), format_type(1231,NULL), format_type(1015,NULL), format_type(1014,NULL) FROM pg_attribute a WHERE a.attrelid = 'public.all_types'::regclass AND attnum = 5
SELECT e.enumlabel FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid ORDER BY e.enumsortorder
SELECT rolname, ARRAY(SELECT b.rolname FROM pg_auth_members m JOIN pg_roles b ON (m.roleid = b.oid) WHERE m.member = r.oid) AS memberof FROM pg_roles r WHERE r.rolname = 'pg_monitor' ORDER BY 1
SELECT string_agg(quote_ident(b.rolname), ', ' ORDER BY b.rolname) FROM pg_auth_members m JOIN pg_roles b ON m.roleid = b.oid WHERE m.member = 3373
SELECT DISTINCT ON (relkind) relkind, relname FROM pg_class WHERE oid < 3000 ORDER BY relkind, relname
SELECT * FROM pg_cast WHERE castsource = 'int4'::regtype AND casttarget = 'int8'::regtype
SELECT p.proname, array_to_string(p.proargtypes::regtype[], ','), (SELECT string_agg(format_type(t, NULL), ', ') FROM unnest(p.proargtypes) t) FROM pg_proc p WHERE oid = 'format_type'::regproc
SELECT oprname, oprleft::regtype, oprcode, oprcode::text, oprcom::regoper, oprnegate::regoperator FROM pg_operator WHERE oprname = '=' AND oprleft = 23 AND oprright = 23
SELECT amop.amopstrategy, amopopr::regoperator FROM pg_amop amop JOIN pg_opfamily f ON f.oid = amopfamily WHERE opfname = 'integer_ops' AND amoplefttype = 23 AND amoprighttype = 23 AND amopmethod = 403 ORDER BY 1
SELECT proname, proargtypes::regtype[], prorettype::regtype, proargnames, provolatile, oidvectortypes(proargtypes), pronargs, pg_get_function_identity_arguments(oid) FROM pg_proc WHERE proname IN ('abs','format_type') ORDER BY oid
SELECT substring(relname FROM '^pg_(.+)$'), substring(relname, 'cl.s'), substring(relname FROM 2 FOR 3), substring(relname, 2), substring(relname FROM '%#"cl_#"%' FOR '#') FROM pg_class WHERE oid = 1259
SELECT c.relname, a.attname, d.adbin FROM (((pg_class c INNER JOIN pg_namespace n ON n.oid = c.relnamespace AND c.relname LIKE 'pg_am') JOIN pg_attribute a ON a.attnum > 0 AND a.attrelid = c.oid) INNER JOIN pg_type t ON t.oid = a.atttypid) LEFT OUTER JOIN pg_attrdef d ON a.atthasdef AND d.adrelid = a.attrelid AND d.adnum = a.attnum ORDER BY a.attnum
SELECT c.relname, n.nspname FROM pg_class c LEFT JOIN ((pg_namespace n JOIN pg_roles r ON r.oid = n.nspowner)) ON n.oid = c.relnamespace AND n.nspname = 'none' WHERE c.oid = 1259
SELECT 1 FROM pg_class WHERE relname = 'x' AND oid = 'nope'::regclass
SELECT count(*) FROM pg_class WHERE false AND oid = CAST('nope' AS pg_catalog.regclass)
SELECT 'nope'::regtype FROM pg_class WHERE false
SELECT 1 FROM pg_proc WHERE oid = 'nope'::regproc AND false
SELECT 1 FROM pg_proc WHERE oid = 'abs'::regproc AND proname = 'zz'
SELECT 1 FROM pg_proc WHERE oid = 'abs(nope)'::regprocedure AND proname = 'zz'
SELECT 1 FROM pg_operator WHERE oid = '+'::regoper AND oprname = 'zz'
SELECT 1 FROM pg_class WHERE relnamespace = 'nope'::regnamespace AND relname = 'zz'
SELECT 1 FROM pg_class WHERE relowner = 'nope'::regrole AND relname = 'zz'
SELECT 1 FROM pg_class WHERE oid = 'a b'::regclass AND relname = 'zz'
SELECT 1 FROM pg_class WHERE oid IN ('pg_am'::regclass, 'nope'::regclass) AND relname = 'zz'
SELECT 1 FROM pg_class WHERE oid = ANY('{pg_am,nope}'::regclass[]) AND relname = 'zz'
SELECT 1 FROM pg_class WHERE oid = ANY(ARRAY['nope']::regclass[]) AND relname = 'zz'
SELECT 1 FROM pg_class WHERE oid = 'nope'::text::regclass AND relname = 'zz'
SELECT 1 FROM pg_class WHERE oid = ('no' || 'pe')::regclass AND relname = 'zz'
SELECT CASE WHEN false THEN 'nope'::regclass END FROM pg_am
SELECT coalesce(NULL, 'nope'::regclass) FROM pg_am WHERE false
SELECT (SELECT 'nope'::regclass WHERE false) FROM pg_am WHERE oid = 2
SELECT 1 FROM pg_am WHERE false UNION ALL SELECT 'nope'::regclass::oid::int FROM pg_am WHERE false
SELECT obj_description('nope'::regclass) FROM pg_am WHERE false
SELECT 'nope'::regclass LIMIT 0
SELECT to_regclass('nope') FROM pg_am WHERE false
SELECT oid FROM pg_class WHERE relname = 'zz' AND oid = '12'::regclass
SELECT 1 FROM pg_class WHERE oid::regclass = 'nope'
SELECT CASE WHEN relname = 'pg_class' THEN (SELECT 'a' WHERE c.oid = 1259) WHEN false THEN (SELECT attname::text FROM pg_attribute) ELSE (SELECT amname FROM pg_am WHERE oid = 2) END FROM pg_class c WHERE oid IN (1259, 1247) ORDER BY relname
SELECT CASE WHEN count(*) > 1 THEN (SELECT amname FROM pg_am WHERE oid = 2) END FROM pg_class WHERE oid IN (1259, 1247)
SELECT CASE WHEN true THEN relname ELSE 'x' END, CASE WHEN false THEN 'x'::text ELSE relname END, CASE WHEN true THEN relname ELSE 'x'::text END, CASE WHEN true THEN relkind ELSE relname END FROM pg_class WHERE oid = 1259
SELECT CASE WHEN data_type LIKE 'x%' THEN data_type || ' y' ELSE data_type END, CASE WHEN data_type = 'x' THEN data_type || ' y' WHEN data_type = 'y' THEN udt_name ELSE data_type END FROM information_schema.columns WHERE table_name = 'pg_am' AND column_name = 'oid'
SELECT n.nspname AS s, c.relname AS n FROM pg_class c JOIN pg_namespace s ON s.oid = c.relnamespace JOIN pg_namespace n ON n.oid = s.oid WHERE c.oid = 1259 GROUP BY s, n
SELECT -reltuples > 0, relnatts BETWEEN SYMMETRIC 40 AND 1, relnatts BETWEEN SYMMETRIC 1 AND 2 FROM pg_class WHERE oid = 1259
SELECT relkind, percentile_cont(0.5) WITHIN GROUP (ORDER BY relnatts), percentile_disc(0.25) WITHIN GROUP (ORDER BY relname DESC), mode() WITHIN GROUP (ORDER BY relkind) FROM pg_class WHERE oid IN (1259, 1247, 1255) GROUP BY relkind
SELECT percentile_disc(ARRAY[0.25, 0.75]) WITHIN GROUP (ORDER BY relnatts), percentile_cont(0.5) WITHIN GROUP (ORDER BY relnatts DESC) FILTER (WHERE relnatts > 30) FROM pg_class WHERE oid IN (1259, 1247, 1255)
SELECT x.o, c.relname FROM json_to_recordset('[{"o":1259},{"o":1247}]') AS x(o oid) JOIN pg_class c ON c.oid = x.o ORDER BY 1
SELECT c.relname, r.* FROM pg_class c, LATERAL jsonb_to_record(jsonb_build_object('n', c.relname, 'k', c.relkind)) AS r(n text, k text) WHERE c.oid = 1259
SELECT r.* FROM pg_am a, jsonb_to_recordset('[{"a":[1,2],"b":{"c":1},"c":"2024-01-01","d":1.55,"e":true,"g":16,"h":"2024-01-01T00:00:00Z","i":"abc"},{}]') AS r(a int[], b jsonb, c date, d numeric(10,1), e bool, g regtype, h timestamptz, i varchar(3)) WHERE a.oid = 2
SELECT * FROM pg_am a, json_to_record('{"a":1}') AS r WHERE a.oid = 2
SELECT * FROM pg_am a, json_to_recordset('[{"a":1}]') WITH ORDINALITY AS r(a int) WHERE a.oid = 2
SELECT * FROM pg_am a, unnest(ARRAY[1]) AS r(a int) WHERE a.oid = 2
SELECT * FROM pg_am a, json_array_elements_text('["a"]') x WHERE a.oid = 2
SELECT a.amname, m FROM pg_am a, regexp_matches(a.amname, '(.)(t)') m WHERE a.oid = 403
SELECT j FROM pg_am a, jsonb_path_query('[1,2]', '$[*]') WITH ORDINALITY AS x(j, n) WHERE a.oid = 2 ORDER BY n DESC
SELECT amname, pg_indexam_has_property(oid, 'can_order'), pg_indexam_has_property(oid, 'can_unique'), pg_indexam_has_property(oid, 'can_multi_col'), pg_indexam_has_property(oid, 'can_exclude'), pg_indexam_has_property(oid, 'can_include'), pg_indexam_has_property(oid, 'nope') FROM pg_am WHERE oid < 9000 ORDER BY 1
SELECT pg_index_has_property('pg_class_oid_index'::regclass, w) FROM unnest(ARRAY['clusterable', 'index_scan', 'bitmap_scan', 'backward_scan', 'nope']) w
SELECT pg_relation_is_updatable('pg_class'::regclass, true), pg_column_is_updatable('pg_class', 1::int2, false), pg_relation_is_updatable('pg_class_oid_index'::regclass, true), pg_relation_is_updatable(1, true)
SELECT pg_size_bytes('1 GB'), pg_size_bytes('1.5kB'), pg_size_bytes(' 12 '), pg_column_size(oid), pg_column_size(relnatts) FROM pg_class WHERE oid = 1259
SELECT pg_size_bytes('x') FROM pg_am WHERE oid = 2
SELECT has_parameter_privilege('work_mem', 'SET'), pg_collation_actual_version(100), array_position(ARRAY[1,2,1], 1, 2) FROM pg_am WHERE oid = 2
SELECT name, setting, vartype FROM pg_show_all_settings() WHERE name = 'standard_conforming_strings'
SELECT name, version FROM pg_available_extension_versions() WHERE name = 'plpgsql'
SELECT count(*) FROM pg_prepared_xact()
SELECT host('10.0.0.1'::inet), masklen('::1'::inet), family('::1'::inet), text('10.0.0.1'::inet), CAST('10.0.0.1' AS inet)::text, '::1'::inet || 'x', abbrev('10.0.0.1'::inet) FROM pg_am WHERE oid = 2
SELECT '{"b":1,"a":[1, 2]}'::jsonb, '{"b":1}'::json, jsonb_path_match('{"a":1}', 'exists($.a)') FROM pg_am WHERE oid = 2
SELECT '{1,2}'::text::int[], ('{' || relname || '}')::text[], '{2024-01-01 00:00+00}'::timestamptz[], '{16,23}'::regtype[] FROM pg_class WHERE oid = 1259
SELECT pg_terminate_backend(pid), pg_cancel_backend(pid) FROM pg_stat_activity WHERE datname = 'nope'
SELECT count(pg_terminate_backend(a.pid)) FROM pg_stat_activity a WHERE a.datname = 'nope' AND a.pid <> pg_backend_pid()
SELECT pg_blocking_pids(pid), cardinality(pg_blocking_pids(pid)) FROM pg_stat_activity WHERE pid = pg_backend_pid()
SELECT string_agg(DISTINCT typcategory::text, ','), array_agg(DISTINCT typlen), json_agg(DISTINCT typname::text) FROM pg_type WHERE oid BETWEEN 16 AND 24
SELECT array_agg(DISTINCT attname ORDER BY attname DESC), string_agg(DISTINCT attname, ', ' ORDER BY attname) FROM pg_attribute WHERE attrelid = 1259 AND attnum BETWEEN 1 AND 4
SELECT array_dims(indkey), array_dims(ARRAY[1,2]), array_dims('{}'::int[]), "char"(65), 'a'::"char"::int, ''::"char"::int FROM pg_index WHERE indexrelid = 'pg_class_relname_nsp_index'::regclass
SELECT "char"(200) FROM pg_am WHERE oid = 2
SELECT CASE WHEN row_number() OVER (ORDER BY oid) = 1 THEN (SELECT amname FROM pg_am WHERE oid = 2) END FROM pg_class WHERE oid IN (1259, 1247) ORDER BY oid
SELECT 'at ' || rolvaliduntil || '.', concat(rolvaliduntil, 1), format('%s', rolvaliduntil), quote_literal(rolvaliduntil) FROM pg_roles WHERE rolname = 'pg_monitor'
SELECT 'at ' || '2020-02-03 04:05:06+00'::timestamptz, concat('2020-02-03 04:05:06.5+00'::timestamptz, 1) FROM pg_am WHERE oid = 2
SELECT relacl, attacl FROM pg_class c JOIN pg_attribute a ON attrelid = c.oid WHERE c.oid = 'pg_toast.pg_toast_1255'::regclass AND attnum = 1
SELECT pg_stat_get_last_vacuum_time(0), pg_stat_get_function_self_time(0)
SELECT -5.5, -(2.50), ~5, ~attnum, abs(attnum), mod(attnum, attlen), abs(-5.5) FROM pg_attribute WHERE attrelid = 1259 AND attnum = 1
SELECT cardinality(coalesce(proallargtypes, proargtypes)), ARRAY(SELECT unnest(coalesce(proallargtypes, proargtypes))), CASE WHEN true THEN proargtypes ELSE proargtypes END, coalesce(proargmodes, array_fill('i'::text, ARRAY[2])), coalesce(proargnames, '{}') FROM pg_proc WHERE oid IN (1, 31, 2027) ORDER BY oid
SELECT CASE WHEN true THEN is_nullable ELSE NULL END, nullif(is_nullable, 'x'), coalesce(is_nullable, 'x') FROM information_schema.columns WHERE table_name = 'pg_am' AND ordinal_position = 1
SELECT jsonb_build_object('kind', amtype) AS j, count(*) FROM pg_am WHERE oid IN (2, 403, 405) GROUP BY j ORDER BY 2
SELECT DISTINCT jsonb_build_object('kind', amtype) FROM pg_am WHERE oid IN (403, 405)
SELECT array_cat(array_fill(false, array[2]), array_fill(true, array[1])), array_fill(1::int8, ARRAY[2]) FROM pg_am WHERE oid = 2
SELECT coalesce(lock.relation::regclass::varchar, ''), lock.pid FROM pg_locks lock WHERE lock.pid = 0
SELECT relname FROM pg_class WHERE relkind IN ('m', 'f') AND pg_table_is_visible(oid)
SELECT relname FROM pg_class c WHERE c.relname ~ '^pg_am$' AND pg_table_is_visible(c.oid) AND c.relkind = 'r' AND format_type(c.reltype, NULL) = 'pg_am'
SELECT 1 FROM pg_class c LEFT JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'pg_catalog' AND pg_table_is_visible(c.oid) AND c.oid = 1259 AND NULL
SELECT 1 FROM pg_class WHERE oid = 1259 AND relname
SELECT 1 FROM pg_class WHERE oid = 1259 AND (relkind = 'r' OR pg_table_is_visible(oid)) AND NOT pg_table_is_visible(0) IS TRUE
SELECT 'a '::bpchar = 'a' FROM pg_class LIMIT 1
SELECT 'a '::bpchar = 'a  '::varchar, 'a'::bpchar = 'a '::bpchar, 'a '::bpchar <> 'a', 'a '::char(3) = 'a', 'a '::bpchar = 'a '::text, 'a '::bpchar = 'a'::text FROM pg_class LIMIT 1
SELECT relname FROM pg_class WHERE relname = 'pg_type   '::bpchar
SELECT count(*) FROM pg_class WHERE relname IN ('pg_type '::bpchar, 'pg_class')
SELECT 'a' IN ('a '::bpchar, 'b'), 'a  '::bpchar < 'a', 'a '::bpchar IS DISTINCT FROM 'a' FROM pg_class LIMIT 1
SELECT i.nspname, i.relname, c.relname FROM pg_class c LEFT JOIN (pg_namespace n JOIN pg_class t ON t.relnamespace = n.oid) i ON i.relname = c.relname WHERE c.relname IN ('pg_class', 'pg_type') ORDER BY 3
SELECT i.a, i.b, i.f FROM (pg_namespace n JOIN pg_am m ON m.oid = 403) AS i (a, b, c, d, e, f, g) WHERE i.b = 'pg_catalog'
SELECT count(*) FROM pg_roles WHERE rolvaliduntil < 'infinity' OR rolvaliduntil = '-infinity'
SELECT coalesce(rolvaliduntil, '1970-01-01Z'), coalesce(rolvaliduntil, 'epoch') FROM pg_roles WHERE rolname = 'pg_monitor'
SELECT '{2020-01-01,"2020-01-02 00:00+02",NULL}'::timestamptz[], ARRAY['2020-01-01 10:00']::timestamptz[], ARRAY['1 day', '24:00']::interval[] FROM pg_class LIMIT 1
SELECT '0/10'::pg_lsn > '0/9'::pg_lsn, '0/10'::pg_lsn = '0/010'::pg_lsn, '(0,10)'::tid > '(0,9)'::tid, '0/10'::pg_lsn - '0/5', '0/10'::pg_lsn + 16, '0/10'::pg_lsn - 16.0, pg_wal_lsn_diff('1/10', '0/5') FROM pg_class LIMIT 1
SELECT '0/1'::pg_lsn - 2 FROM pg_class LIMIT 1
SELECT 1 - '0/1'::pg_lsn FROM pg_class LIMIT 1
SELECT s.* FROM pg_stat_get_progress_info('VACUUM') s
SELECT ssl, version, cipher, bits, client_dn, client_serial, issuer_dn FROM pg_stat_ssl WHERE pid = pg_backend_pid()
SELECT gss_authenticated, principal, encrypted FROM pg_stat_gssapi WHERE pid = pg_backend_pid()
select to_jsonb(array[timestamp '2020-01-01']) from pg_class limit 1
select to_jsonb(timestamp '2020-01-01') from pg_class limit 1
select row(to_jsonb(array[timestamp '2020-01-01']))::text from pg_class limit 1
select row(to_jsonb(timestamp '2020-01-01'))::text
select to_jsonb(array[timestamptz '2020-01-01 00:00+00', null]) from pg_class limit 1
select to_json(array[date '2020-01-01', null]) from pg_class limit 1
select json_build_object('a', array[timestamp '2020-01-01']) from pg_class limit 1
select to_json(1.0::float8), to_json(1.5::real), to_json('NaN'::float8), to_json(1e20::float8), to_json(array[1.0::float8,'Infinity',null]), to_json('NaN'::numeric), to_json(1.50) from pg_class limit 1
select row_to_json(x) from (select 1.0::float8 a, timestamp '2020-01-01 10:00' b, 1.5::real c, timestamptz '2020-01-01 10:00+02' d from pg_class limit 1) x
select to_json(timestamp '2020-01-01 10:00:00.5'), to_json(date '2020-01-01'), to_json(time '10:00'), to_json(interval '1 day') from pg_class limit 1
select to_json(timestamptz '2020-01-01 10:00+02'), to_jsonb(array[timestamptz '2020-01-01 10:00+02']) from pg_class limit 1
select to_json(timestamp '2020-01-01')
select 'NaN'::float8, 'infinity'::float8, '-Infinity'::float4, ' inf '::float8, '1e3'::float8, '1e400'::float8 from pg_class limit 1
select 'NaN'::float8, 'infinity'::float8, '-Infinity'::float4, ' inf '::float8, '1e3'::float8 from pg_class limit 1
select time '10:00', (time '10:00')::text, time '10:00' || 'x' from pg_class limit 1
select '10:00'::time(0)::text from pg_class limit 1
select (1.1::real)::text, to_json(1.1::real), array[1.1::real]::text, 1.1::real || 'x', concat(1.1::real) from pg_class limit 1
select 1e15::float8::text, 1e16::float8::text, 123456789012345680::float8::text, 1e-5::float8::text, 0.1::float8::text, '-0'::float8::text, 1e37::real::text, 16777216::real::text, 1e-5::real::text from pg_class limit 1
select array[1.5::real, 'NaN', null], array[1e20::float8] , format('%s', 1.1::real) from pg_class limit 1
