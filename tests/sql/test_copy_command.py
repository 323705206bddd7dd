"""COPY's grammar: what statements say, and PostgreSQL's own word on which are none."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from psycopg import pq

from pgiris.errors import PgError
from pgiris.sql.copy_command import CopyCommand, parse_copy, refuse_server_side
from tests.support.servers import Server

T = ("t",)
COMMANDS = {
    "COPY t FROM STDIN": CopyCommand("from", T),
    "copy t to stdout;": CopyCommand("to", T),
    "COPY t TO STDIN": CopyCommand("to", T),
    "COPY t FROM STDOUT": CopyCommand("from", T),
    '/* a */ COPY s."T x".c (a, "B", c) FROM STDIN -- b': CopyCommand("from", ("s", "T x", "c"), ("a", "B", "c")),
    "COPY t TO '/tmp/x'": CopyCommand("to", T, file="/tmp/x"),
    "COPY t FROM PROGRAM 'cat x' CSV": CopyCommand("from", T, file="cat x", program=True, options=(("format", "csv", 29),)),
    "COPY BINARY t FROM STDIN": CopyCommand("from", T, options=(("format", "binary", 6),)),
    "COPY t FROM STDIN USING DELIMITERS '|' WITH NULL AS ''": CopyCommand(
        "from", T, options=(("delimiter", "|", 25), ("null", "", 45))
    ),
    "COPY t FROM STDIN (FORMAT csv, HEADER, x 5, y 1.50, z (a, 'b', true), s *, select -7)": CopyCommand(
        "from",
        T,
        options=(
            ("format", "csv", 20),
            ("header", None, 32),
            ("x", 5, 40),
            ("y", "1.50", 45),
            ("z", ("a", "b", "true"), 53),
            ("s", (), 71),
            ("select", -7, 76),
        ),
    ),
    "COPY t FROM STDIN CSV HEADER FORCE NOT NULL a, b QUOTE AS 'x' FORCE NULL c ENCODING 'y'": CopyCommand(
        "from",
        T,
        options=(
            ("format", "csv", 19),
            ("header", "true", 23),
            ("force_not_null", ("a", "b"), 30),
            ("quote", "x", 50),
            ("force_null", ("c",), 63),
            ("encoding", "y", 76),
        ),
    ),
    "COPY t TO STDOUT CSV FORCE QUOTE *": CopyCommand("to", T, options=(("format", "csv", 18), ("force_quote", (), 22))),
    "COPY t FROM STDIN WHERE a > 1 AND (b) ;": CopyCommand("from", T, where="a > 1 AND (b)", where_start=24),
    "COPY (SELECT ')', (1) FROM t /* ) */) TO STDOUT (FORMAT binary)": CopyCommand(
        "to", query="SELECT ')', (1) FROM t", query_start=6, options=(("format", "binary", 50),)
    ),
    "COPY ((VALUES (1))) TO STDOUT": CopyCommand("to", query="(VALUES (1))", query_start=6),
    "COPY ( insert into t values (1) returning a ) TO STDOUT CSV": CopyCommand(
        "to", query="insert into t values (1) returning a", query_start=7, options=(("format", "csv", 57),)
    ),
}

WRONG = """
    COPY
    COPY t
    COPY t FROM
    COPY t FROM x
    COPY t AT STDIN
    COPY select FROM STDIN
    COPY t. FROM STDIN
    COPY a.b.c.d FROM STDIN
    COPY t () FROM STDIN
    COPY t (a,) FROM STDIN
    COPY t (a FROM STDIN
    COPY t FROM STDIN (
    COPY t FROM STDIN ()
    COPY t FROM STDIN (FORMAT csv,)
    COPY t FROM STDIN (FORMAT csv) x
    COPY t FROM STDIN (FORCE_NULL ())
    COPY t FROM STDIN (FORCE_NULL (1))
    COPY t FROM STDIN (FORCE_NULL (select))
    COPY t FROM STDIN (NULL select)
    COPY t FROM STDIN (NULL null)
    COPY t FROM STDIN (NULL - )
    COPY t FROM STDIN FORCE
    COPY t FROM STDIN FORCE QUOTE
    COPY t FROM STDIN FORCE NOT a
    COPY t FROM STDIN NULL AS
    COPY t FROM STDIN DELIMITER x
    COPY t FROM STDIN USING DELIMITER ','
    COPY t FROM STDIN WHERE
    COPY t TO STDOUT WHERE a = 1
    COPY t TO STDOUT (FORMAT csv) WHERE a = 1
    COPY t FROM PROGRAM STDIN
    COPY (SELECT 1) TO PROGRAM STDOUT
    COPY (SELECT 1) FROM STDIN
    COPY (SELECT 1)) TO STDOUT
    COPY (SELECT 1) (a) TO STDOUT
    COPY (SELECT 1
    COPY (foo) TO STDOUT
    COPY () TO STDOUT
    COPY (COPY t TO STDOUT) TO STDOUT
"""


@pytest.fixture(scope="module")
def connection(postgres: Server) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    with psycopg.connect(postgres.dsn(), autocommit=True) as made:
        made.execute("CREATE TEMPORARY TABLE t (a int)")
        yield made


@pytest.mark.parametrize("text", COMMANDS)
def test_a_statement_says_all_that_is_to_be_done(text: str) -> None:
    assert parse_copy(text) == COMMANDS[text]


@pytest.mark.parametrize("text", [line.strip() for line in WRONG.strip().splitlines()])
def test_what_is_no_copy_to_postgresql_is_none(connection: psycopg.Connection[tuple[object, ...]], text: str) -> None:
    result = connection.pgconn.exec_(text.encode())
    assert result.status == pq.ExecStatus.FATAL_ERROR
    field = pq.DiagnosticField
    codes = (field.SQLSTATE, field.MESSAGE_PRIMARY, field.STATEMENT_POSITION)
    code, message, position = ((result.error_field(code) or b"").decode() for code in codes)
    with pytest.raises(PgError) as raised:
        parse_copy(text)
    assert (raised.value.code, raised.value.message, str(raised.value.position or "")) == (code, message, position)


def test_two_statements_are_not_one() -> None:
    with pytest.raises(PgError, match="cannot insert multiple commands"):
        parse_copy("COPY t FROM STDIN; SELECT 1")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("COPY t FROM 'x'", "must be superuser or have privileges of the pg_read_server_files role to COPY from a file"),
        ("COPY t TO 'x'", "must be superuser or have privileges of the pg_write_server_files role to COPY to a file"),
        (
            "COPY (SELECT 1) TO PROGRAM 'x'",
            "must be superuser or have privileges of the pg_execute_server_program role to COPY to or from an external program",
        ),
    ],
)
def test_files_and_programs_of_the_server_are_refused_as_to_those_without_the_privilege(text: str, message: str) -> None:
    error = refuse_server_side(parse_copy(text))
    assert (error.code, error.message) == ("42501", message)
