"""pgiris in front of IRIS, or of what the tests have for it: clients on the backends dbapi and embedded, and logins.

The stand-in (tests/support/fake_iris) has the shapes of IRIS's Python packages and the behaviour of the sandbox.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest

from tests.support import fake_iris
from tests.support.issue import Made, make
from tests.support.servers import Server, pgiris, wait_until

ROOT = Path(fake_iris.__file__).parents[3]
USERS = {
    "_SYSTEM": {"password": "SYS"},
    "alice": {"password": "wonder"},
    "bob": {"password": "builder"},
    "carol": {"password": "old", "state": "Password has expired"},
    "dave": {"password": "x", "state": "User account is locked"},
}


@contextmanager
def server(folder: Path, package: Path, **options: object) -> Iterator[Server]:
    (folder / "users.json").write_text(json.dumps(USERS))
    (folder / "password").write_text("SYS\n")
    paths = [str(package), str(ROOT), os.environ.get("PYTHONPATH", "")]
    environment = {fake_iris.VARIABLE: str(folder), "PYTHONPATH": os.pathsep.join(filter(None, paths))}
    with pgiris({"iris_reconnect_s": 1, **options}, environment=environment) as running:
        yield running


def dbapi(folder: Path, **options: object) -> contextmanager[Server]:  # type: ignore[valid-type]
    return server(folder, fake_iris.DRIVER, backend="dbapi", iris_password_file=folder / "password", **options)


def embedded(folder: Path, **options: object) -> contextmanager[Server]:  # type: ignore[valid-type]
    return server(folder, fake_iris.EMBEDDED, backend="embedded", iris_python=sys.executable, **options)


def connect(to: Server, **parameters: object) -> psycopg.Connection[tuple[object, ...]]:
    given = {"host": to.host, "port": to.port, "user": "demo", "dbname": "USER", "autocommit": True, **parameters}
    return psycopg.connect(**given)  # type: ignore[arg-type]


@pytest.fixture(scope="module", params=[dbapi, embedded], ids=["dbapi", "embedded"])
def running(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with request.param(tmp_path_factory.mktemp("iris")) as found:
        yield found


def test_a_client_works_as_with_postgresql(running: Server) -> None:
    with connect(running) as client:
        client.execute(
            "CREATE TABLE things (id serial PRIMARY KEY, name text NOT NULL, price numeric(8,2), made date, at timestamptz)"
        )
        (number,) = client.execute(
            "INSERT INTO things (name, price, made, at) VALUES (%s, %s, %s, %s) RETURNING id",
            ("Ünï€", "1.50", "2024-02-29", "2024-02-29 12:00:00+02"),
        ).fetchone() or (None,)
        assert number == 1
        client.execute("SET TIME ZONE 'UTC'")
        row = client.execute("SELECT name, price, made, at FROM things WHERE id = %s", (number,)).fetchone()
        assert row == ("Ünï€", Decimal("1.50"), date(2024, 2, 29), datetime(2024, 2, 29, 10, tzinfo=UTC))
        assert str(row[1]) == "1.50"
        with pytest.raises(psycopg.errors.NotNullViolation) as refused:
            client.execute("INSERT INTO things (name) VALUES (NULL)")
        assert refused.value.diag.column_name == "name"
        with client.transaction():
            client.execute("DELETE FROM things")
            with pytest.raises(psycopg.errors.UndefinedTable), client.transaction():
                client.execute("SELECT 1 FROM nowhere")
        assert client.execute("SELECT count(*) FROM things").fetchone() == (0,)
        client.execute("DROP TABLE things")


def test_an_unknown_database_is_told_as_postgresql_does(running: Server) -> None:
    with pytest.raises(psycopg.OperationalError, match='database "nowhere" does not exist'):
        connect(running, dbname="nowhere")


def test_rows_beyond_one_block_come_whole(running: Server) -> None:
    with connect(running) as client:
        client.execute("CREATE TABLE many (id int, t text)")
        with client.cursor() as cursor:
            cursor.executemany("INSERT INTO many VALUES (%s, %s)", [(n, "x" * 100) for n in range(1000)])
        rows = client.execute("SELECT a.id, b.t FROM many a, many b WHERE b.id < 5 ORDER BY a.id, b.id").fetchall()
        assert [row[0] for row in rows] == [n for n in range(1000) for _ in range(5)]
        client.execute("DROP TABLE many")


def test_enums_are_kept_and_checked(running: Server) -> None:
    with connect(running) as client, connect(running) as other:
        client.execute("CREATE TYPE level AS ENUM ('low', 'high')")
        client.execute("CREATE TABLE levels (id int PRIMARY KEY, a level DEFAULT 'high', b level[])")
        client.execute("ALTER TYPE level ADD VALUE 'middle' BEFORE 'high'")
        client.execute("INSERT INTO levels (id, a, b) VALUES (1, 'low', '{high}'), (2, 'middle', NULL)")
        client.execute("INSERT INTO levels (id) VALUES (%s)", (3,))
        assert other.execute("SELECT a, b FROM levels WHERE a > 'low' ORDER BY a DESC").fetchall() == [
            ("high", None), ("middle", None)
        ]  # fmt: skip
        assert other.execute("SELECT min(a), max(a) FROM levels WHERE a = ANY (%s::level[])", (["low", "high"],)).fetchall() == [
            ("low", "high")
        ]
        for statement in ("INSERT INTO levels VALUES (4, 'lo')", "SELECT id FROM levels WHERE a = 'lo'"):
            with pytest.raises(psycopg.errors.InvalidTextRepresentation):
                other.execute(statement.encode())
        assert other.execute(
            "SELECT udt_name FROM information_schema.columns WHERE table_name = 'levels' ORDER BY ordinal_position"
        ).fetchall() == [("int4",), ("level",), ("_level",)]
        client.execute("ALTER TABLE levels DROP COLUMN b")
        client.execute("ALTER TYPE level RENAME VALUE 'low' TO 'least'")
        assert other.execute("SELECT a FROM levels ORDER BY a").fetchall() == [("least",), ("middle",), ("high",)]
        client.execute("CREATE TYPE other AS ENUM ('high', 'middle', 'least')")
        client.execute("ALTER TABLE levels ALTER a DROP DEFAULT, ALTER a TYPE other USING a::text::other")
        assert other.execute("SELECT a FROM levels ORDER BY a").fetchall() == [("high",), ("middle",), ("least",)]
        client.execute("DROP TYPE level")
        client.execute("DROP TYPE other CASCADE")
        assert other.execute("SELECT * FROM levels ORDER BY id").fetchall() == [(1,), (2,), (3,)]
        client.execute("DROP TABLE levels")


def test_sequences_comments_and_what_iris_counts(running: Server) -> None:
    with connect(running) as client, connect(running) as other:
        client.execute("CREATE SEQUENCE drawn_seq START 10 INCREMENT 5")
        client.execute("CREATE TABLE drawn (id bigint PRIMARY KEY DEFAULT nextval('drawn_seq'), name varchar(10))")
        client.execute("CREATE TABLE counted (id serial PRIMARY KEY, name varchar(10))")
        client.execute("COMMENT ON COLUMN drawn.name IS 'what it is called'")
        assert client.execute("INSERT INTO drawn (name) VALUES ('a'), ('b') RETURNING id").fetchall() == [(10,), (15,)]
        assert other.execute("SELECT nextval('drawn_seq') FROM drawn").fetchall() == [(20,), (25,)]
        assert client.execute("SELECT currval('drawn_seq'), lastval()").fetchone() == (15, 15)
        client.execute("INSERT INTO counted (name) VALUES ('a')")
        other.execute("INSERT INTO counted (name) VALUES ('b')")
        assert client.execute("SELECT lastval() = (SELECT id FROM counted WHERE name = 'a')").fetchone() == (True,)
        assert client.execute("SELECT col_description('drawn'::regclass, 2)").fetchone() == ("what it is called",)
        seen = client.execute("SELECT relname, relkind FROM pg_class WHERE relkind IN ('r', 'S') AND oid > 16384 ORDER BY 1")
        assert seen.fetchall() == [("counted", "r"), ("counted_id_seq", "S"), ("drawn", "r"), ("drawn_seq", "S")]
        client.execute("DROP TABLE drawn, counted")
        client.execute("DROP SEQUENCE drawn_seq")


# Logins


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    made: Made = make("localhost", san=["localhost", "127.0.0.1"])
    return made.write(tmp_path_factory.mktemp("tls"), "server")


@pytest.fixture(scope="module")
def delegating(tmp_path_factory: pytest.TempPathFactory, tls: tuple[Path, Path]) -> Iterator[tuple[Server, Path]]:
    folder = tmp_path_factory.mktemp("delegating")
    rules = "hostssl all all all password; host all all all reject"
    options = {"tls_cert": tls[0], "tls_key": tls[1], "auth": rules, "iris_login_cache_s": 0, "max_workers": 4}
    with dbapi(folder, **options) as found:
        yield found, folder


def test_iris_checks_passwords_and_statements_run_as_that_user(delegating: tuple[Server, Path]) -> None:
    running, _ = delegating
    for user, password in (("alice", "wonder"), ("bob", "builder"), ("alice", "wonder")):
        with connect(running, user=user, password=password, sslmode="require") as client:
            assert client.execute("SELECT $USERNAME").fetchone() == (user,)


@pytest.mark.parametrize(
    ("user", "password", "words", "state"),
    [
        ("alice", "wrong", 'password authentication failed for user "alice"', "28P01"),
        ("nobody", "x", 'password authentication failed for user "nobody"', "28P01"),
        ("carol", "old", 'password authentication failed for user "carol"', "28P01"),
        ("dave", "x", 'IRIS account "dave" is locked', "28000"),
    ],
)
def test_what_iris_refuses_is_refused(delegating: tuple[Server, Path], user: str, password: str, words: str, state: str) -> None:
    with pytest.raises(psycopg.OperationalError, match=words):
        connect(delegating[0], user=user, password=password, sslmode="require")


def test_no_password_is_asked_for_without_tls(delegating: tuple[Server, Path]) -> None:
    with pytest.raises(psycopg.OperationalError, match="rejects connection"):
        connect(delegating[0], user="alice", password="wonder", sslmode="disable")


def test_a_password_that_was_changed_counts_at_once(delegating: tuple[Server, Path]) -> None:
    running, folder = delegating
    with connect(running, user="bob", password="builder", sslmode="require") as client:
        client.execute("SELECT $TLEVEL")
    (folder / "users.json").write_text(json.dumps(USERS | {"bob": {"password": "changed"}}))
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        connect(running, user="bob", password="builder", sslmode="require")
    with connect(running, user="bob", password="changed", sslmode="require") as client:
        assert client.execute("SELECT $USERNAME").fetchone() == ("bob",)


def test_who_has_left_holds_no_connection_to_iris(tmp_path: Path, tls: tuple[Path, Path]) -> None:
    rules = "hostssl all all all password; host all all all reject"
    with dbapi(tmp_path, tls_cert=tls[0], tls_key=tls[1], auth=rules, worker_idle_s=0.5) as running:
        for _ in range(2):
            with connect(running, user="alice", password="wonder", sslmode="require") as client:
                assert client.execute("SELECT $USERNAME").fetchone() == ("alice",)
                assert running.workers()
            wait_until(lambda: not running.workers(), 60, "alice's workers end")


def test_a_server_that_went_away_is_told_and_found_again(tmp_path: Path) -> None:
    with dbapi(tmp_path) as running, connect(running) as client:
        client.execute("CREATE TABLE kept (a int)")
        (tmp_path / "down").touch()
        with pytest.raises(psycopg.Error) as lost:
            client.execute("INSERT INTO kept VALUES (1)")
        assert lost.value.sqlstate == "08006"
        with pytest.raises(psycopg.Error) as unreachable:
            client.execute("INSERT INTO kept VALUES (2)")
        assert unreachable.value.sqlstate == "08001"
        (tmp_path / "down").unlink()
        client.execute("INSERT INTO kept VALUES (3)")
        assert client.execute("SELECT a FROM kept").fetchall() == [(3,)]
