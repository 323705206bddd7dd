"""Check: one statement about how a backend behaves, and the ground that it is tried on.

In: a function that opens sessions of one namespace. Out: an Outcome for each check. Tables are made in a schema of their own and
dropped again.
"""

from __future__ import annotations

import contextlib
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from pgiris.backend.base import BackendSession, Shape
from pgiris.errors import PgError
from pgiris.types.codec import Oid
from pgiris.types.rows import Column

SCHEMA = "PGIRIS_Conformance"
ALL = 100_000
Open = Callable[[], BackendSession]


class Disagreement(AssertionError):
    """The backend does not do what the check says."""


class Ground:
    """Sessions and tables of one check."""

    def __init__(self, open_session: Open) -> None:
        self._open = open_session
        self._sessions: list[BackendSession] = []
        self._tables: list[str] = []
        self.session = self.further()

    def further(self) -> BackendSession:
        """Another session, which is closed with the check."""
        session = self._open()
        self._sessions.append(session)
        return session

    def table(self, columns: str, options: str = "") -> str:
        """A new table; its qualified name."""
        name = f"{SCHEMA}.t{len(self._tables)}"
        with contextlib.suppress(PgError):
            self.session.execute(f"DROP TABLE {name}", ()).close()
        self.session.execute(f"CREATE TABLE {name} ({columns}){options}", ()).close()
        self._tables.append(name)
        return name

    def rows(
        self, sql: str, *values: Any, oids: Sequence[Oid] = (), shown: Sequence[Oid] = (), session: BackendSession | None = None
    ) -> list[tuple[Any, ...]]:
        """oids: of the values; shown: types that the columns are shown as."""
        shape = Shape(tuple(oids), tuple(Column(f"c{number}", oid) for number, oid in enumerate(shown)))
        found = (session or self.session).execute(sql, values, shape)
        rows = [tuple(row) for row in found.fetch(ALL)]
        found.close()
        return rows

    def count(self, sql: str, *values: Any, oids: Sequence[Oid] = (), session: BackendSession | None = None) -> int:
        return (session or self.session).execute(sql, values, Shape(tuple(oids))).row_count

    def refused(self, code: str, sql: str, *values: Any, session: BackendSession | None = None) -> PgError:
        """The error of a statement, whose SQLSTATE begins so."""
        try:
            found = (session or self.session).execute(sql, values)
            found.fetch(ALL)
            found.close()
        except PgError as error:
            if not error.code.startswith(code):
                raise Disagreement(f"{sql}: SQLSTATE {error.code} instead of {code}: {error.message}; {error.detail}") from error
            return error
        raise Disagreement(f"{sql}: no error instead of SQLSTATE {code}")

    def end(self) -> None:
        """Drop and close what the check left."""
        cleaner = self._open()
        for session in self._sessions:
            with contextlib.suppress(PgError):
                session.reset()
            with contextlib.suppress(PgError):
                session.close()
        for name in reversed(self._tables):
            with contextlib.suppress(PgError):
                cleaner.execute(f"DROP TABLE {name}", ()).close()
        cleaner.close()


def expect(found: object, wanted: object, about: str = "") -> None:
    if found != wanted or type(found) is not type(wanted):
        raise Disagreement(f"{about + ': ' if about else ''}{found!r} instead of {wanted!r}")


@dataclass(frozen=True)
class Check:
    """statement: what the backend is said to do."""

    statement: str
    run: Callable[[Ground], None]


@dataclass(frozen=True)
class Outcome:
    """problem: empty when the backend does as the check says."""

    statement: str
    problem: str
    seconds: float
    traceback: str = field(default="", repr=False)


CHECKS: list[Check] = []


def check(statement: str) -> Callable[[Callable[[Ground], None]], Callable[[Ground], None]]:
    def register(function: Callable[[Ground], None]) -> Callable[[Ground], None]:
        CHECKS.append(Check(statement, function))
        return function

    return register


def carry_out(one: Check, open_session: Open) -> Outcome:
    """Whatever goes wrong becomes the outcome's problem."""
    began = time.monotonic()
    problem = trace = ""
    try:
        ground = Ground(open_session)
        try:
            one.run(ground)
        finally:
            ground.end()
    except Exception as error:
        detail = getattr(error, "detail", None)
        problem = f"{type(error).__name__}: {error}" + (f"; {detail}" if detail else "")
        trace = traceback.format_exc()
    return Outcome(one.statement, problem, time.monotonic() - began, trace)
