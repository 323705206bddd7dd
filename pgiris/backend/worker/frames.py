"""Frames: what front and worker say to each other over a Unix socket pair.

A frame is its length (4 bytes, big endian) and one MessagePack array: the tag, then the fields in the order given here.
Requests are served one at a time and answered in order; a request's last answer is Done, Described, Complete, Suspended, Failed,
Metadata, Schema, Measured or Kept; Called, Blocks and Wanted may come before it. Credit has no answer. CopyIn is followed by its
data: CopyChunks, each answered by CopyTaken, and CopyEnd or CopyBroken; what still comes of them after Failed is dropped. Another
front or worker may speak this protocol: VERSION grows with every change of it.

Interrupts travel over a second socket pair, so that they arrive while the worker is busy. When the front closes that one,
the worker process ends at once, whatever it is doing.

Guests (worker/guests.py) are clients whose sockets the front has lent to the worker: Arrive brings a socket over the second
socket pair, Admit lets it be served, Learn says what its batches mean, and GaveBack ends it, which Recall asks for.
"""

from __future__ import annotations

import dataclasses
import struct
from collections.abc import Iterable
from typing import Any

import msgspec

from pgiris.backend.sizes import Sizes
from pgiris.copy.options import CopyOptions
from pgiris.errors import PgError
from pgiris.types.enums import EnumType
from pgiris.types.relation import CheckPart, IndexPart, ReferencePart
from pgiris.types.routines import RoutineMeta

VERSION = 17
LENGTH = struct.Struct("!I")
_from_bytes = int.from_bytes


class Frame(msgspec.Struct, array_like=True):
    """Not to be changed once made."""


class ColumnFrame(Frame):
    """types/rows.py's Column."""

    name: str
    oid: int
    typmod: int = -1
    relation: int = 0
    attribute: int = 0
    shown: int = -1


class SourceFrame(Frame):
    """sql/plan.py's Source."""

    index: int
    as_list: bool = False
    fit: tuple[int, int] | None = None
    rows: str = ""


class GroupingFrame(Frame):
    """sql/plan.py's Grouping."""

    keys: tuple[Any, ...]
    aggregates: tuple[Any, ...]
    condition: Any = None


class ShapingFrame(Frame):
    """sql/plan.py's Shaping; order: (program, descending, NULLs first)."""

    items: tuple[Any, ...]
    condition: Any = None
    order: tuple[tuple[Any, bool, bool], ...] = ()
    distinct: bool = False
    offset: Any = None
    limit: Any = None
    grouping: GroupingFrame | None = None
    expansions: tuple[tuple[Any, bool, int], ...] = ()
    width: int = 0


class GuardFrame(Frame):
    """sql/plan.py's Guard."""

    schema: str
    table: str
    typmods: tuple[int, ...] = ()


class StepFrame(Frame):
    """sql/plan.py's Step; role, when, notes and busy are names of Role, When, Note and Busy."""

    sql: str
    sources: tuple[SourceFrame, ...]
    role: str
    when: str = "ALWAYS"
    tolerates: str = ""
    notes: str = "NONE"
    slot: int = 0
    arrays: bool = False
    once: bool = False
    each: int | None = None
    rows: ShapingFrame | None = None
    kinds: tuple[int, ...] = ()
    command: str = ""
    distinct: bool = False
    busy: str = "WAIT"
    limit: Any = None
    back: int = 0
    guard: GuardFrame | None = None


class ActionFrame(Frame):
    """A transaction action: ``begin`` (isolation, read_only), ``commit``, ``rollback``, ``savepoint``, ``rollback_to`` (name)."""

    action: str
    name: str = ""
    isolation: str = ""
    read_only: bool = False


class RelationColumnFrame(Frame):
    name: str
    oid: int
    iris_type: str
    typmod: int
    not_null: bool
    default: str | None
    identity: str
    collation: str
    sequence: tuple[str, str] | None = None
    computed: str = ""


