"""Advisory locks between the sessions of one front.

In: keys, at session or transaction level, shared or exclusive. Out: granted, waited for, or refused. Waiting is first come, first
served. Fronts share nothing: with several fronts a lock holds back only sessions of the same front.
PostgreSQL: explicit-locking#ADVISORY-LOCKS, functions-admin#FUNCTIONS-ADVISORY-LOCKS
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

from pgiris import sqlstate
from pgiris.errors import PgError

LOCK_LIMIT = 100_000  # different keys locked at a time in a front


class Mode(Enum):
    SHARED = "ShareLock"
    EXCLUSIVE = "ExclusiveLock"


@dataclass(frozen=True, slots=True)
class Key:
    """parts: one bigint or two ints, which are two different spaces. Locks of different databases have nothing in common."""

    database: str
    parts: tuple[int, ...]

    def __str__(self) -> str:
        """As PostgreSQL's deadlock reports show it, with the database's name in the place of its OID."""
        return f"advisory lock [{self.database},{','.join(map(str, self.fields))}]"

    @property
    def fields(self) -> tuple[int, int, int]:
        """classid, objid and objsubid of pg_locks."""
        if len(self.parts) == 1:
            return self.parts[0] >> 32 & 0xFFFFFFFF, self.parts[0] & 0xFFFFFFFF, 1
        first, second = (part & 0xFFFFFFFF for part in self.parts)
        return first, second, 2


@dataclass(slots=True, eq=False)
class _Waiter:
    owner: AdvisoryOwner
    mode: Mode
    granted: asyncio.Future[None]


@dataclass(slots=True)
class _Lock:
    """holders: how often each owner holds each mode."""

    holders: dict[AdvisoryOwner, Counter[Mode]] = field(default_factory=dict)
    waiters: list[_Waiter] = field(default_factory=list)

    def holds(self, owner: AdvisoryOwner, mode: Mode) -> bool:
        return owner in self.holders and self.holders[owner][mode] > 0

    def blockers(self, owner: AdvisoryOwner, mode: Mode, before: int) -> Iterator[AdvisoryOwner]:
        """Who is in the way of a request that stands behind the first ``before`` waiters."""
        if self.holds(owner, mode):
            return
        for other, modes in self.holders.items():
            if other is not owner and (mode is Mode.EXCLUSIVE or modes[Mode.EXCLUSIVE]):
                yield other
        for waiter in self.waiters[:before]:
            if waiter.owner is not owner and Mode.EXCLUSIVE in (mode, waiter.mode):
                yield waiter.owner

    def place(self, owner: AdvisoryOwner) -> int:
        """Where a new request queues: last, but those who hold the lock already go before all who wait for them."""
        return 0 if owner in self.holders else len(self.waiters)


class AdvisoryLocks:
    """The locks of one front."""

    def __init__(self) -> None:
        self._locks: dict[Key, _Lock] = {}
        self._waiting: dict[AdvisoryOwner, tuple[Key, _Waiter]] = {}

    def try_lock(self, owner: AdvisoryOwner, key: Key, mode: Mode) -> bool:
        """Raises 53200 when there are too many locks."""
        lock = self._lock(key)
        if any(lock.blockers(owner, mode, lock.place(owner))):
            return False
        lock.holders.setdefault(owner, Counter())[mode] += 1
        return True

    async def lock(self, owner: AdvisoryOwner, key: Key, mode: Mode, timeout_s: float | None) -> None:
        """Wait for it. When the wait is cancelled the lock is not held. Raises 40P01, 55P03, 53200."""
        if self.try_lock(owner, key, mode):
            return
        lock = self._lock(key)
        waiter = _Waiter(owner, mode, asyncio.get_running_loop().create_future())
        lock.waiters.insert(lock.place(owner), waiter)
        self._waiting[owner] = (key, waiter)
        try:
            self._refuse_deadlock(owner)
            async with asyncio.timeout(timeout_s):
                await waiter.granted
        except BaseException as error:
            if waiter.granted.done() and not waiter.granted.cancelled():
                self.unlock(owner, key, mode)
            elif waiter in lock.waiters:
                lock.waiters.remove(waiter)
                self._wake(key)
            if isinstance(error, TimeoutError):
                raise PgError(sqlstate.LOCK_NOT_AVAILABLE, "canceling statement due to lock timeout") from None
            raise
        finally:
            self._waiting.pop(owner, None)

    def unlock(self, owner: AdvisoryOwner, key: Key, mode: Mode) -> bool:
        """Give back one of the times it is held; False when it is not."""
        lock = self._locks.get(key)
        if lock is None or not lock.holds(owner, mode):
            return False
        held = lock.holders[owner]
        held[mode] -= 1
        if not held.total():
            del lock.holders[owner]
        self._wake(key)
        return True

    def rows(self, database: str) -> Iterator[tuple[Key, Mode, int, bool]]:
        """Key, mode, process ID and whether it is granted, of all that is held and waited for in a database."""
        for key, lock in self._locks.items():
            if key.database != database:
                continue
            for owner, modes in lock.holders.items():
                yield from ((key, mode, owner.pid, True) for mode, times in modes.items() if times)
            yield from ((key, waiter.mode, waiter.owner.pid, False) for waiter in lock.waiters)

    def blocking_pids(self, owner: AdvisoryOwner) -> list[int]:
        """Whom a session waits for now."""
        return sorted({other.pid for other in self._blockers_of(owner)})

    def owner_of(self, pid: int) -> AdvisoryOwner | None:
        """The waiting session of this process ID."""
        return next((owner for owner in self._waiting if owner.pid == pid), None)

    def _lock(self, key: Key) -> _Lock:
        lock = self._locks.get(key)
        if lock is None:
            if len(self._locks) >= LOCK_LIMIT:
                raise PgError(
                    sqlstate.OUT_OF_MEMORY,
                    "out of shared memory",
                    hint=f"At most {LOCK_LIMIT} advisory locks are held at a time.",
                )
            lock = self._locks[key] = _Lock()
        return lock

    def _wake(self, key: Key) -> None:
        """Grant what can be granted now, in the order of the queue."""
        lock = self._locks[key]
        place = 0
        while place < len(lock.waiters):
            waiter = lock.waiters[place]
            if waiter.granted.done() or any(lock.blockers(waiter.owner, waiter.mode, place)):
                place += 1
                continue
            del lock.waiters[place]
            lock.holders.setdefault(waiter.owner, Counter())[waiter.mode] += 1
            waiter.granted.set_result(None)
        if not lock.holders and not lock.waiters:
            del self._locks[key]

    def _blockers_of(self, owner: AdvisoryOwner) -> Iterator[AdvisoryOwner]:
        wait = self._waiting.get(owner)
        if wait is None:
            return
        key, waiter = wait
        lock = self._locks[key]
        if waiter in lock.waiters:
            yield from lock.blockers(owner, waiter.mode, lock.waiters.index(waiter))

    def _refuse_deadlock(self, owner: AdvisoryOwner) -> None:
        """A new wait closes a circle or none: raises 40P01 for it, unlike PostgreSQL without waiting deadlock_timeout."""
        circle = self._circle(owner)
        if circle is None:
            return
        lines = []
        for waiting, blocking in zip(circle, [*circle[1:], owner], strict=True):
            key, waiter = self._waiting[waiting]
            lines.append(f"Process {waiting.pid} waits for {waiter.mode.value} on {key}; blocked by process {blocking.pid}.")
        raise PgError(sqlstate.T_R_DEADLOCK_DETECTED, "deadlock detected", detail="\n".join(lines))

    def _circle(self, start: AdvisoryOwner) -> list[AdvisoryOwner] | None:
        """The sessions that wait for each other, from start back to it."""
        seen = {start}
        paths = [[start]]
        while paths:
            path = paths.pop()
            for blocker in self._blockers_of(path[-1]):
                if blocker is start:
                    return path
                if blocker not in seen:
                    seen.add(blocker)
                    paths.append([*path, blocker])
        return None


class AdvisoryOwner:
    """One session's advisory locks, a Participant of its transactions."""

    def __init__(self, locks: AdvisoryLocks, database: str, pid: int) -> None:
        self.pid = pid
        self.locks = locks
        self._database = database
        self._of_session: Counter[tuple[Key, Mode]] = Counter()
        self._of_transaction: list[tuple[Key, Mode]] = []  # in the order they were taken

    def key(self, parts: tuple[int, ...]) -> Key:
        return Key(self._database, parts)

    @property
    def pending(self) -> bool:
        return bool(self._of_transaction)

    @property
    def holds_session_locks(self) -> bool:
        return bool(self._of_session)

    async def lock(self, parts: tuple[int, ...], mode: Mode, transaction: bool, timeout_s: float | None = None) -> None:
        """Raises 40P01, 55P03, 53200."""
        key = self.key(parts)
        await self.locks.lock(self, key, mode, timeout_s)
        self._remember(key, mode, transaction)

    def try_lock(self, parts: tuple[int, ...], mode: Mode, transaction: bool) -> bool:
        key = self.key(parts)
        granted = self.locks.try_lock(self, key, mode)
        if granted:
            self._remember(key, mode, transaction)
        return granted

    def unlock(self, parts: tuple[int, ...], mode: Mode) -> bool:
        """Once, at session level; False when it is not held so."""
        held = (self.key(parts), mode)
        if not self._of_session[held]:
            del self._of_session[held]
            return False
        self._of_session[held] -= 1
        if not self._of_session[held]:
            del self._of_session[held]
        return self.locks.unlock(self, *held)

    def unlock_all(self) -> None:
        """All of the session level."""
        held, self._of_session = self._of_session, Counter()
        for (key, mode), times in held.items():
            for _ in range(times):
                self.locks.unlock(self, key, mode)

    def mark(self) -> int:
        return len(self._of_transaction)

    def rollback_to(self, mark: int) -> None:
        while len(self._of_transaction) > mark:
            self.locks.unlock(self, *self._of_transaction.pop())

    def end(self, committed: bool) -> None:
        self.rollback_to(0)

    def close(self) -> None:
        """The session is over."""
        self.end(False)
        self.unlock_all()

    def _remember(self, key: Key, mode: Mode, transaction: bool) -> None:
        if transaction:
            self._of_transaction.append((key, mode))
        else:
            self._of_session[key, mode] += 1


def not_owned(mode: Mode) -> PgError:
    """What pg_advisory_unlock() says beside false."""
    return PgError(sqlstate.WARNING, f"you don't own a lock of type {mode.value}", "WARNING")
