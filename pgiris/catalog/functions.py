"""Functions of catalog queries: signature, and how DuckDB computes them.

One function per line: ``name(arguments) result = body``. In a body {0}, {1} ... stand for the arguments, {path} for the schemas
that names are looked up in, {user} for the session's user, {temporary} for its schema of temporary objects. A body ``@`` is a
call of the Python function of that name and number of arguments in lookups.py, ``@path`` one that takes the schemas as well.
Types: ``any`` takes everything, ``anyarray`` and ``anyelement`` belong together. ``*`` before the last argument: any number
of it.
PostgreSQL: functions-info, functions-admin, functions-string, functions-array, functions-aggregate
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache

from pgiris.catalog.typed import physical
from pgiris.types import oids
from pgiris.types.codec import Oid
from pgiris.types.table import parse_type


class Sort(Enum):
    SCALAR = auto()
    AGGREGATE = auto()
    WINDOW = auto()
    ROWS = auto()  # gives a set; its body is a list that is unnested


ANY = Oid(2276)  # PostgreSQL's pseudo-types
ANYARRAY = oids.ANYARRAY
ANYELEMENT = Oid(2283)
_PSEUDO = {"any": ANY, "anyarray": ANYARRAY, "anyelement": ANYELEMENT}


@dataclass(frozen=True, slots=True)
class Function:
    name: str
    arguments: tuple[Oid, ...]
    result: Oid
    body: str
    sort: Sort = Sort.SCALAR
    variadic: bool = False


_SCALARS = """
random() float8 = random()
gen_random_uuid() uuid = gen_random_uuid()::VARCHAR
lower(text) text = lower({0})
upper(text) text = @
length(text) int4 = length({0})::INTEGER
char_length(text) int4 = length({0})::INTEGER
character_length(text) int4 = length({0})::INTEGER
octet_length(text) int4 = strlen({0})::INTEGER
md5(text) text = md5({0})
replace(text, text, text) text = replace({0}, {1}, {2})
translate(text, text, text) text = translate({0}, {1}, {2})
reverse(text) text = reverse({0})
repeat(text, int4) text = repeat({0}, greatest({1}, 0))
left(text, int4) text = left({0}, {1})
right(text, int4) text = right({0}, {1})
ascii(text) int4 = ascii({0})
chr(int4) text = chr({0})
substring(text, int4) text = substring({0}, greatest({1}, 1))
substring(text, int4, int4) text = substring({0}, greatest({1}, 1), greatest(0, {2} + least({1}, 1) - 1))
substr(text, int4) text = substring({0}, greatest({1}, 1))
substr(text, int4, int4) text = substring({0}, greatest({1}, 1), greatest(0, {2} + least({1}, 1) - 1))
btrim(text) text = trim({0}, ' ')
btrim(text, text) text = trim({0}, {1})
ltrim(text) text = ltrim({0}, ' ')
ltrim(text, text) text = ltrim({0}, {1})
rtrim(text) text = rtrim({0}, ' ')
rtrim(text, text) text = rtrim({0}, {1})
position(text, text) int4 = instr({0}, {1})::INTEGER
strpos(text, text) int4 = instr({0}, {1})::INTEGER
starts_with(text, text) bool = starts_with({0}, {1})
lpad(text, int4) text = lpad({0}, {1}, ' ')
lpad(text, int4, text) text = lpad({0}, {1}, {2})
rpad(text, int4) text = rpad({0}, {1}, ' ')
rpad(text, int4, text) text = rpad({0}, {1}, {2})
split_part(text, text, int4) text = split_part({0}, {1}, {2})
string_to_array(text, text) text[] = string_split({0}, {1})
quote_ident(text) text = @
abs(int2) int2 = abs({0})
abs(int4) int4 = abs({0})
abs(int8) int8 = abs({0})
mod(int2, int2) int2 = {0} % {1}
mod(int4, int4) int4 = {0} % {1}
bool(int4) bool = ({0} <> 0)
array_length(anyarray, int4) int4 = (CASE WHEN {1} = 1 AND len({0}) > 0 THEN len({0})::INTEGER END)
cardinality(anyarray) int4 = len({0})::INTEGER
array_ndims(anyarray) int4 = (CASE WHEN len({0}) > 0 THEN 1 END)
array_positions(anyarray, anyelement) int4[] = list_filter(range(1, len({0}) + 1), lambda i: {0}[i] IS NOT DISTINCT FROM {1})
array_remove(anyarray, anyelement) anyarray = list_filter({0}, lambda e: e IS DISTINCT FROM {1})
array_append(anyarray, anyelement) anyarray = list_append(coalesce({0}, []), {1})
array_prepend(anyelement, anyarray) anyarray = list_prepend({0}, coalesce({1}, []))
array_cat(anyarray, anyarray) anyarray = list_concat({0}, {1})
pg_size_pretty(int8) text = @
pg_size_pretty(numeric) text = pgf_pg_size_pretty_1({0}::DECIMAL(38, 0)::BIGINT)
format_type(oid, int4) text = CASE WHEN {0} IS NOT NULL THEN pgf_format_type({0}, coalesce({1}, -2), {path}) END
pg_get_expr(pg_node_tree, oid) text = pgf_expanded({0}, {path})
pg_get_expr(pg_node_tree, oid, bool) text = pgf_expanded({0}, {path})
pg_get_constraintdef(oid) text = @path
pg_get_constraintdef(oid, bool) text = @path
pg_get_indexdef(oid) text = @path
pg_get_indexdef(oid, int4, bool) text = @path
pg_get_viewdef(oid) text = @path
pg_get_viewdef(oid, bool) text = @path
pg_get_viewdef(oid, int4) text = pgf_wrapped_viewdef({0}, {1}, {path})
pg_get_viewdef(text) text = pgf_pg_get_viewdef_1(pgf_regclassin({0}, {path}), {path})
pg_get_viewdef(text, bool) text = pgf_pg_get_viewdef_2(pgf_regclassin({0}, {path}), {1}, {path})
pg_get_ruledef(oid) text = @path
pg_get_ruledef(oid, bool) text = @path
pg_get_triggerdef(oid) text = pgf_definition({0}, 2620)
pg_get_triggerdef(oid, bool) text = @path
pg_get_statisticsobjdef(oid) text = pgf_definition({0}, 3381)
pg_get_statisticsobjdef_expressions(oid) text[] = CASE WHEN pgf_definition({0}, 3381) IS NOT NULL THEN []::VARCHAR[] END
pg_get_statisticsobjdef_columns(oid) text = pgf_definition({0}, 3381)
pg_get_functiondef(oid) text = @path
pg_get_function_arguments(oid) text = @path
pg_get_function_identity_arguments(oid) text = @path
pg_get_function_result(oid) text = @path
pg_get_function_arg_default(oid, int4) text = pgf_expanded(pgx.default_of({0}, {1}), {path})
pg_get_function_sqlbody(oid) text = pgf_definition({0}, 1255)
pg_get_serial_sequence(text, text) text = @path
pg_get_userbyid(oid) name = @
pg_get_partkeydef(oid) text = pgf_definition({0}, 0)
pg_get_partition_constraintdef(oid) text = pgf_definition({0}, 0)
pg_get_replica_identity_index(regclass) regclass = pgf_missing_relation({0})
pg_index_column_has_property(regclass, int4, text) bool = @
pg_relation_is_publishable(regclass) bool = @
pg_describe_object(oid, oid, int4) text = @
pg_table_is_visible(oid) bool = @path
pg_type_is_visible(oid) bool = @path
pg_function_is_visible(oid) bool = @path
pg_operator_is_visible(oid) bool = @path
pg_opclass_is_visible(oid) bool = @path
pg_opfamily_is_visible(oid) bool = @path
pg_collation_is_visible(oid) bool = @path
pg_conversion_is_visible(oid) bool = @path
pg_statistics_obj_is_visible(oid) bool = @path
pg_ts_config_is_visible(oid) bool = @path
pg_ts_dict_is_visible(oid) bool = @path
pg_ts_parser_is_visible(oid) bool = @path
pg_ts_template_is_visible(oid) bool = @path
obj_description(oid, name) text = @
obj_description(oid) text = @
col_description(oid, int4) text = @
shobj_description(oid, name) text = @
pg_relation_size(regclass) int8 = pgf_size_of_fork({0}, 'main')
pg_relation_size(regclass, text) int8 = pgf_size_of_fork({0}, {1})
pg_table_size(regclass) int8 = pgf_size_of_table({0})
pg_indexes_size(regclass) int8 = pgf_size_of_indexes({0})
pg_total_relation_size(regclass) int8 = pgf_size_of_all({0})
pg_relation_filenode(regclass) oid = pgf_filenode({0})
pg_relation_filepath(regclass) text = pgf_filepath({0})
pg_filenode_relation(oid, oid) regclass = pgf_missing_relation({1})
pg_encoding_to_char(int4) name = @
pg_char_to_encoding(name) int4 = @
to_regclass(text) regclass = @path
to_regtype(text) regtype = @path
to_regnamespace(text) regnamespace = @
to_regrole(text) regrole = @
to_regproc(text) regproc = @path
to_regprocedure(text) regprocedure = @path
to_regoper(text) regoper = @path
to_regoperator(text) regoperator = @path
to_regcollation(text) regcollation = @path
pg_tablespace_location(oid) text = @
pg_partition_root(regclass) regclass = @
pg_relation_is_updatable(regclass, bool) int4 = pgf_updatable({0})
pg_column_is_updatable(regclass, int2, bool) bool = CASE WHEN {2} IS NOT NULL THEN {1} > 0 AND pgf_updatable({0}) & 4 = 4 END
pg_index_has_property(regclass, text) bool = @
pg_indexam_has_property(oid, text) bool = @
pg_collation_actual_version(oid) text = CASE WHEN {0} IS NULL THEN NULL ELSE NULL END
pg_collation_for(any) text = CASE WHEN {0} IS NULL THEN NULL ELSE NULL END
pg_column_compression(any) text = CASE WHEN {0} IS NULL THEN NULL ELSE NULL END
pg_size_bytes(text) int8 = @
has_parameter_privilege(text, text) bool = pgf_has_parameter_privilege({user}, {0}, {1})
has_parameter_privilege(name, text, text) bool = pgf_has_parameter_privilege({0}, {1}, {2})
has_parameter_privilege(oid, text, text) bool = pgf_has_parameter_privilege(pgf_role_of({0}), {1}, {2})
pg_blocking_pids(int4) int4[] = pgx.blocking_pids({0})
host(inet) text = @
text(inet) text = pgf_inet_text({0})
abbrev(inet) text = {0}
family(inet) int4 = @
masklen(inet) int4 = @
pg_has_role(name, text) bool = pgf_pg_has_role({user}, {0}, {1})
pg_has_role(oid, text) bool = pgf_pg_has_role({user}, pgf_role_of({0}), {1})
pg_has_role(name, name, text) bool = pgf_pg_has_role({0}, {1}, {2})
pg_has_role(name, oid, text) bool = pgf_pg_has_role({0}, pgf_role_of({1}), {2})
pg_has_role(oid, name, text) bool = pgf_pg_has_role(pgf_role_of({0}), {1}, {2})
pg_has_role(oid, oid, text) bool = pgf_pg_has_role(pgf_role_of({0}), pgf_role_of({1}), {2})
acldefault("char", oid) aclitem[] = @
pg_database_size(name) int8 = pgf_size_of_database({0})
pg_database_size(oid) int8 = pgf_size_of_database_oid({0})
pg_tablespace_size(oid) int8 = pgf_size_of_tablespace_oid({0})
pg_tablespace_size(name) int8 = pgf_size_of_tablespace({0})
pg_is_other_temp_schema(oid) bool = pgf_is_temp_schema({0}) AND {0} <> {temporary}
pg_sequence_last_value(regclass) int8 = pgf_sequence_last_value({0})
parse_ident(text) text[] = @
parse_ident(text, bool) text[] = pgf_parse_ident_1({0})
pg_is_wal_replay_paused() bool = NULL::BOOLEAN
pg_get_wal_replay_pause_state() text = NULL::VARCHAR
pg_current_wal_lsn() pg_lsn = NULL::VARCHAR
pg_current_wal_insert_lsn() pg_lsn = NULL::VARCHAR
pg_current_wal_flush_lsn() pg_lsn = NULL::VARCHAR
pg_last_wal_receive_lsn() pg_lsn = NULL::VARCHAR
pg_last_wal_replay_lsn() pg_lsn = NULL::VARCHAR
pg_last_xact_replay_timestamp() timestamptz = NULL::TIMESTAMPTZ
_pg_char_max_length(oid, int4) int4 = pgx.character_length({0}, {1})
_pg_char_octet_length(oid, int4) int4 = pgx.octet_length({0}, {1})
_pg_numeric_precision(oid, int4) int4 = pgx.numeric_precision({0}, {1})
_pg_numeric_precision_radix(oid, int4) int4 = pgx.numeric_radix({0})
_pg_numeric_scale(oid, int4) int4 = pgx.numeric_scale({0}, {1})
_pg_datetime_precision(oid, int4) int4 = pgx.datetime_precision({0}, {1})
age(xid) int4 = CASE WHEN {0} IS NOT NULL THEN 0 END
mxid_age(xid) int4 = CASE WHEN {0} IS NOT NULL THEN 0 END
oidvectortypes(oidvector) text = array_to_string(list_transform({0}, lambda e: pgf_format_type(e, -2, {path})), ', ')
pg_encoding_max_length(int4) int4 = CASE WHEN {0} IS NOT NULL THEN CASE WHEN {0} = 6 THEN 4 ELSE 1 END END
row_security_active(oid) bool = CASE WHEN {0} IS NOT NULL THEN false END
row_security_active(text) bool = pgf_regclassin({0}, {path}) IS NULL
makeaclitem(oid, oid, text, bool) aclitem = pgf_makeaclitem({0}, {1}, {2}, {3})
int2(oid) int2 = {0}::SMALLINT
"""

# What nobody counts: NULL of each type, of an object or of the server.
_UNCOUNTED = """
(oid) int8 = BIGINT
numscans tuples_returned tuples_fetched tuples_inserted tuples_updated tuples_deleted tuples_hot_updated live_tuples dead_tuples
mod_since_analyze ins_since_vacuum blocks_fetched blocks_hit vacuum_count autovacuum_count analyze_count autoanalyze_count
db_blocks_fetched db_blocks_hit db_conflict_all db_conflict_bufferpin db_conflict_lock db_conflict_snapshot
db_conflict_startup_deadlock db_conflict_tablespace db_deadlocks db_sessions db_sessions_abandoned db_sessions_fatal
db_sessions_killed db_temp_bytes db_temp_files db_tuples_deleted db_tuples_fetched db_tuples_inserted db_tuples_returned
db_tuples_updated db_xact_commit db_xact_rollback db_checksum_failures function_calls xact_blocks_fetched xact_blocks_hit
xact_function_calls xact_numscans xact_tuples_deleted xact_tuples_fetched xact_tuples_hot_updated xact_tuples_inserted
xact_tuples_returned xact_tuples_updated
(oid) float8 = DOUBLE
db_active_time db_blk_read_time db_blk_write_time db_idle_in_transaction_time db_session_time function_self_time
function_total_time xact_function_self_time xact_function_total_time
(oid) timestamptz = TIMESTAMPTZ
db_stat_reset_time db_checksum_last_failure last_analyze_time last_autoanalyze_time last_vacuum_time last_autovacuum_time
lastscan
() int8 = BIGINT
bgwriter_buf_written_checkpoints bgwriter_buf_written_clean bgwriter_maxwritten_clean bgwriter_requested_checkpoints
bgwriter_timed_checkpoints buf_alloc buf_fsync_backend buf_written_backend
() float8 = DOUBLE
checkpoint_sync_time checkpoint_write_time
() timestamptz = TIMESTAMPTZ
bgwriter_stat_reset_time snapshot_timestamp
"""

# <<name(...)>> is the call that DISTINCT, ORDER BY, FILTER and OVER belong to, the whole body where none is marked.
_AGGREGATES = """
count() int8 = count(*)
count(any) int8 = count({0})
min(text) text = min({0})
min(int2) int2 = min({0})
min(int4) int4 = min({0})
min(int8) int8 = min({0})
min(oid) oid = min({0})
min(float4) float4 = min({0})
min(float8) float8 = min({0})
min(interval) interval = arg_min({0}, pgf_interval_us({0}))
max(interval) interval = arg_max({0}, pgf_interval_us({0}))
min(numeric) numeric = arg_min({0}, {0}::DECIMAL(38, 10))
min(date) date = min({0})
min(timestamp) timestamp = min({0})
min(timestamptz) timestamptz = min({0})
min(anyarray) anyarray = min({0})
max(text) text = max({0})
max(int2) int2 = max({0})
max(int4) int4 = max({0})
max(int8) int8 = max({0})
max(oid) oid = max({0})
max(float4) float4 = max({0})
max(float8) float8 = max({0})
max(numeric) numeric = arg_max({0}, {0}::DECIMAL(38, 10))
max(date) date = max({0})
max(timestamp) timestamp = max({0})
max(timestamptz) timestamptz = max({0})
max(anyarray) anyarray = max({0})
sum(int2) int8 = <<sum({0})>>::BIGINT
sum(int4) int8 = <<sum({0})>>::BIGINT
sum(int8) numeric = <<sum({0})>>::HUGEINT::VARCHAR
sum(numeric) numeric = pgf_numeric_sum(<<list({0})>>)
sum(float4) float4 = <<sum({0})>>::FLOAT
avg(int2) numeric = pgf_average(<<sum({0})>>::HUGEINT::VARCHAR, <<count({0})>>)
avg(int4) numeric = pgf_average(<<sum({0})>>::HUGEINT::VARCHAR, <<count({0})>>)
avg(int8) numeric = pgf_average(<<sum({0})>>::HUGEINT::VARCHAR, <<count({0})>>)
avg(numeric) numeric = pgf_average(pgf_numeric_sum(<<list({0})>>), <<count({0})>>)
avg(float8) float8 = avg({0})
bit_and(int2) int2 = bit_and({0})
bit_and(int4) int4 = bit_and({0})
bit_and(int8) int8 = bit_and({0})
bit_or(int2) int2 = bit_or({0})
bit_or(int4) int4 = bit_or({0})
bit_or(int8) int8 = bit_or({0})
sum(float8) float8 = sum({0})
bool_and(bool) bool = bool_and({0})
bool_or(bool) bool = bool_or({0})
every(bool) bool = bool_and({0})
any_value(anyelement) anyelement = any_value({0})
string_agg(text, text) text = string_agg({0}, {1})
stddev(int2) numeric = pgf_deviation('stddev', <<list({0})>>::VARCHAR[])
stddev(int4) numeric = pgf_deviation('stddev', <<list({0})>>::VARCHAR[])
stddev(int8) numeric = pgf_deviation('stddev', <<list({0})>>::VARCHAR[])
stddev(float8) float8 = stddev_samp({0})
variance(int2) numeric = pgf_deviation('variance', <<list({0})>>::VARCHAR[])
variance(int4) numeric = pgf_deviation('variance', <<list({0})>>::VARCHAR[])
variance(float8) float8 = var_samp({0})
grouping(any) int4 = <<grouping({0})>>::INTEGER
grouping(any, any) int4 = <<grouping({0}, {1})>>::INTEGER
"""

_WINDOWS = """
row_number() int8 = row_number()
rank() int8 = rank()
dense_rank() int8 = dense_rank()
first_value(anyelement) anyelement = first_value({0})
last_value(anyelement) anyelement = last_value({0})
nth_value(anyelement, int4) anyelement = nth_value({0}, {1})
percent_rank() float8 = percent_rank()
cume_dist() float8 = cume_dist()
ntile(int4) int4 = <<ntile({0})>>::INTEGER
lag(anyelement) anyelement = lag({0})
lag(anyelement, int4) anyelement = lag({0}, {1})
lag(anyelement, int4, anyelement) anyelement = lag({0}, {1}, {2})
lead(anyelement) anyelement = lead({0})
lead(anyelement, int4) anyelement = lead({0}, {1})
lead(anyelement, int4, anyelement) anyelement = lead({0}, {1}, {2})
"""

_ROWS = """
unnest(anyarray) anyelement = {0}
generate_series(int4, int4) int4 = generate_series({0}, {1})::INTEGER[]
generate_series(int4, int4, int4) int4 = generate_series({0}, {1}, {2})::INTEGER[]
generate_series(int8, int8) int8 = generate_series({0}, {1})
generate_series(int8, int8, int8) int8 = generate_series({0}, {1}, {2})
generate_series(timestamp, timestamp, interval) timestamp = generate_series({0}, {1}, {2}::INTERVAL)
generate_series(timestamptz, timestamptz, interval) timestamptz = generate_series({0}, {1}, {2}::INTERVAL)
json_array_elements(json) json = pgf_json_elements({0})
jsonb_array_elements(jsonb) jsonb = pgf_json_elements(pgf_jsonb({0}))
json_array_elements_text(json) text = pgf_json_texts({0})
jsonb_array_elements_text(jsonb) text = pgf_json_texts(pgf_jsonb({0}))
json_object_keys(json) text = pgf_json_keys({0})
jsonb_object_keys(jsonb) text = pgf_json_keys(pgf_jsonb({0}))
regexp_split_to_table(text, text) text = string_split_regex({0}, {1})
pg_partition_ancestors(regclass) regclass = pgf_pg_partition_ancestors({0})::UINTEGER[]
"""


_MARKED = re.compile(r"<<(\w+)\(([^<>]*)\)>>")


# Kind of object -> its OID by name, what checks the privilege. PostgreSQL: functions-info#FUNCTIONS-INFO-ACCESS
_PRIVILEGES = {
    "table": ("pgf_regclassin({object}, {{path}})", "table"),
    "any_column": ("pgf_regclassin({object}, {{path}})", "any_column"),
    "sequence": ("pgf_regclassin({object}, {{path}})", "sequence"),
    "schema": ("pgf_regnamespacein(pgf_quote_ident_1({object}), '')", "schema"),
    "database": ("pgf_object_named('database', {object})", "database"),
    "function": ("pgf_regprocedurein({object}, {{path}})", "function"),
    "type": ("pgf_regtypein({object}, {{path}})", "type"),
    "language": ("pgf_object_named('language', {object})", "language"),
    "tablespace": ("pgf_object_named('tablespace', {object})", "tablespace"),
    "foreign_data_wrapper": ("pgf_object_named('foreign_data_wrapper', {object})", "foreign"),
    "server": ("pgf_object_named('server', {object})", "foreign"),
}
_USERS = (("", "{user}"), ("name, ", "{0}"), ("oid, ", "pgf_role_of({0})"))


def _privilege_functions() -> str:
    """has_table_privilege and its kin: a user by name, by OID or none; an object by name or OID."""
    lines = []
    for kind, (by_name, checked) in _PRIVILEGES.items():
        for given, user in _USERS:
            place = 1 if given else 0
            for type_, oid in (("text", by_name.format(object=f"{{{place}}}")), ("oid", f"{{{place}}}")):
                privilege = f"{{{place + 1}}}"
                body = f"pgf_has_{checked}_privilege({user}, {oid}, {privilege})"
                lines.append(f"has_{kind}_privilege({given}{type_}, text) bool = {body}")
                if kind == "table":
                    given_column = f"{{{place + 1}}}, {{{place + 2}}}"
                    for column, word in (("text", "column"), ("int2", "numbered_column")):
                        body = f"pgf_has_{word}_privilege({user}, {oid}, {given_column})"
                        lines.append(f"has_column_privilege({given}{type_}, {column}, text) bool = {body}")
    return "\n".join(lines)


def _uncounted() -> str:
    lines, head, body = [], "", ""
    for line in _UNCOUNTED.strip().splitlines():
        if line.startswith("("):
            head, _, body = line.partition(" = ")
        else:
            lines += [f"pg_stat_get_{word}{head} = NULL::{body}" for word in line.split()]
    return "\n".join(lines)


def _read(lines: str, sort: Sort) -> dict[str, list[Function]]:
    functions: dict[str, list[Function]] = {}
    for line in lines.strip().splitlines():
        head, _, body = line.partition(" = ")
        signature, _, result = head.partition(")")
        name, _, arguments = signature.partition("(")
        words = [word.strip() for word in arguments.split(",") if word.strip()]
        types = tuple(_type(word.removeprefix("*")) for word in words)
        if body.startswith("@"):
            listed = [f"{{{place}}}" for place in range(len(types))] + (["{path}"] if body == "@path" else [])
            body = f"pgf_{name}_{len(types)}({', '.join(listed)})"
        if sort in (Sort.AGGREGATE, Sort.WINDOW):
            body = _MARKED.sub(r"\1({distinct}\2{order}){tail}", body if "<<" in body else f"<<{body}>>")
        variadic = bool(words) and words[-1].startswith("*")
        functions.setdefault(name, []).append(Function(name, types, _type(result.strip()), body, sort, variadic))
    return functions


def _type(word: str) -> Oid:
    return _PSEUDO.get(word) or parse_type(word)[0]


@cache
def functions() -> dict[str, list[Function]]:
    """All of them by name."""
    made: dict[str, list[Function]] = {}
    tables = (
        (_SCALARS, Sort.SCALAR),
        (_uncounted(), Sort.SCALAR),
        (_privilege_functions(), Sort.SCALAR),
        (_AGGREGATES, Sort.AGGREGATE),
        (_WINDOWS, Sort.WINDOW),
        (_ROWS, Sort.ROWS),
    )
    for lines, sort in tables:
        for name, found in _read(lines, sort).items():
            made.setdefault(name, []).extend(found)
    return made


def is_aggregate(name: str) -> bool:
    return name in _OTHER_AGGREGATES or any(function.sort is Sort.AGGREGATE for function in functions().get(name, ()))


def gathers_rows(name: str) -> bool:
    """Whether it makes one row of several, or several of one."""
    return is_aggregate(name) or any(function.sort is Sort.ROWS for function in functions().get(name, ()))


# calls.py makes these itself.
_OTHER_AGGREGATES = frozenset(("array_agg", "json_agg", "json_object_agg", "jsonb_agg", "jsonb_object_agg"))


@dataclass(frozen=True, slots=True)
class RowFunction:
    """A function in FROM that gives rows. body: a query whose columns are the function's."""

    arguments: tuple[Oid, ...]
    columns: tuple[tuple[str, Oid], ...]
    body: str


