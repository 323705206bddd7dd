"""Quota: how many workers all pools may have together, since each is a connection that IRIS licenses.

A pool that needs a worker when there is no room takes the room of one that is idle elsewhere; and when a worker becomes free
while somebody waits in another pool, it makes room. Whoever has waited longest comes first.
"""

from __future__ import annotations

from typing import Protocol


class Member(Protocol):
    """A pool, as far as sharing goes."""

    @property
    def size(self) -> int:
        """Workers that it has or starts."""
        ...

    @property
    def waiting_since(self) -> float | None:
        """When the one that waits longest began to; None when nobody waits, or the pool is as large as it may be."""
        ...

    def drop_idle(self) -> bool:
        """End an idle worker, if there is one."""
        ...

    def give_way(self) -> None:
        """Let go of a worker that is kept for convenience."""
        ...

    def grow(self) -> None:
        """Start a worker for whoever waits."""
        ...


class Quota:
    """limit 0: none."""

    def __init__(self, limit: int = 0) -> None:
        self._limit = limit
        self._members: list[Member] = []

    def join(self, member: Member) -> None:
        self._members.append(member)

    def leave(self, member: Member) -> None:
        self._members.remove(member)

    @property
    def _is_full(self) -> bool:
        return bool(self._limit) and sum(member.size for member in self._members) >= self._limit

    def has_room(self, member: Member | None = None) -> bool:
        """Whether this pool, or somebody without one, may start a worker now; an idle one elsewhere is ended for it."""
        if not self._is_full:
            return True
        return any(other.drop_idle() for other in self._members if other is not member)

    def short(self, member: Member) -> None:
        """Somebody waits for a worker of this pool."""
        if self._is_full and member.size == 0:
            for other in self._members:
                other.give_way()

    def wanted_elsewhere(self, member: Member) -> bool:
        """Whether a worker that has become idle here is to make room for another pool."""
        return self._is_full and any(other.waiting_since is not None for other in self._members if other is not member)

    def freed(self) -> None:
        """There is room again: the pool whose client waits longest gets it."""
        if not self._limit:
            return
        waiting = [(since, number) for number, m in enumerate(self._members) if (since := m.waiting_since) is not None]
        if waiting and not self._is_full:
            self._members[min(waiting)[1]].grow()
