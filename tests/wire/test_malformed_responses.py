"""What comes of wrong messages while a client authenticates: the connection ends, and the client hears why.

Each case runs on PostgreSQL too, which shows that the table is right.
PostgreSQL: src/backend/libpq/auth-sasl.c
"""

from __future__ import annotations

import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.conftest import KINDS
from tests.support import servers
from tests.support.servers import DATABASE, Server
from tests.support.wire import Wire, message, startup

NAME = "guarded"
RULES = f"host all {NAME} all scram-sha-256\nhost all all all trust\n"

UNEXPECTED = "08P01 expected SASL response, got message type "
WRONG_PASSWORD = f'28P01 password authentication failed for user "{NAME}"'
NO_STRING = "08P01 invalid string in message"
TOO_SHORT = "08P01 insufficient data left in message"
TOO_LONG = "08P01 invalid message format"
MALFORMED = "08P01 malformed SCRAM message"
FIRST = b"n,,n=,r=abcdefghijklmnop"
MECHANISM = b"SCRAM-SHA-256"


def response(data: bytes, *, mechanism: bytes = MECHANISM, length: int | None = None) -> bytes:
    """A SASLInitialResponse that says length, by default the right one."""
    return message("p", mechanism + b"\0" + struct.pack("!i", len(data) if length is None else length) + data)


# What is sent in place of a SASLInitialResponse.
FIRST_CASES: dict[str, tuple[bytes, str]] = {
    "a Query": (message("Q", b"x\0"), f"{UNEXPECTED}81"),
    "Terminate": (message("X"), f"{UNEXPECTED}88"),
    "no message": (message("z"), f"{UNEXPECTED}122"),
    "one byte": (b"\0", f"{UNEXPECTED}0"),
    "no body": (message("p"), NO_STRING),
    "no end of the mechanism": (message("p", MECHANISM), NO_STRING),
    "no length": (message("p", MECHANISM + b"\0"), TOO_SHORT),
    "half a length": (message("p", MECHANISM + b"\0\0\0"), TOO_SHORT),
    "less than its length": (response(FIRST, length=100), TOO_SHORT),
    "length -2": (response(FIRST, length=-2), TOO_SHORT),
    "more than its length": (response(FIRST, length=5), TOO_LONG),
    "an unknown mechanism": (response(FIRST, mechanism=b"NIX"), "08P01 client selected an invalid SASL authentication mechanism"),
    "no data": (response(b""), MALFORMED),
    "other data": (response(b"hello"), MALFORMED),
    "a zero byte in the data": (response(FIRST + b"\0"), MALFORMED),
    "too much data": (response(b"n,,n=,r=" + b"a" * 1100), WRONG_PASSWORD),
}
# What is sent in place of the SASLResponse with the proof.
SECOND_CASES: dict[str, tuple[bytes, str]] = {
    "a Query": (message("Q", b"x\0"), f"{UNEXPECTED}81"),
    "no body": (message("p"), MALFORMED),
    "other data": (message("p", b"\xff\0"), MALFORMED),
}
# PostgreSQL takes these for a wrong password; pgiris says what they are.
LENGTHS = {"3": 3, "0": 0, "-1": -1, "65536": 65_536}


@pytest.fixture(scope="module", params=KINDS)
def guarded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that wants a password of one user."""
    directory = tmp_path_factory.mktemp("guarded")
    if request.param == "postgres":
        if reason := servers.postgres_missing():
            pytest.skip(reason)
        with tempfile.TemporaryDirectory() as name, servers.postgres({"hba_file": _rules_file(Path(name))}) as server:
            with psycopg.connect(server.dsn(), autocommit=True) as connection:
                connection.execute(f"CREATE ROLE {NAME} LOGIN PASSWORD 'x'")
            yield server
        return
    command = [sys.executable, "-m", "pgiris", "user", "add", NAME, "--users-file", directory / "users"]
    subprocess.run(command, input="x\n", text=True, check=True, capture_output=True)
    options = {"users_file": directory / "users", "auth": ";".join(RULES.strip().splitlines()), "allow_trust_from_anywhere": True}
    with servers.pgiris(options) as server:
        yield server


def _rules_file(directory: Path) -> Path:
    """In a directory that the user who runs PostgreSQL may enter, as pytest's own is not."""
    directory.chmod(0o755)
    path = directory / "pg_hba.conf"
    path.write_text(RULES)
    return path


def answer(server: Server, *sent: bytes) -> str:
    """The error that ends a login in which these are sent, each after an answer to the one before."""
    with Wire(server, login=False) as wire:
        wire.send(startup(user=NAME, database=DATABASE))
        for part in sent:
            assert wire.receive().kind == "R"
            wire.send(part)
        fields = wire.receive().fields
        assert wire.closed()
    assert fields["V"] == "FATAL"
    return f"{fields['C']} {fields['M']}"


@pytest.mark.parametrize("case", FIRST_CASES)
def test_a_wrong_first_response(guarded: Server, case: str) -> None:
    sent, error = FIRST_CASES[case]
    assert answer(guarded, sent) == error


@pytest.mark.parametrize("first", [response(FIRST), response(b"", length=-1)], ids=["after data", "after no data"])
@pytest.mark.parametrize("case", SECOND_CASES)
def test_a_wrong_second_response(guarded: Server, case: str, first: bytes) -> None:
    sent, error = SECOND_CASES[case]
    assert answer(guarded, first, sent) == error


@pytest.mark.parametrize("length", LENGTHS)
def test_a_wrong_length(guarded: Server, length: str) -> None:
    expected = "08P01 invalid message length" if guarded.is_pgiris else WRONG_PASSWORD
    assert answer(guarded, b"p" + struct.pack("!i", LENGTHS[length])) == expected
