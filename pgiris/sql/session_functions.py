"""Session functions: calls that only the session can answer, with their signatures.

session/functions.py evaluates them under the same names.
PostgreSQL: functions-info, functions-admin, functions-datetime#FUNCTIONS-DATETIME-CURRENT
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pgiris.compute.registry import SIGNATURES
from pgiris.types.codec import Oid, Value
from pgiris.types.table import parse_type


@dataclass(frozen=True)
class SessionFunction:
    """volatile: it has an effect or differs from row to row, so it stands only where it is evaluated once per statement."""

    name: str
    arguments: tuple[Oid, ...]
    result: Oid
    volatile: bool = False


# One call per line; "!" marks the volatile ones.
_TABLE = """
version() text
current_user() name
session_user() name
user() name
current_role() name
current_database() name
current_catalog() name
current_schema() name
current_schemas(bool) name[]
pg_backend_pid() int4
inet_server_addr() inet
inet_server_port() int4
inet_client_addr() inet
inet_client_port() int4
current_setting(text) text
current_setting(text, bool) text
set_config(text, text, bool) text !
now() timestamptz
transaction_timestamp() timestamptz
statement_timestamp() timestamptz
clock_timestamp() timestamptz !
timeofday() text !
current_timestamp() timestamptz
current_timestamp(int4) timestamptz
current_date() date
current_time() timetz
current_time(int4) timetz
localtime() time
localtime(int4) time
localtimestamp() timestamp
localtimestamp(int4) timestamp
pg_sleep(float8) void !
pg_sleep_for(interval) void !
pg_sleep_until(timestamptz) void !
pg_notify(text, text) void !
pg_advisory_lock(int8) void !
pg_advisory_lock(int4, int4) void !
pg_advisory_lock_shared(int8) void !
pg_advisory_lock_shared(int4, int4) void !
pg_try_advisory_lock(int8) bool !
pg_try_advisory_lock(int4, int4) bool !
pg_try_advisory_lock_shared(int8) bool !
pg_try_advisory_lock_shared(int4, int4) bool !
pg_advisory_xact_lock(int8) void !
pg_advisory_xact_lock(int4, int4) void !
pg_advisory_xact_lock_shared(int8) void !
pg_advisory_xact_lock_shared(int4, int4) void !
pg_try_advisory_xact_lock(int8) bool !
pg_try_advisory_xact_lock(int4, int4) bool !
pg_try_advisory_xact_lock_shared(int8) bool !
pg_try_advisory_xact_lock_shared(int4, int4) bool !
pg_advisory_unlock(int8) bool !
pg_advisory_unlock(int4, int4) bool !
pg_advisory_unlock_shared(int8) bool !
pg_advisory_unlock_shared(int4, int4) bool !
pg_advisory_unlock_all() void !
pg_cancel_backend(int4) bool !
pg_terminate_backend(int4) bool !
pg_terminate_backend(int4, int8) bool !
pg_is_in_recovery() bool
pg_postmaster_start_time() timestamptz
pg_conf_load_time() timestamptz
pg_client_encoding() name
getdatabaseencoding() name
system_user() text
current_query() text !
pg_blocking_pids(int4) int4[] !
pg_notification_queue_usage() float8 !
pg_my_temp_schema() oid
pg_is_other_temp_schema(oid) bool
pg_jit_available() bool !
pg_trigger_depth() int4
txid_current() int8
txid_current_if_assigned() int8
pg_current_xact_id() xid8
pg_current_xact_id_if_assigned() xid8
pgiris_refresh() bool !
nextval(regclass) int8 !
nextval(text) int8 !
pgiris_nextval(text) int8 !
pgiris_setval_counted(text, int8, bool, int8) int8 !
pg_get_serial_sequence(text, text) text
currval(regclass) int8 !
currval(text) int8 !
lastval() int8 !
setval(regclass, int8) int8 !
setval(text, int8) int8 !
setval(regclass, int8, bool) int8 !
setval(text, int8, bool) int8 !
pgiris_last_value(text) int8
pgiris_is_called(text) bool
gen_random_uuid() uuid !
uuid_generate_v1() uuid !
uuid_generate_v1mc() uuid !
uuid_generate_v4() uuid !
gen_random_bytes(int4) bytea !
random() float8 !
"""


def _read(table: str) -> dict[str, tuple[SessionFunction, ...]]:
    functions: dict[str, list[SessionFunction]] = {}
    for line in table.strip().splitlines():
        head, _, tail = line.partition(")")
        name, _, arguments = head.partition("(")
        types = tuple(parse_type(argument)[0] for argument in arguments.split(",") if argument.strip())
        result = parse_type(tail.replace("!", "").strip())[0]
        functions.setdefault(name, []).append(SessionFunction(name, types, result, "!" in tail))
    return {name: tuple(rows) for name, rows in functions.items()}


SESSION_FUNCTIONS = _read(_TABLE)


def draw(name: str, arguments: Sequence[Value]) -> Value:
    """A value of a function of EACH_TIME."""
    value: Value = SIGNATURES[name][0].run(*arguments)
    return value


# The worker computes them anew for each row.
EACH_TIME = frozenset(
    ("gen_random_bytes", "gen_random_uuid", "random", "uuid_generate_v1", "uuid_generate_v1mc", "uuid_generate_v4")
)

OF_SEQUENCES = frozenset(("nextval", "currval", "lastval", "setval", "pgiris_nextval", "pgiris_setval_counted"))

# Written without parentheses, by PostgreSQL's grammar.
WITHOUT_PARENTHESES = frozenset(
    (
        "current_catalog", "current_date", "current_role", "current_schema", "current_time", "current_timestamp",
        "current_user", "localtime", "localtimestamp", "session_user", "system_user", "user",
    )
)  # fmt: skip
