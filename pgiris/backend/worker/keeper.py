"""The front's way to the worker that keeps the notes of one database (backend/keeper.py): started when it is first asked."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from pgiris.backend.worker import frames
from pgiris.backend.worker.link import Link
from pgiris.errors import not_supported


class KeeperLink:
    """start: opens a fresh worker; None where nothing can be kept."""

    def __init__(self, start: Callable[[], Awaitable[Link]] | None) -> None:
        self._start = start
        self._opening = asyncio.Lock()
        self._link: Link | None = None
        self._used_at = 0.0

    @property
    def can_keep(self) -> bool:
        return self._start is not None

    async def ask(self, action: str, *arguments: Any) -> Any:
        """One of Keeper's actions. What has been sent is done even if nobody waits for the answer. Raises as Keeper.answer()."""
        link = await self._opened()
        self._used_at = link.loop.time()
        reply = await link.request(frames.Keep(link.next_serial(), action, arguments))
        assert isinstance(reply, frames.Kept)
        return reply.value

    async def _opened(self) -> Link:
        async with self._opening:
            if self._link is None or self._link.lost:
                if self._start is None:
                    raise not_supported("sequences and comments are not supported here")
                self._link = await self._start()
            return self._link

    def end_idle(self, idle_s: float) -> None:
        """End the worker when nobody has asked it for so long."""
        link = self._link
        if link is not None and not link.lost and link.next_exchange is None and link.loop.time() - self._used_at > idle_s:
            self.close()

    def close(self) -> None:
        link, self._link = self._link, None
        if link is not None and not link.lost:
            link.close()
