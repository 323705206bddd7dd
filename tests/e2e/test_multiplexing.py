"""Many clients share few sessions of the backend, and nobody meets what another one left there.

Every client marks all that it does with its own number and looks for other numbers. It does so in the ways that are known to
leak: settings, transactions that end badly or never, cursors and statements of one name, identities, isolation, locks,
notifications, namespaces.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import re
import time
import urllib.request
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
import psycopg
import pytest

from pgiris.backend.sandbox import SandboxBackend
from tests.support import fake_iris
from tests.support.servers import Server, free_port, pgiris

WORKERS = 8
CONNECTING = 50  # at a time
OTHER = "SALES"  # a second namespace
HELD_S = 0.3
PATIENCE_S = 60.0
PATIENT = "lock_timeout=120s"  # the sandbox has one lock for all writers, and no queue for it


@dataclass
class World:
    """What all clients know: how many rows each has committed."""

    server: Server
    rounds: int
    committed: Counter[int] = field(default_factory=Counter)
    done: Counter[str] = field(default_factory=Counter)


class Client:
    def __init__(self, world: World, number: int, database: str) -> None:
        self.world, self.number, self.database = world, number, database
        self.random = random.Random(number)
        self.connection: Any = None
        self.heard: list[str] = []

    async def connect(self) -> None:
        server = self.world.server
        self.connection = await asyncpg.connect(
            host=server.host, port=server.port, user=f"client{self.number}", database=self.database, timeout=60
        )

    async def live(self) -> None:
        for action in self.random.sample(ACTIONS, self.world.rounds):
            await action(self)
            self.world.done[action.__name__] += 1
            await self.is_clean()
        if self.connection is not None:
            await self.connection.close()

    async def is_clean(self) -> None:
        """Nothing of anybody else's, in a statement that any worker may run."""
        if self.connection is None:
            return
        process = await self.connection.fetchrow("SELECT $TLEVEL, $NAMESPACE")
        assert tuple(process) == (0, self.database), tuple(process)
        session = await self.connection.fetchrow("SELECT current_user, current_database()")
        assert tuple(session) == (f"client{self.number}", self.database), tuple(session)

    async def own_rows(self) -> int:
        return int(await self.connection.fetchval("SELECT count(*) FROM marks WHERE client = $1", self.number))


async def settings(client: Client) -> None:
    mine = str(client.number)
    run = client.connection
    await run.execute(f"SET application_name = 'app{mine}'; SET app.tenant = '{mine}'; SET DateStyle = 'German'")
    await run.execute(f"SET statement_timeout = {100_000 + client.number}; SET lock_timeout = {200_000 + client.number}")
    await run.fetchval("SELECT $TLEVEL")
    for name, value in (
        ("application_name", f"app{mine}"),
        ("app.tenant", mine),
        ("statement_timeout", f"{100_000 + client.number}ms"),
        ("lock_timeout", f"{200_000 + client.number}ms"),
    ):
        assert await run.fetchval(f"SHOW {name}") == value
    shown = await run.fetchval("SELECT CAST(made AS text) FROM marks_days WHERE day = 1")
    assert shown in ("29.02.2024", "2024-02-29"), shown
    await run.execute("RESET ALL")


async def committed(client: Client) -> None:
    run = client.connection
    async with run.transaction():
        before = await client.own_rows()
        await run.execute("INSERT INTO marks (client, note) VALUES ($1, 'kept')", client.number)
        assert await client.own_rows() == before + 1
    client.world.committed[client.number] += 1


async def rolled_back(client: Client) -> None:
    transaction = client.connection.transaction()
    await transaction.start()
    await client.connection.execute("INSERT INTO marks (client, note) VALUES ($1, 'undone')", client.number)
    await transaction.rollback()
    assert await client.own_rows() == client.world.committed[client.number]


