"""Registry of the Python functions that catalog queries call in DuckDB.

Each takes the Facts first. NULL arguments give NULL without a call.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple


class Lookup(NamedTuple):
    """arguments, result: DuckDB types."""

    name: str
    arguments: tuple[str, ...]
    result: str
    function: Callable[..., Any]


LOOKUPS: list[Lookup] = []
_TYPES = {
    "oid": "UINTEGER",
    "text": "VARCHAR",
    "int": "INTEGER",
    "big": "BIGINT",
    "bool": "BOOLEAN",
    "float": "DOUBLE",
    "texts": "VARCHAR[]",
    "rows": "VARCHAR[][]",
}


def add(signature: str, function: Callable[..., Any]) -> None:
    """signature: ``name(argument, ...) result`` with the words of _TYPES."""
    head, _, result = signature.rpartition(") ")
    name, _, arguments = head.partition("(")
    types = tuple(_TYPES[word.strip()] for word in arguments.split(",") if word.strip())
    LOOKUPS.append(Lookup(f"pgf_{name}", types, _TYPES[result], function))


def lookup(*signatures: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        for signature in signatures:
            add(signature, function)
        return function

    return register
