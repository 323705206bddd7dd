"""Views are printed as PostgreSQL 16 prints them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from pgiris.compute.strings import quote_ident
from pgiris.sql.deparse import Found, Template, Unsure, view
from pgiris.sql.postgres import parse
from pgiris.types.codec import Context
from pgiris.types.table import parse_type, type_name
from tests.support import servers

VIEWS = Path(__file__).parent / "views.sql"
UNSURE = 0.05  # the share that may be left to IRIS's words
TABLES = {
    "customers": {
        "id": "integer", "name": "text", "status": "varchar(20)", "credit": "numeric(10,2)", "active": "boolean",
        "region": "char(2)", "tags": "text[]",
    },
    "orders": {"id": "integer", "customer_id": "integer", "placed": "timestamp"},
    "items": {"id": "integer", "order_id": "integer", "qty": "integer", "unit_price": "numeric(10,2)"},
    "notes": {"id": "integer", "body": "text", "doc": "jsonb"},
    "odd": {"Odd Name": "integer", "order": "text"},
    "sales.invoices": {"id": "integer", "order_id": "integer"},
}  # fmt: skip
WRAPS = (0, 30, 79)


def find(schema: str, name: str) -> Found | None:
    for place, columns in TABLES.items():
        own, _, table = place.rpartition(".")
        if table == name and (own or "public") == (schema or "public"):
            return Found(own or "public", table, [(column, *parse_type(type_)) for column, type_ in columns.items()])
    return None


def near(schema: str, name: str) -> str:
    return quote_ident(name) if schema == "public" else far(schema, name)


def far(schema: str, name: str) -> str:
    return f"{quote_ident(schema)}.{quote_ident(name)}"


def texts() -> list[str]:
    return [line.rstrip(";") for line in VIEWS.read_text("utf-8").splitlines() if not line.startswith("--")]


def printed(text: str, *names: str) -> Template | None:
    try:
        return view(parse(text), find, Context(), names)
    except Unsure:
        return None


@pytest.fixture(scope="module")
def postgres() -> Iterator[psycopg.Connection]:
    if missing := servers.announced_missing():
        pytest.skip(missing)
    with (
        servers.postgres(programs=servers.postgres_as_announced()) as server,
        psycopg.connect(server.dsn(), autocommit=True) as connection,
    ):
        make_tables(connection)
        yield connection


def make_tables(connection: psycopg.Connection) -> None:
    connection.execute("CREATE SCHEMA sales")
    for table, columns in TABLES.items():
        defined = ", ".join(f'"{name}" {type_}' for name, type_ in columns.items())
        connection.execute(f"CREATE TABLE {table} ({defined})".encode())


def asked(connection: psycopg.Connection, text: str, names: str = "") -> dict[str, str]:
    """What PostgreSQL prints: plain, pretty, with lines of so many characters, and with all schemas."""
    connection.execute(f"CREATE VIEW asked {names} AS {text}".encode())
    wrapped = ", ".join(f"pg_get_viewdef('asked'::regclass, {wrap})" for wrap in WRAPS)
    row = connection.execute(
        f"SELECT pg_get_viewdef('asked'::regclass), pg_get_viewdef('asked'::regclass, true), {wrapped}".encode()
    ).fetchone()
    connection.execute("SET search_path = ''")
    qualified = connection.execute("SELECT pg_get_viewdef('public.asked'::regclass)").fetchone()
    connection.execute("RESET search_path")
    connection.execute("DROP VIEW asked")
    assert row is not None
    assert qualified is not None
    return dict(zip(("plain", "pretty", *map(str, WRAPS), "qualified"), (*row, *qualified), strict=True))


def shown(made: Template) -> dict[str, str]:
    here, elsewhere = made.named(near, type_name), made.named(far, type_name)
    wrapped = {str(wrap): here.render(True, wrap) for wrap in WRAPS}
    return {"plain": here.render(False), "pretty": here.render(True), **wrapped, "qualified": elsewhere.render(False)}


def test_views_are_printed_as_postgresql_prints_them(postgres: psycopg.Connection) -> None:
    differences, unsure = [], []
    for text in texts():
        made = printed(text)
        if made is None:
            unsure.append(text)
            continue
        wanted, found = asked(postgres, text), shown(made)
        differences += [f"{text}\n--{how}\n{wanted[how]}\n--\n{found[how]}" for how in wanted if wanted[how] != found[how]]
    assert not differences, "\n".join(differences)
    assert len(unsure) <= UNSURE * len(texts()), unsure


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("SELECT id, name FROM customers", ("a", "b")),
        ("SELECT id, name, now() FROM customers", ("a",)),
        ("SELECT id FROM customers UNION SELECT id FROM orders", ("n",)),
        ("SELECT id, count(*) FROM orders GROUP BY id", ("id", "count")),
    ],
)
def test_names_of_columns_are_those_of_the_view(postgres: psycopg.Connection, text: str, names: tuple[str, ...]) -> None:
    made = printed(text, *names)
    assert made is not None
    assert shown(made) == asked(postgres, text, f"({', '.join(names)})")


def test_what_is_printed_prints_itself() -> None:
    for text in texts():
        made = printed(text)
        if made is not None:
            for pretty in (False, True):
                again = printed(made.named(near, type_name).render(pretty).rstrip(";"))
                assert again is not None, text
                assert printed(again.named(near, type_name).render(pretty).rstrip(";")) == again, text


@pytest.mark.parametrize(
    "text",
    [
        "SELECT id FROM unheard_of",
        "SELECT missing FROM customers",
        "SELECT id FROM customers, orders",
        "SELECT customers FROM customers",
        "SELECT id FROM customers FULL JOIN orders USING (id)",
        "SELECT unheard_of(id) FROM customers",
        "SELECT id FROM customers FOR UPDATE",
        "SELECT * FROM json_each('{}')",
        "SELECT id FROM customers ORDER BY 5",
    ],
)
def test_what_is_not_sure_is_not_printed(text: str) -> None:
    assert printed(text) is None
