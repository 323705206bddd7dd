"""Advisory locks: who gets them, in which order, and how waiting ends."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any

import pytest

from pgiris.errors import PgError
from pgiris.session import advisory
from pgiris.session.advisory import AdvisoryLocks, AdvisoryOwner, Key, Mode

SHARED, EXCLUSIVE = Mode
K = (1,)


def in_loop(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    @wraps(test)
    def run(*arguments: Any, **named: Any) -> None:
        asyncio.run(asyncio.wait_for(test(*arguments, **named), 10))

    return run


class Crowd:
    """Sessions of one front, and who was granted a lock in which order."""

    def __init__(self) -> None:
        self.locks = AdvisoryLocks()
        self.order: list[int] = []

    def owner(self, pid: int, database: str = "USER") -> AdvisoryOwner:
        return AdvisoryOwner(self.locks, database, pid)

    def asks(self, owner: AdvisoryOwner, mode: Mode = EXCLUSIVE, key: tuple[int, ...] = K) -> asyncio.Task[None]:
        async def ask() -> None:
            await owner.lock(key, mode, False)
            self.order.append(owner.pid)

        return asyncio.create_task(ask())


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


COMPATIBLE = {(SHARED, SHARED): True, (SHARED, EXCLUSIVE): False, (EXCLUSIVE, SHARED): False, (EXCLUSIVE, EXCLUSIVE): False}


@pytest.mark.parametrize("modes", COMPATIBLE)
def test_only_shared_locks_go_together(modes: tuple[Mode, Mode]) -> None:
    crowd = Crowd()
    assert crowd.owner(1).try_lock(K, modes[0], False)
    assert crowd.owner(2).try_lock(K, modes[1], False) is COMPATIBLE[modes]


def test_one_session_never_stands_in_its_own_way() -> None:
    owner = Crowd().owner(1)
    assert all(owner.try_lock(K, mode, level) for mode in Mode for level in (True, False))


def test_key_spaces_and_databases_are_apart() -> None:
    crowd = Crowd()
    assert crowd.owner(1).try_lock((1,), EXCLUSIVE, False)
    assert crowd.owner(2).try_lock((0, 1), EXCLUSIVE, False)
    assert crowd.owner(3, "SAMPLES").try_lock((1,), EXCLUSIVE, False)


def test_session_locks_are_counted() -> None:
    crowd = Crowd()
    one, two = crowd.owner(1), crowd.owner(2)
    assert one.try_lock(K, EXCLUSIVE, False) and one.try_lock(K, EXCLUSIVE, False)
    assert one.unlock(K, EXCLUSIVE)
    assert not two.try_lock(K, SHARED, False)
    assert one.unlock(K, EXCLUSIVE)
    assert not one.unlock(K, EXCLUSIVE)
    assert two.try_lock(K, SHARED, False)


def test_unlock_all_leaves_the_transactions_locks() -> None:
    crowd = Crowd()
    one, two = crowd.owner(1), crowd.owner(2)
    one.try_lock(K, EXCLUSIVE, False)
    one.try_lock(K, EXCLUSIVE, True)
    one.try_lock((2,), SHARED, False)
    one.unlock_all()
    assert not two.try_lock(K, SHARED, False)
    assert two.try_lock((2,), EXCLUSIVE, False)
    one.end(True)
    assert two.try_lock(K, SHARED, False)


def test_the_transactions_locks_cannot_be_unlocked_by_hand() -> None:
    owner = Crowd().owner(1)
    owner.try_lock(K, EXCLUSIVE, True)
    assert not owner.unlock(K, EXCLUSIVE)
    assert owner.pending


def test_rolling_back_to_a_savepoint_gives_back_what_was_taken_after_it() -> None:
    crowd = Crowd()
    one, two = crowd.owner(1), crowd.owner(2)
    one.try_lock((1,), EXCLUSIVE, True)
    mark = one.mark()
    one.try_lock((2,), EXCLUSIVE, True)
    one.rollback_to(mark)
    assert (two.try_lock((1,), SHARED, False), two.try_lock((2,), SHARED, False)) == (False, True)


@in_loop
async def test_waiting_is_first_come_first_served() -> None:
    crowd = Crowd()
    holder = crowd.owner(0)
    holder.try_lock(K, EXCLUSIVE, False)
    waiters = [crowd.owner(pid) for pid in (1, 2, 3, 4)]
    modes = (SHARED, SHARED, EXCLUSIVE, SHARED)
    tasks = [crowd.asks(owner, mode) for owner, mode in zip(waiters, modes, strict=True)]
    await settle()
    holder.unlock(K, EXCLUSIVE)
    await settle()
    assert crowd.order == [1, 2]
    assert not crowd.owner(5).try_lock(K, SHARED, False), "nobody overtakes the one who waits for it alone"
    waiters[0].close()
    waiters[1].close()
    await settle()
    assert crowd.order == [1, 2, 3]
    waiters[2].close()
    await asyncio.gather(*tasks)
    assert crowd.order == [1, 2, 3, 4]


@in_loop
async def test_who_holds_a_lock_goes_before_those_who_wait_for_it() -> None:
    crowd = Crowd()
    holder, waiter = crowd.owner(1), crowd.owner(2)
    holder.try_lock(K, SHARED, False)
    task = crowd.asks(waiter)
    await settle()
    assert holder.try_lock(K, EXCLUSIVE, False)
    holder.close()
    await task


@in_loop
async def test_a_cancelled_wait_leaves_nothing_behind() -> None:
    crowd = Crowd()
    holder, impatient, patient = (crowd.owner(pid) for pid in (1, 2, 3))
    holder.try_lock(K, SHARED, False)
    first, second = crowd.asks(impatient, EXCLUSIVE), crowd.asks(patient, SHARED)
    await settle()
    first.cancel()
    await second
    assert crowd.order == [3]
    with pytest.raises(asyncio.CancelledError):
        await first
    holder.close()
    patient.close()
    assert crowd.locks._locks == {} and crowd.locks._waiting == {}


@in_loop
async def test_a_lock_granted_while_its_wait_is_cancelled_goes_to_the_next() -> None:
    crowd = Crowd()
    holder, cancelled, next_one = (crowd.owner(pid) for pid in (1, 2, 3))
    holder.try_lock(K, EXCLUSIVE, False)
    first, second = crowd.asks(cancelled), crowd.asks(next_one)
    await settle()
    holder.unlock(K, EXCLUSIVE)
    first.cancel()
    await second
    assert crowd.order == [3]
    next_one.close()
    assert crowd.locks._locks == {}


@in_loop
async def test_lock_timeout_ends_a_wait() -> None:
    crowd = Crowd()
    crowd.owner(1).try_lock(K, EXCLUSIVE, False)
    with pytest.raises(PgError, match="canceling statement due to lock timeout") as caught:
        await crowd.owner(2).lock(K, SHARED, False, timeout_s=0.001)
    assert caught.value.code == "55P03"


@in_loop
async def test_a_circle_of_two_is_a_deadlock() -> None:
    crowd = Crowd()
    one, two = crowd.owner(1), crowd.owner(2)
    one.try_lock((1,), EXCLUSIVE, True)
    two.try_lock((2,), EXCLUSIVE, True)
    waiting = asyncio.create_task(one.lock((2,), EXCLUSIVE, True))
    await settle()
    with pytest.raises(PgError, match="deadlock detected") as caught:
        await two.lock((1,), EXCLUSIVE, True)
    assert caught.value.code == "40P01"
    assert caught.value.detail == (
        "Process 2 waits for ExclusiveLock on advisory lock [USER,0,1,1]; blocked by process 1.\n"
        "Process 1 waits for ExclusiveLock on advisory lock [USER,0,2,1]; blocked by process 2."
    )
    two.end(False)
    await waiting


@in_loop
async def test_a_circle_of_three_is_a_deadlock_and_a_chain_is_not() -> None:
    crowd = Crowd()
    owners = [crowd.owner(pid) for pid in (1, 2, 3)]
    for number, owner in enumerate(owners):
        owner.try_lock((number,), EXCLUSIVE, True)
    first = asyncio.create_task(owners[0].lock((1,), EXCLUSIVE, True))
    second = asyncio.create_task(owners[1].lock((2,), SHARED, True))
    await settle()
    assert not first.done() and not second.done()
    assert crowd.locks.blocking_pids(owners[0]) == [2]
    with pytest.raises(PgError, match="deadlock detected"):
        await owners[2].lock((0,), SHARED, True)
    owners[2].end(False)
    await second
    owners[1].end(False)
    await first


@in_loop
async def test_two_holders_that_both_want_more_are_a_deadlock() -> None:
    crowd = Crowd()
    one, two = crowd.owner(1), crowd.owner(2)
    assert one.try_lock(K, SHARED, False) and two.try_lock(K, SHARED, False)
    waiting = crowd.asks(one)
    await settle()
    with pytest.raises(PgError, match="deadlock detected"):
        await two.lock(K, EXCLUSIVE, False)
    two.close()
    await waiting


@in_loop
async def test_a_wait_behind_another_waiter_counts_for_deadlocks() -> None:
    crowd = Crowd()
    reader, writer, both = (crowd.owner(pid) for pid in (1, 2, 3))
    reader.try_lock((1,), SHARED, False)
    both.try_lock((2,), EXCLUSIVE, False)
    writing = crowd.asks(writer, EXCLUSIVE, (1,))
    await settle()
    behind = crowd.asks(both, SHARED, (1,))  # waits for the writer, who waits for the reader
    await settle()
    with pytest.raises(PgError, match="deadlock detected"):
        await reader.lock((2,), SHARED, False)
    reader.close()
    await writing
    writer.close()
    await behind


def test_the_number_of_locks_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(advisory, "LOCK_LIMIT", 1)
    owner = Crowd().owner(1)
    owner.try_lock((1,), SHARED, False)
    with pytest.raises(PgError, match="out of shared memory"):
        owner.try_lock((2,), SHARED, False)


@pytest.mark.parametrize(
    ("parts", "shown"),
    [((-1,), "[USER,4294967295,4294967295,1]"), ((1 << 32,), "[USER,1,0,1]"), ((1, -2), "[USER,1,4294967294,2]")],
)
def test_keys_are_shown_as_in_pg_locks(parts: tuple[int, ...], shown: str) -> None:
    assert str(Key("USER", parts)) == f"advisory lock {shown}"