# name(arguments) -> column type, ... = query
_ROW_FUNCTIONS = """
pg_options_to_table(text[]) -> option_name text, option_value text = SELECT split_part(o, '=', 1), CASE WHEN contains(o, '=') THEN substring(o, instr(o, '=') + 1) END FROM (SELECT unnest({0}) AS o)
pg_get_keywords() -> word text, catcode "char", barelabel bool, catdesc text, baredesc text = SELECT * FROM pgx.keywords
ts_token_type(oid) -> tokid int4, alias text, description text = SELECT * FROM pgx.token_type WHERE {0} = 3722
pg_timezone_names() -> name text, abbrev text, utc_offset interval, is_dst bool = SELECT * FROM pgc.pg_timezone_names
pg_available_extensions() -> name name, default_version text, comment text = SELECT name, default_version, comment FROM pgc.pg_available_extensions
json_each(json) -> key text, value json = SELECT * FROM (SELECT unnest(pgf_json_keys({0})), unnest(pgf_json_values({0})))
jsonb_each(jsonb) -> key text, value jsonb = SELECT * FROM (SELECT unnest(pgf_json_keys(pgf_jsonb({0}))), unnest(pgf_json_values(pgf_jsonb({0}))))
json_each_text(json) -> key text, value text = SELECT * FROM (SELECT unnest(pgf_json_keys({0})), unnest(pgf_json_value_texts({0})))
jsonb_each_text(jsonb) -> key text, value text = SELECT * FROM (SELECT unnest(pgf_json_keys(pgf_jsonb({0}))), unnest(pgf_json_value_texts(pgf_jsonb({0}))))
pg_get_publication_tables(text) -> pubname name, relid oid, attrs int2vector, qual pg_node_tree = SELECT {0}, NULL::UINTEGER, NULL::SMALLINT[], NULL::VARCHAR WHERE false
pg_prepared_xact() -> transaction xid, gid text, prepared timestamptz, ownerid oid, dbid oid = SELECT NULL::UINTEGER, NULL::VARCHAR, NULL::TIMESTAMPTZ, NULL::UINTEGER, NULL::UINTEGER WHERE false
pg_partition_tree(regclass) -> relid regclass, parentrelid regclass, isleaf bool, level int4 = SELECT {0}, NULL::UINTEGER, true, 0 WHERE false
"""  # noqa: E501


