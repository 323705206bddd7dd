"""COPY, message by message: pgiris answers what PostgreSQL answers, down to the bytes of the data and the words of errors."""

from __future__ import annotations

import struct
from collections.abc import Callable

import psycopg
import pytest

from tests.support.servers import Server
from tests.support.wire import BINARY, SYNC, Reply, Wire, bind, describe, execute, message, parse, query, text

DATA, DONE = "d", message("c")
T = "id int PRIMARY KEY, name varchar(20), price numeric(10,2) DEFAULT 7.5, ok boolean"
TYPES = (
    "id int PRIMARY KEY, s smallint, b bigint, r real, f double precision, n numeric(12,4), c char(5), t text, o boolean, "
    "d date, h time, m timestamp, z timestamptz, u uuid, y bytea, j jsonb, i interval"
)
ROWS = b"1\tone\t1.25\tt\n2\t\\N\t\\N\tf\n3\ta\\tb\\\\c\\n\t3.10\t\\N\n"
SIGNATURE = b"PGCOPY\n\xff\r\n\0"


def data(*parts: bytes) -> bytes:
    """Each part as one CopyData message."""
    return b"".join(message(DATA, part) for part in parts)


def fail(reason: str) -> bytes:
    return message("f", text(reason))


def binary(*rows: tuple[bytes | None, ...], trailer: bytes = struct.pack("!h", -1)) -> bytes:
    body = b"".join(
        struct.pack("!h", len(row))
        + b"".join(struct.pack("!i", -1) if cell is None else struct.pack("!i", len(cell)) + cell for cell in row)
        for row in rows
    )
    return SIGNATURE + struct.pack("!ii", 0, 0) + body + trailer


def int4(value: int) -> bytes:
    return struct.pack("!i", value)


def shown(reply: Reply) -> str:
    """What must be equal on both servers."""
    if reply.kind in "dGH":
        return f"{reply.kind} {reply.body!r}"
    if reply.kind in "EN":
        fields = reply.fields
        return f"{reply.kind} {fields['C']} {fields['M']} | {fields.get('W')} | {fields.get('H')} | {fields.get('P')}"
    return str(reply)


def conversation(server: Server, columns: str, turns: tuple[bytes | str, ...]) -> list[str]:
    """A str is a simple query. All is sent at once, to a server with a table ``copied``."""
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute("DROP TABLE IF EXISTS copied")
        connection.execute(f"CREATE TABLE copied ({columns})")
    found = []
    with Wire(server) as wire:
        wire.send(*[query(turn) if isinstance(turn, str) else turn for turn in turns], query("SELECT 'the end'"))
        while replies := wire.until("Z"):
            found += map(shown, replies)
            if any(reply.kind == "D" and reply.values == [b"the end"] for reply in replies):
                break
    return found


Both = Callable[[str, tuple[bytes | str, ...]], None]


@pytest.fixture
def both(postgres: Server, pgiris: Server) -> Both:
    """Holds a conversation with both servers, and wants the same answers."""

    def run(columns: str, turns: tuple[bytes | str, ...]) -> None:
        theirs, ours = (conversation(server, columns, turns) for server in (postgres, pgiris))
        assert ours == theirs

    return run


READ = "SELECT * FROM copied ORDER BY id"
IN = "COPY copied FROM STDIN"

