"""EmbeddedBackend: this process is the IRIS process.

In: a namespace, and perhaps a user's password. Out: LiveSession. A process serves one session in its life, since a namespace,
a login and all of SQL's state belong to the process (iris-reference 1.1, 1.4).
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

from pgiris import sqlstate
from pgiris.backend.base import BackendSession
from pgiris.backend.embedded.driver import EmbeddedDriver, ask_to_cancel
from pgiris.backend.live import dynamic
from pgiris.backend.live.session import LiveSession
from pgiris.errors import PgError

# Prepared and not run: when the way to IRIS's libraries is not complete, queries work and DDL does not (iris-reference 1.2).
SELF_TEST = "CREATE TABLE PGIRIS_SelfTest.Probe (a INTEGER)"


class EmbeddedBackend:
    """module, ask: for tests, else this process's own IRIS, and a process that cancels."""

    name = "embedded"

    def __init__(self, module: Any = None, ask: Callable[[int], object] = ask_to_cancel) -> None:
        self._module = module or load_module()
        self._ask = ask

    def connect(self, database: str, user: str, password: str | None) -> BackendSession:
        """password None: the process stays who it is. Raises 28P01, 3D000, and 58000 when IRIS's libraries are not all there."""
        namespace = database.upper()
        if password is not None:
            self._log_in(user, password)
        self._set_namespace(namespace)
        driver = EmbeddedDriver(self._module, self._ask)
        session = LiveSession(driver, namespace)
        driver.identify(session.pid)
        self._self_test(driver)
        return session

    def _log_in(self, user: str, password: str) -> None:
        if not dynamic.is_ok(self._module.cls("%SYSTEM.Security").Login(user, password)):
            raise PgError(sqlstate.INVALID_PASSWORD, f'password authentication failed for user "{user}"')

    def _set_namespace(self, namespace: str) -> None:
        try:
            self._module.cls("%SYSTEM.Process").SetNamespace(namespace)
        except Exception as error:
            raise PgError(
                sqlstate.INVALID_CATALOG_NAME, f'database "{namespace}" does not exist', detail=f"IRIS says: {error}"
            ) from error

    def _self_test(self, driver: EmbeddedDriver) -> None:
        try:
            driver.describe(SELF_TEST)
        except PgError as error:
            if error.code in (sqlstate.INSUFFICIENT_PRIVILEGE, sqlstate.DUPLICATE_TABLE):
                return  # the compiler of DDL was there to say so
            raise PgError(
                sqlstate.SYSTEM_ERROR,
                "IRIS's libraries are not all found by this Python",
                detail=error.message,
                hint="Start pgiris with irispython, or put IRIS's bin directory first on the loader's path.",
            ) from error


def load_module() -> Any:
    """``iris`` of Embedded Python. The DB-API driver has the same name: a call tells them apart (iris-reference 1.2)."""
    try:
        module = importlib.import_module("iris")
        module.cls("%SYSTEM.Version")
    except Exception as error:
        raise PgError(
            sqlstate.SYSTEM_ERROR,
            "this Python is not inside IRIS",
            detail=str(error),
            hint="Backend embedded runs under irispython; see docs/iris.md.",
        ) from error
    return module
