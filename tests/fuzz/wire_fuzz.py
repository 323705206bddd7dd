"""Damaged conversations for the protocol code, and for a running server on this machine.

    python -m tests.fuzz.wire_fuzz --seconds 60 [--seed N] [--rounds N] [--connect 127.0.0.1:5432]

Without --connect a Connection alone is fed: messages and errors of the client's come out, nothing else. With it, a server must
answer in well-formed messages, end each connection in good time and go on accepting new ones. Exit status 1 and the bytes of the
round when it does not.
"""

from __future__ import annotations

import argparse
import errno
import ipaddress
import random
import socket
import struct
import sys
import time
from collections import Counter

from pgiris import sqlstate
from pgiris.errors import PgError
from pgiris.wire.connection import Connection
from pgiris.wire.messages import (
    AuthenticationOk,
    BackendKeyData,
    CancelRequest,
    ErrorResponse,
    Message,
    PasswordMessage,
    ReadyForQuery,
    SASLInitialResponse,
    SASLResponse,
    StartupMessage,
    decode_backend,
)
from pgiris.wire.phases import Phase
from tests.fuzz.conversations import SESSIONS, STARTUP, STARTUPS, conversation, damaged, pieces
from tests.support.wire import FLUSH, query

ALLOWED = {sqlstate.PROTOCOL_VIOLATION, sqlstate.CHARACTER_NOT_IN_REPERTOIRE, sqlstate.FEATURE_NOT_SUPPORTED}
ANSWER_S = 20.0  # for a server to answer and close after the client has closed its side
ROUNDS_PER_CHECK = 20  # after so many rounds a new client must be served
PHASES = (Phase.STARTUP, Phase.AUTHENTICATING, Phase.READY, Phase.COPY_IN, Phase.COPY_IN_EXTENDED)
_GONE = {errno.ECONNRESET, errno.EPIPE, errno.ENOTCONN}
_RESPONSES = (PasswordMessage, SASLInitialResponse, SASLResponse)


class Wrong(AssertionError):
    """What must not happen. data: what was sent."""

    def __init__(self, why: str, data: bytes) -> None:
        super().__init__(f"{why}; sent: {data.hex()}")
        self.data = data


# A Connection alone


def connection_in(phase: Phase, response: type[Message] = PasswordMessage) -> Connection:
    """A server's end that has come as far as phase."""
    connection = Connection()
    if phase is Phase.AUTHENTICATING:
        connection.ask(response)
    elif phase is not Phase.STARTUP:
        connection.authenticated()
    if phase is Phase.COPY_IN:
        connection.copy_in()
    elif phase is Phase.COPY_IN_EXTENDED:
        connection.feed(FLUSH)
        connection.next_message()
        connection.copy_in()
    assert connection.phase is phase
    return connection


def drain(connection: Connection) -> tuple[list[Message | StartupMessage | PgError], bool]:
    """(what comes out, as a session takes it, whether that was the end). Anything but messages and PgErrors is raised."""
    found: list[Message | StartupMessage | PgError] = []
    while True:
        try:
            taken = connection.next_message()
        except PgError as error:
            assert error.code in ALLOWED, error
            assert error.severity in ("ERROR", "FATAL"), error
            found.append(error)
            if error.severity == "FATAL":
                return found, True
            connection.fail()
            continue
        if taken is None:
            return found, False
        found.append(taken)
        if isinstance(taken, (StartupMessage, CancelRequest, *_RESPONSES)) or connection.phase is Phase.CLOSED:
            return found, True


def outcome(connection: Connection, parts: list[bytes]) -> list[str]:
    """What comes out of all parts, in words, since errors do not compare."""
    found = []
    for part in parts:
        connection.feed(part)
        taken, ended = drain(connection)
        found += [f"{item.severity} {item.code} {item}" if isinstance(item, PgError) else repr(item) for item in taken]
        if ended:
            break
    return found


def check_connection(r: random.Random) -> None:
    """One damaged conversation, whole and in pieces: the outcome is the same."""
    phase = r.choice((*PHASES, Phase.READY, Phase.READY))
    messages = r.choice(STARTUPS) if phase is Phase.STARTUP else conversation(r)
    response = r.choice(_RESPONSES)
    data = damaged(r, messages)
    try:
        whole = outcome(connection_in(phase, response), [data])
        if phase is not Phase.STARTUP:  # there it matters what has arrived behind an SSLRequest
            assert whole == outcome(connection_in(phase, response), pieces(r, data))
    except Exception as error:
        raise Wrong(f"{phase.name}: {type(error).__name__}: {error}", data) from error


# A live server


def check_server(r: random.Random, address: tuple[str, int]) -> str:
    """One damaged conversation. Returns how it ended: ``closed`` or ``ready``."""
    if r.random() < 0.3:
        logged_in, data = False, damaged(r, r.choice(STARTUPS))
    else:
        logged_in, data = True, damaged(r, conversation(r))
    with socket.create_connection(address, timeout=ANSWER_S) as client:
        try:
            if logged_in:
                client.sendall(STARTUP)
                _take_login(client, data)
            for part in pieces(r, data):
                client.sendall(part)
            client.shutdown(socket.SHUT_WR)
            received = _rest(client)
        except TimeoutError:
            raise Wrong(f"no end within {ANSWER_S} s", data) from None
        except OSError as error:
            if error.errno not in _GONE:
                raise
            return "closed"  # in good order for a server that leaves data unread
    return _judge(received, logged_in, data)


