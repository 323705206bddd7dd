"""From the first byte to the first message of a session. The negotiation is as PostgreSQL 18 does it."""

from __future__ import annotations

from struct import pack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgiris.errors import FatalError, ProtocolError
from pgiris.wire.connection import Connection, negotiate
from pgiris.wire.messages import (
    CancelRequest,
    GSSENCRequest,
    GSSResponse,
    Message,
    NegotiateProtocolVersion,
    PasswordMessage,
    Query,
    SASLInitialResponse,
    SASLResponse,
    SSLRequest,
    StartupMessage,
    Sync,
)
from pgiris.wire.phases import Phase

SSL, GSS = SSLRequest().encode(), GSSENCRequest().encode()
USER = b"user\0demo\0"
LAYOUT = "invalid startup packet layout: expected terminator as last byte"


def packet(code: int, body: bytes) -> bytes:
    return pack("!II", len(body) + 8, code) + body


def version(major: int, minor: int, body: bytes = USER + b"\0") -> bytes:
    return packet(major << 16 | minor, body)


def first(data: bytes) -> Message | None:
    connection = Connection()
    connection.feed(data)
    return connection.next_message()


@pytest.mark.parametrize(
    ("data", "parameters"),
    [
        (version(3, 0), {"user": "demo"}),
        (version(3, 0, b"\0"), {}),
        (
            version(3, 0, USER + b"options\0-c a=b\0application_name\0\0\0"),
            {"user": "demo", "options": "-c a=b", "application_name": ""},
        ),
        (version(3, 0, b"user\0x\0" + USER + b"\0"), {"user": "demo"}),  # the last one holds
        (version(3, 0, b"user\0\xff\0\xc3\xa9\0\xe9\0\0"), {"user": "\\xff", "é": "\\xe9"}),
    ],
)
def test_parameters(data: bytes, parameters: dict[str, str]) -> None:
    assert first(data) == StartupMessage((3, 0), parameters)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"u",
        USER,
        USER + b"\0\0",
        USER + b"\0x",
        USER + b"\0x\0",
        USER + b"a\0\0",
        USER + b"a\0",
        USER + b"a",
        USER + b"a\0b",
    ],
)
def test_parameters_without_an_end(body: bytes) -> None:
    """Each of them is refused by PostgreSQL 15 in these words."""
    with pytest.raises(ProtocolError, match=LAYOUT):
        first(version(3, 0, body))


@pytest.mark.parametrize(("major", "minor"), [(2, 0), (1, 0), (4, 0), (0, 0), (65535, 65535), (1234, 5682), (1234, 5681)])
def test_other_major_versions_are_refused(major: int, minor: int) -> None:
    with pytest.raises(FatalError) as caught:
        first(version(major, minor))
    assert caught.value.code == "0A000"
    assert caught.value.message == f"unsupported frontend protocol {major}.{minor}: server supports 3.0 to 3.2"


@pytest.mark.parametrize(
    ("asked", "options", "minor", "answer"),
    [
        (0, (), 0, None),
        (1, (), 1, None),
        (2, (), 2, None),
        (3, (), 2, NegotiateProtocolVersion(0x30002, ())),
        (9999, (), 2, NegotiateProtocolVersion(0x30002, ())),
        (65535, (), 2, NegotiateProtocolVersion(0x30002, ())),
        (0, ("_pq_.foo", "_pq_.bar"), 0, NegotiateProtocolVersion(0x30000, ("_pq_.foo", "_pq_.bar"))),
        (1, ("_pq_.foo",), 1, NegotiateProtocolVersion(0x30001, ("_pq_.foo",))),
        (2, ("_pq_.foo",), 2, NegotiateProtocolVersion(0x30002, ("_pq_.foo",))),
        (5, ("_pq_.foo",), 2, NegotiateProtocolVersion(0x30002, ("_pq_.foo",))),
    ],
)
def test_negotiation(asked: int, options: tuple[str, ...], minor: int, answer: NegotiateProtocolVersion | None) -> None:
    parameters = {"user": "demo", "pq_.x": "not an option"} | dict.fromkeys(options, "1")
    assert negotiate(StartupMessage((3, asked), parameters)) == (minor, answer)


@pytest.mark.parametrize(
    ("packets", "refused"),
    [
        ([SSL], None),
        ([GSS], None),
        ([SSL, GSS], None),
        ([GSS, SSL], None),
        ([SSL, SSL], "1234.5679"),
        ([GSS, GSS], "1234.5680"),
        ([SSL, GSS, SSL], "1234.5679"),
        ([GSS, SSL, GSS], "1234.5680"),
        ([packet(80877103, b"more"), GSS], None),
    ],
)
def test_encryption_is_asked_for_at_most_once_of_each_kind(packets: list[bytes], refused: str | None) -> None:
    connection = Connection()
    for number, data in enumerate([*packets, version(3, 0)], 1):
        connection.feed(data)
        if refused and number == len(packets):
            with pytest.raises(FatalError, match=f"unsupported frontend protocol {refused}: server supports 3.0 to 3.2"):
                connection.next_message()
            return
        assert connection.next_message() is not None
        assert not connection.has_buffered_bytes
    assert connection.phase is Phase.AUTHENTICATING