async def failed(client: Client) -> None:
    """A transaction that fails stays failed for its client, and for nobody else."""
    run = client.connection
    await run.execute("BEGIN")
    await run.execute("INSERT INTO marks (client, note) VALUES ($1, 'lost')", client.number)
    with pytest.raises(asyncpg.UndefinedTableError):
        await run.execute("SELECT a FROM nowhere")
    with pytest.raises(asyncpg.InFailedSQLTransactionError):
        await run.fetchval("SELECT count(*) FROM marks")
    await run.execute("COMMIT")
    assert await client.own_rows() == client.world.committed[client.number]


async def savepoints(client: Client) -> None:
    """All use one name."""
    run = client.connection
    await run.execute("BEGIN; SAVEPOINT s")
    await run.execute("INSERT INTO marks (client, note) VALUES ($1, 'undone')", client.number)
    await run.execute("ROLLBACK TO s")
    await run.execute("INSERT INTO marks (client, note) VALUES ($1, 'kept')", client.number)
    await run.execute("COMMIT")
    client.world.committed[client.number] += 1
    assert await client.own_rows() == client.world.committed[client.number]


async def cursors(client: Client) -> None:
    """All use one name; some are left open by the end of their transaction."""
    run = client.connection
    await run.execute("BEGIN")
    await run.execute(f"DECLARE c CURSOR FOR SELECT n, {client.number} AS mine FROM numbers ORDER BY n")
    first = await run.fetch("FETCH 3 FROM c")
    await asyncio.sleep(0)
    second = await run.fetch("FETCH 2 FROM c")
    assert [tuple(row) for row in first + second] == [(n, client.number) for n in range(5)]
    await run.execute("COMMIT" if client.number % 2 else "ROLLBACK")
    with pytest.raises(asyncpg.InvalidCursorNameError):
        await run.fetch("FETCH 1 FROM c")


async def statements(client: Client) -> None:
    """All use one name for a statement of their own."""
    run = client.connection
    await run.execute(f"PREPARE p AS SELECT {client.number} + n FROM numbers WHERE n = 1")
    assert await run.fetchval("EXECUTE p") == client.number + 1
    await run.execute("DEALLOCATE p")
    with pytest.raises(asyncpg.InvalidSQLStatementNameError):
        await run.execute("EXECUTE p")


async def identities(client: Client) -> None:
    note = f"identity of {client.number}"
    row = await client.connection.fetchrow("INSERT INTO orders (note) VALUES ($1) RETURNING id, note", note)
    assert row["note"] == note
    assert await client.connection.fetchval("SELECT note FROM orders WHERE id = $1", row["id"]) == note


async def isolation(client: Client) -> None:
    level = client.random.choice(("read committed", "read uncommitted"))
    async with client.connection.transaction(isolation=level.replace(" ", "_"), readonly=True):
        assert await client.connection.fetchval("SHOW transaction_isolation") == level
        assert await client.connection.fetchval("SHOW transaction_read_only") == "on"
        with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
            await client.connection.execute("INSERT INTO marks (client, note) VALUES (0, 'never')")
    assert await client.connection.fetchval("SHOW transaction_isolation") == "read committed"
    assert await client.connection.fetchval("SHOW transaction_read_only") == "off"


async def advisory_locks(client: Client) -> None:
    run = client.connection
    assert await run.fetchval("SELECT pg_try_advisory_lock($1)", client.number)
    await run.fetchval("SELECT count(*) FROM marks")
    assert await run.fetchval("SELECT pg_advisory_unlock($1)", client.number)
    assert not await run.fetchval("SELECT pg_advisory_unlock($1)", client.number + 1_000_000)


async def notifications(client: Client) -> None:
    mine = f"channel{client.number}"
    arrived = asyncio.Event()

    def hear(_: Any, __: int, channel: str, payload: str) -> None:
        client.heard.append(f"{channel}: {payload}")
        arrived.set()

    await client.connection.add_listener(mine, hear)
    await client.connection.execute(f"NOTIFY {mine}, '{client.number}'")
    async with asyncio.timeout(PATIENCE_S):
        await arrived.wait()
    assert client.heard == [f"{mine}: {client.number}"]
    await client.connection.remove_listener(mine, hear)


