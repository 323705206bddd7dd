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
