"""Catalog lease: statements and portals of a session in the catalog's worker, which all sessions share.

Nothing is held between requests: a portal's rows wait in the worker under the portal's number. Rows come in pages, so that a slow
client keeps nobody waiting.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

from pgiris import sqlstate
from pgiris.backend.worker import frames
from pgiris.backend.worker.frames import ActionFrame
from pgiris.backend.worker.link import Exchange, Link, Moved, WorkerLost
from pgiris.errors import PgError
from pgiris.session.database import Database, Resolved
from pgiris.session.lease import Lease, Outcome, Receiver
from pgiris.types.codec import Context

_pages = itertools.count(1)  # portals of statements whose clients want all rows: below all others
PAGE_ROWS = 2000
PAGE_BLOCKS = 1000  # a page is sent without waiting for the client


class CatalogLease(Lease):
    """call: carries out a function of sql/session_functions.py with an integer. check: raises when that ended this session."""

    def __init__(
        self, database: Database, receiver: Receiver, grace_s: float, call: Callable[[str, int], None], check: Callable[[], None]
    ) -> None:
        super().__init__(database, receiver, PAGE_BLOCKS, grace_s)
        self._call = call
        self._check = check
        self._has_called = False
        self.refused: PgError | None = None  # what the worker could not answer

    def take(self, link: Link, context: Context, live: Sequence[frames.Replace]) -> None:
        """Use this worker for the next request."""
        self.link = link
        link.configure(context, None)
        link.send(*live)

    async def execute(
        self,
        resolved: Resolved,
        before: tuple[ActionFrame, ...],
        values: tuple[bytes | None, ...],
        formats: tuple[int, ...],
        extra: tuple[Any, ...],
        result_formats: tuple[int, ...],
        limit: int = 0,
        portal: int = 0,
        scroll: bool = False,
    ) -> Outcome:
        if limit:
            return await super().execute(resolved, before, values, formats, extra, result_formats, limit, portal, scroll)
        page = -next(_pages)
        outcome = await super().execute(resolved, before, values, formats, extra, result_formats, PAGE_ROWS, page)
        return await self._rest_of_pages(page, result_formats, outcome)

    async def fetch(self, portal: int, result_formats: tuple[int, ...], limit: int = 0, skip: bool = False) -> Outcome:
        if limit:
            return await super().fetch(portal, result_formats, limit, skip)
        outcome = await super().fetch(portal, result_formats, PAGE_ROWS, skip)
        return await self._rest_of_pages(portal, result_formats, outcome, skip)

    async def _rest_of_pages(self, portal: int, result_formats: tuple[int, ...], outcome: Outcome, skip: bool = False) -> Outcome:
        rows = outcome.rows
        try:
            while outcome.suspended:
                outcome = await super().fetch(portal, result_formats, PAGE_ROWS, skip)
                rows += outcome.rows
        except BaseException:
            self.close_portal(portal)
            raise
        return Outcome(rows, False, outcome.busy_us)

    async def relay(self, exchange: Exchange, receiver: Receiver | None = None) -> Outcome:
        self._has_called = False
        try:
            outcome = await super().relay(exchange, receiver)
        except PgError as error:
            if error.code == sqlstate.FEATURE_NOT_SUPPORTED:
                self.refused = error
            if not isinstance(error, WorkerLost):
                raise
            raise _lost() from None
        except Moved:
            raise _lost() from None
        if self._has_called:
            self._check()
        return outcome

    def _carry_out(self, calls: Sequence[tuple[str, int]]) -> None:
        self._has_called = True
        for function, argument in calls:
            self._call(function, argument)

    def _discard(self) -> None:
        """The worker is everybody's."""
        self.link = None

    def give_back(self) -> None:
        self.link = None


def _lost() -> PgError:
    return PgError(
        sqlstate.CRASH_SHUTDOWN,
        "the catalog worker ended unexpectedly",
        hint="The connection and its transaction are still good: repeat the query.",
    )
