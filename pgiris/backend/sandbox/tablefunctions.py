"""Table-valued functions and LATERAL subqueries, as virtual tables of SQLite. iris-reference 4.11, 4.22

- ``iris_json_rows(json, path)``: one row for each value that a path finds in a document.
- ``iris_lateral(sql, arguments)``: the rows of a query, run anew for each row of the tables before it. arguments: the values of
  its parameters, packed by iris_pack().
"""

from __future__ import annotations

import json
import marshal
from collections.abc import Iterator
from typing import Any

import apsw
import apsw.ext

from pgiris.backend.sandbox.jsonpaths import found
from pgiris.backend.sqlcode import pg_error

MAX_LATERAL_COLUMNS = 100


def _document(text: Any) -> Any:
    try:
        return json.loads(text)
    except (TypeError, ValueError):
        raise pg_error(-400, "Fatal error occurred: Parsing error: invalid JSON", state="22032") from None


def json_rows(document: Any = None, path: Any = None) -> Iterator[tuple[str, int]]:
    """An array that a path ends at gives a row for each of its items."""
    if document is None:
        return
    number = 0
    for value in found(_document(document), path):
        for item in value if isinstance(value, list) else [value]:
            number += 1
            yield json.dumps(item, ensure_ascii=False), number


json_rows.columns = ("value", "number")  # type: ignore[attr-defined]
json_rows.column_access = apsw.ext.VTColumnAccess.By_Index  # type: ignore[attr-defined]


def json_value(*arguments: Any) -> str | None:
    """(document, path): the value at a path as text; objects and arrays as JSON; NULL when there is none."""
    document, path = arguments
    if document is None:
        return None
    values = found(json.loads(document), path)
    if not values or values[0] is None:
        return None
    value = values[0]
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(int(value))
    return json.dumps(value, ensure_ascii=False)


def pack(*arguments: Any) -> bytes:
    return marshal.dumps(arguments)


def register(db: apsw.Connection) -> None:
    def lateral(sql: Any = None, arguments: Any = None) -> Iterator[tuple[Any, ...]]:
        if sql is None:
            return
        for row in db.execute(sql, marshal.loads(arguments)):
            yield (*row, *(None,) * (MAX_LATERAL_COLUMNS - len(row)))

    lateral.columns = tuple(f"k{number}" for number in range(1, MAX_LATERAL_COLUMNS + 1))  # type: ignore[attr-defined]
    lateral.column_access = apsw.ext.VTColumnAccess.By_Index  # type: ignore[attr-defined]
    apsw.ext.make_virtual_module(db, "iris_lateral", lateral, eponymous_only=True)  # type: ignore[arg-type]
    apsw.ext.make_virtual_module(db, "iris_json_rows", json_rows, eponymous_only=True)  # type: ignore[arg-type]
    db.create_scalar_function("iris_pack", pack, deterministic=True)
    db.create_scalar_function("iris_json_value", json_value, deterministic=True)
