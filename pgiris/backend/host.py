"""Host: a worker that answers clients itself, whose sockets were lent to it: the short way past the front.

A batch that a guest sends is one process's work instead of two, and no frames. Whatever a guest sends besides batches that are
known as short reads or changes makes the worker give it back, and so does whatever the front wants of it. A host shares memory
with its worker (worker/guests.py), so that it knows what each guest is at, even when the worker is stuck or has ended.
"""

from __future__ import annotations

import asyncio
import mmap
import os
import select
import tempfile
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Protocol

from pgiris.backend.pool import Pool
from pgiris.backend.worker import frames
from pgiris.backend.worker.guests import BEAT, IDLE, IN_BLOCK, RUNNING
from pgiris.backend.worker.link import Link
from pgiris.errors import PgError
from pgiris.observe.log import get_logger
from pgiris.types.codec import Context

log = get_logger("backend")

PLACES = 256  # bytes of a host's memory: one for each guest, besides the first
CROWD = 4  # guests, then another worker becomes a host, if there may be one more
MOST_RECIPES = 10_000  # then a host takes no more guests
PATIENCE_S = 0.02  # how long guests wait for one whose read is not short
LONG_CHANGE_S = 0.1  # the same for one that changes data, which may wait for others
LAZY_S = 0.32  # how often idle hosts are looked at
HUNG_UP_S = 2.0  # a client that has closed its side is answered for so long
UNUSED_S = 5.0  # then an idle host's worker is the pool's again
EMPTY_S = 0.1  # how long it may take until guests are back that are not in a long read
PAUSE_S = 1.0  # without new hosts, after somebody had to wait for a worker

available = hasattr(select, "epoll")


class Read(Protocol):
    """What a batch is to whoever lends. text: of its statement."""

    @property
    def text(self) -> str: ...

    def served(self, served: frames.Served) -> None:
        """It was answered by a worker."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Batches that a worker may answer, and how. own: they use a statement of their session by name. define: as Resolved."""

    key: Hashable
    own: bool
    batch: frames.BoundBatch | frames.QueryBatch
    recipe: frames.Recipe
    define: bytes
    read: Read


@dataclass(frozen=True, slots=True)
class Back:
    """A guest is the front's again; the fields are GaveBack's. query: the text that was answered last.

    lost: what the worker was at with it when it ended.
    """

    query: str = ""
    last: Batch | None = None
    unnamed: Batch | None = None
    unnamed_dropped: bool = False
    count: int = 0
    unread: bytes = b""
    unsent: bytes = b""
    failed: frames.Failed | None = None
    rows: int | None = None
    block_s: float | None = None
    begun: bool = False
    lost: int | None = None


@dataclass(frozen=True, slots=True)
class Rights:
    """Of a guest. changes: it may change data. isolation: of its transaction blocks; empty when it may not begin any."""

    changes: bool
    isolation: str


@dataclass(slots=True, eq=False)
class Stay:
    """A guest as the front sees it. on_back: called once."""

    host: Host
    descriptor: int
    serial: int
    place: int
    batches: tuple[int, ...]  # of its own table, which has its serial for a number
    on_back: Callable[[Back], None]

    def recall(self) -> None:
        """Have it given back, after the answer that is under way."""
        self.host.recall(self)

    def interrupt(self) -> None:
        """Stop the read that runs, if one does."""
        self.host.link.interrupt(self.serial)

    @property
    def is_served(self) -> bool:
        """Whether a read of it runs now."""
        return self.host.state(self) == RUNNING


