"""Streams of COPY, as tests read and write them."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence

import psycopg
from psycopg import pq

from pgiris.copy import Row, read_options, reader, writer
from pgiris.errors import PgError
from pgiris.sql.copy_command import CopyCommand, parse_copy
from tests.support.servers import Server

COLUMNS = ("a", "b")
PIECES = (1, 2, 3, 7, 1 << 20)  # bytes
Outcome = list[Row] | tuple[str, str, str, str]  # rows, or SQLSTATE, message, hint, context


def pieces_of(data: bytes, size: int) -> Iterator[bytes]:
    yield from (data[start : start + size] for start in range(0, len(data), size))


def payloads(stream: bytes) -> list[bytes]:
    """The bodies of CopyData messages."""
    found = []
    at = 0
    while at < len(stream):
        tag, length = struct.unpack_from("!ci", stream, at)
        assert tag == b"d"
        found.append(stream[at + 5 : at + 1 + length])
        assert len(found[-1]) == length - 4
        at += 1 + length
    return found


def read(command: CopyCommand, data: bytes, size: int = 1 << 20, encoding: str = "UTF8") -> tuple[list[Row], list[int]]:
    """All rows and their lines. Raises PgError."""
    options = read_options(command.options, from_client=True)
    source = reader(options, command.columns or COLUMNS, "x", encoding)
    rows: list[Row] = []
    lines: list[int] = []
    for piece in pieces_of(data, size):
        given = source.feed(piece)
        assert len(given) == len(source.lines)
        rows += given
        lines += source.lines
    rows += source.finish()
    lines += source.lines
    return rows, lines


def write(text: str, rows: Sequence[Sequence[bytes | None]], encoding: str = "UTF8", columns: Sequence[str] = COLUMNS) -> bytes:
    """The CopyData messages of a COPY TO."""
    target = writer(read_options(parse_copy(text).options, from_client=False), columns, encoding)
    middle = len(rows) // 2
    return target.start() + target.rows(rows[:middle]) + target.rows(rows[middle:]) + target.end()


def outcome(text: str, data: bytes, size: int = 1 << 20, encoding: str = "UTF8") -> Outcome:
    try:
        return read(parse_copy(text), data, size, encoding)[0]
    except PgError as error:
        return error.code, error.message, error.hint or "", error.where or ""


class Oracle:
    """COPY by PostgreSQL itself, into and out of ``x (a text, b text)``."""

    def __init__(self, server: Server) -> None:
        self._connection = psycopg.connect(server.dsn(client_encoding="UTF8"), autocommit=True)
        self._connection.execute("CREATE TEMPORARY TABLE x (a text, b text)")

    def close(self) -> None:
        self._connection.close()

    def use_encoding(self, encoding: str) -> None:
        self._connection.execute(f"SET client_encoding TO {encoding}")

    def outcome(self, text: str, data: bytes) -> Outcome:
        """What becomes of the data that a COPY FROM STDIN is given."""
        self._connection.execute("TRUNCATE x")
        result = self._copy_in(text, data)
        if result.status == pq.ExecStatus.FATAL_ERROR:
            field = pq.DiagnosticField
            codes = (field.SQLSTATE, field.MESSAGE_PRIMARY, field.MESSAGE_HINT, field.CONTEXT)
            code, message, hint, context = ((result.error_field(code) or b"").decode() for code in codes)
            return code, message, hint, context
        rows = self._connection.execute("SELECT a, b FROM x").fetchall()
        return [[None if cell is None else cell.encode() for cell in row] for row in rows]

    def error(self, text: str) -> tuple[str, str, int | None] | None:
        """SQLSTATE, message and position of the refusal of a statement."""
        result = self._copy_in(text, b"\\.\n")
        while self._connection.pgconn.transaction_status == pq.TransactionStatus.ACTIVE:
            self._connection.pgconn.get_result()
        if result.status != pq.ExecStatus.FATAL_ERROR:
            return None
        field = pq.DiagnosticField
        code, message, position = (
            (result.error_field(code) or b"").decode()
            for code in (field.SQLSTATE, field.MESSAGE_PRIMARY, field.STATEMENT_POSITION)
        )
        return code, message, int(position) if position else None

    def sent(self, text: str, rows: Sequence[Sequence[bytes | None]]) -> list[bytes]:
        """The payloads of the messages that a COPY TO STDOUT sends for these rows."""
        self._connection.execute("TRUNCATE x")
        with self._connection.cursor() as cursor:
            texts = [[None if cell is None else cell.decode() for cell in row] for row in rows]
            cursor.executemany("INSERT INTO x VALUES (%s, %s)", texts)
            with cursor.copy(text) as stream:
                return [bytes(piece) for piece in stream]

    def _copy_in(self, text: str, data: bytes) -> pq.abc.PGresult:
        connection = self._connection.pgconn
        result = connection.exec_(text.encode())
        if result.status == pq.ExecStatus.COPY_IN:
            connection.put_copy_data(data)
            connection.put_copy_end()
            found = connection.get_result()
            assert found is not None
            result = found
            while connection.get_result() is not None:
                pass
        elif result.status == pq.ExecStatus.COPY_OUT:
            while connection.get_copy_data(0)[0] > 0:
                pass
        return result
