"""Shared: what all sessions of one front have in common besides their databases."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pgiris.catalog.unhandled import Unhandled
from pgiris.config.options import Config
from pgiris.observe import http
from pgiris.observe.metrics import Exposition, Metrics
from pgiris.session.advisory import AdvisoryLocks
from pgiris.session.notifications import Hub
from pgiris.session.settings import Defaults
from pgiris.sql.planner import Options

if TYPE_CHECKING:
    from pgiris.session.session import Session


class Shared:
    def __init__(self, config: Config, port: int) -> None:
        """port: the one that clients connect to, which the system may have chosen."""
        self.config = config
        self._port = port
        self.metrics = Metrics()
        self.defaults = _defaults(config, self._port)
        self.locks = AdvisoryLocks()
        self.hub = Hub()
        self.unhandled = Unhandled()
        self.sessions: dict[int, Session] = {}  # by backend process ID
        self.started_at = datetime.now(UTC)
        self.loaded_at = self.started_at
        self.ready: str | None = "starting"  # why the front cannot serve now, None when it can

    def reload(self, config: Config) -> None:
        """Take over what a reload may change. Raises PgError for a setting that cannot be."""
        self.defaults = _defaults(config, self._port)
        self.config = config
        self.loaded_at = datetime.now(UTC)

    @contextlib.asynccontextmanager
    async def observe(self, front: int) -> AsyncIterator[None]:
        """Answer /metrics and the probes while the front runs, when the configuration asks for it."""
        self.ready = None
        if not self.config.metrics_port:
            yield
            return
        probes = http.Probes(Exposition(self.metrics, front), lambda: self.ready)
        server = await http.start(probes, self.config.metrics_host, self.config.metrics_port + front)
        async with server:
            yield


def _defaults(config: Config, port: int) -> Defaults:
    return Defaults(
        {
            "port": str(port),
            "ssl": "on" if config.tls_cert else "off",
            "max_connections": str(config.max_connections or 262143),
            **config.settings,
        },
        Options(config.iris_version, config.null_ordering, config.string_collation),
    )
