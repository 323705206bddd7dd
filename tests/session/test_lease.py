"""A lease whose transaction cannot be ended gives its worker to nobody."""

import asyncio

import pytest

from pgiris.backend.worker import frames
from pgiris.backend.worker.frames import ActionFrame
from pgiris.errors import PgError
from pgiris.session.lease import Lease


class FakeLink:
    lost = False
    next_exchange = None

    def __init__(self, fails: bool) -> None:
        self._fails = fails

    def next_serial(self) -> int:
        return 1

    async def request(self, request: frames.Frame) -> frames.Reply:
        if self._fails:
            raise PgError("XX000", "disk full")
        return frames.Done()


class FakePool:
    def __init__(self, link: FakeLink) -> None:
        self.link = link
        self.discarded: list[FakeLink] = []

    def lease_idle(self) -> FakeLink:
        return self.link

    def discard(self, link: FakeLink) -> None:
        self.discarded.append(link)


class FakeDatabase:
    def __init__(self, link: FakeLink) -> None:
        self.pool = FakePool(link)


def transact(action: str, fails: bool) -> Lease:
    lease = Lease(FakeDatabase(FakeLink(fails)), None, 4, 1)  # type: ignore[arg-type]
    lease.take_idle()
    lease.in_transaction = True
    try:
        asyncio.run(lease.transact((ActionFrame(action),)))
    except PgError:
        assert fails
    return lease


@pytest.mark.parametrize("action", ["commit", "rollback"])
def test_a_worker_whose_transaction_may_still_be_open_is_discarded(action: str) -> None:
    lease = transact(action, fails=True)
    assert lease.link is None and not lease.in_transaction
    assert len(lease.database.pool.discarded) == 1  # type: ignore[attr-defined]


def test_a_savepoint_that_fails_leaves_the_transaction_to_its_session() -> None:
    lease = transact("rollback_to", fails=True)
    assert lease.link is not None and lease.in_transaction


@pytest.mark.parametrize("action", ["commit", "rollback"])
def test_a_transaction_that_ended_keeps_the_worker(action: str) -> None:
    lease = transact(action, fails=False)
    assert lease.link is not None and not lease.in_transaction
