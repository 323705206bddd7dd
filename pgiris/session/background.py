"""Background: what would keep the event loop for too long runs in a thread beside it.

The two take turns at Python's lock. Two things make the event loop wait for its turn: the interval at which a thread gives way,
and the garbage collector, which looks at all objects at once, and a long statement's tree has a million.
"""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from pgiris.sql.split import LONG_TEXT, Statement, split

SWITCH_S = 0.001  # a thread gives way after so long; Python's own 5 ms would be added to each answer while a thread is at work

P = ParamSpec("P")
R = TypeVar("R")
_running = 0


def prepare() -> None:
    """At the start of a front: what exists now stays, and is not looked at again."""
    gc.collect()
    gc.freeze()
    sys.setswitchinterval(SWITCH_S)


async def statements_of(text: str) -> list[Statement]:
    """Raises what split() raises."""
    return split(text) if len(text) < LONG_TEXT else await in_thread(split, text)


async def in_thread(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Work that drops what it made before it ends (sql/trees.py): there are no collections meanwhile."""
    global _running
    _running += 1
    gc.disable()
    try:
        return await asyncio.to_thread(work, *args, **kwargs)
    finally:
        _running -= 1
        if not _running:
            gc.enable()
