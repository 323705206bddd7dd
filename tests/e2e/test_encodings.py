"""Clients that do not speak UTF-8: statements, literals, parameters, names and errors in their encoding."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest

from tests.support.servers import Server

Tables = Callable[[str], str]


def test_latin1_goes_both_ways(server: Server, table: Tables) -> None:
    words = table("id int, word text")
    with psycopg.connect(server.dsn(), client_encoding="latin1", autocommit=True) as connection:
        connection.execute(f"INSERT INTO {words} VALUES (1, 'é'), (2, 'ü')")
        connection.execute(f"INSERT INTO {words} VALUES (3, %s)", ("ß",))
        cursor = connection.execute(f"SELECT word AS \"Wörter\" FROM {words} WHERE word <> 'ü' ORDER BY id")
        assert cursor.description is not None and cursor.description[0].name == "Wörter"
        assert cursor.fetchall() == [("é",), ("ß",)]
        connection.execute("SET client_encoding = 'UTF8'")
        assert connection.execute(f"SELECT word, length(word) FROM {words} ORDER BY id").fetchall() == [
            ("é", 1),
            ("ü", 1),
            ("ß", 1),
        ]


def test_errors_are_in_the_encoding_of_the_client(server: Server, table: Tables) -> None:
    words = table("id int, word text")
    with (
        psycopg.connect(server.dsn(), client_encoding="latin1", autocommit=True) as connection,
        pytest.raises(psycopg.errors.UndefinedColumn, match='column "größe" does not exist'),
    ):
        connection.execute(f'SELECT "größe" FROM {words}')


def test_a_character_that_the_client_cannot_read_is_refused(server: Server, table: Tables) -> None:
    words = table("id int, word text")
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute(f"INSERT INTO {words} VALUES (1, '€')")
        connection.execute("SET client_encoding = 'LATIN1'")
        with pytest.raises(psycopg.errors.UntranslatableCharacter):
            connection.execute(f"SELECT word FROM {words}")
