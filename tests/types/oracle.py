"""A real PostgreSQL asked about types: what it makes of a text, in both formats, or why it refuses it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import psycopg
from psycopg import pq

TEXT, BINARY = 0, 1


@dataclass(frozen=True)
class Refusal:
    code: str
    message: str
    hint: str | None = None


class Oracle:
    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection.pgconn

    def set(self, **settings: str | int) -> None:
        for name, value in settings.items():
            self._run(f"SELECT set_config('{name}', $1, false)", [str(value).encode()], TEXT)

    def show(self, type_name: str, texts: Sequence[str], result_format: int) -> list[bytes | Refusal]:
        """What PostgreSQL sends for each text read as type_name."""
        return [self.show_one(type_name, text, result_format) for text in texts]

    def show_one(self, type_name: str, text: str, result_format: int) -> bytes | Refusal:
        result = self._run(f"SELECT $1::text::{type_name}", [text.encode()], result_format)
        return result if isinstance(result, Refusal) else result[0] or b""

    def show_both(self, type_name: str, text: str) -> tuple[bytes | Refusal, bytes | Refusal]:
        return self.show_one(type_name, text, TEXT), self.show_one(type_name, text, BINARY)

    def read_parameter(self, oid: int, raw: bytes, parameter_format: int) -> bytes | Refusal:
        """What a parameter comes to, in text."""
        return self._first(self._connection.exec_params(b"SELECT $1", [raw], [oid], [parameter_format], TEXT))

    def type_of(self, type_name: str) -> tuple[int, int] | Refusal:
        """(oid, typmod) of a cast to type_name."""
        result = self._connection.exec_params(f"SELECT NULL::{type_name}".encode(), [])
        if result.status != pq.ExecStatus.TUPLES_OK:
            return _refusal(result)
        return result.ftype(0), result.fmod(0)

    def column(self, query: str) -> list[bytes | None]:
        result = self._connection.exec_params(query.encode(), [])
        assert result.status == pq.ExecStatus.TUPLES_OK, result.error_message
        return [result.get_value(row, 0) for row in range(result.ntuples)]

    def run(self, query: str, value: str) -> bytes | Refusal:
        """The one value of a query with one parameter, in text."""
        result = self._run(query, [value.encode()], TEXT)
        return result if isinstance(result, Refusal) else result[0] or b""

    def _run(self, query: str, values: list[bytes], result_format: int) -> list[bytes | None] | Refusal:
        result = self._connection.exec_params(query.encode(), values, [25] * len(values), None, result_format)
        if result.status != pq.ExecStatus.TUPLES_OK:
            return _refusal(result)
        return [result.get_value(0, 0)]

    def _first(self, result: pq.abc.PGresult) -> bytes | Refusal:
        if result.status != pq.ExecStatus.TUPLES_OK:
            return _refusal(result)
        return result.get_value(0, 0) or b""


def _refusal(result: pq.abc.PGresult) -> Refusal:
    def field(name: pq.DiagnosticField) -> str | None:
        raw = result.error_field(name)
        return raw.decode() if raw is not None else None

    return Refusal(
        field(pq.DiagnosticField.SQLSTATE) or "",
        field(pq.DiagnosticField.MESSAGE_PRIMARY) or "",
        field(pq.DiagnosticField.MESSAGE_HINT),
    )
