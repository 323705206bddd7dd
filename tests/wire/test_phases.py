from __future__ import annotations

import pytest

from pgiris.errors import ProtocolError
from pgiris.wire import layout, messages
from pgiris.wire.connection import Connection
from pgiris.wire.fields import Malformed
from pgiris.wire.messages import (
    Bind,
    Close,
    CopyData,
    CopyDone,
    CopyFail,
    Describe,
    Execute,
    Flush,
    FunctionCall,
    Message,
    Parse,
    Query,
    Sync,
    Terminate,
)
from pgiris.wire.phases import ON_COPY_IN, ON_ERROR, ON_RECEIVE, Phase

SESSION = [Phase.READY, Phase.EXTENDED, Phase.SKIPPING, Phase.COPY_IN, Phase.COPY_IN_EXTENDED]
ONE_OF_EACH: dict[str, Message] = {
    message.tag.decode(): message
    for message in (
        Query(b""),
        Parse("", b"", ()),
        Bind("", "", (), (), ()),
        Describe(b"S", ""),
        Execute("", 0),
        Close(b"P", ""),
        Flush(),
        Sync(),
        FunctionCall(1, (), (), 0),
        Terminate(),
        CopyData(b"x"),
        CopyDone(),
        CopyFail("x"),
    )
}
# What each message comes to in each phase: the phase behind it, in () when it is dropped, - when it ends the connection.
# R ready, E extended, S skipping, C copy-in, X copy-in of an Execute, Z closed. PostgreSQL: test_malformed.py, and for
# copy-in src/backend/commands/copyfromparse.c
TABLE = """
         Q    P    B    D    E    C    H    S    F    X    d    c    f
R        R    E    E    E    E    E    E    R    R    Z    (R)  (R)  (R)
E        R    E    E    E    E    E    E    R    R    Z    (E)  (E)  (E)
S        (S)  (S)  (S)  (S)  (S)  (S)  (S)  R    (S)  Z    (S)  (S)  (S)
C        -    -    -    -    -    -    (C)  (C)  -    -    C    R    R
X        -    -    -    -    -    -    (X)  (X)  -    -    X    E    E
"""
LETTERS = {
    "R": Phase.READY,
    "E": Phase.EXTENDED,
    "S": Phase.SKIPPING,
    "C": Phase.COPY_IN,
    "X": Phase.COPY_IN_EXTENDED,
    "Z": Phase.CLOSED,
}
TAGS, *ROWS = [line.split() for line in TABLE.strip().splitlines()]
CELLS = [(row[0], tag, cell) for row in ROWS for tag, cell in zip(TAGS, row[1:], strict=True)]


def in_phase(phase: Phase) -> Connection:
    """A connection that came to this phase the way clients do."""
    connection = Connection()
    connection.authenticated()
    if phase is not Phase.READY and phase is not Phase.COPY_IN:
        connection.feed(Flush().encode())
        assert connection.next_message() == Flush()
    if phase is Phase.SKIPPING:
        connection.fail()
    if phase in (Phase.COPY_IN, Phase.COPY_IN_EXTENDED):
        connection.copy_in()
    assert connection.phase is phase
    return connection


def test_the_table_names_every_message_and_phase() -> None:
    assert {tag.encode() for tag in TAGS} == {*layout.FRONTEND}
    assert [LETTERS[row[0]] for row in ROWS] == SESSION
    assert {*SESSION} == {*ON_RECEIVE}


@pytest.mark.parametrize(("before", "tag", "cell"), CELLS)
def test_every_message_in_every_phase(before: str, tag: str, cell: str) -> None:
    connection = in_phase(LETTERS[before])
    message = ONE_OF_EACH[tag]
    connection.feed(message.encode())
    if cell == "-":
        words = f"unexpected message type 0x{ord(tag):02X} during COPY from stdin"
        with pytest.raises(ProtocolError, match=words):
            connection.next_message()
        return
    assert connection.next_message() == (None if "(" in cell else message)
    assert connection.phase is LETTERS[cell.strip("()")]
    assert not connection.has_buffered_bytes


@pytest.mark.parametrize("phase", SESSION)
@pytest.mark.parametrize("tag", [0, 1, ord("p"), ord("R"), ord("Z"), 0x16, 255])
def test_what_no_client_sends_ends_the_connection_in_every_phase(phase: Phase, tag: int) -> None:
    connection = in_phase(phase)
    connection.feed(bytes([tag]))
    words = f"0x{tag:02X} during COPY from stdin" if "COPY" in phase.name else f"invalid frontend message type {tag}$"
    with pytest.raises(ProtocolError, match=words) as caught:
        connection.next_message()
    assert (caught.value.code, caught.value.severity) == ("08P01", "FATAL")


@pytest.mark.parametrize("phase", SESSION)
def test_an_error_in_a_pipeline_drops_what_is_left_of_it(phase: Phase) -> None:
    connection = in_phase(phase)
    connection.fail()
    in_pipeline = phase in (Phase.EXTENDED, Phase.SKIPPING, Phase.COPY_IN_EXTENDED)
    assert connection.skipping is in_pipeline
    connection.feed(CopyData(b"x").encode() + CopyDone().encode() + Query(b"SELECT 1").encode() + Sync().encode())
    if not in_pipeline:
        assert connection.next_message() == Query(b"SELECT 1")
    assert connection.next_message() == Sync()
    assert connection.phase is Phase.READY
    connection.fail()
    assert connection.phase is Phase.READY
    assert {*ON_ERROR} == {Phase.EXTENDED, Phase.COPY_IN, Phase.COPY_IN_EXTENDED}


