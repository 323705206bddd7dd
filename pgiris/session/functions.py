"""Functions: the values that only a session can tell, by the names of sql/session_functions.py.

In: a function's name and arguments, and the SessionFacts of the session. Out: a value in the form of types/codec.py. Functions
that wait (locks, pg_sleep) are coroutines, and give up what they wait for when they are cancelled.
PostgreSQL: functions-info, functions-datetime, functions-admin
"""

from __future__ import annotations

import asyncio
import inspect
import math
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from typing import Protocol

from pgiris import sqlstate
from pgiris.errors import PgError
from pgiris.session.advisory import AdvisoryOwner, Mode, not_owned
from pgiris.session.kinds import parse_bool
from pgiris.session.notifications import Notifications
from pgiris.session.sequences import Sequences
from pgiris.session.setting_table import SERVER_VERSION
from pgiris.session.settings import Settings
from pgiris.session.temporary import TemporaryObjects
from pgiris.session.transaction import Transaction
from pgiris.sql.schemanames import shown_schema
from pgiris.sql.session_functions import EACH_TIME, SESSION_FUNCTIONS, draw
from pgiris.types import objects
from pgiris.types.codec import Oid, Value
from pgiris.types.datetime import moment_text, offset_text, rounded, zone_of
from pgiris.types.interval import parse as parse_interval
from pgiris.types.oids import BOOL, FLOAT8, INT4, INT8, OID

VERSION = f"PostgreSQL {SERVER_VERSION} (pgiris {version('pgiris')})"

Function = Callable[..., Value | Awaitable[Value]]


class SessionFacts(Protocol):
    """What the functions ask a session. Times are aware; addresses are None for Unix sockets."""

    @property
    def user(self) -> str: ...

    @property
    def system_user(self) -> str | None:
        """``method:name`` of the authentication; None under trust."""
        ...

    @property
    def database_name(self) -> str: ...

    @property
    def pid(self) -> int: ...

    @property
    def client_address(self) -> str | None: ...

    @property
    def client_port(self) -> int | None: ...

    @property
    def server_address(self) -> str | None: ...

    @property
    def server_port(self) -> int | None: ...

    @property
    def server_started_at(self) -> datetime: ...

    @property
    def configuration_loaded_at(self) -> datetime: ...

    @property
    def transaction_time(self) -> datetime: ...

    @property
    def statement_time(self) -> datetime: ...

    @property
    def query_text(self) -> str: ...

    @property
    def settings(self) -> Settings: ...

    @property
    def transaction(self) -> Transaction: ...

    @property
    def temporary(self) -> TemporaryObjects: ...

    @property
    def locks(self) -> AdvisoryOwner: ...

    @property
    def notifications(self) -> Notifications: ...

    @property
    def sequences(self) -> Sequences: ...

    def has_schema(self, name: str) -> bool:
        """Whether a schema of this PostgreSQL name exists."""
        ...

    def notify(self, notice: PgError) -> None: ...

    async def refresh_schema(self) -> bool:
        """Read the backend's schema again; True when it has changed."""
        ...

    def cancel_backend(self, pid: int) -> bool:
        """Cancel what that session runs; False when there is none of that number."""
        ...

    def terminate_backend(self, pid: int) -> bool: ...


async def evaluate(facts: SessionFacts, name: str, arguments: Sequence[Value]) -> Value:
    """The value of one call. arguments: constants as text, or decoded values. Raises what the function raises."""
    function = FUNCTIONS.get(name)
    if function is None:
        raise PgError(sqlstate.UNDEFINED_FUNCTION, f"function {name}() does not exist")
    if name not in _TAKES_NULL and None in arguments:
        return None
    result = function(facts, *_typed(name, arguments))
    return await result if inspect.isawaitable(result) else result


def carry_out(facts: SessionFacts, name: str, argument: int) -> None:
    """What a catalog query has called for one of its rows."""
    FUNCTIONS[name](facts, argument)


def _typed(name: str, arguments: Sequence[Value]) -> list[Value]:
    """Constants come as text; make them what the signature says."""
    types = next((f.arguments for f in SESSION_FUNCTIONS[name] if len(f.arguments) == len(arguments)), None)
    if types is None:
        raise PgError(sqlstate.UNDEFINED_FUNCTION, f"function {name} does not take {len(arguments)} arguments")
    return [_as(oid, value) for oid, value in zip(types, arguments, strict=True)]


