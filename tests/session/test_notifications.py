"""Notifications: what reaches whom, and when."""

from __future__ import annotations

import pytest

from pgiris.errors import PgError
from pgiris.session import notifications
from pgiris.session.notifications import Hub, Notification, Notifications


class Party:
    """Sessions of one hub; woken counts the arrivals that a session was told of."""

    def __init__(self) -> None:
        self.hub = Hub()
        self.woken: list[int] = []

    def join(self, pid: int, database: str = "USER") -> Notifications:
        return Notifications(self.hub, database, pid, lambda: self.woken.append(pid))


def listening(party: Party, pid: int, *channels: str, database: str = "USER") -> Notifications:
    session = party.join(pid, database)
    for channel in channels:
        session.listen(channel)
    session.end(True)
    return session


def test_a_commit_delivers_to_all_listeners_and_wakes_the_others() -> None:
    party = Party()
    one, two = listening(party, 1, "a"), listening(party, 2, "a", "b")
    one.notify("a", "x")
    assert two.take() == []
    one.end(True)
    assert one.take() == two.take() == [Notification(1, "a", "x")]
    assert party.woken == [2]
    assert two.take() == []


def test_a_rollback_delivers_nothing_and_undoes_listen() -> None:
    party = Party()
    one, two = listening(party, 1, "a"), party.join(2)
    two.listen("a")
    two.notify("a", "")
    two.end(False)
    one.notify("a", "")
    one.end(True)
    assert (len(one.take()), two.take(), list(two.channels)) == (1, [], [])


def test_duplicates_in_one_transaction_are_one_notification() -> None:
    one = listening(Party(), 1, "a", "b")
    for channel, payload in (("a", "1"), ("b", "1"), ("a", "2"), ("a", "1")):
        one.notify(channel, payload)
    one.end(True)
    assert [(n.channel, n.payload) for n in one.take()] == [("a", "1"), ("b", "1"), ("a", "2")]


def test_listen_and_notify_in_one_transaction_meet() -> None:
    session = Party().join(1)
    session.notify("a", "x")
    session.listen("a")
    session.end(True)
    assert session.take() == [Notification(1, "a", "x")]


@pytest.mark.parametrize("channel", ["a", None])
def test_unlisten_takes_effect_at_commit(channel: str | None) -> None:
    party = Party()
    one, two = listening(party, 1, "a"), party.join(2)
    one.unlisten(channel)
    two.notify("a", "1")
    two.end(True)
    assert len(one.take()) == 1
    one.end(True)
    two.notify("a", "2")
    two.end(True)
    assert one.take() == []


def test_listen_then_unlisten_in_one_transaction_is_nothing() -> None:
    session = Party().join(1)
    session.listen("a")
    session.unlisten("a")
    session.end(True)
    assert not session.channels


def test_a_savepoint_takes_back_what_came_after_it() -> None:
    session = listening(Party(), 1, "a")
    session.notify("a", "kept")
    mark = session.mark()
    session.notify("a", "gone")
    session.notify("a", "kept")
    session.unlisten("a")
    session.rollback_to(mark)
    session.end(True)
    assert [n.payload for n in session.take()] == ["kept"]


def test_databases_do_not_hear_each_other() -> None:
    party = Party()
    one, other = listening(party, 1, "a"), listening(party, 2, "a", database="SAMPLES")
    one.notify("a", "x")
    one.end(True)
    assert other.take() == []


def test_a_session_that_is_over_hears_nothing_and_leaves_nothing() -> None:
    party = Party()
    one, two = listening(party, 1, "a"), listening(party, 2, "a")
    one.notify("a", "x")
    one.end(True)
    two.close()
    one.take()
    one.notify("a", "y")
    one.end(True)
    assert two.take() == []
    one.close()
    assert (party.hub.queued, party.hub._listeners) == (0, {})


LIMITS = [
    ("", "x", "channel name cannot be empty"),
    ("c" * 64, "x", "channel name too long"),
    ("c" * 63, "x" * 8000, "payload string too long"),
    ("c", "ä" * 4000, "payload string too long"),
]


@pytest.mark.parametrize(("channel", "payload", "message"), LIMITS)
def test_channels_and_payloads_have_limits(channel: str, payload: str, message: str) -> None:
    session = Party().join(1)
    with pytest.raises(PgError, match=message) as caught:
        session.notify(channel, payload)
    assert caught.value.code == "22023"
    session.notify("c" * 63, "x" * 7999)


def test_a_full_queue_refuses_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notifications, "QUEUE_LIMIT", 2)
    session = listening(Party(), 1, "a")
    session.notify("a", "1")
    session.notify("a", "2")
    with pytest.raises(PgError, match="too many notifications in the NOTIFY queue"):
        session.notify("a", "3")
    session.end(True)
    assert session.queue_usage == 1.0
    session.take()
    assert session.queue_usage == 0.0
