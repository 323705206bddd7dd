"""Lru: a bounded map that forgets what was not used for the longest time.

The event loop and one planning thread may use it at once: no method relies on what another saw before.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Lru(Generic[K, V]):
    """most: how much all entries may weigh together."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._entries: OrderedDict[K, tuple[V, int]] = OrderedDict()
        self._weight = 0

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: K) -> V | None:
        entry = self._entries.get(key)
        if entry is None:
            return None
        try:  # noqa: SIM105 - quicker than suppress()
            self._entries.move_to_end(key)
        except KeyError:  # forgotten meanwhile
            pass
        return entry[0]

    def put(self, key: K, value: V, weight: int = 1) -> None:
        """What is too heavy to be kept at all is not kept."""
        old = self._entries.pop(key, None)
        if old is not None:
            self._weight -= old[1]
        if weight > self._most:
            return
        self._entries[key] = (value, weight)
        self._weight += weight
        while self._weight > self._most:
            _, (_, lost) = self._entries.popitem(last=False)
            self._weight -= lost
