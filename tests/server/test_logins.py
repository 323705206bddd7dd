"""Passwords that IRIS has accepted: how long they count, and for whom."""

from __future__ import annotations

import pytest

from pgiris.errors import PgError
from pgiris.server.logins import Logins


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


class Worker:
    closed = False

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def logins(clock: Clock) -> Logins[Worker]:
    found: Logins[Worker] = Logins(60, clock)
    found.accepted("USER", "Alice", "wonder")
    return found


def test_an_accepted_password_counts_for_a_while(logins: Logins[Worker], clock: Clock) -> None:
    assert logins.knows("USER", "alice", "wonder")
    assert not logins.knows("USER", "alice", "Wonder")
    assert not logins.knows("SALES", "alice", "wonder")
    clock.now += 61
    assert not logins.knows("USER", "alice", "wonder")


def test_a_new_password_replaces_the_old_one(logins: Logins[Worker]) -> None:
    logins.accepted("USER", "alice", "land")
    assert not logins.knows("USER", "alice", "wonder")
    assert logins.password("USER", "ALICE") == "land"


def test_a_password_that_iris_refuses_later_is_asked_for_again(logins: Logins[Worker]) -> None:
    logins.forget("USER", "alice")
    assert not logins.knows("USER", "alice", "wonder")


def test_nobody_works_as_a_user_who_has_not_logged_in(logins: Logins[Worker]) -> None:
    with pytest.raises(PgError, match="has not logged in"):
        logins.password("USER", "bob")


def test_a_worker_waits_for_its_user_once(logins: Logins[Worker]) -> None:
    worker, left = Worker(), Worker()
    logins.keep("USER", "alice", worker)
    assert logins.take("USER", "alice") == [worker]
    assert logins.take("USER", "alice") == []
    logins.keep("USER", "alice", left)
    logins.close()
    assert (worker.closed, left.closed) == (False, True)


def test_passwords_are_not_shown(logins: Logins[Worker]) -> None:
    assert "wonder" not in repr(logins._logins)


def test_users_whom_nobody_needs_are_forgotten(logins: Logins[Worker], clock: Clock) -> None:
    worker = Worker()
    logins.keep("USER", "alice", worker)
    logins.retire(60, lambda _: False)
    clock.now += 61
    logins.retire(60, lambda key: key == ("USER", "ALICE"))
    assert logins.password("USER", "alice") == "wonder"
    logins.retire(60, lambda _: False)
    assert worker.closed
    with pytest.raises(PgError, match="has not logged in"):
        logins.password("USER", "alice")
