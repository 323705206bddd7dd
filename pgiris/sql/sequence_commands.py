"""Sequence commands: CREATE, ALTER and DROP SEQUENCE as values.

In: the words behind CREATE, ALTER, DROP. Out: a command, or None when the statement is about something else. Raises 42601.
PostgreSQL: sql-createsequence, sql-altersequence, sql-dropsequence
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pgiris import sqlstate
from pgiris.errors import PgError, not_supported
from pgiris.sql.copy_command import qualified_name
from pgiris.sql.reader import Reader
from pgiris.types.table import parse_type

Name = tuple[str, ...]
INT8 = range(-(1 << 63), 1 << 63)


@dataclass(frozen=True)
class SequenceOptions:
    """values: of backend/sequence.py's ``altered()``. owner: of OWNED BY, a column's name with its table; () is NONE, and None
    that nothing was said."""

    values: tuple[tuple[str, Any], ...] = ()
    owner: Name | None = None


@dataclass(frozen=True)
class CreateSequence:
    name: Name
    options: SequenceOptions
    absent: bool = False  # IF NOT EXISTS
    tag: str = "CREATE SEQUENCE"


@dataclass(frozen=True)
class AlterSequence:
    """options None: nothing that matters changes. new_name, new_schema: RENAME TO, SET SCHEMA."""

    name: Name
    options: SequenceOptions | None
    exists: bool = False  # IF EXISTS
    new_name: str = ""
    new_schema: str = ""
    tag: str = "ALTER SEQUENCE"


@dataclass(frozen=True)
class DropSequence:
    names: tuple[Name, ...]
    exists: bool = False
    cascade: bool = False
    tag: str = "DROP SEQUENCE"


def create(reader: Reader) -> CreateSequence | None:
    temporary = reader.at("temp", "temporary", "unlogged") and reader.peek().text == "sequence"
    if temporary:
        word = reader.take().text
        if word != "unlogged":
            raise not_supported("temporary sequences are not supported", "A serial column of a temporary table counts by itself.")
    if not reader.accept("sequence"):
        return None
    absent = reader.accept_if("not", "exists")
    name = qualified_name(reader)
    return CreateSequence(name, _options(reader), absent)


def alter(reader: Reader) -> AlterSequence | None:
    if not reader.accept("sequence"):
        return None
    exists = reader.accept_if("exists")
    name = qualified_name(reader)
    if reader.accept("rename"):
        reader.expect("to")
        return AlterSequence(name, None, exists, new_name=reader.name())
    if reader.accept("owner"):
        reader.expect("to")
        reader.take()
        return AlterSequence(name, None, exists)
    if reader.accept("set"):
        if reader.accept("schema"):
            return AlterSequence(name, None, exists, new_schema=reader.name())
        reader.expect("logged", "unlogged")
        return AlterSequence(name, None, exists)
    if reader.at_end():
        raise reader.error()
    return AlterSequence(name, _options(reader), exists)


def drop(reader: Reader) -> DropSequence | None:
    if not reader.accept("sequence"):
        return None
    exists = reader.accept_if("exists")
    names = [qualified_name(reader)]
    while reader.accept_symbol(","):
        names.append(qualified_name(reader))
    return DropSequence(tuple(names), exists, reader.accept("cascade", "restrict") == "cascade")


def read_options(reader: Reader, end: str = "") -> SequenceOptions:
    """Those of an identity column, in parentheses: up to ``end``."""
    return _options(reader, end)


def _options(reader: Reader, end: str = "") -> SequenceOptions:
    found: dict[str, Any] = {}
    owner: Name | None = None
    while not reader.at_end() and not (end and reader.at_symbol(end)):
        start = reader.token.start
        key, value = _option(reader)
        if key in found or (key == "owner" and owner is not None):
            raise PgError(sqlstate.SYNTAX_ERROR, "conflicting or redundant options", position=start + 1)
        if key == "owner":
            owner = value
        elif key:
            found[key] = value
    return SequenceOptions(tuple(found.items()), owner)


def _option(reader: Reader) -> tuple[str, Any]:
    word = reader.expect(
        "as", "cache", "cycle", "no", "increment", "maxvalue", "minvalue", "owned", "start", "restart", "sequence"
    )
    match word:
        case "as":
            return "type", int(parse_type(reader.word_or_string())[0])
        case "cache":
            return "cache", _number(reader)
        case "cycle":
            return "cycle", True
        case "no":
            other = reader.expect("cycle", "maxvalue", "minvalue")
            return ("cycle", False) if other == "cycle" else (_LIMITS[other], None)
        case "increment":
            reader.accept("by")
            return "increment", _number(reader)
        case "owned":
            reader.expect("by")
            return "owner", _owner(reader)
        case "start":
            reader.accept("with")
            return "start", _number(reader)
        case "restart":
            reader.accept("with")
            return "restart", None if not _is_number(reader) else _number(reader)
        case "sequence":
            reader.expect("name")
            raise not_supported("the name of an identity column's sequence cannot be chosen")
    return _LIMITS[word], _number(reader)


_LIMITS = {"maxvalue": "maximum", "minvalue": "minimum"}


def _is_number(reader: Reader) -> bool:
    return reader.at_symbol("+", "-") or reader.token.text[:1].isdigit()


def _number(reader: Reader) -> int:
    text = reader.number()
    try:
        value = int(text)
    except ValueError:
        message = f'invalid input syntax for type bigint: "{text}"'
        raise PgError(sqlstate.INVALID_TEXT_REPRESENTATION, message) from None
    if value not in INT8:
        raise PgError(sqlstate.NUMERIC_VALUE_OUT_OF_RANGE, f'value "{text}" is out of range for type bigint')
    return value


def _owner(reader: Reader) -> Name:
    if reader.at("none") and reader.peek().text != ".":
        reader.take()
        return ()
    name = qualified_name(reader)
    if len(name) < 2:
        raise PgError(sqlstate.SYNTAX_ERROR, "invalid OWNED BY option", hint="Specify OWNED BY table.column or OWNED BY NONE.")
    return name
