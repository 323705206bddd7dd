from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pgiris.errors import PgError, error_fields
from pgiris.types.codec import Oid
from pgiris.types.rows import Column
from pgiris.wire import fields, layout, messages
from pgiris.wire.connection import Connection
from pgiris.wire.fields import Kind, Malformed
from pgiris.wire.frontend import Frontend
from pgiris.wire.messages import Message, StartupMessage
from tests.support import wire as by_hand
from tests.wire import samples
from tests.wire.samples import Sample

RESPONSES: list[type[Message]] = [
    messages.PasswordMessage,
    messages.SASLInitialResponse,
    messages.SASLResponse,
    messages.GSSResponse,
]
BACKEND = [*layout.BACKEND.values(), *layout.AUTHENTICATION.values()]
EVERY = [*layout.FRONTEND.values(), *BACKEND, *RESPONSES, *layout.STARTUP.values()]
SAMPLES = [*samples.STARTUP, *samples.RESPONSES, *samples.FRONTEND, *samples.BACKEND]

strings = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)
raw_strings = st.binary(max_size=20).map(lambda raw: raw.replace(b"\0", b""))
int16s = st.integers(-(2**15), 2**15 - 1)
oids = st.integers(0, 2**32 - 1)
values = st.none() | st.binary(max_size=20)


def many(item: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(item, max_size=5).map(tuple)


STRATEGIES: dict[str, st.SearchStrategy[Any]] = {
    "Int8": st.integers(0, 255),
    "Int16": int16s,
    "Int32": st.integers(-(2**31), 2**31 - 1),
    "Value": values,
    "Byten": st.binary(max_size=20),
    "Int16[Int16]": many(int16s),
    "Int32[Int16]": many(oids),
    "Value[Int16]": many(values),
    "String[Int32]": many(strings),
    "String...": many(strings.filter(bool)),
    "(Byte1, String)...": many(st.tuples(st.sampled_from([b"S", b"V", b"C", b"M"]), strings)),
    "(String, Int32, Int16, Int32, Int16, Int32, Int16)[Int16]": many(
        st.tuples(strings, oids, int16s, oids, int16s, st.integers(-(2**31), 2**31 - 1), int16s)
    ),
}


def values_of(kind: Kind) -> st.SearchStrategy[Any]:
    if kind is fields.OID:
        return oids
    if kind.name == "Byte1":
        return st.sampled_from([b"S", b"P"]) if kind.check else st.binary(min_size=1, max_size=1)
    if kind.name == "String":
        return strings if kind is fields.STRING else raw_strings
    return STRATEGIES[kind.name]


@st.composite
def any_message(draw: st.DrawFn, classes: list[type[Message]]) -> Message:
    cls = draw(st.sampled_from(classes))
    return cls(*[draw(values_of(kind)) for kind in cls.kinds])


def body_of(message: Message) -> bytes:
    return message.encode()[len(message.tag) + 4 + (0 if message.code is None else 4) :]


def received(connection: Connection | Frontend, data: bytes, piece: int) -> list[Message | None]:
    found: list[Message | None] = []
    for start in range(0, len(data), piece):
        connection.feed(data[start : start + piece])
        while (message := connection.next_message()) is not None:
            found.append(message)
    assert not connection.has_buffered_bytes
    return found


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: type(sample.message).__name__)
def test_a_message_is_written_and_read_as_the_page_has_it(sample: Sample) -> None:
    assert sample.message.encode() == sample.wire
    if isinstance(sample.message, StartupMessage):
        assert StartupMessage.decode(sample.wire[4:]) == sample.message
    else:
        assert type(sample.message).decode(body_of(sample.message)) == sample.message


def test_there_is_a_sample_of_every_message() -> None:
    assert {type(sample.message) for sample in SAMPLES} == {*EVERY, StartupMessage}


@given(any_message(EVERY))
def test_what_is_written_is_read(message: Message) -> None:
    assert type(message).decode(body_of(message)) == message


@given(st.lists(any_message([*layout.BACKEND.values(), *layout.AUTHENTICATION.values()]), max_size=5), st.integers(1, 40))
def test_a_client_reads_messages_in_pieces_of_any_size(sent: list[Message], piece: int) -> None:
    data = b"".join(message.encode() for message in sent)
    assert received(Frontend(), data, piece) == received(Frontend(), data, len(data) + 1) == sent


