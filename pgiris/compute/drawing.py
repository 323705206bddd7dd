"""Drawing: nextval() and its kin of each row. Whoever runs programs says how the session is asked.

PostgreSQL: functions-sequence
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pgiris import sqlstate
from pgiris.compute.registry import function
from pgiris.errors import PgError

Ask = Callable[[str, tuple[Any, ...]], Any]  # a session function's name and its arguments -> its value


def _nobody(name: str, arguments: tuple[Any, ...]) -> Any:
    raise PgError(sqlstate.INTERNAL_ERROR, f"there is no session to ask for {name}()")


_ask: Ask = _nobody


def ask_by(ask: Ask) -> None:
    """For all programs of this process."""
    global _ask
    _ask = ask


@function("nextval(text) int8")
def _next(name: str) -> int:
    return int(_ask("nextval", (name,)))


@function("currval(text) int8")
def _current(name: str) -> int:
    return int(_ask("currval", (name,)))


@function("lastval() int8")
def _last() -> int:
    return int(_ask("lastval", ()))


@function("setval(text, int8) int8", "setval(text, int8, bool) int8")
def _set(name: str, value: int, called: bool = True) -> int:
    return int(_ask("setval", (name, value, called)))


@function("setval_counted(text, int8, bool, int8) int8", nulls=True)
def _set_counted(name: str | None, value: int | None, called: bool | None, largest: int | None) -> int | None:
    """Of a column that IRIS counts. largest: its largest number."""
    if name is None or value is None or called is None:
        return None
    return int(_ask("pgiris_setval_counted", (name, value, called, largest)))
