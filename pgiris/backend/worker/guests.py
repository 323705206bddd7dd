"""Guests: clients whose sockets the front has lent to this worker, which answers their reads, changes and transactions itself.

In: sockets, and recipes that say what a guest's batches mean. Out: answers, straight to the client; and the guest, given back to
the front, as soon as it wants anything else. Two threads meet here: the worker's, which serves, and that of the second socket
pair, which takes guests away while the worker may be busy with one of them.
"""

from __future__ import annotations

import mmap
import select
import socket
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import monotonic

from pgiris.backend.worker import frames
from pgiris.observe.metrics import STATEMENT_SECONDS, Histogram
from pgiris.sql.lift import lift
from pgiris.wire.cut import Cut, Pattern, cut, query_text
from pgiris.wire.messages import command_complete, ready_for_query

RECEIVE_BYTES = 65536
TALLY_S = 0.5  # how often the front hears what was answered
SHORT_S = 0.01  # who asks for more than this is the front's again, which has other workers
SHORT_CHANGE_S = 0.2  # the same of changes, which may have waited for one another

# A guest's byte in the host's memory: how much of a request is lost when the worker ends at this moment.
IDLE, RECEIVING, RUNNING, SENDING = range(4)
IN_BLOCK = 8  # added to it while the guest is in a transaction block
BEAT = 0  # the place of a byte that grows with each answer

_PARSE, _QUERY = b"PQ"
_READY, _READY_IN_BLOCK = ready_for_query(b"I"), ready_for_query(b"T")
BLOCK_S = 0.1  # who is in a transaction block for longer has the worker for itself
THINKING_S = 0.05  # who asks for nothing for so long in one is the front's again, which gets the worker too


class Unfinished(Exception):
    """Further rows than these are left for the front to fetch."""

    def __init__(self, rows: bytes, count: int) -> None:
        self.rows = rows
        self.count = count


class Broken(Exception):
    """A read has failed."""

    def __init__(self, failed: frames.Failed) -> None:
        self.failed = failed


Values = Sequence[bytes | None]
# (guest's serial, its values, the time of its transaction block) -> DataRow messages, and how many. Raises Unfinished, Broken
Read = Callable[[int, Values, datetime | None], tuple[bytes, int]]
# begin, commit or rollback, and of which isolation. Raises Broken
Transact = Callable[[str, str], None]


@dataclass(slots=True, eq=False)
class Known:
    """A recipe, and what it was used for since the last Tally. ends: of its answers, by number of rows and whether they stand
    in a block."""

    recipe: frames.Recipe
    pattern: Pattern | None  # None for a Query
    read: Read | None = None  # made when it is first used, and anew when the worker's configuration has changed
    ends: dict[tuple[int, bool], bytes] = field(default_factory=dict)
    rows: int = 0
    seconds: list[float] = field(default_factory=list)

    def end(self, rows: int, in_block: bool) -> bytes:
        ready = _READY_IN_BLOCK if in_block else _READY
        found = self.ends[rows, in_block] = command_complete(self.recipe.tag.format(rows)) + ready
        return found


@dataclass(slots=True)
class Block:
    """A guest's transaction block. since: on the monotonic clock. moment: its time. begun: on the backend too."""

    since: float
    moment: datetime
    begun: bool = False


