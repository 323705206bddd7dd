"""A server without the compiled encoder answers the same bytes as one with it."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from tests.support import encoders, servers
from tests.support.servers import Server
from tests.support.wire import BINARY, SYNC, Wire, bind, execute, parse, query

ROWS = 5_000
TABLE = (
    "CREATE TABLE encoded (id int PRIMARY KEY, big bigint, name varchar(40), price numeric(12,3), ratio double precision, "
    "yes boolean, day date, at timestamp, clock time, data bytea, token uuid, embedding vector(3))"
)
ROW = (
    "{0}\t{1}\tname {0} \u00e4\\\\\\t{0}\t{2}.{3:02}\t{4}\t{5}\t2024-02-{6:02}\t2024-01-01 00:{7:02}:00.25\t12:00:{7:02}\t"
    "\\\\x{0:06x}\t00000000-0000-4000-8000-{0:012x}\t[1,{0},-0.5]\n"
)


@pytest.fixture(scope="module")
def both() -> Iterator[dict[str, Server]]:
    if reason := encoders.missing():
        pytest.skip(reason)
    with (
        servers.pgiris(environment={"PGIRIS_ENCODER": "python"}) as python,
        servers.pgiris(environment={"PGIRIS_ENCODER": "native"}) as native,
    ):
        yield {"python": python, "native": native}


def filled(server: Server) -> None:
    lines = [
        ROW.format(n, n * 2**30, n, n % 100, n / 7, "tf"[n % 2], n % 28 + 1, n % 60) if n % 10 else f"{n}" + "\t\\N" * 11 + "\n"
        for n in range(ROWS)
    ]
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute(TABLE)
        with connection.cursor().copy("COPY encoded FROM STDIN") as copy:
            copy.write("".join(lines))


def answer(wire: Wire, *messages: bytes) -> list[bytes]:
    """All messages but those that tell nothing of rows."""
    wire.send(*messages)
    return [reply.body for reply in wire.until("Z")]


def test_rows_and_copies_have_the_same_bytes(both: dict[str, Server]) -> None:
    requests = {
        "text": (query("SELECT * FROM encoded ORDER BY id"),),
        "binary": (parse("SELECT * FROM encoded ORDER BY id"), bind(results=[BINARY]), execute(), SYNC),
        "one": (query("SELECT * FROM encoded WHERE id = 4999"),),
        **{
            f"copy {form}": (query(f"COPY (SELECT * FROM encoded ORDER BY id) TO STDOUT (FORMAT {form})"),)
            for form in ("text", "csv", "binary")
        },
    }
    answers: dict[str, dict[str, list[bytes]]] = {}
    for name, server in both.items():
        filled(server)
        assert ("by=native" in server.log_text) is (name == "native")
        with Wire(server) as wire:
            answers[name] = {what: answer(wire, *messages) for what, messages in requests.items()}
    for what, rows in answers["python"].items():
        assert answers["native"][what] == rows, what
        assert len(rows) >= 2


def test_a_failing_row_is_found_by_both(both: dict[str, Server]) -> None:
    found = {}
    for name, server in both.items():
        with psycopg.connect(server.dsn(), autocommit=True) as connection:
            connection.execute("CREATE TABLE once (id int PRIMARY KEY, name varchar(5) NOT NULL)")
            errors = []
            for line in ("700\ttwice\n", "x\tword\n", "9000\ttoo long\n", "9001\t\\N\n", "9002\n", "9003\ta\tb\n"):
                lines = [f"{n}\tn{n % 1000}\n" for n in range(2000)]
                lines.insert(1500, line)
                with pytest.raises(psycopg.Error) as caught, connection.cursor().copy("COPY once FROM STDIN") as copy:
                    copy.write("".join(lines))
                diagnostic = caught.value.diag
                errors.append((diagnostic.sqlstate, diagnostic.message_primary, diagnostic.context))
            assert connection.execute("SELECT count(*) FROM once").fetchone() == (0,)
            found[name] = errors
    assert found["native"] == found["python"]
    assert ["line 1501" in (context or "") for _, _, context in found["native"]] == [True] * 6
