"""Sizes that a front tells a catalog worker are those of the relations that they name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pgiris.backend import metadata
from pgiris.catalog.session import CatalogSession
from pgiris.catalog.sizes import SIZES
from pgiris.errors import PgError
from tests.sql.running import Runner

SCHEMA = """
    CREATE SCHEMA "Shop";
    CREATE TABLE item (id int PRIMARY KEY, name text);
    CREATE INDEX by_name ON item (name);
    CREATE TABLE "Shop".item (id int PRIMARY KEY, name text);
    CREATE INDEX by_name ON "Shop".item (name);
    CREATE INDEX other ON "Shop".item (id, name);
    CREATE VIEW seen AS SELECT id FROM item
"""
TOLD = (
    ("", "USER", "", 1000, None, None),
    ("SQLUser", "ITEM", "", 100, 10, 1),
    ("SQLUser", "ITEM", "BY_NAME", 1, None, None),
    ("Shop", "item", "", 500, 0, None),
    ("Shop", "item", "by_name", None, None, None),
    ("Shop", "item", "gone", 3, None, None),
    ("Shop", "nowhere", "", 7, 7, 7),
)
ALL = (
    "SELECT n.nspname || '.' || c.relname, pgf_size_of_fork(c.oid, 'main'), pgf_size_of_table(c.oid),"
    " pgf_size_of_indexes(c.oid), pgf_size_of_all(c.oid) FROM pgc.pg_class c JOIN pgc.pg_namespace n"
    " ON n.oid = c.relnamespace WHERE c.oid >= 65536 ORDER BY 1"
)


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[CatalogSession]:
    runner = Runner(tmp_path)
    runner.script(SCHEMA)
    session = CatalogSession()
    session.load(metadata.encode(runner.session.describe(b"")), ("USER",), ("demo",))
    session.replace("pgx.session", (("USER", "demo", "public"),))
    yield session
    session.close()


def rows(catalog: CatalogSession, sql: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in catalog.execute(sql, ()).fetch(100)]


def test_sizes_belong_to_the_relations_of_their_names(catalog: CatalogSession) -> None:
    catalog.replace(SIZES, TOLD)
    assert {name: found for name, *found in rows(catalog, ALL)} == {
        "Shop.by_name": [None, None, 0, None],
        "Shop.item": [500, 500, None, None],
        "Shop.item_pkey": [None, None, 0, None],
        "Shop.other": [None, None, 0, None],
        "public.by_name": [1, 1, 0, 1],
        "public.item": [100, 110, 1, 111],
        "public.item_pkey": [None, None, 0, None],
        "public.seen": [0, 0, 0, 0],
    }
    assert rows(catalog, "SELECT pgf_size_of_database('USER')") == [(1000,)]


def test_nothing_is_known_before_it_is_told(catalog: CatalogSession) -> None:
    tables = [found for name, *found in rows(catalog, ALL) if name.endswith(".item")]
    assert tables == [[None] * 4] * 2
    assert rows(catalog, "SELECT pgf_size_of_database('USER')") == [(None,)]
    with pytest.raises(PgError, match='database "elsewhere" does not exist'):
        rows(catalog, "SELECT pgf_size_of_database('elsewhere')")


def test_new_sizes_are_shown_and_other_answers_are_kept(catalog: CatalogSession) -> None:
    size, other = "SELECT pgf_size_of_database('USER')", "SELECT count(*) FROM pgc.pg_class"
    catalog.replace(SIZES, TOLD)
    assert rows(catalog, size) == [(1000,)]
    kept = catalog.execute(other, ())
    catalog.replace(SIZES, (("", "USER", "", 2000, None, None),))
    assert rows(catalog, size) == [(2000,)]
    assert catalog.execute(other, ())._rows is kept._rows
    catalog.replace(SIZES, ())
    assert rows(catalog, size) == [(None,)]
    assert ("public.item", None, None, None, None) in rows(catalog, ALL)


def test_sizes_stay_with_relations_when_the_schema_changes(catalog: CatalogSession, tmp_path: Path) -> None:
    catalog.replace(SIZES, TOLD)
    runner = Runner(tmp_path / "other")
    runner.script("CREATE TABLE first (id int); CREATE TABLE item (id int)")
    catalog.load(metadata.encode(runner.session.describe(b"")), ("USER",), ("demo",))
    assert rows(catalog, ALL) == [("public.first", None, None, None, None), ("public.item", 100, 110, 1, 111)]
