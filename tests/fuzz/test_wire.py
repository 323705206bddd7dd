"""No bytes may cause anything but a message or an error of the client's: 08P01, 22021, 0A000."""

from __future__ import annotations

import random
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgiris.errors import PgError
from pgiris.wire.connection import Connection
from pgiris.wire.messages import PasswordMessage, SASLInitialResponse, SASLResponse, decode_backend
from pgiris.wire.phases import Phase
from tests.fuzz import wire_fuzz
from tests.fuzz.conversations import SESSIONS, STARTUPS
from tests.fuzz.wire_fuzz import ALLOWED, Wrong, check_connection, connection_in, drain, outcome
from tests.support.servers import Server

PHASES = st.sampled_from(wire_fuzz.PHASES)
RESPONSES = st.sampled_from([PasswordMessage, SASLInitialResponse, SASLResponse])
FRAMED = st.builds(
    lambda tag, body: bytes([tag]) + struct.pack("!I", len(body) + 4) + body,
    st.sampled_from(b"QPBDECHSFXdcfp") | st.integers(0, 255),
    st.binary(max_size=60),
)
BACKEND_TAGS = b"RKvSZTDCInst123ENAVGHWdc"


@given(phase=PHASES, response=RESPONSES, data=st.binary(max_size=200))
def test_any_bytes(phase: Phase, response: type, data: bytes) -> None:
    connection = connection_in(phase, response)
    connection.feed(data)
    drain(connection)


@given(
    phase=st.sampled_from([Phase.READY, Phase.COPY_IN, Phase.COPY_IN_EXTENDED]),
    messages=st.lists(FRAMED, max_size=8),
    sizes=st.lists(st.integers(1, 20), min_size=1),
)
def test_any_contents_in_right_frames_whole_and_in_pieces(phase: Phase, messages: list[bytes], sizes: list[int]) -> None:
    data = b"".join(messages)
    parts, at = [], 0
    while at < len(data):
        size = sizes[len(parts) % len(sizes)]
        parts.append(data[at : at + size])
        at += size
    assert outcome(connection_in(phase), parts) == outcome(connection_in(phase), [data])


@given(seed=st.integers(0, 2**64))
def test_damaged_conversations(seed: int) -> None:
    check_connection(random.Random(seed))


@given(tag=st.sampled_from(BACKEND_TAGS) | st.integers(0, 255), body=st.binary(max_size=60))
def test_what_a_server_might_send(tag: int, body: bytes) -> None:
    try:
        decode_backend(bytes([tag]), body)
    except PgError as error:
        assert error.code in ALLOWED


@pytest.mark.parametrize("messages", [*STARTUPS, *SESSIONS])
def test_the_conversations_are_right_before_they_are_damaged(messages: list[bytes]) -> None:
    connection = connection_in(Phase.STARTUP if messages in STARTUPS else Phase.READY)
    errors = []
    for part in messages:
        connection.feed(part)
        errors += [item for item in drain(connection)[0] if isinstance(item, PgError)]
    assert [error.code for error in errors] == (["0A000"] if messages[0][4:8] == b"\0\2\0\0" else [])


class Broken(Connection):
    """A protocol that stumbles over one kind of message."""

    def next_message(self):  # type: ignore[no-untyped-def]
        found = super().next_message()
        if type(found).__name__ == "Close":
            raise IndexError
        return found


def test_the_fuzzer_finds_what_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire_fuzz, "Connection", Broken)
    with pytest.raises(Wrong, match="IndexError"):
        wire_fuzz.fuzz(60, 2_000, 1, None)


@pytest.mark.parametrize("address", ["example.com:5432", "192.0.2.1:5432", "127.0.0.1", "127.0.0.1:x", ":5432"])
def test_others_servers_are_left_alone(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        wire_fuzz.main(["--connect", address])
    assert "on this machine" in capsys.readouterr().err


@pytest.mark.timeout(600)
def test_a_live_server_answers_damaged_conversations_and_lives_on(server: Server, live_limits: tuple[float, int]) -> None:
    ends = wire_fuzz.fuzz(*live_limits, 1, (server.host, server.port))
    assert ends["ready"] and ends["closed"]
