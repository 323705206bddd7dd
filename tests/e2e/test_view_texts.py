"""Views that were made through pgiris are shown as PostgreSQL 16 shows them, wherever a client asks for their text."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack

import psycopg
import pytest

from tests.sql.deparse.test_views import make_tables, texts
from tests.support import servers
from tests.support.servers import Server

REFUSED = 0.15  # the share of the views that IRIS cannot have
QUERY = """
    SELECT pg_get_viewdef('asked'::regclass), pg_get_viewdef('asked'::regclass, true), pg_get_viewdef('asked'::regclass, 60),
           (SELECT definition FROM pg_views WHERE viewname = 'asked'),
           (SELECT view_definition FROM information_schema.views WHERE table_name = 'asked'),
           (SELECT pg_get_ruledef(oid, true) FROM pg_rewrite WHERE ev_class = 'asked'::regclass)
"""


@pytest.fixture(scope="module")
def both() -> Iterator[tuple[Server, Server]]:
    if missing := servers.announced_missing():
        pytest.skip(missing)
    with ExitStack() as stack:
        found = (
            stack.enter_context(servers.postgres(programs=servers.postgres_as_announced())),
            stack.enter_context(servers.pgiris()),
        )
        for server in found:
            with psycopg.connect(server.dsn(), autocommit=True) as connection:
                make_tables(connection)
        yield found


def shown(connection: psycopg.Connection, text: str, path: str) -> tuple[str, ...]:
    connection.execute(f"CREATE VIEW public.asked AS {text}".encode())
    try:
        connection.execute(f"SET search_path = {path}".encode())
        query = QUERY.replace("'asked'::regclass", "'public.asked'::regclass")
        (row,) = connection.execute(query.encode()).fetchall()
        return row
    finally:
        connection.execute("RESET search_path")
        connection.execute("DROP VIEW public.asked")


@pytest.mark.parametrize("path", ["public", "sales, public", "''"])
def test_the_text_of_a_view_is_that_of_postgresql(both: tuple[Server, Server], path: str) -> None:
    refused, differences = [], []
    with (
        psycopg.connect(both[0].dsn(), autocommit=True) as postgres,
        psycopg.connect(both[1].dsn(), autocommit=True) as pgiris,
    ):
        chosen = texts() if path == "public" else [text for text in texts() if "sales." in text]
        for text in chosen:
            try:
                found = shown(pgiris, text, path)
            except psycopg.errors.FeatureNotSupported:
                refused.append(text)
                continue
            wanted = shown(postgres, text, path)
            if found != wanted:
                differences.append(f"{text}\n{wanted}\n{found}")
    assert not differences, "\n".join(differences)
    assert len(refused) <= REFUSED * len(texts()), refused


def test_what_is_shown_makes_the_same_view_again(both: tuple[Server, Server]) -> None:
    with psycopg.connect(both[1].dsn(), autocommit=True) as connection:
        for text in texts():
            try:
                connection.execute(f"CREATE VIEW once AS {text}".encode())
            except psycopg.errors.FeatureNotSupported:
                continue
            for form in ("", ", true"):
                (shown,) = connection.execute(f"SELECT pg_get_viewdef('once'::regclass{form})".encode()).fetchone() or ("",)
                if "(( VALUES" in shown:
                    continue  # VALUES in parentheses of a join are not read
                connection.execute(f"CREATE VIEW again AS {shown}".encode())
                again = connection.execute(f"SELECT pg_get_viewdef('again'::regclass{form})".encode()).fetchone()
                if "'a'::character varying" not in shown:  # PostgreSQL casts the elements of such an array when it reads it
                    assert again == (shown,)
                connection.execute("DROP VIEW again")
            connection.execute("DROP VIEW once")


STEPS = (
    "CREATE TYPE mood AS ENUM ('sad', 'happy')",
    "CREATE TABLE people (id integer PRIMARY KEY, name varchar(20), feels mood, since timestamptz)",
    "CREATE VIEW glad (id, who) AS SELECT id, upper(name) FROM people WHERE feels = 'happy' AND since > '2020-01-01'",
)


def definition(connection: psycopg.Connection, view: str) -> str:
    row = connection.execute(f"SELECT pg_get_viewdef('{view}'::regclass, true)".encode()).fetchone()
    assert row is not None
    return str(row[0])


def test_the_text_goes_with_the_view(both: tuple[Server, Server]) -> None:
    """It is renamed and dropped with it, and gone when what it names is called otherwise."""
    found = []
    for server in both:
        with psycopg.connect(server.dsn(), autocommit=True) as connection:
            for step in STEPS:
                connection.execute(step.encode())
            texts = [definition(connection, "glad")]
            connection.execute("ALTER VIEW glad RENAME TO happy_ones")
            texts.append(definition(connection, "happy_ones"))
            connection.execute("CREATE OR REPLACE VIEW happy_ones (id, who) AS SELECT id, upper(name) FROM people WHERE id > 5")
            texts.append(definition(connection, "happy_ones"))
            connection.execute("DROP VIEW happy_ones")
            connection.execute("CREATE VIEW happy_ones AS SELECT id FROM people ORDER BY id LIMIT 3")
            texts.append(definition(connection, "happy_ones"))
            found.append(texts)
    assert found[0] == found[1]


def test_a_renamed_table_leaves_what_iris_tells(both: tuple[Server, Server]) -> None:
    with psycopg.connect(both[1].dsn(), autocommit=True) as connection:
        connection.execute("CREATE TABLE before (id integer PRIMARY KEY, good boolean)")
        connection.execute("CREATE VIEW of_before AS SELECT id FROM before WHERE good")
        assert definition(connection, "of_before") == " SELECT id\n   FROM before\n  WHERE good;"
        connection.execute("ALTER TABLE before RENAME TO later")
        assert "good = 1" in definition(connection, "of_before")


def test_psql_shows_the_text(both: tuple[Server, Server]) -> None:
    for server in both:
        with psycopg.connect(server.dsn(), autocommit=True) as connection:
            connection.execute(
                "CREATE VIEW sales.late AS SELECT i.id, o.placed FROM sales.invoices i JOIN orders o ON o.id = i.order_id"
            )
    for command in (r"\d+ sales.late", r"\sv sales.late", r"\sv+ sales.late"):
        outputs = {
            subprocess.run(
                ["psql", "-X", "-c", command], env=server.environment, capture_output=True, text=True, check=True
            ).stdout
            for server in both
        }
        assert len(outputs) == 1, outputs