def _as(oid: Oid, value: Value) -> Value:
    if value is None:
        return None
    read = _READERS.get(oid)
    if read is None:
        return str(value)
    try:
        return read(value)
    except (ValueError, OverflowError):
        raise PgError(sqlstate.INVALID_TEXT_REPRESENTATION, f'invalid input syntax for type {_NAMES[oid]}: "{value}"') from None


def _read_bool(value: Value) -> bool:
    if not isinstance(value, str):
        return bool(value)
    read = parse_bool(value.strip())
    if read is None:
        raise ValueError
    return read


def _read_int(bits: int) -> Callable[[Value], int]:
    def read(value: Value) -> int:
        number = int(value)
        if not -(1 << bits - 1) <= number < 1 << bits - 1:
            kind = "bigint" if bits == 64 else "integer"
            raise PgError(sqlstate.NUMERIC_VALUE_OUT_OF_RANGE, f'value "{value}" is out of range for type {kind}')
        return number

    return read


_READERS: Mapping[Oid, Callable[[Value], Value]] = {
    BOOL: _read_bool,
    FLOAT8: float,
    INT4: _read_int(32),
    INT8: _read_int(64),
    OID: int,
}
_NAMES = {BOOL: "boolean", FLOAT8: "double precision", INT4: "integer", INT8: "bigint", OID: "oid"}


# Who and where


def _current_user(facts: SessionFacts) -> Value:
    role = facts.settings.show("role")
    return facts.settings.show("session_authorization") if role == "none" else role


def _session_user(facts: SessionFacts) -> Value:
    return facts.settings.show("session_authorization")


def _current_schema(facts: SessionFacts) -> Value:
    return next((name for name in facts.settings.view.search_path if _exists(facts, name)), None)


def _current_schemas(facts: SessionFacts, implicit: bool) -> Value:
    path = [name for name in facts.settings.view.search_path if _exists(facts, name)]
    if implicit and "pg_catalog" not in path:
        path.insert(0, "pg_catalog")
    if implicit and facts.temporary.schema:
        path.insert(0, shown_schema(facts.temporary.schema))
    return "{" + ",".join(map(_array_element, path)) + "}"


def _temporary_schema(facts: SessionFacts) -> int:
    """As the catalog counts it; 0 before the session has made anything temporary."""
    schema = facts.temporary.schema
    return objects.assign(objects.SCHEMA, [(schema,)])[schema.lower(),] if schema else 0


def _exists(facts: SessionFacts, schema: str) -> bool:
    return schema == "pg_catalog" or facts.has_schema(schema)


def _array_element(name: str) -> str:
    if name and name.lower() != "null" and not any(character in '{}",\\ \t\n\r\v\f' for character in name):
        return name
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


# Settings


def _current_setting(facts: SessionFacts, name: str, missing_ok: bool = False) -> Value:
    try:
        return facts.settings.show(name)
    except PgError as error:
        if missing_ok and error.code == sqlstate.UNDEFINED_OBJECT:
            return None
        raise


def _set_config(facts: SessionFacts, name: str | None, value: str | None, local: bool | None) -> Value:
    if name is None:
        raise PgError(sqlstate.NULL_VALUE_NOT_ALLOWED, "SET requires parameter name")
    for notice in facts.transaction.set(name, value, bool(local)):
        facts.notify(notice)
    return facts.settings.show(name)


# Time

_MILLENNIUM = datetime(2000, 1, 1, tzinfo=UTC)


def _zoned(facts: SessionFacts) -> datetime:
    return facts.transaction_time.astimezone(zone_of(facts.settings.context))


def _transaction_id(facts: SessionFacts) -> int:
    """IRIS numbers no transactions for us: the microsecond, since 2000, at which this one began."""
    return (facts.transaction_time - _MILLENNIUM) // timedelta(microseconds=1)


def _moment(moment: datetime) -> str:
    return moment_text(moment.astimezone(UTC))


def _current_timestamp(facts: SessionFacts, precision: int | None = None) -> Value:
    return _to_precision(facts, "TIMESTAMP", _moment(facts.transaction_time), precision)


def _local_timestamp(facts: SessionFacts, precision: int | None = None) -> Value:
    return _to_precision(facts, "TIMESTAMP", moment_text(_zoned(facts)), precision)


def _local_time(facts: SessionFacts, precision: int | None = None) -> Value:
    return str(_local_timestamp(facts, precision))[11:]


def _current_time(facts: SessionFacts, precision: int | None = None) -> Value:
    offset = _zoned(facts).utcoffset()
    assert offset is not None
    return str(_local_time(facts, precision)) + offset_text(offset)


