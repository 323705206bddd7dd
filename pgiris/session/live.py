"""Live relations: rows of the catalog that only the sessions of this front can tell.

PostgreSQL: view-pg-settings, view-pg-locks,
monitoring-stats#MONITORING-PG-STAT-ACTIVITY-VIEW, view-pg-cursors, view-pg-prepared-statements
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from pgiris.backend.worker.frames import Replace
from pgiris.catalog.sizes import SIZES
from pgiris.sql.schemanames import shown_schema

if TYPE_CHECKING:
    from pgiris.session.session import Session

Rows = tuple[tuple[Any, ...], ...]


def rows(session: Session, relations: Sequence[str]) -> list[Replace]:
    return [Replace(relation, _MAKERS[relation](session)) for relation in relations]


def _cursors(session: Session) -> Rows:
    made = []
    for portal in session.portals.by_name.values():
        if portal.cursor:
            flags = (portal.hold, bool(portal.result_formats), portal.scroll)
            text = portal.statement.source or portal.statement.text
            made.append((portal.name, text, *flags, session.transaction_time.isoformat()))
    return tuple(made)


def _statements(session: Session) -> Rows:
    made = []
    for name, statement in session.statements.items():
        if name:
            parameters = [int(oid) for oid in statement.parameters]
            results = None if statement.columns is None else [int(column.oid) for column in statement.columns]
            text, from_sql = statement.source or statement.text, bool(statement.source)
            made.append((name, text, session.server_started_at.isoformat(), parameters, results, from_sql, 0, 0))
    return tuple(made)


def _activity(session: Session) -> Rows:
    """The sessions of this front."""
    return tuple(
        _activity_row(pid, other, other.settings.show("application_name"))
        for pid, other in sorted(session.shared.sessions.items())
    )


def _activity_row(pid: int, other: Session, application: str) -> tuple[Any, ...]:
    state = {b"I": "idle", b"T": "idle in transaction", b"E": "idle in transaction (aborted)"}[other.transaction.status]
    shown = "active" if other.active else state
    began = other.transaction_time.isoformat() if other.transaction.status != b"I" or other.active else None
    now = other.statement_time.isoformat()
    wait = (None, None) if other.active else ("Client", "ClientRead")
    where = (other.client_address, None, -1 if other.client_port is None else other.client_port)
    return (
        *(None, other.database_name, pid, None, None, other.user, application),
        *where,
        *(other.began_at.isoformat(), began, now, now),
        *wait,
        *(shown, None, None, None, other.query_text, "client backend"),
    )


def _encryption(session: Session) -> Rows:
    return tuple((pid, *_encryption_row(other)) for pid, other in sorted(session.shared.sessions.items()))


def _encryption_row(session: Session) -> tuple[Any, ...]:
    tls = session.origin.encryption
    if tls is None:
        return (False, *(None,) * 6)
    return (True, tls.version, tls.cipher, tls.bits, tls.client, None if tls.serial is None else str(tls.serial), tls.issuer)


def _without_gssapi(session: Session) -> Rows:
    return tuple((pid, False, None, False, False) for pid in sorted(session.shared.sessions))


def _locks(session: Session) -> Rows:
    """Advisory locks. What IRIS locks is not known."""
    return tuple(
        ("advisory", None, *(None,) * 5, *key.fields, f"{pid}/0", pid, mode.value, granted, False, None)
        for key, mode, pid, granted in session.shared.locks.rows(session.database_name)
    )


def _sizes(session: Session) -> Rows:
    """The database has several names, where the configuration gives it some."""
    config, database = session.shared.config, session.database
    others = [name for name in config.databases if config.namespace(name).upper() == database.name]
    return database.sizes.rows(*dict.fromkeys((session.database_name, database.name, *others)))


def _shown_settings(session: Session) -> Rows:
    return tuple((name.lower(), value) for name, value, _ in session.settings.show_all())


_MAKERS: dict[str, Callable[[Session], Rows]] = {
    "pg_catalog.pg_cursors": _cursors,
    "pg_catalog.pg_locks": _locks,
    "pg_catalog.pg_prepared_statements": _statements,
    "pg_catalog.pg_settings": lambda session: tuple(session.settings.rows()),
    "pg_catalog.pg_stat_activity": _activity,
    "pg_catalog.pg_stat_gssapi": _without_gssapi,
    "pg_catalog.pg_stat_ssl": _encryption,
    "pgx.pgiris_unhandled": lambda session: session.shared.unhandled.rows(),
    "pgx.session": lambda session: (
        (session.database_name, session.user, *map(shown_schema, session.planning.environment().search_path)),
    ),
    "pgx.shown_settings": _shown_settings,
    SIZES: _sizes,
}
