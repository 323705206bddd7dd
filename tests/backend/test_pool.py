"""The pool: who gets a worker when, without processes."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from pgiris.backend.pool import Pool
from pgiris.errors import PgError


class FakeLink:
    def __init__(self, number: int) -> None:
        self.number = number
        self.lost = False

    def kill(self) -> None:
        self.lost = True

    def close(self) -> None:
        self.lost = True


class Workers:
    """Makes links, or fails as a backend would."""

    def __init__(self) -> None:
        self.started = 0
        self.error: PgError | None = None

    async def start(self) -> FakeLink:
        await asyncio.sleep(0)
        if self.error is not None:
            raise self.error
        self.started += 1
        return FakeLink(self.started)


def run(test: Callable[[Pool, Workers], Awaitable[None]], size: int = 2, wait_s: float = 5) -> None:
    async def main() -> None:
        workers = Workers()
        pool = Pool(workers.start, size, wait_s)  # type: ignore[arg-type]
        await test(pool, workers)
        await pool.close()

    asyncio.run(main())


def test_the_worker_used_last_is_leased_first() -> None:
    async def test(pool: Pool, workers: Workers) -> None:
        first, second = await pool.lease(), await pool.lease()
        pool.release(first)
        pool.release(second)
        assert await pool.lease() is second
        assert workers.started == 2

    run(test)


def test_those_who_wait_are_served_in_their_order() -> None:
    async def test(pool: Pool, _: Workers) -> None:
        link = await pool.lease()
        waiting = [asyncio.ensure_future(pool.lease()) for _ in range(3)]
        served = []
        for waiter in waiting:
            pool.release(link)
            served.append(await waiter)
            assert not any(later.done() for later in waiting[len(served) :])
        assert served == [link] * 3

    run(test, size=1)


def test_a_wait_ends_at_its_deadline() -> None:
    async def test(pool: Pool, _: Workers) -> None:
        link = await pool.lease()
        with pytest.raises(PgError) as caught:
            await pool.lease()
        assert caught.value.code == "53300"
        pool.release(link)
        assert await pool.lease() is link

    run(test, size=1, wait_s=0.01)


def test_a_worker_that_comes_as_its_waiter_gives_up_is_not_lost() -> None:
    async def test(pool: Pool, _: Workers) -> None:
        link = await pool.lease()
        waiter = asyncio.ensure_future(pool.lease())
        pool.release(link)  # the waiter has it now, and has not seen it yet
        pool.abandon(waiter)
        assert await pool.lease() is link

    run(test, size=1)


def test_who_gave_up_before_is_passed_over() -> None:
    async def test(pool: Pool, _: Workers) -> None:
        link = await pool.lease()
        gone, waiting = asyncio.ensure_future(pool.lease()), asyncio.ensure_future(pool.lease())
        pool.abandon(gone)
        pool.release(link)
        assert await waiting is link

    run(test, size=1)


def test_a_lost_worker_is_replaced_for_those_who_wait() -> None:
    async def test(pool: Pool, workers: Workers) -> None:
        link = await pool.lease()
        waiting = asyncio.ensure_future(pool.lease())
        pool.discard(link)
        assert (await waiting) is not link
        assert workers.started == 2

    run(test, size=1)


def test_a_backend_that_refuses_frees_the_place_in_the_pool() -> None:
    async def test(pool: Pool, workers: Workers) -> None:
        workers.error = PgError("3D000", "no such namespace")
        for _ in range(3):
            with pytest.raises(PgError, match="no such namespace"):
                await pool.lease()
        assert pool.counts.size == 0

    run(test, size=1)


def test_workers_count_from_the_moment_they_are_asked_for() -> None:
    """Many may ask before the first of them waits."""

    async def ask() -> int:
        pool = Pool(start_slowly, 2, 1.0)
        asked = [asyncio.ensure_future(pool.lease()) for _ in range(10)]
        assert pool.counts.size == 2
        for lease in asked:
            pool.abandon(lease)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        return pool.counts.size

    async def start_slowly() -> Any:
        await asyncio.sleep(10)

    assert asyncio.run(ask()) == 0


def test_workers_that_were_idle_for_long_are_ended() -> None:
    async def test(pool: Pool, workers: Workers) -> None:
        first, second = await pool.lease(), await pool.lease()
        pool.release(first)
        pool.end_idle(60)
        assert pool.counts.size == 2
        await asyncio.sleep(0.01)
        pool.end_idle(0.005)
        assert pool.counts.size == 1
        assert first.lost
        assert not second.lost
        pool.release(second)
        assert await pool.lease() is second

    run(test)
