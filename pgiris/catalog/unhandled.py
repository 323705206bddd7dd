"""Unhandled: catalog queries that were refused, each kept and logged once, so that users can report them."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime

from pgiris.errors import PgError
from pgiris.observe.log import get_logger

KEPT = 500  # statements; the oldest goes

log = get_logger("catalog")


@dataclass
class Refused:
    first_seen: datetime
    error: PgError
    count: int = 1


class Unhandled:
    def __init__(self) -> None:
        self._refused: OrderedDict[str, Refused] = OrderedDict()

    def add(self, statement: str, error: PgError) -> None:
        known = self._refused.get(statement)
        if known is not None:
            known.count += 1
            return
        self._refused[statement] = Refused(datetime.now(UTC), error)
        if len(self._refused) > KEPT:
            self._refused.popitem(last=False)
        log.info("catalog query not handled", sqlstate=error.code, reason=error.message, statement=statement)

    def rows(self) -> tuple[tuple[str, int, str, str, str], ...]:
        """For pgiris_unhandled."""
        return tuple(
            (refused.first_seen.isoformat(), refused.count, refused.error.code, refused.error.message, statement)
            for statement, refused in self._refused.items()
        )