def _current_date(facts: SessionFacts) -> Value:
    return f"{_zoned(facts):%Y-%m-%d}"


def _to_precision(facts: SessionFacts, kind: str, value: str, precision: int | None) -> str:
    if precision is None:
        return value
    if precision < 0:
        raise PgError(sqlstate.INVALID_PARAMETER_VALUE, f"{kind}({precision}) precision must not be negative")
    if precision > 6:
        message = f"{kind}({precision}) precision reduced to maximum allowed, 6"
        facts.notify(PgError(sqlstate.INVALID_PARAMETER_VALUE, message, "WARNING"))
        return value
    return rounded(value, precision)


def _timeofday(facts: SessionFacts) -> Value:
    now = datetime.now(UTC).astimezone(zone_of(facts.settings.context))
    return f"{now:%a %b %d %H:%M:%S.%f %Y %Z}"


async def _sleep(facts: SessionFacts, seconds: float) -> Value:
    if seconds > 0 and not math.isnan(seconds):
        await asyncio.sleep(seconds)
    return ""


async def _sleep_for(facts: SessionFacts, interval: str) -> Value:
    value = parse_interval(interval)
    return await _sleep(facts, value.us / 1e6 + (value.days + value.months * 30) * 86400)


async def _sleep_until(facts: SessionFacts, moment: str) -> Value:
    until = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    return await _sleep(facts, (until - datetime.now(UTC)).total_seconds())


# Locks


def _lock(mode: Mode, transaction: bool) -> Function:
    async def lock(facts: SessionFacts, *key: int) -> Value:
        await facts.locks.lock(key, mode, transaction, facts.settings.view.lock_timeout_s)
        return ""

    return lock


def _try_lock(mode: Mode, transaction: bool) -> Function:
    return lambda facts, *key: facts.locks.try_lock(key, mode, transaction)


def _unlock(mode: Mode) -> Function:
    def unlock(facts: SessionFacts, *key: int) -> Value:
        owned = facts.locks.unlock(key, mode)
        if not owned:
            facts.notify(not_owned(mode))
        return owned

    return unlock


def _unlock_all(facts: SessionFacts) -> Value:
    facts.locks.unlock_all()
    return ""


def _blocking_pids(facts: SessionFacts, pid: int) -> Value:
    locks = facts.locks.locks
    waiting = locks.owner_of(pid)
    pids = locks.blocking_pids(waiting) if waiting is not None else []
    return "{" + ",".join(map(str, pids)) + "}"


# Other sessions


def _notify(facts: SessionFacts, channel: str | None, payload: str | None) -> Value:
    facts.notifications.notify(channel or "", payload or "")
    return ""


def _cancel(facts: SessionFacts, pid: int) -> Value:
    return facts.cancel_backend(pid) or _no_such_backend(facts, pid)


def _terminate(facts: SessionFacts, pid: int, timeout_ms: int = 0) -> Value:
    if timeout_ms < 0:
        raise PgError(sqlstate.NUMERIC_VALUE_OUT_OF_RANGE, '"timeout" must not be negative')
    return facts.terminate_backend(pid) or _no_such_backend(facts, pid)


def _no_such_backend(facts: SessionFacts, pid: int) -> bool:
    facts.notify(PgError(sqlstate.WARNING, f"PID {pid} is not a PostgreSQL backend process", "WARNING"))
    return False


# Called with NULL too; the others are strict. PostgreSQL: pg_proc.proisstrict
async def _refresh(facts: SessionFacts) -> bool:
    return await facts.refresh_schema()


# Sequences


async def _next_number(facts: SessionFacts, name: Value) -> Value:
    return await facts.sequences.draw_one(str(name))


async def _current_number(facts: SessionFacts, name: Value) -> Value:
    return await facts.sequences.current(name)


def _serial_sequence(facts: SessionFacts, table: str, column: str) -> Value:
    return facts.sequences.of_column(table, column)


async def _set_counted(facts: SessionFacts, name: Value, value: int, called: bool, largest: int | None) -> Value:
    return await facts.sequences.put_counted(name, value, called, largest)


async def _last_value(facts: SessionFacts, name: str) -> Value:
    return (await facts.sequences.state(name))[0]


async def _is_called(facts: SessionFacts, name: str) -> Value:
    return (await facts.sequences.state(name))[1]


