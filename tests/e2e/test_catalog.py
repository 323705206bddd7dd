# ruff: noqa: E501
"""Queries of the system catalogs give what PostgreSQL gives: names and types of columns, rows, errors."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from psycopg import pq

from tests.support.servers import Server

# Rows that are PostgreSQL's own, in every version that the oracle may be of.
SAME = [
    "SELECT oid, relname, relkind, relnamespace::regnamespace FROM pg_class WHERE relname = 'pg_type'",
    "SELECT 'pg_class'::regclass, 'pg_catalog.pg_class'::regclass::oid, 1259::regclass, '1259'::regclass, 0::regclass, '-'::regclass",
    "SELECT 'int4'::regtype, 'character varying(10)'::regtype::oid, 'int[]'::regtype, 23::regtype::text, to_regtype('nope')",
    "SELECT 'int4in'::regproc, 'abs(int4)'::regprocedure, 'abs(int4)'::regprocedure::oid, '|/'::regoper, '+(int4,int4)'::regoperator",
    "SELECT to_regclass('nope'), to_regclass('pg_type'), to_regproc('abs'), to_regprocedure('abs(int4)'), to_regnamespace('public')",
    "SELECT 'nope'::regclass",
    "SELECT 'nope'::regtype",
    "SELECT 'nope'::regnamespace",
    "SELECT 'abs'::regproc",
    "SELECT 'nope(int)'::regprocedure",
    "SELECT 'a b'::regclass",
    "SELECT * FROM pg_catalog.nope",
    "SELECT nope FROM pg_class",
    "SELECT pg_class.nope FROM pg_class",
    "SELECT c.oid FROM pg_class",
    "SELECT oid FROM pg_class, pg_type",
    "SELECT nope(oid) FROM pg_class",
    "SELECT relname = 5 FROM pg_class",
    "SELECT oid FROM pg_class WHERE oid = 'x'",
    "SELECT relname FROM pg_class ORDER BY 2",
    "SELECT 1 FROM pg_class WHERE relname",
    "SELECT (SELECT oid FROM pg_class)",
    "SELECT 1 / (oid::int8 - 16) FROM pg_type WHERE typname = 'bool'",
    "SELECT typname, typlen, typbyval, typtype, typcategory, typdelim, typelem, typarray FROM pg_type WHERE oid IN (16, 23, 1009)",
    "SELECT typname FROM pg_type WHERE oid = ANY('{16,23,25}') ORDER BY typname DESC",
    "SELECT typname FROM pg_type WHERE oid = ANY(ARRAY[16, 23]::oid[]) ORDER BY 1",
    "SELECT typname FROM pg_type WHERE oid <> ALL(ARRAY[16, 23]) AND oid < 25 ORDER BY oid",
    "SELECT 1 = ANY('{2,NULL}'::int[]), 1 = ANY('{1,NULL}'::int[]), 1 <> ALL('{2,NULL}'::int[]), 1 = ANY(NULL::int[]), 3 > ANY('{}'::int[])",
    "SELECT typname ~ '^bo', typname !~ 'x', typname ~* 'BOOL', typname !~* 'B', typname OPERATOR(pg_catalog.~) '^(bool)$' COLLATE"
    " pg_catalog.default FROM pg_type WHERE oid = 16",
    r"SELECT typname LIKE 'b%', typname LIKE 'b\_%', typname NOT ILIKE 'B%', 'a%b' LIKE 'a!%b' ESCAPE '!', typname ~~ 'bool'"
    " FROM pg_type WHERE oid = 16",
    "SELECT indkey, indkey[0], indkey[1], indkey[2], array_lower(indkey, 1), array_upper(indkey, 1), indkey::text, indclass[0]"
    " FROM pg_index WHERE indexrelid = 'pg_class_relname_nsp_index'::regclass",
    "SELECT (ARRAY[10,20,30])[1], (ARRAY[10,20,30])[0], (ARRAY[10,20,30])[2:3], ('{a,b,\"c d\",NULL}'::text[])[3]",
    "SELECT array_length('{1,2}'::int[], 1), array_length('{}'::int[], 1), cardinality('{1,2}'::int[]), array_position('{a,b}'::text[], 'b')",
    "SELECT array_remove('{1,2,1}'::int[], 1), array_append('{1}'::int[], 2), array_cat('{1}'::int[], '{2}'), '{1}'::int[] || 2",
    "SELECT array_to_string('{1,NULL,3}'::int[], ','), array_to_string('{1,NULL,3}'::int[], ',', '*'), string_to_array('a,b', ',')",
    "SELECT '{1,2}'::int[] @> '{1}', '{1}'::int[] <@ '{1,2}', '{1,2}'::int[] && '{3}'",
    "SELECT unnest('{3,1}'::int[]) AS x, unnest('{a,b,c}'::text[])",
    "SELECT x, n FROM unnest('{c,a,b}'::text[]) WITH ORDINALITY AS t(x, n) ORDER BY n DESC",
    "SELECT * FROM generate_series(1, 3) AS g",
    "SELECT g, g * 2 AS double FROM generate_series(1, 5, 2) AS g ORDER BY g DESC",
    "SELECT generate_subscripts(indkey, 1), indkey[generate_subscripts(indkey, 1)] FROM pg_index"
    " WHERE indexrelid = 'pg_class_relname_nsp_index'::regclass",
    "SELECT a.attname, s.i FROM pg_index x CROSS JOIN LATERAL unnest(x.indkey) WITH ORDINALITY AS s(k, i) JOIN pg_attribute a"
    " ON a.attrelid = x.indrelid AND a.attnum = s.k WHERE x.indexrelid = 'pg_class_relname_nsp_index'::regclass ORDER BY s.i",
    "SELECT (information_schema._pg_expandarray(indkey)).n, (information_schema._pg_expandarray(indkey)).x FROM pg_index"
    " WHERE indexrelid = 'pg_class_relname_nsp_index'::regclass",
    "SELECT ARRAY(SELECT typname FROM pg_type WHERE oid IN (16, 17) ORDER BY 1), ARRAY(SELECT 1 WHERE false)",
    "SELECT array_agg(typname ORDER BY typname DESC), string_agg(typname, ', ' ORDER BY typname), count(*) FILTER (WHERE typlen = 1)"
    " FROM pg_type WHERE oid IN (16, 17, 18)",
    "SELECT typcategory, count(*), min(typname), max(oid), bool_and(typbyval) FROM pg_type WHERE oid < 26 GROUP BY typcategory"
    " HAVING count(*) > 1 ORDER BY 2 DESC, 1",
    "SELECT t.typname, count(a.attnum) FROM pg_type t LEFT JOIN pg_attribute a ON a.atttypid = t.oid AND a.attrelid = 1259"
    " WHERE t.oid IN (16, 26) GROUP BY t.oid ORDER BY 1",
    "SELECT typname, row_number() OVER (PARTITION BY typcategory ORDER BY oid) FROM pg_type WHERE oid < 22 ORDER BY 1",
    "SELECT DISTINCT ON (typcategory) typcategory, typname FROM pg_type WHERE oid < 26 ORDER BY typcategory, typname DESC",
    "SELECT typname FROM pg_type WHERE oid < 20 UNION SELECT 'zz' ORDER BY 1 DESC LIMIT 2 OFFSET 1",
    "SELECT NULL AS a, 1 AS b UNION ALL SELECT 'pg_type'::regclass, 2 ORDER BY b",
    "SELECT typname FROM pg_type WHERE oid < 20 EXCEPT SELECT 'bool' ORDER BY 1",
    "VALUES (1, 'a'), (2, NULL) ORDER BY 1 DESC",
    "SELECT v.n, t.typname FROM (VALUES (16, 'x'), (23, 'y')) AS v(n, s) JOIN pg_type t ON t.oid = v.n ORDER BY v.s DESC",
    "SELECT * FROM (VALUES ('pg_class'::regclass), ('pg_type')) AS v ORDER BY 1",
    "WITH t AS (SELECT oid, typname FROM pg_type WHERE oid < 18) SELECT t.* FROM t ORDER BY oid",
    "WITH RECURSIVE r(n, s) AS (SELECT 1, 'x'::text UNION ALL SELECT n + 1, s || 'x' FROM r WHERE n < 4) SELECT * FROM r ORDER BY n",
    "SELECT CASE relkind WHEN 'r' THEN 'table' WHEN 'v' THEN 'view' END AS k, CASE WHEN relhasindex THEN 1 ELSE 2 END"
    " FROM pg_class WHERE relname = 'pg_type'",
    "SELECT coalesce(NULL, 'a'), nullif(1, 1), greatest(1, 3, 2), least('b', 'a'), num_nulls(1, NULL)",
    "SELECT (1, 'a') = (1, 'a'), (1, 2) < (1, 3), (1, 2) IN ((1, 2), (3, 4)), ROW(1, 2) <> ROW(1, 2)",
    "SELECT 1 FROM pg_type WHERE (oid, typname) IN (SELECT 16::oid, 'bool'::name)",
    "SELECT typname FROM pg_type t WHERE EXISTS (SELECT 1 FROM pg_class c WHERE c.reltype = t.oid AND c.relname = 'pg_proc')",
    "SELECT (SELECT nspname FROM pg_namespace n WHERE n.oid = t.typnamespace) FROM pg_type t WHERE t.oid = 16",
    "SELECT relname FROM pg_class c NATURAL JOIN (SELECT 1259::oid AS oid) x",
    "SELECT c.relname FROM pg_class c JOIN (SELECT 'pg_type'::name AS relname) x USING (relname)",
    "SELECT format_type(23, NULL), format_type(1043, 14), format_type(1700, 655366), format_type(1009, NULL), format_type(1562, 5),"
    " format_type(0, NULL), format_type(NULL, 1), format_type(99999999, NULL), format_type(1184, 3), format_type(1186, -1)",
    "SELECT quote_ident('a b'), quote_ident('select'), quote_ident('abc'), quote_literal(E'o''x\\\\y'), quote_nullable(NULL)",
    "SELECT format('%I.%s = %L %%', 'a b', 1, 'x''y'), format('%2$s %1$s', 'a', 'b'), format('%s', NULL)",
    "SELECT concat('a', 1, NULL, true), concat_ws('-', 'a', NULL, 2), 'a' || 1, 1 || 'b', left('abc', -1), right('abc', 2)",
    "SELECT lower('AbC'), upper('abc'), length('añb'), position('b' IN 'abc'), substring('abcdef' FROM 2 FOR 3), substring('abc', 0, 2)",
    "SELECT trim('  x '), ltrim('xxa', 'x'), replace('aba', 'a', 'c'), split_part('a.b.c', '.', 2), md5('x'), repeat('ab', 2)",
    "SELECT pg_table_is_visible(1259), pg_type_is_visible(23), pg_function_is_visible('abs(int4)'::regprocedure), pg_table_is_visible(1)",
    "SELECT pg_get_userbyid(99), pg_encoding_to_char(6), pg_char_to_encoding('utf-8'), pg_size_pretty(10::bigint),"
    " pg_size_pretty(123456789::bigint), pg_size_pretty(-20000::bigint)",
    "SELECT pg_get_function_arguments(oid), pg_get_function_result(oid), pg_get_function_identity_arguments(oid) FROM pg_proc"
    " WHERE oid = 'pg_get_expr(pg_node_tree,oid)'::regprocedure",
    "SELECT pg_get_functiondef('abs(int4)'::regprocedure)",
    "SELECT pg_get_indexdef('pg_class_oid_index'::regclass), pg_get_indexdef('pg_class_oid_index'::regclass, 1, true)",
    "SELECT obj_description('int4pl'::regproc, 'pg_proc'), col_description(1259, 1), obj_description(1, 'pg_class')",
    "SELECT has_table_privilege('pg_class', 'select'), has_table_privilege(1259, 'SELECT, INSERT'), has_schema_privilege('public', 'USAGE')",
    "SELECT has_table_privilege('pg_class', 'fly')",
    "SELECT json_build_object('a', 1, 'b', 'x\"y', 'c', NULL, 'd', true), json_build_array(1, 'a')",
    "SELECT json_agg(typname ORDER BY oid), to_json('x'::text), to_json('{1,2}'::int[]) FROM pg_type WHERE oid < 18",
    "SELECT option_name, option_value FROM pg_options_to_table('{a=1,b=x=y}')",
    "SELECT tableoid::regclass, tableoid FROM pg_type WHERE oid = 16",
    "SELECT pg_typeof(1), pg_typeof('a'::name), pg_typeof(oid) FROM pg_type WHERE oid = 16",
    "SELECT typname[0], typname::text, oid::int8, oid::int4, oid::text, typlen::text, typbyval::text FROM pg_type WHERE oid = 16",
    "SELECT 'r'::\"char\", 'abc'::\"char\", 'x'::char, 'abcdef'::varchar(3), 'ab '::char(3) = 'ab', 'x'::name",
    "SELECT 7 / 2, -7 / 2, 7 % 3, -7 % 3, 5 & 3, 2::int2 + 1::int2, 1.50 + 1, 2147483647 + 1::int8",
    "SELECT 1 IS NOT NULL, NULL IS NOT NULL, (1 IS NOT NULL) IS NOT TRUE, 'a' NOT LIKE 'a', 'a' NOT IN ('b'), 1 NOT BETWEEN 2 AND 3",
    "SELECT CASE WHEN indexprs IS NOT NULL THEN 1 ELSE 2 END, indpred IS NULL FROM pg_index WHERE indexrelid = 'pg_class_oid_index'::regclass",
    "SELECT true AND NULL, false OR NULL, NOT NULL::bool, NULL IS NULL, 1 IS DISTINCT FROM NULL, 2 BETWEEN 1 AND 3, true IS NOT TRUE",
    "SELECT current_database() = current_catalog, current_schema(), current_schemas(false), current_setting('search_path') FROM pg_type"
    " WHERE oid = 16",
    "SELECT table_name, table_type, is_insertable_into FROM information_schema.tables WHERE table_name = 'pg_class'",
    "SELECT NULL::information_schema.cardinal_number, 'x'::information_schema.sql_identifier",
]


SAME += (Path(__file__).parent / "catalog_statements.sql").read_text().splitlines()


def outcome(server: Server, statement: str, binary: bool = False) -> object:
    """Columns and rows, or SQLSTATE and message."""
    with psycopg.connect(server.dsn()) as connection:
        result = connection.pgconn.exec_params(statement.encode(), [], result_format=int(binary))
        if result.status != pq.ExecStatus.TUPLES_OK:
            field = pq.DiagnosticField
            return [result.error_field(field.SQLSTATE), result.error_field(field.MESSAGE_PRIMARY)]
        columns = [(result.fname(n), result.ftype(n), result.fmod(n)) for n in range(result.nfields)]
        rows = [[result.get_value(row, n) for n in range(result.nfields)] for row in range(result.ntuples)]
        return columns, rows


@pytest.mark.parametrize("statement", SAME)
def test_an_answer_is_that_of_postgres(statement: str, postgres: Server, pgiris: Server) -> None:
    assert outcome(pgiris, statement) == outcome(postgres, statement)


@pytest.mark.parametrize("statement", SAME)
def test_it_is_in_binary_too(statement: str, postgres: Server, pgiris: Server) -> None:
    assert outcome(pgiris, statement, binary=True) == outcome(postgres, statement, binary=True)


def test_ungrouped_columns_are_refused(pgiris: Server) -> None:
    message = b'column "relname" must appear in the GROUP BY clause or be used in an aggregate function'
    assert outcome(pgiris, "SELECT relname, count(*) FROM pg_class") == [b"42803", message]
