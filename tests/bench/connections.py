"""Connections: how fast they come, what they cost while they are idle, how soon a statement of theirs is canceled."""

from __future__ import annotations

import contextlib
import resource
import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg

from tests.bench.measure import Bench, Result, rate
from tests.e2e.test_access import add_user
from tests.support import servers
from tests.support.certificates import Authority
from tests.support.servers import Server
from tests.support.wire import Wire, cancel_request, query

IDLE_CONNECTIONS = 10_000  # of pgiris; PostgreSQL, with a process for each, has
IDLE_PROCESSES = 1_000
CANCELS = 200
SECRET, PASSWORD = "secret", "correct horse"
ENDLESS = "SELECT count(*) FROM bench_numbers a, bench_numbers b, bench_numbers c, bench_numbers d"
HBA = "host all secret all scram-sha-256\n"
RULES = "host all secret all scram-sha-256;host all all 127.0.0.1/32 trust"


def connections(bench: Bench) -> Iterator[Result]:
    options = bench.timed("-f", bench.script("one.sql", "SELECT 1;\n"), "-C", "-c", "4", "-j", "2")
    yield bench.compare("connect, SELECT 1, disconnect; 4 clients", "/s", lambda s: rate(s, *options))
    with guarded(bench.scripts) as (postgres, pgiris):
        pair = replace(bench, postgres=postgres, pgiris=pgiris)
        for name, mode in (("SCRAM", "disable"), ("SCRAM and TLS", "require")):
            environment = {"PGUSER": SECRET, "PGPASSWORD": PASSWORD, "PGSSLMODE": mode}
            yield pair.compare(f"the same with {name}", "/s", lambda s, e=environment: rate(s, *options, environment=e))


@contextlib.contextmanager
def guarded(directory: Path) -> Iterator[tuple[Server, Server]]:
    """Both servers with TLS and a user who has to say a password."""
    certificate, key, users = directory / "server.pem", directory / "server.key", directory / "users"
    Authority().issue("localhost", certificate, key)
    add_user(users, SECRET, PASSWORD)
    settings = {"ssl": "on"}
    with (
        servers.postgres(settings, hba=HBA, certificate=(certificate, key)) as postgres,
        servers.pgiris(
            {"users_file": users, "tls_cert": certificate, "tls_key": key, "auth": RULES, "log_level": "warning"}
        ) as pgiris,
    ):
        with psycopg.connect(postgres.dsn(), autocommit=True) as connection:
            connection.execute(f"CREATE ROLE {SECRET} LOGIN PASSWORD '{PASSWORD}'")
        yield postgres, pgiris


def cancel(bench: Bench) -> Iterator[Result]:
    """From a CancelRequest, its connection included, to ReadyForQuery."""
    found = {server.kind: cancel_ms(server) for server in (bench.postgres, bench.pgiris)}
    for name, share in (("p50", 0.50), ("p99", 0.99)):
        theirs, ours = (sorted(found[kind])[int(CANCELS * share)] for kind in ("postgres", "pgiris"))
        yield Result(f"cancel of a running query, {name}", "ms", theirs, ours, less_is_better=True)


def cancel_ms(server: Server) -> list[float]:
    times = []
    with Wire(server) as wire:
        request = cancel_request(wire.pid, wire.key)
        for _ in range(CANCELS):
            wire.send(query(ENDLESS))
            time.sleep(0.02)
            started = time.perf_counter()
            with socket.create_connection((server.host, server.port)) as other:
                other.sendall(request)
                kinds = [reply.kind for reply in wire.until("Z")]
            times.append((time.perf_counter() - started) * 1000)
            assert "E" in kinds
    return times


def idle_memory(bench: Bench) -> Iterator[Result]:
    """Resident memory that an idle connection adds; PostgreSQL's is what its process has for itself."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, IDLE_CONNECTIONS + 200)), hard))
    theirs = idle_bytes(bench.postgres, IDLE_PROCESSES) / 1024
    with servers.pgiris(
        {"max_connections": IDLE_CONNECTIONS + 100, "max_connections_per_user": IDLE_CONNECTIONS + 100, "log_level": "warning"}
    ) as pgiris:
        ours = idle_bytes(pgiris, IDLE_CONNECTIONS) / 1024
    yield Result(f"memory of an idle connection, {IDLE_CONNECTIONS:,} of them", "KiB", theirs, ours, less_is_better=True)


def idle_bytes(server: Server, count: int) -> float:
    with Wire(server) as first:
        first.ask(query("SELECT 1"))
        before = own_bytes(server)
        with contextlib.ExitStack() as stack:
            for _ in range(count):
                stack.enter_context(Wire(server))
            return (own_bytes(server) - before) / count


def own_bytes(server: Server) -> int:
    return sum(process.own_bytes for process in server.processes())