class Table:
    """What batches mean: those that bind values, and Queries, which carry them in their text."""

    def __init__(self) -> None:
        self._bound: dict[tuple[bytes, bytes], Known] = {}
        self._queries: dict[str, tuple[tuple[int, ...], dict[tuple[str, ...], tuple[Known, frames.QueryBatch]]]] = {}
        self._texts: dict[str, Known] = {}

    def learn(self, batch: frames.BoundBatch | frames.QueryBatch, recipe: frames.Recipe) -> None:
        if isinstance(batch, frames.BoundBatch):
            key = (batch.before, batch.after)
            self._bound[key] = Known(recipe, Pattern(batch.before, batch.after, batch.bound))
        elif batch.lifted:
            pinned, known = self._queries.get(batch.text, ((), {}))
            if pinned != batch.pinned:
                known = {}
            known[batch.fixed] = (Known(recipe, None), batch)
            self._queries[batch.text] = (batch.pinned, known)
        else:
            self._texts[batch.text] = Known(recipe, None)

    def bound(self, found: Cut) -> Known | None:
        known = self._bound.get((found.before, found.after))
        return known if known is not None and known.pattern is not None and known.pattern.bound == found.bound else None

    def query(self, text: str) -> tuple[Known, Values] | None:
        lifted = lift(text)
        if lifted is None:
            known = self._texts.get(text)
            return None if known is None else (known, ())
        literals = lifted.literals
        pinned, kept = self._queries.get(lifted.template, _NOTHING)
        found = kept.get(tuple([literals[index] for index in pinned]))
        if found is None:
            return None
        known, batch = found
        return known, [literals[value].encode() if type(value) is int else value for value in batch.values]  # type: ignore[misc]

    def forget(self, statement: int) -> None:
        self._bound = {key: known for key, known in self._bound.items() if known.recipe.statement != statement}
        self._texts = {key: known for key, known in self._texts.items() if known.recipe.statement != statement}
        for _, kept in self._queries.values():
            for fixed in [fixed for fixed, (known, _) in kept.items() if known.recipe.statement == statement]:
                del kept[fixed]

    def renew(self) -> None:
        queries = [known for _, kept in self._queries.values() for known, _ in kept.values()]
        for known in (*self._bound.values(), *self._texts.values(), *queries):
            known.read = None


_NOTHING: tuple[tuple[int, ...], dict[tuple[str, ...], tuple[Known, frames.QueryBatch]]] = ((), {})


@dataclass(slots=True, eq=False)
class Guest:
    serial: int
    sock: socket.socket
    place: int
    changes: bool
    tables: tuple[int, int]
    isolation: str = ""
    block: Block | None = None
    mark: int = 0  # IN_BLOCK or nothing
    usual: Known | None = None  # what it sent last
    busy: bool = False
    recalled: bool = False
    count: int = 0
    last: int = 0
    unnamed: int = 0
    query: bytes = b""  # the last batch, if it was a Query