COPY = (messages.CopyData, messages.CopyDone, messages.CopyFail)  # dropped outside of a COPY
SESSION = [cls for cls in layout.FRONTEND.values() if cls not in COPY and cls is not messages.Terminate]


@given(st.lists(any_message(SESSION), max_size=5), st.integers(1, 40))
def test_a_server_reads_messages_in_pieces_of_any_size(sent: list[Message], piece: int) -> None:
    data = b"".join(message.encode() for message in sent)
    for size in (piece, len(data) + 1):
        connection = Connection()
        connection.authenticated()
        assert received(connection, data, size) == sent


OPEN = (*RESPONSES[2:], *(cls for cls in EVERY if fields.REST in cls.kinds))  # their last field takes all there is
INEXACT = (messages.Terminate, messages.CopyDone, messages.CopyFail, messages.SSLRequest, messages.GSSENCRequest)
LOOKED_AT = [cls for cls in EVERY if cls not in OPEN and cls not in INEXACT]


@given(any_message(LOOKED_AT), st.binary(min_size=1, max_size=5))
def test_bytes_behind_the_last_field_are_an_error(message: Message, more: bytes) -> None:
    expected = "invalid password packet size" if isinstance(message, messages.PasswordMessage) else "invalid message format"
    with pytest.raises(Malformed, match=expected) as caught:
        type(message).decode(body_of(message) + more)
    assert (caught.value.code, caught.value.severity) == ("08P01", "ERROR")


@pytest.mark.parametrize("cls", INEXACT)
def test_what_stands_behind_some_messages_is_not_looked_at(cls: type[Message]) -> None:
    """As by PostgreSQL: see test_malformed.py."""
    assert isinstance(cls.decode(b"x\0y"), cls)


@given(any_message(LOOKED_AT), st.data())
def test_a_message_that_is_cut_off_is_malformed(message: Message, data: st.DataObject) -> None:
    body = body_of(message)
    if body:
        with pytest.raises(Malformed):
            type(message).decode(body[: data.draw(st.integers(0, len(body) - 1))])


@given(st.sampled_from(EVERY), st.binary(max_size=60))
@example(messages.NegotiateProtocolVersion, bytes(4) + b"\x80\0\0\0")  # a negative count
def test_any_bytes_are_a_message_or_malformed(cls: type[Message], body: bytes) -> None:
    try:
        message = cls.decode(body)
    except Malformed:
        return
    written = body_of(message)
    assert written == body or cls in INEXACT


def test_texts_are_read_in_the_encoding_that_is_asked_for() -> None:
    body = b"S\xe9\0"
    assert messages.Describe.decode(body, "latin-1") == messages.Describe(b"S", "é")
    with pytest.raises(Malformed, match=r'invalid byte sequence for encoding "UTF8": 0xe9$') as caught:
        messages.Describe.decode(body)
    assert caught.value.code == "22021"
    with pytest.raises(Malformed, match=r'invalid byte sequence for encoding "euc_jp": 0xe9$'):
        messages.Describe.decode(body, "euc_jp")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (b"ok\x80", "0x80"),
        (b"\xc3", "0xc3"),
        (b"\xc3(x", "0xc3 0x28"),
        (b"\xe4\xb8x", "0xe4 0xb8 0x78"),
        (b"\xf0\x9f\x98", "0xf0 0x9f 0x98"),
        (b"\xf0\x28\x8c\xbcx", "0xf0 0x28 0x8c 0xbc"),
        (b"\xed\xa0\x80", "0xed 0xa0 0x80"),
        (b"\xc0\x80".replace(b"\0", b""), "0xc0 0x80"),
        (b"\xff\xff", "0xff"),
    ],
)
def test_wrong_utf8_is_shown_as_postgresql_shows_it(name: bytes, shown: str) -> None:
    with pytest.raises(Malformed, match=f'"UTF8": {shown}$'):
        messages.Execute.decode(name + b"\0\0\0\0\0")


def test_a_text_with_a_zero_byte_is_not_written() -> None:
    with pytest.raises(ValueError, match="zero byte"):
        messages.Execute("a\0b", 0).encode()


# ---------------------------------------------------------------------------------------------- beside tests/support/wire.py