CONVERSATIONS: dict[str, tuple[bytes | str, ...]] = {
    "text in and out": (IN, data(ROWS) + DONE, READ, "COPY copied TO STDOUT"),
    "one byte a message": (IN, data(*(ROWS[n : n + 1] for n in range(len(ROWS)))) + DONE, READ),
    "nothing": (
        IN,
        DONE,
        READ,
        "COPY copied TO STDOUT",
        "COPY copied TO STDOUT (FORMAT binary)",
        "COPY copied TO STDOUT CSV HEADER",
    ),
    "empty messages": (IN, data(b"", ROWS, b"") + DONE, READ),
    "no newline at the end": (IN, data(b"1\tx\t1\tt\n2\ty\t2\tf") + DONE, READ),
    "end marker, and what follows it": (IN, data(b"1\tx\t1\tt\n\\.\nrubbish") + DONE, READ),
    "CSV in and out": (
        "COPY copied FROM STDIN (FORMAT csv)",
        data(b'1,"x,""y""",1.5,t\n2,,,\n3,"",0,f\n4,"two\nlines",,\n') + DONE,
        READ,
        "COPY copied TO STDOUT (FORMAT csv, HEADER)",
        "COPY copied TO STDOUT (FORMAT csv, FORCE_QUOTE *, NULL 'nil', DELIMITER ';', QUOTE '''')",
        "COPY copied TO STDOUT (FORMAT csv, FORCE_QUOTE (name), ESCAPE '\\')",
    ),
    "text options": (
        "COPY copied FROM STDIN (DELIMITER '|', NULL 'nil')",
        data(b"1|a|nil|t\n2|nil|3|f\n") + DONE,
        "COPY copied TO STDOUT (DELIMITER '|', NULL '-', HEADER)",
        "COPY copied TO STDOUT WITH DELIMITER AS ';' NULL AS ''",
        "COPY copied TO STDOUT USING DELIMITERS ':'",
        "COPY BINARY copied TO STDOUT",
    ),
    "header that matches": (
        "COPY copied (id, name) FROM STDIN (FORMAT csv, HEADER match)",
        data(b"id,name\n1,x\n") + DONE,
        "COPY copied (id, name) FROM STDIN (HEADER match)",
        data(b"id\tnom\n2\tx\n") + DONE,
        READ,
    ),
    "forced NULLs": (
        "COPY copied FROM STDIN (FORMAT csv, FORCE_NULL (name), FORCE_NOT_NULL (name))",
        data(b'1,"",1,t\n2,,1,f\n') + DONE,
        READ,
    ),
    "some columns": (
        "COPY copied (name, id) FROM STDIN",
        data(b"x\t1\ny\t2\n") + DONE,
        READ,
        "COPY copied (price, id) TO STDOUT",
        "COPY copied (id, id) TO STDOUT",
        "COPY copied (nosuch) TO STDOUT",
        "COPY copied (nosuch) FROM STDIN",
    ),
    "queries out": (
        IN,
        data(ROWS) + DONE,
        "COPY (SELECT id, price FROM copied WHERE ok ORDER BY id DESC) TO STDOUT",
        "COPY (SELECT count(*) AS n FROM copied) TO STDOUT (FORMAT csv, HEADER)",
        "COPY (SELECT 1, 'a\tb') TO STDOUT",
        "COPY (SELECT 1 AS one, NULL AS nothing) TO STDOUT (FORMAT binary)",
        "COPY (VALUES (1, 'a'), (2, 'b')) TO STDOUT CSV",
        "COPY (INSERT INTO copied (id) VALUES (7) RETURNING id, price) TO STDOUT",
        "COPY (INSERT INTO copied (id) VALUES (8)) TO STDOUT",
        "COPY (SELECT nosuch FROM copied) TO STDOUT",
        "COPY (SELECT id FROM copied LIMIT 1) FROM STDIN",
    ),
    "binary": (
        "COPY copied FROM STDIN (FORMAT binary)",
        data(binary((int4(1), b"x", None, b"\1"), (int4(2), None, None, None))) + DONE,
        READ,
        "COPY copied TO STDOUT (FORMAT binary)",
        "COPY copied TO STDOUT BINARY",
    ),
    "what the backend alone cannot compute": (
        IN,
        data(ROWS) + DONE,
        "COPY (SELECT id, name ~ 'o', regexp_replace(name, 'o', '0') FROM copied WHERE name ~ '^o' OR ok IS NULL) TO STDOUT",
        "COPY (SELECT generate_series(1, 3), now() > '2020-01-01') TO STDOUT CSV",
        "COPY copied (id, name) FROM STDIN WHERE name ~ 'q' AND id > 2 + 3",
        data(b"10\tq\n11\tx\n4\tq\n") + DONE,
        READ,
        "COPY (SELECT nspname FROM pg_namespace WHERE nspname = 'public') TO STDOUT",
    ),
    "binary without a trailer": (
        "COPY copied (id) FROM STDIN (FORMAT binary)",
        data(binary((int4(1),), trailer=b"")) + DONE,
        READ,
    ),
    "binary that is wrong": (
        "COPY copied (id) FROM STDIN (FORMAT binary)",
        data(b"no signature at all") + DONE,
        "COPY copied (id) FROM STDIN (FORMAT binary)",
        data(binary((int4(1), b"x"))) + DONE,
        "COPY copied (id) FROM STDIN (FORMAT binary)",
        data(binary((b"\0\0\0\0\1",))) + DONE,
        "COPY copied (id) FROM STDIN (FORMAT binary)",
        data(binary((b"\0",))) + DONE,
        "COPY copied (id) FROM STDIN (FORMAT binary)",
        data(binary((int4(1),))[:-4]) + DONE,
        "COPY copied (id) FROM STDIN (FORMAT binary)",
        data(binary((int4(1),)) + b"more") + DONE,
        READ,
    ),
    "rows that are wrong": tuple(
        part
        for line in (
            b"1\tx",
            b"1\tx\t1\tt\tmore",
            b"x\tx\t1\tt",
            b"1\tx\tabc\tt",
            b"1\tx\t1\tmaybe",
            b"99999999999\tx\t1\tt",
            b"\\N\tx\t1\tt",
            b"1\tx\t1\t" + b"y" * 200,
            b"",
        )
        for part in (IN, data(b"10\tgood\t1\tt\n" + line + b"\n11\tgood\t1\tt\n") + DONE, READ)
    ),
    "values that do not fit": (
        IN,
        data(b"1\tx\t1\tt\n2\t" + b"y" * 30 + b"\t1\tt\n") + DONE,
        IN,
        data(b"1\tx\t123456789.5\tt\n") + DONE,
        "COPY copied FROM STDIN BINARY",
        data(binary((int4(1), b"y" * 30, None, None))) + DONE,
        READ,
    ),
    "the first wrong row is told": (IN, data(b"1\tx\t1\tt\n\\N\tx\t1\tt\n3\tx\tabc\tt\n") + DONE, READ),
    "carriage returns": (
        IN,
        data(b"1\tx\t1\tt\r\n2\ty\t2\tf\r\n") + DONE,
        READ,
        IN,
        data(b"3\tx\t1\tt\n4\ty\t2\tf\r\n") + DONE,
        IN,
        data(b"3\tx\t1\tt\r\n4\ty\t2\tf\n") + DONE,
    ),
    "CSV that is wrong": (
        "COPY copied FROM STDIN CSV",
        data(b'1,"x\n') + DONE,
        "COPY copied FROM STDIN CSV",
        data(b"1,x\n") + DONE,
        "COPY copied FROM STDIN CSV",
        data(b'1,"two\nlines",1,t\n2,x,y,t\n') + DONE,
    ),
    "bytes that are no UTF-8": (
        IN,
        data(b"1\t\xff\t1\tt\n") + DONE,
        "COPY copied FROM STDIN (ENCODING latin1)",
        data(b"1\t\xe4\t1\tt\n") + DONE,
        READ,
    ),
    "bytes that are no UTF-8 behind a row that is wrong": (
        IN,
        data(b"1\tx\t1\tt\nx\tx\t1\tt\n3\t\xff\t1\tt\n") + DONE,
        IN,
        data(b"1\tx\t1\tt\n2\tx\t1\tt\n3\t\xff\t1\tt\n") + DONE,
        READ,
    ),
    "LATIN1 out": (
        IN,
        data("1\tä\t1\tt\n".encode()) + DONE,
        "COPY copied TO STDOUT (ENCODING 'latin1')",
        "SET client_encoding = latin1",
        "COPY copied TO STDOUT",
        "COPY copied TO STDOUT BINARY",
    ),
    "the client gives up": (IN, data(b"1\tx\t1\tt\n2\tx") + fail("no more of it"), READ, IN, fail(""), READ),
    "a conflict of keys": (IN, data(b"1\tx\t1\tt\n") + DONE, IN, data(b"5\tx\t1\tt\n1\ty\t1\tt\n") + DONE, READ),
    "rows that are wanted": (
        "COPY copied (id, name) FROM STDIN WHERE id > 2 AND name <> 'z'",
        data(b"1\ta\n3\tb\n4\tz\n5\tc\n6\t\\N\n") + DONE,
        READ,
        "COPY copied (id, ok) FROM STDIN WHERE ok",
        data(b"11\tt\n12\tf\n13\t\\N\n") + DONE,
        "COPY copied (id) FROM STDIN WHERE true",
        data(b"21\n") + DONE,
        "COPY copied (id) FROM STDIN WHERE copied.name IS NULL",
        data(b"22\n") + DONE,
        READ,
        "COPY copied FROM STDIN WHERE nosuch = 1",
        "COPY copied FROM STDIN WHERE id",
        "COPY copied FROM STDIN WHERE count(*) > 1",
        "COPY copied FROM STDIN WHERE row_number() OVER () = 1",
        "COPY copied FROM STDIN WHERE",
        "COPY copied TO STDOUT WHERE id = 1",
    ),
    "a block": (
        "BEGIN",
        IN,
        data(ROWS) + DONE,
        "SAVEPOINT s",
        IN,
        data(ROWS) + DONE,
        READ,
        "ROLLBACK TO s",
        READ,
        "COMMIT",
        READ,
    ),
    "a block that is undone": ("BEGIN", IN, data(ROWS) + DONE, "ROLLBACK", READ),
    "a failed block": ("BEGIN", "SELECT nosuch", IN, data(ROWS) + DONE, "COPY copied TO STDOUT", "ROLLBACK", READ),
    "a block in which the client gives up": ("BEGIN", IN, fail("why"), "SELECT 1", "ROLLBACK"),
    "read-only": (
        "BEGIN READ ONLY",
        "COPY copied TO STDOUT",
        IN,
        "ROLLBACK",
        "SET default_transaction_read_only = on",
        IN,
        "COPY (INSERT INTO copied (id) VALUES (7) RETURNING id) TO STDOUT",
    ),
    "among other statements": (
        "INSERT INTO copied (id) VALUES (50); COPY copied FROM STDIN; SELECT count(*) FROM copied",
        data(ROWS) + DONE,
        "COPY copied TO STDOUT; COPY copied (id) FROM STDIN; COPY copied (id) FROM STDIN; SELECT 1",
        data(b"60\n") + DONE + data(b"61\n") + DONE,
        "COPY copied (id) FROM STDIN; SELECT nosuch",
        data(b"70\n") + DONE,
        "COPY copied (id) FROM STDIN; SELECT 1",
        data(b"x\n") + DONE,
        READ,
    ),
    "what is left of a COPY that failed": (
        IN,
        data(b"x\n", *[b"y\n"] * 1000) + DONE,
        "COPY nosuch FROM STDIN",
        data(ROWS) + DONE,
        READ,
    ),
    "extended": (
        parse(IN) + bind() + describe("P") + execute() + SYNC + data(ROWS) + DONE + SYNC,
        parse("COPY copied TO STDOUT") + describe("S") + bind(results=[BINARY]) + execute() + SYNC,
        parse("COPY copied FROM STDIN", "s") + SYNC + bind(statement="s") + execute() + data(b"x\n") + DONE + SYNC,
        bind(statement="s") + execute() + fail("never mind") + SYNC,
        bind(statement="s") + execute() + data(b"9\tx\t1\tt\n") + DONE + parse("SELECT nosuch") + bind() + execute() + SYNC,
        READ,
        bind(statement="s") + execute() + data(b"9\tx\t1\tt\n") + DONE + execute() + SYNC,
        bind(statement="s") + execute(limit=1) + data(b"9\tx\t1\tt\n8\tx\t1\tt\n") + DONE + SYNC,
        READ,
    ),
    "options that are wrong": tuple(
        f"COPY copied {words}"
        for words in (
            "FROM STDIN (FORMAT nosuch)",
            "FROM STDIN (nosuch)",
            "FROM STDIN (DELIMITER 'ab')",
            "FROM STDIN (QUOTE 'x')",
            "TO STDOUT (FORMAT csv, FORCE_NULL (id))",
            "FROM STDIN (FORMAT csv, FORCE_NOT_NULL (nosuch))",
            "FROM STDIN (FORMAT csv, FORCE_QUOTE *)",
            "TO STDOUT (HEADER match)",
            "TO STDOUT (ENCODING 'nosuch')",
            "TO STDOUT (FORMAT csv, FORCE_QUOTE (nosuch))",
            "TO STDOUT (FORMAT csv, FORMAT csv)",
            "FROM STDIN (FORMAT binary, DELIMITER ',')",
            "FROM nowhere",
            "TO STDOUT extra",
        )
    ),
    "no such table": (
        "COPY nosuch TO STDOUT",
        "COPY nosuch.copied TO STDOUT",
        "COPY a.b.c.d TO STDOUT",
        "COPY public.copied TO STDOUT",
    ),
    "prepared": ("PREPARE p AS COPY copied TO STDOUT",),
}