async def temporary_tables(client: Client) -> None:
    """Refused, or one's own."""
    run = client.connection
    await run.execute("BEGIN")
    try:
        await run.execute("CREATE TEMPORARY TABLE scratch (client int)")
    except asyncpg.FeatureNotSupportedError:
        await run.execute("ROLLBACK")
        return
    await run.execute("INSERT INTO scratch VALUES ($1)", client.number)
    assert [row["client"] for row in await run.fetch("SELECT client FROM scratch")] == [client.number]
    await run.execute("ROLLBACK")


async def gone_in_the_middle(client: Client) -> None:
    """The connection breaks while a transaction is open; a new one sees nothing of it."""
    await client.connection.execute("BEGIN")
    await client.connection.execute("INSERT INTO marks (client, note) VALUES ($1, 'lost')", client.number)
    client.connection.terminate()
    await client.connect()
    async with asyncio.timeout(PATIENCE_S):
        while await client.own_rows() != client.world.committed[client.number]:  # noqa: ASYNC110 - it may not be noticed yet
            await asyncio.sleep(0.05)


async def cancelled(client: Client) -> None:
    """A statement that is stopped in a worker that others use."""
    await client.connection.execute("SET statement_timeout = 50")
    with pytest.raises(asyncpg.QueryCanceledError):
        await client.connection.fetchval("SELECT count(*) FROM numbers a, numbers b, numbers c WHERE a.n + b.n + c.n < 0")
    await client.connection.execute("RESET statement_timeout")


ACTIONS: tuple[Callable[[Client], Awaitable[None]], ...] = (
    settings, committed, rolled_back, failed, savepoints, cursors, statements, identities, isolation, advisory_locks,
    notifications, temporary_tables, gone_in_the_middle,
)  # fmt: skip


def prepare(server: Server, database: str) -> None:
    parameters = {"host": server.host, "port": server.port, "user": "admin", "dbname": database, "autocommit": True}
    with psycopg.connect(**parameters) as client:  # type: ignore[call-overload]
        client.execute("CREATE TABLE marks (client int NOT NULL, note text)")
        client.execute("CREATE TABLE marks_days (day int PRIMARY KEY, made date)")
        client.execute("INSERT INTO marks_days VALUES (1, '2024-02-29')")
        client.execute("CREATE TABLE orders (id serial PRIMARY KEY, note text)")
        client.execute("CREATE TABLE numbers (n int PRIMARY KEY)")
        with client.cursor() as cursor:
            cursor.executemany("INSERT INTO numbers VALUES (%s)", [(n,) for n in range(300)])


async def live_together(world: World, count: int) -> None:
    clients = [Client(world, number, OTHER if number % 20 == 0 else "USER") for number in range(1, count + 1)]
    doors = asyncio.Semaphore(CONNECTING)

    async def enter(client: Client) -> None:
        async with doors:
            await client.connect()

    await asyncio.gather(*map(enter, clients))
    async with asyncio.TaskGroup() as group:
        for client in clients:
            group.create_task(client.live())


@contextmanager
def sandbox(folder: Path) -> Iterator[Server]:
    SandboxBackend(folder / "sandbox").create(OTHER)
    port = free_port()
    options = {
        "sandbox_path": folder / "sandbox",
        "pool_size": WORKERS,
        "max_workers": WORKERS,
        "pool_wait_s": 120,
        "settings": PATIENT,
    }
    with pgiris({**options, "max_connections": 0, "metrics_port": port}) as server:
        yield server