class Guests:
    """reader: makes what runs a recipe. send: a frame to the front. transact: takes transaction actions.

    A guest in a transaction block is the owner: the others wait until it has ended, and leave when that takes long.
    """

    def __init__(
        self,
        channel: socket.socket,
        send: Callable[[frames.Reply], None],
        reader: Callable[[frames.Recipe], Read],
        transact: Transact,
    ) -> None:
        self._channel = channel
        self._send = send
        self._reader = reader
        self._transact = transact
        self._owner: Guest | None = None
        self._taken = False  # by the session of the last owner: there are to be no guests
        self._unfinished = False  # the front has yet to fetch rows: nobody may begin a block
        self._lock = threading.RLock()  # held by whoever takes from, or gives up, a guest's socket
        self._arrival = threading.Condition(self._lock)
        self._arrived: dict[int, socket.socket | None] = {}  # not admitted yet; None: recalled before it was
        self._guests: dict[int, Guest] = {}  # by descriptor
        self._tables: dict[int, Table] = {}
        self._used: list[Known] = []  # since the last Tally
        self._received = self._sent = 0
        self._tallied = monotonic()
        self._memory: mmap.mmap
        self._poll: select.epoll | None = None
        self._own: select.epoll  # the channel and the owner

    # What the second thread does

    def remember(self, descriptor: int) -> None:
        self._memory = mmap.mmap(descriptor, 0)
        self._taken = self._unfinished = False

    def arrive(self, serial: int, sock: socket.socket) -> None:
        with self._arrival:
            self._arrived[serial] = sock
            self._arrival.notify()

    def recall(self, serial: int) -> None:
        """Give a guest back now, or after the answer that is under way."""
        with self._lock:
            waiting = self._arrived.get(serial)
            if waiting is not None:
                self._arrived[serial] = None
                waiting.close()
                self._send(frames.GaveBack(serial, 0, 0))
                return
            guest = next((guest for guest in self._guests.values() if guest.serial == serial), None)
            if guest is None:
                return
            guest.recalled = True
            if not guest.busy:
                self._give_back(guest)

    # What the front tells

    def learn(self, request: frames.Learn) -> None:
        table = self._tables.get(request.table)
        if table is None:
            table = self._tables[request.table] = Table()
        table.learn(request.batch, request.recipe)

    def unlearn(self, request: frames.Unlearn) -> None:
        self.tally()  # the front still knows its recipes
        self._tables.pop(request.table, None)

    def forget(self, statement: int) -> None:
        """The worker does not know a statement any more."""
        for table in self._tables.values():
            table.forget(statement)
        for guest in self._guests.values():
            guest.usual = None

    def renew(self) -> None:
        """The worker's configuration has changed."""
        for table in self._tables.values():
            table.renew()

    def admit(self, request: frames.Admit) -> None:
        with self._arrival:
            self._arrival.wait_for(lambda: request.serial in self._arrived)
            sock = self._arrived.pop(request.serial)
            if sock is None:
                return
            if self._poll is None:
                self._poll, self._own = select.epoll(), select.epoll()
                for poll in (self._poll, self._own):
                    poll.register(self._channel.fileno(), select.EPOLLIN)
            guest = Guest(request.serial, sock, request.place, request.changes, request.tables, request.isolation)
            self._guests[sock.fileno()] = guest
            self._poll.register(sock.fileno(), select.EPOLLIN)
            if self._taken:
                self._give_back(guest)

    # Serving

    def serve(self) -> None:
        """Answer guests, if there are any, until the front has sent something."""
        if self._poll is None:
            return
        channel = self._channel.fileno()
        called = False
        while not called:
            for descriptor, _ in self._ready(self._poll):
                if descriptor == channel:
                    called = True
                elif self._owner is None or self._owner.sock.fileno() == descriptor:
                    self._attend(descriptor)
            if self._used and monotonic() - self._tallied > TALLY_S:
                self.tally()

    def _ready(self, poll: select.epoll) -> list[tuple[int, int]]:
        owner = self._owner
        if owner is None:
            return poll.poll(TALLY_S if self._used else None)
        found = self._own.poll(THINKING_S)
        if not found:
            with self._lock:
                if self._owner is owner:
                    self._give_back(owner)
        return found

    def _attend(self, descriptor: int) -> None:
        memory = self._memory
        with self._lock:
            guest = self._guests.get(descriptor)
            if guest is None:  # recalled meanwhile
                return
            place = guest.place
            memory[place] = RECEIVING | guest.mark
            try:
                data = guest.sock.recv(RECEIVE_BYTES)
            except BlockingIOError:
                memory[place] = IDLE | guest.mark
                return
            except OSError:
                data = b""
            guest.busy = True
        memory[place] = RUNNING | guest.mark
        self._received += len(data)
        values: Values | None
        usual = guest.usual
        if usual is None or usual.pattern is None or (values := usual.pattern.values(data)) is None:
            found = self._look_up(guest, data)
            if found is None or (found[0].recipe.changes and not guest.changes):
                # also when the client has closed, which the front finds too
                self._give_back(guest, unread=data)
                return
            usual, values = found
            guest.usual = usual
        recipe = usual.recipe
        began = monotonic()
        try:
            if recipe.does:
                if not self._obey(guest, recipe.does):
                    self._give_back(guest, unread=data)
                    return
                rows, count = b"", 0
            else:
                block = guest.block
                if block is not None and not block.begun:
                    self._transact("begin", guest.isolation)
                    block.begun = True
                read = usual.read or self._prepare(usual)
                rows, count = read(guest.serial, values, None if block is None else block.moment)
        except Unfinished as unfinished:
            self._unfinished = True
            self._note(guest, data, recipe)
            self._give_back(guest, unsent=recipe.head + unfinished.rows, rows=unfinished.count)
            return
        except Broken as broken:
            self._break(guest, data, recipe, broken.failed)
            return
        seconds = monotonic() - began
        if not usual.seconds:
            self._used.append(usual)
        usual.seconds.append(seconds)
        usual.rows += count
        guest.count += 1
        self._note(guest, data, recipe)
        in_block = guest.block is not None
        end = usual.ends.get((count, in_block)) or usual.end(count, in_block)
        limit_s = SHORT_CHANGE_S if recipe.changes or in_block else SHORT_S
        self._answer(guest, recipe.head + rows + end, seconds, limit_s)

    def _obey(self, guest: Guest, does: str) -> bool:
        """Begin or end a guest's block; False when that is for the front. Raises Broken."""
        block = guest.block
        if does == "begin":
            if block is not None or not guest.isolation or self._unfinished:
                return False
            guest.block, guest.mark, self._owner = Block(monotonic(), datetime.now(UTC)), IN_BLOCK, guest
            self._own.register(guest.sock.fileno(), select.EPOLLIN)
            return True
        if block is None:
            return False
        self._disown(guest)
        if block.begun:
            self._transact(does, "")
        return True

    def _disown(self, guest: Guest) -> None:
        guest.block, guest.mark, self._owner = None, 0, None
        self._own.unregister(guest.sock.fileno())

    def _look_up(self, guest: Guest, data: bytes) -> tuple[Known, Values] | None:
        own, shared = guest.tables
        if data[:1] == b"Q":
            table = self._tables.get(shared)
            text = query_text(data)
            return None if table is None or text is None else table.query(text)
        found = cut(data) if data else None
        if found is None:
            return None
        table = self._tables.get(shared if data[0] == _PARSE else own)
        known = None if table is None else table.bound(found)
        return None if known is None else (known, found.values)

    def _prepare(self, known: Known) -> Read:
        read = known.read = self._reader(known.recipe)
        return read

    @staticmethod
    def _note(guest: Guest, data: bytes, recipe: frames.Recipe) -> None:
        guest.last = recipe.number
        if data[0] == _PARSE:
            guest.unnamed = recipe.number
        elif data[0] == _QUERY:
            guest.unnamed = -1
            guest.query = data
            return
        guest.query = b""

    def _break(self, guest: Guest, data: bytes, recipe: frames.Recipe, failed: frames.Failed) -> None:
        if failed.early:  # nothing has happened, and the front words such errors
            self._give_back(guest, unread=data)
            return
        self._note(guest, data, recipe)
        self._give_back(guest, failed=failed)
        if failed.lost:
            self.give_back_all()
            raise EOFError

    def _answer(self, guest: Guest, data: bytes, seconds: float, limit_s: float) -> None:
        memory, place = self._memory, guest.place
        memory[place] = SENDING | guest.mark
        try:
            sent = guest.sock.send(data)
        except BlockingIOError:
            sent = 0
        except OSError:
            sent = len(data)  # nobody is there to read it
        self._sent += sent
        memory[BEAT] = (memory[BEAT] + 1) & 0xFF
        memory[place] = IDLE | guest.mark
        if sent < len(data):
            self._give_back(guest, unsent=data[sent:])
            return
        guest.busy = False
        if guest.recalled or seconds > limit_s:
            with self._lock:
                self._give_back(guest)
        elif guest.block is not None and len(self._guests) > 1 and monotonic() - guest.block.since > BLOCK_S:
            self._give_back_others(guest)

    def _give_back_others(self, guest: Guest) -> None:
        with self._lock:
            for other in [other for other in self._guests.values() if other is not guest]:
                self._give_back(other)

    def _give_back(
        self, guest: Guest, unread: bytes = b"", unsent: bytes = b"", failed: frames.Failed | None = None, rows: int | None = None
    ) -> None:
        """Under the lock, or while the guest is busy: so that no other thread does the same."""
        if self._guests.pop(guest.sock.fileno(), None) is None:
            return
        assert self._poll is not None
        block_s, begun = None, False
        if guest.block is not None:
            block_s, begun = monotonic() - guest.block.since, guest.block.begun
            self._disown(guest)
        if begun:
            self._taken = True
            self._give_back_others(guest)
        self._poll.unregister(guest.sock.fileno())  # the front has the socket too, so that to close it would not do
        guest.sock.close()
        if guest.busy:
            self.tally()
        query = query_text(guest.query) or ""
        how = (unread, unsent, failed, rows, query)
        self._send(frames.GaveBack(guest.serial, guest.count, guest.last, guest.unnamed, *how, block_s, begun))
        self._memory[guest.place] = IDLE

    def give_back_all(self) -> None:
        """The backend session is lost: others may serve them."""
        with self._lock:
            for guest in tuple(self._guests.values()):
                self._give_back(guest)

    def tally(self) -> None:
        """Tell the front what was answered."""
        if not self._used:
            return
        durations = Histogram(STATEMENT_SECONDS)
        served = []
        for known in self._used:
            recipe, seconds = known.recipe, known.seconds
            served.append(frames.Served(recipe.number, recipe.command, len(seconds), known.rows, sum(seconds), max(seconds)))
            for each in seconds:
                durations.observe(each)
            known.rows = 0
            seconds.clear()
        self._used.clear()
        self._send(frames.Tally(tuple(served), tuple(durations.counts), durations.total, self._received, self._sent))
        self._received = self._sent = 0
        self._tallied = monotonic()