@pytest.mark.parametrize("name", CONVERSATIONS)
def test_copy_goes_as_with_postgresql(both: Both, name: str) -> None:
    both(T, CONVERSATIONS[name])


VALUES = (
    b"1\t-32768\t9223372036854775807\t1.5\t-1e+100\t-1234.5678\tab\ttext\tt\t2024-02-29\t23:59:59.999999\t2024-02-29 12:34:56.789"
    b'\t2024-02-29 12:34:56+02\ta0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11\t\\\\x00ff10\t{"a": [1, 2.50, null]}'
    b"\t1 year 2 mons 3 days 04:05:06\n"
    b"2" + b"\t\\N" * 16 + b"\n"
    b"3\t0\t0\t0\t0\t0\t\t\tf\t1970-01-01\t00:00\t1970-01-01 00:00\t1970-01-01 00:00+00\t00000000-0000-0000-0000-000000000000"
    b"\t\\\\x\t[]\t0\n"
)


def test_values_of_all_types_come_out_as_they_went_in(both: Both) -> None:
    both(
        TYPES,
        (
            IN,
            data(VALUES) + DONE,
            "COPY (SELECT * FROM copied ORDER BY id) TO STDOUT",
            "COPY (SELECT * FROM copied ORDER BY id) TO STDOUT CSV",
            "COPY (SELECT * FROM copied ORDER BY id) TO STDOUT BINARY",
            "SET DateStyle = 'German'; SET TimeZone = 'America/New_York'",
            "SET bytea_output = 'escape'; SET IntervalStyle = iso_8601",
            "COPY (SELECT * FROM copied ORDER BY id) TO STDOUT",
        ),
    )


