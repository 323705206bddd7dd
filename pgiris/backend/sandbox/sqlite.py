"""SQLite as the sandbox wants it: made once for the process, and connections that one thread uses.

A session is used by one thread; another may only interrupt it, which SQLite allows at any time (sqlite3_interrupt). So no mutex
guards a connection: measured a fifth of the time of long reads. Nobody asks how much memory SQLite uses, so it does not count:
a fourteenth of the time of many INSERTs.
"""

from __future__ import annotations

from pathlib import Path

import apsw

from pgiris.types import native

_STATEMENTS = 256  # that SQLite's driver keeps prepared
_FLAGS = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE | apsw.SQLITE_OPEN_NOMUTEX


def _configure() -> None:
    """Only before the first connection: where others use apsw too, it stays as it is."""
    if not apsw.connections():
        apsw.shutdown()
        apsw.config(apsw.SQLITE_CONFIG_MEMSTATUS, False)
        apsw.initialize()


def _share() -> None:
    """Give the compiled twin SQLite's functions, as a loadable extension gets them; without, it cannot read SQLite's rows."""
    file = native.library()
    if file is None or not hasattr(apsw.Connection, "load_extension"):
        return
    db = apsw.Connection(":memory:")
    try:
        db.enable_load_extension(True)
        db.load_extension(file, native.SHARE_SQLITE)
    finally:
        db.close()


_configure()
_share()


def connect(path: Path) -> apsw.Connection:
    return apsw.Connection(str(path), _FLAGS, statementcachesize=_STATEMENTS)
