"""Notifications: LISTEN and NOTIFY between the sessions of one front.

In: channels and payloads while a transaction runs. Out: at its commit, Notification values in the queues of all sessions that
listen, which take them when they are idle. Fronts share nothing: a NOTIFY reaches only sessions of the same front and database.
PostgreSQL: sql-notify, sql-listen
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from pgiris import sqlstate
from pgiris.errors import PgError
from pgiris.sql.scanner import NAME_BYTES

PAYLOAD_BYTES = 7999  # PostgreSQL: src/backend/commands/async.c, NOTIFY_PAYLOAD_MAX_LENGTH
QUEUE_LIMIT = 1_000_000  # notifications that wait in all queues of a front


@dataclass(frozen=True, slots=True)
class Notification:
    """pid: of the session that sent it."""

    pid: int
    channel: str
    payload: str


class Hub:
    """Who listens to what, in one front."""

    def __init__(self) -> None:
        self.queued = 0  # notifications that wait in all queues
        self._listeners: dict[tuple[str, str], dict[Notifications, None]] = {}

    @property
    def usage(self) -> float:
        """pg_notification_queue_usage(): from 0 to 1."""
        return min(self.queued / QUEUE_LIMIT, 1.0)

    def listen(self, listener: Notifications, channel: str) -> None:
        self._listeners.setdefault((listener.database, channel), {})[listener] = None

    def unlisten(self, listener: Notifications, channel: str) -> None:
        listeners = self._listeners.get((listener.database, channel), {})
        listeners.pop(listener, None)
        if not listeners:
            self._listeners.pop((listener.database, channel), None)

    def send(self, sender: Notifications, channel: str, payload: str) -> None:
        notification = Notification(sender.pid, channel, payload)
        for listener in self._listeners.get((sender.database, channel), ()):
            listener.receive(notification, wake=listener is not sender)


class Notifications:
    """One session's part, a Participant of its transactions.

    on_arrival: called when another session's notification has arrived, whatever this session does at the time.
    """

    def __init__(self, hub: Hub, database: str, pid: int, on_arrival: Callable[[], None]) -> None:
        self.database = database
        self.pid = pid
        self.channels: dict[str, None] = {}  # in the order of their LISTEN
        self.pending = False
        self._hub = hub
        self._on_arrival = on_arrival
        self._queue: deque[Notification] = deque()
        self._listening: list[tuple[bool, str | None]] = []  # (listen, channel or all)
        self._sending: dict[tuple[str, str], None] = {}  # without duplicates, in order

    @property
    def queue_usage(self) -> float:
        """Of the whole front, from 0 to 1."""
        return self._hub.usage

    # In a transaction

    def listen(self, channel: str) -> None:
        self._listening.append((True, channel))
        self.pending = True

    def unlisten(self, channel: str | None) -> None:
        """None: all channels."""
        if channel is None or channel in self.channels or self._listening:
            self._listening.append((False, channel))
            self.pending = True

    def notify(self, channel: str, payload: str) -> None:
        """Raises 22023, 54000."""
        if not channel:
            raise PgError(sqlstate.INVALID_PARAMETER_VALUE, "channel name cannot be empty")
        if len(channel.encode()) > NAME_BYTES:
            raise PgError(sqlstate.INVALID_PARAMETER_VALUE, "channel name too long")
        if len(payload) > PAYLOAD_BYTES or len(payload.encode()) > PAYLOAD_BYTES:
            raise PgError(sqlstate.INVALID_PARAMETER_VALUE, "payload string too long")
        if self._hub.queued + len(self._sending) >= QUEUE_LIMIT:
            raise PgError(sqlstate.PROGRAM_LIMIT_EXCEEDED, "too many notifications in the NOTIFY queue")
        self._sending[channel, payload] = None
        self.pending = True

    def mark(self) -> tuple[int, int]:
        return len(self._listening), len(self._sending)

    def rollback_to(self, mark: tuple[int, int]) -> None:
        listening, sending = mark
        del self._listening[listening:]
        for key in list(self._sending)[sending:]:
            del self._sending[key]

    def end(self, committed: bool) -> None:
        self.pending = False
        listening, self._listening = self._listening, []
        sending, self._sending = self._sending, {}
        if not committed:
            return
        for listen, channel in listening:
            self._apply(listen, channel)
        for channel, payload in sending:
            self._hub.send(self, channel, payload)

    def _apply(self, listen: bool, channel: str | None) -> None:
        if channel is None:
            self.unlisten_all()
        elif listen:
            self.channels[channel] = None
            self._hub.listen(self, channel)
        elif channel in self.channels:
            del self.channels[channel]
            self._hub.unlisten(self, channel)

    # Outside of one

    def unlisten_all(self) -> None:
        """At once: UNLISTEN * at its commit, DISCARD ALL, the end of the session."""
        for channel in self.channels:
            self._hub.unlisten(self, channel)
        self.channels.clear()

    def receive(self, notification: Notification, wake: bool) -> None:
        self._queue.append(notification)
        self._hub.queued += 1
        if wake:
            self._on_arrival()

    def take(self) -> list[Notification]:
        """What the client is to be sent, to be asked when the session is idle and outside of a transaction block."""
        if not self._queue:
            return []
        taken = list(self._queue)
        self._queue.clear()
        self._hub.queued -= len(taken)
        return taken

    def close(self) -> None:
        """The session is over."""
        self.end(False)
        self.unlisten_all()
        self.take()