def test_blanks_that_are_too_many_are_cut(both: Both) -> None:
    """Of varchar(n) and character(n); other characters that are too many are refused."""
    lines = b"".join(b"%d\ta%s\tb%s\n" % (number, b" " * (number % 9), b" " * (number % 7)) for number in range(300))
    both(
        "id int, v varchar(3), c char(2)",
        (
            IN,
            data(lines) + DONE,
            IN,
            data("301\tßßß  \tü   \n302\t   \t    \n".encode()) + DONE,
            "COPY copied FROM STDIN (FORMAT csv)",
            data(b'303,"ab   ","c   "\n304,abc   ,\n') + DONE,
            "COPY copied FROM STDIN (FORMAT binary)",
            data(binary((int4(305), b"abc  ", b"d   "), (int4(306), b"     ", None))) + DONE,
            "COPY (SELECT id, v, c FROM copied ORDER BY id) TO STDOUT",
            IN,
            data(b"400\tab  c\tx\n") + DONE,
            IN,
            data(b"400\ta  \tx\n401\tabcd  \tx\n") + DONE,
            "SELECT max(id) FROM copied",
        ),
    )


def test_columns_generated_always_take_what_is_copied(both: Both) -> None:
    both(
        "id int GENERATED ALWAYS AS IDENTITY, v text",
        (
            IN,
            data(b"7\tx\n9\ty\n") + DONE,
            "COPY copied (v) FROM STDIN",
            data(b"z\n") + DONE,
            "SELECT v, CASE WHEN v <> 'z' THEN id END FROM copied ORDER BY v",
        ),
    )
