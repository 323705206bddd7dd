"""INSERT ... ON CONFLICT of several sessions at once."""

from __future__ import annotations

import threading

import psycopg
import pytest

from tests.support.servers import Server

SESSIONS, ROUNDS, KEYS = 4, 25, 3
STATEMENTS = {
    "one row": "INSERT INTO {0} VALUES (%(key)s, 1) ON CONFLICT (k) DO UPDATE SET n = {0}.n + 1",
    "with a condition": "INSERT INTO {0} VALUES (%(key)s, 1) ON CONFLICT (k) DO UPDATE SET n = {0}.n + 1 WHERE {0}.n >= 0",
    "computed": "INSERT INTO {0} VALUES (%(key)s, 1) ON CONFLICT (k) DO UPDATE SET n = ({0}.n::text || '')::int + 1",
}


@pytest.mark.parametrize("statement", STATEMENTS.values(), ids=STATEMENTS)
def test_no_count_is_lost(server: Server, statement: str) -> None:
    name = "upsert_counts"
    failures: list[Exception] = []

    may_collide = server.is_pgiris and statement != STATEMENTS["one row"]  # docs/limits.md: it is to be repeated then

    def count(number: int) -> None:
        with psycopg.connect(server.dsn(), autocommit=True) as connection:
            for turn in range(ROUNDS):
                try:
                    counted = False
                    while not counted:
                        counted = count_once(connection, (turn + number) % KEYS)
                except psycopg.Error as error:
                    failures.append(error)

    def count_once(connection: psycopg.Connection[tuple[object, ...]], key: int) -> bool:
        try:
            connection.execute(statement.format(name), {"key": key})
        except psycopg.errors.UniqueViolation:
            if not may_collide:
                raise
            return False
        return True

    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute(f"DROP TABLE IF EXISTS {name}")
        connection.execute(f"CREATE TABLE {name} (k int PRIMARY KEY, n int NOT NULL)")
        threads = [threading.Thread(target=count, args=(number,)) for number in range(SESSIONS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert not failures
        assert connection.execute(f"SELECT sum(n), count(*) FROM {name}").fetchone() == (SESSIONS * ROUNDS, KEYS)
        connection.execute(f"DROP TABLE {name}")