class RelationFrame(Frame):
    schema: str
    name: str
    columns: tuple[RelationColumnFrame, ...]
    kind: str
    primary_key: tuple[str, ...]
    unique_keys: tuple[tuple[str, ...], ...]
    key_names: tuple[tuple[str, tuple[str, ...]], ...] = ()
    definition: str = ""
    owner: tuple[str, str, str] | None = None
    indexes: tuple[IndexPart, ...] = ()
    references: tuple[ReferencePart, ...] = ()
    checks: tuple[CheckPart, ...] = ()


class EncodedRelation(Frame):
    """relation: a RelationFrame, which is read when somebody asks for the relation."""

    schema: str
    name: str
    relation: msgspec.Raw


# front -> worker


class Open(Frame, tag="open"):
    """First frame: which backend session this worker is. Answer: Done with the session's facts, or Failed."""

    version: int
    backend: str
    options: dict[str, str]
    database: str
    user: str
    password: str | None
    block_bytes: int
    keeps: bool = False  # it answers Keep and nothing else


class Configure(Frame, tag="configure"):
    """How values look (types/codec.py's Context, as a mapping) and how long a lock is waited for. No answer."""

    context: dict[str, Any]
    lock_timeout_s: float | None


class Define(Frame, tag="define"):
    """Make a statement known under a number. oids: types of the values that Execute sends raw. No answer."""

    statement: int
    steps: tuple[StepFrame, ...]
    oids: tuple[int, ...]
    columns: tuple[ColumnFrame, ...]
    atomic: bool  # several steps: all of them or none
    computed: tuple[Any, ...] = ()  # sql/plan.py's Plan.computed: values that follow those of Execute
    first_computed: int = 0  # their place among all values
    shaping: ShapingFrame | None = None  # Plan.shaping
    generates: bool = False  # the front wants to know the number that IRIS gives to the last row it inserts
    one_row: bool = False  # a division by zero means that a subquery has several rows
    enums: tuple[EnumType, ...] = ()  # types of its values and results that TYPES does not have


class Forget(Frame, tag="forget"):
    statement: int


class Prepare(Frame, tag="prepare"):
    """Ask the backend for the result columns of a statement, without running it. Answer: Described or Failed."""

    serial: int
    sql: str


class Execute(Frame, tag="execute"):
    """Run a statement. Answers: Blocks, then Complete, Suspended (limit reached and rows remain) or Failed.

    before: transaction actions to take first. values: raw wire values, formats as in Bind; extra: values that follow them,
    ready for the backend. limit 0: all rows; -1: none yet. portal 0: the rows that the limit leaves are dropped.
    credit: Blocks that may be under way.
    """

    serial: int
    statement: int
    before: tuple[ActionFrame, ...]
    values: tuple[bytes | None, ...]
    formats: tuple[int, ...]
    extra: tuple[Any, ...]
    result_formats: tuple[int, ...]
    limit: int
    portal: int
    credit: int
    scroll: bool = False  # with limit -1: the rows will be asked for by Scroll


class Fetch(Frame, tag="fetch"):
    """Further rows of a suspended portal; answers as Execute."""

    serial: int
    portal: int
    result_formats: tuple[int, ...]
    limit: int
    credit: int
    skip: bool = False  # count the rows, send none (MOVE)


class Scroll(Frame, tag="scroll"):
    """Rows of a scrollable portal. direction, count: as in FETCH, None is ALL. Answers: Blocks, then Suspended or Failed."""

    serial: int
    portal: int
    result_formats: tuple[int, ...]
    direction: str
    count: int | None
    credit: int
    skip: bool = False


class CopyOut(Frame, tag="copy_out"):
    """Run a query and send its rows in COPY's formats. Answers: Blocks of CopyData messages, then Complete or Failed.

    names: of the columns, for a header. The other fields are as in Execute.
    """

    serial: int
    statement: int
    before: tuple[ActionFrame, ...]
    values: tuple[bytes | None, ...]
    formats: tuple[int, ...]
    extra: tuple[Any, ...]
    options: CopyOptions
    names: tuple[str, ...]
    credit: int


