"""The nursery: each caller gets the worker that was forked for it."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import suppress

import uvloop

from pgiris.backend.worker.spawn import Nursery, Spawned


async def ended(spawned: Spawned) -> bool:
    """Whether this worker's end of the socket closes when the process of this number is killed."""
    os.kill(spawned.pid, signal.SIGKILL)
    return await asyncio.wait_for(asyncio.get_running_loop().sock_recv(spawned.data, 1), 10) == b""


def test_who_stops_waiting_leaves_no_answer_to_the_next_one() -> None:
    async def main() -> None:
        nursery = Nursery("warning", "text")
        try:
            given_up = asyncio.ensure_future(nursery.spawn())
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            given_up.cancel()
            with suppress(asyncio.CancelledError):
                await given_up
            spawned = await nursery.spawn()
            assert await ended(spawned)
            spawned.data.close()
            spawned.control.close()
        finally:
            nursery.close()

    asyncio.run(main())


def test_a_nursery_ends_though_an_answer_of_it_is_awaited() -> None:
    async def main() -> None:
        nursery = Nursery("warning", "text")
        waiting = asyncio.ensure_future(nursery.spawn())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        waiting.cancel()
        nursery.close()
        with suppress(asyncio.CancelledError):
            await waiting

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(asyncio.wait_for(main(), 20))
