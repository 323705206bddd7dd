"""Sizes are measured when they are asked for, once for all who ask, and not for longer than an answer is good."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from pgiris import sqlstate
from pgiris.backend.sizes import IndexSize, Sizes, TableSize
from pgiris.backend.worker import frames
from pgiris.errors import PgError
from pgiris.session import sizes
from pgiris.session.sizes import StoredSizes

TABLE = TableSize("SQLUser", "t", 8192, 4096, 16384, (IndexSize("t_a", 8192), IndexSize("t_b", None)))
ROWS = (
    ("", "USER", "", 65536, None, None),
    ("SQLUser", "t", "", 8192, 4096, 16384),
    ("SQLUser", "t", "t_a", 8192, None, None),
    ("SQLUser", "t", "t_b", None, None, None),
)


class FakeExchange:
    def __init__(self, link: FakeLink) -> None:
        self._link = link

    async def receive(self) -> frames.Reply:
        await self._link.answered.wait()
        return self._link.reply

    def interrupt(self) -> None:
        self._link.interrupted += 1
        self._link.reply = frames.Failed({"code": sqlstate.QUERY_CANCELED, "message": "canceled"})
        self._link.answered.set()

    def kill(self) -> None:
        self._link.killed += 1

    def abandon(self) -> None:
        self._link.abandoned += 1


class FakeLink:
    """answered: whether the worker has the answer."""

    def __init__(self) -> None:
        self.answered = asyncio.Event()
        self.answered.set()
        self.reply: frames.Reply = frames.Measured(Sizes((TABLE,), 65536))
        self.asked = self.interrupted = self.killed = self.abandoned = 0

    def next_serial(self) -> int:
        return 1

    def submit(self, data: bytes, serial: int) -> FakeExchange:
        self.asked += 1
        return FakeExchange(self)


class FakePool:
    def __init__(self, link: FakeLink) -> None:
        self.link = link
        self.out = 0
        self.full = False

    async def lease(self) -> FakeLink:
        if self.full:
            raise PgError(sqlstate.TOO_MANY_CONNECTIONS, "no backend connection became free")
        self.out += 1
        return self.link

    def release(self, link: FakeLink) -> None:
        self.out -= 1

    def abandon(self, awaited: object) -> None: ...


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(sizes, "monotonic", clock)
    monkeypatch.setattr(sizes, "WAIT_S", 0.02)
    return clock


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = []
    monkeypatch.setattr(sizes.log, "warning", lambda event, **words: told.append(words))
    return told


def run(test: Callable[[StoredSizes, FakeLink, FakePool], Awaitable[None]]) -> None:
    async def main() -> None:
        link = FakeLink()
        pool = FakePool(link)
        stored = StoredSizes("USER", pool)  # type: ignore[arg-type]
        await test(stored, link, pool)
        await stored.close()
        assert pool.out == 0

    asyncio.run(main())


def test_nobody_is_asked_before_a_query_asks(clock: Clock) -> None:
    async def test(stored: StoredSizes, link: FakeLink, pool: FakePool) -> None:
        assert (stored.rows("USER"), link.asked) == ((), 0)
        await stored.renew("schema")
        assert (stored.rows("USER"), link.asked) == (ROWS, 1)
        assert stored.rows("USER", "postgres")[:2] == (ROWS[0], ("", "postgres", *ROWS[0][2:]))

    run(test)


def test_an_answer_is_good_the_longer_the_more_it_cost(clock: Clock) -> None:
    async def test(stored: StoredSizes, link: FakeLink, pool: FakePool) -> None:
        link.answered.clear()
        asking = asyncio.ensure_future(stored.renew("schema"))
        await asyncio.sleep(0)
        await asyncio.sleep(0.001)
        clock.now = 0.5
        link.answered.set()
        await asking
        clock.now = 0.5 + 0.5 * sizes.COST - 0.1
        await stored.renew("schema")
        assert link.asked == 1
        clock.now += 0.2
        await stored.renew("schema")
        assert link.asked == 2

    run(test)


def test_a_changed_schema_is_measured_at_once(clock: Clock) -> None:
    async def test(stored: StoredSizes, link: FakeLink, pool: FakePool) -> None:
        stored._next_at = 1000.0
        await stored.renew("schema")
        stored._next_at = 1000.0
        await stored.renew("schema")
        assert link.asked == 1
        await stored.renew("another")
        assert link.asked == 2

    run(test)


def test_a_slow_answer_is_there_the_next_time_and_all_wait_for_the_same(clock: Clock) -> None:
    async def test(stored: StoredSizes, link: FakeLink, pool: FakePool) -> None:
        link.answered.clear()
        await asyncio.gather(*(stored.renew("schema") for _ in range(3)))
        assert (stored.rows("USER"), link.asked, pool.out) == ((), 1, 1)
        link.answered.set()
        await stored.renew("schema")
        assert (stored.rows("USER"), link.asked) == (ROWS, 1)

    run(test)


def test_an_old_answer_is_shown_no_longer(clock: Clock) -> None:
    async def test(stored: StoredSizes, link: FakeLink, pool: FakePool) -> None:
        await stored.renew("schema")
        link.answered.clear()
        clock.now = sizes.KEPT_S
        await stored.renew("schema")
        assert stored.rows("USER") == ROWS
        clock.now += 1
        assert stored.rows("USER") == ()

    run(test)


def test_a_backend_that_does_not_tell_is_asked_seldom_and_complained_of_once(clock: Clock, logged: list[dict[str, Any]]) -> None:
    async def test(stored: StoredSizes, link: FakeLink, pool: FakePool) -> None:
        told, link.reply = link.reply, frames.Failed({"code": "42501", "message": "no", "detail": "not privileged"})
        for _ in range(3):
            await stored.renew(object())
        assert (stored.rows("USER"), link.asked) == ((), 1)
        clock.now += sizes.REFUSED_S
        await stored.renew("schema")
        assert link.asked == 2
        assert logged == [{"database": "USER", "reason": "no", "detail": "not privileged"}]
        clock.now += sizes.REFUSED_S
        link.reply = told
        await stored.renew("schema")
        assert stored.rows("USER") == ROWS

    run(test)


def test_where_all_workers_are_taken_it_is_tried_again(clock: Clock, logged: list[dict[str, Any]]) -> None:
    async def test(stored: StoredSizes, link: FakeLink, pool: FakePool) -> None:
        pool.full = True
        await stored.renew("schema")
        pool.full = False
        await stored.renew("schema")
        assert stored.rows("USER") == ROWS

    run(test)
    assert logged == []


def test_a_measurement_that_takes_too_long_is_stopped(clock: Clock, monkeypatch: pytest.MonkeyPatch, logged: list[Any]) -> None:
    async def test(stored: StoredSizes, link: FakeLink, pool: FakePool) -> None:
        monkeypatch.setattr(sizes, "LONGEST_S", 0.03)
        link.answered.clear()
        await stored.renew("schema")
        await asyncio.sleep(0.05)
        assert (link.interrupted, link.killed, pool.out, len(logged)) == (1, 0, 0, 1)

    run(test)


def test_closing_gives_up_what_is_measured(clock: Clock) -> None:
    async def test(stored: StoredSizes, link: FakeLink, pool: FakePool) -> None:
        link.answered.clear()
        await stored.renew("schema")
        await stored.close()
        assert link.abandoned == 1

    run(test)