class CopyVariant(Frame):
    """The statement that inserts rows in which the columns at these places take their defaults.

    literals, as text, and extra: what it takes besides a row's values. drawn: those of extra that each row has anew, by their
    places among them: the functions and their arguments.
    """

    defaults: tuple[int, ...]
    statement: int
    literals: tuple[bytes | None, ...] = ()
    extra: tuple[Any, ...] = ()
    drawn: tuple[tuple[int, str, tuple[Any, ...]], ...] = ()


class CopyIn(Frame, tag="copy_in"):
    """Insert the rows that follow in CopyChunks. Answers: CopyTaken for each chunk, Complete after CopyEnd; or Failed.

    variants: at least the one without defaults. condition: the statement that gives 1 for rows that are wanted, 0: all are.
    Statements take a row's values as parameters, the condition also literals, as text, and extra. relation: for CONTEXT.
    """

    serial: int
    variants: tuple[CopyVariant, ...]
    condition: int
    literals: tuple[bytes | None, ...]
    extra: tuple[Any, ...]
    before: tuple[ActionFrame, ...]
    options: CopyOptions
    names: tuple[str, ...]
    oids: tuple[int, ...]
    relation: str


class CopyChunk(Frame, tag="copy_chunk"):
    """A piece of the client's data, cut anywhere."""

    data: bytes


class CopyEnd(Frame, tag="copy_end"):
    """That was all of it."""


class CopyBroken(Frame, tag="copy_broken"):
    """The client gives up (CopyFail): nothing is to be inserted. Answer: Failed with 57014."""

    reason: str


class ClosePortal(Frame, tag="close"):
    """No answer."""

    portal: int


class Transact(Frame, tag="transact"):
    """Answer: Done or Failed."""

    serial: int
    actions: tuple[ActionFrame, ...]


class Told(Frame, tag="told"):
    """What Wanted of this turn asked for, or why there is no answer (fields of PgError)."""

    turn: int
    value: Any
    failed: dict[str, Any] | None = None


class Credit(Frame, tag="credit"):
    """So many Blocks have reached the client."""

    blocks: int


class Introspect(Frame, tag="introspect"):
    """Answer: Metadata, without relations when version is still known_version."""

    serial: int
    known_version: str


class Describe(Frame, tag="describe"):
    """Ask for everything that the catalog shows. known: digests of the last Schema, or b"". Answer: Schema or Failed."""

    serial: int
    known: bytes


class Measure(Frame, tag="measure"):
    """Ask for the sizes of what is stored. Answer: Measured or Failed."""

    serial: int


class Load(Frame, tag="load"):
    """For a catalog worker: what another worker described. databases, users: names that are known. Answer: Done or Failed."""

    serial: int
    data: bytes
    databases: tuple[str, ...]
    users: tuple[str, ...]


class Replace(Frame, tag="replace"):
    """For a catalog worker: the rows of a relation that shows what the front knows. No answer."""

    relation: str
    rows: tuple[tuple[Any, ...], ...]


class Keep(Frame, tag="keep"):
    """For a worker that keeps notes (backend/keeper.py): one of its actions. Answer: Kept or Failed."""

    serial: int
    action: str
    arguments: tuple[Any, ...]


class Reset(Frame, tag="reset"):
    """Give up everything of the client that used this worker. Answer: Done or Failed."""

    serial: int


class Recipe(Frame):
    """How a batch of a guest is answered: head, the rows of a statement that is defined, the command tag, ReadyForQuery.

    number: by which Tally and GaveBack name it. formats: of the values and the literals, which follow them. tag: with ``{}``
    where the number of rows belongs; command: without it. changes: it changes data. does: ``begin``, ``commit`` or ``rollback``,
    without a statement. moments: values that follow the literals, the time of the transaction each, in
    the session's time zone or not.
    """

    number: int
    statement: int
    changes: bool
    formats: tuple[int, ...]
    literals: tuple[bytes | None, ...]
    result_formats: tuple[int, ...]
    head: bytes
    tag: str
    command: str
    does: str = ""
    moments: tuple[bool, ...] = ()


class BoundBatch(Frame, tag="bound"):
    """The batches that wire/cut.py cuts so."""

    before: bytes
    after: bytes
    bound: int