async def _set_number(facts: SessionFacts, name: Value, value: int, called: bool = True) -> Value:
    return await facts.sequences.put(name, value, called)


def _drawn(name: str) -> Function:
    """What differs each time, as the worker computes it for rows."""
    return lambda facts, *arguments: draw(name, arguments)


_TAKES_NULL = frozenset({"set_config", "pg_notify", "pgiris_setval_counted"})

FUNCTIONS: Mapping[str, Function] = {
    **{name: _drawn(name) for name in EACH_TIME},
    "clock_timestamp": lambda facts: _moment(datetime.now(UTC)),
    "current_catalog": lambda facts: facts.database_name,
    "current_database": lambda facts: facts.database_name,
    "current_date": _current_date,
    "current_query": lambda facts: facts.query_text,
    "current_role": _current_user,
    "current_schema": _current_schema,
    "current_schemas": _current_schemas,
    "current_setting": _current_setting,
    "current_time": _current_time,
    "current_timestamp": _current_timestamp,
    "current_user": _current_user,
    "currval": _current_number,
    "getdatabaseencoding": lambda facts: facts.settings.show("server_encoding"),
    "inet_client_addr": lambda facts: facts.client_address,
    "inet_client_port": lambda facts: facts.client_port,
    "inet_server_addr": lambda facts: facts.server_address,
    "inet_server_port": lambda facts: facts.server_port,
    "lastval": lambda facts: facts.sequences.last(),
    "localtime": _local_time,
    "localtimestamp": _local_timestamp,
    "nextval": _next_number,
    "now": _current_timestamp,
    "pg_advisory_lock": _lock(Mode.EXCLUSIVE, False),
    "pg_advisory_lock_shared": _lock(Mode.SHARED, False),
    "pg_advisory_unlock": _unlock(Mode.EXCLUSIVE),
    "pg_advisory_unlock_all": _unlock_all,
    "pg_advisory_unlock_shared": _unlock(Mode.SHARED),
    "pg_advisory_xact_lock": _lock(Mode.EXCLUSIVE, True),
    "pg_advisory_xact_lock_shared": _lock(Mode.SHARED, True),
    "pg_backend_pid": lambda facts: facts.pid,
    "pg_blocking_pids": _blocking_pids,
    "pg_cancel_backend": _cancel,
    "pg_client_encoding": lambda facts: facts.settings.show("client_encoding"),
    "pg_conf_load_time": lambda facts: _moment(facts.configuration_loaded_at),
    "pg_current_xact_id": _transaction_id,
    "pg_current_xact_id_if_assigned": lambda facts: None,
    "pg_get_serial_sequence": _serial_sequence,
    "pg_is_in_recovery": lambda facts: False,
    "pg_is_other_temp_schema": lambda facts, oid: False,
    "pg_jit_available": lambda facts: False,
    "pg_my_temp_schema": _temporary_schema,
    "pg_notification_queue_usage": lambda facts: facts.notifications.queue_usage,
    "pg_notify": _notify,
    "pg_postmaster_start_time": lambda facts: _moment(facts.server_started_at),
    "pg_sleep": _sleep,
    "pg_sleep_for": _sleep_for,
    "pg_sleep_until": _sleep_until,
    "pg_terminate_backend": _terminate,
    "pg_trigger_depth": lambda facts: 0,
    "pg_try_advisory_lock": _try_lock(Mode.EXCLUSIVE, False),
    "pg_try_advisory_lock_shared": _try_lock(Mode.SHARED, False),
    "pg_try_advisory_xact_lock": _try_lock(Mode.EXCLUSIVE, True),
    "pg_try_advisory_xact_lock_shared": _try_lock(Mode.SHARED, True),
    "pgiris_is_called": _is_called,
    "pgiris_last_value": _last_value,
    "pgiris_nextval": _next_number,
    "pgiris_refresh": _refresh,
    "pgiris_setval_counted": _set_counted,
    "session_user": _session_user,
    "set_config": _set_config,
    "setval": _set_number,
    "statement_timestamp": lambda facts: _moment(facts.statement_time),
    "system_user": lambda facts: facts.system_user,
    "timeofday": _timeofday,
    "transaction_timestamp": lambda facts: _moment(facts.transaction_time),
    "txid_current": _transaction_id,
    "txid_current_if_assigned": lambda facts: None,
    "user": _current_user,
    "version": lambda facts: VERSION,
}

# Those that may wait for long.
WAITING = frozenset(name for name, function in FUNCTIONS.items() if inspect.iscoroutinefunction(function))