class Host:
    """One worker of the pool. on_free: called when it has no guests any more and no request is under way."""

    def __init__(self, link: Link, on_free: Callable[[Host], None], on_tally: Callable[[frames.Tally], None]) -> None:
        self.link = link
        self.is_closing = False
        self.is_taken = False  # its worker has become a session's own
        self.changes = False  # it has had guests that change data
        self.idle_s = 0.0
        self._on_free = on_free
        self._on_tally = on_tally
        self._stays: dict[int, Stay] = {}
        self._places = list(range(1, PLACES))
        self._realms: dict[int, tuple[object, int]] = {}  # by identity: the realm, which it keeps alive, and its table
        self._taught: set[tuple[int, Hashable]] = set()
        self._batches: dict[int, Batch] = {}  # by number of their recipe
        self._beat = 0
        self._suspect: Stay | None = None
        self._stuck_s = 0.0
        self._unasked: list[Stay] = []  # whom to recall when the worker has listened
        with tempfile.TemporaryFile() as file:
            os.ftruncate(file.fileno(), PLACES)
            self._memory = mmap.mmap(file.fileno(), PLACES)
            self._reached = link.call(frames.Remember(), file.fileno())
        link.guests = self
        link.on_rest = self._rested

    def __len__(self) -> int:
        return len(self._stays)

    @property
    def has_room(self) -> bool:
        return self._reached and bool(self._places) and not self.is_closing and len(self._batches) < MOST_RECIPES

    def state(self, stay: Stay) -> int:
        return self._memory[stay.place] & ~IN_BLOCK

    def admit(
        self, descriptor: int, realm: object, batches: Iterable[Batch], rights: Rights, on_back: Callable[[Back], None]
    ) -> Stay | None:
        """Lend a client's socket. realm: the same object for sessions whose batches mean the same. rights: what it may do."""
        link = self.link
        serial = link.next_serial()
        if not link.call(frames.Arrive(serial), descriptor):
            return None
        shared = self._realm_table(realm)
        own: list[int] = []
        data: list[bytes] = []
        for batch in batches:
            define = link.introduce(batch.recipe.statement, batch.define) if batch.define else b""
            key = (shared, batch.key)
            if not define and not batch.own and key in self._taught:
                continue
            number = batch.recipe.number
            self._batches[number] = batch
            if batch.own:
                own.append(number)
            else:
                self._taught.add(key)
            table = serial if batch.own else shared
            data += (define, frames.encode(frames.Learn(table, batch.batch, batch.recipe)))
        place = self._places.pop()
        self._memory[place] = IDLE
        data.append(frames.encode(frames.Admit(serial, place, rights.changes, (serial, shared), rights.isolation)))
        link.send_bytes(b"".join(data))
        stay = self._stays[serial] = Stay(self, descriptor, serial, place, tuple(own), on_back)
        return stay

    def _realm_table(self, realm: object) -> int:
        found = self._realms.get(id(realm))
        if found is None:
            found = self._realms[id(realm)] = (realm, self.link.next_serial())
        return found[1]

    def recall(self, stay: Stay) -> None:
        if not self.link.call(frames.Recall(stay.serial)):
            self._unasked.append(stay)

    def close(self) -> None:
        """Take no more guests, and have those that are there given back."""
        self.is_closing = True
        for stay in self._stays.values():
            self.recall(stay)
        if self.link.next_exchange is None and self.link.on_rest is not None:
            self._rested(self.link)

    def look(self, passed_s: float) -> bool:
        """Whether it is busy. Guests leave one that has been at the same read since the last look, and one that is not used."""
        unasked, self._unasked = self._unasked, []
        for stay in unasked:
            self.recall(stay)
        beat, running = self._memory[BEAT], None
        if beat == self._beat:
            running = next((stay for stay in self._stays.values() if stay.is_served), None)
        busy = beat != self._beat or running is not None
        self.idle_s = 0.0 if busy else self.idle_s + passed_s
        if running is not None and running is self._suspect:
            self._stuck(running, passed_s)
        else:
            self._stuck_s = 0.0
            if self.idle_s > UNUSED_S and not self.is_closing:
                self.close()
        self._beat, self._suspect = beat, running
        return busy

    def _stuck(self, stay: Stay, passed_s: float) -> None:
        """The others leave; a read that its client does not wait for any more is stopped."""
        self._stuck_s += passed_s
        if not self.is_closing and self._stuck_s > (LONG_CHANGE_S if self.changes else 0):
            self.close()
        if self._stuck_s > HUNG_UP_S:
            self._stuck_s = 0.0
            poll = select.poll()
            poll.register(stay.descriptor, select.POLLRDHUP)
            if poll.poll(0):
                stay.interrupt()

    # What the worker says

    def took(self, reply: frames.Reply) -> None:
        if isinstance(reply, frames.Tally):
            for served in reply.served:
                batch = self._batches.get(served.recipe)
                if batch is not None:
                    batch.read.served(served)
            self._on_tally(reply)
        else:
            assert isinstance(reply, frames.GaveBack)
            stay = self._stays.pop(reply.serial)
            last, unnamed = self._batches.get(reply.last), self._batches.get(reply.unnamed)
            self._leave(stay)
            self.link.send(frames.Unlearn(stay.serial))
            dropped = reply.unnamed < 0
            query = reply.query or (last.read.text if last is not None else "")
            if reply.begun:
                self._hand_over()
            answer = (reply.unread, reply.unsent, reply.failed, reply.rows, reply.block_s, reply.begun)
            stay.on_back(Back(query, last, unnamed, dropped, reply.count, *answer))

    def lost(self) -> None:
        """The worker has ended."""
        self.is_closing = True
        while self._stays:
            _, stay = self._stays.popitem()
            state = self._memory[stay.place]
            self._leave(stay)
            stay.on_back(Back(lost=state))

    def _leave(self, stay: Stay) -> None:
        self._places.append(stay.place)
        for number in stay.batches:
            self._batches.pop(number, None)

    def _rested(self, link: Link) -> None:
        if not self._stays:
            self._resign()

    def _hand_over(self) -> None:
        """The worker is the session's whose transaction it holds; guests that have just been lent come back at once."""
        self.is_closing = self.is_taken = True
        self._resign()

    def _resign(self) -> None:
        self.link.on_rest = None
        self.link.send(*(frames.Unlearn(table) for _, table in self._realms.values()))
        self._on_free(self)


