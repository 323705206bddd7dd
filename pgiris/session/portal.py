"""Prepared statements and portals: what Parse and Bind leave behind, by name.

PostgreSQL: protocol-flow#PROTOCOL-FLOW-EXT-QUERY
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from pgiris.session.database import Resolved
from pgiris.session.lease import Lease
from pgiris.sql.plan import Target
from pgiris.sql.planner import Environment, Planned
from pgiris.types.codec import Oid
from pgiris.types.rows import Column

_numbers = itertools.count(1)


@dataclass(slots=True, eq=False)
class PreparedStatement:
    """A parsed statement. It is planned anew when its environment (schema, search_path) is no longer the session's."""

    text: str
    declared: tuple[Oid, ...]  # parameter types as the client gave them
    planned: Planned
    environment: Environment
    inner: PreparedStatement | None = None  # the query of DECLARE
    source: str = ""  # the PREPARE or DECLARE that it stands in
    described: bool = False
    columns: tuple[Column, ...] | None = None  # as described; None: it returns no rows
    # RowDescription by result formats and client encoding
    descriptions: dict[tuple[tuple[int, ...], str], bytes] = field(default_factory=dict)

    @property
    def parameters(self) -> tuple[Oid, ...]:
        return (self.inner or self).planned.plan.parameters


@dataclass(slots=True)
class LocalRows:
    """Rows that the session made itself."""

    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Any]]
    tag: str
    position: int = 0

    def take(self, limit: int) -> Sequence[Sequence[Any]]:
        """The next rows; limit 0 is all that remain."""
        start = self.position
        self.position = min(start + limit, len(self.rows)) if limit else len(self.rows)
        return self.rows[start : self.position]


class PortalState(Enum):
    NEW = auto()
    SUSPENDED = auto()  # rows remain, in the worker or in local
    DONE = auto()


@dataclass(slots=True, eq=False)
class Portal:
    """A bound statement and how far its rows have been sent. Cursors are portals too."""

    name: str
    statement: PreparedStatement
    values: tuple[bytes | None, ...] = ()  # parameters, then the plan's literals
    formats: tuple[int, ...] = ()
    result_formats: tuple[int, ...] = ()  # as in Bind
    formats_out: tuple[int, ...] = ()  # one for each column
    resolved: Resolved | None = None
    local: LocalRows | None = None
    state: PortalState = PortalState.NEW
    number: int = field(default_factory=lambda: next(_numbers))  # its name in the worker
    cursor: bool = False
    scroll: bool = False
    position: int = 0  # rows of a cursor that were fetched or passed over
    hold: bool = False
    held: bool = False  # its transaction has committed

    @property
    def planned(self) -> Planned:
        return self.statement.planned

    @property
    def of_catalog(self) -> bool:
        """Whether that worker is the catalog's, which all sessions share."""
        return self.planned.plan.target is Target.CATALOG

    @property
    def in_worker(self) -> bool:
        """Whether a worker holds its remaining rows."""
        return self.state is PortalState.SUSPENDED and self.local is None


class Portals:
    """The portals of a session. As a participant of its transaction it closes what the transaction's end closes."""

    def __init__(self, lease: Lease, catalog: Lease) -> None:
        self.by_name: dict[str, Portal] = {}
        self._lease = lease
        self._catalog = catalog

    def add(self, portal: Portal) -> None:
        self.by_name[portal.name] = portal

    def close(self, name: str) -> None:
        portal = self.by_name.pop(name, None)
        if portal is not None and portal.in_worker:
            (self._catalog if portal.of_catalog else self._lease).close_portal(portal.number)

    def clear(self) -> None:
        for name in tuple(self.by_name):
            self.close(name)

    def lose(self) -> None:
        """The worker is gone, and the rows that it held."""
        self.by_name = {name: portal for name, portal in self.by_name.items() if portal.of_catalog or not portal.in_worker}

    @property
    def in_worker(self) -> bool:
        """Whether the session's worker holds rows for any of them."""
        return any(portal.in_worker and not portal.of_catalog for portal in self.by_name.values())

    # transaction.Participant

    @property
    def pending(self) -> bool:
        return bool(self.by_name)

    def mark(self) -> frozenset[Portal]:
        return frozenset(self.by_name.values())

    def rollback_to(self, mark: frozenset[Portal]) -> None:
        for name, portal in tuple(self.by_name.items()):
            if portal not in mark:
                self.close(name)

    def end(self, committed: bool) -> None:
        """Cursors WITH HOLD live on when their transaction committed, all else ends."""
        for name, portal in tuple(self.by_name.items()):
            if portal.hold and committed:
                portal.held = True
            elif not portal.held:
                self.close(name)
