"""Session functions: the functions that only a session can answer, as the planner needs to know them.

session/functions.py has what they do, under the same names.
PostgreSQL: functions-info, functions-datetime#FUNCTIONS-DATETIME-CURRENT, functions-admin, and pg_proc
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pgiris.types.codec import Oid
from pgiris.types.oids import (
    BOOL,
    DATE,
    FLOAT8,
    INET,
    INT4,
    INT4_ARRAY,
    INT8,
    INTERVAL,
    NAME,
    NAME_ARRAY,
    OID,
    TEXT,
    TIME,
    TIMESTAMP,
    TIMESTAMPTZ,
    TIMETZ,
    VOID,
)

Signature = tuple[Oid, ...]
_NO_ARGUMENTS: tuple[Signature, ...] = ((),)


@dataclass(frozen=True)
class SessionFunction:
    """oid: of the result. volatile: as in pg_proc, it may answer otherwise when it is called again in the same statement."""

    oid: Oid
    volatile: bool = False
    signatures: tuple[Signature, ...] = _NO_ARGUMENTS


_TIME_OF_DAY = ((), (INT4,))  # with a precision
_LOCK_KEY = ((INT8,), (INT4, INT4))


def _lock(oid: Oid) -> SessionFunction:
    return SessionFunction(oid, True, _LOCK_KEY)


# SQL's key words without parentheses (current_user, current_date ...) stand here as functions too.
SESSION_FUNCTIONS: Mapping[str, SessionFunction] = {
    "clock_timestamp": SessionFunction(TIMESTAMPTZ, True),
    "current_catalog": SessionFunction(NAME),
    "current_database": SessionFunction(NAME),
    "current_date": SessionFunction(DATE),
    "current_query": SessionFunction(TEXT, True),
    "current_role": SessionFunction(NAME),
    "current_schema": SessionFunction(NAME),
    "current_schemas": SessionFunction(NAME_ARRAY, signatures=((BOOL,),)),
    "current_setting": SessionFunction(TEXT, signatures=((TEXT,), (TEXT, BOOL))),
    "current_time": SessionFunction(TIMETZ, signatures=_TIME_OF_DAY),
    "current_timestamp": SessionFunction(TIMESTAMPTZ, signatures=_TIME_OF_DAY),
    "current_user": SessionFunction(NAME),
    "getdatabaseencoding": SessionFunction(NAME),
    "inet_client_addr": SessionFunction(INET),
    "inet_client_port": SessionFunction(INT4),
    "inet_server_addr": SessionFunction(INET),
    "inet_server_port": SessionFunction(INT4),
    "localtime": SessionFunction(TIME, signatures=_TIME_OF_DAY),
    "localtimestamp": SessionFunction(TIMESTAMP, signatures=_TIME_OF_DAY),
    "now": SessionFunction(TIMESTAMPTZ),
    "pg_advisory_lock": _lock(VOID),
    "pg_advisory_lock_shared": _lock(VOID),
    "pg_advisory_unlock": _lock(BOOL),
    "pg_advisory_unlock_all": SessionFunction(VOID, True),
    "pg_advisory_unlock_shared": _lock(BOOL),
    "pg_advisory_xact_lock": _lock(VOID),
    "pg_advisory_xact_lock_shared": _lock(VOID),
    "pg_backend_pid": SessionFunction(INT4),
    "pg_blocking_pids": SessionFunction(INT4_ARRAY, True, ((INT4,),)),
    "pg_cancel_backend": SessionFunction(BOOL, True, ((INT4,),)),
    "pg_client_encoding": SessionFunction(NAME),
    "pg_conf_load_time": SessionFunction(TIMESTAMPTZ),
    "pg_is_in_recovery": SessionFunction(BOOL, True),
    "pg_is_other_temp_schema": SessionFunction(BOOL, signatures=((OID,),)),
    "pg_jit_available": SessionFunction(BOOL, True),
    "pg_my_temp_schema": SessionFunction(OID),
    "pg_notification_queue_usage": SessionFunction(FLOAT8, True),
    "pg_notify": SessionFunction(VOID, True, ((TEXT, TEXT),)),
    "pg_postmaster_start_time": SessionFunction(TIMESTAMPTZ),
    "pg_sleep": SessionFunction(VOID, True, ((FLOAT8,),)),
    "pg_sleep_for": SessionFunction(VOID, True, ((INTERVAL,),)),
    "pg_sleep_until": SessionFunction(VOID, True, ((TIMESTAMPTZ,),)),
    "pg_terminate_backend": SessionFunction(BOOL, True, ((INT4,), (INT4, INT8))),
    "pg_trigger_depth": SessionFunction(INT4),
    "pg_try_advisory_lock": _lock(BOOL),
    "pg_try_advisory_lock_shared": _lock(BOOL),
    "pg_try_advisory_xact_lock": _lock(BOOL),
    "pg_try_advisory_xact_lock_shared": _lock(BOOL),
    "session_user": SessionFunction(NAME),
    "set_config": SessionFunction(TEXT, True, ((TEXT, TEXT, BOOL),)),
    "statement_timestamp": SessionFunction(TIMESTAMPTZ),
    "system_user": SessionFunction(TEXT),
    "timeofday": SessionFunction(TEXT, True),
    "transaction_timestamp": SessionFunction(TIMESTAMPTZ),
    "user": SessionFunction(NAME),
    "version": SessionFunction(TEXT),
}
