"""Routines: CREATE and CALL of IRIS's procedures, which go to IRIS as they are but for the schema's name; PostgreSQL's DROP.

PostgreSQL: sql-call, sql-dropprocedure, sql-dropfunction; iris-reference 4.20
"""

from __future__ import annotations

import re
from dataclasses import replace

from pgiris.sql import verbatim
from pgiris.sql.bare import has_iris_body
from pgiris.sql.copy_command import qualified_name
from pgiris.sql.ddl import ddl, qualified
from pgiris.sql.plan import Plan
from pgiris.sql.reader import Reader
from pgiris.sql.schemanames import iris_schema
from pgiris.sql.scope import first_schema
from pgiris.types.codec import Oid
from pgiris.types.relation import Snapshot

_CREATE = re.compile(r"\s*CREATE\s+(?:OR\s+REPLACE\s+)?(?:STATIC\s+)?(PROCEDURE|PROC|QUERY|FUNCTION|METHOD)\s+", re.IGNORECASE)
_CALL = re.compile(r"\s*CALL\s+", re.IGNORECASE)
_SCHEMA = re.compile(r'("?)([A-Za-z_]\w*)\1(?=\s*\.)')
_DROP = re.compile(r"\s*DROP\s+(?:PROCEDURE|FUNCTION|ROUTINE)\b", re.IGNORECASE)
_TAGS = {"PROC": "PROCEDURE"}


def plan(text: str, declared: tuple[Oid, ...], snapshot: Snapshot, search_path: tuple[str, ...]) -> Plan | None:
    """None for what is not about routines, or not IRIS's. Raises 42601."""
    if _CALL.match(text):
        return verbatim.plan(_with_iris_schema(text, _CALL), declared, snapshot)
    created = _CREATE.match(text)
    if created is not None and has_iris_body(text):
        kind = created[1].upper()
        made = verbatim.plan(_with_iris_schema(text, _CREATE), declared, snapshot)
        return replace(made, tag=f"CREATE {_TAGS.get(kind, kind)}")
    return _dropped(Reader(text, 0), text, declared, snapshot, search_path) if _DROP.match(text) else None


def _with_iris_schema(text: str, before: re.Pattern[str]) -> str:
    start = before.match(text)
    found = None if start is None else _SCHEMA.match(text, start.end())
    if found is None or iris_schema(found[2]) == found[2]:
        return text
    return f"{text[: found.start()]}{iris_schema(found[2])}{text[found.end() :]}"


def _dropped(reader: Reader, text: str, declared: tuple[Oid, ...], snapshot: Snapshot, search_path: tuple[str, ...]) -> Plan:
    """IRIS has one routine of a name, so types of arguments tell nothing."""
    reader.expect("drop")
    kind = reader.expect("procedure", "function", "routine").upper()
    iris_kind = "PROCEDURE" if kind == "ROUTINE" else kind
    exists = "IF EXISTS " if reader.accept_if("exists") else ""
    steps = []
    while True:
        *schemas, word = qualified_name(reader)
        schema = schemas[-1] if schemas else first_schema(search_path)
        steps.append(f"DROP {iris_kind} {exists}{qualified(iris_schema(schema), word)}")
        if reader.at("from"):
            return verbatim.plan(text, declared, snapshot)
        if reader.accept_symbol("("):
            _skip_types(reader)
        if not reader.accept_symbol(","):
            break
    reader.accept("cascade", "restrict")
    reader.finish()
    return ddl(f"DROP {kind}", steps)


def _skip_types(reader: Reader) -> None:
    depth = 1
    while depth:
        if reader.at_end():
            raise reader.error()
        depth += 1 if reader.at_symbol("(") else -1 if reader.at_symbol(")") else 0
        reader.take()