class Hosts:
    """The hosts of one pool. They give way to whoever has to wait for a worker.

    one_writer: changes of two workers wait for one another, so that those of one are faster.
    """

    def __init__(self, pool: Pool, on_tally: Callable[[frames.Tally], None], one_writer: bool = False) -> None:
        self._pool = pool
        self._one_writer = one_writer
        self._on_tally = on_tally
        self._hosts: list[Host] = []
        self._most = min(os.cpu_count() or 1, pool.limit // 2)
        self._timer: asyncio.TimerHandle | None = None
        self._opening: asyncio.Task[None] | None = None
        self._not_before = 0.0
        self._emptied: list[asyncio.Future[None]] = []
        pool.on_shortage = self._give_way

    def host(self, context: Context, lock_timeout_s: float | None, changes: bool) -> Host | None:
        """One that writes values so and has room; None when there is none, or none yet. changes: for who changes data."""
        fitting = [host for host in self._hosts if host.has_room and host.link.suits(context, lock_timeout_s)]
        if changes and self._one_writer and (writer := next((host for host in fitting if host.changes), None)) is not None:
            return writer
        if self._one_writer:  # so that reads do not wait for transactions
            fitting = [host for host in fitting if not host.changes] or (fitting if len(self._hosts) >= self._most else [])
        best = min(fitting, key=len, default=None)
        if (best is None or len(best) >= CROWD) and len(self._hosts) < self._most and self._opening is None and available:
            loop = asyncio.get_running_loop()
            if loop.time() >= self._not_before:
                self._opening = loop.create_task(self._open(context, lock_timeout_s))
        return best

    async def _open(self, context: Context, lock_timeout_s: float | None) -> None:
        awaited = asyncio.ensure_future(self._pool.lease())
        try:
            link = await awaited
        except PgError as error:
            log.debug("no worker to lend clients to", reason=error.message)
            self._pause()
            return
        except asyncio.CancelledError:
            self._pool.abandon(awaited)
            raise
        finally:
            self._opening = None
        link.configure(context, lock_timeout_s)
        self._hosts.append(Host(link, self._freed, self._on_tally))
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(PATIENCE_S, self._look, PATIENCE_S)

    def stop(self) -> None:
        """The pool is about to be closed."""
        if self._opening is not None:
            self._opening.cancel()
        if self._timer is not None:
            self._timer.cancel()

    def close(self) -> None:
        """Have all guests given back."""
        for host in tuple(self._hosts):
            host.close()

    @property
    def guests(self) -> int:
        return sum(map(len, self._hosts))

    async def empty(self) -> None:
        """Have all guests given back: those whose reads are short at once, which is waited for."""
        if not self._hosts:
            return
        emptied: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._emptied.append(emptied)
        self.close()
        await asyncio.wait((emptied,), timeout=EMPTY_S)

    def _give_way(self) -> None:
        """Somebody waits for a worker and is not likely to get one soon."""
        self._pause()
        open_ones = [host for host in self._hosts if not host.is_closing]
        if open_ones:
            min(open_ones, key=len).close()

    def _pause(self) -> None:
        self._not_before = asyncio.get_running_loop().time() + PAUSE_S

    def _freed(self, host: Host) -> None:
        self._hosts.remove(host)
        if not host.is_taken:
            self._pool.release(host.link)
        if not self._hosts:
            for emptied in self._emptied:
                if not emptied.done():
                    emptied.set_result(None)
            self._emptied.clear()

    def _look(self, passed_s: float) -> None:
        self._timer = None
        busy = [host.look(passed_s) for host in tuple(self._hosts)]
        if self._hosts:
            next_s = PATIENCE_S if any(busy) else min(passed_s * 2, LAZY_S)
            self._timer = asyncio.get_running_loop().call_later(next_s, self._look, next_s)
