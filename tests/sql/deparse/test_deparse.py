"""Expressions are printed as PostgreSQL 16 prints them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from pgiris.sql.deparse import Column, Template, Unsure, condition
from pgiris.sql.postgres import parse
from pgiris.types.codec import Context
from pgiris.types.table import parse_type
from tests.support import servers

CONDITIONS = Path(__file__).parent / "conditions.txt"
COLUMNS = {
    "id": "uuid", "qty": "integer", "small": "smallint", "big": "bigint", "credit": "numeric(10,2)", "ratio": "double precision",
    "ratio4": "real", "status": "varchar(20)", "note": "text", "code": "char(3)", "active": "boolean", "day": "date",
    "moment": "timestamp", "zoned": "timestamptz", "span": "interval", "clock": "time", "zclock": "timetz", "tags": "text[]",
    "nums": "integer[]", "doc": "jsonb", "jdoc": "json", "raw": "bytea", "Mixed": "integer", "order": "text", "a b": "integer",
    "net": "inet",
}  # fmt: skip
DEFINED = ", ".join(f'"{name}" {type_}' for name, type_ in COLUMNS.items())
UNSURE = 0.06  # the share that may be left to the client's own words


def columns() -> list[Column]:
    return [(name, *parse_type(type_)) for name, type_ in COLUMNS.items()]


def lines(file: Path) -> list[str]:
    return [line for line in file.read_text("utf-8").splitlines() if line and not line.startswith("#")]


@pytest.fixture(scope="module")
def postgres() -> Iterator[psycopg.Connection]:
    if missing := servers.announced_missing():
        pytest.skip(missing)
    with (
        servers.postgres(programs=servers.postgres_as_announced()) as server,
        psycopg.connect(server.dsn(), autocommit=True) as connection,
    ):
        connection.execute("SET TimeZone = 'UTC'")
        yield connection


def printed(text: str) -> Template | None:
    tree = parse(f"SELECT 1 FROM things WHERE {text}").args["where"].this
    try:
        return condition(tree, columns(), Context(), "things")
    except Unsure:
        return None


def asked(connection: psycopg.Connection, texts: list[str]) -> list[tuple[str, str]]:
    """Each CHECK as PostgreSQL prints it, plain and pretty."""
    connection.execute(f"CREATE TABLE things ({DEFINED})".encode())
    for number, text in enumerate(texts):
        connection.execute(f"ALTER TABLE things ADD CONSTRAINT c{number} CHECK ({text})".encode())
    found = connection.execute(
        "SELECT pg_get_constraintdef(oid), pg_get_constraintdef(oid, true) FROM pg_constraint WHERE conrelid = 'things'::regclass"
        " ORDER BY substr(conname, 2)::int"
    ).fetchall()
    connection.execute("DROP TABLE things")
    return [(plain, pretty) for plain, pretty in found]


def test_conditions_are_printed_as_postgresql_prints_them(postgres: psycopg.Connection) -> None:
    texts = lines(CONDITIONS)
    differences, unsure = [], []
    for text, (plain, pretty) in zip(texts, asked(postgres, texts), strict=True):
        made = printed(text)
        if made is None:
            unsure.append(text)
            continue
        for is_pretty, wanted in ((False, plain), (True, pretty)):
            shown = f"CHECK ({made.render(is_pretty)})"
            if shown != wanted:
                differences.append(f"{text}\n  postgres {wanted}\n  pgiris   {shown}")
    assert not differences, "\n".join(differences)
    assert len(unsure) <= UNSURE * len(texts), unsure


@pytest.mark.parametrize("pretty", [False, True])
def test_what_is_printed_prints_itself(pretty: bool) -> None:
    """From the second time on: reading makes one of OR within OR, and casts the elements of ARRAY[], as PostgreSQL does."""
    for text in lines(CONDITIONS):
        made = printed(text)
        if made is not None:
            again = printed(made.render(pretty))
            assert again is not None, text
            assert printed(again.render(pretty)) == again, text


@pytest.mark.parametrize(
    "text",
    [
        "qty + doc -> 'a' IS NOT NULL",  # -> binds as + does not
        "note ~ note || status",  # both are of one rank
        "unknown > 5",
        "other.qty > 5",
        "unheard_of(qty)",
        "qty OPERATOR(pg_catalog.+) 1 > 5",
        "'things'::regclass = 5",
        "day > 'no date'",
        "qty || small",
        "note = 5",
        "note = 'a\x01b'",
    ],
)
def test_what_is_not_sure_is_not_printed(text: str) -> None:
    assert printed(text) is None