@pytest.mark.parametrize(
    ("message", "wire"),
    [
        (messages.Query("SELECT 'ß'".encode()), by_hand.query("SELECT 'ß'")),
        (messages.Parse("s", b"SELECT $1", (23, 25)), by_hand.parse("SELECT $1", "s", (23, 25))),
        (
            messages.Bind("p", "s", (0, 1), (b"1", None), (1,)),
            by_hand.bind([b"1", None], portal="p", statement="s", formats=[0, 1], results=[1]),
        ),
        (messages.Describe(b"P", "p"), by_hand.describe("P", "p")),
        (messages.Execute("p", 5), by_hand.execute("p", 5)),
        (messages.Close(b"S", "s"), by_hand.close("S", "s")),
        (messages.Sync(), by_hand.SYNC),
        (messages.Flush(), by_hand.FLUSH),
        (messages.Terminate(), by_hand.TERMINATE),
        (messages.SSLRequest(), by_hand.SSL_REQUEST),
        (messages.GSSENCRequest(), by_hand.GSSENC_REQUEST),
        (messages.CancelRequest(5, b"abcd"), by_hand.cancel_request(5, b"abcd")),
        (messages.StartupMessage((3, 0), {"user": "u"}), by_hand.startup(user="u")),
    ],
)
def test_two_writers_agree(message: Message, wire: bytes) -> None:
    assert message.encode() == wire


# ---------------------------------------------------------------------------------------------- replies, ready made

LENGTHS = {23: 4, 1043: -1}
COLUMNS = (Column("id", Oid(23), -1, Oid(16384), 1), Column("naïve", Oid(1043), 14))
ERROR = PgError("42601", 'syntax error at "ß"', hint="h", position=3)


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        (messages.PARSE_COMPLETE, messages.ParseComplete()),
        (messages.BIND_COMPLETE, messages.BindComplete()),
        (messages.CLOSE_COMPLETE, messages.CloseComplete()),
        (messages.NO_DATA, messages.NoData()),
        (messages.PORTAL_SUSPENDED, messages.PortalSuspended()),
        (messages.EMPTY_QUERY_RESPONSE, messages.EmptyQueryResponse()),
        (
            messages.row_description(COLUMNS, (0, 1), LENGTHS.__getitem__),
            messages.RowDescription((("id", 16384, 1, 23, 4, -1, 0), ("naïve", 0, 0, 1043, -1, 14, 1))),
        ),
        (messages.row_description((), (), LENGTHS.__getitem__), messages.RowDescription(())),
        (messages.parameter_description((23, 0)), messages.ParameterDescription((23, 0))),
        (messages.parameter_status("a", "b"), messages.ParameterStatus("a", "b")),
        (messages.command_complete("INSERT 0 1"), messages.CommandComplete("INSERT 0 1")),
        (messages.ready_for_query(b"E"), messages.ReadyForQuery(b"E")),
        (messages.error_response(error_fields(ERROR)), messages.ErrorResponse(tuple(error_fields(ERROR)))),
        (messages.notice_response([(b"S", "NOTICE")]), messages.NoticeResponse(((b"S", "NOTICE"),))),
        (messages.notification_response(7, "c", ""), messages.NotificationResponse(7, "c", "")),
    ],
)
def test_replies_are_the_messages_they_are_named_after(reply: bytes, message: Message) -> None:
    assert reply == message.encode()
    assert received(Frontend(), reply, 3) == [message]


def test_formats_are_given_for_each_column() -> None:
    with pytest.raises(ValueError, match="argument 2"):
        messages.row_description(COLUMNS, (0,), LENGTHS.__getitem__)


@pytest.mark.parametrize(
    ("text", "shown"),
    [("a\0b", "ab"), ("\ud800x", "\\ud800x"), ("ß", "ß"), ("", "")],
)
def test_whatever_a_backend_says_an_error_stays_well_formed(text: str, shown: str) -> None:
    (error,) = received(Frontend(), messages.error_response([(b"M", text), (b"D", "d")]), 100)
    assert error == messages.ErrorResponse(((b"M", shown), (b"D", "d")))


def test_replies_are_written_in_the_clients_encoding_as_far_as_it_goes() -> None:
    def latin1(text: str) -> bytes:
        return text.encode("latin-1")

    assert messages.error_response([(b"M", "é")], latin1) == b"E\0\0\0\x08M\xe9\0\0"
    assert b"M\\u20ac\0" in messages.error_response([(b"M", "€")], latin1)
    assert b"\xe9\0" in messages.row_description([Column("é", Oid(23))], (0,), LENGTHS.__getitem__, latin1)