class QueryBatch(Frame, tag="query"):
    """Queries that sql/lift.py makes this template of, whose pinned literals are fixed; or those of this very text.

    values: of the recipe's statement: numbers of literals, or what they are always.
    """

    text: str
    lifted: bool
    pinned: tuple[int, ...] = ()
    fixed: tuple[str, ...] = ()
    values: tuple[int | bytes | None, ...] = ()


class Learn(Frame, tag="learn"):
    """What batches mean in a table. No answer."""

    table: int
    batch: BoundBatch | QueryBatch
    recipe: Recipe


class Unlearn(Frame, tag="unlearn"):
    """Forget a table. No answer."""

    table: int


class Admit(Frame, tag="admit"):
    """Serve a guest that has arrived. serial: as of a request, for Interrupt. tables: where its batches are looked for:
    those that begin with Parse, and those that use its own statements. place: of its byte in the host's memory. changes: it may
    change data. isolation: of its transaction blocks; empty when it may not begin any."""

    serial: int
    place: int
    changes: bool
    tables: tuple[int, int]
    isolation: str = ""


# worker -> front


class Served(Frame):
    """What guests were answered with one recipe. command: its tag without a number. seconds: of the worker's time."""

    recipe: int
    command: str
    count: int
    rows: int
    seconds: float
    longest_s: float


class Tally(Frame, tag="tally"):
    """What guests were answered since the last one. durations, duration_s: of a Histogram of statement_seconds."""

    served: tuple[Served, ...]
    durations: tuple[int, ...]
    duration_s: float
    bytes_received: int
    bytes_sent: int


class Done(Frame, tag="done"):
    facts: dict[str, str] = {}


class Described(Frame, tag="described"):
    """columns None: the statement returns no rows."""

    columns: tuple[ColumnFrame, ...] | None


class Block(Frame, tag="block"):
    """Whole DataRow or CopyData messages."""

    data: bytes


class CopyTaken(Frame, tag="copy_taken"):
    """A CopyChunk has been worked off."""


class Complete(Frame, tag="complete"):
    """data: the last DataRow messages. rows: of the result, or counted by INSERT, UPDATE, DELETE. busy_us: time it took.

    identity: the number that IRIS has given to the last row, of a statement that generates them."""

    data: bytes
    rows: int
    busy_us: int
    identity: int | None = None


class Called(Frame, tag="called"):
    """Before the rows of a catalog query: what it calls, for the front to carry out: (function, argument)."""

    calls: tuple[tuple[str, int], ...]


class Suspended(Frame, tag="suspended"):
    data: bytes
    rows: int


class Failed(Frame, tag="failed"):
    """fields: those of PgError. lost: the backend session is gone, and the worker ends. early: of an Execute's values."""

    fields: dict[str, Any]
    in_transaction: bool = False
    lost: bool = False
    early: bool = False


class GaveBack(Frame, tag="gave_back"):
    """A guest is the front's again. count: of batches that it was answered. last: the recipe of the last one, and unnamed: of
    the last one that began with Parse, -1 when a Query came after it; 0 for none. query: the last one's text, if it was a Query.

    unread: what was received of it and not answered. unsent: of the last answer. failed: the last one ends so, behind its head.
    rows: the last one has so many, and a portal with the guest's serial, negative, holds further ones.
    block_s: how long ago it has begun the transaction block that it is in. begun: the worker holds a transaction for it; then all
    other guests were given back before, and the worker is that session's own.
    """

    serial: int
    count: int
    last: int
    unnamed: int = 0
    unread: bytes = b""
    unsent: bytes = b""
    failed: Failed | None = None
    rows: int | None = None
    query: str = ""
    block_s: float | None = None
    begun: bool = False


class Metadata(Frame, tag="metadata"):
    version: str
    relations: tuple[EncodedRelation, ...] | None
    noted: bool = False
    enums: tuple[EnumType, ...] = ()
    roles: tuple[tuple[str, str], ...] | None = None  # names and kinds
    functions: tuple[RoutineMeta, ...] = ()
    checked: tuple[tuple[str, str], ...] = ()  # Snapshot.checked