@pytest.mark.parametrize("phase", [phase for phase in SESSION if phase not in ON_COPY_IN])
def test_a_copy_begins_from_a_query_or_an_execute_alone(phase: Phase) -> None:
    with pytest.raises(KeyError):
        in_phase(phase).copy_in()


def test_a_client_that_sends_sync_behind_execute_may_copy() -> None:
    """As libpq's asynchronous interface does: the Sync comes before the first CopyData and counts for nothing."""
    connection = in_phase(Phase.COPY_IN_EXTENDED)
    sent = [Sync(), CopyData(b"1\n"), Flush(), CopyDone(), Sync()]
    connection.feed(b"".join(message.encode() for message in sent))
    assert [connection.next_message() for _ in range(4)] == [CopyData(b"1\n"), CopyDone(), Sync(), None]


@pytest.mark.parametrize(
    ("phase", "wrong", "after"),
    [
        (Phase.READY, b"Q\0\0\0\5x", Phase.READY),
        (Phase.READY, b"F\0\0\0\4", Phase.READY),
        (Phase.READY, b"S\0\0\0\5x", Phase.READY),
        (Phase.READY, b"B\0\0\0\4", Phase.SKIPPING),
        (Phase.EXTENDED, b"Q\0\0\0\5x", Phase.READY),
        (Phase.EXTENDED, b"S\0\0\0\5x", Phase.READY),
        (Phase.EXTENDED, b"H\0\0\0\5x", Phase.SKIPPING),
        (Phase.SKIPPING, b"S\0\0\0\5x", Phase.READY),
        (Phase.COPY_IN, b"f\0\0\0\5x", Phase.READY),
        (Phase.COPY_IN_EXTENDED, b"f\0\0\0\5x", Phase.SKIPPING),
    ],
)
def test_a_malformed_message_counts_as_one_that_failed(phase: Phase, wrong: bytes, after: Phase) -> None:
    connection = in_phase(phase)
    connection.feed(wrong)
    with pytest.raises(Malformed):
        connection.next_message()
    assert connection.phase is after
    connection.fail()  # as a session does after every error
    assert connection.phase is after


@pytest.mark.parametrize("phase", [Phase.READY, Phase.EXTENDED, Phase.SKIPPING])
def test_nothing_is_read_after_terminate(phase: Phase) -> None:
    connection = in_phase(phase)
    connection.feed(Terminate().encode() + b"z\0\0\0\0")
    assert connection.next_message() == Terminate()
    assert connection.next_message() is None


def test_an_unnamed_portal_and_its_sync_are_seen_together() -> None:
    connection = in_phase(Phase.READY)
    execute, sync = Execute("", 0).encode(), Sync().encode()
    connection.feed(execute + sync[:3])
    assert connection.next_message() == Execute("", 0)
    assert not connection.next_is_sync()
    connection.feed(sync[3:])
    assert connection.next_is_sync()
    assert connection.next_message() == Sync()
    assert not connection.next_is_sync()


@pytest.mark.parametrize(
    ("message", "limit", "right"),
    [
        (Query(b"x" * 100), 105, True),
        (Query(b"x" * 100), 104, False),
        (Execute("x" * 9_991, 0), 10**6, True),
        (Execute("x" * 9_992, 0), 10**6, False),  # PostgreSQL's own limit of short messages
        (Parse("", b"x" * 10**5, ()), 10**6, True),
    ],
)
def test_messages_are_limited(message: Message, limit: int, right: bool) -> None:
    connection = Connection(max_message_bytes=limit)
    connection.authenticated()
    connection.feed(message.encode())
    if right:
        assert connection.next_message() == message
    else:
        with pytest.raises(ProtocolError, match="invalid message length"):
            connection.next_message()


def test_names_are_read_in_the_clients_encoding() -> None:
    connection = in_phase(Phase.READY)
    connection.encoding = "latin-1"
    connection.feed(b"D\0\0\0\7S\xe9\0")
    assert connection.next_message() == Describe(b"S", "é")


def test_replies_are_taken_once() -> None:
    connection = in_phase(Phase.READY)
    connection.append(messages.ParseComplete())
    connection.append_bytes(messages.BIND_COMPLETE)
    assert connection.take() == messages.PARSE_COMPLETE + messages.BIND_COMPLETE
    assert connection.take() == b""


def test_data_of_a_copy_are_taken_up_to_another_message() -> None:
    connection = Connection(max_message_bytes=100)
    connection.authenticated()
    connection.feed(CopyData(b"dropped").encode())
    assert connection.take_copy_data() == []
    assert connection.next_message() is None
    connection.copy_in()
    data = b"".join(CopyData(part).encode() for part in (b"a", b"", b"bc"))
    connection.feed(data + CopyDone().encode() + CopyData(b"later").encode())
    assert connection.take_copy_data() == [b"a", b"", b"bc"]
    assert connection.take_copy_data() == []
    assert isinstance(connection.next_message(), CopyDone)
    assert connection.take_copy_data() == []


def test_data_of_a_copy_that_come_in_pieces() -> None:
    data = CopyData(b"abc").encode() + CopyData(b"defg").encode() + CopyDone().encode()
    for size in range(1, len(data)):
        connection = Connection()
        connection.authenticated()
        connection.copy_in()
        found = b""
        for start in range(0, len(data), size):
            connection.feed(data[start : start + size])
            found += b"".join(connection.take_copy_data())
            message = connection.next_message()
            found += message.data if isinstance(message, CopyData) else b""
        while isinstance(message, CopyData):
            message = connection.next_message()
            found += message.data if isinstance(message, CopyData) else b""
        assert found == b"abcdefg"
