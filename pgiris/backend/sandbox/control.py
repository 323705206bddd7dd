"""Controls: statements about the session itself. START TRANSACTION, SAVEPOINT, SET OPTION, EXPLAIN, LOCK ...

iris-reference 4.23, 7.1, 7.3
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING

from sqlglot import exp

from pgiris.backend.base import Rows
from pgiris.backend.sandbox.rows import Finished, Listed
from pgiris.backend.sqlcode import pg_error
from pgiris.errors import not_supported
from pgiris.types import oids
from pgiris.types.rows import Column

if TYPE_CHECKING:
    from pgiris.backend.sandbox.session import SandboxSession

OPTIONS = {"COMPILEMODE", "DEFAULT_SCHEMA", "EXACT_DISTINCT", "PKEY_IS_IDKEY", "SUPPORT_DELIMITED_IDENTIFIERS"}


class Controls:
    def __init__(self, session: SandboxSession) -> None:
        self._session = session

    def reset(self) -> None:
        self._session.transaction.explicit = False

    def run(self, tree: exp.Expr) -> Rows:
        session = self._session
        if isinstance(tree, exp.Transaction):
            self._start(tree.args.get("modes") or [])
        elif isinstance(tree, exp.Commit):
            session.commit()
        elif isinstance(tree, exp.Rollback):
            savepoint = tree.args.get("savepoint")
            if savepoint is None:
                session.rollback()
            else:
                session.rollback_to(savepoint.name)
        else:
            word, rest = tree.this, tree.args.get("expression") or ""
            carry_out = _COMMANDS.get(word)
            if carry_out is None:
                raise not_supported(f"{word} is not known to the sandbox")
            return carry_out(self, rest) or Finished()
        return Finished()

    def _start(self, modes: list[str]) -> None:
        isolation, read_only, explicit = _modes(modes)
        transaction = self._session.transaction
        if explicit is not None:
            transaction.explicit = explicit
        self._session.begin(isolation or transaction.isolation, bool(read_only))

    def _savepoint(self, name: str) -> None:
        self._session.savepoint(name)

    def _set_transaction(self, text: str) -> None:
        isolation, read_only, explicit = _modes([mode.strip() for mode in text.split(",")])
        transaction = self._session.transaction
        if isolation is not None:
            transaction.isolation = isolation
        if read_only is not None and transaction.active:
            transaction.read_only = read_only
        if explicit is not None:
            transaction.explicit = explicit

    def _set_option(self, text: str) -> None:
        name, _, value = text.partition("=")
        if name == "LOCK_TIMEOUT":
            self._session.set_lock_timeout(float(value))
        elif name not in OPTIONS:
            raise pg_error(-1, f"Unknown option {name}")
        else:
            raise not_supported(f"SET OPTION {name} is not known to the sandbox")

    def _explain(self, text: str) -> Rows:
        """IRIS's shape: one row with XML. What it says of the way is SQLite's."""
        words = text.split(None, 1)
        while words and words[0].upper() in ("ALT", "STAT"):
            text = words[1] if len(words) > 1 else ""
            words = text.split(None, 1)
        lines = self._session.query_plan(text)
        plan = f'<plans><plan><sql>{escape(text)}</sql><cost value="1"/>{escape(chr(10).join(lines))}</plan></plans>'
        return Listed((Column("Plan", oids.TEXT),), [(plan,)])

    def _lock(self, text: str) -> None:
        """Within a transaction, where the only lock that the sandbox has is held until the end."""
        match = _LOCK.fullmatch(text.strip())
        if match is None:
            raise pg_error(-1, "LOCK TABLE t IN EXCLUSIVE|SHARE MODE [WAIT seconds] expected")
        if not self._session.transaction.active:
            raise not_supported("the sandbox locks tables only within a transaction")
        self._session.lock(match["schema"] or "", match["table"], match["wait"])

    def _unlock(self, text: str) -> None:
        match = _UNLOCK.fullmatch(text.strip())
        if match is None:
            raise pg_error(-1, "UNLOCK TABLE t IN EXCLUSIVE|SHARE MODE [IMMEDIATE] expected")
        if match["immediate"]:
            raise not_supported("the sandbox releases locks only at the end of a transaction")

    def option(self, name: str | None) -> str | None:
        """%SYSTEM_SQL.Util_GetOption"""
        levels = {"read uncommitted": "0", "read committed": "1"}
        options = {
            "AUTOCOMMIT": "2" if self._session.transaction.explicit else "1",
            "ISOLATIONMODE": levels[self._session.transaction.isolation],
            "DEFAULTSCHEMA": "SQLUser",
            "ANSIPRECEDENCE": "1",
        }
        return options.get((name or "").upper())


def _modes(modes: list[str]) -> tuple[str | None, bool | None, bool | None]:
    """(isolation, read only, %COMMITMODE EXPLICIT) as far as they were said. Raises SQLCODE -91, -92, -1."""
    isolation: str | None = None
    read_only: bool | None = None
    explicit: bool | None = None
    for mode in modes:
        if mode.startswith("ISOLATION LEVEL "):
            if isolation is not None:
                raise pg_error(-91, "Transaction mode specified more than once")
            isolation = mode.removeprefix("ISOLATION LEVEL ").lower()
        elif mode.startswith("%COMMITMODE "):
            explicit = mode.endswith("EXPLICIT")
        else:
            read_only = mode == "READ ONLY"
    if explicit is not None and (isolation is not None or read_only is not None):
        raise pg_error(-1, "Either %COMMITMODE or transaction modes may be given")
    if read_only is False and isolation in ("read uncommitted", "read verified"):
        raise pg_error(-92, "READ WRITE is compatible only with ISOLATION LEVEL READ COMMITTED")
    if isolation == "read verified":
        isolation = "read uncommitted"
    return isolation, read_only, explicit


_NAME = r'(?:(?P<schema>[\w%]+|"[^"]+")\.)?(?P<table>[\w%]+|"[^"]+")'
_LOCK = re.compile(rf"(?:TABLE\s+)?{_NAME}\s+IN\s+(?:EXCLUSIVE|SHARE)\s+MODE(?:\s+WAIT\s+(?P<wait>[0-9]+))?", re.IGNORECASE)
_UNLOCK = re.compile(rf"(?:TABLE\s+)?{_NAME}\s+IN\s+(?:EXCLUSIVE|SHARE)\s+MODE(?P<immediate>\s+IMMEDIATE)?", re.IGNORECASE)
_COMMANDS: dict[str, Callable[[Controls, str], Rows | None]] = {
    "EXPLAIN": Controls._explain,
    "LOCK": Controls._lock,
    "UNLOCK": Controls._unlock,
    "SAVEPOINT": Controls._savepoint,
    "SET TRANSACTION": Controls._set_transaction,
    "SET OPTION": Controls._set_option,
}