@pytest.mark.parametrize(
    ("request_", "words"),
    [(SSL, "received unencrypted data after SSL request"), (GSS, "received unencrypted data after GSSAPI encryption request")],
)
@pytest.mark.parametrize("smuggled", [b"\0", SSL, GSS, version(3, 0), b"\x16\3\1"])
def test_nothing_may_come_with_a_request_for_encryption(request_: bytes, words: str, smuggled: bytes) -> None:
    with pytest.raises(FatalError, match=words) as caught:
        first(request_ + smuggled)
    assert caught.value.code == "08P01"
    assert caught.value.detail is not None and "man-in-the-middle" in caught.value.detail


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "invalid length of cancel request packet"),
        (b"\0\0\0", "invalid length of cancel request packet"),
        (pack("!I", 7), "invalid length of cancel key in cancel request packet"),
        (pack("!I", 7) + b"k" * 257, "invalid length of cancel key in cancel request packet"),
        (pack("!I", 7) + b"k", None),
        (pack("!I", 7) + b"k" * 4, None),
        (pack("!I", 7) + b"k" * 256, None),
    ],
)
def test_cancel_keys_may_be_as_long_as_protocol_3_2_has_them(body: bytes, words: str | None) -> None:
    data = packet(80877102, body)
    if words:
        with pytest.raises(ProtocolError, match=words):
            first(data)
    else:
        assert first(data) == CancelRequest(7, body[4:])


def test_a_cancel_request_is_the_last_packet() -> None:
    connection = Connection()
    connection.feed(CancelRequest(1, b"abcd").encode() + version(3, 0))
    assert isinstance(connection.next_message(), CancelRequest)
    assert connection.next_message() is None


def test_a_web_browser_is_sent_away() -> None:
    with pytest.raises(ProtocolError, match="invalid length of startup packet"):
        first(b"GET / HTTP/1.1\r\n\r\n")


# ---------------------------------------------------------------------------------------------- authentication


def asked(response: type[Message]) -> Connection:
    connection = Connection()
    connection.feed(version(3, 0))
    assert connection.next_message() is not None
    connection.ask(response)
    return connection


@pytest.mark.parametrize(
    "response",
    [
        PasswordMessage(b"x"),
        SASLInitialResponse("SCRAM-SHA-256", b"n,,"),
        SASLInitialResponse("X", None),
        SASLResponse(b"p="),
        GSSResponse(b"x"),
    ],
)
@pytest.mark.parametrize("piece", [1, 100])
def test_what_a_response_is_depends_on_what_was_asked(response: Message, piece: int) -> None:
    connection = asked(type(response))
    data = response.encode()
    found = []
    for at in range(0, len(data), piece):
        connection.feed(data[at : at + piece])
        found.append(connection.next_message())
    assert found[-1] == response
    assert found[:-1] == [None] * (len(found) - 1)


@pytest.mark.parametrize(
    ("expected", "data", "words", "code"),
    [
        (PasswordMessage, Query(b"x").encode(), "expected password response, got message type 81", "08P01"),
        (SASLInitialResponse, Query(b"x").encode(), "expected SASL response, got message type 81", "08P01"),
        (SASLResponse, b"X\0\0\0\4", "expected SASL response, got message type 88", "08P01"),
        (GSSResponse, b"z", "expected GSS response, got message type 122", "08P01"),
        (PasswordMessage, b"p\0\0\0\4", "invalid password packet size", "08P01"),
        (PasswordMessage, b"p\0\0\0\5x", "invalid password packet size", "08P01"),
        (PasswordMessage, b"p\0\0\0\7a\0b", "invalid password packet size", "08P01"),
        (PasswordMessage, b"p\0\0\0\6\0\0", "invalid password packet size", "08P01"),
        (SASLInitialResponse, b"p\0\0\0\5X", "invalid string in message", "08P01"),
        (SASLInitialResponse, b"p\0\0\0\6X\0", "insufficient data left in message", "08P01"),
        (SASLInitialResponse, b"p\0\0\0\x0aX\0\0\0\0\1", "insufficient data left in message", "08P01"),
        (SASLInitialResponse, b"p\0\0\0\x0aX\0\xff\xff\xff\xfe", "insufficient data left in message", "08P01"),
        (SASLInitialResponse, b"p\0\0\0\x0bX\0\0\0\0\0x", "invalid message format", "08P01"),
        (SASLInitialResponse, b"p\0\0\0\x0a\xff\0\0\0\0\0", 'invalid byte sequence for encoding "UTF8": 0xff', "22021"),
        (SASLResponse, b"p\0\0\0\3", "invalid message length", "08P01"),
        (SASLResponse, b"p\0\1\0\0", "invalid message length", "08P01"),
    ],
)
def test_before_a_session_has_begun_every_error_ends_the_connection(
    expected: type[Message], data: bytes, words: str, code: str
) -> None:
    connection = asked(expected)
    connection.feed(data)
    with pytest.raises(FatalError, match=f"^{words}$") as caught:
        connection.next_message()
    assert (caught.value.code, caught.value.severity) == (code, "FATAL")


def test_what_comes_before_it_is_asked_for_waits() -> None:
    connection = Connection()
    connection.feed(version(3, 0) + SASLResponse(b"early").encode() + Sync().encode())
    assert isinstance(connection.next_message(), StartupMessage)
    assert connection.next_message() is None
    connection.ask(SASLResponse)
    assert connection.next_message() == SASLResponse(b"early")
    assert connection.next_message() is None
    connection.authenticated()
    assert connection.next_message() == Sync()


@given(st.binary(max_size=200), st.integers(1, 20))
def test_any_first_bytes_are_a_packet_or_end_the_connection(data: bytes, piece: int) -> None:
    connection = Connection()
    try:
        for at in range(0, len(data), piece):
            connection.feed(data[at : at + piece])
            connection.next_message()
    except FatalError:
        return


@given(st.binary(max_size=100).map(lambda body: version(3, 0, body)))
def test_any_parameters_are_read_or_refused(data: bytes) -> None:
    try:
        message = first(data)
    except ProtocolError as error:
        assert error.message == LAYOUT
        return
    assert isinstance(message, StartupMessage)
    assert StartupMessage.decode(message.encode()[4:]) == message