def _read_row_functions() -> dict[str, RowFunction]:
    made = {}
    for line in _ROW_FUNCTIONS.strip().splitlines():
        head, _, body = line.partition(" = ")
        signature, _, result = head.partition(" -> ")
        name, _, arguments = signature.rstrip(")").partition("(")
        columns = tuple((word.split()[0], _type(word.split()[1])) for word in result.split(", "))
        types = tuple(_type(word.strip()) for word in arguments.split(",") if word.strip())
        made[name] = RowFunction(types, columns, body)
    return made


ROW_FUNCTIONS = _read_row_functions()
_PROGRESS = (("pid", oids.INT4), ("datid", oids.OID), ("relid", oids.OID), *((f"param{n}", oids.INT8) for n in range(1, 21)))
ROW_FUNCTIONS["pg_stat_get_progress_info"] = RowFunction(
    (oids.TEXT,), _PROGRESS, f"SELECT {', '.join(f'NULL::{physical(oid)}' for _, oid in _PROGRESS)} WHERE false"
)
# Functions without arguments that give the rows of a view.
RELATION_FUNCTIONS = {
    "pg_available_extension_versions": "pg_available_extension_versions",
    "pg_config": "pg_config",
    "pg_cursor": "pg_cursors",
    "pg_hba_file_rules": "pg_hba_file_rules",
    "pg_ident_file_mappings": "pg_ident_file_mappings",
    "pg_lock_status": "pg_locks",
    "pg_prepared_statement": "pg_prepared_statements",
    "pg_show_all_file_settings": "pg_file_settings",
    "pg_show_all_settings": "pg_settings",
    "pg_timezone_abbrevs": "pg_timezone_abbrevs",
}
# Functions of sets that call their one column something. PostgreSQL: chooseScalarFunctionAlias
OUT_NAMES = {
    "json_array_elements": "value",
    "json_array_elements_text": "value",
    "jsonb_array_elements": "value",
    "jsonb_array_elements_text": "value",
    "pg_partition_ancestors": "relid",
}
RECORDS = frozenset(("json_to_record", "json_to_recordset", "jsonb_to_record", "jsonb_to_recordset"))
