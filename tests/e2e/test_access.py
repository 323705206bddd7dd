"""Who gets in, and how: TLS, passwords, certificates, rules, limits."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import psycopg
import pytest
from cryptography import x509

from tests.support import servers
from tests.support.certificates import Authority
from tests.support.servers import DATABASE, Server
from tests.support.wire import GSSENC_REQUEST, SSL_REQUEST, Wire, query, startup

PASSWORD = "correct horse ☃"
RULES = """
hostnossl all open all trust
hostnossl all nobody all reject
hostnossl all secret all scram-sha-256
hostnossl other all all trust
hostssl all machine all cert
hostssl all all all scram-sha-256
"""


def add_user(users_file: Path, name: str, password: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "pgiris", "user", "add", name, "--users-file", users_file],
        input=password + "\n", text=True, check=True, capture_output=True,
    )  # fmt: skip


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """ca.pem, server.pem/key, machine.pem/key, stranger.pem/key (of an authority that nobody knows), users."""
    directory = tmp_path_factory.mktemp("access")
    authority = Authority()
    authority.write(directory / "ca.pem")
    authority.issue("localhost", directory / "server.pem", directory / "server.key")
    authority.issue("machine", directory / "machine.pem", directory / "machine.key")
    Authority("Stranger").issue("machine", directory / "stranger.pem", directory / "stranger.key")
    for name in ("secret", "demo"):
        add_user(directory / "users", name, PASSWORD)
    return directory


@pytest.fixture(scope="module")
def guarded(files: Path) -> Iterator[Server]:
    """pgiris with TLS and the rules above."""
    options = {
        "users_file": files / "users",
        "tls_cert": files / "server.pem",
        "tls_key": files / "server.key",
        "tls_client_ca": files / "ca.pem",
        "auth": ";".join(RULES.strip().splitlines()),
        "allow_trust_from_anywhere": True,
        "databases": "other=USER",
        "startup_deadline_s": 3,
    }
    with servers.pgiris(options) as server:
        yield server


def connect(server: Server, **more: object) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(server.dsn(**{"sslmode": "disable", **more}))


def works(server: Server, **more: object) -> bool:
    with connect(server, **more) as connection:
        return connection.execute("SELECT 1").fetchone() == (1,)


def refused(server: Server, message: str, **more: object) -> None:
    with pytest.raises(psycopg.OperationalError, match=message):
        connect(server, **more)


def test_trust(guarded: Server) -> None:
    assert works(guarded, user="open")


def test_a_password(guarded: Server) -> None:
    assert works(guarded, user="secret", password=PASSWORD)


@pytest.mark.parametrize("password", ["wrong", PASSWORD + " ", "correct horse"])
def test_a_wrong_password(guarded: Server, password: str) -> None:
    refused(guarded, 'password authentication failed for user "secret"', user="secret", password=password)


def test_no_password(guarded: Server) -> None:
    refused(guarded, "no password supplied", user="secret")


def test_an_unknown_user_is_told_no_more_than_one_with_a_wrong_password(guarded: Server) -> None:
    refused(guarded, 'password authentication failed for user "unknown"', user="unknown", password="x", sslmode="require")


def test_an_unknown_user_takes_as_long_as_a_known_one(guarded: Server) -> None:
    def seconds(user: str) -> float:
        durations = []
        for _ in range(15):
            started = time.perf_counter()
            refused(guarded, "password authentication failed", user=user, password="wrong", sslmode="require")
            durations.append(time.perf_counter() - started)
        return sorted(durations)[7]

    assert seconds("unknown") == pytest.approx(seconds("demo"), rel=0.5)


def test_rules_are_taken_in_order(guarded: Server) -> None:
    refused(guarded, "pg_hba.conf rejects connection for host", user="nobody")
    refused(guarded, "no pg_hba.conf entry for host", user="demo")
    assert works(guarded, user="demo", dbname="other")


def test_tls_with_a_password(guarded: Server) -> None:
    with connect(guarded, sslmode="require", password=PASSWORD) as connection:
        assert connection.pgconn.ssl_in_use
        assert connection.execute("SELECT 1").fetchone() == (1,)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_tls_with_a_verified_server(guarded: Server, files: Path, host: str) -> None:
    assert works(guarded, sslmode="verify-full", sslrootcert=files / "ca.pem", host=host, password=PASSWORD)


def test_a_server_of_another_authority_is_not_trusted(guarded: Server, files: Path) -> None:
    refused(guarded, "certificate verify failed", sslmode="verify-full", sslrootcert=files / "stranger.pem", password=PASSWORD)


@pytest.mark.parametrize("version", ["TLSv1.2", "TLSv1.3"])
def test_versions_of_tls(guarded: Server, version: str) -> None:
    limits = {"ssl_min_protocol_version": version, "ssl_max_protocol_version": version}
    assert works(guarded, sslmode="require", password=PASSWORD, **limits)


def test_channel_binding(guarded: Server) -> None:
    assert works(guarded, sslmode="require", channel_binding="require", password=PASSWORD)
    refused(guarded, "channel binding", user="secret", channel_binding="require", password=PASSWORD)


def test_direct_tls(guarded: Server) -> None:
    if psycopg.pq.version() < 170000:
        pytest.skip(f"direct TLS came with libpq 17; this is {psycopg.pq.version_pretty()}")
    assert works(guarded, sslmode="require", sslnegotiation="direct", password=PASSWORD)


def test_direct_tls_needs_its_protocol_name(guarded: Server) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with socket.create_connection((guarded.host, guarded.port), timeout=10) as plain:
        try:
            with context.wrap_socket(plain) as secure:
                secure.sendall(startup(user="demo", database=DATABASE))
                assert secure.recv(1) != b"R"
        except OSError:
            pass  # the server may end the handshake or the connection after it


def test_a_client_certificate(guarded: Server, files: Path) -> None:
    own = {"sslcert": files / "machine.pem", "sslkey": files / "machine.key"}
    assert works(guarded, user="machine", sslmode="verify-full", sslrootcert=files / "ca.pem", **own)


def test_the_connections_encryption_is_shown(guarded: Server, files: Path) -> None:
    columns = (
        "SELECT ssl, version, cipher, bits, client_dn, client_serial, issuer_dn FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
    )
    own = {"sslcert": files / "machine.pem", "sslkey": files / "machine.key"}
    serial = x509.load_pem_x509_certificate((files / "machine.pem").read_bytes()).serial_number
    with connect(guarded, user="machine", sslmode="require", ssl_min_protocol_version="TLSv1.3", **own) as connection:
        row = connection.execute(columns).fetchone()
    assert row is not None
    encrypted, version, cipher, bits, client, number, issuer = row
    assert (encrypted, version, client, number, issuer) == (True, "TLSv1.3", "/CN=machine", serial, "/CN=Test authority")
    assert (str(cipher)[:4], bits) in (("TLS_", 128), ("TLS_", 256))
    with connect(guarded, sslmode="require", password=PASSWORD, sslcertmode="disable") as connection:
        row = connection.execute(columns).fetchone()
        assert row is not None
        assert (row[0], row[4:]) == (True, (None, None, None))
    with connect(guarded, user="open") as connection:
        assert connection.execute(columns).fetchone() == (False, *(None,) * 6)


def test_no_client_certificate(guarded: Server) -> None:
    refused(guarded, "certificate", user="machine", sslmode="require", sslcertmode="disable")


def test_the_certificate_of_a_stranger(guarded: Server, files: Path) -> None:
    own = {"sslcert": files / "stranger.pem", "sslkey": files / "stranger.key"}
    refused(guarded, "SSL|certificate|server closed", user="machine", sslmode="require", **own)


def test_a_certificate_for_somebody_else(guarded: Server, files: Path) -> None:
    own = {"sslcert": files / "machine.pem", "sslkey": files / "machine.key", "password": PASSWORD}
    assert works(guarded, user="demo", sslmode="require", **own)  # the rule for demo asks for a password


def test_asyncpg_over_tls(guarded: Server, files: Path) -> None:
    async def work() -> None:
        context = ssl.create_default_context(cafile=str(files / "ca.pem"))
        parameters = {**guarded.parameters, "database": DATABASE, "password": PASSWORD}
        connection = await asyncpg.connect(**parameters, ssl=context)
        assert await connection.fetchval("SELECT 1") == 1
        await connection.close()
        with pytest.raises(asyncpg.InvalidPasswordError):
            await asyncpg.connect(**parameters | {"password": "wrong"}, ssl=context)

    asyncio.run(work())


def test_cancel_over_tls(guarded: Server) -> None:
    with connect(guarded, sslmode="require", password=PASSWORD) as connection:
        connection.execute("SET statement_timeout = '20s'")
        cancel = connection.pgconn.cancel_conn() if psycopg.pq.version() >= 170000 else None
        if cancel is None:
            pytest.skip("cancelling over TLS came with libpq 17")
        connection.pgconn.send_query(b"SELECT pg_sleep(10)")
        time.sleep(0.3)
        cancel.start()
        while cancel.poll() not in (psycopg.pq.PollingStatus.OK, psycopg.pq.PollingStatus.FAILED):
            time.sleep(0.01)
        result = connection.pgconn.get_result()
        assert result is not None
        assert result.error_field(psycopg.pq.DiagnosticField.SQLSTATE) == b"57014"
        connection.pgconn.get_result()


def test_nothing_may_be_smuggled_in_before_tls(guarded: Server) -> None:
    """CVE-2021-23214: what a man in the middle sends along with the SSLRequest must not be taken as sent under TLS."""
    with socket.create_connection((guarded.host, guarded.port), timeout=10) as plain, plain.makefile("rb") as answer:
        plain.sendall(SSL_REQUEST + startup(user="open", database=DATABASE))
        received = answer.read()
    assert b"R\0\0\0\x08\0\0\0\0" not in received
    assert received == b"" or b"received unencrypted data after SSL request" in received


def test_encryption_by_gssapi_is_declined(guarded: Server) -> None:
    with Wire(guarded, login=False) as wire:
        wire.send(GSSENC_REQUEST)
        assert wire.receive_byte() == b"N"
        wire.send(SSL_REQUEST)
        assert wire.receive_byte() == b"S"


def test_a_server_without_tls_says_so(server: Server) -> None:
    with Wire(server, login=False) as wire:
        wire.send(SSL_REQUEST)
        assert wire.receive_byte() == b"N"
        wire.send(startup(user="demo", database=DATABASE))
        assert wire.until("Z")[-1].kind == "Z"
    with pytest.raises(psycopg.OperationalError, match="server does not support SSL"):
        psycopg.connect(server.dsn(sslmode="require"))


def test_a_client_that_says_nothing_is_not_waited_for(guarded: Server) -> None:
    with Wire(guarded, login=False) as wire:
        started = time.monotonic()
        assert [reply.kind for reply in wire.until("never")] in ([], ["E"])
        assert 2 < time.monotonic() - started < 8


def test_new_users_and_certificates_are_taken_without_restart(guarded: Server, files: Path) -> None:
    refused(guarded, "password authentication failed", user="late", password="tea time", sslmode="require")
    add_user(files / "users", "late", "tea time")
    assert works(guarded, user="late", password="tea time", sslmode="require")

    authority = Authority("Second authority")
    second = authority.write(files / "second.pem")
    authority.issue("localhost", files / "server.pem", files / "server.key")
    os.kill(guarded.process.pid, signal.SIGHUP)
    deadline = time.monotonic() + 10
    while True:
        try:
            assert works(guarded, sslmode="verify-full", sslrootcert=second, password=PASSWORD)
            return
        except psycopg.OperationalError:
            assert time.monotonic() < deadline
            time.sleep(0.1)


def test_secrets_are_not_logged(guarded: Server) -> None:
    assert PASSWORD not in guarded.log_text
    assert "tea time" not in guarded.log_text


def test_limits_of_connections() -> None:
    limits = {"max_connections": 6, "max_connections_per_user": 4}
    with servers.pgiris(limits) as server, contextlib.ExitStack() as stack:
        kept = [stack.enter_context(connect(server)) for _ in range(4)]
        refused(server, 'too many connections for role "demo"')
        kept += [stack.enter_context(connect(server, user="other")) for _ in range(2)]
        refused(server, "sorry, too many clients already", user="third")
        kept[0].close()
        servers.wait_until(lambda: _let_in(server), 5, "a place becomes free")


def _let_in(server: Server) -> bool:
    try:
        return works(server, user="third")
    except psycopg.OperationalError:
        return False


def test_the_code_of_a_refused_connection_is_53300() -> None:
    with servers.pgiris({"max_connections": 1}) as server, Wire(server), Wire(server, login=False) as second:
        second.send(startup(user="demo", database=DATABASE))
        assert [str(reply) for reply in second.until("never")] == ["E 53300"]


@pytest.mark.parametrize(
    ("packet", "message"),
    [
        (startup(version=2 << 16, user="demo"), "unsupported frontend protocol 2.0"),
        (startup(version=4 << 16, user="demo"), "unsupported frontend protocol 4.0"),
        (startup(database="USER"), "no PostgreSQL user name specified in startup packet"),
        (b"\0\0\0\x14\0\3\0\0user\0demo\0xy", "invalid startup packet layout: expected terminator as last byte"),
        (b"\0\0\0\3", ""),
        (b"\x7f\xff\xff\xff", ""),
    ],
    ids=["version 2", "version 4", "no user", "no end", "too short", "too long"],
)
def test_bad_startup_packets(server: Server, packet: bytes, message: str) -> None:
    with socket.create_connection((server.host, server.port), timeout=10) as plain, plain.makefile("rb") as answer:
        plain.sendall(packet)
        plain.shutdown(socket.SHUT_WR)
        assert message.encode() in answer.read()


def test_a_newer_minor_version_is_negotiated(server: Server) -> None:
    with Wire(server, login=False) as wire:
        wire.send(startup((3 << 16) + 9999, user="demo", database=DATABASE, **{"_pq_.unknown": "1"}))
        first = wire.receive()
        assert first.kind == "v"
        assert b"_pq_.unknown\0" in first.body
        assert wire.until("Z")[-1].kind == "Z"
        assert wire.ask(query("SELECT 1 AS a"))[-1] == "Z I"
