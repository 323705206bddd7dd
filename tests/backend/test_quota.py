"""Several pools share a number of workers: who has room, who gives way, who comes first."""

from __future__ import annotations

from dataclasses import dataclass, field

from pgiris.backend.quota import Quota


@dataclass
class Member:
    """A pool in numbers."""

    size: int = 0
    idle: int = 0
    waiting_since: float | None = None
    grown: int = 0
    asked: int = 0
    quota: Quota = field(default_factory=Quota)

    def drop_idle(self) -> bool:
        if not self.idle:
            return False
        self.idle -= 1
        self.size -= 1
        return True

    def grow(self) -> None:
        self.grown += 1

    def give_way(self) -> None:
        self.asked += 1


def together(limit: int, *members: Member) -> Quota:
    quota = Quota(limit)
    for member in members:
        quota.join(member)
    return quota


def test_without_a_limit_there_is_always_room() -> None:
    one = Member(size=1000)
    assert together(0, one).has_room(one)


def test_a_full_quota_takes_the_room_of_an_idle_worker_elsewhere() -> None:
    one, other = Member(size=2), Member(size=2, idle=1)
    quota = together(4, one, other)
    assert quota.has_room(one)
    assert (other.size, other.idle) == (1, 0)


def test_nobody_who_works_has_to_go() -> None:
    one, other = Member(size=2, idle=2), Member(size=2)
    quota = together(4, one, other)
    assert not quota.has_room(one)
    assert one.idle == 2


def test_a_free_worker_makes_room_when_somebody_waits_elsewhere() -> None:
    one, other = Member(size=4), Member(waiting_since=5.0)
    quota = together(4, one, other)
    assert quota.wanted_elsewhere(one)
    assert not together(5, one, other).wanted_elsewhere(one)


def test_whoever_has_waited_longest_gets_the_room() -> None:
    one, late, early = Member(size=3), Member(waiting_since=5.0), Member(waiting_since=4.0)
    together(4, one, late, early).freed()
    assert (late.grown, early.grown) == (0, 1)
