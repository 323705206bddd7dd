"""SandboxBackend: a directory of namespaces."""

from __future__ import annotations

import re
from pathlib import Path

import apsw

from pgiris.backend import security
from pgiris.backend.sandbox.dictionary import Dictionary
from pgiris.backend.sandbox.failures import from_sqlite
from pgiris.backend.sandbox.session import SandboxSession
from pgiris.backend.sqlcode import pg_error

DEFAULT_NAMESPACE = "USER"
_NAME = re.compile(r"[A-Za-z0-9%_-]{1,64}")


class SandboxBackend:
    """directory: holds one file for each namespace. USER is made when it is first wanted; others by create()."""

    name = "sandbox"

    def __init__(self, directory: Path | str) -> None:
        self._directory = Path(directory)
        self._directory.mkdir(parents=True, exist_ok=True)
        self._security_file = self._directory / security.FILE

    def _file(self, namespace: str) -> Path:
        return self._directory / f"{namespace.upper()}.sqlite"

    def _notes(self, namespace: str) -> Path:
        return self._directory / f"{namespace.upper()}.notes"

    def namespaces(self) -> list[str]:
        return sorted({DEFAULT_NAMESPACE, *(file.stem for file in self._directory.glob("*.sqlite"))})

    def create(self, namespace: str) -> None:
        """Make an empty namespace; one that exists stays as it is."""
        if not _NAME.fullmatch(namespace):
            raise pg_error(-343, f"Invalid database name '{namespace}'")
        self._open(namespace.upper(), "").close()

    def connect(self, database: str, user: str, password: str | None) -> SandboxSession:
        """Raises PgError 3D000 when there is no such namespace."""
        upper = database.upper()
        known = upper == DEFAULT_NAMESPACE or (_NAME.fullmatch(database) is not None and self._file(database).exists())
        if not known:
            raise pg_error(-340, f"No such database '{upper}'", text=f'database "{database}" does not exist')
        if password is not None:
            self._log_in(user, password)
        return self._open(upper, user)

    def _log_in(self, user: str, password: str) -> None:
        """Raises SQLCODE -402 for all but a user with this password."""
        users = security.SignIns(self._security_file)
        if not users.lets_in(user, password):
            text = f'password authentication failed for user "{user}"'
            raise pg_error(-402, "Communication link error: Access Denied", text=text)
        users.close()

    def connect_for_notes(self, database: str, user: str) -> SandboxSession:
        """Notes have a file of their own: a transaction locks all of SQLite's file, where in IRIS it locks rows."""
        return self._opened(self._notes(database), database.upper(), user)

    def _open(self, namespace: str, user: str) -> SandboxSession:
        return self._opened(self._file(namespace), namespace, user, self._notes(namespace), self._security_file)

    @staticmethod
    def _opened(file: Path, namespace: str, user: str, notes: Path | None = None, security: Path | None = None) -> SandboxSession:
        try:
            return SandboxSession(file, namespace, user, notes, security)
        except apsw.Error as error:
            raise from_sqlite(error, None, Dictionary(), False) from error
