"""DbapiBackend: sessions of an IRIS at one of several addresses, such as the members of a mirror.

In: options as the front sends them. Out: LiveSession. An address that does not answer is followed by the next one, and all of
them are tried again after a pause that doubles, until the time is up.
"""

from __future__ import annotations

import importlib
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from pgiris import sqlstate
from pgiris.backend.base import BackendSession
from pgiris.backend.dbapi import failures
from pgiris.backend.dbapi.driver import DbapiDriver
from pgiris.backend.dbapi.failures import Unreachable
from pgiris.backend.live.session import LiveSession
from pgiris.errors import PgError
from pgiris.observe.log import get_logger

log = get_logger("dbapi")

FIRST_PAUSE_S = 0.2
LONGEST_PAUSE_S = 5.0
TLS_VARIABLE = "ISC_SSLconfigurations"  # where the driver looks for the file of TLS configurations


@dataclass(frozen=True)
class Options:
    """servers: ``host:port``. password_file: of the service account, read anew for each connection, so that it may change."""

    servers: tuple[str, ...]
    user: str = "_SYSTEM"
    password_file: str = ""
    tls_config: str = ""
    tls_file: str = ""
    connect_timeout_s: float = 10.0
    reconnect_s: float = 20.0

    @classmethod
    def of(cls, options: Mapping[str, str]) -> Options:
        return cls(
            tuple(options["servers"].split(",")),
            options["user"],
            options["password_file"],
            options["tls_config"],
            options["tls_file"],
            float(options["connect_timeout_s"]),
            float(options["reconnect_s"]),
        )


class DbapiBackend:
    """sleep, clock: for tests."""

    name = "dbapi"

    def __init__(
        self, options: Options, sleep: Callable[[float], None] = time.sleep, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._options = options
        self._sleep, self._clock = sleep, clock
        self._module = load_driver()
        if options.tls_file:
            os.environ[TLS_VARIABLE] = options.tls_file

    def connect(self, database: str, user: str, password: str | None) -> BackendSession:
        """password None: the service account logs in, whoever the user is."""
        if password is None:
            user, password = self._options.user, self._service_password()
        namespace = database.upper()
        address, connection = self._reach(namespace, user, password)
        driver = DbapiDriver(self._module, connection, partial(self._open, address, namespace, user, password))
        try:
            session = LiveSession(driver, namespace)
        except BaseException:
            driver.close()
            raise
        driver.identify(session.pid)
        return session

    def _service_password(self) -> str:
        path = self._options.password_file
        if not path:
            raise PgError(
                sqlstate.INVALID_AUTHORIZATION_SPECIFICATION,
                f"no password is configured for the IRIS account {self._options.user}",
                hint="Set iris_password_file.",
            )
        try:
            return Path(path).read_text(encoding="utf-8").rstrip("\r\n")
        except OSError as error:
            raise PgError(
                sqlstate.INVALID_AUTHORIZATION_SPECIFICATION,
                f"the password of the IRIS account {self._options.user} cannot be read",
                detail=f"{path}: {error.strerror}",
            ) from error

    def _reach(self, namespace: str, user: str, password: str) -> tuple[str, Any]:
        """(address, connection) of the first server that answers. Raises Unreachable after reconnect_s seconds."""
        deadline = self._clock() + self._options.reconnect_s
        pause = FIRST_PAUSE_S
        while True:
            unreachable: Unreachable | None = None
            for address in self._options.servers:
                try:
                    return address, self._open(address, namespace, user, password)
                except Unreachable as error:
                    log.warning("IRIS does not answer", address=address, reason=error.detail)
                    unreachable = error
            if unreachable is None or self._clock() + pause > deadline:
                raise unreachable or PgError(sqlstate.INTERNAL_ERROR, "no address of IRIS is configured")
            self._sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_S)

    def _open(self, address: str, namespace: str, user: str, password: str) -> Any:
        host, _, port = address.rpartition(":")
        options = self._options
        try:
            return self._module.dbapi.connect(
                hostname=host.strip("[]"),
                port=int(port),
                namespace=namespace,
                username=user,
                password=password,
                timeout=max(1, round(options.connect_timeout_s)),
                sharedmemory=False,  # which the driver would choose on this host: sockets behave the same everywhere
                autoCommit=True,
                **({"sslconfig": options.tls_config} if options.tls_config else {}),
            )
        except Exception as error:
            raise failures.of_login(error, address, namespace, user) from error


def load_driver() -> Any:
    """The driver's module. Raises PgError when it is not installed, or another package has its name."""
    try:
        module: Any = importlib.import_module("iris")
        module.dbapi = importlib.import_module("iris.dbapi")
    except ImportError as error:
        raise PgError(
            sqlstate.SYSTEM_ERROR,
            "the IRIS driver is not installed",
            detail=str(error),
            hint="Run: pip install 'pgiris[iris]'",
        ) from error
    return module