def _judge(received: bytes, logged_in: bool, data: bytes) -> str:
    try:  # PostgreSQL repeats what a startup packet says, in whatever encoding that is
        replies = decode_all(received) if logged_in else decode_all(_without_single_bytes(received), "latin-1")
    except (PgError, struct.error) as error:
        raise Wrong(f"malformed answer ({error}): {received!r}", data) from error
    if any(isinstance(reply, ErrorResponse) and (b"M", "internal error") in reply.fields for reply in replies):
        raise Wrong(f"internal error: {received!r}", data)
    return "ready" if replies and isinstance(replies[-1], ReadyForQuery) else "closed"


def decode_all(received: bytes, encoding: str = "utf-8") -> list[Message]:
    """Whole backend messages. Raises PgError for what is none."""
    found = []
    at = 0
    while at < len(received):
        tag, length = struct.unpack_from("!cI", received, at)
        end = at + 1 + length
        if end > len(received):
            raise PgError(sqlstate.PROTOCOL_VIOLATION, "message cut off")
        found.append(decode_backend(tag, received[at + 5 : end], encoding))
        at = end
    return found


def _without_single_bytes(received: bytes) -> bytes:
    """Without the answers to SSLRequest and GSSENCRequest: no message of a server's begins with N before login.

    Nothing is left when the server said yes (S, G), nor of PostgreSQL's errors in the form of protocol 2.
    """
    at = 0
    while received[at : at + 1] == b"N" and at < 2:
        at += 1
    return b"" if received[at : at + 1] in (b"S", b"G") or received[at:].startswith(b"EFATAL:  ") else received[at:]


def _take_login(client: socket.socket, data: bytes) -> None:
    received = b""
    while not received.endswith(b"Z\0\0\0\5I"):
        more = client.recv(65536)
        if not more:
            raise Wrong(f"no login: {received!r}", data)
        received += more
    kinds = {type(reply) for reply in decode_all(received)}
    if not {AuthenticationOk, BackendKeyData} <= kinds:
        raise Wrong(f"incomplete login: {received!r}", data)


def _rest(client: socket.socket) -> bytes:
    received = bytearray()
    deadline = time.monotonic() + ANSWER_S
    while more := client.recv(65536):
        received += more
        if time.monotonic() > deadline:
            raise TimeoutError
    return bytes(received)


def check_alive(address: tuple[str, int]) -> None:
    """A new client is served as ever."""
    with socket.create_connection(address, timeout=ANSWER_S) as client:
        client.sendall(STARTUP)
        _take_login(client, b"")
        client.sendall(query("SELECT 7 AS a"))
        client.shutdown(socket.SHUT_WR)
        kinds = [type(reply).__name__ for reply in decode_all(_rest(client))]
    if kinds != ["RowDescription", "DataRow", "CommandComplete", "ReadyForQuery"]:
        raise Wrong(f"a new client got {kinds}", b"")


# The runs


def fuzz(seconds: float, rounds: int, seed: int, address: tuple[str, int] | None) -> Counter[str]:
    """Rounds until time or count is up; how they ended. Raises Wrong. Round n of a seed is always the same."""
    ends: Counter[str] = Counter()
    deadline = time.monotonic() + seconds
    for number in range(rounds):
        if time.monotonic() >= deadline:
            break
        r = random.Random(f"{seed}/{number}")
        try:
            if address is None:
                check_connection(r)
                ends["done"] += 1
                continue
            ends[check_server(r, address)] += 1
            if number % ROUNDS_PER_CHECK == 0:
                check_alive(address)
        except Wrong as wrong:
            wrong.add_note(f"round {number} of seed {seed}")
            raise
    if address is not None:
        check_alive(address)
    return ends


def _address(text: str) -> tuple[str, int]:
    """host:port on this machine: damaged messages are not for others' servers."""
    host, _, port = text.rpartition(":")
    host = {"localhost": "127.0.0.1"}.get(host, host.strip("[]"))
    try:
        loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = False
    if not loopback or not port.isdecimal():
        raise argparse.ArgumentTypeError("host:port on this machine, e.g. 127.0.0.1:5432")
    return host, int(port)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.wire_fuzz", description="Damaged conversations in protocol v3.")
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--rounds", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--connect", type=_address, default=None, metavar="HOST:PORT", help="a server on this machine")
    options = parser.parse_args(arguments)
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(2**32)
    print(f"seed {seed}, {len(SESSIONS)} conversations, {len(STARTUPS)} startups")
    try:
        ends = fuzz(options.seconds, options.rounds, seed, options.connect)
    except Wrong as wrong:
        print(wrong, *wrong.__notes__, sep="\n", file=sys.stderr)
        return 1
    print(f"{ends.total()} rounds: " + ", ".join(f"{count} {end}" for end, count in sorted(ends.items())))
    return 0


if __name__ == "__main__":
    sys.exit(main())