class Wanted(Frame, tag="wanted"):
    """While a statement runs: what a function of the session gives. Answered by Told."""

    turn: int
    function: str
    arguments: tuple[Any, ...]


class Kept(Frame, tag="kept"):
    """What an action gave."""

    value: Any


class Schema(Frame, tag="schema"):
    """data: an encoded metadata.Changes, which the front passes on to a catalog worker as it is."""

    version: str
    digests: bytes
    data: bytes


class Measured(Frame, tag="measured"):
    sizes: Sizes


# over the second socket pair, front -> worker


class Interrupt(Frame, tag="interrupt"):
    """Stop the request with this serial, if it is the one that runs."""

    serial: int


class Remember(Frame, tag="remember"):
    """The host's memory comes with this frame: see backend/host.py."""


class Arrive(Frame, tag="arrive"):
    """The socket of a guest comes with this frame."""

    serial: int


class Recall(Frame, tag="recall"):
    """Give a guest back, after the answer that it waits for."""

    serial: int


Request = (
    Open
    | Configure
    | Define
    | Forget
    | Prepare
    | Execute
    | Fetch
    | Scroll
    | CopyOut
    | CopyIn
    | CopyChunk
    | CopyEnd
    | CopyBroken
    | ClosePortal
    | Transact
    | Credit
    | Told
    | Introspect
    | Describe
    | Measure
    | Load
    | Replace
    | Keep
    | Reset
    | Learn
    | Unlearn
    | Admit
)
Reply = (
    Done
    | Described
    | Block
    | CopyTaken
    | Called
    | Complete
    | Suspended
    | Failed
    | Metadata
    | Schema
    | Measured
    | Wanted
    | Kept
    | Tally
    | GaveBack
)
Control = Interrupt | Remember | Arrive | Recall

_encoder = msgspec.msgpack.Encoder()
request_decoder = msgspec.msgpack.Decoder(Request)
reply_decoder = msgspec.msgpack.Decoder(Reply)
control_decoder = msgspec.msgpack.Decoder(Control)
_relation_decoder = msgspec.msgpack.Decoder(RelationFrame)


def encode_relation(relation: RelationFrame) -> EncodedRelation:
    return EncodedRelation(relation.schema, relation.name, msgspec.Raw(_encoder.encode(relation)))


def decode_relation(encoded: EncodedRelation) -> RelationFrame:
    return _relation_decoder.decode(encoded.relation)


def fields_of(error: PgError) -> dict[str, Any]:
    """Those of Failed."""
    return {f.name: value for f in dataclasses.fields(PgError) if (value := getattr(error, f.name)) is not None}


def encode(frame: Frame) -> bytes:
    body = _encoder.encode(frame)
    return LENGTH.pack(len(body)) + body


def encode_block(data: bytes | memoryview, buffer: bytearray) -> bytearray:
    """A Block in the buffer, which is given back: rows are copied but once."""
    _encoder.encode_into(Block(data), buffer, LENGTH.size)  # type: ignore[arg-type]
    LENGTH.pack_into(buffer, 0, len(buffer) - LENGTH.size)
    return buffer


def encode_all(frames: Iterable[Frame]) -> bytes:
    return b"".join(map(encode, frames))


class FrameBuffer:
    """Bytes in, bodies of whole frames out."""

    def __init__(self) -> None:
        self._data = bytearray()

    def feed(self, data: bytes) -> list[bytes]:
        """The bodies of all frames that are complete now."""
        buffer = self._data
        if not buffer and len(data) - 4 == _from_bytes(data[:4], "big"):
            return [data[4:]]  # the usual case, one frame at a time
        buffer += data
        end = len(buffer)
        bodies = []
        start = 0
        with memoryview(buffer) as view:
            while end - start >= 4:
                stop = start + 4 + _from_bytes(view[start : start + 4], "big")
                if stop > end:
                    break
                bodies.append(bytes(view[start + 4 : stop]))
                start = stop
        if start:
            del buffer[:start]
        return bodies