@contextmanager
def dbapi(folder: Path) -> Iterator[Server]:
    SandboxBackend(folder / "sandbox").create(OTHER)
    (folder / "password").write_text("SYS\n")
    root = str(Path(fake_iris.__file__).parents[3])
    environment = {fake_iris.VARIABLE: str(folder), "PYTHONPATH": os.pathsep.join((str(fake_iris.DRIVER), root))}
    options = {"backend": "dbapi", "iris_password_file": folder / "password", "pool_size": WORKERS, "max_workers": WORKERS}
    with pgiris({**options, "pool_wait_s": 120, "max_connections": 0, "settings": PATIENT}, environment=environment) as server:
        yield server


@pytest.mark.parametrize(("backend", "count", "rounds"), [(sandbox, 1000, 1), (dbapi, 40, 2)], ids=["sandbox", "dbapi"])
def test_nobody_meets_what_another_client_left(tmp_path: Path, backend: Any, count: int, rounds: int) -> None:
    with backend(tmp_path) as server:
        for database in ("USER", OTHER):
            prepare(server, database)
        world = World(server, rounds)
        asyncio.run(live_together(world, count))
        assert sum(world.done.values()) == count * rounds
        assert set(world.done) == {action.__name__ for action in ACTIONS}
        found: Counter[int] = Counter()
        for database in ("USER", OTHER):
            parameters = {"host": server.host, "port": server.port, "user": "admin", "dbname": database}
            with psycopg.connect(**parameters) as client:  # type: ignore[call-overload]
                rows = client.execute("SELECT client, note FROM marks").fetchall()
            assert {note for _, note in rows} <= {"kept"}
            assert {number % 20 == 0 for number, _ in rows} <= {database == OTHER}
            found.update(number for number, _ in rows)
        assert found == world.committed
        assert len(server.workers()) <= WORKERS + 3  # and the catalogs' workers, and the process that forks them


def test_whoever_waits_too_long_is_told_so_and_the_queue_is_counted(tmp_path: Path) -> None:
    port = free_port()
    options = {"pool_size": 2, "pool_wait_s": HELD_S, "metrics_port": port}
    with pgiris(options) as server, contextlib.ExitStack() as held:
        parameters = {"host": server.host, "port": server.port, "user": "demo", "dbname": "USER"}
        holders = [held.enter_context(psycopg.connect(**parameters)) for _ in range(2)]  # type: ignore[call-overload]
        for holder in holders:
            holder.execute("SELECT $TLEVEL").fetchone()  # in a transaction, which keeps its worker
        with psycopg.connect(autocommit=True, **parameters) as late:  # type: ignore[call-overload]
            began = time.monotonic()
            with pytest.raises(psycopg.errors.TooManyConnections, match="no backend connection became free within") as told:
                late.execute("SELECT $TLEVEL")
            assert HELD_S <= time.monotonic() - began < 20
            assert "raise pool_size" in (told.value.diag.message_hint or "")
            metrics = urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10).read().decode()
            assert re.search(r"^pgiris_lease_failures_total\S* 1.0$", metrics, re.MULTILINE)
            assert re.search(r"^pgiris_lease_waiting\S* 0.0$", metrics, re.MULTILINE)
            for holder in holders:
                holder.close()
            assert late.execute("SELECT $TLEVEL").fetchone() == (0,)


def test_workers_go_round(tmp_path: Path) -> None:
    """First come, first served: 20 clients that come again and again wait for two workers, and none gets many turns more."""
    turns = 400

    async def take_turns(server: Server) -> list[int]:
        clients = [await asyncpg.connect(host=server.host, port=server.port, user="demo", database="USER") for _ in range(20)]
        counts = [0] * len(clients)

        async def one(number: int) -> None:
            while sum(counts) < turns:
                async with clients[number].transaction():
                    await clients[number].fetchval("SELECT $TLEVEL")
                    await asyncio.sleep(0.001)
                counts[number] += 1

        await asyncio.gather(*map(one, range(len(clients))))
        for client in clients:
            await client.close()
        return counts

    with pgiris({"pool_size": 2}) as server:
        counts = asyncio.run(take_turns(server))
    assert min(counts) >= turns / len(counts) / 2, counts
